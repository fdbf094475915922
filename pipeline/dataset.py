"""A labelled dataset on disk: reading it, writing it whole, and changing it without ever leaving half of it.

A dataset is a folder that is a Frictionless data package (three tables, `datapackage.json`, `README.md`,
`manifest.json`). New files are written beside the old ones in `.r2p/staging` and then moved into place by a list of
moves that is itself on disk first: whoever opens the folder after a crash finishes the moves or drops them.
Not here: where the rows come from (`pipeline.run`, `pipeline.review`).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.schema import SCHEMA_VERSION, TABLES
from pipeline.tables import FORMATS, Row, TableFiles, read_rows

#: The folder inside a dataset that belongs to the program: stored documents, staging, the lock.
PRIVATE = ".r2p"

_MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet", "jsonl": "application/x-ndjson"}
_FIELD_TYPES = {"list": "array"}


class DatasetError(Exception):
    """A folder that is no dataset, one of another version, or one that cannot be written; says what to do."""


@dataclass(frozen=True)
class Dataset:
    """An opened dataset: its folder, its manifest and the formats it comes in."""

    path: Path
    manifest: dict[str, Any]
    formats: tuple[str, ...]

    def rows(self, table: str = "speeches", only: Sequence[str] | None = None) -> Iterator[Row]:
        """The rows of `speeches`, `meetings` or `events` as dicts, streamed; `only` names the columns wanted.

        Raises DatasetError when the table's file is missing or damaged.
        """
        # Parquet first: typed and quickest; CSV last, because a spreadsheet may have touched it.
        for kind in ("parquet", "jsonl", "csv"):
            path = self.path / f"{table}.{kind}"
            if kind in self.formats and path.is_file():
                try:
                    yield from read_rows(path, TABLES[table], only)
                except (ValueError, OSError, UnicodeError) as error:
                    raise DatasetError(
                        f"{path}: the table is damaged ({error}). Run the label command again on the same inputs to rebuild it."
                    ) from error
                return
        raise DatasetError(
            f"{self.path}: the table {table} is missing. Run the label command again on the same inputs to rebuild it."
        )

    def speeches(self) -> list[Row]:
        """All speeches in memory: handy for a notebook; for large datasets use `rows`."""
        return list(self.rows("speeches"))


def is_dataset(path: Path) -> bool:
    """True where the folder holds a dataset of ours (its manifest says so)."""
    return _read_manifest(path) is not None


def _read_manifest(path: Path) -> dict[str, Any] | None:
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    ours = (
        isinstance(manifest, dict)
        and "schema_version" in manifest
        and manifest.get("tool", {}).get("name") == "r2p-stance"
    )
    return manifest if ours else None


def store_path(store: Path, key: str) -> Path:
    """Where a run keeps the rows of a document, among those of `.r2p/documents`."""
    return store / key[:2] / f"{key}.json.gz"


def read_stored(store: Path | None, key: str | None) -> dict[str, Any] | None:
    """A stored document, or None where it is not there or was damaged (it is then read again)."""
    if store is None or key is None:
        return None
    try:
        value = json.loads(gzip.decompress(store_path(store, key).read_bytes()))
    except (OSError, ValueError, EOFError, zlib.error):
        return None
    return value if isinstance(value, dict) else None


def stored_rows(folder: Path, key: str | None, part: str) -> list[dict[str, Any]]:
    """What the run that made a dataset stored of a document: its `speeches` as they were read, or as they were `judged`. Empty where it is gone."""
    value = read_stored(folder / PRIVATE / "documents", key) or {}
    rows = value.get(part)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def load_dataset(path: Path | str) -> Dataset:
    """Opens a dataset folder. A change that a crash interrupted is finished first.

    Raises DatasetError, in words, when there is no dataset or its version is not readable.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise DatasetError(
            f"{folder}: there is no such folder. Name the folder that the label command wrote."
        )
    if (folder / PRIVATE / "moves.json").is_file():
        recover(folder)
    manifest = _read_manifest(folder)
    if manifest is None:
        raise DatasetError(
            f"{folder}: this is no labelled dataset (no manifest.json of r2p-stance). Name the folder that the label command wrote."
        )
    version = str(manifest["schema_version"])
    if version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        raise DatasetError(
            f"{folder}: the dataset has version {version}, this program reads version {SCHEMA_VERSION}. "
            "Label the inputs again with this program, or read it with the one that wrote it."
        )
    formats = tuple(kind for kind in FORMATS if kind in manifest.get("formats", FORMATS))
    return Dataset(folder, manifest, formats)


@dataclass
class Counts:
    """What was written, counted on the way past: for the card, the summary and the manifest."""

    documents: int = 0
    pages: int = 0
    speeches: int = 0
    events: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    states: set[str] = field(default_factory=set)
    unresolved: int = 0
    needs_review: int = 0
    years: set[int] = field(default_factory=set)

    def add(self, row: Row) -> None:
        """Counts one row of `speeches`."""
        self.speeches += 1
        self.labels[row["stance"] or row["status"] or "not labelled"] += 1
        self.roles[row["role"]] += 1
        if row["label_source"]:
            self.sources[row["label_source"]] += 1
        if row["iso3"]:
            self.states.add(row["iso3"])
        elif row["role"] == "delegate":
            self.unresolved += 1
        self.needs_review += bool(row["needs_review"])
        if row["year"]:
            self.years.add(row["year"])


def write_dataset(
    path: Path,
    documents: Iterable[tuple[Row, Sequence[Row], Sequence[Row]]],
    manifest: dict[str, Any],
    formats: Sequence[str],
) -> Counts:
    """Writes a dataset whole and moves it into place at once.

    `documents` gives, one document at a time, its row of `meetings` and its rows of `speeches` and `events`. Only one document's speeches
    and one batch are in memory; the rows of `meetings` are written last. These and `manifest` may be filled by the caller up to the moment that
    `documents` ends: what a document is to the others is known then. Raises OSError (disk full, read-only); the dataset that was there is then untouched.
    """
    staging = _fresh_staging(path)
    counts = Counts()
    waiting: list[Row] = []
    with (
        TableFiles(staging, "speeches", TABLES["speeches"], formats) as speeches,
        TableFiles(staging, "meetings", TABLES["meetings"], formats) as meetings,
        TableFiles(staging, "events", TABLES["events"], formats) as events,
    ):
        for meeting, speech_rows, event_rows in documents:
            waiting.append(meeting)
            counts.documents += 1
            counts.pages += meeting["pages"] or 0
            for row in speech_rows:
                speeches.write(row)
                counts.add(row)
            for row in event_rows:
                events.write(row)
                counts.events += 1
        for meeting in waiting:
            meetings.write(meeting)
    rows = {"speeches": speeches.rows, "meetings": meetings.rows, "events": events.rows}
    _finish(path, staging, manifest, formats, counts, rows)
    return counts


def rewrite_speeches(
    path: Path, change: Callable[[Row], Row], manifest_changes: dict[str, Any] | None = None
) -> Counts:
    """Passes every speech of a dataset through `change` and puts the new tables in place of the old ones.

    Used when reviewers' labels reach the dataset's files. Raises DatasetError or OSError; the old files stay then.
    """
    dataset = load_dataset(path)
    staging = _fresh_staging(path)
    counts = Counts()
    rows = {}
    with TableFiles(staging, "speeches", TABLES["speeches"], dataset.formats) as speeches:
        for row in dataset.rows("speeches"):
            changed = change(row)
            speeches.write(changed)
            counts.add(changed)
    rows["speeches"] = speeches.rows
    for table in ("meetings", "events"):
        rows[table] = sum(1 for _ in dataset.rows(table, only=["document"]))
        for kind in dataset.formats:
            shutil.copyfile(path / f"{table}.{kind}", staging / f"{table}.{kind}")
    counts.documents, counts.events = rows["meetings"], rows["events"]
    counts.pages = sum(row["pages"] or 0 for row in dataset.rows("meetings", only=["pages"]))
    _finish(path, staging, {**dataset.manifest, **(manifest_changes or {})}, dataset.formats, counts, rows)
    return counts


def _fresh_staging(path: Path) -> Path:
    recover(path)
    staging = path / PRIVATE / "staging"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    return staging


def _finish(
    path: Path,
    staging: Path,
    manifest: dict[str, Any],
    formats: Sequence[str],
    counts: Counts,
    rows: dict[str, int],
) -> None:
    from pipeline.card import dataset_card

    manifest = {**manifest, "schema_version": SCHEMA_VERSION, "formats": list(formats)}
    package = _data_package(staging, formats, rows)
    _write_text(staging / "datapackage.json", json.dumps(package, indent=2, ensure_ascii=False) + "\n")
    _write_text(staging / "README.md", dataset_card(manifest, counts))
    _write_text(staging / "manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    _commit(path, staging)


def _data_package(staging: Path, formats: Sequence[str], rows: dict[str, int]) -> dict[str, Any]:
    """`datapackage.json` by the Data Package standard (v1 tabular resources; lists are JSON arrays in CSV)."""
    resources = []
    for table, columns in TABLES.items():
        for kind in formats:
            file = staging / f"{table}.{kind}"
            resources.append(
                {
                    "name": table if kind == formats[0] else f"{table}-{kind}",
                    "path": file.name,
                    "format": kind,
                    "mediatype": _MEDIA[kind],
                    "encoding": "utf-8",
                    "bytes": file.stat().st_size,
                    "hash": f"sha256:{_sha256(file)}",
                    "rows": rows[table],
                    **({"profile": "tabular-data-resource"} if kind == "csv" else {}),
                    "schema": {
                        "fields": [
                            {
                                "name": c.name,
                                "type": _FIELD_TYPES.get(c.type, c.type),
                                "description": c.meaning,
                            }
                            for c in columns
                        ],
                        "missingValues": [""],
                        **({"primaryKey": "speech_id"} if table == "speeches" else {}),
                    },
                }
            )
    return {
        "profile": "data-package",
        "name": "r2p-stance-dataset",
        "title": "Speeches in UN debates with their stance on the responsibility to protect",
        "resources": resources,
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _commit(path: Path, staging: Path) -> None:
    """Moves everything in `staging` into `path`: first to disk, then the list of moves, then the moves.

    From the moment `moves.json` is there the new dataset counts; before it, the old one does.
    """
    files = sorted(file.name for file in staging.iterdir())
    stale = [
        f"{table}.{kind}"
        for table in TABLES
        for kind in FORMATS
        if f"{table}.{kind}" not in files and (path / f"{table}.{kind}").exists()
    ]
    for name in files:
        _sync(staging / name)
    beside = path / PRIVATE / "moves.json.new"
    _write_text(beside, json.dumps({"files": files, "stale": stale}))
    _sync(beside)
    beside.replace(path / PRIVATE / "moves.json")
    recover(path)


def recover(path: Path) -> None:
    """Finishes the moves that a crash interrupted, if any, and clears what an unfinished write left behind."""
    moves = path / PRIVATE / "moves.json"
    if not moves.is_file():
        return
    plan = json.loads(moves.read_text(encoding="utf-8"))
    names = {f"{table}.{kind}" for table in TABLES for kind in FORMATS} | {
        "datapackage.json",
        "README.md",
        "manifest.json",
    }
    staging = path / PRIVATE / "staging"
    for name in plan["files"]:
        # The list comes from a folder that may have travelled: nothing but our own file names is moved.
        if name in names and (staging / name).exists():
            (staging / name).replace(path / name)
    for name in plan["stale"]:
        if name in names:
            (path / name).unlink(missing_ok=True)
    moves.unlink()


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
