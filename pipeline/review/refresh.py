"""The dataset's files brought up to the review store: the labels that count, and the model's where one was taken back.

Run as `python -m pipeline.review.refresh DIR` it does so in a process of its own, so that the review page stays quick.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pipeline.carry import with_label
from pipeline.dataset import DatasetError, load_dataset, rewrite_speeches
from pipeline.review.labels import follow, model_row, person_row
from pipeline.review.readings import Readings
from pipeline.review.store import Place, open_store, text_sha256
from pipeline.tables import Row


def is_fresh(dataset: Path) -> bool:
    """True where the files hold everything that the store does."""
    store = open_store(dataset, create=False)
    if store is None:
        return True
    try:
        through = (load_dataset(dataset).manifest.get("reviews") or {}).get("through", 0)
        return bool(through == store.last_action())
    finally:
        store.close()


def refresh(dataset: Path) -> int:
    """Writes the labels of the store into the dataset's tables; gives the number of speeches with a person's label.

    `label_source` becomes `reviewer` or `adjudicated`; a speech whose label was taken back, or is disputed, has the model's again
    (disputed: with `needs_review`). Raises DatasetError where another process is writing the dataset.
    """
    from pipeline.run import locked

    with locked(dataset):
        store = open_store(dataset, create=False)
        if store is None:
            return 0
        try:
            opened = load_dataset(dataset)
            below = (opened.manifest.get("model") or {}).get("review_below") or 0.8
            places = follow(store, dataset)
            readings = Readings()
            readings.add(store.actions())
            by_id: dict[str, Place] = {p.speech_id: p for p in places.values() if readings.touched(p.uid)}
            labelled = 0

            def change(row: Row) -> Row:
                nonlocal labelled
                place = by_id.get(row["speech_id"])
                if place is None or place.text_sha256 != text_sha256(row["text"]):
                    return row
                shown = store.shown_row(place.shown)
                base = model_row(row, shown, below)
                settled = readings.settled(place.uid)
                if settled is None:
                    return {**base, "needs_review": base["needs_review"] or readings.disputed(place.uid)}
                labelled += 1
                return with_label(base, person_row(row, settled))

            facts: dict[str, Any] = {
                "file": store.path.name,
                "through": readings.last,
                "reviewers": sorted({r for uid in readings.uids() for r in readings.readings(uid)}),
                "disputed": sum(readings.disputed(uid) for uid in readings.uids()),
            }
            rewrite_speeches(dataset, change, {"reviews": facts})
            return labelled
        finally:
            store.close()


def main(arguments: list[str]) -> int:
    """0 done, 1 not now (another process writes the dataset, the disk is full): the store still has everything."""
    try:
        for name in arguments:
            refresh(Path(name))
    except (DatasetError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
