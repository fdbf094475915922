"""Saving: nothing silently overwritten, sent twice counts once, undone means undone, in the files too."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from pipeline import load_dataset
from pipeline.review.labels import reviewed
from pipeline.review.project import Project, Refused, Sent, Stale
from pipeline.review.refresh import is_fresh, refresh
from pipeline.tables import Row
from tests.review.made import by, dataset, doubtful, give, project, silent, sure

ONE = "X/1/PV.1-1"


@pytest.fixture
def opened(tmp_path: Path) -> Project:
    return project(tmp_path / "d", [doubtful(1), doubtful(2), silent(3)])


def row(opened: Project, speech_id: str = ONE) -> Row:
    return next(r for r in load_dataset(opened.path).rows("speeches") if r["speech_id"] == speech_id)


def test_a_second_tab_does_not_overwrite_what_the_first_saved(opened: Project) -> None:
    both_tabs = by("Ada", opened, ONE)
    entry = opened.index.by_id[ONE]
    opened.label(entry, both_tabs, "opposed")
    with pytest.raises(Stale) as error:
        opened.label(entry, both_tabs, "supportive")
    assert error.value.latest is not None and error.value.latest.label == "opposed"
    assert opened.readings.readings(opened.uid(entry))["Ada"].label == "opposed"


def test_two_servers_on_one_dataset_see_each_other(opened: Project) -> None:
    other = Project(opened.path, other_model=False)
    seen = by("Ada", other, ONE)
    give(opened, ONE, "Ada", "opposed")
    with pytest.raises(Stale):
        other.label(other.index.by_id[ONE], seen, "supportive")
    other.sync()
    assert other.readings.readings(other.uid(other.index.by_id[ONE]))["Ada"].label == "opposed"


def test_two_reviewers_at_once_both_keep_their_reading(opened: Project) -> None:
    entry = opened.index.by_id[ONE]
    sent = {name: by(name, opened, ONE) for name in ("Ada", "Ben")}
    threads = [
        threading.Thread(target=opened.label, args=(entry, sent[name], label))
        for name, label in (("Ada", "opposed"), ("Ben", "supportive"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = opened.readings.readings(opened.uid(entry))
    assert {name: r.label for name, r in found.items()} == {"Ada": "opposed", "Ben": "supportive"}
    assert opened.readings.disputed(opened.uid(entry)) and opened.disputes() == [entry]


def test_a_form_sent_twice_counts_once(opened: Project) -> None:
    entry = opened.index.by_id[ONE]
    first = opened.label(entry, Sent("Ada", 0, "form-1"), "opposed")
    again = opened.label(entry, Sent("Ada", 0, "form-1"), "opposed")
    assert again.id == first.id and len(opened.store.actions()) == 1


def test_undo_takes_back_the_last_action_only_if_it_still_is_the_last(opened: Project) -> None:
    first = give(opened, ONE, "Ada", "opposed")
    second = give(opened, "X/1/PV.1-2", "Ada", "opposed")
    with pytest.raises(Stale):
        opened.undo(Sent("Ada"), first)
    opened.undo(Sent("Ada"), second)
    opened.undo(Sent("Ada"), first)
    assert [a.kind for a in opened.store.actions()] == ["label", "label", "undo", "undo"]
    with pytest.raises(Stale):
        opened.undo(Sent("Ada"), first)


def test_nobody_undoes_anothers_label(opened: Project) -> None:
    with pytest.raises(Stale):
        opened.undo(Sent("Ben"), give(opened, ONE, "Ada", "opposed"))


def test_what_was_before_the_eyes_is_kept_with_the_label(opened: Project) -> None:
    give(opened, ONE, "Ada", "opposed")
    [action] = opened.store.actions()
    shown = opened.store.shown_row(action.shown or 0)
    assert action.detail["model_label"] == "supportive" and action.detail["why"]
    assert (shown["model"], shown["p_supportive"], shown["text"]) == ("m1", 0.55, row(opened)["text"])


@pytest.mark.parametrize("label", ["", "maybe", "SUPPORTIVE"])
def test_what_is_no_label_is_refused(opened: Project, label: str) -> None:
    with pytest.raises(Refused):
        give(opened, ONE, "Ada", label)


def test_the_chosen_sentence_must_be_in_the_speech(opened: Project) -> None:
    for span in ((-1, 5), (5, 5), (0, 10_000)):
        with pytest.raises(Refused):
            give(opened, ONE, "Ada", "opposed", evidence=span)
    give(opened, ONE, "Ada", "opposed", evidence=(0, 47))
    assert opened.store.actions()[-1].evidence == "We stand behind the responsibility to protect."


def test_a_note_too_long_is_refused_not_cut(opened: Project) -> None:
    with pytest.raises(Refused, match="at most 4000"):
        give(opened, ONE, "Ada", "opposed", note="x" * 4001)


def test_labels_reach_the_files_and_undone_ones_leave_them(opened: Project) -> None:
    before = list(load_dataset(opened.path).rows("speeches"))
    action = give(opened, ONE, "Ada", "not_addressed", note="only a title", evidence=(0, 46))
    assert not is_fresh(opened.path)
    assert refresh(opened.path) == 1 and is_fresh(opened.path)
    found = row(opened)
    assert (found["status"], found["stance"], found["label_source"], found["reviewer"], found["note"], found["needs_review"]) == (
        "not_addressed", None, "reviewer", "Ada", "only a title", False,
    )  # fmt: skip
    opened.undo(Sent("Ada"), action)
    refresh(opened.path)
    assert list(load_dataset(opened.path).rows("speeches")) == before


def test_a_disputed_speech_has_the_models_label_again_and_asks_for_a_person(opened: Project) -> None:
    give(opened, "X/1/PV.1-3", "Ada", "opposed")
    refresh(opened.path)
    give(opened, "X/1/PV.1-3", "Ben", "conditional")
    refresh(opened.path)
    found = row(opened, "X/1/PV.1-3")
    assert (found["status"], found["label_source"], found["needs_review"]) == ("not_addressed", "model", True)
    entry = opened.index.by_id["X/1/PV.1-3"]
    opened.adjudicate(entry, Sent("Cy", opened.readings.seen(opened.uid(entry), None)), "conditional")
    refresh(opened.path)
    found = row(opened, "X/1/PV.1-3")
    assert (found["stance"], found["label_source"], found["reviewer"]) == ("conditional", "adjudicated", "Cy")


def test_an_adjudication_is_refused_when_a_reading_changed_meanwhile(opened: Project) -> None:
    give(opened, ONE, "Ada", "opposed")
    give(opened, ONE, "Ben", "conditional")
    entry = opened.index.by_id[ONE]
    seen = Sent("Cy", opened.readings.seen(opened.uid(entry), None))
    give(opened, ONE, "Ben", "supportive")
    with pytest.raises(Stale):
        opened.adjudicate(entry, seen, "conditional")


def test_the_files_are_not_touched_while_another_run_writes_them(opened: Project) -> None:
    from pipeline.dataset import DatasetError
    from pipeline.run import locked

    give(opened, ONE, "Ada", "opposed")
    with locked(opened.path), pytest.raises(DatasetError, match="another run"):
        refresh(opened.path)
    assert row(opened)["label_source"] == "model" and refresh(opened.path) == 1


def test_labels_that_came_with_the_tables_are_taken_into_the_store(tmp_path: Path) -> None:
    given = doubtful(
        1,
        stance="opposed",
        label_source="reviewer",
        reviewer="Zoe",
        reviewed_at="2024-05-01T10:00:00+00:00",
        note="n",
    )
    opened = Project(dataset(tmp_path / "d", [given, doubtful(2)]), other_model=False)
    reading = opened.readings.readings(opened.uid(opened.index.by_id[ONE]))["Zoe"]
    assert (reading.label, reading.note, reading.at) == ("opposed", "n", "2024-05-01T10:00:00+00:00")
    assert [entry.speech_id for entry in opened.queue if opened.is_open(entry, "Ada")] == ["X/1/PV.1-2"]
    again = Project(opened.path, other_model=False)
    assert len(again.store.actions()) == 1


def test_training_gets_each_settled_label_once_and_no_dispute(opened: Project) -> None:
    give(opened, ONE, "Ada", "opposed")
    give(opened, ONE, "Ada", "conditional", evidence=(0, 46))
    give(opened, "X/1/PV.1-2", "Ada", "opposed")
    give(opened, "X/1/PV.1-2", "Ben", "supportive")
    refresh(opened.path)
    [label] = reviewed(opened.path)
    assert (label.label, label.reviewer, label.source, label.evidence, label.text) == (
        "conditional", "Ada", "reviewer", "We stand behind the responsibility to protect.", row(opened)["text"],
    )  # fmt: skip
    assert label.whole_speech and label.reviewed_at.endswith("+00:00")


def test_training_gets_the_labels_of_a_dataset_that_came_without_its_store(tmp_path: Path) -> None:
    path = dataset(
        tmp_path / "d", [sure(1, stance="opposed", label_source="adjudicated", reviewer="Ada; Ben")]
    )
    [label] = reviewed(path)
    assert (label.label, label.source, label.reviewer) == ("opposed", "adjudicated", "Ada; Ben")


def test_corrections_are_noted_and_the_label_stays(opened: Project) -> None:
    entry = opened.index.by_id[ONE]
    opened.correct(entry, by("Ada", opened, ONE), "state", "Borealia")
    opened.correct(entry, by("Ada", opened, ONE), "split", "", (47, 60))
    assert [(a.detail["what"], a.note, a.evidence) for a in opened.readings.corrections()] == [
        ("state", "Borealia", None), ("split", "", "This is turn"),
    ]  # fmt: skip
    assert opened.readings.settled(opened.uid(entry) or 0) is None
    with pytest.raises(Refused):
        opened.correct(entry, by("Ada", opened, ONE), "speaker", "  ")


def test_the_index_may_be_deleted_at_any_time(opened: Project) -> None:
    give(opened, ONE, "Ada", "opposed")
    opened.close()
    (opened.path / ".r2p" / "review-index.sqlite").unlink()
    again = Project(opened.path, other_model=False)
    assert again.readings.settled(again.uid(again.index.by_id[ONE]) or 0) is not None


def test_a_speech_of_a_copy_is_not_asked_for_and_not_audited(tmp_path: Path) -> None:
    rows = [
        kind(number, document=name, speech_id=f"{name}-{number}")
        for name in ("a.pdf", "b.txt")
        for number, kind in ((1, doubtful), (2, sure))
    ]
    opened = Project(dataset(tmp_path / "d", rows, same_as={"b.txt": "a.pdf"}), other_model=False)
    opened.set("lead", audit_share=1.0)
    assert {entry.document for entry in opened.queue} == {"a.pdf"} and len(opened.queue) == 2
    copies = [entry for entry in opened.index.entries if entry.document == "b.txt"]
    assert [entry.why for entry in copies] == [("a copy: a.pdf has the speech as well",)] * 2
