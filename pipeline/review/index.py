"""The speeches of a dataset ready for the review page: looked up one by one, filtered, ordered by doubt.

Texts go into a file of their own under `.r2p` (made again whenever the dataset's tables changed), what the queue needs stays
in memory. A cache: it may be deleted at any time. Not here: what reviewers did.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.carry import is_persons
from pipeline.dataset import PRIVATE, Dataset
from pipeline.review.doubt import (
    IN_QUEUE,
    Context,
    certainty,
    context_of,
    doubt,
    limiting_sentences,
    model_label,
    probabilities,
)
from pipeline.review.labels import model_row
from pipeline.review.store import Store, text_sha256
from pipeline.tables import Row

_FILE = "review-index.sqlite"

#: Other tables, other reasons: other cache.
_VERSION = "8"

#: What a label that came with the tables brings along.
_GIVEN = (
    "status", "stance", "label_source", "reviewer", "reviewed_at", "note", "evidence", "evidence_start", "evidence_end",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A speech as the queue knows it. `sure` is the probability of its label by itself; `stratum` is `doubtful`, `confident`, `not_addressed` or `other` (no English, no delegate, a copy)."""

    number: int
    speech_id: str
    document: str
    symbol: str | None
    state: str | None
    iso3: str | None
    speaker: str | None
    year: int | None
    date: str | None
    debate: str | None
    words: int
    text_sha256: str
    label: str | None
    sure: float | None
    model: str | None
    score: float
    why: tuple[str, ...]
    stratum: str

    @property
    def meeting(self) -> str:
        """The record's symbol, else the document's name."""
        return self.symbol or self.document

    @property
    def who(self) -> str:
        """The State, else the speaker."""
        return self.state or self.speaker or "Unknown speaker"


class Index:
    """All speeches of a dataset; `entries` in the order of the dataset."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        rows = self._db.execute("SELECT entry FROM speech ORDER BY number").fetchall()
        values = [json.loads(row[0]) for row in rows]
        self.entries = [Entry(**{**value, "why": tuple(value["why"])}) for value in values]
        self.by_id = {entry.speech_id: entry for entry in self.entries}
        self.matching: Callable[[str], frozenset[int]] = lru_cache(maxsize=32)(self._matching)

    def row(self, entry: Entry) -> Row:
        """The whole row of `speeches`, as the model left it."""
        with self._lock:
            row, text = self._db.execute(
                "SELECT row, text FROM speech WHERE number = ?", (entry.number,)
            ).fetchone()
        found: Row = json.loads(row)
        found["text"] = text
        return found

    def _matching(self, words: str) -> frozenset[int]:
        """The numbers of the speeches that hold `words` in text, speaker or State, upper and lower case alike (ASCII)."""
        pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        with self._lock:
            rows = self._db.execute(
                "SELECT number FROM speech WHERE text LIKE ?1 ESCAPE '\\' OR head LIKE ?1 ESCAPE '\\'",
                (pattern,),
            ).fetchall()
        return frozenset(row[0] for row in rows)

    def given(self) -> list[tuple[Entry, Row]]:
        """Labels by people that stand in the tables but were not in the store when the index was made."""
        with self._lock:
            rows = self._db.execute("SELECT number, row FROM given ORDER BY number").fetchall()
        return [(self.entries[number], json.loads(row)) for number, row in rows]

    def close(self) -> None:
        with self._lock:
            self._db.close()


def fingerprint(dataset: Dataset) -> str:
    """Changes when the dataset was labelled again, not when reviewers' labels reached its files."""
    told = {name: dataset.manifest.get(name) for name in ("model", "inputs", "runs", "settings")}
    return hashlib.sha256(json.dumps([_VERSION, told], sort_keys=True).encode()).hexdigest()[:20]


def open_index(
    dataset: Dataset, store: Store, other: Callable[[Row], str | None] | None = None, other_name: str = ""
) -> Index:
    """The index of a dataset, made where it is missing or stale. `other` gives a second model's label of a row, where a newer
    model than the dataset's is in use; `other_name` is that model's name."""
    file = dataset.path / PRIVATE / _FILE
    file.parent.mkdir(exist_ok=True)
    context = replace(context_of(dataset), other_name=other_name)
    tables = dataset.path / "datapackage.json"
    key = "-".join(
        [
            fingerprint(dataset),
            other_name,
            # A table that somebody changed by hand is read again; our own refresh notes itself in the manifest.
            ""
            if dataset.manifest.get("reviews")
            else str(tables.stat().st_mtime_ns if tables.exists() else 0),
            str(sorted(context.likely_errors.items())[:50]),
        ]
    )
    if not _is_made(file, key):
        for stale in (file, file.with_name(file.name + "-journal")):
            stale.unlink(missing_ok=True)
        beside = file.with_suffix(".new")
        beside.unlink(missing_ok=True)
        _make(beside, key, dataset, store, context, other)
        beside.replace(file)
    return Index(file)


def _is_made(file: Path, key: str) -> bool:
    if not file.is_file():
        return False
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(file)) as db:
        found = db.execute("SELECT key FROM made").fetchone()
        return bool(found and found[0] == key)
    return False


def _make(
    file: Path,
    key: str,
    dataset: Dataset,
    store: Store,
    context: Context,
    other: Callable[[Row], str | None] | None,
) -> None:
    context = replace(context, limiting=limiting_sentences(dataset))
    shown = {place.speech_id: place.shown for place in store.places().values()}
    with contextlib.closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode=OFF")
        db.execute("PRAGMA synchronous=OFF")
        db.execute("CREATE TABLE made (key TEXT)")
        db.execute("CREATE TABLE given (number INTEGER, row TEXT)")
        db.execute(
            "CREATE TABLE speech (number INTEGER PRIMARY KEY, entry TEXT, head TEXT, row TEXT, text TEXT)"
        )
        for number, row in enumerate(dataset.rows("speeches")):
            if is_persons(row) and row["speech_id"] not in shown:
                label = {name: row[name] for name in _GIVEN}
                db.execute("INSERT INTO given VALUES (?, ?)", (number, json.dumps(label)))
            if row["speech_id"] in shown:
                row = model_row(row, store.shown_row(shown[row["speech_id"]]), context.review_below)
            else:
                row = model_row(row, None, context.review_below)
            row["text"] = row["text"] or ""
            if other is not None and (second := other(row)) is not None:
                context = replace(context, other_model={row["speech_id"]: second})
            entry = _entry(number, row, context)
            rest = {name: value for name, value in row.items() if name != "text"}
            head = " ".join(str(row[name]) for name in ("speech_id", "state", "iso3", "speaker") if row[name])
            db.execute(
                "INSERT INTO speech VALUES (?, ?, ?, ?, ?)",
                (
                    number,
                    json.dumps(entry),
                    head,
                    json.dumps(rest),
                    row["text"].encode("utf-8", "replace").decode(),
                ),
            )
        db.execute("INSERT INTO made VALUES (?)", (key,))
        db.commit()


def _entry(number: int, row: Row, context: Context) -> dict[str, Any]:
    verdict = doubt(row, context)
    label = model_label(row)
    if (
        row["status"] == "unsupported_language"
        or row["role"] not in ("delegate", "other")
        or row["document"] in context.copies
    ):
        stratum = "other"
    elif verdict.score >= IN_QUEUE:
        stratum = "doubtful"
    else:
        stratum = "not_addressed" if label == "not_addressed" else "confident"
    return {
        "number": number,
        **{name: row[name] for name in ("speech_id", "document", "symbol", "state", "iso3", "speaker", "year", "date", "debate", "model")},
        "words": row["words"] or 0,
        "text_sha256": text_sha256(row["text"]),
        "label": label,
        "sure": max(probabilities(row).values(), default=certainty(row)),
        "score": verdict.score,
        "why": verdict.why,
        "stratum": stratum,
    }  # fmt: skip
