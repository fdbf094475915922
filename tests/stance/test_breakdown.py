"""Scores in parts: each speech in one part, averaged over the runs."""

from __future__ import annotations

from pipeline.records import Judgement, Stance, Status
from pipeline.stance.breakdown import NOBODY, OTHERS, by, region, table, years
from pipeline.stance.corpus import Example

YES = Judgement(Status.LABELLED, Stance.SUPPORTIVE, 0.1, 0.2, 0.7, 0.9, confidence=0.7)
NO = Judgement(Status.NOT_ADDRESSED, p_addressed=0.1)


def speech(iso3: str | None, year: int | None, label: str) -> Example:
    return Example(f"{iso3}{year}", "We support it.", label, iso3=iso3, year=year)


def test_every_speech_is_in_one_part_and_runs_are_averaged() -> None:
    speeches = [
        speech("FRA", 2005, "supportive"),
        speech("FRA", 2009, "not_addressed"),
        speech("GHA", 2010, "supportive"),
    ]
    runs = [[YES, YES, YES], [YES, NO, NO]]
    assert by(speeches, runs, region) == {
        "African": {"speeches": 1, "accuracy": 0.5},
        "WEOG": {"speeches": 2, "accuracy": 0.75},
    }
    assert by(speeches, runs, years) == {
        "2005 to 2009": {"speeches": 2, "accuracy": 0.75},
        "2010 to 2014": {"speeches": 1, "accuracy": 0.5},
    }


def test_a_speech_without_state_or_year_has_a_part_too() -> None:
    assert (
        region(speech(None, None, "supportive"))
        == region(speech("African Group", None, "supportive"))
        == NOBODY
    )
    assert region(speech("YUG", 1999, "supportive")) == OTHERS
    assert years(speech(None, None, "supportive")) == "year not known"


def test_the_table_has_a_row_a_part() -> None:
    assert table({"WEOG": {"speeches": 2, "accuracy": 0.754}}) == "| WEOG | 2 | 0.75 |"
