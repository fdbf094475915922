"""Reasons for doubt speak where they should, stay silent elsewhere, and stack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.review import doubt as d
from pipeline.review.doubt import Context, doubt, model_label, read_likely_errors, write_likely_errors
from tests.review.made import doubtful, silent, sure
from tests.rows import speech

CONTEXT = Context()


def speaks(reason: d.Reason, context: Context = CONTEXT, **given: Any) -> str | None:
    found = reason(speech(**given), context)
    return found.words if found and found.strength > 0 else None


@pytest.mark.parametrize(
    ("reason", "given", "words"),
    [
        (d.low_probability, {"p_supportive": 0.6, "p_conditional": 0.3, "p_opposed": 0.1}, "low probability: supportive 60 %"),
        (d.small_margin, {"p_supportive": 0.45, "p_conditional": 0.4, "p_opposed": 0.15}, "two labels are close"),
        (d.position_unsure, {"p_addressed": 0.55}, "unclear whether it takes a position: 55 %"),
        (d.rare_class, {"p_supportive": 0.7, "p_conditional": 0.1, "p_opposed": 0.2}, "may be opposed: 20 %"),
        (d.rare_label, {"stance": "opposed"}, "labelled opposed"),
        (d.weak_evidence, {"evidence": None}, "no deciding sentence"),
        (d.weak_evidence, {"r2p_mentions": 0}, "no plain mention"),
        (d.no_state, {"iso3": None}, "State is not resolved"),
        (d.asked_for, {"needs_review": True, "p_addressed": 1.0}, "the model asks for a person"),
        (d.no_model, {"status": None}, "no model has judged it"),
    ],
)  # fmt: skip
def test_a_reason_speaks_and_says_why(reason: d.Reason, given: dict[str, Any], words: str) -> None:
    assert words in (speaks(reason, **given) or "")


@pytest.mark.parametrize("reason", [reason for reason, _ in d.REASONS])
def test_no_reason_speaks_of_a_speech_that_is_clear(reason: d.Reason) -> None:
    found = reason(sure(1), CONTEXT)
    assert found is None or found.strength == 0


def test_poor_text_is_known_by_its_document() -> None:
    context = Context(quality={"a.pdf": 0.5}, recognised=frozenset({"a.pdf"}))
    assert "recognised from a picture" in (speaks(d.poor_text, context) or "")
    assert speaks(d.poor_text, context, document="b.pdf") is None


def test_a_sure_label_of_a_reporters_words_is_in_the_queue_with_its_reason_alone() -> None:
    context = Context(whose_words={"a.pdf": "a summary in the third person"})
    row = {**sure(1), "needs_review": True, "document": "a.pdf"}
    verdict = doubt(row, context)
    assert verdict.score >= d.IN_QUEUE and verdict.why == ("a summary in the third person",)
    assert doubt({**row, "needs_review": False}, context).why == ()


def test_models_that_disagree_are_named() -> None:
    context = Context(other_model={"X/1/PV.1-1": "opposed"}, other_name="second")
    assert speaks(d.versions_disagree, context) == "models disagree: supportive here, opposed by model second"
    assert speaks(d.versions_disagree, Context(other_model={"X/1/PV.1-1": "supportive"})) is None


def test_objections_in_a_supportive_speech_are_a_disagreement_of_parts() -> None:
    from pipeline.stance.themes import themes

    objections = [theme.id for theme in themes() if theme.kind == "objection"]
    assert "objections" in (speaks(d.parts_disagree, themes=objections[:2]) or "")


def test_likely_errors_of_the_training_are_kept_with_the_dataset(tmp_path: Path) -> None:
    write_likely_errors(tmp_path, {"X/1/PV.1-1": 0.04})
    context = Context(likely_errors=read_likely_errors(tmp_path))
    assert "label likely wrong: 4 %" in (speaks(d.likely_wrong, context) or "")
    assert read_likely_errors(tmp_path / "nowhere") == {}


def test_reasons_stack_and_the_strongest_is_named_first() -> None:
    one = doubt(doubtful(1, 0.7), CONTEXT)
    more = doubt(doubtful(1, 0.52, iso3=None), CONTEXT)
    assert more.score > one.score > doubt(sure(1), CONTEXT).score == 0
    assert len(more.why) > len(one.why) and more.why[-1] == "the State is not resolved"


def test_sentences_that_may_limit_bring_a_doubtful_speech_forward_and_put_no_clear_one_in_the_queue() -> None:
    unsure, clear = doubtful(1), sure(2)
    context = Context(limiting={(row["document"], row["speech_no"]): 2.5 for row in (unsure, clear)})
    assert doubt(unsure, context).score == pytest.approx(doubt(unsure, CONTEXT).score + 2.5)
    assert "may limit or reject R2P in about 2.5 sentences" in doubt(unsure, context).why
    assert doubt(clear, context).score == 0


def test_more_limiting_sentences_than_a_few_bring_no_further() -> None:
    row = doubtful(1)
    scores = [doubt(row, Context(limiting={(row["document"], 1): n})).score for n in (4.0, 40.0)]
    assert scores[0] == scores[1]


def test_another_set_of_reasons_makes_another_queue() -> None:
    assert doubt(doubtful(1, iso3=None), CONTEXT, reasons=[(d.no_state, 3.0)]).score == 3.0


def test_a_speech_in_another_language_is_not_in_the_queue() -> None:
    assert doubt(speech(status="unsupported_language", iso3=None), CONTEXT).score == 0


def test_the_models_label_is_known_even_where_a_persons_stands_in_the_row() -> None:
    assert model_label(doubtful(1, stance="opposed", label_source="reviewer")) == "supportive"
    assert (
        model_label(silent(1, status="labelled", stance="opposed", label_source="reviewer"))
        == "not_addressed"
    )
