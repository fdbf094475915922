"""Made-up records for tests: written once as parts, rendered as laid-out pages (one or two columns) or as plain text."""

from __future__ import annotations

import textwrap
from collections import Counter
from dataclasses import dataclass

from pipeline.records import Line, Page, Span, Splitting, Transcript

#: A part is (kind, text): `head` (bold heading, upright speech after the colon), `para`, `stage` (italic), `agenda`
#: (bold), `side` and `list` (a vote), `note` (in brackets), `switch` ("(spoke in French)"), `cover`.
Part = tuple[str, str]

COVER: list[Part] = [
    ("cover", "United Nations A/66/PV.400"),
    ("cover", "General Assembly"),
    ("cover", "Sixty-sixth session"),
    ("cover", "400th plenary meeting"),
    ("cover", "Tuesday, 5 June 2012, 10 a.m."),
    ("cover", "New York"),
    ("cover", "President: Mr. Sample . . . . . . . . . . (Qatar)"),
    ("stage", "The meeting was called to order at 10.05 a.m."),
]
END: list[Part] = [("stage", "The meeting rose at 1 p.m.")]


@dataclass(frozen=True)
class Look:
    """How a record is printed."""

    columns: int = 2
    width: int = 52  # characters a line
    rows: int = 48  # lines a column
    bold: bool = True


def laid_out(parts: list[Part], look: Look | None = None) -> Transcript:
    """The parts as pages with boxes and type, broken over lines, columns and pages as they come."""
    look = look or Look()
    columns, width, per_column = look.columns, look.width, look.rows
    left_edges = (60.0, 312.0) if columns == 2 else (123.0,)
    slots: list[tuple[str, str, bool]] = []  # kind, text, first line of its paragraph
    for kind, text in parts:
        indent = 0 if kind in ("cover", "agenda", "side", "switch") else 4
        wrapped = textwrap.wrap(text, width, initial_indent=" " * indent, break_long_words=False) or [""]
        slots += [(kind, line.strip(), number == 0) for number, line in enumerate(wrapped)]
    pages: list[Page] = []
    lines: list[Line] = []
    y, column = 90.0, 0
    heading_open = False
    for kind, text, first in slots:
        if y > 90.0 + 12 * per_column:
            y, column = 90.0, column + 1
            if column == columns:
                pages.append(_page(len(pages) + 1, lines, columns))
                lines, column = [], 0
        elif first and lines:
            y += 6
        indent = 24.0 if (first and kind in ("head", "para")) or kind in ("stage", "list", "note") else 0.0
        x0 = left_edges[column] + indent
        bold: tuple[Span, ...] = ()
        italic: tuple[Span, ...] = ()
        if kind == "head" and first:
            heading_open = True
        if kind == "head" and look.bold and heading_open:
            end = text.find("(") if "(" in text else text.find(":")
            bold = (Span(0, end if end > 0 else len(text)),) if first else ()
            heading_open = ":" not in text
        elif kind == "agenda" and look.bold:
            bold = (Span(0, len(text)),)
        elif kind in ("stage", "side") and look.bold:
            italic = (Span(0, len(text)),)
        lines.append(Line(text, x0, y, x0 + 4.6 * len(text), y + 11, 10.0, bold, italic))
        y += 12
    pages.append(_page(len(pages) + 1, lines, columns))
    return Transcript("made.pdf", "0" * 64, "pdf", tuple(pages), "made")


def _page(number: int, lines: list[Line], columns: int) -> Page:
    head = Line("A/66/PV.400", 60 if number % 2 == 0 else 500, 55, 120, 64, 8.5)
    foot = Line(f"{number} 12-34567" if number % 2 == 0 else f"12-34567 {number}", 60, 720, 120, 730, 8.5)
    return Page(number, ((head,) if number > 1 else ()) + tuple(lines) + (foot,), 612, 792, columns)


def plain(parts: list[Part], width: int | None = None, blank_lines: bool = True) -> Transcript:
    """The parts as a text file, each paragraph on one line or wrapped, blank lines between them or none."""
    lines: list[str] = []
    for kind, text in parts:
        if lines and blank_lines and kind not in ("cover",):
            lines.append("")
        lines += textwrap.wrap(text, width, break_long_words=False) if width else [text]
    page = Page(1, tuple(Line(line) for line in lines))
    return Transcript("made.txt", "0" * 64, "text", (page,), "text")


def typed(parts: list[Part]) -> Transcript:
    """The parts as a Word file gives them: a line for each paragraph, bold and italic, no places."""
    lines = []
    for kind, text in parts:
        whole = (Span(0, len(text)),)
        bold = whole if kind == "agenda" else (Span(0, text.find("(") if "(" in text else text.find(":")),)
        lines.append(
            Line(
                text,
                bold=bold if kind in ("agenda", "head") else (),
                italic=whole if kind in ("stage", "side") else (),
            )
        )
    return Transcript("made.docx", "0" * 64, "docx", (Page(1, tuple(lines)),), "docx")


def letters(splitting: Splitting) -> Counter[str]:
    """All letters and digits of what came out, wherever they went."""
    texts = [s.text for s in splitting.speeches] + [s.heading or "" for s in splitting.speeches]
    texts += [e.text for e in splitting.events] + list(splitting.furniture)
    return Counter(c for text in texts for c in text if c.isalnum())


def letters_in(transcript: Transcript) -> Counter[str]:
    return Counter(c for page in transcript.pages for line in page.lines for c in line.text if c.isalnum())
