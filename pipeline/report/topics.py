"""Themes over States and years: the misconceptions to answer, the measures States report at home, the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.records import LABELS, NOT_ADDRESSED
from pipeline.report.takes import Take
from pipeline.stance.themes import AT_HOME, Theme, themes


@dataclass
class Topic:
    """A theme with the speeches that raise it, newest first. `states` holds today's codes, most speeches first."""

    theme: Theme
    takes: list[Take] = field(default_factory=list)

    @property
    def states(self) -> dict[str, int]:
        """Who raises it: State or organisation -> number of speeches."""
        counts: dict[str, int] = defaultdict(int)
        for take in self.takes:
            counts[take.state or take.name] += 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @property
    def by_stance(self) -> dict[str, list[str]]:
        """Who raises it, by the label of the latest speech in which it does; each once."""
        labels: dict[str, str] = {}
        for take in self.takes:
            labels.setdefault(take.state or take.name, take.label or NOT_ADDRESSED)
        parts: dict[str, list[str]] = {label: [] for label in LABELS}
        for who in self.states:
            parts[labels[who] if labels[who] in parts else NOT_ADDRESSED].append(who)
        return parts


def topics(takes: Iterable[Take]) -> list[Topic]:
    """All themes that occur, by number of States that raise them; ids that our table does not know are left out."""
    found = {theme.id: Topic(theme) for theme in themes()}
    for take in sorted(takes, key=lambda take: take.date, reverse=True):
        for theme in take.themes:
            if theme in found:
                found[theme].takes.append(take)
    return sorted(
        (t for t in found.values() if t.takes), key=lambda t: (-len(t.states), -len(t.takes), t.theme.id)
    )


def at_home(takes: Iterable[Take]) -> list[tuple[Take, list[str]]]:
    """Domestic efforts: speeches of States that report a measure as their own, with the measures' titles; by State and year.

    A measure that is asked of others, or praised in others, is a theme and no effort at home.
    """
    titles = {theme.id + AT_HOME: theme.title for theme in themes() if theme.domestic}
    rows = [(take, [titles[t] for t in take.themes if t in titles]) for take in takes if take.state]
    return sorted((row for row in rows if row[1]), key=lambda row: (row[0].name, row[0].date))
