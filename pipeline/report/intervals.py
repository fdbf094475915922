"""Stance shares with intervals that carry the classifier's own error.

The States that spoke are all there are, so no sampling error is added: what is uncertain is whether each label is right.
Positions labelled by people are taken as they are. Not here: which positions there are (`pipeline.report.positions`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.records import LABELS, NOT_ADDRESSED, STANCES
from pipeline.report.positions import Position
from pipeline.report.takes import Take

if TYPE_CHECKING:
    import numpy as np

#: Fewer reviewed speeches than this tell too little of the model's errors.
_LEAST_AUDIT = 30
_DRAWS = 2000
#: Jeffreys' prior for a multinomial: half a speech in every cell.
_PRIOR = 0.5
_NAMES: tuple[str, ...] = tuple(str(label) for label in LABELS)


@dataclass(frozen=True)
class Errors:
    """What is known of the model's errors: `confusion[true][guessed]` in speeches, and where it comes from, in words."""

    confusion: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    source: str = "the model's own probabilities (no test scores and no audit are at hand)"

    @property
    def known(self) -> bool:
        """True where there is a confusion to go by."""
        return bool(self.confusion)


@dataclass(frozen=True, slots=True)
class Share:
    """A stance's share of the positions with a stance: as counted, and the 95 % interval in which the true one lies."""

    count: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """0 to 1; 0 where nobody took a stance."""
        return self.count / self.of if self.of else 0.0


def errors_of(models: Iterable[str], takes: Iterable[Take], folder: Path | None = None) -> Errors:
    """The model's confusion on its test speeches (`scores.json` beside the model) and the reviewers' audit, added up.

    The audit are the speeches that a person labelled and the model had judged before, where there are at least 30. People
    are mostly sent doubtful speeches, so an audit makes intervals wider rather than narrower.
    """
    table = {a: dict.fromkeys(_NAMES, 0) for a in _NAMES}
    sources = []
    named = sorted(set(models))
    for name in named:
        if _add_scores(table, name, folder):
            sources.append(f"the test scores of the model {name}")
    audited = 0
    audit = {a: dict.fromkeys(_NAMES, 0) for a in _NAMES}
    for take in takes:
        if take.reviewed and take.chances and take.label in _NAMES:
            guess = str(STANCES[max(range(3), key=take.chances.__getitem__)])
            audit[take.label][guess] += 1
            audited += 1
    if audited >= _LEAST_AUDIT:
        for a in _NAMES:
            for b in _NAMES:
                table[a][b] += audit[a][b]
        sources.append(f"the audit of {audited} speeches by reviewers")
    return Errors(table, " and ".join(sources)) if sources else Errors()


def _add_scores(table: dict[str, dict[str, int]], name: str, folder: Path | None) -> bool:
    from pipeline.resources import models_dir, user_dir

    if "/" in name or "\\" in name or name.startswith("."):
        return False  # a dataset that has travelled names no path of ours
    for home in (folder,) if folder else (models_dir(), user_dir() / "models"):
        try:
            scores = json.loads((home / name / "scores.json").read_text(encoding="utf-8"))
            confusion = scores["confusion"]
            for a in _NAMES:
                for b in _NAMES:
                    table[a][b] += int(confusion.get(a, {}).get(b, 0))
            return True
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return False


def shares(positions: Iterable[Position], errors: Errors) -> dict[str, Share]:
    """The share of each stance among the positions that have one. The same input gives the same interval."""
    import numpy as np

    taken = [p for p in positions if p.label in _NAMES and p.label != NOT_ADDRESSED]
    counts = {str(s): sum(p.label == s for p in taken) for s in STANCES}
    total = len(taken)
    if not total:
        return {str(s): Share(0, 0, 0.0, 0.0) for s in STANCES}
    random = np.random.default_rng(20050916)
    drawn = np.zeros((_DRAWS, len(_NAMES)))
    # One speech may settle the positions of a whole group: right or wrong, it is so for all of them at once.
    resting: dict[int, list[Position]] = {}
    for position in taken:
        resting.setdefault(id(position.take), []).append(position)
    unread: dict[tuple[str, int], list[Take]] = {}
    for mine in resting.values():
        take, label = mine[0].take, mine[0].label
        if take.reviewed:
            drawn[:, _NAMES.index(label)] += len(mine)
        else:
            unread.setdefault((label, len(mine)), []).append(take)
    for label, weight in sorted(unread):
        takes = unread[label, weight]
        drawn += weight * (
            _by_confusion(random, label, len(takes), errors)
            if errors.known
            else _by_chances(random, label, takes)
        )
    with_stance = drawn[:, :3].sum(axis=1)
    portions = drawn[:, :3] / np.maximum(with_stance, 1)[:, None]
    low, high = np.percentile(portions, [2.5, 97.5], axis=0)
    return {
        # The counted share lies in its interval even where the model leans to one side.
        str(s): Share(counts[s], total, min(float(low[i]), counts[s] / total), max(float(high[i]), counts[s] / total))
        for i, s in enumerate(STANCES)
    }  # fmt: skip


def _by_confusion(random: np.random.Generator, guess: str, number: int, errors: Errors) -> np.ndarray:
    """How many of `number` speeches guessed so are truly what, drawn from the column of the confusion."""
    import numpy as np

    column = np.array([errors.confusion[true][guess] + _PRIOR for true in _NAMES])
    return np.stack([random.multinomial(number, p) for p in random.dirichlet(column, size=_DRAWS)])


def _by_chances(random: np.random.Generator, label: str, takes: list[Take]) -> np.ndarray:
    """The same from each speech's own probabilities; a speech without any counts as labelled."""
    import numpy as np

    drawn = np.zeros((_DRAWS, len(_NAMES)))
    sure = sum(take.chances is None for take in takes)
    drawn[:, _NAMES.index(label)] += sure
    known = np.array([take.chances for take in takes if take.chances is not None]).reshape(-1, 3)
    # Speeches with the same probabilities, to a hundredth, are drawn together: as good, and many times as fast.
    parts, sizes = np.unique(np.round(known, 2), axis=0, return_counts=True)
    for part, size in zip(parts, sizes, strict=True):
        if part.sum() > 0:
            drawn[:, :3] += random.multinomial(size, part / part.sum(), size=_DRAWS)
    return drawn
