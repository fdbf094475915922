"""Printed lines from a PDF through pdfminer.six: the reference and fallback engine, some forty times slower."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pipeline.extract.layout import join_near_pieces
from pipeline.extract.raw import RawPage, broken, encrypted, face
from pipeline.records import Line, Span

#: Pieces of a justified line are up to two characters apart; `layout` joins what this leaves apart, so the
#: margin can stay too small to bridge the gutter between columns.
_CHAR_MARGIN = 2.0
#: A blank that pdfminer made up from a gap smaller than this share of the font size is false, as in `pdfium`.
_FALSE_BLANK = 0.16


def version() -> str:
    """Name and version of the engine, as the column `extractor` gives it."""
    from importlib.metadata import version as installed

    return f"pdfminer.six {installed('pdfminer.six')}"


def read_pages(data: bytes, document: str, password: str | None = None) -> list[RawPage]:
    """Every page's printed lines. Raises `InputError` with `encrypted_pdf` or `broken_pdf`."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.layout import LAParams
    from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser

    try:
        source = PDFDocument(PDFParser(io.BytesIO(data)), password=password or "")
        resources = PDFResourceManager()
        device = PDFPageAggregator(resources, laparams=LAParams(char_margin=_CHAR_MARGIN, boxes_flow=None))
        interpreter = PDFPageInterpreter(resources, device)
        pages: list[RawPage] = []
        for page in PDFPage.create_pages(source):
            interpreter.process_page(page)
            pages.append(_raw_page(device.get_result(), page, len(pages) + 1))
    except PDFPasswordIncorrect:
        raise encrypted(document) from None
    except Exception as error:  # damaged files make pdfminer raise nearly anything
        if type(error).__name__ in ("PDFEncryptionError", "PDFTextExtractionNotAllowed"):
            raise encrypted(document) from None
        raise broken(document) from None
    if not pages:
        raise broken(document)
    return pages


def _raw_page(layout: Any, page: Any, number: int) -> RawPage:
    # pdfminer puts the MediaBox's lower left corner at 0, 0 and turns the page; the CropBox it leaves alone.
    media, crop = page.mediabox, page.cropbox
    x0, y0 = crop[0] - media[0], crop[1] - media[1]
    x1, y1 = crop[2] - media[0], crop[3] - media[1]
    if page.rotate % 360 == 90:
        x0, y0, x1, y1 = y0, media[2] - media[0] - x1, y1, media[2] - media[0] - x0
    elif page.rotate % 360 == 180:
        w, h = media[2] - media[0], media[3] - media[1]
        x0, y0, x1, y1 = w - x1, h - y1, w - x0, h - y0
    elif page.rotate % 360 == 270:
        x0, y0, x1, y1 = media[3] - media[1] - y1, x0, media[3] - media[1] - y0, x1
    lines = [line for text_line in _text_lines(layout) if (line := _line(text_line, (x0, y0, x1, y1)))]
    return RawPage(number, x1 - x0, y1 - y0, join_near_pieces(lines))


def _text_lines(item: Any) -> Iterator[Any]:
    from pdfminer.layout import LTTextLine

    if isinstance(item, LTTextLine):
        yield item
    elif hasattr(item, "__iter__"):
        for child in item:
            yield from _text_lines(child)


def _line(text_line: Any, box: tuple[float, float, float, float]) -> Line | None:
    from pdfminer.layout import LTChar

    left, bottom, right, top = box
    text: list[str] = []
    faces: list[tuple[bool, bool]] = []
    edges: list[float] = []
    size = y_low = y_high = 0.0
    made_up = False
    for character in text_line:
        glyph = character.get_text()
        if not isinstance(character, LTChar):
            made_up = made_up or glyph == " "
            continue
        middle = (character.x0 + character.x1) / 2
        if middle < left or middle > right or character.y1 < bottom or character.y0 > top:
            continue
        if glyph.isspace() and (not text or text[-1] == " "):
            made_up = False
            continue
        if made_up and text and text[-1] != " " and character.x0 - edges[-1] >= _FALSE_BLANK * size:
            text.append(" ")
            faces.append(faces[-1])
        made_up = False
        glyph = " " if glyph.isspace() else glyph
        look = face(character.fontname)
        text.extend(glyph)
        faces.extend([look] * len(glyph))
        if glyph != " ":
            if not edges:
                size, y_low, y_high = round(character.size, 2), character.y0, character.y1
            edges += [character.x0, character.x1]
    while text and text[-1] == " ":
        text.pop()
        faces.pop()
    if not edges or not text:
        return None
    bold, italic = _spans(text, [f[0] for f in faces]), _spans(text, [f[1] for f in faces])
    return Line(
        "".join(text), min(edges) - left, top - y_high, max(edges) - left, top - y_low, size, bold, italic
    )


def _spans(text: list[str], flags: list[bool]) -> tuple[Span, ...]:
    """Runs of flagged characters; blanks belong to the run around them."""
    spans: list[list[int]] = []
    for index, flag in enumerate(flags):
        if not flag or text[index] == " ":
            continue
        if spans and (spans[-1][1] == index or text[spans[-1][1] : index] == [" "] * (index - spans[-1][1])):
            spans[-1][1] = index + 1
        else:
            spans.append([index, index + 1])
    return tuple(Span(*span) for span in spans)
