"""A transcript's lines with what the splitter asks of each: page, type, whether a paragraph begins there.

The same questions have answers for PDFs (from boxes and fonts) and for plain text (from blank lines). Page furniture is
told from the rest here. Not here: what the lines mean.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from pipeline.records import Line, Page, Transcript
from pipeline.split.record_lines import FURNITURE_LINE, MARGIN_LINE

#: Share of the page's height at its head and foot where running heads and page numbers stand.
_HEAD, _FOOT = 0.115, 0.90
#: A line this many points further right than its column's edge is indented.
_INDENT = 5.0
#: Type this much smaller than the body's is a footnote, points.
_SMALLER = 1.2


class Row(NamedTuple):
    """One line of text. `start` says that a paragraph begins here; `bold`, `italic` how the line begins; `all_bold`,
    `all_italic` that (nearly) all of it is so; `small` that it is set smaller than the body."""

    page: int
    text: str
    start: bool
    bold: bool = False
    italic: bool = False
    all_bold: bool = False
    all_italic: bool = False
    small: bool = False
    gap: bool = False  # more white above than between lines of a paragraph


class Rows(NamedTuple):
    """The rows of a document, its furniture, and whether the layout tells anything."""

    rows: list[Row]
    furniture: list[str]
    has_layout: bool
    has_bold: bool


def read_rows(transcript: Transcript) -> Rows:
    """All lines of a transcript, sorted into rows and page furniture."""
    has_layout = any(line.x1 > 0 for page in transcript.pages for line in page.lines[:5])
    return _laid_out(transcript) if has_layout else _plain(transcript)


# -- plain text ------------------------------------------------------------------------------------------------


def _plain(transcript: Transcript) -> Rows:
    lines = [(page.number, line) for page in transcript.pages for line in page.lines]
    blanks = sum(not line.text.strip() for _, line in lines)
    parted_by_blanks = blanks * 12 >= len(lines)
    lengths = sorted(len(line.text) for _, line in lines if line.text.strip())
    # Nine lines of ten are no longer than this: the width to which the text was wrapped, if it was.
    width = lengths[len(lengths) * 9 // 10] if lengths else 0
    rows: list[Row] = []
    furniture: list[str] = []
    start = True
    previous = ""
    for number, line in lines:
        text = " ".join(line.text.split())
        if not text:
            start = True
            continue
        if FURNITURE_LINE.match(text):
            furniture.append(text)
            continue
        if not start and not parted_by_blanks:
            indented = line.text[:1] in " \t" and not previous[:1].isspace()
            wrapped_short = len(previous.rstrip()) < 0.8 * width
            start = indented or width > 160 or (wrapped_short and previous.rstrip()[-1:] in '.:;?!”"’)]—–-')
        rows.append(
            Row(
                number,
                text,
                start,
                bold=bool(line.bold) and line.bold[0].start <= 1,
                italic=bool(line.italic) and line.italic[0].start <= 1,
                all_bold=_covers(line.bold, text),
                all_italic=_covers(line.italic, text),
                gap=start,
            )
        )
        start = False
        previous = line.text
    bold = sum(row.bold for row in rows)
    return Rows(rows, furniture, False, bold >= 3)


# -- laid out pages --------------------------------------------------------------------------------------------


def _laid_out(transcript: Transcript) -> Rows:
    body = _body_size(transcript)
    margins = _margins(transcript)
    repeated = _repeated(transcript)
    pitch = _pitch(transcript, body)
    rows: list[Row] = []
    furniture: list[str] = []
    bold_rows = 0
    before: float | None = None  # indent of the line before, in reading order over columns and pages
    for page in transcript.pages:
        width, height = page.width or 612.0, page.height or 792.0
        head, foot = _HEAD * height, _FOOT * height
        previous: Line | None = None
        previous_column = -1
        for line in page.lines:
            text = line.text.strip()
            if not text:
                continue
            at_margin = line.y1 < head or line.y0 > foot
            if FURNITURE_LINE.match(text) or (
                at_margin and (MARGIN_LINE.match(text) or _shape(text) in repeated)
            ):
                furniture.append(text)
                continue
            column = 1 if page.columns > 1 and line.x0 >= 0.44 * width else 0
            left, right = margins.get((page.columns, column, page.number % 2), (line.x0, line.x1))
            indent = line.x0 - left
            gap = False
            if previous is None or column != previous_column:
                start = indent > _INDENT and (before is None or indent > before + _INDENT)
            else:
                step = line.y0 - previous.y0
                gap = step > 1.3 * pitch or step < 0
                start = gap or (indent > _INDENT and indent > (before or 0.0) + _INDENT)
                if not start and indent > _INDENT and previous.x1 < right - 0.15 * (right - left):
                    # One-line paragraphs, all indented alike.
                    start = previous.text[-1:] in ".:?!”)" and abs(indent - (before or 0.0)) < _INDENT
            bold = bool(line.bold) and line.bold[0].start <= 1
            italic = bool(line.italic) and line.italic[0].start <= 1
            bold_rows += bold
            rows.append(
                Row(
                    page.number,
                    text,
                    start,
                    bold,
                    italic,
                    bold and _covers(line.bold, text),
                    italic and _covers(line.italic, text),
                    0 < line.size < body - _SMALLER,
                    gap,
                )
            )
            previous, previous_column, before = line, column, indent
    return Rows(rows, furniture, True, bold_rows >= 3)


def _covers(spans: tuple[tuple[int, int], ...], text: str) -> bool:
    """Whether the spans hold nearly all of the text: brackets and stops may be set upright."""
    return bool(spans) and sum(end - start for start, end in spans) >= 0.75 * len(text) - 2


def _body_size(transcript: Transcript) -> float:
    sizes: Counter[float] = Counter()
    for page in transcript.pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _pitch(transcript: Transcript, body: float) -> float:
    """The usual distance from line to line within a paragraph, points.

    Between paragraphs UN records have half a line more; lines of one paragraph are the commonest step. A document of
    one-line paragraphs shows only the larger step, so one over 1.28 times the type size counts as that, up to double spacing.
    """
    steps: Counter[float] = Counter()
    for page in transcript.pages:
        last: Line | None = None
        for line in page.lines:
            if last is not None and 6 < line.y0 - last.y0 < 40:
                steps[round(line.y0 - last.y0)] += 1
            last = line
    usual = float(steps.most_common(1)[0][0]) if steps else 12.0
    return min(usual, 1.28 * body) if 0 < usual < 2 * body else usual


def _margins(transcript: Transcript) -> dict[tuple[int, int, int], tuple[float, float]]:
    """The left and right edge of each column, by number of columns, column, and odd or even page."""
    edges: dict[tuple[int, int, int], Counter[int]] = {}
    ends: dict[tuple[int, int, int], list[float]] = {}
    for page in transcript.pages:
        middle, height = 0.44 * (page.width or 612.0), page.height or 792.0
        for line in page.lines:
            if line.y1 < _HEAD * height or line.y0 > _FOOT * height:
                continue
            column = 1 if page.columns > 1 and line.x0 >= middle else 0
            key = (page.columns, column, page.number % 2)
            edges.setdefault(key, Counter())[round(line.x0)] += 1
            ends.setdefault(key, []).append(line.x1)
    found = {}
    for key, counter in edges.items():
        most = max(counter.values())
        # Paragraphs begin indented, but most lines do not; lists may be indented as a whole.
        used = (e for e, n in counter.items() if n == most or n + counter.get(e + 1, 0) >= max(0.2 * most, 2))
        rights = sorted(ends[key])
        found[key] = (float(min(used)), rights[len(rights) * 3 // 4])
    return found


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def _repeated(transcript: Transcript) -> frozenset[str]:
    """Lines at the head or foot of several pages that differ in figures alone."""
    seen: Counter[str] = Counter()
    pages: list[Page] = [page for page in transcript.pages if page.lines]
    for page in pages:
        height = page.height or 792.0
        shapes = {
            _shape(line.text.strip())
            for line in page.lines
            if line.y1 < _HEAD * height or line.y0 > _FOOT * height
        }
        seen.update(shapes)
    least = max(3, len(pages) // 4)
    return frozenset(shape for shape, n in seen.items() if n >= least)
