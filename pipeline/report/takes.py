"""Labelled datasets -> `Take`s: one for each speech by a State or an organisation, with what the tracker needs of it.

Only the columns needed are read, never the texts; a meeting that stands in two datasets is counted once. Not here: which
speech settles a State's position (`pipeline.report.positions`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.carry import is_persons
from pipeline.dataset import Dataset, DatasetError, load_dataset
from pipeline.split.groups import find_group, members
from pipeline.split.states import States

#: All that is read of a speech.
COLUMNS: tuple[str, ...] = (
    "speech_id", "document", "document_sha256", "symbol", "forum", "debate", "date", "year", "speech_no", "page_start",
    "role", "speech_type", "speaker", "state", "iso3", "on_behalf_of", "aligned_with", "status", "stance", "p_opposed",
    "p_conditional", "p_supportive", "confidence", "needs_review", "evidence", "themes", "model", "label_source",
)  # fmt: skip

#: A symbol of an official document, which the UN's document site finds by its symbol.
_OFFICIAL = re.compile(r"(?:A|S|E)/[\w./()-]+")

#: Deciding sentences are cut after this many characters: longer ones are clauses joined by semicolons, and add weight only.
_LONGEST_QUOTE = 420


@dataclass(frozen=True, slots=True)
class Take:
    """A speech as the tracker counts it.

    `state` is today's code (joined over years), None for an organisation; `label` a stance, `not_addressed`,
    `unsupported_language`, or None where nobody labelled the speech. `chances` are the model's probabilities of opposed,
    conditional and supportive. `spoken_for` are States (codes) other than the speaker, by the group through which; `unknown_groups` the
    groups whose members our table does not know. `joined` are the names of statements that the speaker aligned itself with.
    """

    id: str
    name: str
    state: str | None
    year: int
    date: str
    forum: str
    debate: str
    meeting: str
    document: str
    no: int
    page: int | None
    label: str | None
    chances: tuple[float, float, float] | None
    source: str
    needs_review: bool
    quote: str
    themes: tuple[str, ...]
    speaker: str
    spoken_for: tuple[tuple[str, str], ...] = ()
    groups: tuple[str, ...] = ()
    unknown_groups: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    link: str | None = None

    @property
    def reviewed(self) -> bool:
        """True where a person gave the label."""
        return self.source in ("reviewer", "adjudicated")

    @property
    def place(self) -> str:
        """Where the words stand, for a reader: document and page."""
        paged = self.page and not self.meeting.lower().endswith(
            (".txt", ".docx", ".html")
        )  # these have no pages
        return f"{self.meeting}, page {self.page}" if paged else self.meeting


@dataclass
class Collection:
    """All takes of some datasets, the names of the States, and what the reader has to be told about the input."""

    takes: list[Take] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)
    members: frozenset[str] = frozenset()
    models: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    votes: list[tuple[str, str, str]] = field(default_factory=list)  # (text, State, cast), from the records

    def name(self, code: str) -> str:
        """The State's name, or its code where nobody named it."""
        return self.names.get(code, code)

    def region(self, code: str) -> str:
        """The UN regional group; "no group" for observers and States outside the United Nations."""
        return self.regions.get(code, "no group")


def collect(paths: Sequence[Path], states: States | None = None) -> Collection:
    """Reads datasets. Raises DatasetError where a folder is no dataset, of another version, or has no stance in it."""
    known = states or States.load()
    found = Collection(members=frozenset(s.iso3 for s in known.members() if s.iso3))
    found.names = {s.iso3: s.name for s in known.members() if s.iso3}
    found.regions = {code: known.region(code) or "no group" for code in found.names}
    reader = _Reader(known, found)
    for path in paths:
        reader.read(load_dataset(path))
    reader.finish()
    return found


class _Reader:
    """Goes through datasets one after another; keeps what must be known across them."""

    def __init__(self, states: States, found: Collection) -> None:
        self._states = states
        self._found = found
        self._meetings: dict[str, Path] = {}  # meeting -> dataset in which it was counted
        self._nameless: Counter[str] = Counter()
        self._undated = 0
        self._groups: dict[tuple[str, str], tuple[str, str | None, frozenset[str]]] = {}
        self._codes: dict[tuple[str, str], str | None] = {}

    def read(self, dataset: Dataset) -> None:
        skipped = self._documents_to_skip(dataset)
        labelled = speeches = 0
        for row in dataset.rows("speeches", only=COLUMNS):
            if row["document"] in skipped or row["role"] not in ("delegate", "other"):
                continue
            if row["speech_type"] == "procedural":
                continue
            speeches += 1
            labelled += bool(row["status"] or row["stance"])
            if take := self._take(row):
                self._found.takes.append(take)
                if row["model"]:
                    self._found.models[row["model"]] += 1
        if speeches and not labelled:
            raise DatasetError(
                f"{dataset.path}: no speech has a stance in it. Run r2p-stance label on the same inputs, and name the "
                "folder that it writes."
            )
        if not speeches and not skipped:
            self._found.notes.append(f"{dataset.path.name}: no speech by a State or an organisation.")
        self._read_votes(dataset, skipped)

    def _documents_to_skip(self, dataset: Dataset) -> set[str]:
        """Documents whose meeting has been counted already: by symbol, else by the document's own bytes; and copies of others in the dataset."""
        columns = ["document", "document_sha256", "symbol", "kind", "speeches", "same_as"]
        rows = list(dataset.rows("meetings", only=columns))
        copies = _copies(dataset, rows)
        skipped = set(copies)
        first: dict[Path, list[str]] = defaultdict(list)
        for row in rows:
            if row["document"] in copies:
                continue
            record = row["symbol"] and row["kind"] != "statement"
            key = row["symbol"] if record else row["document_sha256"] or f"{dataset.path}/{row['document']}"
            known = self._meetings.get(key)
            # Documents of one dataset with the same symbol are parts of a record where they are no copies; an older dataset does not say.
            if known is not None and (known != dataset.path or dataset.manifest["schema_version"] == "1.0"):
                skipped.add(row["document"])
                first[known].append(row["symbol"] or row["document"])
            self._meetings.setdefault(key, dataset.path)
        if copies:
            self._note(dataset, sorted(copies), "twice in it")
        for path, meetings in first.items():
            self._note(
                dataset, meetings, "twice in it" if path == dataset.path else f"in {path.name} already"
            )
        return skipped

    def _note(self, dataset: Dataset, meetings: Sequence[str], where: str) -> None:
        named = ", ".join(meetings[:5]) + (f" and {len(meetings) - 5} more" if len(meetings) > 5 else "")
        self._found.notes.append(f"{dataset.path.name}: {named} stood {where}; counted once.")

    def _take(self, row: dict[str, Any]) -> Take | None:
        if row["year"] is None:
            self._undated += 1
            return None
        date = row["date"] or str(row["year"])
        code = self._code(row["iso3"]) if row["iso3"] else None
        if code is None and row["state"]:
            resolved = self._states.resolve(row["state"], date)
            code = self._code(resolved.iso3) if resolved and resolved.iso3 else None
        spoken: dict[str, str] = {}
        groups: list[str] = []
        unknown: list[str] = []
        for name in row["on_behalf_of"]:
            title, group, codes = self._group(name, date)
            if group is None and code is not None and codes == {code}:
                continue  # "on behalf of my country"
            groups.append(title)
            if not codes:
                unknown.append(title)
            for other in codes:
                if other != code:
                    spoken.setdefault(other, title)
        name = self._found.name(code) if code else self._organization(row, groups)
        if code and code not in self._found.names:
            state = self._states.by_code(code)
            self._found.names[code] = name = state.name if state else row["state"] or code
            self._found.regions[code] = self._states.region(code) or "no group"
        if name is None:
            self._nameless[row["state"] or row["speaker"] or "somebody without a name"] += 1
            return None
        symbol = row["symbol"]
        official = bool(symbol and _OFFICIAL.fullmatch(symbol))
        page = row["page_start"]
        chances = (row["p_opposed"], row["p_conditional"], row["p_supportive"])
        return Take(
            id=row["speech_id"], name=name, state=code, year=row["year"], date=date, forum=row["forum"] or "other",
            debate=row["debate"] or "", meeting=symbol or row["document"], document=row["document"], no=row["speech_no"] or 0,
            page=page, label=row["stance"] or row["status"], chances=None if None in chances else chances,
            source=row["label_source"] or "", needs_review=bool(row["needs_review"]), quote=_cut(row["evidence"] or ""),
            themes=tuple(row["themes"]), speaker=row["speaker"] or "", spoken_for=tuple(sorted(spoken.items())),
            groups=tuple(groups), unknown_groups=tuple(unknown),
            joined=tuple(self._group(other, date)[0] for other in row["aligned_with"]),
            link=f"https://docs.un.org/en/{symbol}" + (f"#page={page}" if page else "") if official else None,
        )  # fmt: skip

    def _code(self, iso3: str) -> str | None:
        return self._states.current(iso3) or iso3

    def _group(self, name: str, date: str) -> tuple[str, str | None, frozenset[str]]:
        """A name spoken for -> its title, the group's id (None for a State), its members by today's codes."""
        key = (name, date[:10])
        if key not in self._groups:
            group = find_group(name)
            state = self._states.resolve(name, date)
            if group is not None:
                day = date if len(date) == 10 else f"{date}-07-01"
                codes = frozenset(filter(None, map(self._code, members(group.id, day))))
                self._groups[key] = (name, group.id, codes)
            elif state is not None and state.iso3:
                code = self._code(state.iso3) or state.iso3
                self._found.names.setdefault(code, state.name)
                self._found.regions.setdefault(code, self._states.region(code) or "no group")
                self._groups[key] = (state.name, None, frozenset({code}))
            else:
                self._groups[key] = (name, None, frozenset())
        return self._groups[key]

    def _organization(self, row: dict[str, Any], groups: Sequence[str]) -> str | None:
        """Who speaks where no State does: an organisation by its name, or None for a delegate whom nobody can place."""
        if groups:
            return groups[0]
        if row["state"] and (row["role"] == "other" or find_group(row["state"])):
            return str(row["state"])
        return str(row["speaker"] or row["document"]) if row["role"] == "other" else None

    def _read_votes(self, dataset: Dataset, skipped: set[str]) -> None:
        columns = ["document", "kind", "text", "in_favour", "against", "abstaining"]
        for row in dataset.rows("events", only=columns):
            if row["kind"] != "recorded_vote" or row["document"] in skipped:
                continue
            for cast, column in (
                ("in favour", "in_favour"),
                ("against", "against"),
                ("abstaining", "abstaining"),
            ):
                for name in row[column]:
                    state = self._states.resolve(name)
                    if state and state.iso3:
                        self._found.votes.append((row["text"], state.iso3, cast))

    def finish(self) -> None:
        if self._undated:
            self._found.notes.append(
                f"{_count(self._undated, 'speech', 'speeches')} without a date or year left out."
            )
        if self._nameless:
            named = ", ".join(name for name, _ in self._nameless.most_common(8))
            self._found.notes.append(
                f"{_count(sum(self._nameless.values()), 'speech', 'speeches')} left out because no State or organisation is "
                f"known for them: {named}{' and others' if len(self._nameless) > 8 else ''}. A file of further States "
                "(--states) mends this."
            )
        if not self._found.takes:
            raise DatasetError(
                "None of the speeches can be counted. "
                + (" ".join(self._found.notes) or "The datasets hold no speech.")
            )


def _copies(dataset: Dataset, rows: Sequence[dict[str, Any]]) -> set[str]:
    """Which documents are left out because another one holds the same speeches: the copy, or, where a person has labelled the copy since, the other one, if it
    holds no more. Where a person labelled both, both count."""
    copies = [row for row in rows if row["same_as"]]
    if not copies:
        return set()
    turns = {row["document"]: row["speeches"] or 0 for row in rows}
    labelled = {
        row["document"]
        for row in dataset.rows("speeches", only=["document", "label_source"])
        if is_persons(row)
    }
    left_out = set()
    for row in copies:
        copy, other = row["document"], row["same_as"]
        if copy not in labelled:
            left_out.add(copy)
        elif other not in labelled and turns.get(other, 0) <= turns[copy]:
            left_out.add(other)
    return left_out


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _cut(quote: str) -> str:
    quote = " ".join(quote.split())
    if len(quote) <= _LONGEST_QUOTE:
        return quote
    return quote[:_LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"


def states_of(takes: Iterable[Take]) -> set[str]:
    """The codes of the States that took the floor themselves."""
    return {take.state for take in takes if take.state}
