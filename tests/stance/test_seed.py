"""The seed texts are whole, marked as the codebook asks, clear of copies, and not to be told apart without reading them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipeline.records import LABELS
from pipeline.stance.corpus import MARK_LABELS, seed_dir
from pipeline.stance.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "seed_check"

Row = dict[str, Any]


def load_script() -> ModuleType:
    loader = SourceFileLoader("seed_check", str(SCRIPT))
    spec = spec_from_loader("seed_check", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def check() -> ModuleType:
    return load_script()


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    paths = sorted(seed_dir().glob("*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def test_there_are_enough_statements_of_every_label(rows: list[Row]) -> None:
    counts = Counter(row["label"] for row in rows)
    assert len(rows) >= 600
    assert set(counts) == set(LABELS)
    assert min(counts.values()) >= 100
    assert {row["target"] for row in rows} == set(TARGETS)


def test_ids_and_texts_are_unique(rows: list[Row]) -> None:
    assert len({row["id"] for row in rows}) == len({row["text"] for row in rows}) == len(rows)


def test_the_texts_of_each_file_are_as_long_as_it_says(rows: list[Row]) -> None:
    bounds = {"seed": (70, 470), "plain": (20, 140), "short": (20, 120), "long": (450, 820)}
    lengths = {row["id"]: len(row["text"].split()) for row in rows}
    assert {
        name: n
        for name, n in lengths.items()
        if not bounds[name.split("-")[0]][0] <= n <= bounds[name.split("-")[0]][1]
    } == {}


def test_the_evidence_stands_once_in_the_text_letter_for_letter(rows: list[Row]) -> None:
    assert [
        row["id"] for row in rows if not row["evidence"].strip() or row["text"].count(row["evidence"]) != 1
    ] == []


def test_marks_are_spans_of_the_text_without_blanks_at_their_ends(rows: list[Row]) -> None:
    for row in rows:
        assert row["marks"], row["id"]
        for start, end, letter in row["marks"]:
            assert 0 <= start < end <= len(row["text"]), row["id"]
            assert row["text"][start:end] == row["text"][start:end].strip(), row["id"]
            assert letter in MARK_LABELS, row["id"]


def test_marks_do_not_overlap(rows: list[Row]) -> None:
    overlapping = {
        row["id"]
        for row in rows
        for (_, end, _), (start, _, _) in pairwise(sorted(row["marks"]))
        if start < end
    }
    assert overlapping == set()


def test_the_mark_that_decides_fits_the_label(rows: list[Row]) -> None:
    for row in rows:
        start = row["text"].index(row["evidence"])
        end = start + len(row["evidence"])
        deciding = {letter for a, b, letter in row["marks"] if a < end and b > start}
        assert row["label"] in {MARK_LABELS[letter] for letter in deciding}, row["id"]


def test_no_statement_has_marks_that_its_label_excludes(rows: list[Row]) -> None:
    excluded = {"supportive": "O", "conditional": "O", "opposed": "SC", "not_addressed": "SCO"}
    for row in rows:
        assert not {m[2] for m in row["marks"]} & set(excluded[row["label"]]), row["id"]


def test_a_second_label_is_given_and_agrees_nearly_always(check: ModuleType, rows: list[Row]) -> None:
    # The whole statements teach no words, and were read once where their second label is null.
    twice = [row for row in rows if row["second_label"] is not None]
    assert all(row["sums_only"] for row in rows if row["second_label"] is None)
    assert {row["second_label"] for row in twice} <= set(LABELS)
    assert {row["confidence"] for row in rows} | {row["second_confidence"] for row in twice} <= {1, 2, 3}
    same, kappa = check.agreement(rows)
    assert same >= check.LEAST_AGREEMENT and kappa >= check.LEAST_KAPPA


def test_no_two_statements_are_near_copies(check: ModuleType, rows: list[Row]) -> None:
    for first, second, cosine in check.nearest([row["text"] for row in rows]).values():
        assert cosine <= check.HIGHEST_COSINE, (rows[first]["id"], rows[second]["id"])


def test_no_shallow_cue_tells_the_label(check: ModuleType, rows: list[Row]) -> None:
    bar = check.chance(rows) + check.MARGIN_OVER_CHANCE
    assert {cue: score for cue, score in check.shallow_cues(rows).items() if score > bar} == {}


def test_a_copy_with_a_few_words_changed_is_found(check: ModuleType, rows: list[Row]) -> None:
    texts = [row["text"] for row in rows[:50]]
    texts.append("Mr. President, thank you. " + texts[7].replace("country", "nation"))
    assert {pair[:2] for pair in check.nearest(texts).values()} == {(7, 50)}


@pytest.mark.parametrize("cue", ["length", "first eight words", "kind and year", "best single word"])
def test_a_planted_cue_breaks_its_bar(check: ModuleType, rows: list[Row], cue: str) -> None:
    planted = [dict(row) for row in rows]
    for row in planted:
        if row["label"] != "opposed":
            continue
        if cue == "length":
            row["text"] = f"{row['text']} {row['text']} {row['text']}"
        elif cue == "first eight words":
            row["text"] = f"Regrettably, {row['text']}"
        elif cue == "kind and year":
            row["kind"] = "council"
        else:
            row["text"] = f"{row['text']} Regrettably."
    assert check.shallow_cues(planted)[cue] > check.chance(planted) + check.MARGIN_OVER_CHANCE


def test_the_script_says_which_bar_is_broken_and_ends_with_status_1(tmp_path: Path, rows: list[Row]) -> None:
    copy = {**rows[0], "id": "copy"}
    (tmp_path / "seed.jsonl").write_text("\n".join(json.dumps(r) for r in [*rows, copy]), encoding="utf-8")
    done = subprocess.run([sys.executable, str(SCRIPT), str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 1
    assert "near copies by words" in done.stderr and "Traceback" not in done.stderr


def test_a_folder_without_seed_texts_is_said_in_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, str(SCRIPT), str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 and "no seed texts" in done.stderr
