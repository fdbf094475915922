"""Small datasets to review, made of rows in sight."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.dataset import write_dataset
from pipeline.review.project import Project, Sent
from pipeline.tables import Row
from tests.rows import meeting, speech

MANIFEST = {
    "tool": {"name": "r2p-stance", "version": "0"},
    "model": {"name": "m1", "review_below": 0.8, "sha256": "0"},
    "inputs": [],
    "runs": [{"began": "2024-01-01"}],
}


def doubtful(number: int, p: float = 0.55, **given: Any) -> Row:
    """A speech that the model is unsure about: supportive with `p`, the rest conditional."""
    columns = {
        "speech_id": f"X/1/PV.1-{number}", "speech_no": number, "p_supportive": p, "p_conditional": 1 - p, "p_opposed": 0.0, "confidence": p,
        "needs_review": p < 0.8, "text": f"We stand behind the responsibility to protect. This is turn {number}.",
    }  # fmt: skip
    return speech(**{**columns, **given})


def sure(number: int, **given: Any) -> Row:
    """A speech that the model has no doubt about."""
    return doubtful(number, 0.97, p_addressed=0.99, **given)


def silent(number: int, **given: Any) -> Row:
    """A speech without a position, and no doubt about it."""
    columns = {
        "speech_id": f"X/1/PV.1-{number}", "speech_no": number, "status": "not_addressed", "stance": None, "p_opposed": None, "p_conditional": None,
        "p_supportive": None, "confidence": None, "p_addressed": 0.02, "evidence": None, "evidence_start": None, "evidence_end": None, "r2p_mentions": 0,
        "text": f"On fisheries, turn {number}.",
    }  # fmt: skip
    return speech(**{**columns, **given})


def dataset(folder: Path, rows: list[Row], same_as: dict[str, str] | None = None, **manifest: Any) -> Path:
    """Writes the rows as a dataset; rows of one document stand together. `same_as` names the original of a copy."""
    documents: dict[str, list[Row]] = {}
    for row in rows:
        documents.setdefault(row["document"], []).append(row)
    originals = same_as or {}
    made = [
        (meeting(document=name, speeches=len(mine), same_as=originals.get(name)), mine, [])
        for name, mine in documents.items()
    ]
    folder.mkdir(parents=True, exist_ok=True)
    write_dataset(folder, made, {**MANIFEST, **manifest}, ["csv", "parquet"])
    return folder


def project(folder: Path, rows: list[Row], **settings: Any) -> Project:
    """A dataset of the rows, opened for review."""
    opened = Project(dataset(folder, rows), other_model=False)
    opened.set("lead", **settings)
    return opened


def by(reviewer: str, opened: Project, speech_id: str) -> Sent:
    """What the reviewer's page holds who has the speech open now."""
    entry = opened.index.by_id[speech_id]
    return Sent(reviewer, opened.readings.seen(opened.uid(entry), reviewer))


def give(opened: Project, speech_id: str, reviewer: str, label: str, **more: Any) -> int:
    """The reviewer labels a speech; gives the action's number."""
    entry = opened.index.by_id[speech_id]
    return opened.label(entry, by(reviewer, opened, speech_id), label, **more).id
