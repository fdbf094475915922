"""Themes are found where they are argued, and not where the words mean something else or are somebody else's."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from pipeline.records import Span
from pipeline.resources import corpus_dir
from pipeline.stance.themes import Theme, find_themes, themes


@pytest.mark.parametrize("theme", themes(), ids=lambda theme: theme.id)
def test_every_themes_own_example_has_it_and_its_counter_example_does_not(theme: Theme) -> None:
    assert theme.id in {hit.theme for hit in find_themes(theme.example)}
    assert theme.id not in {hit.theme for hit in find_themes(theme.counter_example)}


def test_precision_and_recall_on_the_hand_labelled_passages() -> None:
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for line in (corpus_dir() / "labels" / "themes.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold, found = set(row["themes"]), {hit.theme for hit in find_themes(row["text"])}
        right.update(gold & found)
        wrong.update(found - gold)
        missed.update(gold - found)
    assert right.total() / (right.total() + wrong.total()) >= 0.90
    assert right.total() / (right.total() + missed.total()) >= 0.80


def test_an_objection_that_is_reported_and_answered_is_not_the_speakers() -> None:
    assert find_themes("Some fear that it serves as a pretext for intervention.") == ()


def test_spans_lead_to_the_words() -> None:
    text = "Good morning. We support restraint in the use of the veto."
    [hit] = find_themes(text)
    assert text[hit.span.start : hit.span.end] == "restraint in the use of the veto"


def test_only_the_passages_asked_for_are_searched() -> None:
    text = "Early warning systems matter. " + "We also speak of trade."
    assert find_themes(text, [Span(30, len(text))]) == ()
