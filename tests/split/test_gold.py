"""The bars on real records, every turn of which was checked by hand (`scripts/gold` prints the figures)."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.extract.pdf import read_pdf
from pipeline.resources import table
from pipeline.split.gold import Score, broken_words, compare
from pipeline.split.states import States
from pipeline.split.verbatim import is_verbatim, split_verbatim

BORN_DIGITAL = (
    "ga_64_pv_document_121",
    "ga_65_pv_document_71",
    "ga_79_pv_document_29",
    "sc_2018_pv_document_8422",
)
SCAN = "sc_1950_pv_document_492"

pytestmark = pytest.mark.shared


def gold_of(folder: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / f"{name}.gold.json").read_text(encoding="utf-8"))
    return loaded


def score(folder: Path, name: str, engine: str) -> Score:
    data = (folder / f"{name}.pdf").read_bytes()
    transcript = read_pdf(data, f"{name}.pdf", hashlib.sha256(data).hexdigest(), engine=engine)
    assert is_verbatim(transcript)
    lexicon = frozenset(table("words_en.txt").read_text(encoding="utf-8").split())
    return compare(split_verbatim(transcript, States.load()), gold_of(folder, name), lexicon)


@pytest.mark.parametrize(
    ("engine", "name"),
    # One record is enough to show that the engines agree; scripts/gold compares them on all.
    [("pdfium", name) for name in BORN_DIGITAL] + [("pdfminer", BORN_DIGITAL[0])],
)
def test_every_turn_of_a_born_digital_record_is_right(engine: str, name: str, shared_data: Path) -> None:
    found = score(shared_data / "records", name, engine)
    wrong = "\n".join(found.wrong)
    assert found.f1 == 1.0, wrong
    for figure in ("state", "iso3", "role", "language", "speaker", "pages"):
        assert getattr(found, figure) == found.turns, wrong
    assert found.first_words == found.last_words == found.delegates, wrong
    assert found.words_off == 0 and abs(found.words - found.gold_words) <= 0.01 * found.gold_words, wrong
    assert found.furniture_left == 0, wrong
    assert found.broken_per_10000 <= 1.0, wrong
    assert found.cover == found.cover_facts, wrong


@pytest.mark.skipif(
    importlib.util.find_spec("pipeline.split.groups") is None, reason="groups are not there yet"
)
def test_on_whose_behalf_is_right_in_95_of_100_turns(shared_data: Path) -> None:
    scores = [score(shared_data / "records", name, "pdfium") for name in BORN_DIGITAL]
    right, turns = sum(s.on_behalf_of for s in scores), sum(s.turns for s in scores)
    assert right >= 0.95 * turns, [line for s in scores for line in s.wrong if "on_behalf_of" in line]


def test_a_bilingual_scan_is_said_to_be_unsupported_but_its_cover_is_read(shared_data: Path) -> None:
    data = (shared_data / "records" / f"{SCAN}.pdf").read_bytes()
    splitting = split_verbatim(read_pdf(data, "scan.pdf", "0" * 64), States.load())
    assert [problem.code for problem in splitting.problems] == ["bilingual_scan"]
    assert splitting.problems[0].fatal and splitting.speeches == ()
    gold = gold_of(shared_data / "records", SCAN)
    assert compare(splitting, gold).cover == 4


def test_the_votes_of_a_record_are_read_with_their_lists(shared_data: Path) -> None:
    data = (shared_data / "records" / "ga_65_pv_document_71.pdf").read_bytes()
    splitting = split_verbatim(read_pdf(data, "x.pdf", "0" * 64), States.load())
    votes = [event for event in splitting.events if event.in_favour]
    adopted = [e.text for e in splitting.events if " votes to " in e.text and e.kind == "stage_direction"]
    assert len(votes) == len(adopted) >= 10
    states = States.load()
    names = {
        name for vote in votes for side in (vote.in_favour, vote.against, vote.abstaining) for name in side
    }
    assert [name for name in sorted(names) if states.resolve(name, "2010-12-21") is None] == []


def test_broken_words_are_told_from_whole_ones() -> None:
    lexicon = frozenset(
        {"cooperation", "the", "of", "states", "in", "short", "term", "and", "long", "a", "tion"}
    )
    assert broken_words("the coopera tion of States", lexicon) == ["coopera tion"]
    assert broken_words("inter- national and short- and long-term", frozenset()) == ["inter- national"]
    assert broken_words("the cooperation of States in A Tion", lexicon) == []
