"""The command: what it says, whom it lets in, when the files are written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import load_dataset
from pipeline.review import project as project_module
from pipeline.review.project import Project
from tests.review.client import ROOT, Client, Server
from tests.review.made import dataset, doubtful, sure


def review(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline.cli", "review", *map(str, arguments), "--no-browser"]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
    )


def sources(path: Path) -> list[str]:
    return [row["label_source"] for row in load_dataset(path).rows("speeches")]


def test_the_files_are_written_by_the_button_and_at_the_end(tmp_path: Path) -> None:
    path = dataset(tmp_path / "d", [doubtful(1), doubtful(2)])
    with Server(path) as server:
        ada = Client(server.port)
        ada.enter("Ada")
        ada.get("/next")
        ada.label("opposed")
        assert sources(path) == ["model", "model"]
        ada.get("/progress")
        ada.post("/refresh", ada.fields('action="/refresh"'))
        assert "hold every label now" in ada.page.text and sources(path) == ["reviewer", "model"]
        ada.get("/next")
        ada.label("opposed")
        assert server.stop() == 0
    assert (
        sources(path) == ["reviewer", "reviewer"]
        and "Every label is in the dataset's files" in server.said[-1]
    )


def test_another_address_needs_reviewers_and_gives_each_a_token_that_works(tmp_path: Path) -> None:
    path = dataset(tmp_path / "d", [doubtful(1)])
    refused = review(path, "--host", "0.0.0.0")
    assert refused.returncode == 1 and "each reviewer needs a token" in refused.stderr
    with Server(path, options=("--host", "0.0.0.0", "--reviewer", "Ada", "--reviewer", "Ben")) as server:
        token = next(line.split()[-1] for line in server.said if line.startswith("Token for Ben"))
        client = Client(server.port)
        assert client.enter("Ben").status == 400
        assert client.enter(token, "token").status == 200 and ">Ben</span>" in client.page.text
    with Server(path, options=("--host", "0.0.0.0")) as server:
        assert not any("Token for" in line for line in server.said)
        assert Client(server.port).enter(token, "token").status == 200


@pytest.mark.parametrize("arguments", [("nowhere",), ("d", "--reviewer", "a;b", "--host", "0.0.0.0")])
def test_what_cannot_be_served_is_one_sentence_and_no_traceback(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    dataset(tmp_path / "d", [doubtful(1)])
    done = review(tmp_path / arguments[0], *arguments[1:])
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and done.stderr.startswith("Error: ")


def test_what_the_lead_set_is_kept_for_the_next_start(tmp_path: Path) -> None:
    path = dataset(tmp_path / "d", [doubtful(1)])
    with Server(path, options=("--second-share", "0.4", "--audit-share", "0.3")):
        pass
    opened = Project(path, other_model=False)
    assert (opened.setting("second_share"), opened.setting("audit_share")) == (0.4, 0.3)


def test_a_newer_model_that_says_something_else_brings_a_speech_into_the_queue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = dataset(tmp_path / "d", [sure(1), sure(2)])
    assert Project(path, other_model=False).queue == []
    monkeypatch.setattr(
        project_module,
        "_second_model",
        lambda manifest: (lambda row: ["opposed", "supportive"][row["speech_no"] - 1], "second"),
    )
    [entry] = Project(path).queue
    assert entry.why == ("models disagree: supportive here, opposed by model second",)
