"""The queue: most useful first, an audit strewn in by chance, filters that give nothing away, the way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.review.desk import Desk, Filters
from pipeline.review.project import Project
from tests.review.made import by, doubtful, give, project, silent, sure


def ids(desk: Desk, reviewer: str = "Ada", **filters: str) -> list[int]:
    return [item.entry.number + 1 for item in desk.matching(reviewer, Filters(**filters))]


@pytest.fixture
def mixed(tmp_path: Path) -> Project:
    rows = [doubtful(1, 0.7), sure(2), doubtful(3, 0.52), silent(4), doubtful(5, 0.6)]
    return project(tmp_path / "d", rows, audit_share=0.0)


def test_the_most_doubtful_comes_first_and_the_clear_ones_not_at_all(mixed: Project) -> None:
    assert ids(Desk([mixed])) == [3, 5, 1]


def test_every_row_says_why_it_is_here(mixed: Project) -> None:
    assert all(item.entry.why for item in Desk([mixed]).queue())


def test_the_audit_is_drawn_from_the_undoubted_alone_and_marked(tmp_path: Path) -> None:
    rows = [doubtful(1), *(sure(n) for n in range(2, 202)), *(silent(n) for n in range(202, 402))]
    opened = project(tmp_path / "d", rows, audit_share=0.2)
    audit = [entry for entry in opened.queue if opened.is_audit(entry)]
    assert {entry.stratum for entry in audit} == {"confident", "not_addressed"}
    assert 50 <= len(audit) <= 110  # 400 draws at 0.2: 80, give or take four standard deviations
    assert not opened.is_audit(opened.index.by_id["X/1/PV.1-1"])


def test_the_draw_depends_on_the_seed_and_the_speech_alone(tmp_path: Path) -> None:
    def drawn(folder: str, numbers: range, seed: str) -> set[str]:
        opened = project(tmp_path / folder, [sure(n) for n in numbers], audit_share=0.3, seed=seed)
        return {entry.speech_id for entry in opened.queue}

    first = drawn("a", range(1, 60), "7")
    more = drawn("b", range(1, 120), "7")
    assert first <= more and first == {i for i in more if int(i.rpartition("-")[2]) < 60}
    assert drawn("c", range(1, 60), "8") != first


def test_the_audit_does_not_wait_till_the_end(tmp_path: Path) -> None:
    rows = [*(doubtful(n) for n in range(1, 101)), *(sure(n) for n in range(101, 201))]
    opened = project(tmp_path / "d", rows, audit_share=0.2)
    first_half = opened.queue[: len(opened.queue) // 2]
    audit = sum(opened.is_audit(entry) for entry in opened.queue)
    assert sum(opened.is_audit(entry) for entry in first_half) == pytest.approx(audit / 2, abs=1)


def test_the_audits_error_counts_only_what_chance_drew(tmp_path: Path) -> None:
    opened = project(tmp_path / "d", [doubtful(1), sure(2), sure(3), silent(4)], audit_share=1.0)
    give(opened, "X/1/PV.1-1", "Ada", "opposed")
    give(opened, "X/1/PV.1-2", "Ada", "supportive")
    give(opened, "X/1/PV.1-3", "Ada", "conditional")
    give(opened, "X/1/PV.1-4", "Ada", "not_addressed")
    found = opened.audit()
    assert (found["confident"].count, found["confident"].of) == (1, 2)
    assert (found["both"].count, found["both"].of) == (1, 3)
    assert found["both"].low < 1 / 3 < found["both"].high


def test_a_labelled_speech_leaves_everybodys_queue_and_a_skipped_one_mine(mixed: Project) -> None:
    desk = Desk([mixed])
    give(mixed, "X/1/PV.1-3", "Ada", "supportive")
    mixed.skip(mixed.index.by_id["X/1/PV.1-5"], by("Ada", mixed, "X/1/PV.1-5"), "unclear")
    assert ids(desk, "Ada") == [1] and ids(desk, "Ben") == [5, 1]
    assert ids(desk, "Ada", status="skipped") == [5] and ids(desk, "Ada", status="mine") == [3]


def test_a_share_is_read_by_a_second_person_who_is_not_told_the_label(tmp_path: Path) -> None:
    opened = project(tmp_path / "d", [doubtful(1), doubtful(2)], second_share=1.0)
    desk = Desk([opened])
    give(opened, "X/1/PV.1-1", "Ada", "opposed")
    assert ids(desk, "Ben") == [1, 2] and ids(desk, "Ada") == [2]
    give(opened, "X/1/PV.1-1", "Ben", "opposed")
    assert ids(desk, "Cy") == [2]


def test_filtering_by_label_tells_nothing_of_what_another_said(tmp_path: Path) -> None:
    opened = project(tmp_path / "d", [doubtful(1), doubtful(2)], second_share=1.0)
    give(opened, "X/1/PV.1-1", "Ada", "opposed")
    desk = Desk([opened])
    assert ids(desk, "Ben", stance="opposed", status="all") == []
    assert ids(desk, "Ben", stance="supportive", status="all") == [1, 2]
    assert ids(desk, "Ada", stance="opposed", status="all") == [1]


def test_filters_narrow_by_what_a_speech_is(tmp_path: Path) -> None:
    rows = [
        doubtful(1, state="Borealia", iso3="XAB", year=2011),
        doubtful(2, text="Sovereignty comes 100% first. So_it is."),
        sure(3, document="b.pdf", symbol=None),
    ]
    desk = Desk([project(tmp_path / "d", rows, audit_share=0.0)])
    assert ids(desk, state="Borealia") == ids(desk, state="xab") == ids(desk, year="2011") == [1]
    assert ids(desk, text="sovereignty COMES") == ids(desk, text="100%") == ids(desk, text="so_it") == [2]
    assert ids(desk, text="100_") == [] and ids(desk, meeting="b.pdf", status="all") == [3]
    assert ids(desk, status="all") == [1, 2, 3] or sorted(ids(desk, status="all")) == [1, 2, 3]


def test_next_does_not_offer_what_another_reviewer_has_open(mixed: Project) -> None:
    desk = Desk([mixed])
    first = desk.next("Ada", Filters())
    assert first is not None and first.entry.speech_id == "X/1/PV.1-3"
    desk.lease(first, "Ada")
    second = desk.next("Ben", Filters())
    assert second is not None and second.entry.speech_id == "X/1/PV.1-5"
    assert desk.next("Ada", Filters()) == first


def test_back_goes_through_what_i_did_latest_first(mixed: Project) -> None:
    desk = Desk([mixed])
    for number in (3, 5, 1):
        give(mixed, f"X/1/PV.1-{number}", "Ada", "supportive")
    steps = []
    at = None
    while (at := desk.back("Ada", at)) is not None:
        steps.append(at.entry.number + 1)
    assert steps == [1, 5, 3] and desk.back("Ben", None) is None


def test_jump_takes_an_id_or_the_end_of_one(mixed: Project) -> None:
    desk = Desk([mixed])
    for wanted in ("X/1/PV.1-5", " x/1/pv.1-5 ", "-5"):
        found = desk.jump(wanted)
        assert found is not None and found.entry.number == 4
    assert desk.jump("PV.1-") is None and desk.jump("") is None


def test_two_datasets_make_one_queue(tmp_path: Path) -> None:
    one = project(tmp_path / "one", [doubtful(1, 0.7), doubtful(2, 0.52)])
    two = project(tmp_path / "two", [doubtful(1, 0.6)])
    desk = Desk([one, two])
    assert [(i.d, i.entry.number + 1) for i in desk.queue()] == [(0, 2), (1, 1), (0, 1)]
    give(two, "X/1/PV.1-1", "Ada", "opposed")
    assert [(i.d, i.entry.number + 1) for i in desk.matching("Ada", Filters())] == [(0, 2), (0, 1)]
    assert desk.progress().labels == 1 and desk.place_in_queue("Ada") == (1, 2)
