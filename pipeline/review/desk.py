"""The reviewer's desk: one queue over all datasets under review, filters, the next speech, the one before, undo."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from heapq import merge
from typing import Any

from pipeline.review.agreement import Agreement, Estimate, agreement, by_label, by_pair, wilson
from pipeline.review.index import Entry
from pipeline.review.project import Progress, Project
from pipeline.review.store import Action

#: A speech that somebody opened is not offered to others as their next one for this long, in seconds.
LEASE = 300.0

STATUSES = {
    "open": "waiting for me",
    "mine": "read by me",
    "skipped": "skipped by me",
    "audit": "audit",
    "read": "read by anybody",
    "all": "all speeches",
}


@dataclass(frozen=True)
class Filters:
    """What the queue is narrowed to; empty strings do not narrow. `stance` is the model's label or, for what the reviewer has read, theirs:
    nobody finds out another's label by filtering."""

    state: str = ""
    year: str = ""
    meeting: str = ""
    stance: str = ""
    status: str = "open"
    reviewer: str = ""
    text: str = ""

    @property
    def narrow(self) -> dict[str, Any]:
        """The filters that are set, for links."""
        return {
            f.name: getattr(self, f.name)
            for f in fields(self)
            if getattr(self, f.name) not in ("", f.default)
        }


@dataclass(frozen=True, slots=True)
class Item:
    """A speech with the dataset that it is in (`d`, its place among the datasets)."""

    d: int
    entry: Entry


@dataclass
class Desk:
    """All datasets under review."""

    projects: Sequence[Project]
    _leases: dict[tuple[int, str], tuple[str, float]] = field(default_factory=dict)
    _merged: tuple[tuple[int, ...], list[Item]] | None = None
    _choices: tuple[tuple[int, ...], dict[str, list[str]]] | None = None

    def sync(self) -> bool:
        """Takes in what other processes did; to be called before a page is made. True where a dataset was labelled again."""
        again = [project.sync_dataset() for project in self.projects]
        for project in self.projects:
            project.sync()
        return any(again)

    def queue(self) -> list[Item]:
        """The queues of all datasets as one, by doubt; the audit stays strewn in."""
        key = tuple(project.version for project in self.projects)
        if self._merged is None or self._merged[0] != key:
            if len(self.projects) == 1:
                items = [Item(0, entry) for entry in self.projects[0].queue]
            else:
                queues = [_with_ranks(d, project.queue) for d, project in enumerate(self.projects)]
                items = [item for _, _, item in merge(*queues, key=lambda part: part[:2])]
            self._merged = (key, items)
        return self._merged[1]

    def item(self, d: int, speech_id: str) -> Item | None:
        """The speech by dataset and id."""
        if not 0 <= d < len(self.projects):
            return None
        entry = self.projects[d].index.by_id.get(speech_id)
        return Item(d, entry) if entry else None

    def jump(self, wanted: str) -> Item | None:
        """The speech with this id, or the only one whose id ends or begins so, in any dataset."""
        wanted = wanted.strip()
        for d in range(len(self.projects)):
            if item := self.item(d, wanted):
                return item
        near = [
            Item(d, entry)
            for d, project in enumerate(self.projects)
            for entry in project.index.entries
            if entry.speech_id.lower().endswith(wanted.lower())
            or entry.speech_id.lower().startswith(wanted.lower())
        ]
        return near[0] if wanted and len(near) == 1 else None

    def matching(self, reviewer: str, filters: Filters) -> Iterator[Item]:
        """The speeches that pass the filters, in the order of the queue, the rest after it."""
        words = filters.text.strip()
        found = [project.index.matching(words) for project in self.projects] if words else None
        for item in self._pool(filters):
            if found is not None and item.entry.number not in found[item.d]:
                continue
            if self._passes(item, reviewer, filters):
                yield item

    def _pool(self, filters: Filters) -> Iterator[Item]:
        yield from self.queue()
        if filters.status in ("open", "audit"):
            return
        for d, project in enumerate(self.projects):
            for entry in project.index.entries:
                if entry.number not in project.in_queue:
                    yield Item(d, entry)

    def _passes(self, item: Item, reviewer: str, filters: Filters) -> bool:
        project, entry = self.projects[item.d], item.entry
        if filters.status == "open" and not project.is_open(entry, reviewer):
            return False
        if filters.state and filters.state.lower() not in (
            (entry.iso3 or "").lower(),
            (entry.state or "").lower(),
        ):
            return False
        if filters.year and str(entry.year or "") != filters.year:
            return False
        if filters.meeting and filters.meeting.lower() not in entry.meeting.lower():
            return False
        if filters.stance or filters.reviewer or filters.status in ("mine", "read"):
            readings = project.readings.readings(project.uid(entry))
            label = readings[reviewer].label if reviewer in readings else entry.label
            if filters.stance and label != filters.stance:
                return False
            if filters.reviewer and filters.reviewer not in readings:
                return False
            if (filters.status == "mine" and reviewer not in readings) or (
                filters.status == "read" and not readings
            ):
                return False
        if filters.status == "skipped":
            return project.readings.skipped(project.uid(entry), reviewer)
        return filters.status != "audit" or project.is_audit(entry)

    def next(self, reviewer: str, filters: Filters, after: Item | None = None) -> Item | None:
        """The most useful speech that waits for the reviewer, not the one they are at, and none that another has open."""
        now = time.monotonic()
        leased = None
        for item in self.matching(reviewer, filters):
            if item == after:
                continue
            holder, until = self._leases.get((item.d, item.entry.speech_id), ("", 0.0))
            if holder not in ("", reviewer) and until > now:
                leased = leased or item
                continue
            return item
        return leased

    def lease(self, item: Item, reviewer: str) -> None:
        """Notes that the reviewer has the speech open, and no other any more."""
        now = time.monotonic()
        for key, (holder, until) in list(self._leases.items()):
            if until < now or holder == reviewer:
                del self._leases[key]
        self._leases[(item.d, item.entry.speech_id)] = (reviewer, now + LEASE)

    def release(self, item: Item) -> None:
        """Notes that the speech is no longer open with anybody: its label is saved."""
        self._leases.pop((item.d, item.entry.speech_id), None)

    def back(self, reviewer: str, at: Item | None) -> Item | None:
        """The speech the reviewer settled or skipped before this one."""
        steps = sorted(
            (action.at, d, uid)
            for d, project in enumerate(self.projects)
            for uid in project.readings.path(reviewer)
            for action in [self._last_step(project, uid, reviewer)]
            if action is not None
        )
        items = [(d, self.projects[d].entry_of(uid)) for _, d, uid in steps]
        path = [Item(d, entry) for d, entry in items if entry is not None]
        if at in path:
            place = path.index(at)
            return path[place - 1] if place else None
        return path[-1] if path else None

    @staticmethod
    def _last_step(project: Project, uid: int, reviewer: str) -> Action | None:
        mine = [
            a
            for a in project.readings.log(uid)
            if a.reviewer == reviewer and a.kind in ("label", "skip", "adjudicate")
        ]
        return mine[-1] if mine else None

    def last_of(self, reviewer: str) -> tuple[int, Action] | None:
        """The reviewer's last action that can be taken back, with its dataset."""
        found = [
            (action.at, d, action)
            for d, project in enumerate(self.projects)
            if (action := project.readings.last_of(reviewer))
        ]
        if not found:
            return None
        _, d, action = max(found, key=lambda part: part[:2])
        return d, action

    def disputes(self) -> list[Item]:
        """What waits for adjudication."""
        return [Item(d, entry) for d, project in enumerate(self.projects) for entry in project.disputes()]

    def place_in_queue(self, reviewer: str) -> tuple[int, int]:
        """How many speeches of the queue the reviewer is done with, and how many still wait for them."""
        done = waiting = 0
        for project in self.projects:
            waiting += len(project.queue)
            # Only a speech that somebody touched can be closed: the others need no look.
            for uid in project.readings.uids():
                entry = project.entry_of(uid)
                if entry is None:
                    continue
                done += reviewer in project.readings.readings(uid)
                waiting -= entry.number in project.in_queue and not project.is_open(entry, reviewer)
        return done, waiting

    def progress(self) -> Progress:
        """Counts over all datasets."""
        total = Progress()
        for project in self.projects:
            total += project.progress()
        return total

    def audit(self) -> dict[str, Estimate]:
        """The audit over all datasets (their shares should be the same: speeches count alike)."""
        counts: Counter[tuple[str, str]] = Counter()
        for project in self.projects:
            for name, estimate in project.audit().items():
                counts[name, "wrong"] += estimate.count
                counts[name, "of"] += estimate.of
        return {
            n: wilson(counts[n, "wrong"], counts[n, "of"]) for n in ("confident", "not_addressed", "both")
        }

    def agreements(self) -> Agreements:
        """Agreement between reviewers, over all blind second readings."""
        pairs = [labels for project in self.projects for _, labels in project.readings.blind_pairs()]
        per_reviewer: dict[str, Estimate] = {}
        for name in sorted({n for p in self.projects for n in p.readings.names}):
            own = [
                (reading.label, entry.label)
                for project in self.projects
                for uid in project.readings.uids()
                if (reading := project.readings.readings(uid).get(name)) and (entry := project.entry_of(uid))
            ]
            if own:
                per_reviewer[name] = wilson(sum(a == b for a, b in own), len(own))
        return Agreements(agreement(pairs), by_pair(pairs), by_label(pairs), per_reviewer)

    def choices(self) -> dict[str, list[str]]:
        """What the filters offer."""
        key = tuple(project.version for project in self.projects)
        if self._choices is None or self._choices[0] != key:
            entries = [entry for project in self.projects for entry in project.index.entries]
            found = {
                "state": sorted({e.state for e in entries if e.state}),
                "year": sorted({str(e.year) for e in entries if e.year}, reverse=True),
                "meeting": sorted({e.meeting for e in entries}),
            }
            self._choices = (key, found)
        names = {name for project in self.projects for name in project.readings.names}
        return {**self._choices[1], "reviewer": sorted(names - {"lead"})}


@dataclass(frozen=True)
class Agreements:
    """Agreement over all, by pair of reviewers, by label; and of each reviewer with the model."""

    all: Agreement
    pairs: dict[tuple[str, str], Agreement]
    labels: dict[str, tuple[int, float | None]]
    with_model: dict[str, Estimate]


def _with_ranks(d: int, queue: Sequence[Entry]) -> Iterator[tuple[float, int, Item]]:
    """Each with a number that only grows along the queue: the doubt of the last doubtful speech before it."""
    low = float("-inf")
    for entry in queue:
        if entry.stratum == "doubtful":
            low = max(low, -entry.score)
        yield low, d, Item(d, entry)
