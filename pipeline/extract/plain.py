"""Plain text and Markdown -> pages of lines. A form feed begins a new page, else all is one page."""

from __future__ import annotations

import re

from pipeline.records import Line, Page, Span

_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$")
_QUOTE = re.compile(r"^\s{0,3}>\s?")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*(?:\s+\"[^\"\n]*\")?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1|(?<![\w*])([*_])(?=\S)([^*_\n]+?)(?<=\S)\3(?![\w*])")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])")


def read_plain(text: str) -> tuple[Page, ...]:
    """The pages of a plain text; empty lines are kept as empty lines, because they part paragraphs."""
    return tuple(
        Page(number, tuple(Line(_tidy(line)) for line in page.split("\n")))
        for number, page in enumerate(_pages(text), 1)
    )


def read_markdown(text: str) -> tuple[Page, ...]:
    """The pages of a Markdown text: marks are taken off, headings and strong words become bold."""
    return tuple(
        Page(number, tuple(markdown_line(line) for line in page.split("\n")))
        for number, page in enumerate(_pages(text), 1)
    )


def _pages(text: str) -> list[str]:
    pages = text.split("\f")
    while len(pages) > 1 and not pages[-1].strip():
        pages.pop()
    return pages


def _tidy(line: str) -> str:
    return line.replace("\xa0", " ").replace("\t", " ").rstrip()


def markdown_line(line: str) -> Line:
    """One line without its Markdown marks: `**France:** We ...` gives bold `France:`."""
    line = _QUOTE.sub("", _tidy(line))
    if _RULE.match(line):
        return Line("")
    heading = _HEADING.match(line)
    if heading:
        line = heading[1]
    line = _LINK.sub(r"\1", line)
    out: list[str] = []
    bold: list[Span] = []
    italic: list[Span] = []
    length = place = 0
    for match in _STRONG.finditer(line):
        before = _ESCAPE.sub(r"\1", line[place : match.start()])
        inner = _ESCAPE.sub(r"\1", match[2] or match[4])
        out += before, inner
        start = length + len(before)
        length = start + len(inner)
        (bold if match[2] else italic).append(Span(start, length))
        place = match.end()
    out.append(_ESCAPE.sub(r"\1", line[place:]))
    text = "".join(out)
    if heading:
        bold = [Span(0, len(text))]
    return Line(text, bold=tuple(bold), italic=tuple(italic))
