"""The log folded into readings: late corrections, undo, disputes, adjudication."""

from __future__ import annotations

from typing import Any

from pipeline.review.readings import Readings
from pipeline.review.store import Action


def log(*rows: tuple[Any, ...]) -> Readings:
    """Rows of (reviewer, kind, label or undone id); all on speech 1, numbered from 1."""
    readings = Readings()
    for number, (reviewer, kind, value) in enumerate(rows, 1):
        given = (
            {"undoes": value}
            if kind == "undo"
            else {"note": value}
            if kind in ("note", "skip")
            else {"label": value}
        )
        readings.add(
            [Action(number, f"2024-01-01T00:00:{number:02}", reviewer, kind, uid=1, shown=number, **given)]
        )
    return readings


def settled(*rows: tuple[Any, ...]) -> tuple[str, str, str] | None:
    found = log(*rows).settled(1)
    return (found.label, found.source, found.reviewer) if found else None


def test_one_reading_is_a_reviewers_label() -> None:
    assert settled(("Ada", "label", "opposed")) == ("opposed", "reviewer", "Ada")


def test_a_reviewers_late_correction_wins() -> None:
    assert settled(("Ada", "label", "opposed"), ("Ada", "label", "conditional")) == (
        "conditional",
        "reviewer",
        "Ada",
    )


def test_undo_brings_the_earlier_label_back_and_then_none() -> None:
    rows = [("Ada", "label", "opposed"), ("Ada", "label", "conditional"), ("Ada", "undo", 2)]
    assert settled(*rows) == ("opposed", "reviewer", "Ada")
    assert settled(*rows, ("Ada", "undo", 1)) is None


def test_undo_goes_back_step_by_step() -> None:
    readings = log(("Ada", "label", "opposed"), ("Ada", "note", "hm"), ("Ada", "undo", 2))
    last = readings.last_of("Ada")
    assert last is not None and last.id == 1 and readings.last_of("Ben") is None


def test_two_agreeing_readings_are_adjudicated_and_name_both() -> None:
    assert settled(("Ada", "label", "opposed"), ("Ben", "label", "opposed")) == (
        "opposed",
        "adjudicated",
        "Ada; Ben",
    )


def test_two_differing_readings_settle_nothing_until_somebody_decides() -> None:
    rows = [("Ada", "label", "opposed"), ("Ben", "label", "conditional")]
    assert settled(*rows) is None and log(*rows).disputed(1)
    assert settled(*rows, ("Cy", "adjudicate", "opposed")) == ("opposed", "adjudicated", "Cy")
    assert settled(*rows, ("Cy", "adjudicate", "opposed"), ("Cy", "undo", 3)) is None


def test_a_reviewer_who_changes_their_mind_ends_the_dispute() -> None:
    rows = [("Ada", "label", "opposed"), ("Ben", "label", "conditional"), ("Ben", "label", "opposed")]
    assert settled(*rows) == ("opposed", "adjudicated", "Ada; Ben")


def test_only_readings_before_the_adjudication_are_blind() -> None:
    readings = log(
        ("Ada", "label", "opposed"), ("Ben", "label", "conditional"), ("Cy", "adjudicate", "opposed"), ("Ben", "label", "opposed")
    )  # fmt: skip
    assert readings.blind_pairs() == [(1, {"Ada": "opposed", "Ben": "conditional"})]


def test_a_note_given_alone_stays_with_the_reading() -> None:
    readings = log(("Ada", "note", "see page 3"), ("Ada", "label", "opposed"))
    assert readings.readings(1)["Ada"].note == "see page 3"
    assert log(("Ada", "label", "opposed"), ("Ada", "note", "later")).readings(1)["Ada"].note == "later"


def test_a_skip_is_no_reading_and_a_later_label_ends_it() -> None:
    readings = log(("Ada", "skip", "unclear"))
    assert readings.skipped(1, "Ada") and readings.settled(1) is None
    readings.add([Action(2, "2024-01-01T00:00:02", "Ada", "label", uid=1, shown=2, label="opposed")])
    assert not readings.skipped(1, "Ada")


def test_the_state_is_the_same_whether_rows_come_at_once_or_one_by_one() -> None:
    rows = [
        ("Ada", "label", "opposed"),
        ("Ben", "label", "conditional"),
        ("Ben", "undo", 2),
        ("Cy", "label", "opposed"),
    ]
    whole = Readings()
    whole.add([a for n in range(1, 5) for a in log(*rows).log(1) if a.id == n])
    assert whole.settled(1) == log(*rows).settled(1)
