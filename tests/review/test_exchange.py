"""Out to spreadsheets, Label Studio and Prodigy and back: every field kept, conflicts named, nothing applied unasked."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from pipeline import load_dataset
from pipeline.review import labelstudio, prodigy, spreadsheets
from pipeline.review.exchange import apply, plan
from pipeline.review.exchange_commands import export, import_
from pipeline.review.project import Project, Sent
from tests.review.made import by, dataset, doubtful, give, project, silent

FACE = "\U0001f600 "


@pytest.fixture
def worked(tmp_path: Path) -> Project:
    """Two readings in dispute and settled, one reading with everything, one skip, one speech untouched."""
    rows = [
        doubtful(n, text=f"{FACE}We stand behind the responsibility to protect. Turn {n}.") for n in (1, 2, 3)
    ]
    opened = project(tmp_path / "worked", [*rows, silent(4)])
    give(
        opened,
        "X/1/PV.1-1",
        "Ada",
        "opposed",
        evidence=(2, 48),
        note="so it\nis",
        marks=[(2, 48, "O"), (49, 56, "N")],
    )
    give(opened, "X/1/PV.1-2", "Ada", "opposed")
    give(opened, "X/1/PV.1-2", "Ben", "supportive")
    entry = opened.index.by_id["X/1/PV.1-2"]
    opened.adjudicate(
        entry,
        Sent("Cy", opened.readings.seen(opened.uid(entry), None)),
        "conditional",
        (2, 48),
        "agreed",
        [(2, 48, "C")],
    )
    opened.skip(opened.index.by_id["X/1/PV.1-3"], by("Ben", opened, "X/1/PV.1-3"), "unclear")
    return opened


@pytest.fixture
def fresh(tmp_path: Path, worked: Project) -> Project:
    """The same speeches, nobody's labels."""
    shutil.copytree(worked.path, tmp_path / "fresh", ignore=shutil.ignore_patterns("reviews*", ".r2p"))
    return Project(tmp_path / "fresh", other_model=False)


@pytest.mark.parametrize(
    ("name", "write", "read"),
    [("x.json", labelstudio.write, labelstudio.read), ("x.jsonl", prodigy.write, prodigy.read)],
)
def test_out_in_and_out_again_is_the_same_file(
    tmp_path: Path,
    worked: Project,
    fresh: Project,
    name: str,
    write: Callable[..., int],
    read: Callable[..., Any],
) -> None:
    write(worked, tmp_path / name)
    planned = plan(fresh, read(tmp_path / name))
    assert planned.conflicts == [] and apply(fresh, planned, tmp_path / name) == 5
    write(fresh, tmp_path / f"again-{name}")
    first, again = (
        path.read_text(encoding="utf-8") for path in (tmp_path / name, tmp_path / f"again-{name}")
    )
    if name == "x.json":
        assert again == first
    else:  # Prodigy's time stamps are whole seconds
        assert [json.loads(line) for line in again.splitlines()] == [
            json.loads(line) for line in first.splitlines()
        ]
    assert plan(fresh, read(tmp_path / name)).taken == []


def test_marks_go_out_as_spans(tmp_path: Path, worked: Project) -> None:
    labelstudio.write(worked, tmp_path / "x.json")
    prodigy.write(worked, tmp_path / "x.jsonl")
    results = [
        result["value"]["labels"]
        for task in json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
        for annotation in task["annotations"]
        for result in annotation["result"]
        if result["from_name"] == "marks"
    ]
    assert results == [["O"], ["N"], ["C"]]
    lines = (tmp_path / "x.jsonl").read_text(encoding="utf-8")
    assert [lines.count(f'"MARK-{letter}"') for letter in "SCON"] == [0, 1, 1, 1]


def test_marks_made_elsewhere_join_the_label_that_was_given_here(
    tmp_path: Path, worked: Project, fresh: Project
) -> None:
    labelstudio.write(worked, tmp_path / "x.json")
    here = fresh
    give(here, "X/1/PV.1-1", "Ada", "opposed", evidence=(2, 48))
    planned = plan(here, labelstudio.read(tmp_path / "x.json"))
    assert "X/1/PV.1-1" in [taken.entry.speech_id for taken in planned.taken]
    apply(here, planned, tmp_path / "x.json")
    reading = here.readings.readings(here.uid(here.index.by_id["X/1/PV.1-1"]))["Ada"]
    assert [m.letter for m in reading.marks] == ["O", "N"] and reading.evidence_start == 2
    # Other marks of the same reviewer are a conflict unless they are to be replaced.
    give(here, "X/1/PV.1-1", "Ada", "opposed", marks=[(2, 48, "C")])
    again = plan(here, labelstudio.read(tmp_path / "x.json"))
    assert [why for row, why in again.conflicts if row.speech_id == "X/1/PV.1-1"] == [
        f"Ada marked other sentences on {reading.at[:10]}; --replace takes the file's instead"
    ]
    replaced = plan(here, labelstudio.read(tmp_path / "x.json"), replace=True)
    assert "X/1/PV.1-1" in [taken.entry.speech_id for taken in replaced.taken]


@pytest.mark.parametrize("labels", [[["S"]], {"a": 1}, 5, [], ["S", "C"], ["X"], None])
def test_a_span_with_odd_labels_is_kept_and_marks_nothing(
    tmp_path: Path, worked: Project, labels: object
) -> None:
    labelstudio.write(worked, tmp_path / "x.json")
    tasks = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    [first] = [
        r
        for r in tasks[0]["annotations"][0]["result"]
        if r["from_name"] == "marks" and r["value"]["labels"] == ["O"]
    ]
    first["value"]["labels"] = labels
    (tmp_path / "x.json").write_text(json.dumps(tasks), encoding="utf-8")
    given = next(iter(labelstudio.read(tmp_path / "x.json")))
    assert [letter for _, _, letter in given.marks] == ["N"]
    assert given.detail["labelstudio"]["results"] == [first]


def test_every_column_of_the_dataset_is_in_a_task(worked: Project) -> None:
    row = next(iter(load_dataset(worked.path).rows("speeches")))
    task = next(iter(labelstudio.tasks(worked)))
    assert set(row) <= set(task["data"]) and task["data"]["text"] == row["text"]
    assert task["predictions"][0]["result"][0]["value"] == {"choices": ["supportive"]}
    example = next(iter(prodigy.examples(worked)))
    assert {**example["speech"], "text": example["text"]}.keys() >= set(row)


def test_label_studios_offsets_count_utf16_units(worked: Project) -> None:
    task = next(iter(labelstudio.tasks(worked)))
    value = task["annotations"][0]["result"][1]["value"]
    text = task["data"]["text"].encode("utf-16-le")
    assert text[2 * value["start"] : 2 * value["end"]].decode("utf-16-le") == value["text"]
    assert value["start"] == 3


def test_fields_of_label_studio_that_are_not_ours_come_out_again(tmp_path: Path, fresh: Project) -> None:
    [task, *_] = labelstudio.tasks(fresh)
    task["meta"] = {"batch": 7}
    task["data"]["priority"] = "high"
    other = {"from_name": "mood", "to_name": "text", "type": "rating", "value": {"rating": 3}}
    choice = {"from_name": "stance", "to_name": "text", "type": "choices", "value": {"choices": ["opposed"]}}
    task["annotations"] = [
        {
            "result": [choice, other],
            "completed_by": {"email": "zoe@example.org"},
            "lead_time": 4.5,
            "created_at": "2024-05-01T10:00:00Z",
        }
    ]
    path = tmp_path / "x.json"
    path.write_text(json.dumps([task]), encoding="utf-8")
    apply(fresh, plan(fresh, labelstudio.read(path)), path)
    [again, *_] = labelstudio.tasks(fresh)
    [annotation] = again["annotations"]
    assert (again["meta"], again["data"]["priority"]) == ({"batch": 7}, "high")
    assert (annotation["lead_time"], annotation["reviewer"], annotation["created_at"]) == (
        4.5,
        "zoe@example.org",
        "2024-05-01T10:00:00Z",
    )
    assert other in annotation["result"]


def test_fields_of_prodigy_that_are_not_ours_come_out_again(tmp_path: Path, fresh: Project) -> None:
    [example, *_] = prodigy.examples(fresh)
    example |= {
        "accept": ["opposed"],
        "answer": "accept",
        "_annotator_id": "Zoe",
        "_timestamp": 1714557600,
        "_session_id": "news-Zoe",
        "_input_hash": 42,
    }
    example["spans"] = [{"start": 0, "end": 1, "label": "OTHER"}]
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(example) + "\n", encoding="utf-8")
    apply(fresh, plan(fresh, prodigy.read(path)), path)
    [again, *_] = prodigy.examples(fresh)
    assert again == example


# Spreadsheets


def fill(path: Path, **cells: str) -> None:
    """Writes cells such as D2 of a workbook."""
    book = load_workbook(path)
    for place, value in cells.items():
        book.active[place] = value
    book.save(path)


def test_a_workbook_filled_in_by_hand_comes_back_as_readings(tmp_path: Path, fresh: Project) -> None:
    path = tmp_path / "x.xlsx"
    spreadsheets.write_xlsx(fresh, path)
    head = [cell.value for cell in load_workbook(path).active[1]]
    assert head[:7] == ["speech_id", "state", "year", "your_label", "your_evidence", "your_note", "your_name"]
    fill(
        path,
        D2="Opposed",
        E2="We stand behind the responsibility to protect.",
        F2="clear",
        D5="not addressed",
        G5="Ben",
    )
    planned = plan(fresh, spreadsheets.read_xlsx(path), "Ada")
    assert [(t.reviewer, t.given.label, t.span) for t in planned.taken] == [
        ("Ada", "opposed", (2, 48)),
        ("Ben", "not_addressed", None),
    ]
    apply(fresh, planned, path)
    assert plan(fresh, spreadsheets.read_xlsx(path), "Ada").taken == []


def test_what_a_cell_cannot_hold_is_shortened_and_marked_and_still_matched(tmp_path: Path) -> None:
    opened = project(
        tmp_path / "d", [doubtful(1, text="We protect people. " * 3000), doubtful(2, text="=1+1 \x07 bell")]
    )
    path = tmp_path / "x.xlsx"
    spreadsheets.write_xlsx(opened, path)
    sheet = load_workbook(path).active
    column = [cell.value for cell in sheet[1]].index("text")
    long, formula = sheet[2][column], sheet[3][column]
    assert len(long.value) == 32_767 and long.value.endswith("[shortened: 57000 characters in all]")
    assert (formula.data_type, formula.value) == ("s", "=1+1 \ufffd bell")
    fill(path, D2="opposed")
    planned = plan(opened, spreadsheets.read_xlsx(path), "Ada")
    assert len(planned.taken) == 1 and planned.conflicts == []


def test_a_table_of_the_dataset_changed_in_place_gives_only_what_was_changed(tmp_path: Path) -> None:
    opened = project(tmp_path / "d", [doubtful(1, text="=We hold it."), doubtful(2), silent(3)])
    with (opened.path / "speeches.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["stance"] = "opposed"
    rows[1]["stance"], rows[1]["status"] = "", "not_addressed"
    for delimiter, encoding in ((",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")):
        path = tmp_path / "changed.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            table = csv.DictWriter(file, rows[0].keys(), delimiter=delimiter)
            table.writeheader()
            table.writerows(rows)
        planned = plan(opened, spreadsheets.read_csv(path), "Ada")
        assert [(t.given.where, t.given.label) for t in planned.taken] == [
            ("row 2", "opposed"),
            ("row 3", "not_addressed"),
        ]
        assert planned.conflicts == [] and planned.unchanged == 1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("nowhere,opposed,,", "no speech with this id"),
        ("X/1/PV.1-1,maybe,,", "is no label"),
        ("X/1/PV.1-1,opposed,Not in the speech at all.,", "deciding sentence is not in the speech"),
        ("X/1/PV.1-1,opposed,,Other words.", "text is not the speech's text"),
        ("X/1/PV.1-1,opposed,,\nX/1/PV.1-1,supportive,,", "twice: opposed at row 2"),
    ],
)
def test_a_conflict_is_named_with_its_row_and_not_applied(tmp_path: Path, line: str, why: str) -> None:
    opened = project(tmp_path / "d", [doubtful(1)])
    path = tmp_path / "x.csv"
    path.write_text("speech_id,your_label,your_evidence,text\n" + line, encoding="utf-8")
    planned = plan(opened, spreadsheets.read_csv(path), "Ada")
    [(given, words)] = planned.conflicts
    assert why in words and given.where.startswith("row ")


def test_my_own_other_label_is_a_conflict_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    opened = project(tmp_path / "d", [doubtful(1)])
    give(opened, "X/1/PV.1-1", "Ada", "supportive")
    path = tmp_path / "x.csv"
    path.write_text("speech_id,your_label\nX/1/PV.1-1,opposed", encoding="utf-8")
    assert "Ada labelled it supportive" in plan(opened, spreadsheets.read_csv(path), "Ada").conflicts[0][1]
    assert len(plan(opened, spreadsheets.read_csv(path), "Ada", replace=True).taken) == 1
    assert plan(opened, spreadsheets.read_csv(path), "Ben").disputes == 1
    assert "--reviewer" in plan(opened, spreadsheets.read_csv(path)).conflicts[0][1]


# The commands


def call(command: Any, *arguments: Any, answer: str | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(command, [str(a) for a in arguments], input=answer, standalone_mode=False)
    return int(done.return_value if done.exception is None else 99), done.output + str(done.exception or "")


def test_nothing_is_applied_before_somebody_agrees(tmp_path: Path) -> None:
    path = dataset(tmp_path / "d", [doubtful(1)])
    file = tmp_path / "x.csv"
    file.write_text("speech_id,your_label\nX/1/PV.1-1,opposed", encoding="utf-8")
    for more, answer in ((["--dry-run"], None), ([], "n\n"), ([], "")):
        _, said = call(import_, path, file, "--reviewer", "Ada", *more, answer=answer)
        assert "Nothing was applied" in said and "opposed" in said
        assert [row["label_source"] for row in load_dataset(path).rows("speeches")] == ["model"]
    assert call(import_, path, file, "--reviewer", "Ada", answer="y\n")[0] == 0
    [row] = load_dataset(path).rows("speeches")
    assert (row["stance"], row["label_source"], row["reviewer"]) == ("opposed", "reviewer", "Ada")


@pytest.mark.parametrize("kind", ["labelstudio", "prodigy", "xlsx", "csv", "audit", "corrections"])
def test_each_export_is_written_whole_beside_and_moved(tmp_path: Path, worked: Project, kind: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    assert call(export, worked.path, out / "x.jsonl", "--to", kind)[0] == 0
    assert [p.name for p in out.iterdir()] == ["x.jsonl"]


def test_the_audit_log_has_every_action_with_what_was_shown(tmp_path: Path, worked: Project) -> None:
    first = worked.readings.last_of("Ben")
    worked.undo(Sent("Ben"), first.id if first else 0)
    call(export, worked.path, tmp_path / "log.jsonl", "--to", "audit")
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(r["reviewer"], r["kind"], r["label"], r["undone"]) for r in rows] == [
        ("Ada", "label", "opposed", False),
        ("Ada", "label", "opposed", False),
        ("Ben", "label", "supportive", False),
        ("Cy", "adjudicate", "conditional", False),
        ("Ben", "skip", None, True),
        ("Ben", "undo", None, False),
    ]
    assert (
        rows[0]["model"] == "m1" and rows[0]["p_supportive"] == 0.55 and rows[0]["speech_id"] == "X/1/PV.1-1"
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.xlsx", b"no workbook"), ("x.json", b"{"), ("x.json", b'{"a": 1}'), ("x.jsonl", b"[1]\n"), ("x.csv", b"a,b\n1,2\n"), ("x.doc", b"")],
)  # fmt: skip
def test_a_file_that_is_none_of_these_is_refused_in_words(tmp_path: Path, name: str, content: bytes) -> None:
    path = dataset(tmp_path / "d", [doubtful(1)])
    (tmp_path / name).write_bytes(content)
    status, said = call(import_, path, tmp_path / name, "--reviewer", "Ada")
    assert status == 99 and name in said and said.count("\n") <= 1
