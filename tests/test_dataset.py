"""A dataset is whole or it is the old one; it says what it is; other folders are refused in words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline import dataset as module
from pipeline.dataset import DatasetError, load_dataset, recover, rewrite_speeches, write_dataset
from pipeline.tables import Row
from tests.rows import event, meeting, speech

MANIFEST: dict[str, Any] = {
    "tool": {"name": "r2p-stance", "version": "0"},
    "model": {"name": "m1"},
    "problems": [],
}


def documents(*stances: str) -> Iterator[tuple[Row, Sequence[Row], Sequence[Row]]]:
    rows = [
        speech(speech_id=f"X/1/PV.1-{n}", speech_no=n, stance=stance) for n, stance in enumerate(stances, 1)
    ]
    yield meeting(), rows, [event()]


def stances(path: Path) -> list[str]:
    return [row["stance"] for row in load_dataset(path).rows("speeches")]


def test_a_written_dataset_is_read_back_with_its_counts(tmp_path: Path) -> None:
    counts = write_dataset(
        tmp_path, documents("supportive", "opposed"), MANIFEST, ["csv", "parquet", "jsonl"]
    )
    assert (counts.speeches, counts.documents, counts.events, counts.pages) == (2, 1, 1, 2)
    assert counts.labels == {"supportive": 1, "opposed": 1}
    dataset = load_dataset(tmp_path)
    assert dataset.formats == ("csv", "parquet", "jsonl")
    assert [row["kind"] for row in dataset.rows("events")] == ["stage_direction"]
    assert "2 speeches from 1 documents" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_the_data_package_names_every_file_with_its_hash(tmp_path: Path) -> None:
    write_dataset(tmp_path, documents("supportive"), MANIFEST, ["csv", "parquet"])
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert len(package["resources"]) == 6
    for resource in package["resources"]:
        data = (tmp_path / resource["path"]).read_bytes()
        assert resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
        assert resource["bytes"] == len(data)


def test_a_failure_while_writing_leaves_the_old_dataset(tmp_path: Path) -> None:
    write_dataset(tmp_path, documents("supportive"), MANIFEST, ["csv"])

    def breaking() -> Iterator[tuple[Row, Sequence[Row], Sequence[Row]]]:
        yield from documents("opposed")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_dataset(tmp_path, breaking(), MANIFEST, ["csv"])
    assert stances(tmp_path) == ["supportive"]


@pytest.mark.parametrize("moves_done", range(7))
def test_a_crash_between_two_moves_ends_with_the_new_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves_done: int
) -> None:
    write_dataset(tmp_path, documents("supportive"), MANIFEST, ["csv"])
    real, calls = Path.replace, 0

    def replace(self: Path, target: Path) -> Path:
        nonlocal calls
        if "moves.json" not in self.name:
            calls += 1
            if calls > moves_done:
                raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    if moves_done < 6:
        with pytest.raises(KeyboardInterrupt):
            write_dataset(tmp_path, documents("opposed"), MANIFEST, ["csv"])
    else:
        write_dataset(tmp_path, documents("opposed"), MANIFEST, ["csv"])
    monkeypatch.undo()
    assert stances(tmp_path) == ["opposed"]
    assert not (tmp_path / module.PRIVATE / "moves.json").exists()


def test_a_list_of_moves_cannot_reach_outside_the_dataset(tmp_path: Path) -> None:
    write_dataset(tmp_path, documents("supportive"), MANIFEST, ["csv"])
    outside = tmp_path.parent / "outside.txt"
    outside.write_text("mine")
    plan = {"files": ["../../outside.txt"], "stale": ["../outside.txt", "../../outside.txt"]}
    (tmp_path / module.PRIVATE / "moves.json").write_text(json.dumps(plan))
    recover(tmp_path)
    assert outside.read_text() == "mine"


def test_a_format_that_is_no_longer_wanted_goes_with_the_new_tables(tmp_path: Path) -> None:
    write_dataset(tmp_path, documents("supportive"), MANIFEST, ["csv", "jsonl"])
    write_dataset(tmp_path, documents("supportive"), MANIFEST, ["parquet"])
    assert not (tmp_path / "speeches.csv").exists() and not (tmp_path / "events.jsonl").exists()
    assert stances(tmp_path) == ["supportive"]


def test_rewriting_changes_speeches_and_keeps_the_rest(tmp_path: Path) -> None:
    write_dataset(tmp_path, documents("supportive", "supportive"), MANIFEST, ["csv", "parquet"])
    counts = rewrite_speeches(
        tmp_path, lambda row: {**row, "stance": "conditional", "label_source": "reviewer"}
    )
    assert counts.labels == {"conditional": 2} and counts.sources == {"reviewer": 2}
    assert stances(tmp_path) == ["conditional", "conditional"]
    assert len(list(load_dataset(tmp_path).rows("events"))) == 1


def test_what_is_no_dataset_or_of_another_version_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no such folder"):
        load_dataset(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match="no labelled dataset"):
        load_dataset(tmp_path)
    write_dataset(tmp_path, documents("supportive"), MANIFEST, ["csv"])
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").write_text(json.dumps({**manifest, "schema_version": "9.0"}))
    with pytest.raises(DatasetError, match=r"version 9\.0"):
        load_dataset(tmp_path)


def test_a_damaged_or_missing_table_is_named(tmp_path: Path) -> None:
    write_dataset(tmp_path, documents("supportive"), MANIFEST, ["parquet"])
    (tmp_path / "speeches.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(DatasetError, match=r"speeches\.parquet.*damaged"):
        stances(tmp_path)
    (tmp_path / "speeches.parquet").unlink()
    with pytest.raises(DatasetError, match="missing"):
        stances(tmp_path)
