"""One sentence may decide a speech: how scores of sentences are summed up, and what probabilities are made of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from pipeline.records import STANCES, Stance
from pipeline.stance.combine import WHICH, WIDTH, Calibration, asked, limiting, summary
from pipeline.stance.linear import fit
from pipeline.stance.train import calibrate

# Scores in the order of LABELS: opposed, conditional, supportive, not_addressed.
ENDORSES = [-2.0, -1.0, 3.0, 0.0]
LIMITS = [-1.0, 4.0, 0.0, -1.0]
ASIDE = [-3.0, -3.0, -3.0, 3.0]


def test_one_sentence_that_limits_outweighs_many_that_endorse() -> None:
    found = summary(2.0, np.array([ENDORSES] * 9 + [LIMITS]), [0] * 10)
    best = int(Calibration().p_stances(found).argmax())
    assert STANCES[best] == Stance.CONDITIONAL


def test_sentences_on_other_matters_change_the_greatest_scores_by_nothing() -> None:
    few = summary(2.0, np.array([LIMITS]), [0])
    many = summary(2.0, np.array([LIMITS] + [ASIDE] * 20), [0] + [2] * 20)
    assert few[3:6] == pytest.approx(many[3:6])


def test_a_sentence_far_from_the_mention_counts_for_less_in_the_amount() -> None:
    near = summary(0.0, np.array([ENDORSES]), [0])
    far = summary(0.0, np.array([ENDORSES]), [7])
    amount = WHICH + len(STANCES) + STANCES.index(Stance.SUPPORTIVE)
    assert far[amount] < near[amount]
    assert far[5] == near[5]


def test_the_share_of_a_stance_does_not_grow_with_the_length_of_the_speech() -> None:
    short = summary(0.0, np.array([ENDORSES, LIMITS] * 5), [0] * 10)
    long = summary(0.0, np.array([ENDORSES, LIMITS] * 50), [0] * 100)
    shares = slice(WHICH + 3 * len(STANCES), -1)
    assert np.exp(long[shares]) == pytest.approx(np.exp(short[shares]), abs=0.05)
    assert np.exp(long[shares]).sum() == pytest.approx(1.0)


def test_a_speech_without_sentences_is_summed_up_to_zeros() -> None:
    found = summary(1.5, np.zeros((0, 4)), [])
    assert found.tolist() == [1.5] + [0.0] * (WIDTH - 1)


def test_the_number_of_sentences_is_told_last() -> None:
    assert summary(0.0, np.array([ENDORSES] * 20), [0] * 20)[-1] == pytest.approx(np.log(20))


def test_what_comes_last_is_told_apart_from_what_comes_first() -> None:
    last = summary(0.0, np.array([ENDORSES, ENDORSES, LIMITS]), [0] * 3)
    first = summary(0.0, np.array([LIMITS, ENDORSES, ENDORSES]), [0] * 3)
    limits = WHICH + STANCES.index(Stance.CONDITIONAL)
    amount, later = limits + len(STANCES), limits + 2 * len(STANCES)
    assert last[amount] == pytest.approx(first[amount]) and last[later] > first[later]


def test_many_sentences_that_are_a_little_like_a_limit_make_none() -> None:
    doubtful = [0.0, 0.0, 2.0, 0.0]
    amount = WHICH + len(STANCES) + STANCES.index(Stance.CONDITIONAL)
    assert (
        summary(0.0, np.array([doubtful] * 8), [0] * 8)[amount]
        < summary(0.0, np.array([LIMITS]), [0])[amount]
    )


def test_a_second_sentence_that_says_something_is_told_apart_from_one() -> None:
    one = summary(0.0, np.array([LIMITS] + [ASIDE] * 5), [0] * 6)
    two = summary(0.0, np.array([LIMITS] * 2 + [ASIDE] * 4), [0] * 6)
    alone = summary(0.0, np.array([LIMITS]), [0])
    assert one[1] == two[1] and two[2] < one[2] and alone[1] == alone[2]


def test_up_to_five_sentences_their_number_tells_nothing() -> None:
    assert asked(summary(2.0, np.array([LIMITS] * 5), [0] * 5))[3:].tolist() == [0.0] * 3
    assert asked(np.zeros((4, WIDTH))).shape == (4, 6)


def test_so_many_limiting_sentences_are_expected_as_their_probabilities_add_up_to() -> None:
    assert limiting(np.array([[9.0, 0, 0, 0], [0, 9.0, 0, 0], [0, 0, 9.0, 0]])) == pytest.approx(
        2.0, abs=0.01
    )
    assert limiting(np.zeros((0, 4))) == 0.0


def test_the_surest_sentence_stays_finite() -> None:
    found = summary(0.0, np.array([[900.0, 0.0, 0.0, -900.0]]), [0])
    assert np.isfinite(found).all()


def test_probabilities_of_the_stances_sum_to_one() -> None:
    p = Calibration().p_stances(summary(0.0, np.array([ENDORSES, LIMITS]), [0, 1]))
    assert p.sum() == pytest.approx(1.0)


def test_labels_too_few_to_learn_from_leave_the_calibration_as_it_is() -> None:
    labels = np.array([2] * 20 + [1])
    found = np.random.default_rng(0).normal(size=(21, WIDTH))
    assert calibrate(labels, found) == Calibration()


def test_calibration_learns_which_summaries_are_right() -> None:
    chance = np.random.default_rng(0)
    labels = np.array([0, 1, 2, 3] * 30)
    found = chance.normal(size=(120, WIDTH))
    for i, label in enumerate(labels):
        if label < 3:
            found[i, WHICH + label] += 4.0
            found[i, 0] += 4.0
    fitted = calibrate(labels, found)
    spoken = [fitted.p_addressed(row) for row in found]
    assert np.mean(np.array(spoken)[labels != 3]) > 0.8 > 0.3 > np.mean(np.array(spoken)[labels == 3])
    right = [
        fitted.p_stances(row).argmax() == label for row, label in zip(found, labels, strict=True) if label < 3
    ]
    assert np.mean(right) > 0.9


def test_repeated_summaries_calibrate_as_one_set_would() -> None:
    chance = np.random.default_rng(1)
    labels, found = np.array([0, 1, 2, 3] * 20), chance.normal(size=(80, WIDTH))
    once, thrice = calibrate(labels, found), calibrate(np.tile(labels, 3), np.tile(found, (3, 1)), 3)
    assert np.asarray(once.stances) == pytest.approx(np.asarray(thrice.stances), abs=1e-2)


def test_what_counts_for_nothing_does_not_calibrate() -> None:
    chance = np.random.default_rng(2)
    labels, found = np.array([0, 1, 2, 3] * 20), chance.normal(size=(80, WIDTH))
    beside = np.array([2] * 40), chance.normal(size=(40, WIDTH)) + 9
    both = np.concatenate([labels, beside[0]]), np.concatenate([found, beside[1]])
    weights = np.concatenate([np.ones(80), np.zeros(40)])
    plain, weighted = calibrate(labels, found), calibrate(*both, weights=weights)
    assert np.asarray(weighted.stances) == pytest.approx(np.asarray(plain.stances), abs=1e-2)


@pytest.mark.parametrize("present", [(1,), (1, 3), (0, 1, 3)])
def test_a_class_that_was_never_seen_never_wins(present: tuple[int, ...]) -> None:
    labels = np.array([present[i % len(present)] for i in range(30)])
    matrix = sparse.csr_matrix(np.eye(4)[labels])
    scorer = fit(matrix, labels, np.ones(30), 2.0, classes=4)
    for label in present:
        scores = scorer.scores(np.array([label]), np.array([1.0]))
        assert int(scores.argmax()) == label
