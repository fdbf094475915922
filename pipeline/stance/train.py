"""From labelled speeches to a stance model: fitting, calibration out of fold, the review rule.

Not here: scores (`pipeline.stance.evaluation`), the file (`pipeline.stance.modelfile`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.records import LABELS, NOT_ADDRESSED, Span
from pipeline.stance import features
from pipeline.stance.corpus import MARK_LABELS, Example
from pipeline.stance.linear import Floats, Scorer, Tables, Vocabulary, balanced, fit
from pipeline.stance.model import ADDRESSED_FROM, Calibration, StanceModel

Ints = NDArray[np.int64]
_SILENT = LABELS.index(NOT_ADDRESSED)
#: Of the sentences on other matters, one in so many is learned from: there are far more of them than of the others.
_ASIDE = 7
#: What a label counts for by the annotator's confidence (1 a guess, 2 leaning, 3 clear).
_SURE = {1: 0.4, 2: 0.8, 3: 1.0}


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set about training. `scale`: the weight of each family of features; `strength`: 1 / L2 penalty;
    `seed_weight`, `correction_weight`: of a seed text and of a reviewed speech against a real one; `sentence_weight`: of a marked
    sentence against the speech it stands in; `balance`: 0 to 1, how far class imbalance is removed; `least`: documents in which a
    feature must be found. Chosen by cross-validation by State on the real speeches (scripts/cross_validate prints the table)."""

    scale: dict[str, float] = field(
        default_factory=lambda: {"words": 1.0, "mention": 1.5, "turn": 0.3, "cues": 0.5, "structure": 0.2}
    )
    strength: float = 2.0
    seed_weight: float = 0.5
    correction_weight: float = 2.0
    sentence_weight: float = 0.2
    balance: float = 0.5
    least: int = 2
    folds: int = 5


@dataclass(frozen=True, slots=True)
class Encoded:
    """Labelled speeches as the model reads them, once for all folds. Speeches without a mention have empty tables.

    `sentences` gives, for each speech, its sentences as small documents of their own with the label (position in LABELS) that each would
    have alone: what readers marked teaches which words decide, where the label of a long speech only says that some do.
    """

    examples: tuple[Example, ...]
    tables: tuple[dict[str, dict[str, float]], ...]
    labels: Ints  # positions in LABELS
    groups: NDArray[np.str_]  # State, or the speech's own id where it has none
    sentences: tuple[tuple[tuple[Tables, int], ...], ...]

    def __len__(self) -> int:
        return len(self.examples)

    @property
    def real(self) -> NDArray[np.bool_]:
        return np.array([e.source in ("real", "correction") for e in self.examples], dtype=bool)

    def base_weights(self, settings: Settings) -> Floats:
        weight = {"seed": settings.seed_weight, "correction": settings.correction_weight}
        return np.array([weight.get(e.source, 1.0) * _SURE.get(e.confidence, 1.0) for e in self.examples])


def encode(examples: Sequence[Example], settings: Settings) -> Encoded:
    """Reads speeches into features; the slow half of training, done once."""
    tables = []
    sentences = []
    for example in examples:
        analysis = features.analyse(example.text, example.target, example.whole_speech)
        tables.append(features.counts(analysis, settings.scale) if analysis else {})
        sentences.append(tuple(_sentences(example, analysis, settings)) if analysis else ())
    return Encoded(
        tuple(examples),
        tuple(tables),
        np.array([LABELS.index(e.label) for e in examples], dtype=np.int64),
        np.array([e.iso3 or e.id for e in examples]),
        tuple(sentences),
    )


def _sentences(
    example: Example, analysis: features.Analysis, settings: Settings
) -> Iterator[tuple[Tables, int]]:
    """The marked sentences of a speech, and one in `_ASIDE` of the others, which are on other matters. A speech without marks gives the
    sentence of its evidence alone."""
    marks: Sequence[tuple[Span, str]] = [(m.span, MARK_LABELS[m.kind]) for m in example.marks]
    if not marks and example.evidence is not None:
        marks = [(example.evidence, example.label)]
    for i, sentence in enumerate(analysis.sentences):
        place = analysis.reading.source(sentence.span)
        label = None
        for span, given in marks:
            shared = min(place.end, span.end) - max(place.start, span.start)
            if 2 * shared > min(place.end - place.start, span.end - span.start):
                label = given
        if label is None:
            if not example.marks or (example.label != NOT_ADDRESSED and i % _ASIDE):
                continue
            label = NOT_ADDRESSED
        table = features.counts(features.alone(analysis, sentence), settings.scale)
        if "structure" in table:  # the shape of a speech says nothing of a sentence
            table["structure"] = {k: v for k, v in table["structure"].items() if k.startswith("target=")}
        yield table, LABELS.index(label)


@dataclass(frozen=True, slots=True)
class Core:
    """What is fitted: the vocabulary and the two scorers."""

    vocabulary: Vocabulary
    addressed: Scorer
    stance: Scorer

    def scores(self, tables: dict[str, dict[str, float]]) -> Floats:
        """The score of taking a position, then one a stance."""
        columns, values = self.vocabulary.vector(tables)
        return np.concatenate([self.addressed.scores(columns, values), self.stance.scores(columns, values)])


def fit_core(data: Encoded, rows: Ints, settings: Settings) -> Core:
    """Fits both scorers on some rows."""
    tables: list[Tables] = [data.tables[i] for i in rows]
    marked = [pair for i in rows for pair in data.sentences[i]] if settings.sentence_weight else []
    tables += [table for table, _ in marked]
    vocabulary = Vocabulary.fit(tables, settings.scale, settings.least)
    matrix = vocabulary.matrix(tables)
    labels = np.concatenate([data.labels[rows], np.array([label for _, label in marked], dtype=np.int64)])
    speeches = data.base_weights(settings)[rows]
    repeated = np.repeat(speeches, [len(data.sentences[i]) for i in rows]) if marked else np.empty(0)
    base = np.concatenate([speeches, settings.sentence_weight * repeated])
    spoken = (labels != _SILENT).astype(np.int64)
    addressed = fit(matrix, spoken, balanced(spoken, base, settings.balance), settings.strength)
    with_stance = np.flatnonzero(spoken)
    y = labels[with_stance]
    stance = fit(matrix[with_stance], y, balanced(y, base[with_stance], settings.balance), settings.strength)
    return Core(vocabulary, addressed, stance)


def folds(labels: Ints, groups: NDArray[np.str_], n: int, seed: int) -> list[tuple[Ints, Ints]]:
    """Train and test rows of `n` folds: no State in both, labels spread evenly, shuffled by `seed`."""
    from sklearn.model_selection import StratifiedGroupKFold

    n = max(2, min(n, len(set(groups.tolist()))))
    splitter = StratifiedGroupKFold(n, shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(len(labels)), labels, groups))


def out_of_fold(data: Encoded, rows: Ints, settings: Settings, seed: int) -> tuple[Ints, Floats]:
    """Scores of speeches among `rows` by models that did not see their State. Real speeches where there are any, else seed texts."""
    judged = rows[data.real[rows]]
    if len(judged) < 30:
        judged = rows
    others = np.setdiff1d(rows, judged)
    scores = np.zeros((len(judged), 4))
    for train, test in folds(data.labels[judged], data.groups[judged], settings.folds, seed):
        held = set(data.groups[judged[test]].tolist())
        beside = others[[group not in held for group in data.groups[others].tolist()]]
        core = fit_core(data, np.concatenate([judged[train], beside]), settings)
        for i in test:
            scores[i] = core.scores(data.tables[judged[i]])
    return judged, scores


def calibrate(labels: Ints, scores: Floats) -> Calibration:
    """Fits the calibration on out-of-fold scores: logistic for taking a position, scale and shift for the stances."""
    from scipy.optimize import minimize

    spoken = labels != _SILENT

    def addressed_loss(p: Floats) -> float:
        z = p[0] * scores[:, 0] + p[1]
        return float(np.logaddexp(0, np.where(spoken, -z, z)).sum() + 0.05 * ((p[0] - 1) ** 2 + p[1] ** 2))

    slope, offset = minimize(addressed_loss, [1.0, 0.0], method="L-BFGS-B").x
    y = labels[spoken]
    s = scores[spoken, 1:]

    def stance_loss(p: Floats) -> float:
        z = p[0] * s + p[1:]
        top = z.max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(z - top).sum(axis=1)) + top[:, 0]
        return float(
            (log_sum - z[np.arange(len(y)), y]).sum() + 0.05 * ((p[0] - 1) ** 2 + (p[1:] ** 2).sum())
        )

    # A negative scale would turn the scores round: where labels contradict them, the probabilities are flat instead.
    bounds = [(0.01, None), (None, None), (None, None), (None, None)]
    scale, *shift = minimize(stance_loss, [1.0, 0.0, 0.0, 0.0], method="L-BFGS-B", bounds=bounds).x
    return Calibration(
        round(float(slope), 4),
        round(float(offset), 4),
        round(float(scale), 4),
        (round(float(shift[0]), 4), round(float(shift[1]), 4), round(float(shift[2]), 4)),
    )


def certainty_and_hits(
    labels: Ints, scores: Floats, calibration: Calibration
) -> tuple[Floats, NDArray[np.bool_]]:
    """For each speech the probability the model gives its own label, and whether that label is right."""
    certainty = np.zeros(len(labels))
    right = np.zeros(len(labels), dtype=bool)
    for i, row in enumerate(scores):
        p = calibration.addressed(float(row[0]))
        if p < ADDRESSED_FROM:
            certainty[i], right[i] = 1 - p, labels[i] == _SILENT
        else:
            stances = calibration.stances(row[1:])
            certainty[i], right[i] = p * stances.max(), labels[i] == int(stances.argmax())
    return certainty, right


def review_threshold(certainty: Floats, right: NDArray[np.bool_], error: float = 0.05) -> float:
    """The lowest certainty above which at most `error` of the labels are wrong (a point of the risk-coverage curve)."""
    order = np.argsort(-certainty, kind="stable")
    wrong = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    passing = np.flatnonzero(wrong <= error)
    if not len(passing):
        return 1.01
    return round(float(certainty[order[passing[-1]]]), 4)


def fingerprint(examples: Sequence[Example]) -> str:
    """A hash of the training data: texts, targets and labels, whatever their order."""
    lines = sorted(f"{e.sha256} {e.target} {e.label} {e.source}" for e in examples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def train(
    examples: Sequence[Example], name: str, settings: Settings | None = None, seeds: Sequence[int] = (0, 1, 2)
) -> StanceModel:
    """Trains a model on all examples; calibration and review rule come from out-of-fold scores. Deterministic."""
    settings = settings or Settings()
    data = encode(examples, settings)
    rows = np.arange(len(data))
    labels: list[Ints] = []
    scores: list[Floats] = []
    for seed in seeds:
        judged, found = out_of_fold(data, rows, settings, seed)
        labels.append(data.labels[judged])
        scores.append(found)
    calibration = calibrate(np.concatenate(labels), np.concatenate(scores))
    threshold = review_threshold(
        *certainty_and_hits(np.concatenate(labels), np.concatenate(scores), calibration)
    )
    core = fit_core(data, rows, settings)
    return StanceModel(
        name,
        core.vocabulary,
        core.addressed,
        core.stance,
        calibration,
        threshold,
        tuple(settings.scale),
        facts(examples),
    )


def facts(examples: Sequence[Example]) -> dict[str, Any]:
    """What a model was trained on, for its card and for manifests."""
    return {
        "fingerprint": fingerprint(examples),
        "speeches": len(examples),
        "by_source": dict(sorted(Counter(e.source for e in examples).items())),
        "by_label": dict(sorted(Counter(e.label for e in examples).items())),
        "by_target": dict(sorted(Counter(e.target for e in examples).items())),
    }
