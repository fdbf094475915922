"""Sentences that a reviewer marks: from the form to the store, into the reading that counts, and on to training."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.records import Span
from pipeline.review.labels import reviewed
from pipeline.review.project import Project, Refused, Sent
from pipeline.review.sentence_marks import BadMarks, SentenceMark, checked, in_text, parsed
from pipeline.stance.corpus import Example, Mark, unique
from pipeline.stance.corrections import corrections
from tests.review.made import by, doubtful, give, project
from tests.review.test_pages import Room

TEXT = "We back the norm. It must not be a pretext. The weather is fine."


@pytest.fixture
def opened(tmp_path: Path) -> Project:
    return project(tmp_path / "d", [doubtful(1, text=TEXT), doubtful(2, text=TEXT + " Again.")])


def test_marks_are_part_of_the_reading_and_reach_training(opened: Project) -> None:
    give(opened, "X/1/PV.1-1", "Ada", "conditional", marks=[(18, 43, "C"), (0, 17, "S")])
    [label] = reviewed(opened.path)
    assert [(m.start, m.end, m.letter, m.words) for m in label.marks] == [
        (0, 17, "S", "We back the norm."),
        (18, 43, "C", "It must not be a pretext."),
    ]
    [example] = corrections([opened.path])
    assert example.marks == (Mark(Span(0, 17), "S"), Mark(Span(18, 43), "C"))


def test_a_deciding_sentence_that_was_not_marked_says_what_the_speech_says(opened: Project) -> None:
    give(opened, "X/1/PV.1-1", "Ada", "conditional", evidence=(18, 43), marks=[(0, 17, "S")])
    give(opened, "X/1/PV.1-2", "Ada", "conditional", evidence=(18, 43))
    marked, unmarked = sorted(corrections([opened.path]), key=lambda e: e.id)
    assert marked.marks == (Mark(Span(0, 17), "S"), Mark(Span(18, 43), "C"))
    assert unmarked.marks == ()  # no sentence was marked, so nothing is known of the others


def test_a_later_label_without_marks_takes_them_back_and_undo_brings_them_again(opened: Project) -> None:
    give(opened, "X/1/PV.1-1", "Ada", "supportive", marks=[(0, 17, "S")])
    later = give(opened, "X/1/PV.1-1", "Ada", "supportive")
    assert next(iter(reviewed(opened.path))).marks == ()
    opened.undo(by("Ada", opened, "X/1/PV.1-1"), later)
    assert len(next(iter(reviewed(opened.path))).marks) == 1


def test_of_two_readings_those_count_that_were_given_with_the_label_that_counts(opened: Project) -> None:
    give(opened, "X/1/PV.1-1", "Ada", "conditional", marks=[(18, 43, "C")])
    give(opened, "X/1/PV.1-1", "Ben", "supportive", marks=[(0, 17, "S")])
    entry = opened.index.by_id["X/1/PV.1-1"]
    opened.adjudicate(entry, Sent("Cy", opened.readings.seen(opened.uid(entry), None)), "supportive")
    [label] = reviewed(opened.path)
    assert [m.letter for m in label.marks] == ["S"] and label.source == "adjudicated"


@pytest.mark.parametrize(
    "bad", [[(0, 9999, "S")], [(5, 5, "S")], [(-1, 4, "S")], [(0, 17, "X")], [(17, 18, "S")]]
)
def test_marks_that_do_not_fit_the_speech_are_refused_and_nothing_is_saved(
    opened: Project, bad: list[tuple[int, int, str]]
) -> None:
    with pytest.raises(Refused):
        give(opened, "X/1/PV.1-1", "Ada", "supportive", marks=bad)
    assert not any(action.kind == "label" for action in opened.store.actions())


@pytest.mark.parametrize(
    "field",
    [
        "{", "[[1]]", "5", '[["a", 2, "S"]]', "[" * 100_000, "true", '[[1e999, 2, "S"]]', '[[0, 3.9, "S"]]', '[[true, 2, "S"]]', '["12S"]',
        '{"12S": 0}', '[[1, 2, ["S"]]]', '[[1, 2, "S", 4]]', "[[1, 2, null]]",
    ],
)  # fmt: skip
def test_a_field_with_nonsense_in_it_is_refused_in_words(field: str) -> None:
    with pytest.raises(BadMarks):
        parsed(field)


def test_of_marks_that_overlap_the_later_counts() -> None:
    assert [m.letter for m in checked([(0, 17, "S"), (0, 17, "C")], TEXT)] == ["C"]
    assert [m[:3] for m in checked([(0, 17, "S"), (0, 43, "O"), (44, 64, "R")], TEXT)] == [
        (0, 43, "O"),
        (44, 64, "N"),
    ]


def test_after_an_undo_the_marks_need_not_be_made_again(opened: Project) -> None:
    ada = Room(opened).reviewer()
    ada.get("/next")
    ada.label("supportive", marks='[[0, 17, "S"]]')
    ada.undo()
    assert ada.fields('id="act"')["marks"] == '[[0, 17, "S"]]'
    assert list(reviewed(opened.path)) == []


def test_an_adjudication_that_is_looked_at_again_shows_its_marks(opened: Project) -> None:
    give(opened, "X/1/PV.1-1", "Ada", "conditional")
    give(opened, "X/1/PV.1-1", "Ben", "supportive")
    cy = Room(opened).reviewer("Cy")
    cy.get("/dispute?d=0&id=X/1/PV.1-1")
    cy.adjudicate("conditional", marks='[[18, 43, "C"]]', evidence_start="18", evidence_end="43")
    cy.get("/dispute?d=0&id=X/1/PV.1-1")
    fields = cy.fields('id="act"')
    assert (fields["marks"], fields["evidence_start"], fields["evidence_end"]) == (
        '[[18, 43, "C"]]',
        "18",
        "43",
    )


def test_a_review_takes_over_the_marks_of_the_same_label_alone() -> None:
    marks = (Mark(Span(0, 17), "S"),)
    known = Example("a", TEXT, "supportive", evidence=Span(0, 17), marks=marks)
    same = Example("b", TEXT, "supportive", evidence=Span(44, 64), source="correction")
    other = Example("c", TEXT, "conditional", evidence=Span(18, 43), source="correction")
    assert unique([known, same])[0].marks == (*marks, Mark(Span(44, 64), "S"))
    assert unique([known, other])[0].marks == ()


def test_marks_follow_their_words_and_vanish_with_them() -> None:
    mark = SentenceMark(0, 17, "S", "We back the norm.")
    assert in_text([mark], "Thank you. We back the norm.") == (SentenceMark(11, 28, "S", mark.words),)
    assert in_text([mark], "Thank you.") == ()
    twice = SentenceMark(50, 67, "S", mark.words)
    text = f"{mark.words} It must not be a pretext. And yet: {mark.words}"
    assert [m.start for m in in_text([twice], text)] == [53]


def test_the_page_saves_marks_with_the_label_and_shows_them_again(opened: Project) -> None:
    room = Room(opened)
    ada = room.reviewer()
    ada.get("/next")
    first = ada.page.path
    given = [[0, 17, "S"], [18, 43, "C"]]
    ada.label("conditional", marks=json.dumps(given))
    assert "Saved" in ada.page.text
    ada.get(first)
    assert json.loads(ada.fields('id="act"')["marks"]) == given
    assert ada.label("conditional", marks='[[0, 99999, "S"]]').status == 400
    other = room.reviewer("Ben")
    other.get(first)
    assert not other.fields('id="act"')["marks"]  # nobody sees another's marks before giving theirs
