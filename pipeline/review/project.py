"""One dataset under review: its store, its index, who has read what, and the one way in which anything is saved.

Every save is checked against what the reviewer had before their eyes (`seen`): if the same person labelled the speech elsewhere in
the meantime, nothing is written and `Stale` is raised. Not here: several datasets at once (`desk`), the pages (`web`).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pipeline.carry import is_persons
from pipeline.dataset import load_dataset
from pipeline.records import LABELS
from pipeline.review.agreement import Estimate, wilson
from pipeline.review.index import Entry, Index, fingerprint, open_index
from pipeline.review.labels import follow
from pipeline.review.readings import UNDOABLE, Readings
from pipeline.review.sentence_marks import BadMarks, checked, stored
from pipeline.review.store import Action, Place, Store, StoreError, open_store
from pipeline.tables import Row

T = TypeVar("T")

#: Longest note, reason or correction, in characters.
MAX_NOTE = 4000

#: What the project lead may set, and what holds until they do: the share of speeches without doubt that joins the queue as audit,
#: the share of speeches that a second person reads blind, and the seed of both draws.
DEFAULTS: dict[str, Any] = {"audit_share": 0.1, "second_share": 0.0, "seed": "1"}

CORRECTIONS = {
    "state": "The State is another",
    "speaker": "The speaker is another",
    "split": "This is two speeches",
    "join": "This belongs to the one before",
    "other": "Something else",
}

SKIP_REASONS = (
    "unclear to me",
    "the text is damaged",
    "wrongly split",
    "not in English",
    "for the lead to decide",
)


class Stale(Exception):
    """The speech changed since the page was shown; `latest` is the action that came between."""

    def __init__(self, latest: Action | None) -> None:
        super().__init__("The speech changed since the page was shown.")
        self.latest = latest


class Refused(ValueError):
    """What was sent cannot be saved; the text says why, for the reviewer."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form carries beside the action itself: who, which speech state they saw, and the form's own number (sent twice, it
    counts once)."""

    reviewer: str
    seen: int | None = None
    form: str | None = None
    at: str | None = None
    detail: Mapping[str, Any] | None = None


class Project:
    """An opened dataset. Raises DatasetError or StoreError in words."""

    def __init__(self, path: Path, other_model: bool = True) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()
        self.dataset = load_dataset(self.path)
        store = open_store(self.path)
        assert store is not None
        self.store: Store = store
        self.readings = Readings()
        self._other = other_model
        #: Grows whenever the queue or the index was made anew: what was worked out from them is then stale.
        self.version = 0
        self._load()

    def _load(self) -> None:
        follow(self.store, self.path)
        other, name = _second_model(self.dataset.manifest) if self._other else (None, "")
        self.index: Index = open_index(self.dataset, self.store, other, name)
        self._key = fingerprint(self.dataset)
        self._stamp = self._manifest_stamp()
        self.uid_of: dict[str, int] = {}
        self.place_of: dict[int, Place] = {}
        for place in self.store.places().values():
            self._put(place)
        self.sync()
        self._adopt()
        self._order()

    def _put(self, place: Place) -> None:
        self.place_of[place.uid] = place
        entry = self.index.by_id.get(place.speech_id)
        if entry is not None and entry.text_sha256 == place.text_sha256:
            self.uid_of[place.speech_id] = place.uid

    def _adopt(self) -> None:
        """Labels that came with the tables, from another machine say, become rows of the store."""
        for entry, given in self.index.given():
            if entry.speech_id in self.uid_of or not is_persons(given):
                continue
            label = given["stance"] or given["status"]
            if label not in LABELS:
                continue
            kind = "adjudicate" if given["label_source"] == "adjudicated" else "label"
            with self.store.writing():
                place = self.store.show(self.index.row(entry), None)
                self.store.add(
                    given["reviewer"] or "unknown", kind, given["reviewed_at"], uid=place.uid, shown=place.shown, label=label,
                    evidence=given["evidence"], evidence_start=given["evidence_start"], evidence_end=given["evidence_end"],
                    note=given["note"], detail={"source": "dataset"},
                )  # fmt: skip
            self._put(place)
        self.sync()

    def _order(self) -> None:
        """The queue: doubtful speeches by their doubt, the audit's share strewn in evenly (it must not wait till the end)."""
        doubtful = [e for e in self.index.entries if e.stratum == "doubtful"]
        doubtful.sort(key=lambda e: (-e.score, e.number))
        audit = [e for e in self.index.entries if self.is_audit(e)]
        audit.sort(key=lambda e: _draw(self.setting("seed"), "order", e.speech_id))
        self.queue: list[Entry] = strewn(doubtful, audit)
        self.version += 1
        self.in_queue = {entry.number: place for place, entry in enumerate(self.queue)}

    def close(self) -> None:
        """Closes the files."""
        self.index.close()
        self.store.close()

    def _manifest_stamp(self) -> int:
        try:
            return (self.path / "manifest.json").stat().st_mtime_ns
        except OSError:
            return 0

    def sync(self) -> None:
        """Takes in what other processes added to the store, and a dataset that was labelled again meanwhile."""
        with self._lock:
            fresh = self.store.actions(self.readings.last)
            if fresh:
                self.readings.add(fresh)
                if any(a.uid is not None and a.uid not in self.place_of for a in fresh):
                    for place in self.store.places().values():
                        self._put(place)
                if any(a.kind == "setting" for a in fresh) and hasattr(self, "queue"):
                    self._order()

    def sync_dataset(self) -> bool:
        """True where the dataset's tables were written anew by `label` and the index was made again."""
        with self._lock:
            stamp = self._manifest_stamp()
            if stamp == self._stamp:
                return False
            dataset = load_dataset(self.path)
            self._stamp = stamp
            self.dataset = dataset
            if fingerprint(dataset) == self._key:
                return False
            self.index.close()
            self._load()
            return True

    # What the lead set

    def setting(self, name: str) -> Any:
        return self.readings.settings.get(name, DEFAULTS[name])

    def set(self, who: str, **values: Any) -> None:
        """Notes settings in the log (`audit_share` and `second_share` in 0 to 1, `seed`)."""
        changed = {
            name: value for name, value in values.items() if value is not None and self.setting(name) != value
        }
        if changed:
            with self.store.writing():
                self.store.add(who, "setting", detail=changed)
            self.sync()

    # Who reads what

    def uid(self, entry: Entry) -> int | None:
        """The speech's number in the store, None while nobody did anything with it."""
        return self.uid_of.get(entry.speech_id)

    def is_audit(self, entry: Entry) -> bool:
        """True where chance, not doubt, put the speech in the queue. The draw depends on the seed and the speech alone."""
        chosen = entry.stratum in ("confident", "not_addressed")
        return chosen and _draw(self.setting("seed"), "audit", entry.speech_id) < self.setting("audit_share")

    def wanted(self, entry: Entry) -> int:
        """How many people are to read the speech."""
        second = _draw(self.setting("seed"), "second", entry.speech_id) < self.setting("second_share")
        return 2 if second else 1

    def is_open(self, entry: Entry, reviewer: str) -> bool:
        """True where the queue has the speech for this reviewer: enough people have not read it, and they neither read nor skipped it."""
        uid = self.uid(entry)
        if uid is None:
            return True
        readings = self.readings
        return (
            len(readings.readings(uid)) < self.wanted(entry)
            and readings.own(uid, reviewer) is None
            and readings.adjudication(uid) is None
        )

    def disputes(self) -> list[Entry]:
        """The speeches that wait for adjudication, oldest dispute first."""
        found = []
        for uid in self.readings.uids():
            if self.readings.disputed(uid) and (entry := self.entry_of(uid)):
                found.append((self.readings.log(uid)[-1].id, entry))
        return [entry for _, entry in sorted(found, key=lambda pair: pair[0])]

    def entry_of(self, uid: int | None) -> Entry | None:
        """The speech of the dataset, None where it is no longer there."""
        place = self.place_of.get(uid) if uid is not None else None
        entry = self.index.by_id.get(place.speech_id) if place else None
        return entry if entry and self.uid_of.get(entry.speech_id) == uid else None

    def orphans(self) -> list[Place]:
        """Speeches with labels whose words are no longer in the dataset."""
        return [
            p for p in self.place_of.values() if self.readings.touched(p.uid) and self.entry_of(p.uid) is None
        ]

    # Saving

    def label(
        self,
        entry: Entry,
        sent: Sent,
        label: str,
        evidence: tuple[int, int] | None = None,
        note: str | None = None,
        marks: Sequence[tuple[int, int, str]] = (),
    ) -> Action:
        """Saves a reviewer's label, with the deciding sentence and the sentences they marked (`sentence_marks`), if any. Raises Refused for what is no
        label or not in the speech, Stale where they labelled it elsewhere meanwhile."""
        if label not in LABELS:
            raise Refused(f"{label!r} is no label.")
        old = self.readings.readings(self.uid(entry)).get(sent.reviewer)
        return self._save(
            entry,
            sent,
            "label",
            label=label,
            old_label=old.label if old else None,
            note=_given_note(note),
            span=evidence,
            marks=marks,
        )

    def skip(self, entry: Entry, sent: Sent, reason: str) -> Action:
        """Puts a speech aside for this reviewer, with the reason."""
        reason = _clean(reason) or ""
        if not reason:
            raise Refused("Say why you skip the speech.")
        return self._save(entry, sent, "skip", note=reason)

    def note(self, entry: Entry, sent: Sent, note: str) -> Action:
        """Keeps a note beside the reviewer's reading."""
        return self._save(entry, sent, "note", note=_clean(note) or "")

    def correct(
        self, entry: Entry, sent: Sent, what: str, value: str, at: tuple[int, int] | None = None
    ) -> Action:
        """Notes for the maintainer what is wrong with the speech itself (`CORRECTIONS`); `at` is the place it is about."""
        if what not in CORRECTIONS:
            raise Refused(f"{what!r} is no kind of correction.")
        value = _clean(value) or ""
        if what in ("state", "speaker", "other") and not value:
            raise Refused("Say what it should be.")
        return self._save(entry, sent, "correction", note=value, span=at, extra={"what": what})

    def adjudicate(
        self,
        entry: Entry,
        sent: Sent,
        label: str,
        evidence: tuple[int, int] | None = None,
        note: str | None = None,
        marks: Sequence[tuple[int, int, str]] = (),
    ) -> Action:
        """Settles a dispute. `sent.seen` must be the last action of anybody on the speech."""
        if label not in LABELS:
            raise Refused(f"{label!r} is no label.")
        uid = self.uid(entry)
        if not self.readings.disputed(uid) and self.readings.adjudication(uid) is None:
            if sent.form and self.store.with_form(sent.form):
                return self._again(sent.form)
            raise Stale(self.readings.log(uid)[-1] if self.readings.log(uid) else None)
        old = self.readings.adjudication(uid)
        return self._save(
            entry,
            sent,
            "adjudicate",
            label=label,
            old_label=old.label if old else None,
            note=_given_note(note),
            span=evidence,
            marks=marks,
        )

    def undo(self, sent: Sent, action: int) -> Action:
        """Takes the reviewer's last action back by one more row. Raises Stale where `action` is not their last one any more."""
        with self._lock, self.store.writing():
            self.sync()
            last = self.readings.last_of(sent.reviewer)
            if last is None or last.id != action or last.kind not in UNDOABLE:
                if sent.form and self.store.with_form(sent.form):
                    return self._again(sent.form)
                raise Stale(last)
            made = self.store.add(
                sent.reviewer, "undo", uid=last.uid, shown=last.shown, old_label=last.label, label=last.old_label,
                undoes=last.id, form=sent.form,
            )  # fmt: skip
        self.sync()
        return made

    def _save(
        self,
        entry: Entry,
        sent: Sent,
        kind: str,
        span: tuple[int, int] | None = None,
        extra: Mapping[str, Any] | None = None,
        marks: Sequence[tuple[int, int, str]] = (),
        **columns: Any,
    ) -> Action:
        row = self.index.row(entry)
        evidence = _evidence(row["text"], span)
        try:
            marked = {"marks": stored(checked(marks, row["text"]))} if marks else {}
        except BadMarks as error:
            raise Refused(str(error)) from None
        try:
            with self._lock, self.store.writing():
                self.sync()
                if sent.form and self.store.with_form(sent.form):
                    return self._again(sent.form)
                uid = self.uid(entry)
                whose = None if kind == "adjudicate" else sent.reviewer
                if sent.seen is not None and self.readings.seen(uid, whose) != sent.seen:
                    raise Stale(self._latest(uid, whose))
                place = self.store.show(row, uid)
                made = self.store.add(
                    sent.reviewer, kind, sent.at, uid=place.uid, shown=place.shown, form=sent.form,
                    detail={**self._before_the_eyes(entry), **marked, **(extra or {}), **(sent.detail or {})},
                    **evidence, **columns,
                )  # fmt: skip
                self._put(place)
        except OSError as error:  # pragma: no cover (the disk itself)
            raise StoreError(f"{self.store.path}: cannot be written ({error}).") from error
        self.sync()
        return made

    def _before_the_eyes(self, entry: Entry) -> dict[str, Any]:
        return {
            "model": entry.model,
            "model_label": entry.label,
            "stratum": entry.stratum,
            "audit": self.is_audit(entry),
            "why": list(entry.why),
        }

    def _latest(self, uid: int | None, reviewer: str | None) -> Action | None:
        mine = [a for a in self.readings.log(uid) if reviewer is None or a.reviewer == reviewer]
        return mine[-1] if mine else None

    def _again(self, form: str) -> Action:
        number = self.store.with_form(form)
        assert number is not None
        return self.store.actions(number - 1)[0]

    # How far it is

    def progress(self) -> Progress:
        """Counts of the whole review."""
        counted = Progress(len(self.index.entries), len(self.queue))
        for uid in self.readings.uids():
            entry = self.entry_of(uid)
            if entry is None:
                continue
            counted.disputes += self.readings.disputed(uid)
            settled = self.readings.settled(uid)
            if settled is not None:
                counted.labels += 1
                counted.settled += entry.number in self.in_queue
                if entry.label is not None:
                    counted.compared += 1
                    counted.with_model += settled.label == entry.label
        return counted

    def audit(self) -> dict[str, Estimate]:
        """The error of the labels that no doubt put in the queue, by the audit: `confident`, `not_addressed`, `both`. Unbiased for
        those speeches, because chance alone chose what was read, and every reading counts, whatever it says."""
        wrong = {"confident": 0, "not_addressed": 0}
        read = {"confident": 0, "not_addressed": 0}
        for entry in self.queue:
            if entry.stratum == "doubtful":
                continue
            uid = self.uid(entry)
            settled = self.readings.settled(uid) if uid is not None else None
            if settled is not None and entry.label is not None:
                read[entry.stratum] += 1
                wrong[entry.stratum] += settled.label != entry.label
        found = {name: wilson(wrong[name], read[name]) for name in read}
        found["both"] = wilson(sum(wrong.values()), sum(read.values()))
        return found


@dataclass
class Progress:
    """How far a review is: speeches in all and in the queue, settled ones of the queue, labels by people, agreement with the model."""

    speeches: int = 0
    queued: int = 0
    settled: int = 0
    labels: int = 0
    disputes: int = 0
    compared: int = 0
    with_model: int = 0

    def __add__(self, other: Progress) -> Progress:
        return Progress(*(getattr(self, n) + getattr(other, n) for n in Progress.__dataclass_fields__))

    @property
    def left(self) -> int:
        return self.queued - self.settled

    @property
    def agreement(self) -> Estimate:
        """Of the labels that people gave, the share that the model had too."""
        return wilson(self.with_model, self.compared)


def strewn(doubtful: Sequence[T], audit: Sequence[T]) -> list[T]:
    """Both in their own order, the second evenly among the first."""
    found: list[T] = []
    step = len(doubtful) / len(audit) if audit else 0.0
    taken = 0
    for i, one in enumerate(audit):
        until = int((i + 1) * step)
        found += [*doubtful[taken:until], one]
        taken = max(taken, until)
    return [*found, *doubtful[taken:]]


def _draw(seed: object, what: str, speech_id: str) -> float:
    """A number in 0 to 1 that the seed and the speech decide, the same in every run and whatever else is in the dataset."""
    digest = hashlib.sha256(f"{seed}:{what}:{speech_id}".encode()).digest()
    return int.from_bytes(digest[:7]) / 2**56


def _evidence(text: str, span: tuple[int, int] | None) -> dict[str, Any]:
    if span is None:
        return {}
    start, end = span
    if not 0 <= start < end <= len(text) or not text[start:end].strip():
        raise Refused("The chosen sentence is not in the speech.")
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return {"evidence": text[start:end], "evidence_start": start, "evidence_end": end}


def _given_note(note: str | None) -> str | None:
    """None: no note was given, an earlier one stays. Empty: the note was emptied."""
    return None if note is None else _clean(note) or ""


def _clean(text: str | None) -> str | None:
    if text is None:
        return None
    text = "".join(c for c in text.replace("\r\n", "\n") if c in "\n\t" or c.isprintable()).strip()
    if len(text) > MAX_NOTE:
        raise Refused(f"The note has {len(text)} characters; at most {MAX_NOTE} are kept. Shorten it.")
    return text or None


def _second_model(manifest: Mapping[str, Any]) -> tuple[Any, str]:
    """A function that gives the label of the model now in use, where the dataset was labelled with another one."""
    from pipeline.document import whole_speech_counts
    from pipeline.records import NOT_ADDRESSED, InputError
    from pipeline.stance import registry

    used = manifest.get("model")
    if not used:
        return None, ""
    try:
        folder = registry.model_in_use()
        facts = registry.describe(folder)
        if facts["sha256"] == used.get("sha256"):
            return None, ""
        from pipeline.stance.model import load_model

        model = load_model(folder)
    except (InputError, OSError):
        return None, ""

    def label(row: Row) -> str | None:
        if row["status"] not in ("labelled", NOT_ADDRESSED):
            return None
        judged = model.judge_one(row["text"], whole_speech_counts(row))
        return str(judged.stance) if judged.stance else NOT_ADDRESSED

    return label, str(facts["name"])
