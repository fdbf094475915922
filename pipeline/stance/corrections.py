"""Labels that people gave in datasets, as training examples. Not here: how reviews are stored (`pipeline.review`)."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.carry import is_persons
from pipeline.dataset import load_dataset
from pipeline.document import whole_speech_counts
from pipeline.records import LABELS, NOT_ADDRESSED, Span
from pipeline.stance.corpus import Example, Mark, locate, with_deciding

_ROOM = "pipeline.review"


def corrections(datasets: Iterable[Path]) -> list[Example]:
    """Every speech of the datasets that a person labelled, the weightiest label last: readings by their time, then adjudicated ones,
    so that `corpus.unique` keeps a late correction before an early label, and an adjudicated label before both.

    Raises DatasetError where a folder is no labelled dataset.
    """
    found = [row for dataset in datasets for row in _persons_rows(Path(dataset))]
    found.sort(
        key=lambda row: (
            row["label_source"] == "adjudicated",
            str(row["reviewed_at"] or ""),
            row["speech_id"],
            row["label"],
        )
    )
    return [
        Example(
            id=row["speech_id"],
            text=row["text"],
            label=row["label"],
            # A group has no ISO code, but its speeches belong together all the same when speeches are held out by State.
            iso3=row["iso3"] or row["state"],
            year=row["year"],
            whole_speech=row["whole_speech"],
            evidence=locate(row["text"], row["evidence"]) if row["evidence"] else None,
            marks=_marks(row),
            source="correction",
            label_source=row["label_source"],
        )
        for row in found
    ]


def _marks(row: dict[str, Any]) -> tuple[Mark, ...]:
    """The sentences that the reviewer marked. Where there are any, the deciding one is among them: it says what the speech says."""
    marks = tuple(Mark(Span(mark.start, mark.end), mark.letter) for mark in row["marks"])
    return with_deciding(
        marks, locate(row["text"], row["evidence"]) if row["evidence"] else None, row["label"]
    )


def _persons_rows(dataset: Path) -> Iterator[dict[str, Any]]:
    reviewed = _review_store()
    if reviewed is not None:
        for given in reviewed(dataset):
            if given.label in LABELS:
                yield {
                    "speech_id": given.speech_id, "text": given.text, "label": str(given.label), "label_source": given.source,
                    "reviewed_at": given.reviewed_at, "iso3": given.iso3, "state": given.state, "year": given.year,
                    "whole_speech": given.whole_speech, "evidence": given.evidence, "marks": given.marks,
                }  # fmt: skip
        return
    for row in load_dataset(dataset).rows("speeches"):
        label = row["stance"] or NOT_ADDRESSED
        if is_persons(row) and label in LABELS and row["status"] != "unsupported_language":
            yield {**row, "label": str(label), "whole_speech": whole_speech_counts(row), "marks": ()}


def _review_store() -> Any:
    """The review room's reader of labels, which knows its store as well as the tables; None where there is none."""
    try:
        return getattr(importlib.import_module(f"{_ROOM}.labels"), "reviewed", None)
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith(_ROOM):
            return None
        raise
