"""The same job on a Dask cluster gives the same tables."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import Options, label
from pipeline.dataset import DatasetError
from tests.test_label import statement

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def scheduler() -> Iterator[str]:
    """A real scheduler and two worker processes on this machine."""
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    address = "tcp://127.0.0.1:18786"
    commands = [
        [
            sys.executable,
            "-m",
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "18786",
            "--no-dashboard",
        ]
    ]
    commands += [
        [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"]
    ] * 2
    running = []
    for command in commands:
        running.append(
            subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
        time.sleep(2)
    yield address
    for process in reversed(running):
        process.terminate()
        process.wait(15)


@pytest.mark.nightly
def test_a_cluster_gives_the_same_bytes_as_one_machine(tmp_path: Path, scheduler: str) -> None:
    folder = tmp_path / "in"
    for number, state in enumerate(("Ghana", "Chile", "Norway", "Japan", "Cuba", "Peru")):
        statement(folder, f"s{number}.txt", state)
    label([folder], tmp_path / "here", Options(jobs=1))
    summary = label([folder], tmp_path / "there", Options(cluster=scheduler))
    assert summary.read == 6 and summary.failed == []
    for name in ("speeches.csv", "meetings.csv", "speeches.parquet"):
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()


def test_a_scheduler_that_does_not_answer_is_said_in_words(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    with pytest.raises(DatasetError, match="does not answer"):
        label([statement(tmp_path / "in", "a.txt")], tmp_path / "out", Options(cluster="tcp://127.0.0.1:9"))
