"""Labels from elsewhere into a review: what a file says, what of it can be taken, and only then the taking.

A reader (`spreadsheets`, `labelstudio`, `prodigy`) makes `Given` rows of a file; `plan` holds them against the dataset and
the store and changes nothing; `apply` saves what the plan accepted, each label as its reviewer's own reading.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.records import LABELS
from pipeline.review.index import Entry
from pipeline.review.project import Project, Sent
from pipeline.review.sentence_marks import BadMarks, SentenceMark, checked, in_text

#: Ends a text that a spreadsheet's cell could not hold.
SHORTENED = " […] [shortened: "

#: Largest file that is read.
MAX_BYTES = 500 << 20


class ExchangeError(Exception):
    """The file cannot be read or written; says why and what to do."""

    for_users = True


@dataclass(frozen=True, slots=True)
class Given:
    """One label as a file gives it. `where` names its place in the file for messages; `evidence` may come without its place;
    `marks` are the sentences that were marked (`sentence_marks`); `changed` is False for a row of an exported table that may just be
    as it was; `detail` is kept for a later export."""

    where: str
    speech_id: str
    label: str
    reviewer: str | None = None
    at: str | None = None
    evidence: str | None = None
    span: tuple[int, int] | None = None
    note: str | None = None
    text: str | None = None
    changed: bool = True
    skip: bool = False
    adjudicated: bool = False
    marks: tuple[tuple[int, int, str], ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """A label that will be taken, for which speech and as whose reading."""

    given: Given
    entry: Entry
    reviewer: str
    span: tuple[int, int] | None
    disputes: bool


@dataclass
class Plan:
    """What an import would do. `conflicts` are pairs of the row and the reason in words; nothing of them is applied."""

    read: int = 0
    unchanged: int = 0
    taken: list[Taken] = field(default_factory=list)
    conflicts: list[tuple[Given, str]] = field(default_factory=list)

    @property
    def disputes(self) -> int:
        """How many of the labels differ from another reviewer's and will go to adjudication."""
        return sum(taken.disputes for taken in self.taken)


def normal_label(label: str | None) -> str:
    """A label as people write it in a cell, in the codebook's spelling; other words come back as they are.

    >>> normal_label(" Not addressed ")
    'not_addressed'
    """
    return "_".join((label or "").strip().lower().split())


def plan(
    project: Project, given: Iterable[Given], reviewer: str | None = None, replace: bool = False
) -> Plan:
    """Holds a file's labels against the dataset; changes nothing. `reviewer` is whose labels they are where the file does not say;
    `replace` lets a label take the place of the same reviewer's other one."""
    result = Plan()
    rows: dict[tuple[str, str], Given] = {}
    for row in given:
        result.read += 1
        name = row.reviewer or reviewer or ""
        if not row.label and not row.skip:
            result.unchanged += 1
            continue
        before = rows.get((row.speech_id, name))
        if before is not None and before.label != row.label:
            result.conflicts.append(
                (row, f"the file has this speech twice: {before.label} at {before.where}")
            )
            continue
        rows[(row.speech_id, name)] = row
        _plan_one(project, row, name, replace, result)
    return result


def _plan_one(project: Project, row: Given, reviewer: str, replace: bool, result: Plan) -> None:
    entry = project.index.by_id.get(row.speech_id)
    if entry is None:
        result.conflicts.append((row, "there is no speech with this id in the dataset"))
        return
    if row.label not in LABELS and not row.skip:
        result.conflicts.append((row, f"{row.label!r} is no label ({', '.join(LABELS)})"))
        return
    uid = project.uid(entry)
    settled = project.readings.settled(uid) if uid is not None else None
    now = settled.label if settled else entry.label
    if not row.changed and row.label == now:
        result.unchanged += 1
        return
    text = project.index.row(entry)["text"]
    if row.text is not None and not same_text(row.text, text):
        result.conflicts.append((row, "its text is not the speech's text in this dataset"))
        return
    if not reviewer:
        result.conflicts.append((row, "the file does not say whose label it is: give --reviewer NAME"))
        return
    if row.adjudicated and project.readings.adjudication(uid) is not None:
        decided = project.readings.adjudication(uid)
        if decided and decided.label == row.label:
            result.unchanged += 1
        else:
            result.conflicts.append((row, "the dispute was settled otherwise here"))
        return
    marked = _marked(row, text)
    if marked is None:
        result.conflicts.append((row, "its marks do not fit the speech"))
        return
    own = project.readings.readings(uid).get(reviewer)
    if own is not None and not row.adjudicated:
        if own.label == row.label:
            known = in_text(own.marks, text)
            if marked in ((), known):
                result.unchanged += 1
                return
            if known and not replace:
                words = (
                    f"{reviewer} marked other sentences on {own.at[:10]}; --replace takes the file's instead"
                )
                result.conflicts.append((row, words))
                return
        elif not replace:
            words = f"{reviewer} labelled it {own.label} on {own.at[:10]}; --replace takes the file's label instead"
            result.conflicts.append((row, words))
            return
    if row.skip and project.readings.skipped(uid, reviewer):
        result.unchanged += 1
        return
    span = row.span if _holds(text, row.span, row.evidence) else None
    if span is None and row.evidence:
        at = text.find(row.evidence.strip())
        if at < 0:
            result.conflicts.append((row, "its deciding sentence is not in the speech"))
            return
        span = (at, at + len(row.evidence.strip()))
    if span is None and own is not None and own.label == row.label:
        # Only marks are new: the sentence that was chosen before stays.
        place = (own.evidence_start or 0, own.evidence_end or 0)
        span = place if _holds(text, place, own.evidence) else None
    others = {r.label for name, r in project.readings.readings(uid).items() if name != reviewer}
    result.taken.append(Taken(row, entry, reviewer, span, bool(others - {row.label}) and not row.adjudicated))


def _marked(row: Given, text: str) -> tuple[SentenceMark, ...] | None:
    """The sentences that a row marks (a skip marks none); None where they are not in the speech."""
    try:
        return () if row.skip else checked(row.marks, text)
    except BadMarks:
        return None


def _holds(text: str, span: tuple[int, int] | None, evidence: str | None) -> bool:
    return (
        span is not None
        and 0 <= span[0] < span[1] <= len(text)
        and (not evidence or text[slice(*span)] == evidence)
    )


def same_text(given: str, text: str) -> bool:
    """True for the same words, blanks and line ends apart, or the beginning of them where a cell was shortened."""
    cut = given.find(SHORTENED)
    words = " ".join(given[:cut].split() if cut >= 0 else given.split())
    whole = " ".join(text.split())
    return whole.startswith(words) if cut >= 0 else words == whole


def apply(project: Project, planned: Plan, source: Path) -> int:
    """Saves the labels that the plan took, each as its reviewer's reading; gives their number. A second import of the same file
    finds them unchanged."""
    facts = {"source": "import", "file": source.name, "sha256": file_sha256(source)}
    done = 0
    for taken in planned.taken:
        detail = {**facts, **taken.given.detail}
        sent = Sent(taken.reviewer, None, None, taken.given.at, detail)
        if taken.given.skip:
            project.skip(taken.entry, sent, taken.given.note or "skipped elsewhere")
        else:
            settles = taken.given.adjudicated and project.readings.disputed(project.uid(taken.entry))
            save = project.adjudicate if settles else project.label
            save(taken.entry, sent, taken.given.label, taken.span, taken.given.note, taken.given.marks)
        done += 1
    return done


def file_sha256(path: Path) -> str:
    """The fingerprint of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_text(path: Path) -> str:
    """A text file, UTF-8 or, as spreadsheets on Windows write it, cp1252. Raises ExchangeError in words."""
    check_size(path)
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def check_size(path: Path) -> None:
    """Raises ExchangeError for a file that is not there or too large."""
    if not path.is_file():
        raise ExchangeError(f"{path}: there is no such file.")
    if path.stat().st_size > MAX_BYTES:
        raise ExchangeError(f"{path}: the file is larger than {MAX_BYTES >> 20} MB. Split it.")
