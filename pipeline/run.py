"""The main job: inputs in, labelled dataset out; in parallel, resumable, with memory bounded by the largest document.

Each document is read in a child process with limits and its rows are stored under `.r2p/documents` at once, so
that a stopped run goes on where it was. When all are done, the tables are written from the store in one pass and moved
into place. Not here: what a document means (`pipeline.document`), how files are written (`pipeline.dataset`).
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import platform
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.carry import PersonLabels, is_persons, keep_aside
from pipeline.copies import Copies
from pipeline.dataset import (
    PRIVATE,
    Counts,
    DatasetError,
    load_dataset,
    read_stored,
    recover,
    store_path,
    write_dataset,
)
from pipeline.document import LEFT_OUT, code_fingerprint, stance_fingerprint, unlabelled_columns
from pipeline.records import InputError, Problem
from pipeline.sandbox import Limits, SandboxPool
from pipeline.tables import FORMATS, Row

if TYPE_CHECKING:
    from pipeline.extract.inputs import Input
    from pipeline.extract.limits import Limits as ReadingLimits

#: Packages whose versions decide results; they are named in the manifest.
_PACKAGES = (
    "scikit-learn",
    "numpy",
    "pypdfium2",
    "pdfminer.six",
    "rapidocr-onnxruntime",
    "pyarrow",
    "pycountry",
)


@dataclass(frozen=True)
class Options:
    """What the user asked for, as in `r2p-stance label --help`."""

    formats: tuple[str, ...] = ("csv", "parquet")
    jobs: int | None = None  # None: all cores
    all_turns: bool = False
    forum: str | None = None
    debate: str | None = None
    date: str | None = None
    states: Path | None = None
    prune: bool = False
    engine: str = "pdfium"
    ocr: bool = True
    model: Path | None = None  # None: the model in use
    stance: bool = True  # False: split only
    cluster: str | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Progress:
    """How far the run is: for a progress bar."""

    document: str
    done: int
    total: int
    pages: int
    speeches: int
    cached: bool


@dataclass
class Summary:
    """What came of a run."""

    path: Path
    counts: Counts
    read: int = 0
    unchanged: int = 0
    kept: int = 0  # documents of earlier runs that were not among the inputs
    problems: list[Problem] = field(default_factory=list)
    carried: int = 0
    kept_aside: int = 0
    seconds: float = 0.0
    pages_read: int = 0

    @property
    def failed(self) -> list[Problem]:
        """The problems that cost an input."""
        return [problem for problem in self.problems if problem.fatal]


@dataclass(frozen=True)
class _Task:
    """One input and how to treat it; small enough to travel to another machine."""

    source: Input
    settings: dict[str, Any]
    split_key: str
    model: str | None
    stance_key: str | None
    limits: Limits
    store: str | None  # None: give the rows back instead of storing them (another machine's disk)
    data: bytes | None = None  # sent along where the input lies on the asking machine alone


@dataclass(frozen=True)
class _Done:
    """The outcome of one task, without its rows unless `rows` holds them."""

    document: str
    sha256: str = ""
    size: int = 0
    key: str = ""
    judged_key: str | None = None
    pages: int = 0
    speeches: int = 0
    media_type: str = ""
    cached: bool = False
    problems: tuple[Problem, ...] = ()
    failure: Problem | None = None
    rows: bytes | None = None
    judged: bytes | None = None


_POOLS: dict[Limits, SandboxPool] = {}


def label(
    inputs: Sequence[Path | str],
    out: Path | str,
    options: Options | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Summary:
    """Reads the inputs (files, folders, zips) and writes or extends the labelled dataset in `out`.

    Documents that are unchanged since an earlier run are not read again; people's labels stay. Raises DatasetError
    when `out` cannot be used (not ours, not writable, in use by another run); every problem of an input is in the
    summary and in manifest.json instead.
    """
    options = options or Options()
    started = time.monotonic()
    path = Path(out)
    _check_formats(options.formats)
    old = _open_output(path)
    with locked(path):
        if old:
            recover(path)
            old = load_dataset(path).manifest
        summary = _run([Path(p) for p in inputs], path, options, old, progress)
    summary.seconds = time.monotonic() - started
    return summary


def _check_formats(formats: Sequence[str]) -> None:
    unknown = [kind for kind in formats if kind not in FORMATS]
    if unknown or not formats:
        raise DatasetError(
            f"Unknown format {', '.join(unknown) or '(none)'}: choose among {', '.join(FORMATS)}."
        )


def _open_output(path: Path) -> dict[str, Any] | None:
    """The old manifest, or None for a new dataset. Raises DatasetError for a folder that is not ours to write."""
    if path.exists() and not path.is_dir():
        raise DatasetError(f"{path}: this is a file. Give --out a folder.")
    try:
        path.mkdir(parents=True, exist_ok=True)
        names = [entry.name for entry in path.iterdir()]
        if names and PRIVATE not in names and "manifest.json" not in names:
            raise DatasetError(
                f"{path}: the folder holds other files and is no dataset of r2p-stance. Give --out a new or empty folder."
            )
        (path / PRIVATE / "documents").mkdir(parents=True, exist_ok=True)
        probe = path / PRIVATE / f"probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise DatasetError(
            f"{path}: the folder cannot be written ({error.strerror}). Give --out a folder that you may write to."
        ) from error
    if "manifest.json" in names or (path / PRIVATE / "moves.json").exists():
        return load_dataset(path).manifest
    return None


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the folder for one writer; the operating system lets go of it when the process ends, however it ends.

    Raises DatasetError, naming the holder, where another process has it.
    """
    from filelock import FileLock, Timeout

    holder = path / PRIVATE / "holder.json"
    lock = FileLock(path / PRIVATE / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        who = ""
        with contextlib.suppress(OSError, ValueError):
            facts = json.loads(holder.read_text(encoding="utf-8"))
            who = f" (process {facts['pid']} on {facts['host']}, since {facts['since']})"
        raise DatasetError(
            f"{path}: another run is writing this dataset{who}. Wait for it to end, or give --out another folder."
        ) from None
    except OSError as error:
        raise DatasetError(_disk_words(path, error)) from error
    try:
        # On a full disk the lock holds without its note; what cannot be written is told where it is missed.
        with contextlib.suppress(OSError):
            facts = {"pid": os.getpid(), "host": platform.node(), "since": _now()}
            holder.write_text(json.dumps(facts), encoding="utf-8")
        yield
    finally:
        with contextlib.suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _run(
    inputs: Sequence[Path],
    path: Path,
    options: Options,
    old: dict[str, Any] | None,
    progress: Callable[[Progress], None] | None,
) -> Summary:
    from pipeline.extract.inputs import find_inputs

    began = _now()
    jobs = options.jobs or os.cpu_count() or 1
    model = _model_path(options)
    settings = _settings(options)
    speakers = _file_hash(options.states)
    pool = SandboxPool(options.limits, {"settings": settings, "model": str(model) if model else None}, jobs)
    if not options.cluster:
        pool.start(1)
        _POOLS[options.limits] = pool
        _load_writers(options.formats)
    split_key = _key(settings, code_fingerprint(), speakers)
    stance_key = stance_fingerprint(model) if model else None

    problems: list[Problem] = []
    found: list[Input] = []
    for item in find_inputs(list(inputs)):
        if isinstance(item, Problem):
            if not _is_states_given(item, inputs, options.states):
                problems.append(item)
        else:
            found.append(item)
    _remember(path, inputs)
    tasks = [
        _Task(
            source,
            settings,
            split_key,
            str(model) if model else None,
            stance_key,
            options.limits,
            str(path / PRIVATE / "documents"),
        )
        for source in found
    ]
    entries: dict[str, dict[str, Any]] = {entry["document"]: entry for entry in (old or {}).get("inputs", [])}
    earlier = set(entries)
    seen: dict[str, str] = {entry["sha256"]: name for name, entry in entries.items()}
    summary = Summary(path, Counts())
    present: set[str] = set()
    # A thread that has a child's reply should not wait 5 ms for the one that is storing another: short texts take 7 ms in all.
    turns = sys.getswitchinterval()
    sys.setswitchinterval(min(turns, 0.0005))
    try:
        for n, done in enumerate(_process(tasks, options, min(jobs, max(1, len(tasks))), pool), 1):
            present.add(done.document)
            problems += done.problems
            if done.failure:
                problems.append(done.failure)
            elif seen.get(done.sha256, done.document) != done.document and seen[done.sha256] in (
                present | earlier
            ):
                problems.append(_duplicate(done.document, seen[done.sha256]))
                present.add(seen[done.sha256])
            else:
                if done.rows is not None:
                    store = path / PRIVATE / "documents"
                    try:
                        _store_write(store, done.key, done.rows)
                        if done.judged is not None and done.judged_key:
                            _store_write(store, done.judged_key, done.judged)
                    except OSError as error:
                        raise DatasetError(_disk_words(store, error)) from error
                seen[done.sha256] = done.document
                entries[done.document] = _entry(done)
                summary.read += not done.cached
                summary.unchanged += done.cached
                summary.pages_read += 0 if done.cached else done.pages
            if progress:
                progress(Progress(done.document, n, len(tasks), done.pages, done.speeches, done.cached))
    finally:
        sys.setswitchinterval(turns)
        pool.close()
        _POOLS.pop(options.limits, None)

    dropped = [name for name in earlier if name not in present] if options.prune else []
    for name in dropped:
        del entries[name]
    summary.kept = sum(1 for name in entries if name not in present)
    summary.problems = problems
    _write(path, options, model, settings, entries, old, summary, began)
    return summary


def _load_writers(formats: Sequence[str]) -> None:
    """Loads what the tables are written with at the end, while the first child is loading what it reads with."""
    import pipeline.review.labels  # noqa: F401

    if "parquet" in formats:
        with contextlib.suppress(ImportError):  # met again, and told, where the table is written
            import pyarrow.json
            import pyarrow.parquet  # noqa: F401


def _is_states_given(problem: Problem, inputs: Sequence[Path], states: Path | None) -> bool:
    """Whether a problem is about the very table of speakers that was given with `--states`."""
    if problem.code != "states_table" or states is None:
        return False
    return any((given / problem.document).resolve() == states.resolve() for given in inputs)


#: Where the inputs of all runs lay on this machine: the review page opens documents from there. It stays out of the
#: manifest, which travels with the dataset.
INPUTS_FILE = "inputs.json"


def _remember(path: Path, inputs: Sequence[Path]) -> None:
    file = path / PRIVATE / INPUTS_FILE
    known: list[str] = []
    with contextlib.suppress(OSError, ValueError):
        known = json.loads(file.read_text(encoding="utf-8"))
    places = list(dict.fromkeys([*known, *(str(given.resolve()) for given in inputs if given.exists())]))
    with contextlib.suppress(OSError):
        file.write_text(json.dumps(places, ensure_ascii=False), encoding="utf-8")


def _settings(options: Options) -> dict[str, Any]:
    return {
        "engine": options.engine,
        "ocr": options.ocr,
        "input_mb": options.limits.input_mb,
        "pages": options.limits.pages,
        "ocr_pages": options.limits.ocr_pages,
        "forum": options.forum,
        "debate": options.debate,
        "date": options.date,
        "states": str(options.states.resolve()) if options.states else None,
    }


def _model_path(options: Options) -> Path | None:
    if not options.stance:
        return None
    from pipeline.stance.registry import model_in_use

    return options.model or model_in_use()


def _file_hash(path: Path | None) -> str:
    """The SHA-256 of the table of speakers, "" without one. Raises InputError where it cannot be read."""
    if path is None:
        return ""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(
            Problem(
                str(path),
                "unreadable_table",
                f"The table of speakers cannot be read ({error.strerror or error}).",
                "Check the path that follows --states.",
            )
        ) from error


def _key(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:24]


def _duplicate(document: str, first: str) -> Problem:
    return Problem(
        document,
        "duplicate",
        f"The file has the same bytes as {first} and is counted once.",
        "Nothing to do.",
        fatal=False,
    )


def _entry(done: _Done) -> dict[str, Any]:
    return {
        "document": done.document,
        "sha256": done.sha256,
        "bytes": done.size,
        "media_type": done.media_type,
        "pages": done.pages,
        "speeches": done.speeches,
        "key": done.key,
        "judged_key": done.judged_key,
    }


def _process(tasks: list[_Task], options: Options, jobs: int, pool: SandboxPool) -> Iterator[_Done]:
    """The outcomes in the order of the tasks, a few ahead of the reader at most."""
    if not options.cluster and jobs == 1:
        yield from map(work, tasks) if len(tasks) < 2 else _one_ahead(tasks)
        return
    if not options.cluster:
        pool.start(jobs - 1)
    from joblib import Parallel, delayed, parallel_config

    if options.cluster:
        from pipeline.cluster import connected

        with connected(options.cluster), parallel_config(backend="dask"):
            remote = (_sent_along(task) for task in tasks)
            yield from Parallel(return_as="generator")(delayed(work)(task) for task in remote)
        return
    # Threads, because each only waits for a child process: the work itself runs in `jobs` processes. One thread more, because
    # then a document can be stored and the next be opened while all of them work.
    yield from Parallel(n_jobs=jobs + 1, backend="threading", return_as="generator", pre_dispatch="2*n_jobs")(
        delayed(work)(task) for task in tasks
    )


def _one_ahead(tasks: Sequence[_Task]) -> Iterator[_Done]:
    """As `map(work, tasks)`, but the next document goes to the one child as soon as it is free.

    Not through joblib: loading that would cost a small job more than it gains.
    """
    from concurrent.futures import Future, ThreadPoolExecutor

    waiting: deque[Future[_Done]] = deque()
    threads = ThreadPoolExecutor(2)
    try:
        for task in tasks:
            waiting.append(threads.submit(work, task))
            if len(waiting) > 2:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def _reading(limits: Limits) -> ReadingLimits:
    from pipeline.extract.limits import Limits as ReadingLimits

    return ReadingLimits(max_bytes=limits.input_mb << 20, max_pages=limits.pages)


def _sent_along(task: _Task) -> _Task:
    """The task for another machine: its rows come back, and its bytes go along if they can be read here."""
    with contextlib.suppress(InputError, OSError):
        return replace(task, store=None, data=task.source.read_bytes(_reading(task.limits)))
    return replace(task, store=None)


def work(task: _Task) -> _Done:
    """One document: from the store if it is there, else through a child process. Never raises for a bad document."""
    document = task.source.document
    try:
        data = task.data if task.data is not None else task.source.read_bytes(_reading(task.limits))
    except InputError as error:
        return _Done(document, failure=error.problem)
    except OSError as error:
        return _Done(document, failure=_unreadable(document, error))
    sha256 = hashlib.sha256(data).hexdigest()
    key = _key(sha256, document, task.split_key)
    judged_key = f"{key}-{task.stance_key}" if task.stance_key else None
    store = Path(task.store) if task.store else None
    pool = _POOLS.setdefault(task.limits, SandboxPool(task.limits))
    known = read_stored(store, key)
    judged = judged_key is not None and known is not None and read_stored(store, judged_key) is not None
    cached = known is not None and (judged or judged_key is None)
    rows = judged_rows = None
    if not cached:
        fresh = known is None
        request = {"document": document, "settings": task.settings, "model": task.model}
        try:
            if known is None:
                with pool.sandbox() as sandbox:
                    rows, *more = sandbox.ask({"op": "read", **request}, data)
                known = json.loads(rows)
                if known["meeting"]["document_sha256"] != sha256:
                    known["meeting"]["document_sha256"] = sha256
                    rows = _dump(known)
            else:
                rows = _dump(known)
                with pool.sandbox() as sandbox:
                    more = sandbox.ask({"op": "judge", **request}, rows)
        except InputError as error:
            return _Done(document, sha256=sha256, size=len(data), failure=error.problem)
        judged_rows = more[0] if judged_key else None
        if store:
            try:
                if fresh:
                    _store_write(store, key, rows)
                if judged_key and judged_rows is not None:
                    _store_write(store, judged_key, judged_rows)
            except OSError as error:
                raise DatasetError(_disk_words(store, error)) from error
            rows = judged_rows = None
    assert known is not None
    return _Done(
        document=document,
        sha256=sha256,
        size=len(data),
        key=key,
        judged_key=judged_key,
        pages=known["meeting"]["pages"] or 0,
        speeches=len(known["speeches"]),
        media_type=known["media_type"],
        cached=cached,
        problems=tuple(Problem(**p) for p in known["problems"] if not (p["fatal"] and not known["speeches"])),
        rows=rows,
        judged=judged_rows,
    )


def _unreadable(document: str, error: OSError) -> Problem:
    return Problem(
        document,
        "unreadable_file",
        f"The file cannot be read ({error.strerror or error}).",
        "Check that it is still there and that you may read it.",
    )


def _disk_words(path: Path, error: OSError) -> str:
    return (
        f"{path}: the dataset cannot be written ({error.strerror or error}). What was there before is untouched. "
        "Make room or choose another folder, then run the same command again: it goes on where it stopped."
    )


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _store_write(store: Path, key: str, value: bytes) -> None:
    path = store_path(store, key)
    beside = path.with_suffix(f".{os.getpid()}-{time.monotonic_ns()}.new")
    packed = gzip.compress(value, 1, mtime=0)
    try:
        try:
            beside.write_bytes(packed)
        except FileNotFoundError:
            # Asking for one of the 256 folders each time would cost a third of the writing.
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(packed)
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _write(
    path: Path,
    options: Options,
    model: Path | None,
    settings: dict[str, Any],
    entries: dict[str, dict[str, Any]],
    old: dict[str, Any] | None,
    summary: Summary,
    began: str,
) -> None:
    labels = PersonLabels(_persons_rows(path, old is not None))
    manifest: dict[str, Any] = {
        "tool": {"name": "r2p-stance", "version": __version__},
        "model": _model_facts(model),
        "settings": {**settings, "all_turns": options.all_turns, "limits": options.limits.as_dict()},
        "environment": {"python": platform.python_version(), "platform": sys.platform, **_versions()},
        "inputs": [entries[name] for name in sorted(entries)],
        "problems": [],
        "reviews_kept_aside": [],
        "runs": [*(old or {}).get("runs", []), {"began": began}],
    }

    def documents() -> Iterator[tuple[Row, Sequence[Row], Sequence[Row]]]:
        from_tables = _TableFallback(path, old)
        ids: set[str] = set()
        copies = Copies()
        meetings: list[Row] = []
        for name in sorted(entries):
            entry = entries[name]
            meeting, speeches, events = _document_rows(path, entry, from_tables)
            rows = [row for row in speeches if options.all_turns or row["role"] not in LEFT_OUT]
            rows = labels.apply(name, _unique_ids(rows, ids))
            copies.add(meeting, rows)
            meetings.append(meeting)
            yield meeting, rows, events
        found = copies.find()
        for meeting in meetings:
            copy = found.get(meeting["document"])
            meeting["same_as"] = copy.other if copy else None
        summary.problems += [copy.problem() for copy in found.values()]
        manifest["problems"] = _all_problems(summary.problems, old, entries)
        lost = labels.rest()
        summary.carried, summary.kept_aside = labels.carried, len(lost)
        keep_aside(path, lost)
        manifest["reviews_kept_aside"] = [row["speech_id"] for row in lost]
        manifest["runs"][-1].update(
            ended=_now(),
            documents=len(entries),
            read=summary.read,
            unchanged=summary.unchanged,
            failed=len(summary.failed),
        )

    try:
        summary.counts = write_dataset(path, documents(), manifest, options.formats)
    except OSError as error:
        raise DatasetError(_disk_words(path, error)) from error
    _tidy_store(path, entries)


def _document_rows(
    path: Path, entry: dict[str, Any], tables: _TableFallback
) -> tuple[Row, list[Row], list[Row]]:
    store = path / PRIVATE / "documents"
    known = read_stored(store, entry["key"])
    judged = read_stored(store, entry["judged_key"])
    if known is None or (entry["judged_key"] and judged is None):
        return tables.document(entry["document"])
    columns = judged["judged"] if judged else [unlabelled_columns()] * len(known["speeches"])
    rows = [
        {**row, "reviewer": None, "reviewed_at": None, "note": None, **stance}
        for row, stance in zip(known["speeches"], columns, strict=True)
    ]
    for row in rows:
        row["document_sha256"] = entry["sha256"]
    return known["meeting"], rows, known["events"]


class _TableFallback:
    """Documents of an earlier run whose stored rows are gone (somebody cleared `.r2p`): taken from the old tables."""

    def __init__(self, path: Path, old: dict[str, Any] | None) -> None:
        self._path = path
        self._old = old

    def document(self, name: str) -> tuple[Row, list[Row], list[Row]]:
        dataset = load_dataset(self._path)
        meetings = [row for row in dataset.rows("meetings") if row["document"] == name]
        if not meetings:
            raise DatasetError(
                f"{self._path}: the rows of {name} are in neither the store nor the tables. Run the label command again on that document."
            )
        speeches = [row for row in dataset.rows("speeches") if row["document"] == name]
        events = [row for row in dataset.rows("events") if row["document"] == name]
        return meetings[0], speeches, events


def _unique_ids(rows: list[Row], ids: set[str]) -> list[Row]:
    """Two documents with one symbol (a record and its corrected version, say) must not share speech ids."""
    result = []
    for row in rows:
        if row["speech_id"] in ids:
            row = {**row, "speech_id": f"{row['document_sha256'][:12]}-{row['speech_no']}"}
        ids.add(row["speech_id"])
        result.append(row)
    return result


def _persons_rows(path: Path, existing: bool) -> Iterable[Row]:
    """All labels by people: from the dataset's tables, then (newer, therefore in their place) from the review store.

    What was taken back in the store no longer counts, even where the tables still have it.
    """
    from pipeline.review.labels import persons_rows, withdrawn

    rows: dict[str, Row] = {}
    if existing:
        taken_back = withdrawn(path)
        rows = {
            row["speech_id"]: row
            for row in load_dataset(path).rows("speeches")
            if is_persons(row) and row["speech_id"] not in taken_back
        }
    for row in persons_rows(path):
        rows[row["speech_id"]] = row
    return rows.values()


def _all_problems(
    problems: list[Problem], old: dict[str, Any] | None, entries: dict[str, Any]
) -> list[dict[str, Any]]:
    """This run's problems, and what earlier runs noted of documents that are still in the dataset unchanged."""
    now = [
        {n: getattr(p, n) for n in ("document", "code", "reason", "remedy", "fatal", "page")}
        for p in problems
    ]
    seen = {p["document"] for p in now}
    earlier = [
        p
        for p in (old or {}).get("problems", [])
        if p["document"] not in seen
        and p["document"] in entries
        and not p["fatal"]
        and p["code"] != "same_speeches"  # looked for anew each time
    ]
    return sorted(earlier + now, key=lambda p: (p["document"], p["code"], p["page"] or 0))


def _model_facts(model: Path | None) -> dict[str, Any] | None:
    if model is None:
        return None
    from pipeline.stance.registry import describe

    return describe(model)


def _versions() -> dict[str, str]:
    versions = {}
    for package in _PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions[package] = metadata.version(package)
    return versions


def _tidy_store(path: Path, entries: dict[str, dict[str, Any]]) -> None:
    """Drops stored rows that no document of the dataset uses any more."""
    store = path / PRIVATE / "documents"
    used = {store_path(store, key) for e in entries.values() for key in (e["key"], e["judged_key"]) if key}
    for file in store.glob("*/*"):
        if file not in used:
            with contextlib.suppress(OSError):
                file.unlink()
