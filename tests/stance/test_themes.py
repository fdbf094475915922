"""Themes are found where they are argued, and not where the words mean something else or are somebody else's."""

from __future__ import annotations

import json

import pytest

from pipeline.records import Span
from pipeline.resources import corpus_dir
from pipeline.stance.themes import AT_HOME, Theme, find_themes, themes


@pytest.mark.parametrize("theme", themes(), ids=lambda theme: theme.id)
def test_every_themes_own_example_has_it_and_its_counter_example_does_not(theme: Theme) -> None:
    assert theme.id in {hit.theme for hit in find_themes(theme.example)}
    assert theme.id not in {hit.theme for hit in find_themes(theme.counter_example)}


@pytest.mark.parametrize("part", ["held_out", "development"])
def test_precision_and_recall_on_the_hand_labelled_passages(part: str) -> None:
    right = found = labelled = passages = 0
    for line in (corpus_dir() / "labels" / "themes.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["set"] != part:
            continue
        passages += 1
        hits = {hit.theme for hit in find_themes(row["text"]) if not hit.theme.endswith(AT_HOME)}
        right += len(hits & set(row["themes"]))
        found += len(hits)
        labelled += len(row["themes"])
    assert passages >= 75
    assert right / found >= 0.90
    assert right / labelled >= 0.80


@pytest.mark.parametrize(
    ("text", "at_home"),
    [
        ("We appointed a national focal point for R2P in March.", True),
        ("We encourage all Member States to appoint a focal point for R2P.", False),
        ("The Global Network of Focal Points for R2P has grown.", False),
        ("Rivermark was among the first to name an R2P focal point, and we invite others to follow.", True),
    ],
)
def test_a_measure_asked_of_others_is_no_effort_at_home(text: str, at_home: bool) -> None:
    found = {hit.theme for hit in find_themes(text)}
    assert "focal_point" in found
    assert ("focal_point" + AT_HOME in found) == at_home


def test_an_objection_that_is_turned_down_is_not_the_speakers() -> None:
    assert find_themes("We do not share the fear that the principle is a licence to intervene.") == ()


def test_the_name_of_an_office_is_no_call_for_prevention() -> None:
    found = {hit.theme for hit in find_themes("We thank the Special Adviser on the Prevention of Genocide.")}
    assert found == {"special_advisers"}


def test_an_objection_that_is_reported_and_answered_is_not_the_speakers() -> None:
    assert find_themes("Some fear that it serves as a pretext for intervention.") == ()


def test_spans_lead_to_the_words() -> None:
    text = "Good morning. We support restraint in the use of the veto."
    [hit] = find_themes(text)
    assert text[hit.span.start : hit.span.end] == "restraint in the use of the veto"


def test_only_the_passages_asked_for_are_searched() -> None:
    text = "Early warning systems matter. " + "We also speak of trade."
    assert find_themes(text, [Span(30, len(text))]) == ()
