"""A maintainer trains a model: what goes in, what is written, and when it takes the old one's place."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline import resources
from pipeline.dataset import write_dataset
from pipeline.records import InputError, Judgement, Stance, Status
from pipeline.schema import SCHEMA_VERSION
from pipeline.stance import registry
from pipeline.stance.baselines import cue_count, majority
from pipeline.stance.commands import run_evaluate, scores_table
from pipeline.stance.compare import Held, changes, compare
from pipeline.stance.corpus import text_hash
from pipeline.stance.model import load_model
from pipeline.stance.model_card import report
from pipeline.stance.retrain import Outcome, gather, retrain
from pipeline.stance.train import Settings
from pipeline.stance_command import train as train_command
from pipeline.tables import Row
from tests.rows import meeting, speech

QUICK = replace(Settings(), folds=3)
DAY = date(2026, 1, 2)
SAYS = {
    "supportive": "We endorse the responsibility to protect and call for its full implementation",
    "conditional": "We accept the responsibility to protect but fear its misuse and ask for strict limits",
    "opposed": "We reject the responsibility to protect as a pretext for intervention",
    "not_addressed": "The item on the responsibility to protect stands on the list of documents",
}
TOPICS = [
    "rivers",
    "harvests",
    "schools",
    "fisheries",
    "railways",
    "clinics",
    "forests",
    "ports",
    "dams",
    "mines",
]


def text_of(label: str, n: int) -> str:
    return f"Our {TOPICS[n % 10]} matter to us in year {n}. {SAYS[label]}. We thank the {TOPICS[n // 10 % 10]} board."


def write_seeds(folder: Path, each: int = 8) -> Path:
    folder.mkdir(parents=True)
    rows = [
        {"id": f"{label}-{n}", "text": text_of(label, n), "label": label, "target": "r2p"}
        for label in SAYS
        for n in range(each)
    ]
    (folder / "a.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return folder


def write_reviews(folder: Path, rows: Sequence[Row]) -> Path:
    def documents() -> Iterator[tuple[Row, Sequence[Row], Sequence[Row]]]:
        yield meeting(), rows, []

    write_dataset(
        folder,
        documents(),
        {"tool": {"name": "r2p-stance", "version": "0"}, "schema_version": SCHEMA_VERSION},
        ["csv", "parquet"],
    )
    return folder


def review(n: int, label: str, text: str | None = None, **given: Any) -> Row:
    stance = None if label == "not_addressed" else label
    return speech(
        **{
            "speech_id": f"X/1/PV.1-{n}", "speech_no": n, "text": text or text_of(label, n), "stance": stance,
            "status": "labelled" if stance else "not_addressed", "label_source": "reviewer", "reviewer": "Ada",
            "reviewed_at": f"2026-01-01T00:00:{n % 60:02}+00:00", "iso3": f"X{chr(65 + n % 12)}A", "forum": "GA", "debate": None,
            "evidence": None, "evidence_start": None, "evidence_end": None, **given,
        }
    )  # fmt: skip


def right_reviews(n: int = 36, first: int = 100) -> list[Row]:
    labels = list(SAYS)
    return [review(first + i, labels[(i + i // 12) % 4]) for i in range(n)]


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation without models."""
    folder = tmp_path / "models"
    monkeypatch.setattr(resources, "models_dir", lambda: folder)
    return folder


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return write_seeds(tmp_path / "seed")


def run(seeds: Path, *datasets: Path, **given: Any) -> Outcome:
    return retrain(datasets, seeds=seeds, today=DAY, settings=QUICK, **given)


def test_the_first_model_is_a_versioned_folder_with_its_card_and_is_put_in_use(
    models: Path, seeds: Path
) -> None:
    outcome = run(seeds)
    assert outcome.name.startswith("stance-20260102-") and outcome.in_use
    assert registry.model_in_use() == models / outcome.name
    there = {path.name for path in outcome.folder.iterdir()}
    assert there >= {
        "model.npz",
        "model.json",
        "README.md",
        "scores.json",
        "label_issues.csv",
        "training_data.csv",
    }
    card = (outcome.folder / "README.md").read_text(encoding="utf-8")
    assert outcome.name in card and "32 labelled speeches" in card
    assert load_model().judge_one("We reject the responsibility to protect as a pretext.").stance == "opposed"
    assert {p.name for p in models.iterdir()} == {outcome.name, "CURRENT"}


def test_the_same_data_give_the_same_files_bit_for_bit(models: Path, seeds: Path, tmp_path: Path) -> None:
    first, second = (run(seeds, out=tmp_path / name).folder for name in ("one", "two"))
    assert first.name == second.name
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes(), path.name


def test_without_texts_it_says_that_the_real_ones_are_missing(models: Path, seeds: Path) -> None:
    words = report(run(seeds))
    assert "trained with real speeches too" in words and "--texts" in words


def test_a_model_that_is_not_worse_takes_the_old_ones_place(
    models: Path, seeds: Path, tmp_path: Path
) -> None:
    old = run(seeds)
    outcome = run(seeds, write_reviews(tmp_path / "reviewed", right_reviews()))
    assert outcome.decided_on == "held-out" and outcome.not_worse and outcome.in_use
    assert registry.model_in_use().name == outcome.name
    words = report(outcome)
    assert f"r2p-stance models use {old.name}" in words and "new - old" in words
    assert outcome.reviewed is not None and outcome.reviewed.speeches == 36
    assert outcome.as_it_stands is not None and outcome.as_it_stands.speeches == 36


def test_a_model_that_may_be_worse_stays_outside_unless_accepted(
    models: Path, seeds: Path, tmp_path: Path
) -> None:
    # Right reviews of both kinds of speech judge; a pile of wrong labels on other texts spoils the new model.
    good = run(seeds, write_reviews(tmp_path / "good", right_reviews()))
    turned = {
        "supportive": "opposed",
        "opposed": "supportive",
        "conditional": "supportive",
        "not_addressed": "opposed",
    }
    labels = list(SAYS)
    wrong = [
        review(200 + i, turned[labels[i % 4]], text_of(labels[i % 4], 200 + i), iso3="XZZ")
        for i in range(120)
    ]
    spoilt = write_reviews(tmp_path / "spoilt", wrong)
    outcome = run(seeds, tmp_path / "good", spoilt)
    judged_right = [c for c in outcome.changed if c.verdict == "broken"]
    assert judged_right and not outcome.not_worse and not outcome.in_use
    assert registry.model_in_use().name == good.name
    assert f"r2p-stance models use {outcome.name}" in report(outcome)
    accepted = run(seeds, tmp_path / "good", spoilt, accept=True)
    assert accepted.in_use and registry.model_in_use().name == outcome.name


def test_where_the_old_training_data_are_not_here_nothing_is_decided(
    models: Path, seeds: Path, tmp_path: Path
) -> None:
    old = run(seeds, write_reviews(tmp_path / "reviewed", right_reviews()))
    outcome = run(seeds)
    assert outcome.decided_on is None and not outcome.in_use
    assert "cannot be told" in report(outcome) and registry.model_in_use().name == old.name


def test_another_folder_gets_the_model_but_the_one_in_use_stays(
    models: Path, seeds: Path, tmp_path: Path
) -> None:
    old = run(seeds)
    outcome = run(seeds, write_reviews(tmp_path / "reviewed", right_reviews()), out=tmp_path / "elsewhere")
    assert outcome.not_worse and not outcome.in_use and outcome.folder.parent == tmp_path / "elsewhere"
    assert registry.model_in_use().name == old.name


def test_reviewed_labels_take_the_place_of_the_same_text_and_late_corrections_win(
    seeds: Path, tmp_path: Path
) -> None:
    text = text_of("opposed", 3)
    early = write_reviews(
        tmp_path / "a", [review(1, "conditional", text, reviewed_at="2026-01-01T10:00:00+00:00")]
    )
    late = write_reviews(
        tmp_path / "b", [review(2, "not_addressed", text, reviewed_at="2026-01-03T10:00:00+00:00")]
    )
    for order in ([early, late], [late, early]):
        corpus = gather(order, [], seeds)
        [found] = [e for e in corpus.examples if e.sha256 == text_hash(text)]
        assert (found.label, found.source) == ("not_addressed", "correction")
        assert len(corpus.examples) == 32 and corpus.merged == 2


def test_an_adjudicated_label_stands_against_a_later_reading(seeds: Path, tmp_path: Path) -> None:
    text = text_of("opposed", 3)
    rows = [
        review(1, "conditional", text, reviewed_at="2026-01-01T10:00:00+00:00", label_source="adjudicated"),
        review(2, "supportive", text, reviewed_at="2026-02-01T10:00:00+00:00"),
    ]
    corpus = gather([write_reviews(tmp_path / "a", rows)], [], seeds)
    assert [e.label for e in corpus.examples if e.sha256 == text_hash(text)] == ["conditional"]


def test_labels_of_a_model_are_no_corrections(seeds: Path, tmp_path: Path) -> None:
    rows = [review(1, "opposed", label_source="model"), review(2, "opposed")]
    assert gather([write_reviews(tmp_path / "a", rows)], [], seeds).reviewed == 1


def test_a_wrong_label_is_listed_for_a_second_look(models: Path, seeds: Path, tmp_path: Path) -> None:
    rows = [*right_reviews(), review(300, "opposed", text_of("supportive", 300))]
    outcome = run(seeds, write_reviews(tmp_path / "reviewed", rows))
    with (outcome.folder / "label_issues.csv").open(encoding="utf-8", newline="") as lines:
        listed = {row["id"]: row for row in csv.DictReader(lines)}
    assert listed["X/1/PV.1-300"]["likely"] == "supportive" and "X/1/PV.1-300" in report(outcome)


def test_too_few_speeches_of_a_label_are_refused_in_words(models: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="too few speeches of some labels"):
        run(write_seeds(tmp_path / "few", each=2))
    with pytest.raises(InputError, match="nothing to train on"):
        run(tmp_path)


def test_a_folder_that_is_no_dataset_is_named_by_the_command(tmp_path: Path) -> None:
    done = CliRunner().invoke(train_command, ["--corrections", str(tmp_path)])
    assert "no labelled dataset" in str(done.exception)


def said(*labels: str) -> Held:
    return Held(
        (
            tuple(
                Judgement(Status.LABELLED, Stance(x), 0.2, 0.2, 0.6, 0.9, confidence=0.6)
                if x in set(Stance)
                else Judgement(Status.NOT_ADDRESSED, p_addressed=0.1)
                for x in labels
            ),
        )
    )


def test_equal_models_are_not_worse_and_a_clearly_worse_one_is() -> None:
    labels = ["supportive", "opposed", "conditional", "not_addressed"] * 10
    groups = [f"S{i % 13}" for i in range(40)]
    right = said(*labels)
    wrong = said(*["supportive"] * 40)
    equal = compare(labels, groups, right, right)
    assert equal.not_worse and equal.f1["macro"][2].value == 0 and equal.f1["macro"][1].value == 1
    assert not compare(labels, groups, right, wrong).not_worse
    better = compare(labels, groups, wrong, right)
    assert better.not_worse and better.f1["macro"][2].low > 0


def test_macro_f1_of_a_comparison_is_that_of_evaluate() -> None:
    labels = ["supportive", "opposed", "conditional", "not_addressed", "supportive"] * 4
    guesses = said(*["supportive", "conditional", "conditional", "opposed", "not_addressed"] * 4)
    result = compare(labels, list("abcdefghijklmnopqrst"), guesses, guesses)
    assert result.f1["macro"][1].value == pytest.approx(result.new["macro_f1"])
    for stance in ("supportive", "conditional", "opposed"):
        assert result.f1[stance][1].value == pytest.approx(result.new["per_class"][stance]["f1"])


def test_changed_labels_say_what_they_mend_and_break() -> None:
    found = changes(list("abcd"), ["opposed"] * 4, said("opposed", "supportive", "supportive", "opposed"),
                    said("supportive", "opposed", "conditional", "opposed"))  # fmt: skip
    assert [(c.id, c.verdict) for c in found] == [("a", "broken"), ("b", "mended"), ("c", "still wrong")]


def test_evaluate_shows_what_a_model_has_to_beat(models: Path, seeds: Path, tmp_path: Path) -> None:
    run(seeds)
    result = run_evaluate(seeds / "a.jsonl")
    assert result["baselines"]["majority"]["macro_f1"] == pytest.approx(1 / 6)
    table = scores_table(result)
    assert "most frequent stance" in table and "counting cues" in table


def test_predictions_name_the_themes(tmp_path: Path) -> None:
    row = {"id": "a", "label": "supportive", "text": SAYS["supportive"] + ". Under the responsibility to protect we have appointed a national focal point."}  # fmt: skip
    (tmp_path / "a.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    run_evaluate(tmp_path / "a.jsonl", predictions=tmp_path / "out.jsonl")
    assert "focal_point" in json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))["themes"]


def test_counting_cues_turns_negated_ones_round() -> None:
    assert cue_count("We endorse the responsibility to protect.", "r2p") == "supportive"
    assert cue_count("We do not endorse the responsibility to protect.", "r2p") == "opposed"
    assert cue_count("We speak of fisheries.", "r2p") == "not_addressed"
    assert (
        majority(["opposed", "opposed", "supportive", "not_addressed", "not_addressed", "not_addressed"])
        == "opposed"
    )
