"""The labels that people gave, as rows of a dataset: the bridge from the review store to the main job."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.tables import Row


def persons_rows(dataset: Path) -> Iterator[Row]:
    """One row a speech with a settled label in the dataset's review store: the columns of `speeches` that carry it
    (speech_id, document, text as it was shown, status, stance, label_source, reviewer, reviewed_at, note, evidence
    and its span). Nothing where there is no store.
    """
    yield from ()
