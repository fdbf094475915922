"""Label Studio's JSON, out and in: a task a speech, an annotation a reading, the model's label as prediction.

Offsets there count UTF-16 code units, ours code points. Fields of Label Studio that are not ours are kept with the reading and
come out again. The matching labelling interface is in docs/review.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.review.doubt import probabilities
from pipeline.review.exchange import ExchangeError, Given, normal_label, read_text
from pipeline.review.project import Project
from pipeline.review.readings import Reading
from pipeline.review.sentence_marks import in_text, is_mark
from pipeline.schema import SPEECHES
from pipeline.tables import Row

_COLUMNS = frozenset(column.name for column in SPEECHES)
_OURS = frozenset({"result", "reviewer", "created_at", "ground_truth", "was_cancelled"})


def write(project: Project, path: Path) -> int:
    """Writes all speeches with their readings; gives the number of tasks."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("[")
        for count, task in enumerate(tasks(project), 1):
            file.write(",\n" if count > 1 else "\n")
            json.dump(task, file, ensure_ascii=False)
        file.write("\n]\n")
    return count


def tasks(project: Project) -> Iterator[dict[str, Any]]:
    """The tasks one by one."""
    for entry in project.index.entries:
        row = project.index.row(entry)
        uid = project.uid(entry)
        kept_data: dict[str, Any] = {}
        kept_task: dict[str, Any] = {}
        annotations = []
        for reading in project.readings.readings(uid).values():
            kept = reading.action.detail.get("labelstudio") or {}
            kept_data |= kept.get("data", {})
            kept_task |= kept.get("task", {})
            annotations.append(_annotation(row["text"], reading, kept))
        decided = project.readings.adjudication(uid)
        if decided is not None and decided.label is not None:
            final = Reading(
                decided.reviewer, decided.label, decided.at, decided.evidence, decided.evidence_start, decided.evidence_end,
                decided.note, decided,
            )  # fmt: skip
            kept = decided.detail.get("labelstudio") or {}
            annotations.append({**_annotation(row["text"], final, kept), "ground_truth": True})
        for action in project.readings.live(uid):
            if action.kind == "skip" and project.readings.skipped(uid, action.reviewer):
                annotations.append(
                    {
                        "result": [_note(action.note)] if action.note else [],
                        "reviewer": action.reviewer,
                        "created_at": action.at,
                        "ground_truth": False,
                        "was_cancelled": True,
                    }
                )
        yield {
            **kept_task,
            "id": entry.number + 1,
            "data": {**kept_data, **row},
            "annotations": annotations,
            "predictions": _predictions(row, entry.label, entry.sure),
        }


def _annotation(text: str, reading: Reading, kept: dict[str, Any]) -> dict[str, Any]:
    result = [_choice(reading.label)]
    start, end = reading.evidence_start, reading.evidence_end
    if reading.evidence and start is not None and end is not None:
        result.append(_span("evidence", text, start, end, reading.evidence, "evidence"))
    result += [_span("marks", text, m.start, m.end, m.words, m.letter) for m in in_text(reading.marks, text)]
    if reading.note:
        result.append(_note(reading.note))
    return {
        **kept.get("annotation", {}),
        "result": [*result, *kept.get("results", [])],
        "reviewer": reading.reviewer,
        "created_at": reading.at,
        "ground_truth": False,
        "was_cancelled": False,
    }


def _span(name: str, text: str, start: int, end: int, words: str, label: str) -> dict[str, Any]:
    value = {"start": to_utf16(text, start), "end": to_utf16(text, end), "text": words, "labels": [label]}
    return {"from_name": name, "to_name": "text", "type": "labels", "value": value}


def _choice(label: str) -> dict[str, Any]:
    return {"from_name": "stance", "to_name": "text", "type": "choices", "value": {"choices": [label]}}


def _note(note: str | None) -> dict[str, Any]:
    return {"from_name": "note", "to_name": "text", "type": "textarea", "value": {"text": [note]}}


def _predictions(row: Row, label: str | None, sure: float | None) -> list[dict[str, Any]]:
    if label is None:
        return []
    return [
        {
            "model_version": row["model"],
            "score": sure,
            "result": [_choice(label)],
            "probabilities": probabilities(row),
        }
    ]


def read(path: Path) -> Iterator[Given]:
    """The annotations of an export of Label Studio (JSON, or JSON-MIN's fields are refused in words)."""
    try:
        value = json.loads(read_text(path))
    except ValueError as error:
        raise ExchangeError(
            f"{path}: this is no JSON ({error}). Export from Label Studio as JSON."
        ) from error
    if not isinstance(value, list) or not all(isinstance(task, dict) for task in value):
        raise ExchangeError(f"{path}: this is no list of tasks. Export from Label Studio as JSON.")
    for number, task in enumerate(value, 1):
        data = task.get("data")
        if not isinstance(data, dict) or not isinstance(task.get("annotations", []), list):
            raise ExchangeError(
                f"{path}: task {number} has no data or no list of annotations. Export as JSON, not as JSON-MIN."
            )
        for annotation in task.get("annotations", []):
            yield _given(number, task, data, annotation)


def _given(number: int, task: dict[str, Any], data: dict[str, Any], annotation: dict[str, Any]) -> Given:
    text = str(data.get("text") or "")
    label, note, evidence, span = "", None, None, None
    rest = []
    marks = []
    for result in annotation.get("result") or []:
        value = result.get("value") or {}
        match result.get("from_name"), result.get("type"):
            case "stance", "choices":
                label = normal_label((value.get("choices") or [""])[0])
            case "evidence", "labels" | "hypertextlabels":
                evidence = value.get("text")
                if isinstance(value.get("start"), int) and isinstance(value.get("end"), int):
                    span = (from_utf16(text, value["start"]), from_utf16(text, value["end"]))
                    evidence = text[slice(*span)]
            case "marks", "labels" | "hypertextlabels" if _is_mark(value):
                place = (from_utf16(text, value["start"]), from_utf16(text, value["end"]))
                marks.append((*place, value["labels"][0]))
            case "note", "textarea":
                words = value.get("text")
                note = "\n".join(words) if isinstance(words, list) else words
            case _:
                rest.append(result)
    kept = {
        "annotation": {k: v for k, v in annotation.items() if k not in _OURS},
        "results": rest,
        "data": {k: v for k, v in data.items() if k not in _COLUMNS},
        "task": {k: v for k, v in task.items() if k not in ("id", "data", "annotations", "predictions")},
    }
    kept = {name: value for name, value in kept.items() if value}
    return Given(
        where=f"task {number}",
        speech_id=str(data.get("speech_id") or ""),
        label=label,
        reviewer=annotation.get("reviewer") or _person(annotation.get("completed_by")),
        at=annotation.get("created_at"),
        evidence=evidence,
        span=span,
        note=note,
        text=text or None,
        skip=bool(annotation.get("was_cancelled")),
        adjudicated=bool(annotation.get("ground_truth")),
        marks=tuple(marks),
        detail={"labelstudio": kept} if kept else {},
    )


def _is_mark(value: dict[str, Any]) -> bool:
    labels = value.get("labels")
    return isinstance(labels, list) and is_mark(value.get("start"), value.get("end"), *labels)


def _person(completed_by: Any) -> str | None:
    if isinstance(completed_by, dict):
        named = " ".join(str(completed_by.get(k) or "") for k in ("first_name", "last_name")).strip()
        return named or completed_by.get("email") or completed_by.get("username")
    return f"user {completed_by}" if completed_by is not None else None


def to_utf16(text: str, at: int) -> int:
    """The place in UTF-16 code units of a code point.

    >>> to_utf16("a\\U0001f600b", 2)
    3
    """
    return at + sum(c > "\uffff" for c in text[:at])


def from_utf16(text: str, at: int) -> int:
    """The code point at a place in UTF-16 code units.

    >>> from_utf16("a\\U0001f600b", 3)
    2
    """
    if text.isascii():
        return at
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * at].decode("utf-16-le", "replace"))
