"""The command: what it writes, and how it answers bad input."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.dataset import DatasetError
from pipeline.records import InputError
from pipeline.report.compare import compare
from pipeline.report.figures import tiles
from pipeline.report.takes import collect
from pipeline.report.tracker import track
from pipeline.report.votes import speech_beside_vote
from pipeline.split.states import States
from tests.report.made_datasets import dataset, event, said

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return dataset(
        tmp_path / "small",
        [
            said("FRA", "supportive", 2017, themes=["focal_point", "veto_restraint"]),
            said("CUB", "opposed", 2017, themes=["sovereignty"]),
            said("FRA", "conditional", 2018),
            said("CUB", "opposed", 2018, evidence="We <script>alert(1)</script> object."),
            said("XAA", "supportive", 2018, name="Aurelia"),
        ],
    )


def test_the_page_reaches_for_nothing_outside_and_runs_only_its_own_script(
    small: Path, tmp_path: Path
) -> None:
    track([small], tmp_path / "t.html")
    page = (tmp_path / "t.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page and "script-src 'sha256-" in page
    loads = re.findall(r'<(?:link|img|iframe|script|source|image)\b[^>]*?(?:src|href)="([^"#][^"]*)"', page)
    assert loads == [] and "@import" not in page and not re.search(r"url\((?!#)", page)
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_every_link_inside_the_page_leads_somewhere(small: Path, tmp_path: Path) -> None:
    track([small], tmp_path / "t.html")
    page = (tmp_path / "t.html").read_text(encoding="utf-8")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_same_datasets_give_the_same_bytes(small: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        track([small], tmp_path / f"{name}.html", figures=tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    for picture in (tmp_path / "a").iterdir():
        assert picture.read_bytes() == (tmp_path / "b" / picture.name).read_bytes()


def test_data_and_figures_are_written_beside(small: Path, tmp_path: Path) -> None:
    track([small], tmp_path / "t.html", data=tmp_path / "data", figures=tmp_path / "figures")
    with (tmp_path / "data" / "positions.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5 == pq.ParquetFile(tmp_path / "data" / "positions.parquet").metadata.num_rows
    package = json.loads((tmp_path / "data" / "datapackage.json").read_text())
    assert [f["name"] for f in package["resources"][0]["schema"]["fields"]] == list(rows[0])
    for name in (
        "stance-by-year",
        "support",
        "stance-by-forum",
        "stance-by-group",
        "map",
        "shifts",
        "objections",
    ):
        for kind in ("svg", "png", "csv"):
            assert (tmp_path / "figures" / f"{name}.{kind}").stat().st_size > 0


def test_the_map_has_one_tile_for_each_member_state_and_no_two_in_one_place() -> None:
    layout = tiles()
    assert {t.iso3 for t in layout} == {s.iso3 for s in States.load().members()} and len(layout) == 193
    assert len({(t.column, t.row) for t in layout}) == 193


# -- bad input -------------------------------------------------------------------------------------------------


def test_a_meeting_in_two_datasets_is_counted_once_and_said_so(small: Path, tmp_path: Path) -> None:
    other = dataset(tmp_path / "other", [said("FRA", "opposed", 2018), said("DEU", "supportive", 2019)])
    found = collect([small, other])
    assert len(found.takes) == 6 and "A/72/PV.99" in found.notes[0] and "counted once" in found.notes[0]


def test_a_dataset_without_stance_is_refused_in_words(tmp_path: Path) -> None:
    row = said("FRA", None)
    row.update(status=None, label_source=None)
    with pytest.raises(DatasetError, match="no speech has a stance"):
        collect([dataset(tmp_path / "d", [row])])


def test_a_dataset_of_another_version_is_refused_in_words(small: Path) -> None:
    manifest = json.loads((small / "manifest.json").read_text())
    (small / "manifest.json").write_text(json.dumps({**manifest, "schema_version": "2.0"}))
    with pytest.raises(DatasetError, match=r"version 2\.0"):
        collect([small])


def test_speakers_whom_nobody_can_place_are_left_out_and_said_so(small: Path, tmp_path: Path) -> None:
    other = dataset(tmp_path / "other", [said(None, "supportive", 2020, name="Nowhere Land")])
    found = collect([small, other])
    assert len(found.takes) == 5 and "Nowhere Land" in found.notes[0]


def test_the_command_says_what_it_made_and_refuses_in_one_line(small: Path, tmp_path: Path) -> None:
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pipeline.cli", "report", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)

    done = run(small, "--out", tmp_path / "t.html")
    assert done.returncode == 0 and "States" in done.stdout and (tmp_path / "t.html").is_file()
    refused = run(tmp_path / "nothing", "--out", tmp_path / "t.html")
    assert (
        refused.returncode == 1
        and "there is no such folder" in refused.stderr
        and "Traceback" not in refused.stderr
    )


# -- comparison and votes --------------------------------------------------------------------------------------


def test_positions_kept_by_hand_are_set_beside_ours(small: Path, tmp_path: Path) -> None:
    hand = tmp_path / "hand.csv"
    hand.write_text(
        "State,Year,Stance\nFrance,2017,supportive\nCuba,2018,conditional\nXAA,2018,supportive\nKenya,2018,opposed\nNo Land,2018,opposed\n",
        encoding="utf-8",
    )
    results = [row.result for row in compare(hand, collect([small]))]
    assert results == ["agrees", "differs", "agrees", "no position", "unknown State"]
    track([small], tmp_path / "t.html", compare=hand, data=tmp_path / "data")
    assert (tmp_path / "data" / "comparison.csv").read_text(encoding="utf-8-sig").count("\n") == 6


@pytest.mark.parametrize(
    ("text", "words"),
    [("state,year\nFrance,2018\n", "column stance"), ("state,year,stance\nFrance,2018,warm\n", "no stance")],
)
def test_a_bad_file_of_positions_is_refused_in_words(
    small: Path, tmp_path: Path, text: str, words: str
) -> None:
    hand = tmp_path / "hand.csv"
    hand.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        compare(hand, collect([small]))


def test_speech_stands_beside_the_vote_of_the_same_year(tmp_path: Path) -> None:
    rows = [said("CUB", "opposed", 2021), said("CHN", "supportive", 2021), said("FRA", "supportive", 2021)]
    vote = event(
        document=rows[0]["document"], kind="recorded_vote", text="The draft was adopted (resolution 75/277).",
        in_favour=["France"], against=["Cuba"],
    )  # fmt: skip
    found = collect([dataset(tmp_path / "d", rows, [vote])])
    beside = {
        r.state: r.relation for v, rs in speech_beside_vote(found) for r in rs if v.id == "A/RES/75/277"
    }
    assert (beside["CUB"], beside["CHN"], beside["FRA"]) == ("agrees", "opposite", "agrees")
    assert beside["SYR"] == "silent"


def test_only_what_a_state_reports_of_its_own_is_an_effort_at_home(tmp_path: Path) -> None:
    from pipeline.report.topics import at_home, topics

    rows = [
        said("FRA", "supportive", themes=["focal_point", "focal_point_at_home"]),
        said("CUB", "opposed", themes=["focal_point", "sovereignty"]),
    ]
    takes = collect([dataset(tmp_path / "d", rows)]).takes
    assert [(take.state, measures) for take, measures in at_home(takes)] == [("FRA", ["Focal point"])]
    by_theme = {topic.theme.id: topic.by_stance for topic in topics(takes)}
    assert by_theme["focal_point"]["supportive"] == ["FRA"] and by_theme["sovereignty"]["opposed"] == ["CUB"]


def test_a_year_in_which_nobody_spoke_keeps_its_place_in_the_picture(tmp_path: Path) -> None:
    rows = [
        said("FRA", "supportive", 2018),
        said("SWE", "supportive", 2021, on_behalf_of=["Nordic countries"]),
    ]
    made = dataset(tmp_path / "d", rows)
    track([made], tmp_path / "t.html", figures=tmp_path / "f")
    with (tmp_path / "f" / "stance-by-year.csv").open(encoding="utf-8-sig") as file:
        found = {row["year"]: row for row in csv.DictReader(file)}
    assert list(found) == ["2018", "2019", "2020", "2021"]
    assert (found["2021"]["supportive"], found["2021"]["supportive, only through others"]) == ("1", "4")
