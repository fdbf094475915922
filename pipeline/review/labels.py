"""The labels that people gave, as rows of a dataset: the bridge from the review store to the main job and to training."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.carry import PersonLabels, is_persons
from pipeline.dataset import DatasetError, load_dataset
from pipeline.records import NOT_ADDRESSED
from pipeline.review.doubt import certainty, model_label
from pipeline.review.readings import Readings, Settled
from pipeline.review.sentence_marks import SentenceMark, in_text
from pipeline.review.store import Place, Store, open_store, text_sha256
from pipeline.schema import STANCE_COLUMNS
from pipeline.tables import Row

#: The review rule's threshold where the model does not say its own.
_REVIEW_BELOW = 0.8


@dataclass(frozen=True, slots=True)
class ReviewedLabel:
    """A person's label of a speech, ready for training. `source` is `reviewer` or `adjudicated`; `evidence` is the sentence that
    the person chose, None where they chose none; `reviewed_at` is ISO 8601 in UTC; `whole_speech` says that the debate is on R2P itself;
    `marks` are the sentences that the person marked, with their place in `text`."""

    speech_id: str
    text: str
    label: str
    evidence: str | None
    source: str
    reviewer: str
    reviewed_at: str
    state: str | None
    iso3: str | None
    year: int | None
    whole_speech: bool
    marks: tuple[SentenceMark, ...] = ()


def reviewed(dataset: Path | str) -> Iterator[ReviewedLabel]:
    """Every speech of a dataset with a label by people, once each, the label that counts (an adjudicated one before readings, a
    reviewer's late correction before the earlier label). Speeches in dispute are left out. Labels come from the review
    store; those of a dataset that came without its store, from its tables. Raises DatasetError where there is no dataset."""
    path = Path(dataset)
    opened = load_dataset(path)
    seen: set[str] = set()
    taken_back = withdrawn(path)
    for row, settled in _settled_rows(path):
        seen.add(row["speech_id"])
        yield _reviewed(row, in_text(settled.marks, row["text"]))
    for row in opened.rows("speeches"):
        if is_persons(row) and row["speech_id"] not in seen | taken_back:
            yield _reviewed(row)


def _reviewed(row: Row, marks: tuple[SentenceMark, ...] = ()) -> ReviewedLabel:
    from pipeline.document import whole_speech_counts

    return ReviewedLabel(
        row["speech_id"],
        row["text"],
        row["stance"] or NOT_ADDRESSED,
        row.get("evidence"),
        row["label_source"],
        row.get("reviewer") or "",
        str(row.get("reviewed_at") or ""),
        row.get("state"),
        row.get("iso3"),
        row.get("year"),
        whole_speech_counts(row),
        marks,
    )


def persons_rows(dataset: Path) -> Iterator[Row]:
    """One row a speech with a settled label in the dataset's review store: the columns of `speeches` that carry it
    (speech_id, document, text as it was shown, status, stance, label_source, reviewer, reviewed_at, note, evidence
    and its span). Nothing where there is no store.
    """
    for row, _ in _settled_rows(dataset):
        yield row


def _settled_rows(dataset: Path) -> Iterator[tuple[Row, Settled]]:
    """As `persons_rows`, with what the rows were made of."""
    store = open_store(dataset, create=False)
    if store is None:
        return
    try:
        follow(store, dataset)
        readings = Readings()
        readings.add(store.actions())
        for uid, place in store.places().items():
            settled = readings.settled(uid)
            if settled is not None:
                yield person_row(store.shown_row(place.shown), settled), settled
    finally:
        store.close()


def withdrawn(dataset: Path) -> set[str]:
    """The speech_ids whose label in the tables no longer counts: it was taken back, or a second reading disputes it."""
    store = open_store(dataset, create=False)
    if store is None:
        return set()
    try:
        readings = Readings()
        readings.add(store.actions())
        return {
            place.speech_id
            for uid, place in store.places().items()
            if readings.touched(uid) and readings.settled(uid) is None
        }
    finally:
        store.close()


def person_row(row: Row, settled: Settled) -> Row:
    """`row` (a speech as it was shown) with the label that counts. A deciding sentence that nobody chose is left out, and so
    is one that is not in the text at its place."""
    start, end = settled.evidence_start, settled.evidence_end
    chosen = settled.evidence is not None and row["text"][start:end] == settled.evidence
    taken = settled.label == NOT_ADDRESSED
    return {
        **row,
        "status": NOT_ADDRESSED if taken else "labelled",
        "stance": None if taken else settled.label,
        "label_source": settled.source,
        "reviewer": settled.reviewer,
        "reviewed_at": settled.at,
        "note": settled.note,
        "needs_review": False,
        "evidence": settled.evidence if chosen else None,
        "evidence_start": start if chosen else None,
        "evidence_end": end if chosen else None,
    }


def as_model_row(row: Row, review_below: float) -> Row:
    """The row as the model left it, where a person's label stands in it: the label by the probabilities, the doubt by the rule."""
    if not is_persons(row):
        return row
    label = model_label(row)
    sure = certainty(row)
    status = None if label is None else NOT_ADDRESSED if label == NOT_ADDRESSED else "labelled"
    return {
        **row,
        "status": status,
        "stance": label if status == "labelled" else None,
        "label_source": "model" if label else None,
        "reviewer": None,
        "reviewed_at": None,
        "note": None,
        "needs_review": sure is not None and sure < review_below,
    }


def model_row(row: Row, shown: Row | None, review_below: float) -> Row:
    """As `as_model_row`, by what was shown to the reviewer where that was the same model's judgement of the same words: then the
    model's own deciding sentence is there again too."""
    if not is_persons(row):
        return row
    base = as_model_row(row, review_below)
    if shown and shown["text"] == row["text"] and shown["model"] == row["model"] and not is_persons(shown):
        base.update({name: shown.get(name) for name in STANCE_COLUMNS})
    return base


def follow(store: Store, dataset: Path) -> dict[int, Place]:
    """Finds each speech of the store in the dataset as it is now, and gives the places. A speech whose document was split anew is
    found by its words (as `pipeline.carry` does) and its new place is noted in the store; one that is gone keeps its old place."""
    places = store.places()
    if not places:
        return places
    wanted = {place.document for place in places.values()}
    by_document: dict[str, list[Row]] = defaultdict(list)
    try:
        for row in load_dataset(dataset).rows("speeches"):
            if row["document"] in wanted:
                by_document[row["document"]].append(row)
    except DatasetError:
        return places  # no tables yet, or damaged ones: the labels stay where they were
    return follow_in(store, places, by_document)


def follow_in(store: Store, places: dict[int, Place], by_document: dict[str, list[Row]]) -> dict[int, Place]:
    """As `follow`, with the rows at hand (all speeches of each document that the store names)."""
    known = {(row["speech_id"], text_sha256(row["text"])) for rows in by_document.values() for row in rows}
    lost = [p for p in places.values() if (p.speech_id, p.text_sha256) not in known]
    if not lost:
        return places
    taken = {p.speech_id for p in places.values() if (p.speech_id, p.text_sha256) in known}
    for document, old in _by_document(lost):
        rows = [
            {**row, "label_source": "reviewer" if row["speech_id"] in taken else "model", "reviewer": None}
            for row in by_document.get(document, [])
        ]
        labels = [
            {**store.shown_row(p.shown), "label_source": "reviewer", "reviewer": f"speech {p.uid}"}
            for p in old
        ]
        placed = PersonLabels(labels).apply(document, rows)
        original = {row["speech_id"]: row for row in by_document.get(document, [])}
        for row in placed:
            uid = next((p.uid for p in old if row["reviewer"] == f"speech {p.uid}"), None)
            if uid is not None:
                with store.writing():
                    places[uid] = store.show(as_model_row(original[row["speech_id"]], _REVIEW_BELOW), uid)
    return places


def _by_document(places: Iterable[Place]) -> list[tuple[str, list[Place]]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        found[place.document].append(place)
    return list(found.items())
