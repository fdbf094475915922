"""kill -9 in the middle of labelling: no acknowledged label is lost, the database is sound, the queue goes on where it was."""

from __future__ import annotations

import http.client
import os
import threading
from pathlib import Path

import pytest

from pipeline import load_dataset
from pipeline.review.project import Project
from pipeline.review.refresh import refresh
from pipeline.review.store import open_store
from tests.review.client import Client, Server
from tests.review.made import dataset, doubtful

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX")

LABELS = ("supportive", "conditional", "opposed", "not_addressed")


def work(port: int, name: str, upto: int, saved: dict[tuple[str, str], str], stop: threading.Event) -> None:
    """Labels speech after speech; notes a label only once the server has acknowledged it."""
    client = Client(port)
    try:
        client.enter(name)
        for number in range(upto):
            client.get("/next")
            if "act" not in client.page.text or stop.is_set():
                return
            speech = client.fields()["id"]
            label = LABELS[(number + len(name)) % 4]
            if client.post("/act", {**client.fields(), "label": label}, follow=False).status == 303:
                saved[(speech, name)] = label
    except (OSError, http.client.HTTPException):
        return  # the server is gone


def crash(path: Path, labels: int, kill_after: int, saved: dict[tuple[str, str], str]) -> None:
    """Two clients label; the server is killed once `kill_after` labels more were acknowledged."""
    before = len(saved)
    stop = threading.Event()
    with Server(path) as server:
        clients = [
            threading.Thread(target=work, args=(server.port, name, labels, saved, stop))
            for name in ("Ada", "Ben")
        ]
        for client in clients:
            client.start()
        while len(saved) - before < kill_after and any(client.is_alive() for client in clients):
            stop.wait(0.002)
        server.kill()
        stop.set()
        for client in clients:
            client.join()


def check(path: Path, saved: dict[tuple[str, str], str]) -> None:
    store = open_store(path)
    assert store is not None and store.check() == "ok"
    store.close()
    project = Project(path, other_model=False)
    for (speech_id, name), label in saved.items():
        reading = project.readings.readings(project.uid(project.index.by_id[speech_id])).get(name)
        assert reading is not None and reading.label == label, (speech_id, name)
    project.close()


def run(tmp_path: Path, times: int, labels: int, size: int) -> None:
    path = dataset(tmp_path / "d", [doubtful(n) for n in range(1, size + 1)])
    saved: dict[tuple[str, str], str] = {}
    for round_number in range(times):
        crash(path, labels, 1 + (round_number * 37) % max(1, labels - 1), saved)
        check(path, saved)
    assert len(saved) >= times
    project = Project(path, other_model=False)
    waiting = {entry.speech_id for entry in project.queue if project.is_open(entry, "Ada")}
    assert waiting.isdisjoint(speech_id for speech_id, _ in saved)
    disputed = {entry.speech_id for entry in project.disputes()}
    project.close()
    refresh(path)
    by_people = {
        row["speech_id"] for row in load_dataset(path).rows("speeches") if row["label_source"] != "model"
    }
    assert {speech_id for speech_id, _ in saved} <= by_people | disputed
    # Two at once are given different speeches; only a kill forgets who has which one open.
    assert len(disputed) <= times


def test_two_kills_while_two_people_label_lose_nothing(tmp_path: Path) -> None:
    run(tmp_path, times=2, labels=30, size=150)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_twenty_kills_during_two_hundred_labels_lose_nothing(tmp_path: Path) -> None:
    run(tmp_path, times=20, labels=200, size=5000)
