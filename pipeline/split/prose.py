"""Printed lines -> paragraphs of running text: words broken at line ends are mended, real hyphens stay.

Works on lines that belong to one speech, furniture already taken out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from pipeline.records import Line, Page
from pipeline.resources import table


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


class Text(NamedTuple):
    """Running text, with the code point where each page begins, the first at 0."""

    text: str
    page_marks: tuple[tuple[int, int], ...]


#: What may end a sentence, with closing quotation marks and brackets after it.
_SENTENCE_END = re.compile(r"[.!?…:;]['\"’”»)\]]*\s*(?:\d{1,2})?$")

#: A paragraph begins with a number or a bullet: "12. We", "(a) to", "• the", "- the".
_ITEM = re.compile(r"^(?:\(?\d{1,3}[.)]\s|\(?[a-z]{1,2}\)\s|\(?[ivx]{1,5}\)\s|[•●▪■◦‣⁃➢✓○*]\s?|[-–—]\s)")

_BREAK = re.compile(r"(?<=\w)[-\u00ad\u2010\ufffe]$")
_TAIL = re.compile(r"([^\W\d_]+(?:['’][^\W\d_]+)?)[-\u2010\ufffe]$")
_HEAD = re.compile(r"^[^\W\d_]+")

#: First halves that keep their hyphen before any word: prefixes that UN spelling hyphenates, and numbers.
_KEEP_AFTER = frozenset(
    [
        "all",
        "anti",
        "cross",
        "ex",
        "far",
        "high",
        "ill",
        "inter",
        "ever",
        "half",
        "long",
        "low",
        "mid",
        "multi",
        "neo",
        "non",
        "post",
        "pre",
        "pro",
        "quasi",
        "self",
        "semi",
        "short",
        "so",
        "state",
        "sub",
        "supra",
        "ultra",
        "vice",
        "well",
        "under-secretary",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
    ]
)

_JOINS_ANYWAY = frozenset(
    {"inter", "multi", "non", "sub", "pre", "pro", "so", "all", "one", "ten", "ex", "under", "post"}
)


@lru_cache(maxsize=1)
def _ranks() -> dict[str, int]:
    words = table("words_en.txt").read_text(encoding="utf-8").split("\n")[:-1]
    return {word: rank for rank, word in enumerate(words)}


def mend(before: str, after: str, seen: frozenset[str] = frozenset()) -> str:
    """Two printed lines of one paragraph as one: `("respon-", "sibility")` gives `responsibility`.

    `seen` are words of the same document that stand unbroken, in small letters: they decide first whether a hyphen is real.
    Else the word list does. Before a capital, a digit or after a number, the hyphen is real ("Secretary-", "General").
    """
    before, after = before.rstrip(), after.lstrip()
    if not before or not after:
        return before or after
    if before.endswith(("—", "/")) or (before.endswith("–") and before[-2:-1].isdigit()):
        return before + after
    if not _BREAK.search(before):
        return f"{before} {after}"
    if before.endswith("\u00ad"):
        return before[:-1] + after
    bare = before[:-1]
    tail, head = _TAIL.search(before), _HEAD.match(after)
    if not tail or not head or not head[0][0].islower():
        return bare + "-" + after
    left, right = tail[1].lower(), head[0].lower()
    following = re.match(r"^[^\W\d_]+(?:-[^\W\d_]+)*", after)
    whole = following[0].lower() if following else right
    if left + right in seen or left + whole in seen:
        return bare + after
    if f"{left}-{right}" in seen or f"{left}-{whole}" in seen:
        return bare + "-" + after
    return bare + ("" if _is_one_word(left, right) else "-") + after


def _is_one_word(left: str, right: str) -> bool:
    ranks = _ranks()
    if left + right in ranks:
        return True
    if left in _KEEP_AFTER and left not in _JOINS_ANYWAY:
        return False
    # Two whole words of some length are a compound ("nuclear-weapon"); a piece is no word ("govern-ment").
    both = left in ranks and right in ranks and len(left) > 2 and len(right) > 2
    return not (both or (left in _KEEP_AFTER and right in ranks))


def words_seen(texts: Sequence[str]) -> frozenset[str]:
    """Words, compounds too, that stand unbroken inside the lines `texts`, in small letters.

    Empty where no line ends with a hyphen: nobody will ask.
    """
    if not any(_BREAK.search(text.rstrip()) for text in texts):
        return frozenset()
    found: set[str] = set()
    for text in texts:
        found.update(_WHOLE.findall(text.lower()))
    return frozenset(found)


_WHOLE = re.compile(r"(?<![\w-])[^\W\d_]+(?:-[^\W\d_]+)*(?![\w-])")


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
            return True
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


def compose(
    parts: Sequence[Sequence[Placed]],
    seen: frozenset[str] = frozenset(),
    text_of: Callable[[Placed], str] | None = None,
) -> Text:
    """Running text of paragraphs: `\\n\\n` between them, one blank between words, page marks for tracing."""
    pieces: list[str] = []
    length = 0
    marks: list[tuple[int, int]] = []
    for part in parts:
        inside = False
        for placed in part:
            words = " ".join((text_of(placed) if text_of else placed.line.text).split())
            if not words:
                continue
            if inside:
                before = pieces[-1]
                glued = mend(before, words, seen)[: -len(words)]
                length += len(glued) - len(before)
                pieces[-1] = glued
            elif pieces:
                pieces.append("\n\n")
                length += 2
            if not marks:
                marks.append((0, placed.page))
            elif marks[-1][1] != placed.page:
                marks.append((length, placed.page))
            pieces.append(words)
            length += len(words)
            inside = True
    return Text("".join(pieces), tuple(marks))
