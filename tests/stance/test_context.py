"""What a sentence takes from the one before it, and which sentence is shown as the one that decided."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.stance import features
from pipeline.stance.cues import load, reply, scopes
from pipeline.stance.evidence import deciding


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("we do not share that view .", "deny"),
        ("my delegation disagrees .", "on"),
        ("we disagree .", "deny"),
        ("we share that fear .", "agree"),
        ("the report lists three measures .", "on"),
        ("no one in this room believes it .", "deny"),
    ],
)
def test_how_a_sentence_answers_the_one_before(words: str, expected: str) -> None:
    assert reply(words.split()) == expected


@pytest.mark.parametrize(
    ("words", "reports"),
    [
        ("its advocates claim that the _norm_ saves lives", True),
        ("we are told that it is humanitarian", True),
        ("other speakers have welcomed it", True),
        ("we claim that the _norm_ saves lives", False),
    ],
)
def test_whose_view_a_clause_gives(words: str, reports: bool) -> None:
    assert any(scopes(words.split())[1]) is reports


def answer(text: str, i: int = 1) -> dict[str, float]:
    analysis = features.analyse(text, whole_speech=True)
    assert analysis is not None
    return features.alone(analysis, i, ("answer",)).get("answer", {})


def test_a_denied_report_and_an_own_view_are_told_apart() -> None:
    told = answer("Some say that the responsibility to protect is a pretext. We do not share that view.")
    own = answer("The responsibility to protect is a pretext. We will vote against it.")
    assert {"deny>pretext?", "deny>told"} <= told.keys()
    assert {"on>pretext", "on>own"} <= own.keys()


def test_the_first_sentence_and_one_after_a_gap_answer_nothing() -> None:
    text = (
        "We support the responsibility to protect. " + "The sea is rising. " * 9 + "We fear R2P as a pretext."
    )
    analysis = features.analyse(text)
    assert analysis is not None
    assert answer(text, 0) == {}
    gap = next(
        i
        for i in range(1, len(analysis.sentences))
        if analysis.sentences[i].span.start - analysis.sentences[i - 1].span.end > 3
    )
    assert features.alone(analysis, gap, ("before", "answer")).keys() == set()
    assert not features.alone(analysis, gap - 1, ("answered",)).get("answered")


def test_a_sentence_knows_that_the_next_one_denies_or_joins_it() -> None:
    def answered(text: str) -> set[str]:
        analysis = features.analyse(text, whole_speech=True)
        assert analysis is not None
        return set(features.alone(analysis, 0, ("answered",)).get("answered", {}))

    claim = "Some say that the responsibility to protect is a pretext."
    assert {"deny<pretext?", "deny<told"} <= answered(f"{claim} We do not share that view.")
    assert "agree<told" in answered(f"{claim} And rightly so.")
    assert answered(f"{claim} The sea is rising.") == answered(claim) == set()


def test_what_is_conceded_before_a_but_counts_less_and_what_is_held_after_it_in_full() -> None:
    text = "We welcome the norm, but we fear its abuse and the norm of force."
    analysis = features.analyse(text, whole_speech=True)
    assert analysis is not None
    words = features.alone(analysis, 0, ("words",))["words"]
    assert words["welcom"] == words["but"] < words["fear"] == words["abus"]
    assert words["norm"] > words["fear"]  # said on both sides, so it is held, and said twice
    plain = features.analyse(text.replace(", but", ";"), whole_speech=True)
    assert plain is not None
    same = features.alone(plain, 0, ("words",))["words"]
    assert same["welcom"] == same["fear"]


@pytest.mark.parametrize(
    ("words", "token"),
    [
        ("We heard the Special Adviser on the responsibility to protect.", "_office_"),
        ("The Group of Friends of the responsibility to protect met.", "_office_"),
        ("Focal points for R2P met.", "_office_"),
        ("We rely on the responsibility to protect.", "_norm_"),
        ("The report on the responsibility to protect is before us.", "_norm_"),
        ("The adviser praised the responsibility to protect.", "_norm_"),
    ],
)
def test_an_office_that_bears_the_name_is_not_the_norm(words: str, token: str) -> None:
    analysis = features.analyse(words)
    assert analysis is not None
    assert [t for t in analysis.sentences[0].tokens if t[0] == "_"] == [token]


def chosen(text: str, odds: list[float]) -> str:
    analysis = features.analyse(text)
    assert analysis is not None
    span = deciding(analysis.sentences, np.array(odds))
    assert span is not None
    return analysis.reading.text[span.start : span.end]


def test_a_sentence_that_takes_up_the_norm_is_shown_before_one_that_tells_of_it() -> None:
    tells = "In 2005 the responsibility to protect was endorsed by the Summit."
    assert chosen(f"{tells} We stand by that principle.", [3.0, 1.0]) == "We stand by that principle."
    assert chosen(f"{tells} We stand by our fishermen.", [3.0, 1.0]) == tells
    far = f"{tells} The sea is rising. We stand by that principle."
    assert chosen(far, [3.0, -3.0, 1.0]) == tells  # another principle may be meant


def test_a_sentence_that_asks_is_shown_before_one_that_tells_though_the_latter_is_surer() -> None:
    asks = "We must now give effect to the responsibility to protect."
    tells = "In 2005 the responsibility to protect was endorsed by the Summit."
    assert chosen(f"{tells} {asks}", [6.0, 3.0]) == asks


def test_a_sentence_that_says_something_else_is_not_shown_for_asking() -> None:
    asks = "The Council must meet on the responsibility to protect."
    holds = "The responsibility to protect is a pretext."
    assert chosen(f"{asks} {holds}", [-4.0, 1.0]) == holds


def test_without_sentences_nothing_is_shown() -> None:
    assert deciding([], np.zeros(0)) is None


def test_the_table_of_cues_is_read_once() -> None:
    assert load() is load()
