"""The stance model at work: a speech's text in, a `Judgement` out. How it was trained is in `pipeline.stance.train`.

Two linear scores over the same features: does the speech take a position at all, and which of the three stances. Both are brought to
probabilities that were calibrated on speeches the model had not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import exp, sqrt
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.records import STANCES, Cue, Judgement, Passage, Span, Stance, Status, ThemeHit
from pipeline.stance import cues as cue_table
from pipeline.stance import features, modelfile, registry
from pipeline.stance.features import Analysis
from pipeline.stance.linear import Floats, Scorer, Vocabulary
from pipeline.stance.targets import R2P

#: A function that finds arguments and measures in a speech and its passages (`pipeline.stance.themes` gives one).
ThemeFinder = Callable[[str, Sequence[Passage]], Sequence[ThemeHit]]

#: From this probability on, a speech counts as taking a position. Below one half, because a position that is passed over is lost, while a
#: speech without one that is labelled meets a reviewer: recall on R2P 0.97 at 0.3 (scripts/cross_validate).
ADDRESSED_FROM = 0.3
#: How many pushing words are shown with a judgement.
_MOST_CUES = 16
#: What it costs a sentence, as evidence, to stand one sentence away from the mention, and what it gains by naming the target. In units of
#: the score per square root of words; tried from 0 to 0.3 on held-out speeches (scripts/cross_validate, `evidence`).
_PER_SENTENCE_AWAY, _NAMED = 0.2, 0.3


@dataclass(frozen=True, slots=True)
class Calibration:
    """From scores to probabilities: `p(addressed) = sigmoid(slope * score + offset)`, `p(stance) = softmax(scale * scores + shift)`.

    Fitted on out-of-fold scores. `silent` is the p_addressed of a speech in which the target is not spoken of at all.
    """

    slope: float = 1.0
    offset: float = 0.0
    scale: float = 1.0
    shift: tuple[float, float, float] = (0.0, 0.0, 0.0)
    silent: float = 0.01

    def addressed(self, score: float) -> float:
        z = self.slope * score + self.offset
        return 1.0 / (1.0 + exp(-z)) if z > -500 else 0.0

    def stances(self, scores: Floats) -> Floats:
        z = self.scale * np.asarray(scores) + np.asarray(self.shift)
        e = np.exp(z - z.max())
        return np.asarray(e / e.sum())


@dataclass(slots=True)
class StanceModel:
    """A trained model. `judge` is pure: the same text gives the same judgement, whatever else is in the batch."""

    name: str
    vocabulary: Vocabulary
    addressed: Scorer
    stance: Scorer
    calibration: Calibration
    review_below: float
    families: tuple[str, ...] = features.FAMILIES
    trained_on: dict[str, Any] = field(default_factory=dict)
    lexicon: features.Lexicon = field(default_factory=features.lexicon)
    themes: ThemeFinder | None = None

    def judge(self, texts: Sequence[str], whole_speech: Sequence[bool], target: str = R2P) -> list[Judgement]:
        """What each speech says of the target. `whole_speech` is true for speeches in debates on the target itself."""
        return [self.judge_one(text, whole, target) for text, whole in zip(texts, whole_speech, strict=True)]

    def judge_one(self, text: str, whole_speech: bool = False, target: str = R2P) -> Judgement:
        """As `judge`, for one speech."""
        analysis = features.analyse(text, target, whole_speech, self.lexicon)
        if analysis is None:
            return self._silent(0, ())
        tables = features.counts(analysis, self.families)
        columns, values = self.vocabulary.vector(tables)
        p_addressed = self.calibration.addressed(float(self.addressed.scores(columns, values)[0]))
        passages = tuple(_passages(analysis))
        if p_addressed < ADDRESSED_FROM:
            certainty = 1.0 - p_addressed
            return Judgement(
                Status.NOT_ADDRESSED,
                p_addressed=p_addressed,
                needs_review=certainty < self.review_below,
                r2p_mentions=analysis.named,
                passages=passages,
                model=self.name,
            )
        p = self.calibration.stances(self.stance.scores(columns, values))
        best = int(p.argmax())
        evidence, cues = self._evidence(analysis, columns, values, best)
        confidence = float(p[best])
        return Judgement(
            Status.LABELLED,
            stance=STANCES[best],
            p_opposed=float(p[0]),
            p_conditional=float(p[1]),
            p_supportive=float(p[2]),
            p_addressed=p_addressed,
            confidence=confidence,
            needs_review=confidence * p_addressed < self.review_below,
            evidence=evidence,
            r2p_mentions=analysis.named,
            themes=tuple(self.themes(text, passages)) if self.themes else (),
            cues=cues,
            passages=passages,
            model=self.name,
        )

    def _silent(self, mentions: int, passages: tuple[Passage, ...]) -> Judgement:
        return Judgement(
            Status.NOT_ADDRESSED,
            p_addressed=self.calibration.silent,
            r2p_mentions=mentions,
            passages=passages,
            model=self.name,
        )

    def _evidence(
        self, analysis: Analysis, columns: Any, values: Floats, best: int
    ) -> tuple[Span | None, tuple[Cue, ...]]:
        """The sentence that pushed most toward the label, and the words and phrases that pushed."""
        weights = self.stance.weights
        push: dict[int, float] = {}
        margins = weights[best] - (weights.sum(axis=0) - weights[best]) / (len(STANCES) - 1)
        margins = margins + self.addressed.weights[0]
        for column, value in zip(columns.tolist(), (margins[columns] * values).tolist(), strict=True):
            push[column] = value
        words = self.vocabulary.columns.get("words", {})
        own = self.vocabulary.columns.get("mention", {})
        cue_columns = self.vocabulary.columns.get("cues", {})
        ranked: list[tuple[float, int]] = []
        found: dict[Span, Cue] = {}
        for i, sentence in enumerate(analysis.sentences):
            if sentence.distance > 3 and not analysis.whole:
                continue
            score = 0.0
            stems = [features.stem(t) for t in sentence.tokens]
            for k, word in enumerate(stems):
                part = push.get(words.get(word, -1), 0.0)
                if k + 1 < len(stems):
                    pair = f"{word} {stems[k + 1]}"
                    both = push.get(words.get(pair, -1), 0.0)
                    if sentence.distance == 0:
                        both += push.get(own.get(pair, -1), 0.0)
                    score += both
                if sentence.distance == 0:
                    part += push.get(own.get(word, -1), 0.0)
                score += part
            for hit in sentence.hits:
                name = hit.group + ("-" if hit.negated else "") + ("?" if hit.reported else "")
                part = push.get(cue_columns.get(name, -1), 0.0)
                if sentence.distance == 0:
                    part += push.get(cue_columns.get("@" + name, -1), 0.0)
                score += part
                column = cue_columns.get(name)
                if column is not None:
                    row = weights[:, column]
                    side = int(row.argmax())
                    span = analysis.reading.source(
                        Span(sentence.spots[hit.first].start, sentence.spots[hit.last - 1].end)
                    )
                    found[span] = Cue(span, str(STANCES[side]), round(float(row[side] - row.mean()), 4))
            # A long sentence has more words to push with; what decides is mostly said where the norm is named.
            score = score / sqrt(len(stems) + 4.0)
            score -= _PER_SENTENCE_AWAY * min(sentence.distance, 4) - (
                _NAMED if "named" in sentence.kinds else 0.0
            )
            ranked.append((score, -i))
        if not ranked:
            return None, ()
        chosen = analysis.sentences[-max(ranked)[1]]
        strongest = sorted(found.values(), key=lambda c: (-abs(c.weight), c.span))[:_MOST_CUES]
        return analysis.reading.source(chosen.span), tuple(sorted(strongest, key=lambda c: c.span))

    def save(self, folder: Path) -> None:
        """Writes the model into a folder (`model.npz`, `model.json`)."""
        words = {
            "name": self.name,
            "families": list(self.families),
            "columns": {f: list(known) for f, known in self.vocabulary.columns.items()},
            "scale": self.vocabulary.scale,
            "calibration": {
                "slope": self.calibration.slope,
                "offset": self.calibration.offset,
                "scale": self.calibration.scale,
                "shift": list(self.calibration.shift),
                "silent": self.calibration.silent,
            },
            "review_below": self.review_below,
            "trained_on": self.trained_on,
            "names": sorted(self.lexicon.names),
            "cues": [
                [g.name, g.direction, [" ".join(p) for p in g.phrases]] for g in self.lexicon.cues.groups
            ],
        }
        arrays: dict[str, Any] = {
            "rarity": self.vocabulary.rarity.astype(np.float32),
            "addressed": self.addressed.weights.astype(np.float16),
            "addressed_intercepts": self.addressed.intercepts,
            "stance": self.stance.weights.astype(np.float16),
            "stance_intercepts": self.stance.intercepts,
        }
        modelfile.write(folder, words, arrays)


def _find_themes(text: str, passages: Sequence[Passage]) -> Sequence[ThemeHit]:
    """The themes of a speech's passages; spaCy and the table of themes are loaded at the first call."""
    from pipeline.stance import themes

    return themes.find_themes(text, [passage.span for passage in passages])


def load_model(path: Path | None = None, *, themes: bool = False) -> StanceModel:
    """A model from its folder (default: the one named in models/CURRENT); with `themes`, its judgements name them too.

    Raises InputError in words when it cannot be used.
    """
    folder = registry.model_in_use() if path is None else path
    if folder.is_file():
        folder = folder.parent
    words, arrays = modelfile.read(folder)
    try:
        columns: dict[str, dict[str, int]] = {}
        at = 0
        for family in words["families"]:
            names = words["columns"][family]
            columns[family] = dict(zip(names, range(at, at + len(names)), strict=True))
            at += len(names)
        vocabulary = Vocabulary(columns, arrays["rarity"].astype(np.float64), words["scale"])
        calibration = words["calibration"]
        groups = tuple(
            cue_table.Group(n, d, tuple(tuple(p.split()) for p in phrases)) for n, d, phrases in words["cues"]
        )
        model = StanceModel(
            name=words["name"],
            vocabulary=vocabulary,
            addressed=Scorer(arrays["addressed"].astype(np.float64), arrays["addressed_intercepts"]),
            stance=Scorer(arrays["stance"].astype(np.float64), arrays["stance_intercepts"]),
            calibration=Calibration(
                calibration["slope"],
                calibration["offset"],
                calibration["scale"],
                tuple(calibration["shift"]),
                calibration["silent"],
            ),
            review_below=words["review_below"],
            families=tuple(words["families"]),
            trained_on=words["trained_on"],
            lexicon=features.Lexicon(frozenset(words["names"]), cue_table.Cues(groups)),
            themes=_find_themes if themes else None,
        )
        if model.stance.weights.shape != (
            len(STANCES),
            vocabulary.width,
        ) or model.addressed.weights.shape != (1, vocabulary.width):
            raise ValueError("weights and words do not fit together")
    except (KeyError, TypeError, ValueError) as error:
        raise modelfile.refuse(
            folder, "damaged_model", f"The model is incomplete ({error}).", "Train it again or take another."
        ) from error
    return model


def _passages(analysis: Analysis) -> list[Passage]:
    out = []
    for first, last in analysis.runs:
        span = Span(analysis.sentences[first].span.start, analysis.sentences[last].span.end)
        inside = tuple(
            analysis.reading.source(m.span)
            for m in analysis.mentions
            if m.kind != "off" and span.start <= m.span.start < span.end
        )
        out.append(Passage(analysis.reading.source(span), inside))
    return out


__all__ = ["Calibration", "Stance", "StanceModel", "ThemeFinder", "load_model"]
