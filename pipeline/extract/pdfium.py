"""Printed lines from a PDF through PDFium (pypdfium2): the main path, chosen for speed.

The page's text comes in one call; boxes and fonts are asked for only where a line begins and ends, and
where a line is set in more than one text object, at the beginning of each word. A call per character
would cost more than the extraction itself.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from pipeline.extract.raw import RawPage, broken, encrypted, face
from pipeline.records import Line, Span

#: PDFium sets U+FFFE (or 0x02) for a hyphen at the end of a line and leaves out the line break after it.
_BREAK = re.compile("\r\n|\n|\r|\ufffe|\x02")
_WORD = re.compile(r"[^ \t\xa0]+")
#: FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY of fpdfview.h.
_LOCKED = (4, 5)
#: A blank that PDFium made up between two text objects is false when the gap is under this share of the
#: font size. A/79/PV.29 has 0.10 to 0.14 em inside words; a thin justified blank is 0.18 em and more.
_FALSE_BLANK = 0.16
#: A made-up blank wider than this may be the gutter between two columns (1.2 em in S/PV.8422).
_COLUMN_GAP = 0.9


def version() -> str:
    """Name and version of the engine, as the column `extractor` gives it."""
    from pypdfium2.version import PYPDFIUM_INFO

    return f"pypdfium2 {PYPDFIUM_INFO.tag}" if hasattr(PYPDFIUM_INFO, "tag") else f"pypdfium2 {PYPDFIUM_INFO}"


def _functions() -> dict[str, Callable[..., Any]]:
    """PDFium's functions with plain integer handles: half the cost of a call through typed pointers."""
    import pypdfium2.raw as raw

    def bind(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
        address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
        assert address is not None
        prototype = ctypes.PYFUNCTYPE(result, *arguments)
        return prototype(address)

    handle, number = ctypes.c_void_p, ctypes.c_int
    return {
        "object": bind("FPDFText_GetTextObject", handle, handle, number),
        "font": bind("FPDFTextObj_GetFont", handle, handle),
        "font_name": bind("FPDFFont_GetBaseFontName", ctypes.c_size_t, handle, handle, ctypes.c_size_t),
        "font_weight": bind("FPDFFont_GetWeight", number, handle),
        "font_flags": bind("FPDFFont_GetFlags", number, handle),
        "loose_box": bind("FPDFText_GetLooseCharBox", number, handle, number, handle),
        "font_size": bind("FPDFText_GetFontSize", ctypes.c_double, handle, number),
        "matrix": bind("FPDFText_GetMatrix", number, handle, number, handle),
        "origin": bind("FPDFText_GetCharOrigin", number, handle, number, handle, handle),
        "generated": bind("FPDFText_IsGenerated", number, handle, number),
        "char_index": bind("FPDFText_GetCharIndexFromTextIndex", number, handle, number),
        "count": bind("FPDFText_CountChars", number, handle),
        "text": bind("FPDFText_GetText", number, handle, number, number, handle),
    }


_cache: dict[str, Callable[..., Any]] = {}


def read_pages(data: bytes, document: str, password: str | None = None) -> list[RawPage]:
    """Every page's printed lines in content order.

    Raises `InputError` with `encrypted_pdf` or `broken_pdf`.
    """
    import pypdfium2

    if not _cache:
        _cache.update(_functions())
    try:
        pdf = pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in _LOCKED or "assword" in str(error):
            raise encrypted(document) from None
        raise broken(document) from None
    try:
        if len(pdf) == 0:
            raise broken(document)
        pages = []
        for index in range(len(pdf)):
            try:
                page = pdf[index]
            except pypdfium2.PdfiumError:
                # A damaged page among good ones: an empty page, which the quality check reports.
                pages.append(RawPage(index + 1, 0.0, 0.0, []))
                continue
            pages.append(_read_page(page, index + 1))
            page.close()
        return pages
    finally:
        pdf.close()


def _read_page(page: Any, number: int) -> RawPage:
    left, bottom, right, top = page.get_bbox()
    rotation = page.get_rotation()
    text_page = page.get_textpage()
    handle = ctypes.cast(text_page.raw, ctypes.c_void_p).value or 0
    try:
        lines = _read_lines(handle, (left, bottom, right, top), rotation)
    finally:
        text_page.close()
    width, height = right - left, top - bottom
    if rotation in (90, 270):
        width, height = height, width
    return RawPage(number, width, height, lines)


def _page_text(handle: int) -> tuple[str, int]:
    count = _cache["count"](handle)
    if count <= 0:
        return "", 0
    buffer = ctypes.create_string_buffer(2 * (count + 1))
    written = _cache["text"](handle, 0, count, ctypes.addressof(buffer))
    return buffer.raw[: 2 * max(written - 1, 0)].decode("utf-16-le", "replace"), count


def _read_lines(handle: int, box: tuple[float, float, float, float], rotation: int) -> list[Line]:
    text, count = _page_text(handle)
    if not text:
        return []
    left, bottom, right, top = box
    get_object, get_box, get_size, get_matrix = (
        _cache["object"], _cache["loose_box"], _cache["font_size"], _cache["matrix"]
    )  # fmt: skip
    rect = (ctypes.c_float * 4)()  # left, top, right, bottom
    rect_at = ctypes.addressof(rect)
    matrix = (ctypes.c_float * 6)()
    matrix_at = ctypes.addressof(matrix)
    origin = (ctypes.c_double * 2)()
    # Text and character indices differ where a character has no Unicode value or needs two UTF-16 units.
    exact = len(text) == count
    utf16 = not exact and any(ord(c) > 0xFFFF for c in text)
    to_char = _cache["char_index"]

    def char_at(offset: int) -> int:
        if exact:
            return offset
        units = offset + sum(ord(c) > 0xFFFF for c in text[:offset]) if utf16 else offset
        return int(to_char(handle, units))

    faces: dict[int, tuple[bool, bool]] = {}
    object_faces: dict[int, tuple[bool, bool]] = {}
    sizes: dict[int, float] = {}

    def face_of(text_object: int) -> tuple[bool, bool]:
        known = object_faces.get(text_object)
        if known is None:
            font = _cache["font"](text_object)
            known = faces.get(font)
            if known is None:
                known = faces[font] = _font_face(font) if font else (False, False)
            object_faces[text_object] = known
        return known

    lines: list[Line] = []
    start = 0
    ends = [(m.start(), m.end()) for m in _BREAK.finditer(text)]
    ends.append((len(text), len(text)))
    for end, following in ends:
        hyphen = end < len(text) and text[end] in "\ufffe\x02"
        printed = text[start:end]
        stripped = printed.strip(" \t\xa0")
        if not stripped:
            start = following
            continue
        first = start + len(printed) - len(printed.lstrip(" \t\xa0"))
        last = first + len(stripped) - 1
        first_char, last_char = (first, last) if exact else (char_at(first), char_at(last))
        start = following
        if not get_box(handle, first_char, rect_at):
            continue
        x0, y1, _, y0 = rect
        if last_char != first_char:
            get_box(handle, last_char, rect_at)
        x1 = rect[2]
        if rotation == 0:
            if x1 < left or x0 > right or y0 > top or y1 < bottom:
                continue  # outside the visible page: strips of the facing page in scans
            if x0 < left - 1 or x1 > right + 1:
                inside = _visible_part(handle, first_char, last_char, left, right, rect, rect_at)
                if inside is None:
                    continue
                cut_first, cut_last, x0, x1 = inside
                stripped = stripped[cut_first - first_char : cut_last - first_char + 1]
                first, first_char, last_char = first + cut_first - first_char, cut_first, cut_last
                if not stripped.strip():
                    continue
            place = (x0 - left, top - y1, x1 - left, top - y0)
        else:
            place = _rotated((x0, y0, x1, y1), box, rotation)
        opening, closing = get_object(handle, first_char), get_object(handle, last_char)
        size = sizes.get(opening or 0)
        if size is None:
            get_matrix(handle, first_char, matrix_at)
            scale = (matrix[2] * matrix[2] + matrix[3] * matrix[3]) ** 0.5
            size = sizes[opening or 0] = round(get_size(handle, first_char) * (scale or 1.0), 2)
        bold: tuple[Span, ...] = ()
        italic: tuple[Span, ...] = ()
        if opening and opening == closing:
            is_bold, is_italic = face_of(opening)
            if "\xa0" in stripped or "  " in stripped or "\t" in stripped:
                stripped = " ".join(stripped.split())
            if hyphen:
                stripped += "-"
            if is_bold or is_italic:
                whole = (Span(0, len(stripped)),)
                bold, italic = (whole if is_bold else ()), (whole if is_italic else ())
        else:
            for piece in _pieces(handle, stripped, first_char, closing, size, face_of, rect, rect_at, origin):
                if piece.start is not None and rotation == 0:
                    place = (piece.start - left, place[1], x1 - left, place[3])
                if piece.end is not None and rotation == 0:
                    lines.append(
                        Line(
                            piece.text,
                            place[0],
                            place[1],
                            piece.end - left,
                            place[3],
                            size,
                            piece.bold,
                            piece.italic,
                        )
                    )
                    continue
                stripped, bold, italic = piece.text, piece.bold, piece.italic
            if hyphen:
                stripped += "-"
        lines.append(Line(stripped, *place, size, bold, italic))
    return lines


class _Piece(NamedTuple):
    """Part of a line between wide gaps; `start` and `end` are its edges where a gap was found there."""

    text: str
    start: float | None
    end: float | None
    bold: tuple[Span, ...]
    italic: tuple[Span, ...]


def _pieces(
    handle: int,
    text: str,
    first_char: int,
    closing: int | None,
    size: float,
    face_of: Callable[[int], tuple[bool, bool]],
    rect: Any,
    rect_at: int,
    origin: Any,
) -> Iterator[_Piece]:
    """A line of several text objects, the last of them `closing`: without false blanks, cut where a gap may be a gutter between columns.

    PDFium makes one line of all that stands on one baseline, both columns of a page included, where the
    file draws them in that order. Bold and italic spans are exact to the word.
    """
    get_object, get_box, generated, get_origin = (
        _cache["object"], _cache["loose_box"], _cache["generated"], _cache["origin"]
    )  # fmt: skip
    parts: list[str] = []
    at = 0
    start: float | None = None
    bold: list[list[int]] = []
    italic: list[list[int]] = []
    previous, last_char = None, 0
    for match in _WORD.finditer(text):
        word, begin = match.group(), match.start()
        char = first_char + begin
        text_object = get_object(handle, char)
        if parts:
            gap = None
            if (
                text_object != previous
                and text[begin - 1] == " "
                # The last word's end may stand in another object than its beginning.
                and text_object != get_object(handle, last_char)
                and generated(handle, char - 1)
            ):
                # From the origin, not the box: an italic f reaches over the blank before it.
                origin_at = ctypes.addressof(origin)
                get_origin(handle, char, origin_at, origin_at + 8)
                get_box(handle, char - 2, rect_at)
                gap = origin[0] - rect[2]
            if gap is not None and gap > _COLUMN_GAP * size:
                yield _Piece("".join(parts), start, rect[2], _as_spans(bold), _as_spans(italic))
                parts, at, start, bold, italic = [], 0, origin[0], [], []
            elif gap is None or not -0.5 * size < gap < _FALSE_BLANK * size:
                parts.append(" ")
                at += 1
        rest = text_object == closing and bool(closing)
        if rest:
            # Objects do not mix: from here to the end of the line all is one.
            word = " ".join(_WORD.findall(text, begin))
        parts.append(word)
        faces = face_of(text_object) if text_object else (False, False)
        skip = 0
        if not rest and len(word) > 1 and word[0] in "([“":
            # "(spoke in French)": the bracket is upright, the word is not.
            inner = get_object(handle, char + 1)
            if inner and inner != text_object:
                faces, skip = face_of(inner), 1
        for flag, spans in zip(faces, (bold, italic), strict=True) if True in faces else ():
            if flag:
                if spans and spans[-1][1] >= at - 1:
                    spans[-1][1] = at + len(word)
                else:
                    spans.append([at + skip, at + len(word)])
        at += len(word)
        if rest:
            break
        previous, last_char = text_object, char + len(word) - 1
    yield _Piece("".join(parts), start, None, _as_spans(bold), _as_spans(italic))


def _as_spans(pairs: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(*pair) for pair in pairs) if pairs else ()


def _visible_part(
    handle: int, first: int, last: int, left: float, right: float, rect: Any, rect_at: int
) -> tuple[int, int, float, float] | None:
    """The characters of a line that lie inside the visible page: first and last index, left and right edge."""
    get_box = _cache["loose_box"]
    inside = []
    for char in range(first, last + 1):
        get_box(handle, char, rect_at)
        if rect[2] > rect[0] and (rect[0] + rect[2]) / 2 >= left and (rect[0] + rect[2]) / 2 <= right:
            inside.append((char, rect[0], rect[2]))
    if not inside:
        return None
    return inside[0][0], inside[-1][0], inside[0][1], inside[-1][2]


def _rotated(
    place: tuple[float, float, float, float], box: tuple[float, float, float, float], rotation: int
) -> tuple[float, float, float, float]:
    """A box (left, bottom, right, top in page space) as seen on a page turned clockwise by `rotation`."""
    x0, y0, x1, y1 = (
        min(place[0], place[2]),
        min(place[1], place[3]),
        max(place[0], place[2]),
        max(place[1], place[3]),
    )
    left, bottom, right, top = box
    if rotation == 90:
        return y0 - bottom, x0 - left, y1 - bottom, x1 - left
    if rotation == 180:
        return right - x1, y0 - bottom, right - x0, y1 - bottom
    return top - y1, right - x1, top - y0, right - x0


def _font_face(font: int) -> tuple[bool, bool]:
    length = _cache["font_name"](font, None, 0)
    buffer = ctypes.create_string_buffer(max(length, 1))
    _cache["font_name"](font, ctypes.addressof(buffer), length)
    name = buffer.value.decode("utf-8", "replace")
    return face(name, _cache["font_weight"](font), _cache["font_flags"](font))
