"""Agreement between reviewers, and what the audit says of the labels that nobody reviewed.

Per cent and specific agreement are counted here; Cohen's kappa is scikit-learn's, Krippendorff's alpha the library
`krippendorff`'s. Only readings given before anybody adjudicated count: those are blind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

from pipeline.records import LABELS

#: What separates two names where labels of a pair are listed.
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement over `count` speeches read twice. `share` is 0 to 1; `kappa` is None for more than two reviewers or where it is
    not defined; `alpha` is Krippendorff's for nominal labels, None where every reading is the same label."""

    count: int
    agreed: int
    kappa: float | None
    alpha: float | None

    @property
    def share(self) -> float | None:
        return self.agreed / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with its 95 % interval (Wilson's score interval, 1927)."""

    count: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        return self.count / self.of if self.of else None


def agreement(readings: Sequence[Mapping[str, str]]) -> Agreement:
    """Over speeches, each a mapping reviewer -> label with at least two readings. `agreed` counts those where all are the same."""
    names = sorted({name for reading in readings for name in reading})
    agreed = sum(len(set(reading.values())) == 1 for reading in readings)
    kappa = None
    if len(names) == 2:
        kappa = _kappa([(reading[names[0]], reading[names[1]]) for reading in readings])
    return Agreement(len(readings), agreed, kappa, _alpha(readings, names))


def by_pair(readings: Iterable[Mapping[str, str]]) -> dict[Pair, Agreement]:
    """Agreement of each two reviewers over the speeches that both read."""
    found: dict[Pair, list[dict[str, str]]] = {}
    for reading in readings:
        for a, b in combinations(sorted(reading), 2):
            found.setdefault((a, b), []).append({a: reading[a], b: reading[b]})
    return {pair: agreement(rows) for pair, rows in sorted(found.items())}


def by_label(readings: Iterable[Mapping[str, str]]) -> dict[str, tuple[int, float | None]]:
    """Specific agreement by label: of all readings with the label, the share whose counterpart has it too (2a / (2a + b + c);
    Cicchetti and Feinstein 1990), with the number of readings."""
    same = dict.fromkeys(LABELS, 0)
    all_of = dict.fromkeys(LABELS, 0)
    for reading in readings:
        for a, b in combinations(reading.values(), 2):
            all_of[a] += 1
            all_of[b] += 1
            if a == b:
                same[a] += 2
    return {
        label: (all_of[label], same[label] / all_of[label] if all_of[label] else None) for label in LABELS
    }


def _kappa(pairs: Sequence[Pair]) -> float | None:
    from sklearn.metrics import cohen_kappa_score

    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    if len(set(first) | set(second)) < 2:
        return None
    value = float(cohen_kappa_score(first, second))
    return None if value != value else value


def _alpha(readings: Sequence[Mapping[str, str]], names: Sequence[str]) -> float | None:
    import krippendorff
    import numpy as np

    if len({label for reading in readings for label in reading.values()}) < 2:
        return None
    code = {label: float(i) for i, label in enumerate(LABELS)}
    table = [[code[r[name]] if name in r else np.nan for r in readings] for name in names]
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement="nominal"))


def wilson(count: int, of: int, z: float = 1.959964) -> Estimate:
    """`count` of `of` with its 95 % interval; 0 to 1 where nothing was counted.

    >>> wilson(0, 20).high
    0.1611
    """
    if not of:
        return Estimate(0, 0, 0.0, 1.0)
    p = count / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return Estimate(count, of, round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4))
