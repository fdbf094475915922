"""Labelling again and reviewing agree: a person's label is never overwritten, what was taken back does not return."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline import Options, label, load_dataset
from pipeline.carry import KEPT_ASIDE
from pipeline.review.project import Project, Sent
from pipeline.review.refresh import refresh
from pipeline.tables import Row
from tests.review.made import give

OPTIONS = Options(jobs=1, formats=("csv", "parquet"))
TEXT = (
    "Statement by {state}\n\nMr. President,\n\nWe firmly support the responsibility to protect and have named a focal point for the "
    "prevention of atrocity crimes. We ask that this debate be held every year.\n\n{more}I thank you.\n"
)


def write(folder: Path, state: str = "Ghana", more: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{state.lower()}.txt").write_text(TEXT.format(state=state, more=more), encoding="utf-8")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    label([write(tmp_path / "in")], tmp_path / "out", OPTIONS)
    return tmp_path / "out"


def only(out: Path) -> Row:
    [row] = load_dataset(out).rows("speeches")
    return row


def open_only(out: Path) -> tuple[Project, str]:
    opened = Project(out, other_model=False)
    return opened, opened.index.entries[0].speech_id


def test_label_takes_the_label_from_the_store_even_before_the_files_have_it(
    out: Path, tmp_path: Path
) -> None:
    opened, speech_id = open_only(out)
    give(opened, speech_id, "Ada", "opposed", note="mine")
    opened.close()
    label([tmp_path / "in"], out, OPTIONS)
    row = only(out)
    assert (row["stance"], row["label_source"], row["reviewer"], row["note"]) == (
        "opposed",
        "reviewer",
        "Ada",
        "mine",
    )


def test_a_label_taken_back_does_not_return_when_label_runs_again(out: Path, tmp_path: Path) -> None:
    before = only(out)
    opened, speech_id = open_only(out)
    action = give(opened, speech_id, "Ada", "opposed")
    refresh(out)
    opened.undo(Sent("Ada"), action)
    opened.close()
    label([tmp_path / "in"], out, OPTIONS)
    assert only(out) == before


def test_a_label_follows_its_words_into_the_changed_document_and_the_store_with_it(
    out: Path, tmp_path: Path
) -> None:
    opened, speech_id = open_only(out)
    give(opened, speech_id, "Ada", "opposed")
    opened.close()
    write(tmp_path / "in", more="One more sentence. ")
    summary = label([tmp_path / "in"], out, OPTIONS)
    assert (summary.carried, summary.kept_aside) == (1, 0)
    again, new_id = open_only(out)
    assert new_id != speech_id
    settled = again.readings.settled(again.uid(again.index.by_id[new_id]) or 0)
    assert settled is not None and settled.label == "opposed" and again.orphans() == []
    label([tmp_path / "in"], out, OPTIONS)
    assert only(out)["stance"] == "opposed" and not (out / KEPT_ASIDE).exists()


def test_a_label_whose_words_are_gone_is_kept_aside_and_stays_in_the_store(out: Path, tmp_path: Path) -> None:
    opened, speech_id = open_only(out)
    give(opened, speech_id, "Ada", "opposed")
    opened.close()
    (tmp_path / "in" / "ghana.txt").write_text(
        "Quite another text was put here in its place.\n" * 9, encoding="utf-8"
    )
    label([tmp_path / "in"], out, OPTIONS)
    kept = [json.loads(line) for line in (out / KEPT_ASIDE).read_text(encoding="utf-8").splitlines()]
    assert [(row["speech_id"], row["stance"]) for row in kept] == [(speech_id, "opposed")]
    again = Project(out, other_model=False)
    assert [place.speech_id for place in again.orphans()] == [speech_id]


def test_a_page_that_is_open_takes_in_a_dataset_that_was_labelled_again(out: Path, tmp_path: Path) -> None:
    opened, speech_id = open_only(out)
    give(opened, speech_id, "Ada", "opposed")
    write(tmp_path / "in", "Chile")
    label([tmp_path / "in"], out, OPTIONS)
    assert opened.sync_dataset() and len(opened.index.entries) == 2
    assert opened.readings.settled(opened.uid(opened.index.by_id[speech_id]) or 0) is not None
    give(opened, speech_id, "Ada", "conditional")
    refresh(out)
    assert not opened.sync_dataset()


def test_where_the_inputs_lay_is_remembered_outside_the_manifest(out: Path, tmp_path: Path) -> None:
    from pipeline.review.documents import Documents

    documents = Documents(load_dataset(out))
    row = only(out)
    found = documents.open(row)
    assert found is not None and found.data == (tmp_path / "in" / "ghana.txt").read_bytes()
    assert str(tmp_path) not in (out / "manifest.json").read_text(encoding="utf-8")
    write(tmp_path / "in", more="Changed since. ")
    assert Documents(load_dataset(out)).open(row) is None


def test_the_page_of_the_deciding_sentence_is_known(tmp_path: Path) -> None:
    from pipeline.resources import corpus_dir
    from pipeline.review.documents import Documents

    sample = corpus_dir() / "sample"
    label([sample / "sample-debate.pdf"], tmp_path / "out", Options(jobs=1, states=sample / "states.csv"))
    loaded = load_dataset(tmp_path / "out")
    documents = Documents(loaded)
    across = [row for row in loaded.rows("speeches") if row["page_start"] < row["page_end"]]
    assert across
    for row in across:
        assert documents.page(row, 0) == row["page_start"]
        assert documents.page(row, len(row["text"]) - 1) == row["page_end"]


def test_the_queue_knows_how_many_sentences_of_a_speech_may_limit_the_norm(tmp_path: Path) -> None:
    import shutil

    from pipeline.resources import corpus_dir
    from pipeline.review.doubt import limiting_sentences

    sample = corpus_dir() / "sample"
    out = tmp_path / "out"
    label([sample / "sample-debate.pdf"], out, Options(jobs=1, states=sample / "states.csv"))
    loaded = load_dataset(out)
    amounts = limiting_sentences(loaded)
    stances = {(row["document"], row["speech_no"]): row["stance"] for row in loaded.rows("speeches")}
    assert set(amounts) >= set(stances)
    most = {
        stance: [amounts[key] for key, found in stances.items() if found == stance]
        for stance in set(stances.values())
    }
    assert min(most["conditional"] + most["opposed"]) > max(most["supportive"])
    shutil.rmtree(out / ".r2p" / "documents")
    assert limiting_sentences(loaded) == {}
