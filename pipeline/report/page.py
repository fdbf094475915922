"""The tracker's page: one HTML file with everything in it, which works offline, without scripts, and on paper.

Everything that a reader sees is in the HTML; the script only sorts, filters and opens. Not here: the numbers (headlines,
positions, topics, votes) and the pictures (figures).
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.records import NOT_ADDRESSED
from pipeline.report.compare import Compared
from pipeline.report.figures import LOOKS, Picture
from pipeline.report.headlines import FORUM_NAMES, ORDER, Headlines, two_debates
from pipeline.report.intervals import Errors
from pipeline.report.positions import RULES, Position
from pipeline.report.takes import Collection, Take
from pipeline.report.topics import Topic
from pipeline.report.votes import Beside, Vote
from pipeline.split.states import REGIONS

_HERE = Path(__file__).resolve().parent

#: Deciding sentences in one page: more would make it too heavy to mail. The rest is in positions.csv.
QUOTES = 6000
#: Debates shown at once; earlier ones are folded away, so that the pictures are not far down.
_FEW = 5
#: Speeches listed for one theme.
_LISTED = 40

#: Forums in the narrow column of trends.
_SHORT = {
    "GA": "GA",
    "GA-general-debate": "GD",
    "GA-dialogue": "ID",
    "SC": "SC",
    "HRC": "HRC",
    "other": "Oth",
}

_LETTERS = {"supportive": "s", "conditional": "c", "opposed": "o", NOT_ADDRESSED: "n"}


@dataclass(frozen=True)
class Contents:
    """Everything that the page shows."""

    title: str
    found: Collection
    errors: Errors
    scopes: Sequence[Headlines]
    positions: Mapping[tuple[int, str], Mapping[str, Position]]
    latest: Mapping[str, Position]
    pictures: Sequence[Picture]
    topics: Sequence[Topic]
    home: Sequence[tuple[Take, list[str]]]
    votes: Sequence[tuple[Vote, list[Beside]]]
    compared: Sequence[Compared] | None
    made: str = ""


def render(contents: Contents) -> str:
    """The page as text."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["addr"] = id  # takes are told apart by themselves: two may be equal word for word
    environment.filters["forum"] = _forum
    style = (_HERE / "static" / "tracker.css").read_text(encoding="utf-8")
    script = (_HERE / "static" / "tracker.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template("tracker.html").render(
        style=style,
        year_columns=max(t.year for t in contents.found.takes)
        - min(t.year for t in contents.found.takes)
        + 1,
        script=script,
        script_hash=digest,
        **_facts(contents),
    )


def _facts(c: Contents) -> dict[str, Any]:
    found = c.found
    deciding = {id(p.take) for settled in c.positions.values() for p in settled.values()}
    own: dict[str, list[Take]] = defaultdict(list)
    for take in found.takes:
        own[take.state or take.name].append(take)
    quoted = _choose(found.takes, deciding)
    anchors = {id(take): f"q{i}" for i, take in enumerate(quoted)}
    through: dict[str, dict[int, tuple[Take, str]]] = defaultdict(dict)
    for settled in c.positions.values():
        for state, position in settled.items():
            if position.basis != "own":
                through[state][id(position.take)] = (
                    position.take,
                    f"{position.through or ''}" + (" (joined)" if position.basis == "joined" else ""),
                )
    years = list(range(min(t.year for t in found.takes), max(t.year for t in found.takes) + 1))
    forums = [f for f in FORUM_NAMES if any(take.forum == f for take in found.takes)]
    forums += sorted({take.forum for take in found.takes} - set(forums))
    flat: dict[str, dict[tuple[int, str], Position]] = defaultdict(dict)
    for key, settled in c.positions.items():
        for state, position in settled.items():
            flat[state][key] = position
    votes_of: dict[str, list[Beside]] = defaultdict(list)
    for _, rows in c.votes:
        for row in rows:
            votes_of[row.state].append(row)
    titles = {topic.theme.id: topic.theme.title for topic in c.topics}
    states = []
    for code in sorted(c.latest, key=lambda code: (found.name(code).casefold(), code)):
        takes = sorted(own[code], key=lambda t: (t.date, t.no), reverse=True)
        shown = [t for t in takes if id(t) in anchors]
        contradicted = sorted(
            {f"{year}, {_forum(f)}" for (year, f), p in flat[code].items() if p.contradicts}
        )
        states.append(
            {
                "code": code,
                "name": found.name(code),
                "region": found.region(code),
                "latest": c.latest[code],
                "positions": flat[code],
                "filter": " ".join(f"{y}|{f}|{_LETTERS[p.label]}" for (y, f), p in flat[code].items()),
                "trend": _trend(flat[code], years, forums),
                "speeches": len(takes),
                "reviewed": sum(t.reviewed for t in takes),
                "shown": shown,
                "left_out": len(takes) - len(shown),
                "through": sorted(through[code].values(), key=lambda pair: pair[0].date, reverse=True),
                "themes": Counter(t for take in takes for t in take.themes if t in titles).most_common(),
                "votes": votes_of[code],
                "contradicted": contradicted,
            }
        )
    scopes: dict[str, list[Headlines]] = defaultdict(list)
    for scope in c.scopes:
        scopes[scope.kind].append(scope)
    for kind in ("year", "debate", "meeting"):
        scopes[kind].sort(key=lambda scope: (scope.until, scope.title), reverse=True)
    speakers: dict[str, set[str]] = defaultdict(set)
    for take in found.takes:
        speakers[take.meeting].add(take.name)
    meetings_left_out = sum(len(names) > 1 for names in speakers.values()) - len(scopes["meeting"])
    organizations = []
    for name in sorted({t.name for t in found.takes if t.state is None}):
        takes = sorted(own[name], key=lambda t: (t.date, t.no), reverse=True)
        shown = [t for t in takes if id(t) in anchors]
        organizations.append(
            {"name": name, "shown": shown, "speeches": len(takes), "left_out": len(takes) - len(shown)}
        )
    return {
        "c": c,
        "found": found,
        "order": ORDER,
        "rules": RULES,
        "states": states,
        "state_codes": frozenset(c.latest),
        "organizations": organizations,
        "years": years,
        "forums": forums,
        "forum": _forum,
        "regions": [r for r in (*REGIONS, "no group") if any(s["region"] == r for s in states)],
        "scopes": scopes,
        "meetings": scopes["meeting"],
        "few": _FEW,
        "last": (two_debates(c.scopes) or [(scopes["debate"] or scopes["year"])[0]])[-1],
        "reviewed": sum(take.reviewed for take in found.takes),
        "short": lambda forum: _SHORT.get(forum, forum),
        "meetings_left_out": meetings_left_out,
        "pictures": [(picture, picture.svg()) for picture in c.pictures],
        "anchors": anchors,
        "deciding": deciding,
        "letters": _LETTERS,
        "looks": LOOKS,
        "titles": titles,
        "most": _LISTED,
        "percent": _percent,
        "say": _say,
        "agreement": _agreement,
        "verdicts": Counter(row.result for row in c.compared or ()),
        "quotes_left_out": len(found.takes) - len(quoted),
        "uncertain": [code for code, p in c.latest.items() if p.uncertain and p.label != NOT_ADDRESSED],
    }


def _choose(takes: Sequence[Take], deciding: set[int]) -> list[Take]:
    """The speeches whose sentences the page carries: all of them where they fit, else those that settle a position first,
    later ones before earlier ones."""
    if len(takes) <= QUOTES:
        return sorted(takes, key=lambda t: (t.date, t.no, t.id))
    ranked = sorted(takes, key=lambda t: (id(t) in deciding, t.date, t.no, t.id), reverse=True)
    return sorted(ranked[:QUOTES], key=lambda t: (t.date, t.no, t.id))


def _trend(
    positions: Mapping[tuple[int, str], Position], years: Sequence[int], forums: Sequence[str]
) -> list[tuple[str, str, list[tuple[int, str, str]]]]:
    """For each forum in which the State was heard: its name, the trend in words, and (place, class, letter) of each year."""
    rows = []
    for forum in forums:
        cells = [(i, positions[year, forum]) for i, year in enumerate(years) if (year, forum) in positions]
        if not cells:
            continue
        said = ", ".join(f"{p.take.year} {_say(p.label)}" for _, p in cells)
        marks = [
            (i + 2, _LETTERS[p.label] + (" u" if p.uncertain and p.label != NOT_ADDRESSED else ""), LOOKS[p.label][0])
            for i, p in cells
        ]  # fmt: skip
        rows.append((forum, f"{_forum(forum)}: {said}", marks))
    return rows


def _forum(forum: str) -> str:
    return FORUM_NAMES.get(forum, forum)


def _say(label: str | None) -> str:
    return "no position" if label == NOT_ADDRESSED else (label or "not labelled").replace("_", " ")


def _percent(value: float) -> str:
    return f"{100 * value:.0f}"


def _agreement(rows: Sequence[Beside]) -> list[tuple[str, list[Beside]]]:
    words = {
        "agrees": "word and vote agree",
        "differs": "word and vote differ by a step",
        "opposite": "word and vote are opposite",
        "silent": "no position that year",
    }
    return [(words[k], [r for r in rows if r.relation == k]) for k in words]
