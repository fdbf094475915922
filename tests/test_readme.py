"""The README is what a newcomer follows: its commands exist and run, its output is real, its links and pictures lead somewhere."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import click
import pytest

from pipeline.cli import COMMANDS, root

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "corpus" / "CODEBOOK.md",
]


def blocks(language: str, text: str = README) -> list[str]:
    # All fences in their order, so that the end of one is never taken for the start of the next.
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [block for named, block in found if named == language]


def commands(text: str = README) -> list[str]:
    """The command lines of a page, without comments and prompts."""
    found = []
    for block in (*blocks("sh", text), *blocks("", text)):
        for line in block.splitlines():
            command = line.split(" #")[0].strip()
            if command.startswith(("r2p-stance", "python3 ", "scripts/")):
                found.append(command)
    return found


EVERYWHERE = sorted({command for page in PAGES for command in commands(page.read_text(encoding="utf-8"))})


def test_the_readme_names_every_command() -> None:
    assert {"python3 scripts/label", "python3 scripts/test"} <= set(commands())
    named = {command.split()[1] for command in commands() if command.startswith("r2p-stance")}
    assert named - {"--help"} == set(COMMANDS) - {"label"}
    assert re.search(r"scripts/label .*--out results", README)


@pytest.mark.parametrize("line", EVERYWHERE)
def test_a_command_of_the_documentation_parses(line: str) -> None:
    words = shlex.split(line)
    if words[0] != "r2p-stance":
        script = words[1] if words[0] == "python3" else words[0]
        assert (ROOT / script).is_file()
        if script != "scripts/label":
            return
        words = ["r2p-stance", "label", *words[2:]] if len(words) > 2 else ["r2p-stance", "label", "--help"]
    if words[1:] == ["--help"]:
        return
    name, arguments = words[1], words[2:]
    command = root.get_command(click.Context(root), name)
    assert command is not None, f"there is no command {name}"
    options = {spelling for parameter in command.params for spelling in parameter.opts}
    assert {word for word in arguments if word.startswith("--")} <= options | {"--help"}
    # Folders that the reader has and this test has not may be missing; anything else must be understood.
    try:
        command.make_context(name, list(arguments), resilient_parsing=False)
    except click.exceptions.Exit:
        pass
    except click.BadParameter as error:
        assert "does not exist" in error.message, error.message


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in which scripts/label was run as the README says."""
    if Path(sys.prefix) != ROOT / ".venv":
        pytest.skip("scripts/label makes .venv where there is none; these tests run in .venv")
    place = tmp_path_factory.mktemp("newcomer")
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "label")],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    yield place


def r2p_stance(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *shlex.split(line)[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


def test_the_commands_on_the_sample_run_in_their_order(folder: Path) -> None:
    lines = [
        line
        for line in commands()
        if line.startswith("r2p-stance") and ("results-sample" in line or line == "r2p-stance models")
    ]
    assert len(lines) >= 5
    for line in lines:
        if line.startswith("r2p-stance review"):
            continue
        done = r2p_stance(line, folder)
        assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
    assert (folder / "tracker.html").stat().st_size > 10_000
    assert (folder / "to-correct.xlsx").is_file()


@pytest.mark.skipif(os.name == "nt", reason="ended by a signal")
def test_the_review_page_opens_on_the_sample(folder: Path) -> None:
    [line] = [line for line in commands() if line.startswith("r2p-stance review")]
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", *shlex.split(line)[1:], "--no-browser", "--port", "0"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        # Tests run in the background of a shell have the signal ignored, and their children too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as page:
        assert page.stdout is not None
        printed = ""
        try:
            while "http://127.0.0.1:" not in printed:
                said = page.stdout.readline()
                assert said, f"the page ended: {printed}"
                printed += said
            address = re.search(r"http://127\.0\.0\.1:\d+", printed)
            assert address is not None
            with urlopen(address[0], timeout=60) as answer:
                assert answer.status == 200
            page.send_signal(signal.SIGINT)
            page.wait(timeout=30)
        finally:
            page.kill()


def test_the_python_examples_run(folder: Path) -> None:
    pytest.importorskip("pandas")
    examples = blocks("python")
    assert len(examples) == 2
    (folder / "corpus").symlink_to(ROOT / "corpus")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for example in examples:
        done = subprocess.run(
            [sys.executable, "-c", example],
            cwd=folder,
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()


def test_the_output_shown_is_what_the_command_prints() -> None:
    if Path(sys.prefix) != ROOT / ".venv":
        pytest.skip("scripts/label makes .venv where there is none; these tests run in .venv")
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "readme_output"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def anchors(page: Path) -> set[str]:
    """The headings of a page as its host names them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.is_file(), f"{target} is not there"
        assert not anchor or anchor in anchors(linked), f"{target}: no such heading"


def test_every_page_of_the_documentation_can_be_reached_from_the_readme() -> None:
    linked = set(re.findall(r"\]\((docs/[\w.-]+\.md)", README))
    assert {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} <= linked


def test_pictures_have_words_for_who_cannot_see_them() -> None:
    for page in PAGES:
        assert not re.search(r"!\[\s*\]\(", page.read_text(encoding="utf-8")), page


def test_files_and_scripts_named_in_the_documentation_exist() -> None:
    """Such as `scripts/gold` or `pipeline/review/doubt.py`; places that a user's run makes are not among them."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for named in re.findall(r"`((?:scripts|pipeline|corpus|tests|docs)/[\w/.-]*\w)", text):
            if not named.startswith("corpus/seed"):
                assert (ROOT / named).exists(), f"{page.name} names {named}"


def test_contributing_lists_every_script_page_and_room() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for script in (ROOT / "scripts").iterdir():
        if script.is_file():
            assert f"scripts/{script.name}" in text, script.name
    for page in (ROOT / "docs").glob("*.md"):
        assert f"docs/{page.name}" in text, page.name
    for room in (ROOT / "pipeline").iterdir():
        if (room / "__init__.py").is_file():
            assert f"`pipeline/{room.name}/`" in text, room.name


def test_the_citation_file_is_valid() -> None:
    """The required keys of the Citation File Format 1.2.0, and the version of the program."""
    yaml = pytest.importorskip("yaml")
    from pipeline import __version__

    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["message"] and citation["title"] and citation["type"] == "software"
    assert citation["version"] == __version__ and citation["license"] == "Apache-2.0"
    for work in (citation, *citation["references"]):
        assert work["title"] and work["type"]
        assert all("name" in author or "family-names" in author for author in work["authors"])
    assert [work["doi"] for work in citation["references"]] == ["10.7910/DVN/0TJX8Y"]
