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
#: No speech has more sentences on R2P than this.
MOST = 500


class SentenceMark(NamedTuple):
    """A marked sentence: its span in code points of the text that was shown, its letter (`S` endorses, `C` limits or doubts, `O` rejects, `N` only names
    the norm, `R` reports others), and its words, by which it is found again should the document be split anew."""

    start: int
    end: int
    letter: str
    words: str


class BadMarks(ValueError):
    """The marks do not fit the speech; says why in words."""


def checked(marks: Iterable[tuple[int, int, str]], text: str) -> tuple[SentenceMark, ...]:
    """Marks as given, in the order of the text, with their words; of two on the same words the later one counts.

    Raises BadMarks for a span that is not in the text, a letter that is none, or more than `MOST`."""
    found: dict[tuple[int, int], SentenceMark] = {}
    for start, end, letter in marks:
        if letter not in LETTERS:
            raise BadMarks(f"{letter!r} marks no sentence.")
        if not 0 <= start < end <= len(text) or not text[start:end].strip():
            raise BadMarks("A marked sentence is not in the speech.")
        found[start, end] = SentenceMark(start, end, letter, text[start:end])
    if len(found) > MOST:
        raise BadMarks(f"{len(found)} sentences are marked; at most {MOST} are kept.")
    return tuple(sorted(found.values()))


def parsed(field: str | None) -> list[tuple[int, int, str]]:
    """The form's field: a JSON list of [start, end, letter]; nothing where it is empty. Raises BadMarks."""
    if not field or not field.strip():
        return []
    try:
        return [(int(start), int(end), str(letter)) for start, end, letter in json.loads(field)]
    except (ValueError, TypeError, RecursionError):
        raise BadMarks("The marked sentences have no place in the text.") from None


def stored(marks: Iterable[SentenceMark]) -> list[list[Any]]:
    """Marks for the log's `detail`."""
    return [list(mark) for mark in marks]


def of_detail(detail: Mapping[str, Any]) -> tuple[SentenceMark, ...]:
    """The marks of a row of the log."""
    return tuple(SentenceMark(*mark) for mark in detail.get("marks") or ())


def in_text(marks: Iterable[SentenceMark], text: str) -> tuple[SentenceMark, ...]:
    """The marks whose words stand in `text`, at their place or, where a speech was split anew, at the first place that has them."""
    found = []
    for mark in marks:
        at = mark.start if text.startswith(mark.words, mark.start) else text.find(mark.words)
        if at >= 0:
            found.append(mark._replace(start=at, end=at + len(mark.words)))
    return tuple(sorted(found))
