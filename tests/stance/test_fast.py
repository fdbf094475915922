"""The model's quick way to its scores gives the judgement that the tables give by which it was trained."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from pipeline.records import LABELS, Judgement
from pipeline.stance import features
from pipeline.stance.corpus import Example, join, load_seed
from pipeline.stance.linear import Floats, Scorer, Vocabulary
from pipeline.stance.model import StanceModel, load_model
from pipeline.stance.targets import TARGETS

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "ungdc"
PROBABILITIES = ("p_opposed", "p_conditional", "p_supportive", "p_addressed", "confidence", "limiting")
ODD = (
    "",
    "?",
    "Mr. President!",
    "R2P",
    "1 2 3. \u2014 ; : R2P? R2P; but R2P, \u0130stanbul",
    "THE RESPONSIBILITY TO PROTECT IS NOT A PRETEXT. WE DO NOT SHARE THAT VIEW.",
    "A responsibility to protect our oceans is one that the Pacific knows. " * 3,
)


def plain_scores(
    model: StanceModel, analysis: features.Analysis, asked: Sequence[int]
) -> tuple[float, Floats]:
    """Scores by the tables of training, one sentence after the other."""
    words, sentence_words = model.words, model.sentence_words
    speech = model.addressed.scores(*words.vector(features.counts(analysis, words.scale)))
    alone = [sentence_words.vector(features.alone(analysis, i, sentence_words.scale)) for i in asked]
    scores = np.array([model.sentence.scores(*vector) for vector in alone])
    return float(speech[0]), scores.reshape(len(asked), len(LABELS))


class Plain(StanceModel):
    """The same model, scoring by tables."""

    def scores(self, analysis: features.Analysis, asked: Sequence[int]) -> tuple[float, Floats]:
        return plain_scores(self, analysis, asked)


@pytest.fixture(scope="module")
def model() -> StanceModel:
    return load_model()


@pytest.fixture(scope="module")
def plain() -> Plain:
    m = load_model()
    return Plain(
        m.name,
        m.words,
        m.addressed,
        m.sentence_words,
        m.sentence,
        m.calibration,
        m.review_below,
        lexicon=m.lexicon,
    )


def same(found: Judgement, expected: Judgement) -> bool:
    """Whether two judgements differ in nothing but the last digits of probabilities."""
    names = [name for name in Judgement.__dataclass_fields__ if name not in PROBABILITIES]
    if any(getattr(found, name) != getattr(expected, name) for name in names):
        return False
    pairs = [(getattr(found, name), getattr(expected, name)) for name in PROBABILITIES]
    return all(a == b or abs(a - b) < 1e-9 for a, b in pairs)


def differing(model: StanceModel, plain: Plain, examples: Sequence[Example]) -> list[str]:
    """Which speeches the two ways judge differently."""
    return [
        e.id
        for e in examples
        if not same(
            model.judge_one(e.text, e.whole_speech, e.target),
            plain.judge_one(e.text, e.whole_speech, e.target),
        )
    ]


def test_seed_texts_are_judged_as_by_tables(model: StanceModel, plain: Plain) -> None:
    assert differing(model, plain, load_seed()) == []


@pytest.mark.skipif(not DATA.exists(), reason="the real speeches are not here")
def test_real_speeches_are_judged_as_by_tables(model: StanceModel, plain: Plain) -> None:
    examples = join([DATA]).examples
    assert len(examples) > 300
    assert differing(model, plain, examples) == []


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("text", ODD)
def test_odd_texts_are_judged_as_by_tables(
    model: StanceModel, plain: Plain, text: str, whole: bool, target: str
) -> None:
    assert same(model.judge_one(text, whole, target), plain.judge_one(text, whole, target))


def test_a_speech_is_judged_alike_whatever_else_is_in_the_batch() -> None:
    texts = [example.text for example in load_seed()[:60]]
    model = load_model()
    together = dict(zip(texts, model.judge(texts, [True] * len(texts)), strict=True))
    random.Random(0).shuffle(texts)
    assert [load_model().judge_one(text, True, cues=False) for text in texts[:8]] == [
        together[t] for t in texts[:8]
    ]
    assert model.judge(texts, [True] * len(texts)) == [together[text] for text in texts]


def test_all_families_of_words_are_scored_alike(model: StanceModel) -> None:
    """A model that reads other families, as those of the ablation table do."""
    rng = np.random.default_rng(0)
    analysis = features.analyse(load_seed()[0].text, whole_speech=True)
    assert analysis is not None
    families = features.FAMILIES + features.CONTEXT
    tables = [features.alone(analysis, i) for i in range(len(analysis.sentences))]
    for left_out in families:
        scale = {family: 0.5 for family in families if family != left_out}
        words = Vocabulary.fit(tables, scale, 1)
        other = StanceModel(
            "other",
            words,
            Scorer(rng.normal(size=(1, words.width)), np.zeros(1)),
            words,
            Scorer(rng.normal(size=(len(LABELS), words.width)), np.zeros(len(LABELS))),
            model.calibration,
            0.5,
        )
        asked = list(range(len(analysis.sentences)))[1:]
        speech, alone = other.scores(analysis, asked)
        expected_speech, expected_alone = plain_scores(other, analysis, asked)
        assert speech == pytest.approx(expected_speech, abs=1e-9), left_out
        assert np.allclose(alone, expected_alone, rtol=0, atol=1e-9), left_out
