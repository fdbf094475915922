"""A transcript's lines with what the splitter asks of each: page, type, whether a paragraph begins there.

The same questions have answers for PDFs (from boxes and fonts) and for plain text (from blank lines). Page furniture is
told from the rest here. Not here: what the lines mean.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.records import Line, Page, Transcript
from pipeline.split.record_lines import FURNITURE_LINE, MARGIN_LINE, PAGE_NUMBER, SPEAKER_MARK

#: Share of the page's height at its head and foot where running heads and page numbers stand.
_HEAD, _FOOT = 0.115, 0.90
#: In typed records the name of who speaks stands a little below the head.
_TYPED_HEAD = 0.2
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
    has_italic: bool


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
    # Word files and web pages come with a line for each paragraph.
    whole = transcript.media_type in ("docx", "html")
    rows: list[Row] = []
    furniture: list[str] = []
    start = True
    previous = ""
    off = _plain_furniture(lines)
    turned = False  # a page has ended since the last row
    for index, (number, line) in enumerate(lines):
        text = " ".join(line.text.split())
        if not text:
            start = True
            continue
        if index in off:
            furniture.append(text)
            turned = True
            continue
        if turned and start and previous.rstrip()[-1:] not in '.:?!”"’)]' and rows and not whole:
            start = False  # the blank lines around a page's foot and head part no paragraph
        turned = False
        if whole:
            start = True
        elif not start and not parted_by_blanks:
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
    return Rows(rows, furniture, False, bold >= 3, any(row.italic for row in rows))


def _plain_furniture(lines: Sequence[tuple[int, Line]]) -> set[int]:
    """Indexes of the lines of a text that are page furniture.

    A number alone, or the name of who goes on speaking, is so beside a symbol or at a page's edge.
    """
    full = [i for i, (_, line) in enumerate(lines) if line.text.strip()]
    off = {i for i in full if FURNITURE_LINE.match(" ".join(lines[i][1].text.split()))}
    if not off and (not lines or lines[-1][0] == 1):
        return off
    for order in (full, full[::-1]):
        before: int | None = None
        for i in order:
            text = lines[i][1].text.strip()
            edge = before is None or before in off or lines[before][0] != lines[i][0]
            if edge and (PAGE_NUMBER.match(text) or (text[0] == "(" and SPEAKER_MARK.match(text))):
                off.add(i)
            before = i
    return off


# -- laid out pages --------------------------------------------------------------------------------------------


def _laid_out(transcript: Transcript) -> Rows:
    body, pitch, margins, repeated = _survey(transcript)
    gap_from = 1.3 * pitch
    rows: list[Row] = []
    furniture: list[str] = []
    bold_rows = 0
    # Of the line before, in reading order over columns and pages: its indent, and whether it may end a paragraph.
    before: float | None = None
    closed = False
    for page in transcript.pages:
        first_of_page = len(rows)
        places: list[int] = []
        head, foot, middle = _zones(page)
        page_number, columns, parity, height = (
            page.number,
            page.columns,
            page.number % 2,
            page.height or 792.0,
        )
        last_y = 0.0
        previous_column = -1
        for text, x0, y0, x1, y1, size, bold_spans, italic_spans in page.lines:
            text = text.strip()
            if not text:
                continue
            if y1 < head or y0 > foot:
                if (
                    FURNITURE_LINE.match(text)
                    or MARGIN_LINE.match(text)
                    or _shape(text) in repeated
                    or (text[0] == "(" and SPEAKER_MARK.match(text))
                ):
                    furniture.append(text)
                    continue
            elif (text[0] == "(" and y0 < _TYPED_HEAD * height and SPEAKER_MARK.match(text)) or (
                text[0] in _FURNITURE_STARTS and len(text) < 60 and FURNITURE_LINE.match(text)
            ):
                furniture.append(text)
                continue
            column = 1 if columns > 1 and x0 >= middle else 0
            left, right = margins.get((columns, column, parity), (x0, x1))
            indent = x0 - left
            gap = False
            if column == previous_column:
                step = y0 - last_y
                gap = step > gap_from or step < 0
            start = gap or (
                indent > _INDENT
                # Deeper than the line before, or one of several one-line paragraphs, all indented alike.
                and (before is None or indent > before + _INDENT or (closed and indent > before - _INDENT))
            )
            bold = bool(bold_spans) and bold_spans[0][0] <= 1
            italic = bool(italic_spans) and italic_spans[0][0] <= 1
            bold_rows += bold
            rows.append(
                Row(
                    page_number,
                    text,
                    start,
                    bold,
                    italic,
                    bold and _covers(bold_spans, text),
                    italic and _covers(italic_spans, text),
                    0 < size < body - _SMALLER,
                    gap,
                )
            )
            places.append(column)
            last_y, previous_column, before = y0, column, indent
            closed = text[-1] in ".:?!”)" and x1 < right - 0.15 * (right - left)
        _keep_footnotes(rows, first_of_page, places)
    return Rows(rows, furniture, True, bold_rows >= 3, any(row.italic for row in rows))


def _keep_footnotes(rows: list[Row], first: int, columns: list[int]) -> None:
    """Small type is a footnote at the foot of a column only; elsewhere, as in a quotation, it is text."""
    at_foot = True
    for index in range(len(rows) - 1, first - 1, -1):
        below = index + 1 - first
        if below < len(columns) and columns[below] > columns[below - 1]:
            at_foot = True
        if not rows[index].small:
            at_foot = False
        elif not at_foot:
            rows[index] = rows[index]._replace(small=False)


#: First characters of furniture that may stand anywhere on a page: symbols, job numbers, dates, page numbers.
_FURNITURE_STARTS = frozenset("AS*0123456789-–—/PT")


def _covers(spans: tuple[tuple[int, int], ...], text: str) -> bool:
    """Whether the spans hold nearly all of the text: brackets and stops may be set upright."""
    return bool(spans) and sum(end - start for start, end in spans) >= 0.75 * len(text) - 2


class _Survey(NamedTuple):
    """What the whole document shows: type size, line distance, column edges, lines repeated at head or foot."""

    body: float
    pitch: float
    margins: dict[tuple[int, int, int], tuple[float, float]]
    repeated: frozenset[str]


def _zones(page: Page) -> tuple[float, float, float]:
    """Below which y the head ends, above which the foot begins, and where a right column may begin."""
    width, height = page.width or 612.0, page.height or 792.0
    return _HEAD * height, _FOOT * height, 0.44 * width


def _survey(transcript: Transcript) -> _Survey:
    sizes: dict[float, int] = {}
    steps: dict[int, int] = {}
    edges: dict[tuple[int, int, int], dict[int, int]] = {}
    ends: dict[tuple[int, int, int], list[float]] = {}
    shapes: Counter[str] = Counter()
    filled = 0
    for page in transcript.pages:
        head, foot, middle = _zones(page)
        columns, parity = page.columns, page.number % 2
        filled += bool(page.lines)
        seen: set[str] = set()
        last = -1000.0
        for text, x0, y0, x1, y1, size, _, _ in page.lines:
            if y1 < head or y0 > foot:
                seen.add(_shape(text.strip()))
                continue
            sizes[size] = sizes.get(size, 0) + len(text)
            step = round(y0 - last)
            if 6 < step < 40:
                steps[step] = steps.get(step, 0) + 1
            last = y0
            key = (columns, 1 if columns > 1 and x0 >= middle else 0, parity)
            if key not in edges:
                edges[key], ends[key] = {}, []
            edge = round(x0)
            counts = edges[key]
            counts[edge] = counts.get(edge, 0) + 1
            ends[key].append(x1)
        shapes.update(seen)
    body = max(sizes, key=lambda s: sizes[s]) if sizes else 0.0
    least = max(3, filled // 4)
    return _Survey(
        body,
        _pitch(steps, body),
        {key: _edges(edges[key], ends[key]) for key in edges},
        frozenset(shape for shape, n in shapes.items() if n >= least),
    )


def _pitch(steps: dict[int, int], body: float) -> float:
    """The usual distance from line to line within a paragraph, points.

    Between paragraphs UN records have half a line more; lines of one paragraph are the commonest step. A document of
    one-line paragraphs shows only the larger step, so one over 1.28 times the type size counts as that, up to double spacing.
    """
    usual = float(max(steps, key=lambda s: steps[s])) if steps else 12.0
    return min(usual, 1.28 * body) if 0 < usual < 2 * body else usual


def _edges(starts: dict[int, int], ends: list[float]) -> tuple[float, float]:
    """The left and right edge of a column from where its lines start and end.

    Paragraphs begin indented, but most lines do not; lists may be indented as a whole.
    """
    most = max(starts.values())
    least = max(0.2 * most, 2)
    used = (edge for edge, n in starts.items() if n == most or n + starts.get(edge + 1, 0) >= least)
    return float(min(used)), sorted(ends)[len(ends) * 3 // 4]


def _shape(text: str) -> str:
    """A line with its figures made alike."""
    return re.sub(r"\d+", "0", text)
