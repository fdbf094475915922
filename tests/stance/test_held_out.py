"""Who is held out from whom: States, and whole statements, which tell how the sums of a long speech are to be read."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.stance.corpus import Example
from pipeline.stance.train import Encoded, Settings, calibrating, encode, held_out, out_of_fold

STANCES = {
    "supportive": "We support the responsibility to protect and its implementation, part {n}.",
    "conditional": "The responsibility to protect must first be defined by all of us, part {n}.",
    "opposed": "We reject the responsibility to protect as a pretext, part {n}.",
}
SETTINGS = Settings(folds=3, least=1)


def speech(name: str, label: str, sentences: int, state: str | None = None) -> Example:
    text = " ".join(STANCES[label].format(n=n) for n in range(sentences))
    return Example(name, text, label, iso3=state, whole_speech=True, source="real" if state else "seed")


@pytest.fixture(scope="module")
def data() -> Encoded:
    real = [
        speech(f"{state}-{label}", label, 2, state)
        for state in ("AAA", "BBB", "CCC", "DDD")
        for label in STANCES
    ]
    short = [speech(f"short-{label}", label, 3) for label in STANCES]
    whole = [speech(f"whole-{label}-{k}", label, 16) for label in STANCES for k in range(3)]
    return encode([*real, *short, *whole], SETTINGS)


def test_only_long_seed_texts_are_whole_statements(data: Encoded) -> None:
    assert [e.id for e, is_one in zip(data.examples, data.statements, strict=True) if is_one] == [
        e.id for e in data.examples if e.id.startswith("whole")
    ]
    assert set(data.tells[data.real]) == {1.0} and max(data.tells[~data.real]) < 1.0


def test_each_statement_is_held_out_once_and_then_not_trained_on(data: Encoded) -> None:
    judged, others = np.flatnonzero(data.real), np.flatnonzero(~data.real)
    rows = calibrating(data, judged, others)
    tested: list[int] = []
    for train, test in held_out(data, judged, others, SETTINGS, 0):
        assert not set(rows[test].tolist()) & set(train.tolist())
        states = {data.groups[i] for i in rows[test] if data.real[i]}
        assert not states & {data.groups[i] for i in train}
        assert any(data.examples[i].id.startswith("short") for i in train)
        tested += test.tolist()
    assert sorted(tested) == list(range(len(rows)))


def test_statements_are_summed_up_by_models_that_did_not_see_them(data: Encoded) -> None:
    # With so few real speeches all texts are judged; each is summed up once.
    found, scores = out_of_fold(data, np.arange(len(data)), SETTINGS, 0)
    assert sorted(found.tolist()) == list(range(len(data)))
    assert np.all(scores[:, -1] > 0)
