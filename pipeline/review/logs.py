"""The audit log and the corrections for the maintainer, as files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.review.project import CORRECTIONS, Project
from pipeline.tables import guard_cell

AUDIT = (
    "id", "at", "reviewer", "kind", "speech_id", "document", "old_label", "label", "evidence", "evidence_start", "evidence_end",
    "note", "undoes", "undone", "model", "p_opposed", "p_conditional", "p_supportive", "p_addressed", "detail",
)  # fmt: skip

CORRECTION = ("speech_id", "document", "page_start", "what", "should_be", "from", "reviewer", "at")


def audit_rows(project: Project) -> Iterator[dict[str, Any]]:
    """Every action ever made, oldest first: who, when, what was shown (model and probabilities), what was said. `undone` is true
    for what was taken back."""
    shown: dict[int, dict[str, Any]] = {}
    for action in project.store.actions():
        row: dict[str, Any] = {}
        if action.shown is not None:
            if action.shown not in shown:
                whole = project.store.shown_row(action.shown)
                shown[action.shown] = {k: whole.get(k) for k in AUDIT if k in whole and k not in ("evidence", "evidence_start", "evidence_end", "note", "reviewer")}  # fmt: skip
            row = shown[action.shown]
        yield {
            **row,
            **{name: getattr(action, name) for name in ("id", "at", "reviewer", "kind", "old_label", "label", "evidence", "evidence_start", "evidence_end", "note", "undoes")},
            "undone": project.readings.is_undone(action),
            "detail": dict(action.detail),
        }  # fmt: skip


def correction_rows(project: Project) -> Iterator[dict[str, Any]]:
    """The corrections that stand, with where the speech is in its document."""
    for action in project.readings.corrections():
        row = project.store.shown_row(action.shown) if action.shown else {}
        yield {
            **{name: row.get(name) for name in ("speech_id", "document", "page_start")},
            "what": CORRECTIONS.get(str(action.detail.get("what")), ""),
            "should_be": action.note,
            "from": action.evidence,
            "reviewer": action.reviewer,
            "at": action.at,
        }


def write(rows: Iterable[dict[str, Any]], columns: tuple[str, ...], path: Path) -> int:
    """Writes rows as JSON Lines (`.jsonl`) or as CSV with guarded cells; gives their number."""
    count = 0
    if path.suffix.lower() == ".jsonl":
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for row in rows:
                count += 1
                file.write(json.dumps({name: row.get(name) for name in columns}, ensure_ascii=False) + "\n")
        return count
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns)
        for row in rows:
            count += 1
            table.writerow([_cell(row.get(name)) for name in columns])
    return count


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        return guard_cell(json.dumps(value, ensure_ascii=False))
    return (
        guard_cell(str(value))
        if isinstance(value, str)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )
