"""Training labels that deserve a second look: those that a model which did not see the speech finds unlikely (confident learning)."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.records import LABELS, Judgement
from pipeline.stance.compare import four_way
from pipeline.stance.corpus import Example

COLUMNS = ("id", "source", "target", "label", "likely", "quality", "p_label", "p_likely", "likely_error")


@dataclass(frozen=True, slots=True)
class Issue:
    """A labelled speech with the label that the model finds likelier. `quality` is 0 to 1, low for doubtful labels (cleanlab's
    normalised margin); `likely_error` is true where confident learning counts it as an error."""

    id: str
    source: str
    target: str
    label: str
    likely: str
    quality: float
    p_label: float
    p_likely: float
    likely_error: bool


def label_issues(examples: Sequence[Example], judgements: Sequence[Judgement]) -> list[Issue]:
    """Labels that out-of-fold judgements contradict, the most doubtful first (Northcutt, Jiang and Chuang 2021)."""
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    labels = np.array([LABELS.index(e.label) for e in examples])
    p = np.array([four_way(j) for j in judgements])
    p = p / p.sum(axis=1, keepdims=True)
    quality = get_label_quality_scores(labels, p, method="normalized_margin")
    flagged = find_label_issues(labels, p, filter_by="prune_by_noise_rate", n_jobs=1)
    issues = []
    for i, example in enumerate(examples):
        likely = int(p[i].argmax())
        if likely == labels[i]:
            continue
        issues.append(
            Issue(
                example.id,
                example.source,
                example.target,
                example.label,
                str(LABELS[likely]),
                round(float(quality[i]), 4),
                round(float(p[i, labels[i]]), 4),
                round(float(p[i, likely]), 4),
                bool(flagged[i]),
            )
        )
    return sorted(issues, key=lambda issue: (issue.quality, issue.id))


def write_issues(path: Path, issues: Sequence[Issue]) -> None:
    """Writes the list as CSV; ids alone, since real texts are not ours to pass on."""
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows([getattr(issue, column) for column in COLUMNS] for issue in issues)
