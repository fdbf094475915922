"""Rows survive the way to a file and back, and a spreadsheet finds nothing to run."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.schema import SPEECHES, TABLES
from pipeline.tables import FORMATS, TableFiles, guard_cell, read_rows, unguard_cell
from tests.rows import speech


@pytest.mark.parametrize("kind", FORMATS)
def test_every_column_comes_back_as_it_was(tmp_path: Path, kind: str) -> None:
    rows = [
        speech(
            text="First.\n\nSecond, “quoted”; =not a formula",
            on_behalf_of=["Nordic countries", "Côte d’Ivoire"],
            themes=["veto"],
        ),
        speech(
            speech_id="X-2",
            stance=None,
            status="not_addressed",
            p_opposed=None,
            needs_review=True,
            evidence=None,
        ),
        speech(
            speech_id="X-3",
            label_source="reviewer",
            reviewer="=cmd",
            reviewed_at="2024-01-02T03:04:05+00:00",
            note="-1",
        ),
    ]
    with TableFiles(tmp_path, "speeches", SPEECHES, [kind]) as files:
        for row in rows:
            files.write(row)
    assert list(read_rows(files.paths[0], SPEECHES)) == rows


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "''-x", "＝1+1"]
)
def test_a_cell_that_would_run_gets_one_apostrophe_and_loses_it_again(cell: str) -> None:
    assert guard_cell(cell) == "'" + cell
    assert unguard_cell(guard_cell(cell)) == cell


@given(st.text())
def test_guarding_is_undone_for_any_text(text: str) -> None:
    assert unguard_cell(guard_cell(text)) == text


def test_csv_opens_in_a_spreadsheet_as_utf8_with_nothing_to_run(tmp_path: Path) -> None:
    with TableFiles(tmp_path, "speeches", SPEECHES, ["csv"]) as files:
        files.write(speech(speaker="=HYPERLINK(1)", text="-Ünïcode"))
    assert files.paths[0].read_bytes().startswith(b"\xef\xbb\xbf")
    with files.paths[0].open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    assert row["speaker"] == "'=HYPERLINK(1)"
    assert row["text"] == "'-Ünïcode"
    assert row["p_opposed"] == "0.05"


def test_pandas_reads_the_parquet_with_types(tmp_path: Path) -> None:
    import pandas as pd

    with TableFiles(tmp_path, "speeches", SPEECHES, ["parquet"]) as files:
        files.write(speech())
    frame = pd.read_parquet(files.paths[0])
    assert list(frame.columns) == [column.name for column in TABLES["speeches"]]
    assert frame.year[0] == 2023 and bool(frame.needs_review[0]) is False


def test_only_the_named_columns_are_read(tmp_path: Path) -> None:
    for kind in FORMATS:
        with TableFiles(tmp_path, "speeches", SPEECHES, [kind]) as files:
            files.write(speech())
        assert list(read_rows(files.paths[0], SPEECHES, ["iso3", "year"])) == [{"year": 2023, "iso3": "XAA"}]


def test_a_disk_that_is_full_at_the_end_is_one_error_and_no_traceback(tmp_path: Path) -> None:
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from pipeline.schema import TABLES\n"
        "from pipeline.tables import TableFiles\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900))\n"
        "try:\n"
        f"    with TableFiles(Path({str(tmp_path)!r}), 'events', TABLES['events'], ['csv', 'parquet', 'jsonl']) as table:\n"
        "        table.write({'document': 'a', 'text': 'word ' * 400, 'in_favour': [], 'against': [], 'abstaining': []})\n"
        "except OSError as error:\n"
        "    print('said')\n"
    )
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("said\n", "")
