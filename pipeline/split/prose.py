"""Printed lines of statements and dialogues -> paragraphs of running text, traced to their pages.

Works on lines that belong to one speech, furniture already taken out. Words broken at line ends are mended by
`pipeline.split.paragraphs`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from pipeline.records import Line, Page
from pipeline.split.paragraphs import Mender


class Placed(NamedTuple):
    """A line, the page it is on, and the frame of that page (or column) to judge it by."""

    line: Line
    page: int
    frame: Frame


@dataclass(frozen=True, slots=True)
class Frame:
    """How a page (or column) is set: its margins and its usual distance from line to line, in points.

    All zero for text without layout. `wrapped` says for such text that its lines are printed lines, so that
    one paragraph runs over several.
    """

    left: float = 0.0
    right: float = 0.0
    pitch: float = 0.0
    wrapped: bool = True


def without_words(placed: Placed) -> Placed:
    """An empty line in the place of this one: it parts paragraphs."""
    return placed._replace(line=Line(""))


class Text(NamedTuple):
    """Running text, with the code point where each page begins, the first at 0."""

    text: str
    page_marks: tuple[tuple[int, int], ...]


#: What may end a sentence, with closing quotation marks and brackets after it.
_SENTENCE_END = re.compile(r"[.!?…:;]['\"’”»)\]]*\s*(?:\d{1,2})?$")

#: A full stop that ends a sentence, not one after a title or a single letter: for the first sentence of a paragraph, and what is heard.
SENTENCE_STOP = re.compile(r"(?<![A-Z])(?<!Mr)(?<!Ms)(?<!Mrs)(?<!Dr)(?<!Amb)[.!?]['\"’”)]*(?=\s|$)")

#: A paragraph begins with a number or a bullet: "12. We", "(a) to", "• the", "- the".
_ITEM = re.compile(r"^(?:\(?\d{1,3}[.)]\s|\(?[a-z]{1,2}\)\s|\(?[ivx]{1,5}\)\s|[•●▪■◦‣⁃➢✓○*]\s?|[-–—]\s)")

_BREAK = re.compile(r"(?<=\w)[-\u00ad\u2010]$")


def frame_of(page: Page, lines: Sequence[Line] | None = None) -> Frame:
    """The frame of a page set in one column, from its lines."""
    chosen = [line for line in (page.lines if lines is None else lines) if line.text.strip()]
    placed = [line for line in chosen if line.x1 > line.x0]
    if len(placed) < 2:
        return Frame(wrapped=is_wrapped([line.text for line in chosen]))
    long = [line for line in placed if len(line.text) >= 25] or placed
    left = _low([line.x0 for line in long])
    right = -_low([-line.x1 for line in long])
    steps = [below.y0 - above.y0 for above, below in pairwise(placed)]
    steps = [step for step in steps if 4.0 < step < 80.0]
    return Frame(left, right, median(sorted(steps)[: max(1, int(0.8 * len(steps)))]) if steps else 0.0)


def _low(values: list[float]) -> float:
    """A low value that is no outlier: the second tenth."""
    values = sorted(values)
    return values[len(values) // 10]


def is_wrapped(lines: Sequence[str]) -> bool:
    """Whether the lines of a text without layout are printed lines (one paragraph over many) or paragraphs.

    Printed lines end where the column ends, in the middle of sentences; paragraphs end with them.
    """
    full = [line for line in lines if line.strip()]
    if len(full) < 3:
        return False
    open_ends = sum(not _SENTENCE_END.search(line) for line in full)
    return max(map(len, full)) <= 160 and open_ends >= 0.4 * len(full)


def stands_out(line: Line, above: Line | None) -> bool:
    """Whether a line is set apart: bold, after an empty line, or after a gap."""
    if above is None or not above.text.strip():
        return True
    if sum(span.end - span.start for span in line.bold) > 0.5 * len(line.text):
        return True
    return bool(line.size and line.y0 - above.y1 > 0.8 * line.size)


def paragraphs(lines: Sequence[Placed]) -> list[list[Placed]]:
    """The lines parted into paragraphs; empty lines only part."""
    out: list[list[Placed]] = []
    previous: Placed | None = None
    gap = False
    for placed in lines:
        if not placed.line.text.strip():
            gap = True
            continue
        if previous is None or _begins(previous, placed, gap):
            out.append([])
        out[-1].append(placed)
        previous, gap = placed, False
    return out


def _begins(previous: Placed, placed: Placed, gap: bool) -> bool:
    before, after = previous.line.text.rstrip(), placed.line.text.lstrip()
    ended = bool(_SENTENCE_END.search(before))
    goes_on = after[:1].islower() or bool(_BREAK.search(before))
    item = bool(_ITEM.match(after))
    if not placed.frame.pitch or not previous.frame.pitch:
        if gap:
            return not (goes_on and not ended) or item
        if not placed.frame.wrapped:
            return ended or not goes_on
        return item and ended
    if item and (ended or not goes_on):
        return True
    if goes_on and not ended:
        return False
    same_page = previous.page == placed.page and placed.line.y0 > previous.line.y0
    frame = placed.frame
    width = max(1.0, previous.frame.right - previous.frame.left)
    short = previous.line.x1 < previous.frame.right - 0.12 * width
    indented = 8.0 < placed.line.x0 - frame.left < 0.25 * width
    if same_page and previous.frame is frame:
        step = placed.line.y0 - previous.line.y0
        if step > 1.45 * frame.pitch + 1.0:
            return True
        if (
            previous.line.size
            and placed.line.size
            and abs(previous.line.size - placed.line.size) > 0.2 * placed.line.size
        ):
            return True
        if indented and previous.line.x0 - frame.left < 4.0 and not previous.line.x0 - frame.left > 8.0:
            return ended or short
        return short and ended
    return ended and (short or indented)


def compose(parts: Sequence[Sequence[Placed]], mender: Mender) -> Text:
    """Running text of paragraphs: `\\n\\n` between them, one blank between words, page marks for tracing."""
    pieces: list[str] = []
    length = 0
    marks: list[tuple[int, int]] = []
    for part in parts:
        inside = False
        for placed in part:
            words = " ".join(placed.line.text.split())
            if not words:
                continue
            between = "\n\n" if pieces else ""
            if inside:
                before = pieces[-1]
                cut, between = (1, "") if before.endswith("\u00ad") else mender.glue(before, words)
                if cut:
                    pieces[-1] = before[:-cut]
                    length -= cut
            length += len(between)
            if not marks:
                marks.append((0, placed.page))
            elif marks[-1][1] != placed.page:
                marks.append((length, placed.page))
            pieces += between, words
            length += len(words)
            inside = True
    return Text("".join(pieces), tuple(marks))
