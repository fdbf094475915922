"""Forum and debate of a meeting, and the tables of debates and votes."""

from __future__ import annotations

import csv

import pytest

from pipeline.resources import table
from pipeline.split.debates import FORUMS, classify, debates, meetings_of
from pipeline.split.states import States

R2P_ITEM = (
    "Agenda item 132\nThe responsibility to protect and the prevention of genocide, war crimes, ethnic cleansing and "
    "crimes against humanity"
)


def rows(name: str) -> list[dict[str, str]]:
    with table(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("symbol", "organ", "session", "date", "agenda", "opening", "expected"),
    [
        ("A/63/PV.98", "GA", 63, "2009-07-24", (), "", ("GA", "GA-63-R2P")),
        ("A/75/PV.66", None, None, None, (), "", ("GA", "GA-75-R2P")),
        ("a/72/pv.99", None, None, None, (), "", ("GA", "GA-72-R2P")),
        ("A/77/PV.84", "GA", 77, "2023-06-26", (R2P_ITEM,), "", ("GA", "GA-77-R2P")),
        ("A/80/PV.90", "General Assembly", None, "2026-06-20", ("Item 128", R2P_ITEM), "", ("GA", "GA-80-R2P")),
        ("A/63/PV.96", "GA", 63, "2009-07-21", ("Follow-up to the Summit: report (A/63/677)",), "", ("GA", "GA-63-R2P")),
        ("A/64/PV.3", "GA", 64, "2009-09-23", ("Agenda item 8\nGeneral debate",), "", ("GA-general-debate", "GA-64-general-debate")),
        ("A/64/PV.4", "GA", 64, "2009-09-23", ("General debate (continued)",), "", ("GA-general-debate", "GA-64-general-debate")),
        ("A/50/PV.8", "GA", 50, "1995-09-27", ("AGENDA ITEM 9 (continued) GENERAL DEBATE",), "", ("GA-general-debate", "GA-50-general-debate")),
        ("A/64/PV.5", "GA", 64, "2009-09-24", ("Address by Mr. John Roe, President of the Republic",), "", ("GA-general-debate", "GA-64-general-debate")),
        ("A/64/PV.60", "GA", 64, "2009-12-01", ("Address by Mr. John Roe, President of the Republic",), "", ("GA", None)),
        ("A/65/PV.71", "GA", 65, "2010-12-21", ("Reports of the Third Committee",), "", ("GA", None)),
        ("A/S-27/PV.1", "GA", None, "2002-05-08", ("General debate",), "", ("GA", None)),
        ("A/ES-10/PV.40", None, None, None, (), "", ("GA", None)),
        ("S/PV.8422", "SC", None, "2018-12-13", ("The situation in Borealia",), "", ("SC", None)),
        ("S/PV.7000", None, None, None, ("The responsibility to protect",), "", ("SC", None)),
        ("A/HRC/16/SR.2", None, None, None, ("General debate",), "", ("HRC", None)),
        (None, "Human Rights Council", None, None, (), "", ("HRC", None)),
        ("A/C.3/65/SR.4", None, None, None, ("General debate",), "", ("other", None)),
        (None, "Third Committee of the General Assembly", None, None, (), "", ("other", None)),
        (None, None, None, "2012-09-05", ("Informal interactive dialogue on the responsibility to protect",), "", ("GA-dialogue", "GA-66-R2P")),
        (None, "GA", 66, "2012-09-05", (), "Welcome to this informal interactive dialogue on the responsibility to protect.", ("GA-dialogue", "GA-66-R2P")),
        (None, None, None, "2011-07-12", (), "This informal interactive dialogue on R2P is open.", ("GA-dialogue", "GA-65-R2P")),
        (None, None, None, None, (), "", ("other", None)),
    ],
)  # fmt: skip
def test_a_meeting_has_its_forum_and_debate(
    symbol: str | None, organ: str | None, session: int | None, date: str | None,
    agenda: tuple[str, ...], opening: str, expected: tuple[str, str | None],
) -> None:  # fmt: skip
    assert classify(symbol, organ, session, date, agenda, opening) == expected
    assert expected[0] in FORUMS


@pytest.mark.parametrize(
    ("date", "session"),
    [("2009-09-14", 63), ("2009-09-15", 64), ("2010-09-13", 64), ("2010-09-14", 65), ("2012-09-17", 66), ("2012-09-18", 67),
     ("2013-09-16", 67), ("2013-09-17", 68), ("2014-09-08", 68), ("2017-09-12", 72), ("2021-05-17", 75), ("2024-12-01", 79)],
)  # fmt: skip
def test_a_session_opens_on_its_tuesday_in_september(date: str, session: int) -> None:
    assert classify(None, "GA", None, date, (R2P_ITEM,))[1] == f"GA-{session}-R2P"


def test_the_meetings_of_a_debate_are_found_by_year_and_by_id() -> None:
    assert (
        meetings_of("2009") == meetings_of("GA-63-R2P") == tuple(f"A/63/PV.{n}" for n in (98, 99, 100, 101))
    )
    assert meetings_of("GA-75-R2P") == ("A/75/PV.64", "A/75/PV.65", "A/75/PV.66")
    assert meetings_of("1999") == ()


def test_every_debate_vote_and_report_names_its_source() -> None:
    for name in ("debates.csv", "votes.csv", "votes_by_state.csv", "r2p_reports.csv"):
        assert [row for row in rows(name) if not row["source"]] == [], name
    assert {row["forum"] for row in debates()} <= set(FORUMS)


def test_the_votes_have_the_counts_that_are_known() -> None:
    votes = {row["vote"]: row for row in rows("votes.csv")}
    counts = {name: (row["in_favour"], row["against"], row["abstaining"]) for name, row in votes.items()}
    assert counts["A/RES/75/277"] == ("115", "15", "28")
    assert counts["agenda-2017"] == ("113", "21", "17")
    assert counts["agenda-2018"] == ("93", "16", "17")
    assert counts["agenda-2019"] == ("79", "13", "17")
    assert votes["A/RES/63/308"]["adopted"] == "without a vote"


def test_the_votes_of_states_are_of_members_and_add_up() -> None:
    states = States.load()
    cast = rows("votes_by_state.csv")
    assert len([row for row in cast if row["vote"] == "A/RES/75/277" and row["cast"] == "against"]) == 15
    assert len({(row["vote"], row["iso3"]) for row in cast}) == len(cast)
    for row in cast:
        state = states.resolve(row["state"], "2021-05-18")
        assert state is not None and state.iso3 == row["iso3"]
    assert {row["cast"] for row in cast} <= {"in_favour", "against", "abstaining"}
