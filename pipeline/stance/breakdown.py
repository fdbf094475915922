"""How good a model is in parts: by regional group of the speech's State and by years. The parts are of speeches, not of States.

Not here: scores over all of them (`pipeline.stance.evaluation`).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from pipeline import resources
from pipeline.records import Judgement
from pipeline.stance.corpus import Example
from pipeline.stance.evaluation import predicted

#: The parts of speeches whose State has no regional group of the UN, and of those that no State gave.
OTHERS, NOBODY = "observers and former States", "State not known, or a group"

#: For each part its number of `speeches` and the `accuracy` over the four labels, 0 to 1.
Parts = dict[str, dict[str, float]]


@lru_cache(maxsize=1)
def _regions() -> dict[str, str]:
    with resources.table("states.csv").open(encoding="utf-8", newline="") as rows:
        return {row["iso3"]: row["region"] for row in csv.DictReader(rows)}


def region(example: Example) -> str:
    """The UN regional group of a speech's State (corpus/tables/states.csv)."""
    code = example.iso3 or ""
    if not (len(code) == 3 and code.isupper()):
        return NOBODY
    return _regions().get(code) or OTHERS


def years(example: Example) -> str:
    """The five years in which a speech was given, as in `2005 to 2009`; `year not known` where there is none."""
    if example.year is None:
        return "year not known"
    first = example.year // 5 * 5
    return f"{first} to {first + 4}"


def by(
    examples: Sequence[Example], runs: Sequence[Sequence[Judgement]], key: Callable[[Example], str]
) -> Parts:
    """Accuracy in each part, averaged over `runs`, each with a judgement for every example."""
    names = [key(example) for example in examples]
    found = {}
    for name in sorted(set(names)):
        rows = [i for i, n in enumerate(names) if n == name]
        right = [[predicted(run[i]) == examples[i].label for i in rows] for run in runs]
        found[name] = {"speeches": len(rows), "accuracy": round(float(np.mean(right)), 4)}
    return found


def table(parts: Parts) -> str:
    """The parts as rows of a Markdown table."""
    return "\n".join(
        f"| {name} | {part['speeches']:.0f} | {part['accuracy']:.2f} |" for name, part in parts.items()
    )
