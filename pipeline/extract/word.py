"""Word files (.docx) -> pages of lines. Nothing outside the file is opened; pictures are not read."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from pipeline.extract.limits import Limits
from pipeline.extract.problems import in_words, refuse
from pipeline.records import Line, Page, Span

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_docx(data: bytes, document: str, limits: Limits) -> tuple[tuple[Page, ...], str | None]:
    """The pages and the title of a Word file: one line a paragraph (or manual line break), empty lines between.

    Pages are those of the program that saved the file last, where it left its marks. The first header
    comes first and the footer last, because a mission's letterhead stands there. Raises `InputError`.
    """
    from docx import Document

    _check_package(data, document, limits)
    try:
        word = Document(io.BytesIO(data))
        body = word.element.body
        pages = _pages(list(body.iter(f"{_W}p")))
        header, footer = _around(word)
        title = (word.core_properties.title or "").strip() or None
    except MemoryError:
        raise
    except Exception as error:  # a damaged package raises kinds of zipfile, zlib, lxml and python-docx
        detail = str(error).split("\n")[0].strip(".") or type(error).__name__
        raise refuse("broken_docx", document, detail=detail) from None
    pages[0] = header + pages[0]
    pages[-1] = pages[-1] + footer
    return tuple(Page(number, tuple(lines)) for number, lines in enumerate(pages, 1)), title


def _check_package(data: bytes, document: str, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except Exception as error:  # zipfile raises many kinds on damaged directories
        raise refuse("broken_docx", document, detail=str(error) or type(error).__name__) from None
    size = sum(member.file_size for member in members)
    xml = sum(m.file_size for m in members if m.filename.endswith((".xml", ".rels")))
    if size > limits.max_bytes or xml > 4 * limits.max_text:
        raise refuse(
            "too_large", document, size=in_words(size) + " unpacked", limit=in_words(limits.max_bytes)
        )


def _around(word: Any) -> tuple[list[Line], list[Line]]:
    """The paragraphs of the first section's headers and footers, each said once."""
    header: list[Line] = []
    footer: list[Line] = []
    section = word.sections[0] if len(word.sections) else None
    if section is None:
        return header, footer
    for parts, into in (
        ((section.first_page_header, section.header), header),
        ((section.first_page_footer, section.footer), footer),
    ):
        for part in parts:
            if part.is_linked_to_previous:
                continue
            for page in _pages(list(part._element.iter(f"{_W}p"))):
                into += [line for line in page if line not in into or not line.text]
    if header and header[-1].text:
        header.append(Line(""))
    if footer:
        footer.insert(0, Line(""))
    return header, footer


def _pages(paragraphs: list[Any]) -> list[list[Line]]:
    rendered = any(p.find(f".//{_W}lastRenderedPageBreak") is not None for p in paragraphs)
    pages: list[list[Line]] = [[]]
    for paragraph in paragraphs:
        if any(parent.tag == _FALLBACK for parent in paragraph.iterancestors()):
            continue  # the same text box again, for old programs
        if pages[-1] and pages[-1][-1].text:
            pages[-1].append(Line(""))
        run = _Runs(pages)
        for node in paragraph.iter():
            tag = node.tag
            if _owner(node) is not paragraph:
                continue  # inside a text box: it comes as a paragraph of its own
            if tag == f"{_W}t":
                run.add(node.text or "", _has(node, "b"), _has(node, "i"))
            elif tag in (f"{_W}tab", f"{_W}noBreakHyphen"):
                if node.getparent().tag == f"{_W}r":
                    run.add(" " if tag == f"{_W}tab" else "-", False, False)
            elif tag == f"{_W}cr" or (tag == f"{_W}br" and node.get(f"{_W}type") in (None, "textWrapping")):
                run.end_line()
            elif tag == f"{_W}lastRenderedPageBreak" or (
                not rendered and tag == f"{_W}br" and node.get(f"{_W}type") == "page"
            ):
                run.end_line()
                if any(line.text for line in pages[-1]):
                    pages.append([])
        run.end_line()
    return pages


def _owner(node: Any) -> Any:
    return next(node.iterancestors(f"{_W}p"), node if node.tag == f"{_W}p" else None)


def _has(text: Any, mark: str) -> bool:
    properties = text.getparent().find(f"{_W}rPr")
    found = properties.find(f"{_W}{mark}") if properties is not None else None
    return found is not None and found.get(f"{_W}val") not in ("0", "false", "off")


class _Runs:
    """The pieces of the line being read, with what of it is bold and italic."""

    def __init__(self, pages: list[list[Line]]) -> None:
        self.pages = pages
        self.clear()

    def clear(self) -> None:
        self.text = ""
        self.bold: list[Span] = []
        self.italic: list[Span] = []

    def add(self, text: str, bold: bool, italic: bool) -> None:
        start = len(self.text)
        self.text += text.replace("\xa0", " ").replace("\n", " ").replace("\t", " ")
        for wanted, spans in ((bold, self.bold), (italic, self.italic)):
            if wanted and text:
                if spans and spans[-1].end == start:
                    start = spans.pop().start
                spans.append(Span(start, len(self.text)))
                start = len(self.text) - len(text)

    def end_line(self) -> None:
        if self.text.strip():
            self.pages[-1].append(Line(self.text, bold=tuple(self.bold), italic=tuple(self.italic)))
        self.clear()
