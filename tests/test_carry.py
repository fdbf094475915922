"""A person's label follows its words and is never lost."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.carry import KEPT_ASIDE, PersonLabels, keep_aside
from tests.rows import speech

TEXT = "We accept the first two pillars. The third must wait until criteria are agreed. That is the view of my capital."


def labelled(**given: object) -> dict[str, object]:
    return speech(
        text=TEXT, stance="conditional", label_source="reviewer", reviewer="Ada", note="clear", **given
    )


def test_a_persons_label_replaces_the_models_and_ends_the_doubt() -> None:
    fresh = speech(text=TEXT, stance="supportive", needs_review=True)
    [row] = PersonLabels([labelled()]).apply("a.pdf", [fresh])
    assert (row["stance"], row["label_source"], row["reviewer"], row["needs_review"]) == (
        "conditional",
        "reviewer",
        "Ada",
        False,
    )
    assert row["p_supportive"] == fresh["p_supportive"]


def test_a_label_follows_its_words_when_the_numbers_change() -> None:
    rows = [
        speech(speech_id="n-1", text="Good morning to all."),
        speech(speech_id="n-2", text=TEXT + " Thank you."),
    ]
    result = PersonLabels([labelled()]).apply("a.pdf", rows)
    assert [row["label_source"] for row in result] == ["model", "reviewer"]


def test_the_persons_evidence_is_found_again_in_the_changed_text() -> None:
    sentence = "The third must wait until criteria are agreed."
    label = labelled(
        evidence=sentence,
        evidence_start=TEXT.find(sentence),
        evidence_end=TEXT.find(sentence) + len(sentence),
    )
    [row] = PersonLabels([label]).apply("a.pdf", [speech(text="Thank you. " + TEXT)])
    assert row["text"][row["evidence_start"] : row["evidence_end"]] == sentence


def test_a_label_whose_speech_is_gone_is_listed_and_kept_aside_once(tmp_path: Path) -> None:
    labels = PersonLabels([labelled(), labelled(speech_id="b-1", document="b.pdf")])
    labels.apply("a.pdf", [speech(text="Something else entirely was said here by another.")])
    assert [row["speech_id"] for row in labels.rest()] == ["X/1/PV.1-1", "b-1"]
    keep_aside(tmp_path, labels.rest())
    keep_aside(tmp_path, labels.rest())
    lines = (tmp_path / KEPT_ASIDE).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["speech_id"] for line in lines] == ["X/1/PV.1-1", "b-1"]


def test_two_labels_never_land_on_one_speech() -> None:
    first, second = labelled(speech_id="a-1"), labelled(speech_id="a-2")
    labels = PersonLabels([first, second])
    labels.apply("a.pdf", [speech(speech_id="a-9", text=TEXT)])
    assert labels.carried == 1 and len(labels.lost) == 1
