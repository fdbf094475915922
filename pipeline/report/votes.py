"""Recorded votes on the responsibility to protect, beside what States said in the same year.

A vote is not a stance: it judges a text and a moment, and no vote ever trains the model or settles a position. Votes come from
corpus/tables (only what is certain: an unknown vote is no vote) and from the records in the datasets, where one holds the vote.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.records import NOT_ADDRESSED
from pipeline.report.positions import Position, settle
from pipeline.report.takes import Collection
from pipeline.resources import table

#: What a State that says so would vote; anything else is shown as an exception.
AGREES: dict[str, str] = {"in favour": "supportive", "abstaining": "conditional", "against": "opposed"}

_RESOLUTION = re.compile(r"resolution (?P<session>\d{1,2})/(?P<number>\d{1,3})\b", re.IGNORECASE)


@dataclass
class Vote:
    """A vote of the table: `casts` maps States to `in favour`, `against` or `abstaining`, as far as known."""

    id: str
    date: str
    year: int
    title: str
    adopted: str
    counts: tuple[str, str, str]
    source: str
    casts: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The vote for readers: a resolution by its symbol, a vote on the agenda in words."""
        return "Vote on the agenda" if self.id.startswith("agenda-") else self.id


@dataclass(frozen=True, slots=True)
class Beside:
    """A State's vote beside its position of the same year. `relation` is `agrees`, `differs`, `opposite`, or `silent`."""

    vote: Vote
    state: str
    cast: str
    position: Position | None
    relation: str


def votes(found: Collection | None = None) -> list[Vote]:
    """The votes of the tables, oldest first, with what the records in the datasets add to them."""
    with table("votes.csv").open(encoding="utf-8", newline="") as file:
        result = [
            Vote(r["vote"], r["date"], int(r["year"]), r["title"], r["adopted"], (r["in_favour"], r["against"], r["abstaining"]), r["source"])
            for r in csv.DictReader(file)
        ]  # fmt: skip
    by_id = {vote.id: vote for vote in result}
    with table("votes_by_state.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["vote"] in by_id and row["cast"]:
                by_id[row["vote"]].casts[row["iso3"]] = row["cast"]
    for text, state, cast in found.votes if found else ():
        if (match := _RESOLUTION.search(text)) and (
            vote := by_id.get(f"A/RES/{match['session']}/{match['number']}")
        ):
            vote.casts.setdefault(state, cast)
    return sorted(result, key=lambda vote: (vote.year, vote.date))


def beside(vote: Vote, positions: Mapping[str, Position]) -> list[Beside]:
    """Each known vote with the State's position of that year; `positions` are those of the vote's year."""
    rows = []
    for state, cast in vote.casts.items():
        position = positions.get(state)
        if position is None or position.label == NOT_ADDRESSED:
            relation = "silent"
        elif position.label == AGREES.get(cast):
            relation = "agrees"
        else:
            relation = "opposite" if {cast, position.label} in _OPPOSITES else "differs"
        rows.append(Beside(vote, state, cast, position, relation))
    return rows


_OPPOSITES = ({"in favour", "opposed"}, {"against", "supportive"})


def speech_beside_vote(found: Collection) -> list[tuple[Vote, list[Beside]]]:
    """All votes that fall into the years of the datasets, with the States' words of the same year (all forums)."""
    result = []
    years = {take.year for take in found.takes}
    for vote in votes(found):
        if vote.year in years:
            positions = settle(take for take in found.takes if take.year == vote.year)
            rows = beside(vote, positions)
            result.append((vote, sorted(rows, key=lambda row: found.name(row.state))))
    return result
