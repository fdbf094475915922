"""Agreement and intervals against figures from the literature."""

from __future__ import annotations

import pytest

from pipeline.review.agreement import agreement, by_label, by_pair, wilson


def test_kappa_and_alpha_of_a_table_worked_by_hand() -> None:
    # 20 both supportive, 15 both opposed, 5 and 10 crossed: p_o 0.7, p_e 0.5, kappa 0.4 (Cohen's own layout).
    pairs = [("supportive", "supportive")] * 20 + [("supportive", "opposed")] * 5
    pairs += [("opposed", "supportive")] * 10 + [("opposed", "opposed")] * 15
    found = agreement([{"Ada": a, "Ben": b} for a, b in pairs])
    assert (found.share, found.kappa) == (0.7, pytest.approx(0.4))
    # Krippendorff: 1 - D_o / D_e with 100 readings, 55 supportive: 1 - 0.3 / (2 * 55 * 45 / (100 * 99))
    assert found.alpha == pytest.approx(1 - 0.3 / (2 * 55 * 45 / 9900))


def test_agreement_by_label_is_specific_agreement() -> None:
    found = by_label([{"a": "opposed", "b": "opposed"}, {"a": "opposed", "b": "supportive"}])
    assert found["opposed"] == (3, pytest.approx(2 / 3)) and found["supportive"] == (1, 0.0)
    assert found["conditional"] == (0, None)


def test_each_pair_of_three_reviewers_has_its_own_figures() -> None:
    found = by_pair([{"Ada": "opposed", "Ben": "opposed"}, {"Ada": "opposed", "Cy": "conditional"}])
    assert {pair: a.agreed for pair, a in found.items()} == {("Ada", "Ben"): 1, ("Ada", "Cy"): 0}


def test_where_nothing_varies_no_coefficient_is_made_up() -> None:
    found = agreement([{"Ada": "opposed", "Ben": "opposed"}] * 3)
    assert (found.share, found.kappa, found.alpha) == (1.0, None, None)
    assert agreement([]).share is None


def test_wilsons_interval_has_the_published_values() -> None:
    # Newcombe 1998, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    assert (wilson(81, 263).low, wilson(81, 263).high) == (0.2553, 0.3662)
    assert (wilson(15, 148).low, wilson(15, 148).high) == (0.0624, 0.1605)
    assert (wilson(0, 20).low, wilson(0, 20).high) == (0.0, 0.1611)
    assert (wilson(1, 29).low, wilson(1, 29).high) == (0.0061, 0.1718)
    assert (wilson(0, 0).low, wilson(0, 0).high, wilson(0, 0).share) == (0.0, 1.0, None)
