"""A disk that really is full: a small tmpfs, filled by the run itself, then made larger. Needs the right to mount one."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.resources import corpus_dir
from tests.test_mishaps import manifest, statement, tables

ROOT = Path(__file__).resolve().parent.parent


def mount(*options: str) -> bool:
    tool = shutil.which("mount")
    return tool is not None and subprocess.run([tool, *options], capture_output=True).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """An empty tmpfs of 64 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    if sys.platform != "linux" or not mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)):
        pytest.skip("a tmpfs cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def resize(disk: Path, kib: int) -> None:
    assert mount("-o", f"remount,size={kib}k", str(disk))


def run(folder: Path, out: Path, jobs: int) -> subprocess.CompletedProcess[str]:
    formats = [word for kind in ("csv", "parquet", "jsonl") for word in ("--format", kind)]
    command = [
        sys.executable,
        "-m",
        "pipeline.cli",
        "label",
        str(folder),
        "--out",
        str(out),
        "--jobs",
        str(jobs),
    ]
    return subprocess.run([*command, "--no-ocr", *formats], cwd=ROOT, capture_output=True, text=True)


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_run_that_met_a_full_disk_ends_as_one_that_never_did(disk: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for number, state in enumerate(["Ghana", "Chile", "Kenya", "Norway", "Peru"] * 5):
        path = statement(folder, f"s{number:02}.txt", state)
        path.write_text(path.read_text(encoding="utf-8") + f"Copy {number}.\n" * number, encoding="utf-8")
    for name in ("sample-debate.pdf", "sample-debate-2.pdf"):
        shutil.copy(corpus_dir() / "sample" / name, folder / name)
    assert run(folder, tmp_path / "whole", 1).returncode == 0
    whole, wanted = tables(tmp_path / "whole"), manifest(tmp_path / "whole")
    met = 0
    sizes = random.Random(5)
    for turn in range(20):
        out = disk / f"out-{turn}"
        resize(disk, sizes.randint(20, 900))
        for _ in range(2):  # the second time without any room left
            done = run(folder, out, 1 + turn % 2)
            met += done.returncode != 0
            assert done.returncode == 0 or "No space left on device" in done.stderr, done.stderr
            assert "Traceback" not in done.stderr
        resize(disk, 65536)
        again = run(folder, out, 1 + turn % 2)
        assert again.returncode == 0, again.stderr
        assert tables(out) == whole
        found = manifest(out)
        assert {**found, "runs": []} == {**wanted, "runs": []}
        shutil.rmtree(out)
    assert met >= 10
