"""What happens around a run: inputs that vanish while it reads, a clock that is set back or forward. Said in words, nothing lost."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest

from pipeline import Options, label, load_dataset
from pipeline import run as run_module
from pipeline.cli import main
from pipeline.dataset import DatasetError, rewrite_speeches
from pipeline.extract import inputs as inputs_module
from pipeline.records import InputError
from pipeline.sandbox import Sandbox
from pipeline.tables import Row

OPTIONS = Options(jobs=1, ocr=False, formats=("csv", "parquet", "jsonl"))
STATEMENT = (
    "Statement by the Permanent Representative of {state}\n\n"
    "Mr. President,\n\n{state} thanks you for convening this meeting. We firmly support the responsibility to protect "
    "and have named a national focal point for the prevention of atrocity crimes. We ask that this debate be held every year.\n"
)


def statement(folder: Path, name: str, state: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(STATEMENT.format(state=state), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, state in (("chile.txt", "Chile"), ("ghana.txt", "Ghana"), ("kenya.txt", "Kenya")):
        statement(tmp_path / "in", name, state)
    return tmp_path / "in"


def rows(path: Path) -> list[Row]:
    return load_dataset(path).speeches()


def states(path: Path) -> list[str]:
    return [row["iso3"] for row in rows(path)]


def tables(path: Path) -> dict[str, bytes]:
    return {
        file.name: file.read_bytes()
        for file in path.iterdir()
        if file.suffix in (".csv", ".parquet", ".jsonl")
    }


def manifest(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    return value


def vanish_after_listing(monkeypatch: pytest.MonkeyPatch, *paths: Path) -> None:
    """Takes files away when all inputs are listed and none is read yet."""
    real = inputs_module.find_inputs

    def listing(*given: Any) -> Iterator[Any]:
        yield from list(real(*given))
        for path in paths:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    monkeypatch.setattr(inputs_module, "find_inputs", listing)


def vanish_before_extraction(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Takes a file away when its bytes are read and hashed, and its child process has not begun."""
    real = Sandbox.ask

    def ask(self: Sandbox, header: dict[str, Any], body: bytes = b"") -> list[bytes]:
        if header.get("document") == path.name:
            path.unlink(missing_ok=True)
        return real(self, header, body)

    monkeypatch.setattr(Sandbox, "ask", ask)


# -- inputs that vanish ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_vanishes_after_the_listing_is_named_and_the_others_are_done(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    vanish_after_listing(monkeypatch, folder / "ghana.txt")
    summary = label([folder], tmp_path / "out", Options(jobs=jobs, ocr=False))
    assert states(tmp_path / "out") == ["CHL", "KEN"]
    [problem] = summary.failed
    assert (problem.document, problem.code) == ("ghana.txt", "vanished")
    assert problem.reason and problem.remedy
    assert [entry["document"] for entry in manifest(tmp_path / "out")["problems"] if entry["fatal"]] == [
        "ghana.txt"
    ]


def test_the_command_says_which_file_vanished_why_and_what_to_do(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    vanish_after_listing(monkeypatch, folder / "ghana.txt")
    with pytest.raises(SystemExit) as ended:
        main(["label", str(folder), "--out", str(tmp_path / "out"), "--jobs", "1"])
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert "Not read: ghana.txt: It was there when the run began, and is gone." in told
    assert "Put it back" in told


def test_a_file_that_vanishes_after_it_was_hashed_is_read_whole(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = hashlib.sha256((folder / "ghana.txt").read_bytes()).hexdigest()
    vanish_before_extraction(monkeypatch, folder / "ghana.txt")
    summary = label([folder], tmp_path / "out", OPTIONS)
    assert not (folder / "ghana.txt").exists()
    assert summary.problems == [] and states(tmp_path / "out") == ["CHL", "GHA", "KEN"]
    assert rows(tmp_path / "out")[1]["document_sha256"] == sha256


def test_a_file_that_changes_after_it_was_hashed_counts_as_it_was(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Sandbox.ask

    def ask(self: Sandbox, header: dict[str, Any], body: bytes = b"") -> list[bytes]:
        if header.get("document") == "ghana.txt":
            statement(folder, "ghana.txt", "Peru")
        return real(self, header, body)

    monkeypatch.setattr(Sandbox, "ask", ask)
    label([folder], tmp_path / "out", OPTIONS)
    assert states(tmp_path / "out") == ["CHL", "GHA", "KEN"]
    monkeypatch.undo()
    assert label([folder], tmp_path / "out", OPTIONS).read == 1
    assert states(tmp_path / "out") == ["CHL", "PER", "KEN"]


@pytest.mark.parametrize("prune", [False, True])
def test_a_document_of_an_earlier_run_that_vanishes_keeps_its_rows_and_its_reviews(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prune: bool
) -> None:
    out = tmp_path / "out"
    label([folder], out, OPTIONS)

    def review(row: Row) -> Row:
        return {**row, "stance": "conditional", "label_source": "reviewer"} if row["iso3"] == "GHA" else row

    rewrite_speeches(out, review)
    vanish_after_listing(monkeypatch, folder / "ghana.txt")
    summary = label([folder], out, Options(jobs=1, ocr=False, formats=OPTIONS.formats, prune=prune))
    assert [problem.document for problem in summary.failed] == ["ghana.txt"]
    assert states(out) == ["CHL", "GHA", "KEN"]
    assert rows(out)[1]["label_source"] == "reviewer"


def test_when_it_comes_back_the_dataset_is_as_if_it_had_never_been_away(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label([folder], tmp_path / "whole", OPTIONS)
    vanish_after_listing(monkeypatch, folder / "ghana.txt")
    label([folder], tmp_path / "out", OPTIONS)
    monkeypatch.undo()
    statement(folder, "ghana.txt", "Ghana")
    summary = label([folder], tmp_path / "out", OPTIONS)
    assert (summary.read, summary.unchanged, summary.problems) == (1, 2, [])
    assert tables(tmp_path / "out") == tables(tmp_path / "whole")


def test_an_archive_or_a_folder_that_vanishes_is_named_member_by_member(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "more.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("peru.txt", STATEMENT.format(state="Peru"))
        packed.writestr("japan.txt", STATEMENT.format(state="Japan"))
    statement(tmp_path / "third", "norway.txt", "Norway")
    vanish_after_listing(monkeypatch, archive, tmp_path / "third")
    summary = label([folder, archive, tmp_path / "third"], tmp_path / "out", OPTIONS)
    assert [(problem.document, problem.code) for problem in summary.failed] == [
        ("more.zip!japan.txt", "vanished"),
        ("more.zip!peru.txt", "vanished"),
        ("norway.txt", "vanished"),
    ]
    assert states(tmp_path / "out") == ["CHL", "GHA", "KEN"]


def test_when_every_input_vanishes_the_old_dataset_stays(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    label([folder], out, OPTIONS)
    before = tables(out)
    vanish_after_listing(monkeypatch, folder)
    summary = label([folder], out, OPTIONS)
    assert len(summary.failed) == 3 and tables(out) == before


def test_a_table_of_speakers_that_vanishes_before_the_run_begins_is_named(
    folder: Path, tmp_path: Path
) -> None:
    options = Options(jobs=1, ocr=False, states=tmp_path / "mine.csv")
    with pytest.raises(InputError, match=r"mine\.csv: .*cannot be read.*--states"):
        label([folder], tmp_path / "out", options)


def test_a_table_of_speakers_that_vanishes_before_a_reader_loads_it_is_named_for_each_document(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "_file_hash", lambda path: "as it was")
    options = Options(jobs=1, ocr=False, states=tmp_path / "mine.csv")
    summary = label([folder], tmp_path / "out", options)
    assert len(summary.failed) == 3
    for problem in summary.failed:
        assert "mine.csv" in str(problem) and problem.code != "internal_error" and problem.remedy


# -- the disk --------------------------------------------------------------------------------------------------------


def test_a_disk_without_room_even_for_the_note_of_the_lock_is_told_in_words(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    label([folder], out, OPTIONS)
    before = tables(out)
    statement(folder, "peru.txt", "Peru")

    def full(self: Path, *given: Any, **named: Any) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(DatasetError, match=r"No space left on device.*run the same command again"):
            label([folder], out, OPTIONS)
    assert tables(out) == before
    assert label([folder], out, OPTIONS).read == 1
    assert states(out) == ["CHL", "GHA", "KEN", "PER"]


def test_a_stored_document_that_the_disk_garbled_is_read_again(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    label([folder], out, OPTIONS)
    before = tables(out)
    stored = sorted((out / ".r2p" / "documents").glob("*/*.gz"))
    for number, file in enumerate(stored):
        data = file.read_bytes()
        file.write_bytes((data[:12] + b"\xff\xff\xff\xff" + data[16:], data[:20], b"", b"{}")[number % 4])
    assert label([folder], out, OPTIONS).read == 3
    assert tables(out) == before


# -- the clock -------------------------------------------------------------------------------------------------------


class _Clock:
    """The wall clock as `datetime.now` gives it: each look is `step` after the one before."""

    def __init__(self, begin: datetime, step: timedelta) -> None:
        self.time, self.step = begin, step

    def now(self, zone: tzinfo | None = None) -> datetime:
        self.time += self.step
        return self.time.astimezone(zone)


CLOCKS = [
    pytest.param(datetime(2031, 5, 1, tzinfo=UTC), timedelta(hours=-7), id="goes back by hours at each look"),
    pytest.param(datetime(2031, 5, 1, tzinfo=UTC), timedelta(days=-4000), id="goes back by years"),
    pytest.param(datetime(1969, 12, 31, tzinfo=UTC), timedelta(days=9000), id="jumps ahead from before 1970"),
    pytest.param(datetime(2031, 5, 1, tzinfo=UTC), timedelta(0), id="stands still"),
]


@pytest.mark.parametrize(("begin", "step"), CLOCKS)
def test_a_clock_that_changes_during_a_run_changes_no_row(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begin: datetime, step: timedelta
) -> None:
    label([folder], tmp_path / "whole", OPTIONS)
    monkeypatch.setattr(run_module, "datetime", _Clock(begin, step))
    summary = label([folder], tmp_path / "out", OPTIONS)
    assert summary.problems == [] and summary.seconds > 0
    assert tables(tmp_path / "out") == tables(tmp_path / "whole")
    [run] = manifest(tmp_path / "out")["runs"]
    assert datetime.fromisoformat(run["ended"]) - datetime.fromisoformat(run["began"]) == pytest.approx(
        step, abs=10 * abs(step) + timedelta(seconds=1)
    )


@pytest.mark.parametrize(("begin", "step"), CLOCKS)
def test_a_clock_set_back_between_runs_reads_nothing_twice_and_loses_no_review(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begin: datetime, step: timedelta
) -> None:
    out = tmp_path / "out"
    label([folder], out, OPTIONS)
    rewrite_speeches(
        out, lambda row: {**row, "label_source": "reviewer", "reviewed_at": "2040-01-01T00:00:00+00:00"}
    )
    monkeypatch.setattr(run_module, "datetime", _Clock(begin, step))
    statement(folder, "ghana.txt", "Peru")
    summary = label([folder], out, OPTIONS)
    assert (summary.read, summary.unchanged) == (1, 2)
    assert states(out) == ["CHL", "PER", "KEN"]
    assert [row["label_source"] for row in rows(out)][::2] == ["reviewer", "reviewer"]
    assert len(manifest(out)["runs"]) == 2


def test_files_dated_in_the_future_or_before_1970_are_judged_by_their_bytes(
    folder: Path, tmp_path: Path
) -> None:
    import os

    out = tmp_path / "out"
    label([folder], out, OPTIONS)
    os.utime(folder / "ghana.txt", (4e9, 4e9))
    os.utime(folder / "kenya.txt", (0, 0))
    assert label([folder], out, OPTIONS).read == 0
    before = (folder / "chile.txt").stat()
    statement(folder, "chile.txt", "China")  # the same length, and then the same date
    os.utime(folder / "chile.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert label([folder], out, OPTIONS).read == 1
    assert states(out) == ["CHN", "GHA", "KEN"]
