"""Speeches that stand in two documents are found and told of; others, however alike, are not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pipeline.commands import problem_lines
from pipeline.copies import Copies, resemblance, sketch
from pipeline.dataset import load_dataset
from pipeline.records import Problem
from pipeline.report.takes import collect
from pipeline.run import Options, label
from tests.report.made_datasets import dataset, said
from tests.rows import meeting, speech

WORDS = [
    "council",
    "peace",
    "region",
    "border",
    "harvest",
    "school",
    "treaty",
    "winter",
    "clinic",
    "river",
    "teacher",
    "market",
    "bridge",
    "village",
]


def text(seed: int, sentences: int = 12) -> str:
    chance = random.Random(seed)
    return " ".join(" ".join(chance.choices(WORDS, k=9)).capitalize() + "." for _ in range(sentences))


def worn(given: str) -> str:
    """The text as another source has it: broken over lines, other marks, a word misread in one sentence of four."""
    sentences = given.split(". ")
    sentences[::4] = [s.replace("e", "c", 1) for s in sentences[::4]]
    return ".\n".join(s.replace(" ", "\n", 1) for s in sentences).upper()


def found(*documents: tuple[str, list[str]], **meetings: str | None) -> dict[str, str]:
    copies = Copies()
    for name, texts in documents:
        about = {"kind": "statement", "symbol": None, **meetings}
        copies.add(meeting(document=name, **about), [speech(text=t) for t in texts])
    return {name: copy.other for name, copy in copies.find().items()}


def test_a_text_has_the_sketch_of_its_worn_version_and_not_that_of_another() -> None:
    assert resemblance(sketch(text(1)), sketch(worn(text(1)))) > 0.5
    assert resemblance(sketch(text(1)), sketch(text(2))) == 0
    assert (
        sketch("We align ourselves with the statement made on behalf of the European Union. Thank you.") == ()
    )


def test_a_statement_beside_its_text_and_beside_its_record_is_a_copy() -> None:
    whole = [text(n) for n in range(5)]
    assert found(("a.pdf", [text(1)]), ("a.txt", [worn(text(1))]), ("b.txt", [text(2)])) == {"a.txt": "a.pdf"}
    assert found(("a.txt", [worn(text(1))]), ("record.pdf", whole)) == {"a.txt": "record.pdf"}


def test_a_document_that_shares_some_speeches_is_no_copy() -> None:
    assert found(("a.txt", [text(1), text(2), text(3)]), ("b.txt", [text(3), text(4), text(5)])) == {}


def test_the_same_words_of_two_states_are_two_speeches() -> None:
    copies = Copies()
    for name, state in (("a.txt", "XAA"), ("b.txt", "XBB")):
        copies.add(meeting(document=name, kind="statement", symbol=None), [speech(text=text(1), iso3=state)])
    assert copies.find() == {}


def test_the_version_that_a_person_labelled_is_the_original() -> None:
    copies = Copies()
    for name, source in (("a.txt", "model"), ("b.txt", "reviewer")):
        row = speech(text=text(1), label_source=source)
        copies.add(meeting(document=name, kind="statement", symbol=None), [row])
    assert {name: copy.other for name, copy in copies.find().items()} == {"a.txt": "b.txt"}


def test_of_one_symbol_versions_are_copies_and_parts_are_not() -> None:
    about = {"kind": "verbatim_record", "symbol": "A/63/PV.97"}
    assert found(("1.pdf", [text(1), text(2)]), ("2.pdf", [text(3), text(4)]), **about) == {}
    copies = Copies()
    copies.add(
        meeting(document="fr.pdf", **about), [speech(text="Monsieur", status="unsupported_language")] * 3
    )
    copies.add(meeting(document="en.pdf", **about), [speech(text=text(n)) for n in range(3)])
    assert {name: copy.other for name, copy in copies.find().items()} == {"fr.pdf": "en.pdf"}
    assert "A/63/PV.97" in copies.find()["fr.pdf"].problem().reason


@pytest.fixture
def twice(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "scans").mkdir(parents=True)
    body = text(7, 20)
    (folder / "FRA_79_2024.txt").write_text(body)
    (folder / "scans" / "FRA_79_2024.txt").write_text(worn(body).capitalize())
    (folder / "DEU_79_2024.txt").write_text(text(8, 20))
    return folder


def test_a_run_marks_and_tells_of_copies_and_forgets_them_with_the_file(twice: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = Options(formats=("csv",), jobs=1, prune=True)
    for _ in range(2):
        summary = label([twice], out, options)
        assert [p.code for p in summary.problems] == ["same_speeches"] and not summary.failed
        assert {r["document"]: r["same_as"] for r in load_dataset(out).rows("meetings") if r["same_as"]} == {
            "scans/FRA_79_2024.txt": "FRA_79_2024.txt"
        }
        assert [p["code"] for p in load_dataset(out).manifest["problems"]] == ["same_speeches"]
    assert len(collect([out]).takes) == 2 and "counted once" in collect([out]).notes[0]
    (twice / "FRA_79_2024.txt").unlink()
    label([twice], out, options)
    assert not load_dataset(out).manifest["problems"] and len(collect([out]).takes) == 2


@pytest.mark.parametrize(
    ("persons", "counted"),
    [("", "b.pdf"), ("b.pdf", "b.pdf"), ("a.pdf", "a.pdf"), ("a.pdf b.pdf", "a.pdf b.pdf")],
)
def test_the_tracker_counts_the_copy_that_a_person_labelled(
    persons: str, counted: str, tmp_path: Path
) -> None:
    rows = [
        said("FRA", "supportive", symbol=None, document=name, document_sha256=name * 9)
        | {"label_source": "reviewer" if name in persons else "model", "symbol": None}
        for name in ("a.pdf", "b.pdf")
    ]
    path = dataset(tmp_path / "d", rows, same_as={"a.pdf": "b.pdf"})
    assert " ".join(sorted(take.document for take in collect([path]).takes)) == counted


def test_of_a_folder_that_is_there_twice_the_first_few_are_told() -> None:
    many = [Problem(f"{n}.txt", "same_speeches", "Why.", "How.", fatal=False) for n in range(9)]
    lines = list(problem_lines([Problem("x.pdf", "empty_file", "Empty.", "Look."), *many]))
    assert len(lines) == 5 and lines[0].startswith("Not read: x.pdf") and "6 more" in lines[-1]
