"""What the actions amount to: each reviewer's reading of each speech, agreement and dispute, the label that counts.

Pure folding of the log, row by row: the same rows give the same state, in any process and after any crash.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.review.sentence_marks import SentenceMark, of_detail
from pipeline.review.store import Action

#: Actions that a reviewer can take back.
UNDOABLE = frozenset({"label", "skip", "note", "correction", "adjudicate"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A reviewer's label of a speech as it stands, with the latest note."""

    reviewer: str
    label: str
    at: str
    evidence: str | None
    evidence_start: int | None
    evidence_end: int | None
    note: str | None
    action: Action

    @property
    def marks(self) -> tuple[SentenceMark, ...]:
        """The sentences that the reviewer marked with this label."""
        return of_detail(self.action.detail)


@dataclass(frozen=True, slots=True)
class Settled:
    """The label that counts for a speech. `source` is the dataset's `label_source`: `reviewer` for one reading, `adjudicated`
    where two readings agree or a dispute was settled; `reviewer` names all who stand behind it. `marks` are those of who settled it, or else
    the latest ones that were given with this label."""

    label: str
    source: str
    reviewer: str
    at: str
    evidence: str | None
    evidence_start: int | None
    evidence_end: int | None
    note: str | None
    shown: int
    marks: tuple[SentenceMark, ...] = ()


@dataclass
class Readings:
    """The state of a review. `add` takes the log's rows in order."""

    last: int = 0
    names: set[str] = field(default_factory=set)
    settings: dict[str, object] = field(default_factory=dict)
    _of: dict[int, list[Action]] = field(default_factory=lambda: defaultdict(list))
    _by: dict[str, list[Action]] = field(default_factory=lambda: defaultdict(list))
    _undone: set[int] = field(default_factory=set)
    _actions: dict[int, Action] = field(default_factory=dict)
    _memo: dict[int, dict[str, Reading]] = field(default_factory=dict)

    def add(self, actions: Iterable[Action]) -> None:
        """Folds further rows in."""
        for action in actions:
            self.last = max(self.last, action.id)
            self._actions[action.id] = action
            self.names.add(action.reviewer)
            if action.kind == "setting":
                self.settings.update(action.detail)
                continue
            if action.uid is not None:
                self._of[action.uid].append(action)
                self._memo.pop(action.uid, None)
            if action.kind == "undo" and action.undoes is not None:
                self._undone.add(action.undoes)
            elif action.kind in UNDOABLE:
                self._by[action.reviewer].append(action)

    def uids(self) -> list[int]:
        """The speeches that anybody did anything with."""
        return list(self._of)

    def touched(self, uid: int | None) -> bool:
        """True where a label was ever given, even if it was taken back."""
        return any(action.kind in ("label", "adjudicate") for action in self.log(uid))

    def log(self, uid: int | None) -> list[Action]:
        """All rows of a speech, undone ones and undoings too."""
        return self._of.get(uid, []) if uid is not None else []

    def live(self, uid: int | None) -> list[Action]:
        """The rows of a speech that stand."""
        return [a for a in self.log(uid) if a.kind != "undo" and a.id not in self._undone]

    def is_undone(self, action: Action) -> bool:
        return action.id in self._undone

    def readings(self, uid: int | None) -> dict[str, Reading]:
        """Reviewer -> the label that stands, in the order they were first given."""
        if uid is None or uid not in self._of:
            return {}
        if uid not in self._memo:
            found: dict[str, Reading] = {}
            notes: dict[str, str | None] = {}
            for a in self.live(uid):
                if a.kind == "note":
                    notes[a.reviewer] = a.note
                    if a.reviewer in found:
                        found[a.reviewer] = _with_note(found[a.reviewer], a.note)
                elif a.kind == "label" and a.label is not None:
                    note = a.note if a.note is not None else notes.get(a.reviewer)
                    found[a.reviewer] = Reading(
                        a.reviewer, a.label, a.at, a.evidence, a.evidence_start, a.evidence_end, note, a
                    )
            self._memo[uid] = found
        return self._memo[uid]

    def own(self, uid: int | None, reviewer: str) -> Action | None:
        """The reviewer's last label or skip that stands."""
        mine = [a for a in self.live(uid) if a.reviewer == reviewer and a.kind in ("label", "skip")]
        return mine[-1] if mine else None

    def skipped(self, uid: int | None, reviewer: str) -> bool:
        """True where the reviewer put the speech aside and has not labelled it since."""
        own = self.own(uid, reviewer)
        return own is not None and own.kind == "skip"

    def adjudication(self, uid: int | None) -> Action | None:
        """The adjudication that stands."""
        found = [a for a in self.live(uid) if a.kind == "adjudicate"]
        return found[-1] if found else None

    def disputed(self, uid: int | None) -> bool:
        """True where two readings differ and nobody has settled it yet."""
        labels = {reading.label for reading in self.readings(uid).values()}
        return len(labels) > 1 and self.adjudication(uid) is None

    def settled(self, uid: int) -> Settled | None:
        """The label that counts, or None: nobody gave one, all were taken back, or two differ."""
        readings = list(self.readings(uid).values())
        decided = self.adjudication(uid)
        if decided is not None and decided.label is not None:
            return Settled(
                decided.label, "adjudicated", decided.reviewer, decided.at, decided.evidence, decided.evidence_start,
                decided.evidence_end, decided.note or None, decided.shown or 0,
                of_detail(decided.detail) or _latest_marks(readings, decided.label),
            )  # fmt: skip
        if not readings or self.disputed(uid):
            return None
        latest = max(readings, key=lambda reading: reading.action.id)
        proof = next((r for r in reversed(readings) if r.evidence), latest)
        return Settled(
            latest.label,
            "adjudicated" if len(readings) > 1 else "reviewer",
            "; ".join(reading.reviewer for reading in readings),
            latest.at,
            proof.evidence,
            proof.evidence_start,
            proof.evidence_end,
            " / ".join(reading.note for reading in readings if reading.note) or None,
            latest.action.shown or 0,
            _latest_marks(readings, latest.label),
        )

    def seen(self, uid: int | None, reviewer: str | None) -> int:
        """The id of the last row of a speech that this reviewer made (None: that anybody made): what a form must still find
        unchanged when it is sent."""
        ids = [a.id for a in self.log(uid) if reviewer is None or a.reviewer == reviewer]
        return ids[-1] if ids else 0

    def last_of(self, reviewer: str) -> Action | None:
        """The reviewer's latest action that can be taken back."""
        for action in reversed(self._by.get(reviewer, [])):
            if action.id not in self._undone:
                return action
        return None

    def path(self, reviewer: str) -> list[int]:
        """The speeches that the reviewer worked on, by the last time, latest last."""
        order: dict[int, None] = {}
        for action in self._by.get(reviewer, []):
            if action.uid is not None and action.kind in ("label", "skip", "adjudicate"):
                order.pop(action.uid, None)
                order[action.uid] = None
        return list(order)

    def blind_pairs(self) -> list[tuple[int, dict[str, str]]]:
        """The speeches with two or more readings, each reviewer's label as given before anybody adjudicated: only those are blind."""
        found = []
        for uid in self._of:
            before: dict[str, str] = {}
            for a in self.live(uid):
                if a.kind == "adjudicate":
                    break
                if a.kind == "label" and a.label is not None:
                    before[a.reviewer] = a.label
            if len(before) > 1:
                found.append((uid, before))
        return found

    def corrections(self) -> list[Action]:
        """Corrections noted for the maintainer that stand, oldest first."""
        found = [a for uid in self._of for a in self.live(uid) if a.kind == "correction"]
        return sorted(found, key=lambda a: a.id)


def _latest_marks(readings: Iterable[Reading], label: str) -> tuple[SentenceMark, ...]:
    given = [r for r in readings if r.marks and r.label == label]
    return max(given, key=lambda r: r.action.id).marks if given else ()


def _with_note(reading: Reading, note: str | None) -> Reading:
    from dataclasses import replace

    return replace(reading, note=note)
