"""What the documentation says is what the program does: examples run, columns and limits are those of the code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.extract.limits import Limits as ReadingLimits
from pipeline.sandbox import Limits
from pipeline.schema import TABLES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def test_the_python_example_runs_as_it_stands(tmp_path: Path) -> None:
    [example] = re.findall(
        r"```python\n(.*?)```", (DOCS / "dataset.md").read_text(encoding="utf-8"), re.DOTALL
    )
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{example}"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["1 read, 0 failed", "NOR supportive"]


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_described_as_in_the_schema(table: str) -> None:
    text = (DOCS / "dataset.md").read_text(encoding="utf-8")
    section = text.split(f"## `{table}`")[1].split("\n## ")[0]
    described = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", section, re.MULTILINE)
    assert described == [(c.name, c.type, c.meaning) for c in TABLES[table]]


def test_the_limits_are_those_of_the_code() -> None:
    text = (DOCS / "limits.md").read_text(encoding="utf-8")
    limits, reading = Limits(), ReadingLimits()
    for row in (
        f"| wall time | {limits.seconds} s |",
        f"| address space | {limits.memory_mb} MB |",
        f"| pages | {limits.pages} |",
        f"| pages read from the picture by OCR | {limits.ocr_pages}, ",
        f"| text that comes back | {limits.output_mb} MB |",
        f"| size of a file, or of a zip's member | {reading.max_bytes >> 20} MiB |",
        f"| files in a zip | {reading.max_members} |",
        f"| a zip unpacked | {reading.max_archive_bytes >> 20} MiB |",
        f"| ratio of a zip's member above {reading.ratio_from_bytes >> 20} MiB | {reading.max_ratio:.0f} |",
    ):
        assert row in text, row
