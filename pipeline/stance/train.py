"""From labelled speeches to a stance model: fitting, calibration out of fold, the review rule.

Not here: scores (`pipeline.stance.evaluation`), the file (`pipeline.stance.modelfile`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.records import LABELS, NOT_ADDRESSED, STANCES, Span
from pipeline.stance import features
from pipeline.stance.combine import WHICH, WIDTH, Calibration, asked, summary
from pipeline.stance.corpus import MARK_LABELS, Example
from pipeline.stance.features import Tables
from pipeline.stance.linear import TOLERANCE, Counts, Floats, Scorer, Vocabulary, balanced, fit
from pipeline.stance.model import ADDRESSED_FROM, StanceModel

Ints = NDArray[np.int64]
_SILENT = LABELS.index(NOT_ADDRESSED)
#: Of the sentences on other matters, one in so many is learned from: there are far more of them than of the others.
_ASIDE = 7
#: What a label counts for by the annotator's confidence (1 a guess, 2 leaning, 3 clear).
_SURE = {1: 0.4, 2: 0.8, 3: 1.0}
#: What a sentence counts for that stands three or more away from a mention.
_FAR = 0.6
#: Fewer speeches of a label than this cannot calibrate.
_FEWEST = 3
#: 1 / L2 penalty of the calibration, where log loss is least: of 0.3, 0.5 and 1 it is 0.282, 0.281 and 0.284.
_PENALTY = 0.5
#: From so many sentences on a seed text is a whole statement of a debate, and what its summary counts for in the calibration.
_STATEMENT, _STATEMENT_TELLS = 15, 0.5
#: Fewer real speeches than this are not judged out of fold alone, but all texts with them.
_ENOUGH_TO_JUDGE = 30
#: Fewer real speeches than this calibrate nothing. Seed texts do not have the proportions of a debate (macro-F1 0.66 calibrated on them, 0.73 as scored),
#: and 30 to 60 speeches, picked for review at that, do not tell them either (0.63 to 0.70; scripts/learning_curve).
ENOUGH = 100


def _speech_scale() -> dict[str, float]:
    return {"words": 1.0, "mention": 1.5, "turn": 0.3, "cues": 0.5, "structure": 0.2}


def _sentence_scale() -> dict[str, float]:
    # Without `mention` and `turn`: in a sentence by itself the mention's words are all its words.
    return {"words": 1.28, "cues": 1.0, "structure": 0.2, "before": 0.2, "answer": 0.8, "answered": 0.8}


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set about training. `speech_scale`, `sentence_scale`: the weight of each family of features in either scorer;
    `strength`: 1 / L2 penalty; `seed_weight`, `correction_weight`: of a seed text and of a reviewed speech against a real one;
    `sentence_weight`: of a marked sentence against its speech, where it is learned whether a position is taken; `balance`: 0 to 1, how far class
    imbalance is removed; `least`: documents in which a feature must be found;
    `tolerance`: when the optimiser stops. Chosen by cross-validation by State on the real speeches."""

    speech_scale: dict[str, float] = field(default_factory=_speech_scale)
    sentence_scale: dict[str, float] = field(default_factory=_sentence_scale)
    strength: float = 2.0
    seed_weight: float = 0.5
    correction_weight: float = 2.0
    sentence_weight: float = 0.2
    balance: float = 0.2
    least: int = 2
    folds: int = 5
    tolerance: float = TOLERANCE

    def without(self, family: str) -> Settings:
        """The same without a family of features."""
        return replace(
            self,
            speech_scale={k: v for k, v in self.speech_scale.items() if k != family},
            sentence_scale={k: v for k, v in self.sentence_scale.items() if k != family},
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of a speech as a small document of its own. `label` is the one it would have alone (position in LABELS), None where
    nobody has read it; `marked` where a reader marked it; `near` where the model asks it for a stance; `distance` to the next mention."""

    tables: Tables
    label: int | None
    marked: bool
    near: bool
    distance: int


@dataclass(frozen=True, slots=True)
class Encoded:
    """Labelled speeches as the model reads them, once for all folds. Speeches without a mention have empty tables and no parts.

    What readers marked in `parts` teaches which words decide, where the label of a long speech only says that some do.
    """

    examples: tuple[Example, ...]
    tables: tuple[Tables, ...]
    labels: Ints  # positions in LABELS
    groups: NDArray[np.str_]  # State, or the speech's own id where it has none
    parts: tuple[tuple[Part, ...], ...]
    counts: Counts  # of all speeches, then of all parts
    place: Ints  # for each speech, its row in `counts`
    first: Ints  # for each speech, the row of its first part in `counts`

    def __len__(self) -> int:
        return len(self.examples)

    @property
    def speeches(self) -> NDArray[np.bool_]:
        """Which teach as a whole, and not by their sentences alone."""
        return np.array([e.teaches == "speech" for e in self.examples], dtype=bool)

    @property
    def real(self) -> NDArray[np.bool_]:
        return np.array([e.source in ("real", "correction") for e in self.examples], dtype=bool)

    @property
    def statements(self) -> NDArray[np.bool_]:
        """Seed texts that say as much on the target as a statement in a debate on it."""
        said = [sum(part.near for part in parts) for parts in self.parts]
        return np.array(
            [e.source == "seed" and n >= _STATEMENT for e, n in zip(self.examples, said, strict=True)],
            dtype=bool,
        )

    @property
    def tells(self) -> Floats:
        """What the summary of each speech counts for in the calibration: less where it is of a seed text."""
        return np.where(self.real, 1.0, _STATEMENT_TELLS)

    def only(self, kept: NDArray[np.bool_]) -> Encoded:
        """Some of the speeches. Their parts keep their places in `counts`."""
        rows = np.flatnonzero(kept)
        return replace(
            self,
            examples=tuple(self.examples[i] for i in rows),
            tables=tuple(self.tables[i] for i in rows),
            labels=self.labels[rows],
            groups=self.groups[rows],
            parts=tuple(self.parts[i] for i in rows),
            place=self.place[rows],
            first=self.first[rows],
        )

    def base_weights(self, settings: Settings) -> Floats:
        weight = {"seed": settings.seed_weight, "correction": settings.correction_weight}
        return np.array([weight.get(e.source, 1.0) * _SURE.get(e.confidence, 1.0) for e in self.examples])


def encode(examples: Sequence[Example], settings: Settings, known: features.Lexicon | None = None) -> Encoded:
    """Reads speeches into features, by the lexicon of the tables where no other is given; the slow half of training, done once."""
    tables: list[Tables] = []
    parts: list[tuple[Part, ...]] = []
    for example in examples:
        analysis = features.analyse(example.text, example.target, example.whole_speech, known)
        tables.append(features.counts(analysis, settings.speech_scale) if analysis else {})
        parts.append(tuple(_parts(example, analysis, settings)) if analysis else ())
    sizes = [len(examples), *(len(own) for own in parts)]
    return Encoded(
        tuple(examples),
        tuple(tables),
        np.array([LABELS.index(e.label) for e in examples], dtype=np.int64),
        np.array([e.iso3 or e.id for e in examples]),
        tuple(parts),
        Counts.of([*tables, *(part.tables for own in parts for part in own)]),
        np.arange(len(examples)),
        np.cumsum(sizes)[:-1],
    )


def _parts(example: Example, analysis: features.Analysis, settings: Settings) -> Iterator[Part]:
    """The sentences of a speech with what is known of each. A reader who marked some has said of the others that they are on other
    matters; of a speech without marks only the deciding sentence is known, or all of them where the speech takes no position. Where not even the
    deciding sentence is known, those that mention the target are taken to say what the speech says. Of a piece of a speech only the marked
    sentences are known: the others would outnumber all that is said on the target (conditional 0.60 with them, 0.63 without)."""
    marks: Sequence[tuple[Span, str]] = [(m.span, MARK_LABELS[m.kind]) for m in example.marks]
    if not marks and example.evidence is not None:
        marks = [(example.evidence, example.label)]
    near = set(features.near(analysis))
    for i, sentence in enumerate(analysis.sentences):
        place = analysis.reading.source(sentence.span)
        label = None
        for span, given in marks:
            shared = min(place.end, span.end) - max(place.start, span.start)
            if 2 * shared > min(place.end - place.start, span.end - span.start):
                label = given
        if example.teaches == "sums":
            label = None
        marked = label is not None
        if not marked and example.teaches not in ("marks", "sums"):
            if example.marks or example.label == NOT_ADDRESSED:
                label = NOT_ADDRESSED
            elif not marks and sentence.distance == 0:
                label = example.label
        yield Part(
            features.alone(analysis, i, settings.sentence_scale),
            None if label is None else LABELS.index(label),
            marked,
            i in near,
            sentence.distance,
        )


@dataclass(frozen=True, slots=True)
class Core:
    """What is fitted: whether a speech takes a position, and what a sentence says, each with its vocabulary."""

    words: Vocabulary
    addressed: Scorer
    sentence_words: Vocabulary
    sentence: Scorer

    def summary(self, tables: Tables, parts: Sequence[Part]) -> Floats:
        """A speech summed up (`pipeline.stance.combine`)."""
        return summary(
            float(self.addressed.scores(*self.words.vector(tables))[0]),
            self.said(parts),
            [part.distance for part in parts if part.near],
        )

    def said(self, parts: Sequence[Part]) -> Floats:
        """The scores of the sentences that are asked for a stance: an array of shape (sentences, labels)."""
        asked = [part for part in parts if part.near]
        scores = [self.sentence.scores(*self.sentence_words.vector(part.tables)) for part in asked]
        return np.array(scores).reshape(len(scores), len(LABELS))


def fit_core(data: Encoded, rows: Ints, settings: Settings) -> Core:
    """Fits both scorers on some rows."""
    base = data.base_weights(settings)
    known = [(i, k, part) for i in rows for k, part in enumerate(data.parts[i]) if part.label is not None]
    whole = data.speeches
    return Core(
        *_fit_addressed(data, rows[whole[rows]], [row for row in known if whole[row[0]]], base, settings),
        *_fit_sentence(data, known, base, settings),
    )


def _fit_addressed(
    data: Encoded, rows: Ints, known: Sequence[tuple[int, int, Part]], base: Floats, settings: Settings
) -> tuple[Vocabulary, Scorer]:
    """Learns from speeches, and from their sentences at a small weight, whether a position is taken."""
    aside = [
        (i, k, part)
        for i, k, part in known
        if settings.sentence_weight and (part.marked or data.labels[i] == _SILENT or k % _ASIDE == 0)
    ]
    places = np.concatenate([data.place[rows], _places(data, aside)])
    spoken = np.concatenate(
        [data.labels[rows] != _SILENT, np.array([part.label != _SILENT for _, _, part in aside], dtype=bool)]
    ).astype(np.int64)
    weights = np.concatenate(
        [base[rows], np.array([settings.sentence_weight * base[i] for i, _, _ in aside])]
    )
    words, matrix = data.counts.fit(places, settings.speech_scale, settings.least)
    return words, fit(
        matrix,
        spoken,
        balanced(spoken, weights, settings.balance),
        settings.strength,
        tolerance=settings.tolerance,
    )


def _fit_sentence(
    data: Encoded, known: Sequence[tuple[int, int, Part]], base: Floats, settings: Settings
) -> tuple[Vocabulary, Scorer]:
    """Learns what a sentence says from those that readers have read."""
    labels = np.array([part.label for _, _, part in known], dtype=np.int64)
    weights = np.array([base[i] * (1.0 if part.distance < 3 else _FAR) for i, _, part in known])
    words, matrix = data.counts.fit(_places(data, known), settings.sentence_scale, settings.least)
    weights = balanced(labels, weights, settings.balance)
    return words, fit(matrix, labels, weights, settings.strength, len(LABELS), settings.tolerance)


def _places(data: Encoded, known: Sequence[tuple[int, int, Part]]) -> Ints:
    return np.array([data.first[i] + k for i, k, _ in known], dtype=np.int64)


def folds(labels: Ints, groups: NDArray[np.str_], n: int, seed: int) -> list[tuple[Ints, Ints]]:
    """Train and test rows of `n` folds: no State in both, labels spread evenly, shuffled by `seed`."""
    from sklearn.model_selection import StratifiedGroupKFold

    n = max(2, min(n, len(set(groups.tolist()))))
    splitter = StratifiedGroupKFold(n, shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(len(labels)), labels, groups))


def calibrating(data: Encoded, judged: Ints, others: Ints) -> Ints:
    """The rows whose summaries a calibration is fitted to: those of `judged`, then the whole statements among `others`. Real speeches of the General Debate
    have a few sentences on the target, so they do not tell how the sums of a statement on nothing else are to be read."""
    statements = others[data.statements[others]]
    return np.concatenate([judged, statements[np.argsort(data.labels[statements], kind="stable")]])


class Fold(NamedTuple):
    """What one model is not fitted to: rows of `judged`, the States of these, and rows of the statements dealt to this fold."""

    test: Ints
    states: frozenset[str]
    statements: Ints


def dealt(data: Encoded, judged: Ints, statements: int, settings: Settings, seed: int) -> Iterator[Fold]:
    """The folds: speeches by State, and so many whole statements one by one in turn."""
    splits = folds(data.labels[judged], data.groups[judged], settings.folds, seed)
    for k, (_, test) in enumerate(splits):
        states = frozenset(data.groups[judged[test]].tolist())
        yield Fold(test, states, np.arange(k, statements, len(splits)))


def held_out(
    data: Encoded, judged: Ints, others: Ints, settings: Settings, seed: int
) -> Iterator[tuple[Ints, Ints]]:
    """For each fold, the rows to train on and which of `calibrating(data, judged, others)` to test. `others` only ever train, whole statements aside, and never
    with a State that is tested."""
    statements = calibrating(data, judged, others)[len(judged) :]
    for fold in dealt(data, judged, len(statements), settings, seed):
        beside = np.setdiff1d(others, statements[fold.statements])
        beside = beside[[group not in fold.states for group in data.groups[beside].tolist()]]
        train = np.setdiff1d(np.arange(len(judged)), fold.test)
        yield (
            np.concatenate([judged[train], beside]),
            np.concatenate([fold.test, len(judged) + fold.statements]),
        )


def out_of_fold(data: Encoded, rows: Ints, settings: Settings, seed: int) -> tuple[Ints, Floats]:
    """Summaries of speeches among `rows` by models that did not see their State: of real speeches where there are any, else of seed texts, and of whole statements."""
    judged = rows[data.real[rows]]
    if len(judged) < _ENOUGH_TO_JUDGE:
        judged = rows
    others = np.setdiff1d(rows, judged)
    found = calibrating(data, judged, others)
    scores = np.zeros((len(found), WIDTH))
    for train, test in held_out(data, judged, others, settings, seed):
        core = fit_core(data, train, settings)
        for i in test:
            scores[i] = core.summary(data.tables[found[i]], data.parts[found[i]])
    return found, scores


def scored(data: Encoded, rows: Ints, settings: Settings, seeds: Sequence[int]) -> tuple[Ints, Floats]:
    """The rows and the out-of-fold summaries of speeches among `rows`, those of all `seeds` one after another."""
    found = [out_of_fold(data, rows, settings, seed) for seed in seeds]
    return np.concatenate([judged for judged, _ in found]), np.concatenate([s for _, s in found])


def can_calibrate(data: Encoded, rows: Ints) -> bool:
    """Whether there are enough real speeches among `rows`; with fewer the sentences' scores count as they are."""
    return bool(np.count_nonzero(data.real[rows]) >= ENOUGH)


def calibrated(data: Encoded, rows: Ints, settings: Settings, seeds: Sequence[int]) -> Calibration:
    """The calibration for a model of `rows`; nothing is held out where there are too few for one."""
    if not can_calibrate(data, rows):
        return Calibration()
    found, scores = scored(data, rows, settings, seeds)
    return calibrate(data.labels[found], scores, len(seeds), data.tells[found])


def calibrate(labels: Ints, found: Floats, repeats: int = 1, weights: Floats | None = None) -> Calibration:
    """Fits the calibration on out-of-fold summaries, of shape (speeches, WIDTH), by logistic regression with a penalty; `repeats` is how many times
    each speech is among them, `weights` (default: all alike) what each counts for. A part whose labels are too few to learn from stays as it is by default."""
    weights = np.ones(len(labels)) if weights is None else weights
    spoken = (labels != _SILENT).astype(np.int64)
    plain = Calibration()
    addressed, offset = plain.addressed, plain.offset
    if np.bincount(spoken, minlength=2).min() >= _FEWEST * repeats:
        weight, constant = _logistic(asked(found), spoken, weights, repeats)
        addressed, offset = tuple(weight[0]), constant[0]
    with_stance = spoken == 1
    y = labels[with_stance]
    stances, shift = plain.stances, plain.shift
    if np.bincount(y, minlength=len(STANCES)).min() >= _FEWEST * repeats:
        weight, constant = _logistic(found[with_stance, WHICH:], y, weights[with_stance], repeats)
        stances, shift = tuple(map(tuple, weight)), tuple(constant)
    return Calibration(addressed, offset, stances, shift)


def _logistic(
    values: Floats, labels: Ints, weights: Floats, repeats: int
) -> tuple[list[list[float]], list[float]]:
    """Logistic regression on columns brought to one scale; its weights and constants for the columns as they are, to four digits."""
    from sklearn.linear_model import LogisticRegression

    middle = np.average(values, axis=0, weights=weights)
    spread = np.sqrt(np.average((values - middle) ** 2, axis=0, weights=weights)) + 1e-6
    model = LogisticRegression(C=_PENALTY / repeats, max_iter=1000, tol=1e-6)
    model.fit((values - middle) / spread, labels, sample_weight=weights)
    weights = np.asarray(model.coef_) / spread
    constants = np.asarray(model.intercept_) - weights @ middle
    return weights.round(4).tolist(), constants.round(4).tolist()


def certainty_and_hits(
    labels: Ints, scores: Floats, calibration: Calibration
) -> tuple[Floats, NDArray[np.bool_]]:
    """For each speech the probability the model gives its own label, and whether that label is right."""
    certainty = np.zeros(len(labels))
    right = np.zeros(len(labels), dtype=bool)
    for i, row in enumerate(scores):
        p = calibration.p_addressed(row)
        if p < ADDRESSED_FROM:
            certainty[i], right[i] = 1 - p, labels[i] == _SILENT
        else:
            stances = calibration.p_stances(row)
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
    """A hash of the training data: texts, targets, labels and what is known of their sentences, whatever their order."""
    lines = sorted(f"{e.sha256} {e.target} {e.label} {e.source} {e.said}" for e in examples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def train(
    examples: Sequence[Example],
    name: str,
    settings: Settings | None = None,
    seeds: Sequence[int] = (0, 1, 2),
    data: Encoded | None = None,
) -> StanceModel:
    """Trains a model on all examples; calibration and review rule come from out-of-fold scores. Deterministic. `data` is given
    where the examples have been read already: they are the first of it."""
    settings = settings or Settings()
    data = encode(examples, settings) if data is None else data
    rows = np.arange(len(examples))
    found, scores = scored(data, rows, settings, seeds)
    labels = data.labels[found]
    calibration = Calibration()
    if can_calibrate(data, rows):
        calibration = calibrate(labels, scores, len(seeds), data.tells[found])
    # How often a label is wrong is asked of real speeches where there are any.
    asked_of = data.real[found] if data.real[found].any() else np.ones(len(found), dtype=bool)
    threshold = review_threshold(*certainty_and_hits(labels[asked_of], scores[asked_of], calibration))
    core = fit_core(data, rows, settings)
    return StanceModel(
        name,
        core.words,
        core.addressed,
        core.sentence_words,
        core.sentence,
        calibration,
        threshold,
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
