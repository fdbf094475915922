"""Positions: which of several statements settles where a State stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.report.positions import Position, by_year_and_forum, latest, settle
from pipeline.report.takes import collect
from tests.report.made_datasets import dataset, said


def positions(folder: Path, *rows: dict[str, Any]) -> dict[str, Position]:
    return settle(collect([dataset(folder / "made", list(rows))]).takes)


def test_an_own_statement_goes_before_a_group_statement(tmp_path: Path) -> None:
    found = positions(
        tmp_path,
        said("FRA", "conditional"),
        said("SWE", "supportive", on_behalf_of=["European Union"]),
    )
    assert (found["FRA"].label, found["FRA"].basis) == ("conditional", "own")
    assert (found["DEU"].label, found["DEU"].basis, found["DEU"].through) == (
        "supportive",
        "group",
        "European Union",
    )


def test_an_own_statement_without_a_position_does_not_set_a_group_statement_aside(tmp_path: Path) -> None:
    found = positions(tmp_path, said("FRA", None), said("SWE", "supportive", on_behalf_of=["European Union"]))
    assert (found["FRA"].label, found["FRA"].basis) == ("supportive", "group")


def test_a_joined_statement_counts_where_nothing_else_takes_a_position(tmp_path: Path) -> None:
    found = positions(
        tmp_path,
        said("UKR", None, aligned_with=["European Union"]),
        said("SWE", "supportive", on_behalf_of=["European Union"]),
    )
    assert (found["UKR"].label, found["UKR"].basis) == ("supportive", "joined")


def test_a_state_spoken_for_by_name_is_resolved(tmp_path: Path) -> None:
    found = positions(tmp_path, said("AUS", "supportive", on_behalf_of=["the Kingdom of Norway"]))
    assert found["NOR"].basis == "group" and found["NOR"].grounds.startswith("statement by Australia for")
    assert found["NOR"].via == "Australia" and found["NOR"].brief == "through Australia, 1 speech"


def test_a_reviewer_goes_before_the_model_and_adjudication_before_both(tmp_path: Path) -> None:
    rows = [
        said("FRA", "opposed", label_source="adjudicated"),
        said("FRA", "conditional", label_source="reviewer"),
        said("FRA", "supportive"),
    ]
    assert positions(tmp_path, *rows)["FRA"].label == "opposed"
    assert positions(tmp_path, *rows[1:])["FRA"].label == "conditional"


def test_the_later_of_two_statements_counts_and_the_contradiction_is_flagged(tmp_path: Path) -> None:
    found = positions(tmp_path, said("FRA", "conditional"), said("FRA", "supportive"))
    assert found["FRA"].label == "supportive" and found["FRA"].contradicts == ("conditional",)


def test_one_unreviewed_speech_is_uncertain_two_that_agree_are_not(tmp_path: Path) -> None:
    found = positions(
        tmp_path,
        said("FRA", "supportive"),
        said("FRA", "supportive"),
        said("DEU", "supportive"),
        said("ITA", "supportive", label_source="reviewer"),
    )
    assert [found[s].uncertain for s in ("FRA", "DEU", "ITA")] == [False, True, False]


def test_former_codes_are_joined_with_todays(tmp_path: Path) -> None:
    rows = [
        said("ZAR", "supportive", year=1995, date="1995-10-01"),
        said("COD", "opposed", year=2018),
    ]
    found = collect([dataset(tmp_path / "d", rows)])
    assert {take.state for take in found.takes} == {"COD"}


def test_the_latest_position_with_a_stance_stands_even_after_a_silent_year(tmp_path: Path) -> None:
    rows = [said("FRA", "supportive", 2018), said("FRA", None, 2021)]
    found = collect([dataset(tmp_path / "d", rows)])
    assert latest(by_year_and_forum(found.takes))["FRA"].take.year == 2018


def test_a_group_statement_without_a_position_settles_nothing_for_its_members(tmp_path: Path) -> None:
    found = positions(tmp_path, said("SWE", None, on_behalf_of=["European Union"]))
    assert set(found) == {"SWE"}


def test_speeches_of_several_years_that_agree_carry_the_latest_position_together(tmp_path: Path) -> None:
    rows = [said("FRA", "supportive", 2017), said("FRA", "supportive", 2018), said("CUB", "opposed", 2018)]
    found = latest(by_year_and_forum(collect([dataset(tmp_path / "d", rows)]).takes))
    assert not found["FRA"].uncertain and found["FRA"].brief == "own words, 2 speeches"
    assert found["CUB"].uncertain
