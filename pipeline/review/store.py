"""The review store: every action of every reviewer, one row each, in `reviews.sqlite` in the dataset's folder.

Rows are only ever added (the database itself refuses changes and deletions); undo is one more row. Write-ahead logging
with a full sync at each commit: what was acknowledged is on the disk. Not here: what the actions amount to
(`pipeline.review.readings`).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.tables import Row

#: The store's file in the dataset's folder: beside the tables, because it is data, not cache.
STORE = "reviews.sqlite"

#: Version of the tables below. A store of a later version is refused in words.
STORE_VERSION = 1

#: What a person can do. `label`, `skip` and `note` belong to a reading; `adjudicate` settles two of them.
KINDS = ("label", "skip", "note", "correction", "adjudicate", "undo", "setting")

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reviewer (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, token_sha256 TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS shown (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uid INTEGER NOT NULL, at TEXT NOT NULL, speech_id TEXT NOT NULL,
    document TEXT NOT NULL, text_sha256 TEXT NOT NULL, row TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS shown_of_uid ON shown (uid, id);
CREATE TABLE IF NOT EXISTS action (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, reviewer TEXT NOT NULL, kind TEXT NOT NULL,
    uid INTEGER, shown INTEGER REFERENCES shown (id), old_label TEXT, label TEXT,
    evidence TEXT, evidence_start INTEGER, evidence_end INTEGER, note TEXT,
    undoes INTEGER REFERENCES action (id), detail TEXT NOT NULL DEFAULT '{}', form TEXT UNIQUE
);
CREATE TRIGGER IF NOT EXISTS action_stays BEFORE UPDATE ON action BEGIN SELECT RAISE(ABORT, 'actions are only added'); END;
CREATE TRIGGER IF NOT EXISTS action_kept BEFORE DELETE ON action BEGIN SELECT RAISE(ABORT, 'actions are only added'); END;
CREATE TRIGGER IF NOT EXISTS shown_stays BEFORE UPDATE ON shown BEGIN SELECT RAISE(ABORT, 'rows are only added'); END;
CREATE TRIGGER IF NOT EXISTS shown_kept BEFORE DELETE ON shown BEGIN SELECT RAISE(ABORT, 'rows are only added'); END;
"""


class StoreError(Exception):
    """The store cannot be used; says which file, why and what to do."""

    for_users = True


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the log. `uid` is the speech's number in the store, `shown` the row that was before the reviewer's eyes;
    `old_label` is the label that the same person (or, for `adjudicate`, the project) had given before, if any."""

    id: int
    at: str
    reviewer: str
    kind: str
    uid: int | None = None
    shown: int | None = None
    old_label: str | None = None
    label: str | None = None
    evidence: str | None = None
    evidence_start: int | None = None
    evidence_end: int | None = None
    note: str | None = None
    undoes: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a speech of the store was last seen in the dataset."""

    uid: int
    shown: int
    speech_id: str
    document: str
    text_sha256: str


def text_sha256(text: str | None) -> str:
    """The fingerprint by which a speech's words are recognised."""
    return hashlib.sha256((text or "").encode("utf-8", "surrogatepass")).hexdigest()


def now() -> str:
    """The time in UTC, ISO 8601 with microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class Store:
    """The opened store. Safe under threads; several processes may have it open at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            self._db = sqlite3.connect(path, timeout=20, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA foreign_keys=ON")
            with self.writing():
                for statement in _statements(_TABLES):
                    self._db.execute(statement)
                self._db.execute("INSERT OR IGNORE INTO meta VALUES ('version', ?)", (str(STORE_VERSION),))
        except sqlite3.Error as error:
            raise StoreError(
                f"{path}: the review store cannot be opened ({error}). Check that the folder can be written and that the file "
                "is whole; a copy of it may be put in its place."
            ) from error
        version = self._db.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()[0]
        if int(version) > STORE_VERSION:
            raise StoreError(
                f"{path}: the review store has version {version}, this program reads up to {STORE_VERSION}. Use the newer program."
            )

    def close(self) -> None:
        """Closes the file; the log is folded into it."""
        with self._lock:
            self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that no other process can come between."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def actions(self, after: int = 0) -> list[Action]:
        """The actions with an id above `after`, in the order they were made."""
        names = list(Action.__dataclass_fields__)
        with self._lock:
            rows = self._db.execute(
                f"SELECT {', '.join(names)} FROM action WHERE id > ? ORDER BY id", (after,)
            ).fetchall()
        found = [dict(zip(names, row, strict=True)) for row in rows]
        return [Action(**{**row, "detail": json.loads(row["detail"])}) for row in found]

    def last_action(self) -> int:
        """The id of the latest action, 0 where there is none."""
        with self._lock:
            return int(self._db.execute("SELECT coalesce(max(id), 0) FROM action").fetchone()[0])

    def with_form(self, form: str) -> int | None:
        """The id of the action that a form has already made, if it was sent before."""
        with self._lock:
            row = self._db.execute("SELECT id FROM action WHERE form = ?", (form,)).fetchone()
        return int(row[0]) if row else None

    def add(self, reviewer: str, kind: str, at: str | None = None, **columns: Any) -> Action:
        """Adds an action; to be called inside `writing`. `columns` are fields of `Action`."""
        action = Action(0, at or now(), reviewer, kind, **columns)
        cursor = self._db.execute(
            "INSERT INTO action (at, reviewer, kind, uid, shown, old_label, label, evidence, evidence_start, evidence_end, note, "
            "undoes, detail, form) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                action.at, action.reviewer, action.kind, action.uid, action.shown, action.old_label, action.label,
                action.evidence, action.evidence_start, action.evidence_end, action.note, action.undoes,
                json.dumps(dict(action.detail), ensure_ascii=False), action.form,
            ),
        )  # fmt: skip
        return replace(action, id=int(cursor.lastrowid or 0))

    def show(self, row: Row, uid: int | None) -> Place:
        """Notes what was shown: the whole row of the dataset, its text included; inside `writing`. The same row is stored once."""
        text = json.dumps(row, ensure_ascii=False, sort_keys=True)
        sha = text_sha256(row["text"])
        if uid is not None:
            known = self._db.execute(
                "SELECT id, row FROM shown WHERE uid = ? ORDER BY id DESC LIMIT 1", (uid,)
            ).fetchone()
            if known and known[1] == text:
                return Place(uid, int(known[0]), row["speech_id"], row["document"], sha)
        else:
            uid = int(self._db.execute("SELECT coalesce(max(uid), 0) + 1 FROM shown").fetchone()[0])
        cursor = self._db.execute(
            "INSERT INTO shown (uid, at, speech_id, document, text_sha256, row) VALUES (?, ?, ?, ?, ?, ?)",
            (uid, now(), row["speech_id"], row["document"], sha, text),
        )
        return Place(uid, int(cursor.lastrowid or 0), row["speech_id"], row["document"], sha)

    def places(self) -> dict[int, Place]:
        """Every speech of the store by its number, where it was last seen."""
        with self._lock:
            rows = self._db.execute(
                "SELECT uid, id, speech_id, document, text_sha256 FROM shown WHERE id IN (SELECT max(id) FROM shown GROUP BY uid)"
            ).fetchall()
        return {row[0]: Place(*row) for row in rows}

    def shown_row(self, shown: int) -> Row:
        """The row of the dataset as it was shown."""
        with self._lock:
            found = self._db.execute("SELECT row FROM shown WHERE id = ?", (shown,)).fetchone()
        row: Row = json.loads(found[0])
        return row

    def set_token(self, name: str, token: str) -> None:
        """Gives a reviewer a token; only its hash is kept. An older token of the same name no longer opens anything."""
        with self.writing():
            self._db.execute(
                "INSERT INTO reviewer (name, token_sha256, at) VALUES (?, ?, ?)",
                (name, hashlib.sha256(token.encode()).hexdigest(), now()),
            )

    def tokens(self) -> dict[str, str]:
        """Reviewer -> SHA-256 of the token that counts now."""
        with self._lock:
            return dict(self._db.execute("SELECT name, token_sha256 FROM reviewer ORDER BY id").fetchall())

    def check(self) -> str:
        """`ok`, or what SQLite's own check of the file says."""
        with self._lock:
            return str(self._db.execute("PRAGMA integrity_check").fetchone()[0])


def open_store(dataset: Path, create: bool = True) -> Store | None:
    """The dataset's store; None where there is none and none is to be made. Raises StoreError in words."""
    path = dataset / STORE
    if not create and not path.is_file():
        return None
    return Store(path)


def _statements(script: str) -> Sequence[str]:
    """The statements of a script; a trigger's body keeps its semicolon. (`executescript` would end the transaction.)"""
    found, part = [], ""
    for line in script.splitlines():
        part += line + "\n"
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found
