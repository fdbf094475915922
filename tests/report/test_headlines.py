"""Headlines: every number recomputed here by a few lines of its own, from the rows and not from the tracker's code."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import pytest

from pipeline.report.headlines import Headlines, headlines
from pipeline.report.intervals import Errors, errors_of, shares
from pipeline.report.positions import settle
from pipeline.report.takes import Collection, collect
from pipeline.split.groups import members
from pipeline.tables import Row
from tests.report.made_datasets import dataset, said

CODES = ["FRA", "DEU", "SWE", "BRA", "CHN", "NGA", "KEN", "JPN", "CUB", "FJI"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Row], Collection, list[Headlines]]:
    """Three yearly debates of ten States with chance stances, one group statement, one organisation a year."""
    chance = random.Random(5)
    rows: list[Row] = []
    for year in (2017, 2018, 2019):
        for code in chance.sample(CODES, 7):
            rows.append(said(code, chance.choice(["supportive", "conditional", "opposed", None]), year))
        rows.append(said("DNK", "supportive", year, on_behalf_of=["Nordic countries"]))
        rows.append(said(None, "supportive", year, name="International Committee of Aurelia", role="other"))
    found = collect([dataset(tmp_path_factory.mktemp("d") / "made", rows)])
    return rows, found, headlines(found, Errors())


def of(scopes: list[Headlines], kind: str, title: str) -> Headlines:
    return next(s for s in scopes if (s.kind, s.title) == (kind, title))


@pytest.mark.parametrize("year", [2017, 2018, 2019])
def test_each_number_of_a_year_is_what_the_rows_say(made, year: int) -> None:  # type: ignore[no-untyped-def]
    rows, _, scopes = made
    mine = [r for r in rows if r["year"] == year]
    scope = of(scopes, "year", str(year))
    own = {r["iso3"]: r["stance"] for r in mine if r["iso3"]}
    nordic = members("NORDIC", f"{year}-06-25") - own.keys()
    assert scope.speeches == len(mine) and set(scope.states) == own.keys()
    assert scope.organizations == ["International Committee of Aurelia"]
    assert set(scope.spoken_for) == nordic and nordic
    assert scope.on_behalf_of == len(own) + len(nordic)
    spoken = dict.fromkeys(members("NORDIC", f"{year}-06-25"), "supportive")
    label = {s: own.get(s) or spoken.get(s) or "not_addressed" for s in own.keys() | nordic}
    for stance in ("supportive", "conditional", "opposed", "not_addressed"):
        assert set(scope.having(stance)) == {s for s in label if label[s] == stance}
    taken = [x for x in label.values() if x != "not_addressed"]
    assert scope.shares["opposed"].share == pytest.approx(taken.count("opposed") / len(taken))


def test_first_time_speakers_and_moves_are_what_the_rows_say(made) -> None:  # type: ignore[no-untyped-def]
    rows, _, scopes = made
    spoke = defaultdict(set)
    for row in rows:
        if row["iso3"]:
            spoke[row["year"]].add(row["iso3"])
    assert of(scopes, "year", "2017").first is None
    assert set(of(scopes, "year", "2019").first or []) == spoke[2019] - spoke[2018] - spoke[2017]
    stands = {
        (r["year"], r["iso3"]): r["stance"]
        for r in rows
        if r["iso3"] and r["stance"] and r["iso3"] not in members("NORDIC", "2018-06-25")
    }
    moved = {
        s for s in CODES
        if s != "SWE" and stands.get((2018, s)) and stands.get((2019, s)) and stands[2018, s] != stands[2019, s]
    }  # fmt: skip
    assert {m.state for m in of(scopes, "year", "2019").moves} - {"SWE"} == moved
    assert of(scopes, "debate", "GA-73-R2P").previous == "GA-72-R2P"


def test_a_group_whose_members_nobody_knows_is_named_and_not_counted(tmp_path: Path) -> None:
    found = collect(
        [dataset(tmp_path / "d", [said("FRA", "supportive", on_behalf_of=["Friends of Aurelia"])])]
    )
    scope = headlines(found, Errors())[0]
    assert scope.unknown_groups == ["Friends of Aurelia"] and not scope.spoken_for


def test_those_who_joined_a_statement_are_told_apart(tmp_path: Path) -> None:
    rows = [said("UKR", "supportive", aligned_with=["European Union"]), said("FRA", "supportive")]
    scope = headlines(collect([dataset(tmp_path / "d", rows)]), Errors())[0]
    assert scope.joined == ["UKR"] and len(scope.states) == 2


# -- intervals -------------------------------------------------------------------------------------------------


def _some(tmp_path: Path, count: int, **given: object):  # type: ignore[no-untyped-def]
    codes = sorted(members("EU", "2018-06-25"))[:count]
    return settle(
        collect([dataset(tmp_path / "d", [said(c, "supportive", **given) for c in codes])]).takes
    ).values()


def test_positions_that_people_labelled_add_no_error(tmp_path: Path) -> None:
    share = shares(_some(tmp_path, 9, label_source="reviewer"), Errors())["supportive"]
    assert (share.low, share.high, share.count, share.of) == (1.0, 1.0, 9, 9)


def test_a_model_that_errs_more_gives_a_wider_interval(tmp_path: Path) -> None:
    positions = list(_some(tmp_path, 20))

    def width(wrong: int) -> float:
        labels = ("opposed", "conditional", "supportive", "not_addressed")
        table = {a: {b: 100 if a == b else wrong for b in labels} for a in labels}
        share = shares(positions, Errors(table, "test"))["supportive"]
        return share.high - share.low

    assert width(0) < width(10) < width(40)


def test_the_interval_holds_the_truth_nineteen_times_of_twenty(tmp_path: Path) -> None:
    """Speeches guessed supportive are truly so 70 times of 100: the interval by that confusion covers the drawn truth."""
    positions = list(_some(tmp_path, 25))
    labels = ("opposed", "conditional", "supportive", "not_addressed")
    table = {a: dict.fromkeys(labels, 0) for a in labels}
    table["supportive"]["supportive"], table["conditional"]["supportive"] = 700, 300
    share = shares(positions, Errors(table, "test"))["supportive"]
    chance = random.Random(1)
    truths = [sum(chance.random() < 0.7 for _ in range(25)) / 25 for _ in range(2000)]
    assert sum(share.low <= truth <= share.high for truth in truths) / 2000 >= 0.95


def test_an_audit_of_thirty_speeches_counts_and_fewer_do_not(tmp_path: Path) -> None:
    rows = [said("FRA", "opposed", label_source="reviewer") for _ in range(30)]
    takes = collect([dataset(tmp_path / "d", rows)]).takes
    assert errors_of([], takes).confusion["opposed"]["supportive"] == 30
    assert not errors_of([], takes[:29]).known


def test_the_confusion_is_read_from_the_models_scores(tmp_path: Path) -> None:
    (tmp_path / "m1").mkdir()
    (tmp_path / "m1" / "scores.json").write_text('{"confusion": {"opposed": {"supportive": 7}}}')
    errors = errors_of(["m1"], [], tmp_path)
    assert errors.confusion["opposed"]["supportive"] == 7 and "m1" in errors.source
    assert not errors_of(["../m1"], [], tmp_path / "x").known


def test_a_group_statement_is_right_or_wrong_for_all_at_once(tmp_path: Path) -> None:
    """One speech for the Nordic countries carries more error than five speeches of their own."""
    codes = sorted(members("NORDIC", "2018-06-25"))
    labels = ("opposed", "conditional", "supportive", "not_addressed")
    errors = Errors({a: {b: 80 if a == b else 10 for b in labels} for a in labels}, "test")
    own = settle(collect([dataset(tmp_path / "own", [said(c, "supportive") for c in codes])]).takes)
    one = [said(codes[0], "supportive", on_behalf_of=["Nordic countries"])]
    group = settle(collect([dataset(tmp_path / "group", one)]).takes)
    assert own.keys() == group.keys()
    wide, narrow = (shares(p.values(), errors)["supportive"] for p in (group, own))
    assert wide.count == narrow.count == len(codes)
    assert wide.low < narrow.low


def test_a_first_time_speaker_is_new_to_the_series_of_debates(tmp_path: Path) -> None:
    """Dialogues and debates on R2P are one series; the general debate, where everybody speaks, is another."""
    rows = [
        said(
            "CUB",
            "opposed",
            2016,
            debate="GA-71-general-debate",
            forum="GA-general-debate",
            symbol="A/71/PV.9",
        ),
        said("FRA", "supportive", 2017, debate="GA-71-R2P", forum="GA-dialogue", symbol="A/71/X"),
        said("FRA", "supportive", 2018, debate="GA-72-R2P"),
        said("CUB", "opposed", 2018, debate="GA-72-R2P"),
    ]
    scope = of(headlines(collect([dataset(tmp_path / "d", rows)]), Errors()), "debate", "GA-72-R2P")
    assert scope.first == ["CUB"] and scope.previous == "GA-71-R2P"
    assert scope.name == "R2P debate, 72nd session (2018)"


def test_the_latest_headlines_are_what_the_rows_say(made) -> None:  # type: ignore[no-untyped-def]
    rows, _found, scopes = made
    spoke = {r["iso3"] for r in rows if r["iso3"]}
    stands: dict[str, str] = {}
    for (
        row
    ) in rows:  # in order of years; own words go before a group's of the same year, silence settles nothing
        for state in members("NORDIC", "2018-06-25") if row["on_behalf_of"] else ():
            own = [r for r in rows if (r["iso3"], r["year"]) == (state, row["year"]) and r["stance"]]
            stands[state] = own[-1]["stance"] if own else row["stance"]
        if row["iso3"] and row["stance"]:
            stands[row["iso3"]] = row["stance"]
    total = scopes[0]
    assert total.speeches == len(rows) and set(total.states) == spoke
    assert total.on_behalf_of == len(spoke | members("NORDIC", "2018-06-25"))
    for stance in ("supportive", "conditional", "opposed"):
        assert set(total.having(stance)) == {s for s in stands if stands[s] == stance}
        assert total.shares[stance].of == len(stands)
    assert set(total.having("not_addressed")) == spoke - stands.keys()
