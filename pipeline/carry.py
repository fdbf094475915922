"""What a person decided about a speech, carried over when the dataset is written again.

A person's label is tied to the words it was given for. When a document is split anew, the label follows the words
(by overlap); what cannot follow is listed and kept aside, never dropped. Not here: the reviewing itself
(`pipeline.review`).
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.tables import Row

#: Columns that a person's label brings along.
_PERSON = ("status", "stance", "label_source", "reviewer", "reviewed_at", "note")

#: A label follows its speech when at least this share of the words of the longer text is in both: a turn cut in two
#: at a place that leaves the greater part keeps it; two halves of equal length do not.
_OVERLAP = 0.8

KEPT_ASIDE = "reviews_kept_aside.jsonl"

_WORD = re.compile(r"\w+")


def is_persons(row: Row) -> bool:
    """True where a person, not a model, gave the label."""
    return row.get("label_source") in ("reviewer", "adjudicated")


class PersonLabels:
    """The labels that people gave, by document, waiting for the speeches they belong to."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._by_document: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if is_persons(row):
                self._by_document[row["document"]].append(row)
        self.carried = 0
        self.lost: list[Row] = []

    def apply(self, document: str, rows: Sequence[Row]) -> list[Row]:
        """`rows` of one document with the people's labels in place; remembers those that found no speech."""
        waiting = self._by_document.pop(document, [])
        result = list(rows)
        for label in waiting:
            place = _place(label, result)
            if place is None:
                self.lost.append(label)
            else:
                result[place] = with_label(result[place], label)
                self.carried += 1
        return result

    def rest(self) -> list[Row]:
        """The labels of documents that are no longer in the dataset, and those whose speech was not found again."""
        return [*self.lost, *(row for rows in self._by_document.values() for row in rows)]


def _place(label: Row, rows: Sequence[Row]) -> int | None:
    for i, row in enumerate(rows):
        if row["speech_id"] == label["speech_id"] and row["text"] == label["text"]:
            return i
    words = _words(label["text"])
    best, score = None, _OVERLAP
    for i, row in enumerate(rows):
        if is_persons(row):
            continue
        overlap = _overlap(words, _words(row["text"]))
        if overlap >= score and (best is None or overlap > score):
            best, score = i, overlap
    return best


def _words(text: str | None) -> Counter[str]:
    return Counter(_WORD.findall((text or "").lower()))


def _overlap(a: Counter[str], b: Counter[str]) -> float:
    longer = max(a.total(), b.total())
    return (a & b).total() / longer if longer else 0.0


def with_label(row: Row, label: Row) -> Row:
    """`row` with the person's label; the model's probabilities stay beside it, and its doubt is settled."""
    result = {**row, **{name: label.get(name) for name in _PERSON}, "needs_review": False}
    evidence = label.get("evidence")
    start = row["text"].find(evidence) if evidence else -1
    if evidence and start >= 0:
        if row["text"] == label["text"] and label.get("evidence_start") is not None:
            start = label["evidence_start"]
        result.update(evidence=evidence, evidence_start=start, evidence_end=start + len(evidence))
    return result


def keep_aside(path: Path, labels: Sequence[Row]) -> None:
    """Appends labels without a speech to `reviews_kept_aside.jsonl`, each once. Written beside, then moved."""
    file = path / KEPT_ASIDE
    known = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    lines = [json.dumps(label, ensure_ascii=False, sort_keys=True) for label in labels]
    fresh = [line for line in dict.fromkeys(lines) if line not in set(known)]
    if fresh:
        beside = file.with_suffix(".new")
        beside.write_text("\n".join([*known, *fresh]) + "\n", encoding="utf-8")
        beside.replace(file)
