"""Takes -> positions: one a State, year and forum, by rules that anybody can follow.

1. A State's own statement with a position goes before a group's, and a group's before one that the State joined.
2. Among these: an adjudicated label before one reviewer's, and a reviewer's before the model's.
3. Then the later statement before the earlier one.
A statement in which no position is taken never sets one aside, and settles nothing for others. Own statements that contradict each other are flagged.
The rules stand in docs/tracker.md and in every tracker (`RULES`). Not here: counting (`pipeline.report.headlines`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pipeline.records import NOT_ADDRESSED, STANCES
from pipeline.report.takes import Take

#: As the tracker prints them.
RULES: tuple[str, ...] = (
    "One position is given for each State, year and forum.",
    "A State's own statement goes before the statement of a group that spoke for it; that goes before a statement "
    "of others that the State joined.",
    "An adjudicated label goes before one reviewer's label, and a reviewer's before the model's.",
    "Among equals, the later statement goes before the earlier one.",
    "A statement that takes no position never sets aside one that does, and settles nothing for those on whose behalf it was "
    "made: silence is no stance.",
    "Over several years or forums, a State's latest position with a stance counts.",
    "Two statements of one State in one year and forum with different stances are flagged as a contradiction; the rules "
    "above still choose one.",
    "Former States are joined with the State that continues them today.",
)

#: In this order a statement counts for a State.
BASES: tuple[str, ...] = ("own", "group", "joined")

_SOURCES = {"adjudicated": 0, "reviewer": 1}


@dataclass(frozen=True, slots=True)
class Position:
    """Where a State stands: `label` is a stance or `not_addressed`; `take` is the speech that settles it.

    `basis` is `own`, `group` or `joined`, `through` the group (or None); `speeches` counts the State's own speeches, `same` how many
    of them have this label (in `latest`: over all years and forums); `contradicts` lists the other stances of its own speeches.
    """

    state: str
    label: str
    take: Take
    basis: str
    through: str | None
    speeches: int
    same: int
    contradicts: tuple[str, ...] = ()

    @property
    def reviewed(self) -> bool:
        """True where a person gave the label of the deciding speech."""
        return self.take.reviewed

    @property
    def uncertain(self) -> bool:
        """True where the position rests on one speech that nobody reviewed (or on others' words)."""
        return not self.reviewed and self.same <= 1

    @property
    def certainty(self) -> float | None:
        """The model's probability of this label; None where a person gave it or no probability is known."""
        if self.reviewed or self.take.chances is None or self.label not in STANCES:
            return None
        return self.take.chances[[str(s) for s in STANCES].index(self.label)]

    @property
    def via(self) -> str | None:
        """Through whom: the group, or the State that spoke for this one by name; None for a State's own words."""
        if self.basis == "own":
            return None
        named = sum(title == self.through for _, title in self.take.spoken_for)
        return (
            self.take.name if self.through is None or (self.basis == "group" and named == 1) else self.through
        )

    @property
    def brief(self) -> str:
        """What the position rests on, in as few words as a table's cell holds."""
        who = {
            "own": "own words",
            "group": f"through {self.via}",
            "joined": f"joined {self.through}",
        }[self.basis]
        if self.reviewed:
            return who
        return f"{who}, {self.same} speech{'es' if self.same != 1 else ''}"

    @property
    def grounds(self) -> str:
        """What the position rests on, in words."""
        who = {
            "own": "own statement",
            "group": f"statement by {self.take.name} for it"
            if self.through is None or self.through == self.take.name
            else f"statement by {self.take.name} for {self.through}",
            "joined": f"joined {self.through}",
        }[self.basis]
        if self.take.source == "adjudicated":
            return f"{who}, adjudicated"
        if self.reviewed:
            return f"{who}, one reviewer"
        count = "one speech" if self.same <= 1 else f"{self.same} speeches"
        return f"{who}, {count}, not reviewed"


def settle(takes: Iterable[Take]) -> dict[str, Position]:
    """The position of each State in some takes (a meeting, a debate, a year and forum), by `RULES`."""
    own: dict[str, list[Take]] = defaultdict(list)
    through: dict[str, list[tuple[str, str, Take]]] = defaultdict(list)
    by_group: dict[str, list[Take]] = defaultdict(list)
    joiners: list[Take] = []
    for take in takes:
        if take.label is None or take.label == "unsupported_language":
            continue
        if take.state:
            own[take.state].append(take)
            if take.joined:
                joiners.append(take)
        if take.label == NOT_ADDRESSED:
            continue
        for state, group in take.spoken_for:
            through[state].append(("group", group, take))
        for group in take.groups:
            by_group[group].append(take)
    for take in joiners:
        for name in take.joined:
            for other in by_group[name]:
                if other is not take and take.state:
                    through[take.state].append(("joined", name, other))
    settled = {}
    for state in own.keys() | through.keys():
        ranked: list[tuple[tuple[int, int, int], str, int, str, str | None, Take]] = []
        for take in own[state]:
            ranked.append((_rank(take, 0), take.date, take.no, "own", None, take))
        for basis, group, take in through[state]:
            ranked.append((_rank(take, BASES.index(basis)), take.date, take.no, basis, group, take))
        best = min(row[0] for row in ranked)
        chosen = max((row for row in ranked if row[0] == best), key=lambda row: (row[1], row[2]))
        basis, through_whom, take = chosen[3:]
        assert take.label is not None
        stances = {t.label for t in own[state] if t.label != NOT_ADDRESSED and t.label is not None}
        settled[state] = Position(
            state=state, label=take.label, take=take, basis=basis, through=through_whom, speeches=len(own[state]),
            same=sum(t.label == take.label for t in own[state]) if basis == "own" else 1,
            contradicts=tuple(sorted(stances - {take.label})) if basis == "own" else (),
        )  # fmt: skip
    return settled


def _rank(take: Take, basis: int) -> tuple[int, int, int]:
    return (int(take.label == NOT_ADDRESSED), basis, _SOURCES.get(take.source, 2))


def by_year_and_forum(takes: Iterable[Take]) -> dict[tuple[int, str], dict[str, Position]]:
    """(year, forum) -> the positions of its States, in order of years."""
    parts: dict[tuple[int, str], list[Take]] = defaultdict(list)
    for take in takes:
        parts[take.year, take.forum].append(take)
    return {key: settle(parts[key]) for key in sorted(parts)}


def latest(
    positions: Mapping[tuple[int, str], Mapping[str, Position]],
) -> dict[str, Position]:
    """Each State's latest position with a stance, in whatever forum; its latest without one where it never took any.

    A position that several of its speeches share does not rest on one of them alone, even where each stands in a year of its own:
    `same` adds them up.
    """
    found: dict[str, Position] = {}
    same: Counter[tuple[str, str]] = Counter()
    for key in sorted(positions):
        for state, position in positions[key].items():
            held = found.get(state)
            if held is None or _newer(position, held):
                found[state] = position
            if position.basis == "own":
                same[state, position.label] += position.same
    return {
        state: replace(position, same=same[state, position.label]) if position.basis == "own" else position
        for state, position in found.items()
    }


def _newer(position: Position, held: Position) -> bool:
    silent, was_silent = position.label == NOT_ADDRESSED, held.label == NOT_ADDRESSED
    if silent != was_silent:
        return was_silent
    return (position.take.year, -BASES.index(position.basis), position.take.date) >= (
        held.take.year,
        -BASES.index(held.basis),
        held.take.date,
    )
