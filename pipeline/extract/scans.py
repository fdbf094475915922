"""PDF pages -> pages with a quality score; those without usable text are recognised from their picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipeline.extract.limits import Limits
from pipeline.extract.problems import problem, refuse
from pipeline.extract.quality import BAR, text_quality
from pipeline.records import Line, Page, Problem, Transcript

#: A page with fewer letters than this may be a picture with a page number ("Page 3 of 8") or a stamp over it.
_SPARSE = 60

#: Pictures over this share of the page, or so many drawn shapes (letters drawn as outlines), look like a page of text.
_PICTURE_SHARE = 0.25
_MANY_SHAPES = 150


def read_pdf_pages(
    data: bytes, document: str, sha256: str, *, engine: str, ocr: bool, limits: Limits
) -> Transcript:
    """The PDF as a transcript whose pages all have usable text or none. Raises `InputError`."""
    from pipeline.extract.pdf import read_pdf

    transcript = read_pdf(data, document, sha256, engine=engine)
    if len(transcript.pages) > limits.max_pages:
        raise refuse("too_many_pages", document, pages=len(transcript.pages), limit=limits.max_pages)
    return mend_pages(transcript, data, ocr=ocr, limits=limits)


def mend_pages(transcript: Transcript, data: bytes, *, ocr: bool, limits: Limits) -> Transcript:
    """Score every page, send the poor ones to OCR, leave out what stays unreadable."""
    transcript = replace(transcript, pages=tuple(map(_with_bullets, transcript.pages)))
    texts = ["\n".join(line.text for line in page.lines) for page in transcript.pages]
    scores = [text_quality(text) for text in texts]
    bare: set[int] = set()  # pages that look drawn and stay without their text
    doubtful = [
        i
        for i, (text, score) in enumerate(zip(texts, scores, strict=True))
        # The head of a full page tells; counting all its letters costs as much as scoring it.
        if score < BAR or (_letters(text[: 4 * _SPARSE]) < _SPARSE and _letters(text) < _SPARSE)
    ]
    pages = [replace(page, quality=score) for page, score in zip(transcript.pages, scores, strict=True)]
    problems = list(transcript.problems)
    recognised = 0
    why = ""
    name = ""
    if doubtful:
        with _Pictures(data) as pictures:
            wanted = [
                i for i in doubtful if (scores[i] < BAR and texts[i].strip()) or pictures.looks_drawn(i)
            ]
            doubtful_empty = set(doubtful) - set(wanted)
            reader, name, why = _reader(pictures, ocr)
            if reader and len(wanted) > limits.max_ocr_pages:
                problems.append(
                    problem(
                        "too_many_ocr_pages", transcript.document, fatal=False, limit=limits.max_ocr_pages
                    )
                )
            for count, i in enumerate(wanted):
                lines = reader(i) if reader and count < limits.max_ocr_pages else ()
                pages[i], by_ocr = _better(pages[i], texts[i], lines, problems, transcript.document)
                recognised += by_ocr
                if not by_ocr:
                    bare.add(i)
            for i in doubtful_empty:
                if scores[i] < BAR:  # an empty page is no fault
                    pages[i] = replace(pages[i], lines=(), quality=1.0)
    _refuse_if_empty(transcript.document, pages, texts, bare, why, bool(name))
    if recognised:
        problems.append(
            problem(
                "pages_by_ocr",
                transcript.document,
                fatal=False,
                count=recognised,
                pages=len(pages),
                engine=name,
            )
        )
    sizes = [sum(len(line.text) for line in page.lines) for page in pages]
    overall = sum(page.quality * size for page, size in zip(pages, sizes, strict=True)) / max(1, sum(sizes))
    extractor = f"{transcript.extractor} + {name}" if recognised else transcript.extractor
    return replace(
        transcript,
        pages=tuple(pages),
        quality=round(overall, 3),
        problems=tuple(problems),
        extractor=extractor,
    )


#: Bullets of the fonts Symbol and Wingdings, which say no character: U+F0B7 and others.
_FONT_BULLET = re.compile("[\uf02d\uf06c\uf06e\uf075\uf076\uf0a7\uf0a8\uf0b7\uf0d8\uf0fc](?=\\s|$)")


def _with_bullets(page: Page) -> Page:
    if not any(
        "\uf02d" <= char <= "\uf0fc" for line in page.lines if not line.text.isascii() for char in line.text
    ):
        return page
    return replace(
        page, lines=tuple(line._replace(text=_FONT_BULLET.sub("•", line.text)) for line in page.lines)
    )


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _better(
    page: Page, text: str, lines: tuple[Line, ...], problems: list[Problem], document: str
) -> tuple[Page, bool]:
    """The page with the recognised lines where they say more than its own text does; without either, an empty page."""
    seen = "\n".join(line.text for line in lines)
    score = text_quality(seen)
    if score >= BAR and (page.quality < BAR or _letters(seen) > 1.5 * _letters(text)):
        return replace(page, lines=lines, quality=score, ocr=True, columns=1), True
    if page.quality >= BAR:
        return page, False
    if _letters(seen) >= 12 or text.strip():
        problems.append(problem("page_unreadable", document, fatal=False, page=page.number))
        return replace(page, lines=()), False
    return replace(page, lines=()), False


def _refuse_if_empty(
    document: str, pages: list[Page], texts: list[str], bare: set[int], why: str, tried: bool
) -> None:
    letters = 0
    for i, page in enumerate(pages):
        for line in page.lines if i not in bare else ():
            letters += _letters(line.text)
            if letters >= 20:
                return
    garbage = any(
        text_quality(text) < BAR and ("(cid:" in text or len(text.split()) > 5)
        for text in texts
        if text.strip()
    )
    detail = ", and OCR found no words in it" if tried else f", and {why or NOTHING_DRAWN}"
    raise refuse("garbage_text" if garbage else "no_text", document, detail=detail, advice=_advice(why))


#: Why there is no OCR where the user did not want it, and why there is nothing for it to read.
OFF = "OCR is switched off"
NOTHING_DRAWN = "its pages are blank"


def _advice(why: str) -> str:
    """What to do about a document that nobody could read, by why OCR did not."""
    from pipeline.extract import ocr

    if why == OFF:
        return "Let OCR read it, or find another version of the document."
    return ocr.INSTALL if why else "Find another version of the document."


def _reader(pictures: _Pictures, ocr: bool) -> tuple[Callable[[int], tuple[Line, ...]] | None, str, str]:
    """A function from a page's index to its recognised lines, the engine's name, and why there is none."""
    from pipeline.extract import ocr as engines

    if not ocr:
        return None, "", OFF
    engine = engines.choose()
    if engine is None:
        return None, "", engines.WHY_NONE

    def recognise(index: int) -> tuple[Line, ...]:
        try:
            picture, dpi = engines.draw(pictures.page(index), engine.dpi)
            return engine.read(picture, dpi)
        except (engines.OcrError, RuntimeError, ValueError, MemoryError):
            return ()

    return recognise, engine.name, ""


class _Pictures:
    """The pages of a PDF as pypdfium2 draws them, opened only where pages are doubtful."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pdf: Any = None

    def __enter__(self) -> _Pictures:
        import pypdfium2

        try:
            self._pdf = pypdfium2.PdfDocument(self._data)
        except pypdfium2.PdfiumError:
            self._pdf = None
        return self

    def __exit__(self, *_: object) -> None:
        if self._pdf is not None:
            self._pdf.close()

    def page(self, index: int) -> Any:
        if self._pdf is None:
            raise ValueError("the PDF cannot be drawn")
        return self._pdf[index]

    def looks_drawn(self, index: int) -> bool:
        """True where pictures cover much of the page or very many shapes are drawn on it."""
        if self._pdf is None or index >= len(self._pdf):
            return False
        try:
            page = self._pdf[index]
            width, height = page.get_size()
            covered = 0.0
            shapes = 0
            for thing in page.get_objects(max_depth=4):
                if thing.type == 2:  # path
                    shapes += 1
                elif thing.type == 3:  # image
                    left, bottom, right, top = thing.get_bounds()
                    covered += max(0.0, right - left) * max(0.0, top - bottom)
                if shapes >= _MANY_SHAPES:
                    return True
            return bool(covered >= _PICTURE_SHARE * width * height)
        except Exception:  # a damaged page is not drawn; its text, if any, is judged alone
            return False
