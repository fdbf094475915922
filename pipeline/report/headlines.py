"""The headlines as the field states them, for all speeches, each year, forum, debate and meeting.

Who took the floor, on behalf of how many, with which stance, who spoke for the first time, who moved. Every number is a
list here, so that the tracker can open it. Not here: how the numbers look (`pipeline.report.page`).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.records import NOT_ADDRESSED, STANCES
from pipeline.report.intervals import Errors, Share, shares
from pipeline.report.positions import Position, by_year_and_forum, latest, settle
from pipeline.report.takes import Collection, Take, states_of

#: From most to least in favour, as readers expect it.
ORDER: tuple[str, ...] = ("supportive", "conditional", "opposed")

#: Meetings with figures of their own; older ones are in their year and debate.
MEETINGS = 40

FORUM_NAMES: dict[str, str] = {
    "GA": "General Assembly",
    "GA-general-debate": "General debate",
    "GA-dialogue": "Interactive dialogues",
    "SC": "Security Council",
    "HRC": "Human Rights Council",
    "other": "Other forums",
}


@dataclass(frozen=True, slots=True)
class Move:
    """A State whose stance differs between two debates."""

    state: str
    before: Position
    after: Position


@dataclass
class Headlines:
    """The figures of one scope. Lists of States hold today's codes, sorted; lists of organisations hold names.

    `kind` is `all`, `year`, `forum`, `debate` or `meeting`. `joined` are States that took the floor and joined a statement of others:
    they are among `states`, and told apart because they said less than others did. `spoken_for` are States that did not take the
    floor themselves, with the group through which. `first` are States that took the floor in none of the earlier years (debates of the
    same series); None in the first, where everybody would be new.
    `previous` is the title of the scope with which `moves` compares, None where there is none. `name` is the title in words.
    """

    kind: str
    title: str
    speeches: int
    states: list[str]
    organizations: list[str]
    joined: list[str]
    spoken_for: dict[str, str]
    unknown_groups: list[str]
    positions: dict[str, Position]
    shares: dict[str, Share]
    first: list[str] | None = None
    previous: str | None = None
    moves: list[Move] = field(default_factory=list)
    compared: int = 0
    speakers: dict[str, int] = field(default_factory=dict)  # name -> speeches
    contradictions: list[str] = field(default_factory=list)
    name: str = ""  # the title for readers
    until: str = ""  # date of the last speech
    previous_name: str | None = None

    @property
    def on_behalf_of(self) -> int:
        """How many States were heard: those that spoke and those spoken for."""
        return len(self.states) + len(self.spoken_for)

    def having(self, label: str) -> list[str]:
        """The States with this stance (or `not_addressed`)."""
        return [state for state, position in self.positions.items() if position.label == label]


def debate_name(debate: str, years: Sequence[int]) -> str:
    """A debate for readers: its id in words, with its years.

    >>> debate_name("GA-72-R2P", [2018])
    'R2P debate, 72nd session (2018)'
    """
    when = f"{years[0]}" if years[0] == years[-1] else f"{years[0]}–{years[-1]}"
    match = re.fullmatch(r"(GA|HRC)-(\d+)-(.+)", debate)
    if match is None:
        return f"{debate} ({when})"
    what = {"R2P": "R2P debate", "general-debate": "General debate"}.get(match[3], match[3].replace("-", " "))
    number = int(match[2])
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{what}, {number}{ending} session{' of the Human Rights Council' if match[1] == 'HRC' else ''} ({when})"


def headlines(found: Collection, errors: Errors) -> list[Headlines]:
    """All scopes: everything, each year, forum, debate, and each of the latest meetings with several speakers, oldest first."""
    takes = found.takes
    meetings: list[tuple[str, list[Take]]] = []
    result = [_scope("all", "All speeches", takes, found, errors)]
    years = sorted({take.year for take in takes})
    by_year = {year: [take for take in takes if take.year == year] for year in years}
    result += _chain("year", [(str(year), by_year[year]) for year in years], found, errors)
    for forum in (*FORUM_NAMES, *sorted({t.forum for t in takes} - FORUM_NAMES.keys())):
        mine = [take for take in takes if take.forum == forum]
        if mine:
            result.append(_scope("forum", FORUM_NAMES.get(forum, forum), mine, found, errors))
    series: dict[str, list[Take]] = defaultdict(list)
    for take in takes:
        if take.debate:
            series[_series(take)].append(take)
    for name in sorted(series):
        result += _chain("debate", _grouped(series[name], "debate"), found, errors)
    for title, part in _grouped(takes, "meeting"):
        if len({take.name for take in part}) > 1:
            meetings.append((title, part))
    result += [_scope("meeting", title, part, found, errors) for title, part in meetings[-MEETINGS:]]
    return result


def _grouped(takes: Sequence[Take], attribute: str) -> list[tuple[str, list[Take]]]:
    parts: dict[str, list[Take]] = defaultdict(list)
    for take in takes:
        if key := getattr(take, attribute):
            parts[key].append(take)
    return sorted(parts.items(), key=lambda part: (min(t.date for t in part[1]), part[0]))


def _series(take: Take) -> str:
    """The debates that follow one another: R2P debates and dialogues of the Assembly are one series, whatever their forum."""
    match = re.fullmatch(r"([A-Z]+)-\d+-(.+)", take.debate)
    return f"{match[1]}-{match[2]}" if match else take.forum


def _chain(
    kind: str,
    parts: Sequence[tuple[str, list[Take]]],
    found: Collection,
    errors: Errors,
) -> list[Headlines]:
    """Scopes that follow one another in time: each compared with the one before it."""
    result: list[Headlines] = []
    heard: set[str] = set()
    for title, takes in parts:
        scope = _scope(kind, title, takes, found, errors)
        if result:
            scope.first = [state for state in scope.states if state not in heard]
            before = result[-1]
            scope.previous, scope.previous_name = before.title, before.name
            both = [s for s in scope.positions if _has_stance(before, s) and _has_stance(scope, s)]
            scope.compared = len(both)
            scope.moves = [
                Move(s, before.positions[s], scope.positions[s])
                for s in both
                if before.positions[s].label != scope.positions[s].label
            ]
        heard.update(scope.states)
        result.append(scope)
    return result


def _has_stance(scope: Headlines, state: str) -> bool:
    position = scope.positions.get(state)
    return position is not None and position.label != NOT_ADDRESSED


def _scope(kind: str, title: str, takes: Sequence[Take], found: Collection, errors: Errors) -> Headlines:
    states = states_of(takes)
    spoken_for: dict[str, str] = {}
    for take in takes:
        for state, group in take.spoken_for:
            if state not in states:
                spoken_for.setdefault(state, group)
    # Over several years the latest position counts, however the earlier ones were labelled.
    settled = latest(by_year_and_forum(takes)) if kind in ("all", "forum") else settle(takes)
    positions = {state: settled[state] for state in _by_name(settled, found)}
    return Headlines(
        kind=kind,
        title=title,
        name=debate_name(title, sorted({t.year for t in takes})) if kind == "debate" else title,
        until=max(take.date for take in takes),
        speeches=len(takes),
        states=_by_name(states, found),
        organizations=sorted({take.name for take in takes if take.state is None}),
        joined=_by_name({take.state for take in takes if take.state and take.joined}, found),
        spoken_for={state: spoken_for[state] for state in _by_name(spoken_for, found)},
        unknown_groups=sorted({group for take in takes for group in take.unknown_groups}),
        positions=positions,
        shares=shares(positions.values(), errors),
        speakers=dict(sorted(Counter(take.name for take in takes).items())),
        contradictions=[state for state, position in positions.items() if position.contradicts],
    )


def _by_name(states: object, found: Collection) -> list[str]:
    assert hasattr(states, "__iter__")
    return sorted(states, key=lambda code: (found.name(code).casefold(), code))


def matrix(before: Headlines, after: Headlines) -> dict[tuple[str, str], list[str]]:
    """Who moved where: (label before, label after) -> States; `absent` stands for those not heard with a stance."""
    cells: dict[tuple[str, str], list[str]] = {}
    labels = (*ORDER, "absent")
    for pair in ((a, b) for a in labels for b in labels):
        cells[pair] = []
    for state in sorted(before.positions.keys() | after.positions.keys()):
        pair = (_label(before, state), _label(after, state))
        if pair != ("absent", "absent"):
            cells[pair].append(state)
    return cells


def _label(scope: Headlines, state: str) -> str:
    return scope.positions[state].label if _has_stance(scope, state) else "absent"


def two_debates(scopes: Sequence[Headlines]) -> tuple[Headlines, Headlines] | None:
    """The two latest debates of one forum in which States can be compared; else the two latest such years."""
    for kind in ("debate", "year"):
        chain = [scope for scope in scopes if scope.kind == kind]
        pairs = [(a, b) for a, b in itertools.pairwise(chain) if b.previous == a.title and b.compared]
        if pairs:
            # A pair in which hardly anybody spoke twice tells nothing, however late it is.
            most = max(b.compared for _, b in pairs)
            telling = [pair for pair in pairs if pair[1].compared >= min(5, most)]
            return max(telling, key=lambda pair: (pair[1].title.endswith("-R2P"), pair[1].until))
    return None


assert set(ORDER) == {str(stance) for stance in STANCES}
