"""A file -> `Transcript`: the right reader by content, then by suffix; quality, OCR and language for all.

Not here: finding the files (`pipeline.extract.inputs`), who speaks (`pipeline.split`).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import PurePosixPath

from pipeline.extract.limits import Limits
from pipeline.extract.problems import in_words, problem, refuse
from pipeline.records import Page, Problem, Transcript

__all__ = ["Limits", "read"]

#: The first bytes of files that are no transcripts, with what to call them.
_MAGIC = (
    (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"), (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"), (b"{\\rtf", "a rich-text file (.rtf)"), (b"\xd0\xcf\x11\xe0", "an old Word file (.doc)"),
    (b"\x1f\x8b", "a packed file"), (b"7z\xbc\xaf", "a packed file"), (b"Rar!", "a packed file"),
    (b"\x00\x00\x00\x18ftyp", "a video"), (b"\x00\x00\x00 ftyp", "a video"), (b"ID3", "a sound recording"),
)  # fmt: skip

_TEXT_SUFFIXES = frozenset(
    {".txt", ".text", ".md", ".markdown", ".vtt", ".srt", ".html", ".htm", ".xhtml", ""}
)


def read(
    data: bytes,
    document: str,
    *,
    engine: str = "pdfium",
    ocr: bool = True,
    limits: Limits = Limits(),  # noqa: B008
) -> Transcript:
    """Read one document of any supported kind.

    `data` are the file's bytes, `document` its name in the dataset (its suffix counts where the content does
    not tell). `engine` is the PDF engine, `pdfium` or `pdfminer`. With `ocr`, PDF pages without usable text are
    recognised from their picture where an engine is installed.
    Raises `InputError` with a code of `pipeline.extract.problems.CATALOGUE` for what gives no text.
    """
    if len(data) > limits.max_bytes:
        raise refuse("too_large", document, size=in_words(len(data)), limit=in_words(limits.max_bytes))
    if not data.strip(b"\x00 \t\r\n"):
        raise refuse("empty_file", document)
    sha256 = hashlib.sha256(data).hexdigest()
    kind = _kind(data, document)
    if kind == "pdf":
        from pipeline.extract.scans import read_pdf_pages

        return _with_language(read_pdf_pages(data, document, sha256, engine=engine, ocr=ocr, limits=limits))
    return _with_language(_judged(_read_text(kind, data, document, sha256, limits), limits))


def _kind(data: bytes, document: str) -> str:
    suffix = PurePosixPath(document.rpartition("!")[2]).suffix.lower()
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        if suffix in (".docx", "") and b"word/" in data:
            return "docx"
        raise refuse("wrong_type", document, suffix=suffix or "without suffix", detail="a zip archive")
    for mark, name in _MAGIC:
        if data.startswith(mark):
            raise refuse("wrong_type", document, suffix=suffix or "without suffix", detail=name)
    if suffix == ".pdf":
        head = data[:2000].lstrip().lower()
        if head.startswith((b"<!doctype html", b"<html")):
            raise refuse("wrong_type", document, suffix=suffix, detail="a web page")
        raise refuse("broken_pdf", document, detail="it does not begin as a PDF does")
    if suffix == ".docx":
        raise refuse("broken_docx", document, detail="it is no Word package")
    if suffix not in _TEXT_SUFFIXES:
        raise refuse("unsupported_type", document, detail=f"A file of type {suffix}")
    return {".md": "markdown", ".markdown": "markdown", ".vtt": "vtt", ".srt": "srt"}.get(
        suffix, "html" if suffix in (".html", ".htm", ".xhtml") else "text"
    )


def _read_text(kind: str, data: bytes, document: str, sha256: str, limits: Limits) -> Transcript:
    title: str | None = None
    pages: tuple[Page, ...]
    if kind == "docx":
        from importlib.metadata import version

        from pipeline.extract.word import read_docx

        pages, title = read_docx(data, document, limits)
        return Transcript(document, sha256, kind, pages, f"python-docx {version('python-docx')}", title=title)
    text = _decoded(kind, data, document)
    if len(text) > limits.max_text:
        raise refuse("too_large", document, size=f"{len(text):,} characters", limit=f"{limits.max_text:,}")
    from pipeline.extract import captions, plain, web

    extractor = "r2p-stance text"
    if text.startswith("WEBVTT"):
        kind = "vtt"
    elif kind == "text" and captions.looks_like_srt(text):
        kind = "srt"
    elif kind == "text" and web.looks_like_html(text):
        kind = "html"
    if kind in ("vtt", "srt"):
        pages = captions.read_captions(text)
    elif kind == "html":
        from importlib.metadata import version

        pages, title = web.read_html(text, document)
        extractor = f"lxml {version('lxml')}"
    elif kind == "markdown":
        pages = plain.read_markdown(text)
    else:
        pages = plain.read_plain(text)
    return Transcript(document, sha256, kind, pages, extractor, title=title)


def _decoded(kind: str, data: bytes, document: str) -> str:
    from pipeline.extract.encoding import decode

    if kind == "html":
        from pipeline.extract.web import declared_encoding

        named = declared_encoding(data)
        if named and named.lower().replace("_", "-") not in ("utf-16", "utf-8"):
            try:
                return data.decode(named)
            except (LookupError, UnicodeDecodeError):
                pass
    return decode(data, document)


def _judged(transcript: Transcript, limits: Limits) -> Transcript:
    """The transcript with the quality of its pages. Raises `InputError` where nothing of it is usable."""
    from pipeline.extract.quality import BAR, text_quality

    if not any(line.text.strip() for page in transcript.pages for line in page.lines):
        raise refuse("empty_file", transcript.document)
    pages: list[Page] = []
    problems: list[Problem] = list(transcript.problems)
    size = good = 0.0
    for page in transcript.pages:
        text = "\n".join(line.text for line in page.lines)
        quality = text_quality(text) if text.strip() else 1.0
        size += len(text)
        good += quality * len(text)
        if quality < BAR:
            problems.append(problem("page_unreadable", transcript.document, fatal=False, page=page.number))
            page = replace(page, lines=())
        pages.append(replace(page, quality=quality))
    overall = round(good / max(1.0, size), 3)
    if not any(page.lines for page in pages) or overall < BAR:
        raise refuse("garbage_text", transcript.document, advice="Find another version of the document.")
    return replace(transcript, pages=tuple(pages), quality=overall, problems=tuple(problems))


def _with_language(transcript: Transcript) -> Transcript:
    from pipeline.extract.language import language_of

    return replace(transcript, language=language_of(transcript.text))
