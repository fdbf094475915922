"""Two recipes of a model on the same held-out speeches: cross-fitted by State, compared by a paired bootstrap.

A recipe is the data that a model is fitted to; the program is the same for both. A model cannot be judged fairly on speeches it was
fitted to, so both recipes are fitted again without the State whose speeches are judged. Not here: what is done with the answer (`retrain`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.records import LABELS, STANCES, InputError, Judgement, Problem, Status
from pipeline.stance.combine import WIDTH, Calibration
from pipeline.stance.corpus import Example
from pipeline.stance.evaluation import predicted, scores
from pipeline.stance.linear import Floats
from pipeline.stance.model import ADDRESSED_FROM
from pipeline.stance.train import (
    ENOUGH,
    Encoded,
    Ints,
    Settings,
    calibrate,
    calibrated,
    calibrating,
    dealt,
    encode,
    fit_core,
)

#: How much macro-F1 a new model may lose and still count as not worse, and how sure the bootstrap must be of it.
MARGIN, SURE = 0.02, 0.90
#: Fewer real or reviewed speeches than this cannot judge a model; seed texts are then held out as well.
FEWEST = 30
_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Pool:
    """The speeches of both recipes, read into features once. `new` and `old` are rows of `data`; a speech whose label differs
    between the recipes has two rows. `judged` are the rows of `new` that are held out in turn."""

    data: Encoded
    new: Ints
    old: Ints
    judged: Ints


def pool(new: Sequence[Example], old: Sequence[Example], settings: Settings) -> Pool:
    """Joins two recipes. A text has the same group in both, the new one's."""
    where: dict[tuple[str, str], int] = {_key(e): i for i, e in enumerate(new)}
    examples = list(new)
    old_rows = []
    for example in old:
        i = where.get(_key(example))
        if i is not None and _taught(new[i]) == _taught(example):
            old_rows.append(i)
            continue
        if i is not None:
            example = replace(example, id=new[i].id, iso3=new[i].iso3, whole_speech=new[i].whole_speech)
        old_rows.append(len(examples))
        examples.append(example)
    data = encode(examples, settings)
    rows = np.arange(len(new))
    real = rows[data.real[rows]]
    return Pool(data, rows, np.array(old_rows, dtype=np.int64), real if len(real) >= FEWEST else rows)


@dataclass(frozen=True, slots=True)
class Held:
    """What one recipe says of every judged speech while its State is held out: one list of judgements a repeat of the folds."""

    repeats: tuple[tuple[Judgement, ...], ...]

    def labels(self, repeat: int = 0) -> list[str]:
        return [predicted(j) for j in self.repeats[repeat]]


def cross_fit(
    pooled: Pool, rows: Ints, judged: Ints, settings: Settings, seeds: Sequence[int] = (0, 1)
) -> Held:
    """Judges every speech of `judged` by a model fitted to those of `rows` that are of other States; its calibration comes from
    those of the other folds that the recipe knows. The folds depend on `judged` and the seed alone, so two recipes share them.

    Raises InputError where the speeches of a label are too few to be held out.
    """
    data = pooled.data
    # A recipe is calibrated on its own labels alone: those of the other one are not known to it.
    own = {_key(data.examples[i]): i for i in rows.tolist()}
    places = [own.get(_key(data.examples[i]), -1) for i in judged.tolist()]
    known = np.array([place >= 0 for place in places])
    enough = np.count_nonzero(known & data.real[judged]) >= ENOUGH
    labels = np.array([data.labels[place] if place >= 0 else -1 for place in places])
    seen = {_key(data.examples[i]) for i in judged.tolist()}
    rest = rows[[_key(data.examples[i]) not in seen for i in rows.tolist()]]
    statements = calibrating(data, judged, rest)[len(judged) :]
    calibration = Calibration()
    if not enough:
        calibration = calibrated(data, rows, settings, seeds[:1])
    repeats = []
    for seed in seeds:
        fold = np.full(len(judged), -1)
        found = np.zeros((len(judged), WIDTH))
        beside = np.zeros((len(statements), WIDTH))
        for k, (test, states, aside) in enumerate(dealt(data, judged, len(statements), settings, seed)):
            fold[test] = k
            train = np.setdiff1d(rows, statements[aside])
            train = train[[g not in states for g in data.groups[train].tolist()]]
            require_labels([LABELS[i] for i in data.labels[train].tolist()], 1)
            core = fit_core(data, train, settings)
            for i in test.tolist():
                found[i] = core.summary(data.tables[judged[i]], data.parts[judged[i]])
            for i in aside.tolist():
                beside[i] = core.summary(data.tables[statements[i]], data.parts[statements[i]])
        judgements: list[Judgement] = [Judgement(Status.NOT_ADDRESSED)] * len(judged)
        for k in range(fold.max() + 1):
            if enough:
                others = known & (fold != k)
                calibration = calibrate(
                    np.concatenate([labels[others], data.labels[statements]]),
                    np.concatenate([found[others], beside]),
                    weights=np.concatenate([data.tells[judged[others]], data.tells[statements]]),
                )
            for i in np.flatnonzero(fold == k).tolist():
                judgements[i] = judge(found[i], calibration, silent=not data.tables[judged[i]])
        repeats.append(tuple(judgements))
    return Held(tuple(repeats))


def _taught(example: Example) -> tuple[object, ...]:
    return example.label, example.source, example.said


def _key(example: Example) -> tuple[str, str]:
    return example.sha256, example.target


def judge(found: Floats, calibration: Calibration, silent: bool) -> Judgement:
    """The judgement that a model would give from a speech's summary; `silent` where the speech does not name the target."""
    p = calibration.silent if silent else calibration.p_addressed(found)
    if p < ADDRESSED_FROM:
        return Judgement(Status.NOT_ADDRESSED, p_addressed=p)
    stances = calibration.p_stances(found)
    best = int(stances.argmax())
    opposed, conditional, supportive = (float(x) for x in stances)
    return Judgement(
        Status.LABELLED, STANCES[best], opposed, conditional, supportive, p, confidence=float(stances[best])
    )


def require_labels(labels: Sequence[str], least: int) -> None:
    """Raises InputError where a label has fewer than `least` speeches: a model cannot learn what it never sees."""
    short = [f"{label} ({labels.count(label)})" for label in LABELS if labels.count(label) < least]
    if short:
        raise InputError(
            Problem(
                "training data",
                "too_few",
                f"There are too few speeches of some labels to train and to hold out: {', '.join(short)}.",
                "Give more labelled speeches with --texts or --corrections.",
            )
        )


@dataclass(frozen=True, slots=True)
class Interval:
    """A score with its 95% bootstrap interval (percentiles)."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sets of judgements of the same speeches. `f1` maps `macro` and each stance to the intervals of old, new and new minus old;
    `p_not_worse` is the share of resamples in which new loses no more than MARGIN of macro-F1."""

    speeches: int
    groups: int
    f1: dict[str, tuple[Interval, Interval, Interval]]
    support: dict[str, int]
    p_not_worse: float
    old: dict[str, Any]
    new: dict[str, Any]

    @property
    def not_worse(self) -> bool:
        return self.p_not_worse >= SURE


def compare(labels: Sequence[str], groups: Sequence[str], old: Held, new: Held, seed: int = 0) -> Comparison:
    """Compares by a paired bootstrap: States are drawn with replacement, both models judged on the same draw (Efron and Tibshirani 1993;
    by cluster, since speeches of one State resemble each other)."""
    names, where = np.unique(np.asarray(groups), return_inverse=True)
    draws = np.random.default_rng(seed).multinomial(
        len(names), np.full(len(names), 1 / len(names)), _RESAMPLES
    )
    weights = np.concatenate([np.ones((1, len(names))), draws])  # the first row is the speeches as they are
    old_f1, new_f1 = (_f1(labels, where, len(names), held, weights) for held in (old, new))
    difference = new_f1 - old_f1
    f1 = {
        name: (_interval(old_f1[:, i]), _interval(new_f1[:, i]), _interval(difference[:, i]))
        for i, name in enumerate(["macro", *map(str, STANCES)])
    }
    return Comparison(
        len(labels),
        len(names),
        f1,
        {label: list(labels).count(label) for label in LABELS},
        float((difference[1:, 0] >= -MARGIN).mean()),
        _mean_scores(labels, old),
        _mean_scores(labels, new),
    )


def _f1(labels: Sequence[str], where: NDArray[np.int64], groups: int, held: Held, weights: Floats) -> Floats:
    """Macro-F1 and the F1 of each stance for every row of group weights, averaged over the repeats: shape (rows, 4)."""
    truth = np.array([LABELS.index(label) for label in labels])
    total = np.zeros((len(weights), 4))
    for repeat in range(len(held.repeats)):
        guess = np.array([LABELS.index(label) for label in held.labels(repeat)])
        table = np.zeros((groups, 4, 4))
        np.add.at(table, (where, truth, guess), 1)
        drawn = np.einsum("rg,gab->rab", weights, table)
        hit = np.stack([drawn[:, i, i] for i in range(3)], axis=1)
        support = drawn[:, :3, :].sum(axis=2)
        guessed = drawn[:, :3, :3].sum(axis=1)  # as evaluate counts it: among speeches with a stance
        f1 = 2 * hit / np.maximum(support + guessed, 1)
        present = support > 0
        macro = (f1 * present).sum(axis=1) / np.maximum(present.sum(axis=1), 1)
        total += np.column_stack([macro, f1])
    return np.asarray(total / len(held.repeats))


def _interval(values: Floats) -> Interval:
    low, high = np.percentile(values[1:], [2.5, 97.5])
    return Interval(float(values[0]), float(low), float(high))


def _mean_scores(labels: Sequence[str], held: Held) -> dict[str, Any]:
    """The scores of `evaluate`: counts of the first repeat, figures averaged over the repeats where all have one."""
    all_scores = [scores(labels, judgements) for judgements in held.repeats]
    first = dict(all_scores[0])
    for key in ("macro_f1", "accuracy", "ece", "coverage_at_5pct_error", "brier", "log_loss"):
        values = [s[key] for s in all_scores]
        first[key] = None if None in values else float(np.mean(values))
    return first


@dataclass(frozen=True, slots=True)
class Change:
    """A held-out speech that the two recipes label differently; `label` is the right one."""

    id: str
    label: str
    old: str
    new: str

    @property
    def verdict(self) -> str:
        return "mended" if self.new == self.label else "broken" if self.old == self.label else "still wrong"


def changes(ids: Sequence[str], labels: Sequence[str], old: Held, new: Held) -> list[Change]:
    """The speeches whose label changed (first repeat), in the order given."""
    rows = zip(ids, labels, old.labels(), new.labels(), strict=True)
    return [Change(*row) for row in rows if row[2] != row[3]]


def four_way(judgement: Judgement) -> list[float]:
    """The probabilities of the four labels in the order of LABELS, from a model's score of taking a position and its stance probabilities."""
    p = judgement.p_addressed or 0.0
    if judgement.stance is None:
        return [p / 3, p / 3, p / 3, 1 - p]
    parts = (judgement.p_opposed, judgement.p_conditional, judgement.p_supportive)
    return [p * (x or 0.0) for x in parts] + [1 - p]
