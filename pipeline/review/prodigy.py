"""Prodigy's JSON Lines, out and in: an example a reading (interface `choice`), or one without answer where nobody read yet.

Offsets are code points, as ours. Fields of Prodigy that are not ours are kept with the reading and come out again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.records import LABELS
from pipeline.review.doubt import say
from pipeline.review.exchange import ExchangeError, Given, normal_label, read_text
from pipeline.review.project import Project
from pipeline.review.sentence_marks import in_text, is_mark, of_detail
from pipeline.tables import Row

_OURS = frozenset(
    ["text", "speech", "meta", "options", "accept", "answer", "spans", "note", "adjudicated", "_timestamp", "_annotator_id", "_view_id"]
)  # fmt: skip
#: Begins the label of a span that marks what a sentence says; its letter follows.
_MARK = "MARK-"


def write(project: Project, path: Path) -> int:
    """Writes all speeches, a line for each reading; gives the number of lines."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for example in examples(project):
            count += 1
            file.write(json.dumps(example, ensure_ascii=False) + "\n")
    return count


def examples(project: Project) -> Iterator[dict[str, Any]]:
    """The lines one by one."""
    for entry in project.index.entries:
        row = project.index.row(entry)
        uid = project.uid(entry)
        base = _base(row)
        lines = []
        for reading in project.readings.readings(uid).values():
            a = reading.action
            lines.append(
                _answered(
                    base,
                    reading.label,
                    a.reviewer,
                    a.at,
                    reading.evidence_start,
                    reading.evidence_end,
                    reading.note,
                    dict(a.detail),
                )
            )
        decided = project.readings.adjudication(uid)
        if decided is not None and decided.label is not None:
            made = _answered(
                base, decided.label, decided.reviewer, decided.at, decided.evidence_start, decided.evidence_end, decided.note,
                dict(decided.detail),
            )  # fmt: skip
            lines.append({**made, "adjudicated": True})
        for a in project.readings.live(uid):
            if a.kind == "skip" and project.readings.skipped(uid, a.reviewer):
                lines.append(
                    {**base, **_who(a.reviewer, a.at), "accept": [], "answer": "ignore", "note": a.note}
                )
        yield from lines or [base]


def _base(row: Row) -> dict[str, Any]:
    meta = {
        name: row[name]
        for name in ("speech_id", "state", "date", "symbol", "stance")
        if row[name] is not None
    }
    return {
        "text": row["text"],
        "meta": meta,
        "speech": {name: value for name, value in row.items() if name != "text"},
        "options": [{"id": label, "text": say(label)} for label in LABELS],
        "_view_id": "choice",
    }


def _who(reviewer: str, at: str) -> dict[str, Any]:
    return {
        "_annotator_id": reviewer,
        "_session_id": reviewer,
        "_timestamp": int(datetime.fromisoformat(at).timestamp()),
    }


def _answered(
    base: dict[str, Any],
    label: str,
    reviewer: str,
    at: str,
    start: int | None,
    end: int | None,
    note: str | None,
    detail: dict[str, Any],
) -> dict[str, Any]:
    kept = detail.get("prodigy") or {}
    made = {**kept.get("fields", {}), **base, **_who(reviewer, at), "accept": [label], "answer": "accept"}
    made["_session_id"] = kept.get("fields", {}).get("_session_id", reviewer)
    spans = list(kept.get("spans", []))
    marks = [
        {"start": m.start, "end": m.end, "label": _MARK + m.letter}
        for m in in_text(of_detail(detail), base["text"])
    ]
    if start is not None and end is not None:
        marks.insert(0, {"start": start, "end": end, "label": "EVIDENCE"})
    spans = marks + spans
    if spans:
        made["spans"] = spans
    if note:
        made["note"] = note
    made["meta"] = {**kept.get("meta", {}), **base["meta"]}
    return made


def read(path: Path) -> Iterator[Given]:
    """The answered examples of a Prodigy export (`db-out`). Raises ExchangeError in words."""
    # Split at this line end alone: a speech may hold U+2028, which `splitlines` takes for one.
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            example = json.loads(line)
            if not isinstance(example, dict):
                raise ValueError("no object")
        except ValueError as error:
            raise ExchangeError(f"{path}, line {number}: this is no JSON object ({error}).") from error
        if "answer" in example:
            yield _given(number, example)


def _given(number: int, example: dict[str, Any]) -> Given:
    meta = example.get("meta") or {}
    speech = example.get("speech") or {}
    accepted = example.get("accept") or []
    label = normal_label(str(accepted[0])) if len(accepted) == 1 and example["answer"] == "accept" else ""
    if example["answer"] == "accept" and not label:
        label = "no single choice"
    if example["answer"] == "reject":
        label = "rejected"
    spans = [span for span in example.get("spans") or [] if isinstance(span, dict)]
    ours = next((span for span in spans if span.get("label") == "EVIDENCE"), None)
    marked = [span for span in spans if _is_mark(span)]
    at = example.get("_timestamp")
    kept = {
        "fields": {k: v for k, v in example.items() if k not in _OURS},
        "spans": [span for span in spans if span is not ours and span not in marked],
        "meta": {
            k: v for k, v in meta.items() if k not in ("speech_id", "state", "date", "symbol", "stance")
        },
    }
    kept = {name: value for name, value in kept.items() if value}
    return Given(
        where=f"line {number}",
        speech_id=str(speech.get("speech_id") or meta.get("speech_id") or ""),
        label=label,
        reviewer=example.get("_annotator_id") or example.get("_session_id"),
        at=datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")
        if isinstance(at, (int, float))
        else None,
        span=(ours["start"], ours["end"]) if ours else None,
        note=example.get("note"),
        text=example.get("text"),
        skip=example["answer"] == "ignore",
        adjudicated=bool(example.get("adjudicated")),
        marks=tuple((span["start"], span["end"], span["label"].removeprefix(_MARK)) for span in marked),
        detail={"prodigy": kept} if kept else {},
    )


def _is_mark(span: dict[str, Any]) -> bool:
    label = str(span.get("label", ""))
    return label.startswith(_MARK) and is_mark(span.get("start"), span.get("end"), label[len(_MARK) :])
