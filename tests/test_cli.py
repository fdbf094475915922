"""The command line: help that is quick, words instead of tracebacks, the exit statuses that scripts rely on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import COMMANDS
from pipeline.resources import corpus_dir

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = corpus_dir() / "sample"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline.cli", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, timeout=120, check=False
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    done = run(name, "--help")
    assert done.returncode == 0 and f"Example: r2p-stance {name}" in done.stdout


def test_help_loads_no_heavy_library() -> None:
    # Each of these takes tenths of a second to import; `scripts/benchmark` measures the start itself.
    heavy = {
        "numpy",
        "spacy",
        "sklearn",
        "pyarrow",
        "pypdfium2",
        "pdfminer",
        "pycountry",
        "dask",
        "onnxruntime",
    }
    code = "import sys, pipeline.cli as cli\ntry: cli.main()\nfinally: print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, "--help"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert "label" in done.stdout and "click" in done.stderr.split()
    assert not heavy & set(done.stderr.split())


def test_label_prints_a_summary_and_what_to_do_next(tmp_path: Path) -> None:
    done = run(
        "label", SAMPLE / "sample-debate.pdf", "--states", SAMPLE / "states.csv", "--out", tmp_path / "out"
    )
    assert done.returncode == 0, done.stderr
    assert "supportive" in done.stdout and "dataset" in done.stdout
    table, out = tmp_path / "out" / "speeches.csv", tmp_path / "out"
    assert f"Next: open {table}\n" in done.stdout and table.is_file()
    assert f"r2p-stance review {out}\n" in done.stdout and f"r2p-stance report {out}" in done.stdout


@pytest.mark.parametrize(
    ("program", "on_path", "said"),
    [
        ("place/bin/r2p-stance", False, "place/bin/r2p-stance"),
        ("place/bin/r2p-stance", True, "r2p-stance"),
        ("pipeline/cli.py", False, "r2p-stance"),
    ],
)
def test_the_next_command_can_be_typed_as_it_is_printed(
    program: str, on_path: bool, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a fresh checkout nobody has activated .venv, and the bare name is not found."""
    from pipeline.resources import invoked_as

    path = tmp_path / program
    path.parent.mkdir(parents=True)
    path.touch(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(path.parent) if on_path else "")
    monkeypatch.setattr(sys, "argv", [str(path)])
    assert invoked_as() == said


def test_a_failed_input_is_named_and_the_exit_status_is_one(tmp_path: Path) -> None:
    done = run("label", tmp_path / "nowhere.pdf", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "nowhere.pdf" in done.stderr and "Traceback" not in done.stderr


def test_a_foreign_output_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    done = run("label", SAMPLE / "sample-debate.pdf", "--out", tmp_path)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and "holds other files" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [["label"], ["label", "a.pdf"], ["nonsense"], ["label", "a.pdf", "--out", "o", "--date", "x"]],
)
def test_wrong_use_is_exit_status_two(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2 and "Traceback" not in done.stderr
