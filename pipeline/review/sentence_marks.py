"""What a reviewer says of single sentences beside the label of the speech: from the page's form to the store and on to training.

One label says what a speech amounts to; marks say which sentences make it so, and a model learns far more from them (docs/learning-curve.md).
They are optional, part of a reading, and kept in its row of the log. Not here: how a model learns from them (`pipeline.stance.train`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

#: Key -> letter -> what the marked sentence does, as the page shows them. The letters are those of the corpus (`corpus/README.md`).
MARK_KEYS: tuple[tuple[str, str, str], ...] = (
    ("1", "S", "endorses"),
    ("2", "C", "limits or doubts"),
    ("3", "O", "rejects"),
    ("0", "N", "only names it"),
)
LETTERS = frozenset([letter for _, letter, _ in MARK_KEYS] + ["R"])
#: The corpus tells "reports others" (`R`) from "only names it"; both say that no position is taken, and the page has one key for them.
_SAME = {"R": "N"}
#: No speech has more sentences on R2P than this.
MOST = 500


class SentenceMark(NamedTuple):
    """A marked sentence: its span in code points of the text that was shown, its letter (`S` endorses, `C` limits or doubts, `O` rejects, `N` only names
    the norm or reports others), and its words, by which it is found again should the document be split anew."""

    start: int
    end: int
    letter: str
    words: str


class BadMarks(ValueError):
    """The marks do not fit the speech; says why in words."""


def checked(marks: Iterable[tuple[int, int, str]], text: str) -> tuple[SentenceMark, ...]:
    """Marks as given, in the order of the text, with their words; of two that overlap the later one counts.

    Raises BadMarks for a span that is not in the text, a letter that is none, or more than `MOST`."""
    found: list[SentenceMark] = []
    for start, end, letter in marks:
        if letter not in LETTERS:
            raise BadMarks(f"{letter!r} marks no sentence.")
        if not 0 <= start < end <= len(text) or not text[start:end].strip():
            raise BadMarks("A marked sentence is not in the speech.")
        found = [mark for mark in found if mark.end <= start or end <= mark.start]
        found.append(SentenceMark(start, end, _SAME.get(letter, letter), text[start:end]))
        if len(found) > MOST:
            raise BadMarks(f"More than {MOST} sentences are marked.")
    return tuple(sorted(found))


def parsed(field: str | None) -> list[tuple[int, int, str]]:
    """The form's field: a JSON list of [start, end, letter]; nothing where it is empty. Raises BadMarks."""
    if not field or not field.strip():
        return []
    try:
        given = json.loads(field)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, list) or not all(isinstance(mark, list) and is_mark(*mark) for mark in given):
        raise BadMarks("The marked sentences have no place in the text.")
    return [(start, end, letter) for start, end, letter in given]


def is_mark(start: object = None, end: object = None, letter: object = None, *more: object) -> bool:
    """Whether these are two whole numbers and the letter of a mark, and nothing else."""
    whole = type(start) is int and type(end) is int  # true and false are no places
    return whole and isinstance(letter, str) and letter in LETTERS and not more


def stored(marks: Iterable[SentenceMark]) -> list[list[Any]]:
    """Marks for the log's `detail`."""
    return [list(mark) for mark in marks]


def of_detail(detail: Mapping[str, Any]) -> tuple[SentenceMark, ...]:
    """The marks of a row of the log."""
    return tuple(SentenceMark(*mark) for mark in detail.get("marks") or ())


def in_text(marks: Iterable[SentenceMark], text: str) -> tuple[SentenceMark, ...]:
    """The marks whose words stand in `text`, at their place or, where a speech was split anew, at the nearest place that has them."""
    found: dict[tuple[int, int], SentenceMark] = {}
    for mark in marks:
        at = mark.start if text.startswith(mark.words, mark.start) else _nearest(text, mark)
        if at is not None:
            found[at, at + len(mark.words)] = mark._replace(start=at, end=at + len(mark.words))
    return tuple(sorted(found.values()))


def _nearest(text: str, mark: SentenceMark) -> int | None:
    behind, before = (
        text.find(mark.words, mark.start),
        text.rfind(mark.words, 0, mark.start + len(mark.words)),
    )
    places = [at for at in (behind, before) if at >= 0]
    return min(places, key=lambda at: abs(at - mark.start), default=None)
