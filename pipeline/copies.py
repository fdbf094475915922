"""Documents that hold speeches which another document of the dataset holds, too: a PDF beside its text, a delegation's statement beside the
record in which it stands, two versions of one record.

Both stay in the dataset, because a person may have labelled either; the copy is marked in the table `meetings`, so that whoever counts can count once.
Not here: files with the same bytes, of which only one is read (`pipeline.run`).
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.carry import is_persons
from pipeline.document import LEFT_OUT
from pipeline.records import Problem
from pipeline.tables import Row

#: Letters that a sentence must have to tell one speech from another, and sentences that a speech must have.
_LETTERS, _SENTENCES = 30, 3
#: How many sentences of a speech are remembered: those with the least hashes, so that two versions of it remember the same ones. Their share that
#: both remember estimates the share of sentences in both (Broder 1997, "On the resemblance and containment of documents").
_KEPT = 16
#: From this share on two speeches are one, and from this share of its speeches on a document is a copy.
_SAME_SPEECH, _SAME_DOCUMENT = 0.5, 0.8

_END = re.compile(rb"[.!?;:]\s")
_NO_LETTERS = bytes(n for n in range(256) if not chr(n).isalpha() or n > 127)


def sketch(text: str) -> tuple[int, ...]:
    """A few numbers that two versions of a text share, the least first; none for a text of fewer than three sentences.

    Only the letters a to z count, without case, so a text that was read from a PDF or recognised from a picture has nearly the numbers of the typed one;
    a text in another script has none.
    """
    found = set()
    for sentence in _END.split(text.encode("utf-8", "replace").lower()):
        letters = sentence.translate(None, _NO_LETTERS)
        if len(letters) >= _LETTERS:
            found.add(zlib.crc32(letters))
    return tuple(sorted(found)[:_KEPT]) if len(found) >= _SENTENCES else ()


def resemblance(a: Sequence[int], b: Sequence[int]) -> float:
    """The share of sentences that two speeches have in common, 0 to 1, estimated from their sketches."""
    least = sorted({*a, *b})[:_KEPT]
    both = {*a} & {*b}
    return sum(number in both for number in least) / len(least) if least else 0.0


@dataclass(frozen=True, slots=True)
class Copy:
    """A document whose speeches stand in another one: all that can be compared, or `shared` of `speeches`."""

    document: str
    other: str
    shared: int
    speeches: int
    symbol: str | None

    def problem(self) -> Problem:
        """What the user is told."""
        if self.symbol:
            reason = f"The record {self.symbol} is in {self.other} as well."
        else:
            what = "The speech is" if self.speeches == 1 else f"{self.shared} of {self.speeches} speeches are"
            reason = f"{what} in {self.other} as well."
        return Problem(
            self.document,
            "same_speeches",
            f"{reason} Both stay in the dataset; the tracker counts the other one.",
            "To have the speeches once, take one of the files out and label again with --prune.",
            fatal=False,
        )


@dataclass(slots=True)
class _Known:
    document: str
    symbol: str | None  # of a record; a statement may bear the symbol of the meeting
    rank: tuple[int, int, int]
    speeches: list[tuple[str | None, tuple[int, ...]]]  # the State and the sketch


@dataclass(slots=True)
class Copies:
    """Takes the documents of a dataset one after another and finds those whose speeches stand in another one."""

    _documents: list[_Known] = field(default_factory=list)

    def add(self, meeting: Row, rows: Sequence[Row]) -> None:
        """Remembers a document by its rows of the tables `meetings` and `speeches`."""
        spoken = [row for row in rows if row["role"] not in LEFT_OUT]
        persons = sum(map(is_persons, spoken))
        read = sum(row["status"] != "unsupported_language" for row in spoken)
        sketches = ((row["iso3"], sketch(row["text"])) for row in spoken)
        self._documents.append(
            _Known(
                meeting["document"],
                meeting["symbol"] if meeting["kind"] != "statement" else None,
                (persons, read, -len(self._documents)),
                [(state, numbers) for state, numbers in sketches if numbers],
            )
        )

    def find(self) -> dict[str, Copy]:
        """The copies by document. Of two versions the one with more labels by persons is the original, then the one with more speeches that could be labelled, then the first."""
        places: dict[int, list[tuple[int, int]]] = defaultdict(list)
        by_symbol: dict[str, list[int]] = defaultdict(list)
        for d, known in enumerate(self._documents):
            if known.symbol:
                by_symbol[known.symbol].append(d)
            for s, (_, numbers) in enumerate(known.speeches):
                for number in numbers:
                    places[number].append((d, s))
        found: dict[str, Copy] = {}
        for d, known in enumerate(self._documents):
            shared = self._shared(d, places)
            enough = _SAME_DOCUMENT * len(known.speeches)
            same = {other: n for other, n in shared.items() if n >= enough}
            for other in by_symbol[known.symbol] if known.symbol else ():
                # Without a speech in common they are parts of one record, unless this is a version that cannot be compared.
                if shared[other] or not known.rank[1]:
                    same.setdefault(other, shared[other])
            better = [other for other in same if self._documents[other].rank > known.rank]
            if better:
                first = max(better, key=lambda other: self._documents[other].rank)
                original = self._documents[first]
                found[known.document] = Copy(
                    known.document,
                    original.document,
                    same[first],
                    len(known.speeches),
                    known.symbol if known.symbol == original.symbol else None,
                )
        return found

    def _shared(self, d: int, places: dict[int, list[tuple[int, int]]]) -> Counter[int]:
        """For each other document, how many speeches of this one it holds."""
        shared: Counter[int] = Counter()
        for state, numbers in self._documents[d].speeches:
            near = Counter(place for number in numbers for place in places[number] if place[0] != d)
            holds = set()
            for (other, s), common in near.items():
                their_state, theirs = self._documents[other].speeches[s]
                if other in holds or 2 * common < _SAME_SPEECH * len(numbers):
                    continue
                if state and their_state and state != their_state:
                    continue
                if resemblance(numbers, theirs) >= _SAME_SPEECH:
                    holds.add(other)
            shared.update(holds)
        return shared
