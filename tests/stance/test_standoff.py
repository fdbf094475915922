"""Stand-off labels: facts about real speeches without their words, and what is made of them where the words are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.records import LABELS
from pipeline.stance import corpus, train
from pipeline.stance.corpus import MARK_LABELS, Example, Mark, Span, join, text_hash

TEXT = "We met in May. Nobody may stand by when people are slaughtered. Such action must never be a pretext. The sea is rising."


def span(sentence: str) -> list[int]:
    start = TEXT.index(sentence)
    return [start, start + len(sentence)]


def piece(kinds: str) -> Example:
    """The middle of TEXT as the label file would give it, its two sentences marked."""
    sentences = ("Nobody may stand by when people are slaughtered.", "Such action must never be a pretext.")
    row = {
        "id": "UNGDC/XXX_60_2005",
        "iso3": "XXX",
        "year": 2005,
        "target": "protective_intervention",
        "start": span(sentences[0])[0],
        "end": span(sentences[1])[1],
        "marks": [[*span(s), kind] for s, kind in zip(sentences, kinds, strict=True) if kind != "-"],
    }
    return corpus._piece(row, TEXT)


@pytest.mark.parametrize("path", [corpus.second_standoff_path(), corpus.passages_path()])
def test_every_row_is_facts_alone(path: Path) -> None:
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        assert row.keys() <= {"id", "iso3", "session", "year", "target", "label", "confidence", "agreed", "sha256",
                              "evidence_start", "evidence_end", "start", "end", "marks"}  # fmt: skip
        assert len(row["sha256"]) == 64
        assert row.get("label", "supportive") in LABELS
        for start, end, kind in row["marks"]:
            assert 0 <= row.get("start", 0) <= start < end <= row.get("end", end)
            assert kind in MARK_LABELS


def test_the_speeches_on_which_models_are_judged_are_in_no_other_set() -> None:
    judged = {json.loads(line)["id"] for line in corpus.standoff_path().read_text("utf-8").splitlines()}
    for path in (corpus.second_standoff_path(), corpus.passages_path()):
        others = {(row["id"], row["target"]) for row in map(json.loads, path.read_text("utf-8").splitlines())}
        assert not {i for i, _ in others} & judged


def test_a_piece_keeps_its_sentences_and_where_they_stand() -> None:
    found = piece("SC")
    assert [found.text[m.span.start : m.span.end] for m in found.marks] == [
        "Nobody may stand by when people are slaughtered.",
        "Such action must never be a pretext.",
    ]
    assert (found.source, found.teaches, found.whole_speech) == ("passage", "marks", True)


@pytest.mark.parametrize(
    ("kinds", "label"),
    [
        ("S-", "supportive"),
        ("SC", "conditional"),
        ("SO", "conditional"),
        ("O-", "opposed"),
        ("N-", "not_addressed"),
    ],
)
def test_the_label_of_a_piece_is_what_its_marks_amount_to(kinds: str, label: str) -> None:
    assert piece(kinds).label == label


def test_only_the_marked_sentences_of_a_piece_teach() -> None:
    data = train.encode([piece("S-")], train.Settings())
    assert [part.label for part in data.parts[0]] == [LABELS.index("supportive"), None]
    assert not data.speeches[0]


def test_of_a_marked_speech_the_other_sentences_are_known_to_be_on_other_matters() -> None:
    speech = Example(
        "a",
        TEXT,
        "supportive",
        whole_speech=True,
        marks=(Mark(Span(*span("Nobody may stand by when people are slaughtered.")), "S"),),
    )
    silent = LABELS.index("not_addressed")
    data = train.encode([speech], train.Settings())
    assert [part.label for part in data.parts[0]] == [silent, LABELS.index("supportive"), silent, silent]
    assert data.speeches[0]


def test_pieces_and_second_labels_are_joined_with_their_texts_by_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def file(name: str, **row: object) -> Path:
        path = tmp_path / f"{name}.jsonl"
        whole = {"id": "UNGDC/XXX_60_2005", "iso3": "XXX", "session": 60, "year": 2005, "sha256": text_hash(TEXT),
                 "target": "protective_intervention", "marks": [], **row}  # fmt: skip
        path.write_text(json.dumps(whole) + "\n", encoding="utf-8")
        return path

    label = {"label": "not_addressed", "confidence": 3, "evidence_start": None, "evidence_end": None}
    first = file("first", id="UNGDC/YYY_60_2005", **label)
    second, pieces = (
        file("second", **label),
        file("pieces", start=0, end=14, marks=[[0, 14, "N"]]),
    )
    monkeypatch.setattr(corpus, "standoff_path", lambda: first)
    monkeypatch.setattr(corpus, "second_standoff_path", lambda: second)
    monkeypatch.setattr(corpus, "passages_path", lambda: pieces)
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "XXX_60_2005.txt").write_text(TEXT, encoding="utf-8")
    found = join([texts])
    assert [(e.id, e.source, e.teaches) for e in found.examples] == [
        ("UNGDC/XXX_60_2005", "second", "sentences"),
        ("UNGDC/XXX_60_2005@0", "passage", "marks"),
    ]
    assert found.missing == ("UNGDC/YYY_60_2005",)
