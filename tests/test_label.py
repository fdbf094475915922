"""The main job as a researcher meets it: inputs in, dataset out; again, with more, with bad ones, stopped and resumed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline import Options, label, load_dataset
from pipeline.dataset import DatasetError, rewrite_speeches
from pipeline.resources import corpus_dir
from pipeline.tables import Row

SAMPLE = corpus_dir() / "sample"
OPTIONS = Options(states=SAMPLE / "states.csv", jobs=1, formats=("csv", "parquet"))
STATEMENT = (
    "Statement by the Permanent Representative of {state}\n\n"
    "Mr. President,\n\n{state} thanks you for convening this meeting. We firmly support the responsibility to protect "
    "and have named a national focal point for the prevention of atrocity crimes. We ask that this debate be held every year, "
    "and that all members refrain from the veto where mass atrocities are committed.\n\nI thank you.\n"
)


def statement(folder: Path, name: str, state: str = "Ghana") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(STATEMENT.format(state=state), encoding="utf-8")
    return path


def rows(path: Path) -> list[Row]:
    return load_dataset(path).speeches()


def manifest(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    return value


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample debate, labelled once for all tests that only look."""
    path = tmp_path_factory.mktemp("sample") / "results"
    summary = label([SAMPLE / "sample-debate.pdf", SAMPLE / "sample-debate-2.pdf"], path, OPTIONS)
    assert summary.failed == []
    return path


def test_the_sample_debate_gives_one_row_a_delegate_with_state_and_code(sample: Path) -> None:
    found = [(row["iso3"], row["speech_no"]) for row in rows(sample) if row["symbol"] == "X/1/PV.1"]
    assert [iso3 for iso3, _ in found] == [
        "XAA",
        "XAB",
        "XAC",
        "XAD",
        "XAE",
        "XAF",
        "XAG",
        "XAH",
        "XAI",
        "XAJ",
    ]
    assert [number for _, number in found] == [2, 3, 4, 5, 6, 7, 9, 10, 11, 12]


def test_every_span_of_evidence_is_in_its_text(sample: Path) -> None:
    labelled = [row for row in rows(sample) if row["stance"]]
    assert labelled
    for row in labelled:
        assert row["text"][row["evidence_start"] : row["evidence_end"]] == row["evidence"] != ""
        assert row["p_opposed"] + row["p_conditional"] + row["p_supportive"] == pytest.approx(1, abs=1e-5)


def test_themes_are_those_of_the_passages(tmp_path: Path) -> None:
    statement(tmp_path / "in", "ghana.txt")
    label([tmp_path / "in"], tmp_path / "out", OPTIONS)
    [row] = rows(tmp_path / "out")
    assert {"focal_point", "focal_point_at_home", "annual_item", "veto_restraint"} <= set(row["themes"])


def test_presidency_stays_out_unless_every_turn_is_asked_for(sample: Path, tmp_path: Path) -> None:
    assert {row["role"] for row in rows(sample)} == {"delegate"}
    label([SAMPLE / "sample-debate.pdf"], tmp_path, Options(states=OPTIONS.states, jobs=1, all_turns=True))
    assert [row["role"] for row in rows(tmp_path)].count("presidency") == 2


def test_the_pdf_and_the_plain_text_of_a_record_give_the_same_speeches(sample: Path, tmp_path: Path) -> None:
    label([SAMPLE / "sample-debate.txt"], tmp_path, OPTIONS)
    from_pdf = [
        (row["heading_free"], row["words"])
        for row in map(_plain, rows(sample))
        if row["symbol"] == "X/1/PV.1"
    ]
    from_text = [(row["heading_free"], row["words"]) for row in map(_plain, rows(tmp_path))]
    assert from_text == from_pdf


def _plain(row: Row) -> Row:
    return {**row, "heading_free": " ".join(row["text"].split())}


def test_a_second_run_with_more_inputs_reads_only_what_is_new(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    statement(folder, "ghana.txt")
    assert label([folder], out, OPTIONS).read == 1
    statement(folder, "chile.txt", "Chile")
    second = label([folder], out, OPTIONS)
    assert (second.read, second.unchanged) == (1, 1)
    assert [row["iso3"] for row in rows(out)] == ["CHL", "GHA"]


def test_one_run_or_two_give_the_same_tables(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    statement(folder, "ghana.txt")
    label([folder], tmp_path / "two", OPTIONS)
    statement(folder, "chile.txt", "Chile")
    label([folder], tmp_path / "two", OPTIONS)
    label([folder], tmp_path / "one", OPTIONS)
    for name in ("speeches.csv", "meetings.csv", "events.csv", "speeches.parquet"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_any_number_of_jobs_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for number, state in enumerate(("Ghana", "Chile", "Norway", "Japan", "Cuba")):
        statement(folder, f"s{number}.txt", state)
    for jobs in (1, 3):
        label(
            [folder, SAMPLE / "sample-debate.pdf"],
            tmp_path / str(jobs),
            Options(jobs=jobs, states=OPTIONS.states),
        )
    for name in ("speeches.csv", "speeches.parquet", "meetings.csv", "events.csv"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "3" / name).read_bytes()


def test_a_changed_document_is_replaced_and_a_missing_one_is_kept_until_pruned(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    statement(folder, "a.txt")
    gone = statement(folder, "b.txt", "Chile")
    label([folder], out, OPTIONS)
    statement(folder, "a.txt", "Norway")
    gone.unlink()
    summary = label([folder], out, OPTIONS)
    assert (summary.read, summary.kept) == (1, 1)
    assert [row["iso3"] for row in rows(out)] == ["NOR", "CHL"]
    label([folder], out, Options(jobs=1, prune=True))
    assert [row["iso3"] for row in rows(out)] == ["NOR"]


def test_a_reviewers_label_stays_when_the_job_runs_again(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    statement(folder, "ghana.txt")
    label([folder], out, OPTIONS)
    mark = {
        "stance": "opposed",
        "status": "labelled",
        "label_source": "reviewer",
        "reviewer": "Ada",
        "note": "second look",
    }
    rewrite_speeches(out, lambda row: {**row, **mark, "reviewed_at": "2024-05-01T10:00:00+00:00"})
    statement(folder, "chile.txt", "Chile")
    label([folder], out, OPTIONS)
    ghana = next(row for row in rows(out) if row["iso3"] == "GHA")
    assert {name: ghana[name] for name in mark} == mark
    assert ghana["reviewed_at"].startswith("2024-05-01T10:00:00")


def test_a_pruned_documents_review_is_kept_aside(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    gone = statement(folder, "ghana.txt")
    statement(folder, "chile.txt", "Chile")
    label([folder], out, OPTIONS)
    rewrite_speeches(out, lambda row: {**row, "label_source": "reviewer", "reviewer": "Ada"})
    gone.unlink()
    summary = label([folder], out, Options(jobs=1, prune=True))
    assert summary.kept_aside == 1
    assert "Ada" in (out / "reviews_kept_aside.jsonl").read_text(encoding="utf-8")


def test_split_writes_the_same_columns_without_labels(tmp_path: Path) -> None:
    label([statement(tmp_path / "in", "ghana.txt")], tmp_path / "out", Options(jobs=1, stance=False))
    [row] = rows(tmp_path / "out")
    assert (
        row["status"] is None
        and row["stance"] is None
        and row["label_source"] is None
        and row["iso3"] == "GHA"
    )


def test_the_store_may_be_cleared_without_losing_rows(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    first = statement(folder, "ghana.txt")
    label([first], out, OPTIONS)
    shutil.rmtree(out / ".r2p" / "documents")
    label([statement(tmp_path / "more", "chile.txt", "Chile")], out, OPTIONS)
    assert sorted(row["iso3"] for row in rows(out)) == ["CHL", "GHA"]


def test_bad_inputs_are_each_named_and_the_good_one_is_done(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    statement(folder, "good.txt")
    (folder / "zero.pdf").write_bytes(b"")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    pdf = (SAMPLE / "sample-debate.pdf").read_bytes()
    (folder / "truncated.pdf").write_bytes(pdf[: len(pdf) // 2])
    (folder / "latin.txt").write_bytes(STATEMENT.format(state="Côte d’Ivoire").encode("cp1252"))
    (folder / "wide.txt").write_bytes(STATEMENT.format(state="Peru").encode("utf-16"))
    with zipfile.ZipFile(folder / "bundle.zip", "w") as bundle:
        bundle.writestr("../climbs.txt", "Out.")
        bundle.writestr("inside/norway.txt", STATEMENT.format(state="Norway"))
        bundle.writestr("nested.zip", b"PK\x05\x06" + bytes(18))
    (tmp_path / "empty").mkdir()
    out = tmp_path / "out"
    summary = label([folder, tmp_path / "nowhere", tmp_path / "empty"], out, OPTIONS)
    assert sorted(row["iso3"] for row in rows(out)) == ["CIV", "GHA", "NOR", "PER"]
    named = {Path(problem.document.rpartition("!")[2]).name for problem in summary.failed}
    assert named == {
        "zero.pdf",
        "picture.png",
        "binary.txt",
        "truncated.pdf",
        "climbs.txt",
        "nested.zip",
        "nowhere",
        "empty",
    }
    for problem in manifest(out)["problems"]:
        assert problem["reason"].endswith(".") and problem["remedy"].endswith("."), problem
    assert not (tmp_path / "climbs.txt").exists()


def test_a_document_that_fails_later_does_not_take_its_old_rows_along(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    path = statement(folder, "ghana.txt")
    label([folder], out, OPTIONS)
    path.write_bytes(b"")
    summary = label([folder], out, OPTIONS)
    assert len(summary.failed) == 1 and [row["iso3"] for row in rows(out)] == ["GHA"]


def test_the_same_bytes_under_two_names_count_once(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    statement(folder, "a.txt")
    statement(folder, "b.txt")
    summary = label([folder], tmp_path / "out", OPTIONS)
    assert [problem.code for problem in summary.problems] == ["duplicate"] and summary.failed == []
    assert len(rows(tmp_path / "out")) == 1


def test_a_folder_of_other_files_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter.docx").write_text("mine")
    with pytest.raises(DatasetError, match="holds other files"):
        label([statement(tmp_path / "in", "a.txt")], out, OPTIONS)
    assert [path.name for path in out.iterdir()] == ["chapter.docx"]


def test_an_output_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file")
    with pytest.raises(DatasetError, match="folder"):
        label([statement(tmp_path / "in", "a.txt")], blocked, OPTIONS)
    with pytest.raises(DatasetError, match="cannot be written"):
        label([statement(tmp_path / "in", "a.txt")], blocked / "below", OPTIONS)


def test_two_runs_into_one_folder_the_second_says_who_holds_it(tmp_path: Path) -> None:
    from filelock import FileLock

    out = tmp_path / "out"
    source = statement(tmp_path / "in", "a.txt")
    label([source], out, OPTIONS)
    with FileLock(out / ".r2p" / "lock"):
        (out / ".r2p" / "holder.json").write_text(
            json.dumps({"pid": 4711, "host": "desk", "since": "2024-01-01"})
        )
        with pytest.raises(DatasetError, match="process 4711 on desk"):
            label([source], out, OPTIONS)


def test_a_full_disk_leaves_the_old_dataset_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    statement(folder, "ghana.txt")
    label([folder], out, OPTIONS)
    statement(folder, "chile.txt", "Chile")
    real = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if ".r2p" in self.parts:
            raise OSError(28, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DatasetError, match="No space left"):
        label([folder], out, OPTIONS)
    monkeypatch.undo()
    assert [row["iso3"] for row in rows(out)] == ["GHA"]
    assert label([folder], out, OPTIONS).read == 1
    assert [row["iso3"] for row in rows(out)] == ["CHL", "GHA"]


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX")
def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    for number in range(60):
        statement(folder, f"s{number:02}.txt").write_text(
            STATEMENT.format(state="Ghana") + f"Copy {number}.\n", encoding="utf-8"
        )
    command = [sys.executable, "-m", "pipeline.cli", "label", str(folder), "--out", str(out), "--jobs", "1"]
    run = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=corpus_dir().parent
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(list(out.glob(".r2p/documents/*/*-*.gz"))) < 5:
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert not (out / "manifest.json").exists()
    summary = label([folder], out, Options(jobs=1))
    assert summary.unchanged >= 5 and summary.read + summary.unchanged == 60
    label([folder], tmp_path / "fresh", Options(jobs=1))
    assert (out / "speeches.csv").read_bytes() == (tmp_path / "fresh" / "speeches.csv").read_bytes()
