"""The stance model at work: a speech's text in, a `Judgement` out. How it was trained is in `pipeline.stance.train`.

Two linear scorers: does the speech take a position at all, and what each of its sentences says. Their scores are summed up (`combine`) and brought to
probabilities that were calibrated on speeches the model had not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.records import LABELS, STANCES, Cue, Judgement, Passage, Span, Stance, Status, ThemeHit
from pipeline.stance import cues as cue_table
from pipeline.stance import features, modelfile, registry
from pipeline.stance.combine import WHICH, WIDTH, Calibration, limiting, log_odds, summary
from pipeline.stance.evidence import deciding
from pipeline.stance.features import Analysis
from pipeline.stance.linear import Floats, Scorer, Vocabulary
from pipeline.stance.scoring import Scoring
from pipeline.stance.targets import R2P

#: A function that finds arguments and measures in a speech and its passages (`pipeline.stance.themes` gives one).
ThemeFinder = Callable[[str, Sequence[Passage]], Sequence[ThemeHit]]

#: From this probability on, a speech counts as taking a position. Below one half, because a position that is passed over is lost, while a
#: speech without one that is labelled meets a reviewer: recall on R2P 0.97 at 0.3 (scripts/cross_validate).
ADDRESSED_FROM = 0.3
#: How many pushing words are shown with a judgement.
_MOST_CUES = 16


@dataclass(slots=True)
class StanceModel:
    """A trained model. `judge` is pure: the same text gives the same judgement, whatever else is in the batch."""

    name: str
    words: Vocabulary
    addressed: Scorer
    sentence_words: Vocabulary
    sentence: Scorer
    calibration: Calibration
    review_below: float
    trained_on: dict[str, Any] = field(default_factory=dict)
    lexicon: features.Lexicon = field(default_factory=features.lexicon)
    themes: ThemeFinder | None = None
    _scoring: Scoring | None = field(default=None, init=False, repr=False, compare=False)
    _pushing: dict[str, tuple[str, float]] | None = field(default=None, init=False, repr=False, compare=False)

    def judge(self, texts: Sequence[str], whole_speech: Sequence[bool], target: str = R2P) -> list[Judgement]:
        """What each speech says of the target. `whole_speech` is true for speeches in debates on the target itself. The words that pushed a label are left
        out: only who looks at a single speech looks at them."""
        pairs = zip(texts, whole_speech, strict=True)
        return [self.judge_one(text, whole, target, cues=False) for text, whole in pairs]

    def judge_one(
        self, text: str, whole_speech: bool = False, target: str = R2P, *, cues: bool = True
    ) -> Judgement:
        """What one speech says; with `cues`, and which words pushed the label."""
        analysis = features.analyse(text, target, whole_speech, self.lexicon)
        if analysis is None:
            return self._silent(0, ())
        near = features.near(analysis)
        spoken, scores = self.scores(analysis, near)
        found = summary(spoken, scores, [analysis.sentences[i].distance for i in near])
        p_addressed = self.calibration.p_addressed(found)
        passages = tuple(_passages(analysis))
        if p_addressed < ADDRESSED_FROM:
            certainty = 1.0 - p_addressed
            return Judgement(
                Status.NOT_ADDRESSED,
                p_addressed=p_addressed,
                needs_review=certainty < self.review_below,
                r2p_mentions=analysis.named,
                passages=passages,
                limiting=limiting(scores),
                model=self.name,
            )
        p = self.calibration.p_stances(found)
        best = int(p.argmax())
        decided = deciding([analysis.sentences[i] for i in near], log_odds(scores)[:, best])
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
            evidence=analysis.reading.source(decided) if decided else None,
            r2p_mentions=analysis.named,
            themes=tuple(self.themes(text, passages)) if self.themes else (),
            cues=self._cues(analysis, near) if cues else (),
            passages=passages,
            limiting=limiting(scores),
            model=self.name,
        )

    def scores(self, analysis: Analysis, asked: Sequence[int]) -> tuple[float, Floats]:
        """How far a speech takes a position, and what its sentences at `asked` say: an array of shape (sentences, labels)."""
        if self._scoring is None:
            self._scoring = Scoring(self.words, self.addressed, self.sentence_words, self.sentence)
        return self._scoring.scores(analysis, asked)

    def _silent(self, mentions: int, passages: tuple[Passage, ...]) -> Judgement:
        return Judgement(
            Status.NOT_ADDRESSED,
            p_addressed=self.calibration.silent,
            r2p_mentions=mentions,
            passages=passages,
            model=self.name,
        )

    def _cues(self, analysis: Analysis, near: Sequence[int]) -> tuple[Cue, ...]:
        """The phrases that weighed most, in the order of the text, each with the stance it speaks for."""
        if self._pushing is None:
            self._pushing = {
                name: _pushes(self.sentence.weights[: len(STANCES), column])
                for name, column in self.sentence_words.columns.get("cues", {}).items()
            }
        found: dict[tuple[int, int, int], tuple[str, float]] = {}
        for i in near:
            for hit in analysis.sentences[i].hits:
                if (push := self._pushing.get(hit.feature)) is not None:
                    found[i, hit.first, hit.last] = push
        strongest = sorted(found, key=lambda place: (-abs(found[place][1]), place))[:_MOST_CUES]
        spots = {i: features.spots(analysis.reading.text, analysis.sentences[i]) for i, _, _ in strongest}
        cues = []
        for place in strongest:
            i, first, last = place
            span = Span(spots[i][first][0], spots[i][last - 1][1])
            cues.append(Cue(analysis.reading.source(span), *found[place]))
        return tuple(sorted(cues, key=lambda c: c.span))

    def save(self, folder: Path) -> None:
        """Writes the model into a folder (`model.npz`, `model.json`)."""
        words = {
            "name": self.name,
            "speech": _listed(self.words),
            "sentence": _listed(self.sentence_words),
            "calibration": asdict(self.calibration),
            "review_below": self.review_below,
            "trained_on": self.trained_on,
            "names": sorted(self.lexicon.names),
            "cues": [
                [g.name, g.direction, [" ".join(p) for p in g.phrases], g.move]
                for g in self.lexicon.cues.groups
            ],
        }
        arrays: dict[str, Any] = {
            "rarity": self.words.rarity.astype(np.float32),
            "addressed": self.addressed.weights.astype(np.float16),
            "addressed_intercepts": self.addressed.intercepts,
            "sentence_rarity": self.sentence_words.rarity.astype(np.float32),
            "sentence": self.sentence.weights.astype(np.float16),
            "sentence_intercepts": self.sentence.intercepts,
        }
        modelfile.write(folder, words, arrays)


def _pushes(weights: Floats) -> tuple[str, float]:
    """The stance that a cue with these weights speaks for, and how strongly."""
    side = int(weights.argmax())
    return str(STANCES[side]), round(float(weights[side] - weights.mean()), 4)


def _listed(words: Vocabulary) -> dict[str, Any]:
    return {
        "families": list(words.columns),
        "columns": {f: list(known) for f, known in words.columns.items()},
        "scale": words.scale,
    }


def _vocabulary(listed: dict[str, Any], rarity: Floats) -> Vocabulary:
    columns: dict[str, dict[str, int]] = {}
    at = 0
    for family in listed["families"]:
        names = listed["columns"][family]
        columns[family] = dict(zip(names, range(at, at + len(names)), strict=True))
        at += len(names)
    if at != len(rarity):
        raise ValueError("weights and words do not fit together")
    return Vocabulary(columns, rarity.astype(np.float64), listed["scale"])


def _calibration(values: dict[str, Any]) -> Calibration:
    stances = tuple(tuple(float(x) for x in row) for row in values["stances"])
    shift = tuple(float(x) for x in values["shift"])
    addressed = tuple(float(x) for x in values["addressed"])
    lengths = [len(addressed), len(shift), *(len(row) for row in stances)]
    if lengths != [len(Calibration().addressed), len(STANCES), *[WIDTH - WHICH] * len(STANCES)]:
        raise ValueError("the calibration has another shape")
    return Calibration(addressed, float(values["offset"]), stances, shift, float(values["silent"]))


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
        groups = tuple(
            cue_table.Group(name, direction, tuple(tuple(p.split()) for p in phrases), move)
            for name, direction, phrases, move in words["cues"]
        )
        model = StanceModel(
            name=words["name"],
            words=_vocabulary(words["speech"], arrays["rarity"]),
            addressed=Scorer(arrays["addressed"].astype(np.float64), arrays["addressed_intercepts"]),
            sentence_words=_vocabulary(words["sentence"], arrays["sentence_rarity"]),
            sentence=Scorer(arrays["sentence"].astype(np.float64), arrays["sentence_intercepts"]),
            calibration=_calibration(words["calibration"]),
            review_below=words["review_below"],
            trained_on=words["trained_on"],
            lexicon=features.Lexicon(frozenset(words["names"]), cue_table.Cues(groups)),
            themes=_find_themes if themes else None,
        )
        shapes = {
            "addressed": (model.addressed.weights.shape, (1, model.words.width)),
            "sentence": (model.sentence.weights.shape, (len(LABELS), model.sentence_words.width)),
        }
        if any(found != wanted for found, wanted in shapes.values()):
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


__all__ = ["Stance", "StanceModel", "ThemeFinder", "load_model"]
