"""What a model has to beat: the most frequent stance for every speech, and counting cues by the direction that the table gives them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipeline.records import NOT_ADDRESSED, STANCES, Judgement, Stance, Status
from pipeline.stance import features
from pipeline.stance.corpus import Example
from pipeline.stance.evaluation import scores

#: What a cue's direction counts for; "mixed" cues stand for an objection of either kind.
_COUNTS_FOR: dict[str, dict[Stance, float]] = {
    "supportive": {Stance.SUPPORTIVE: 1.0},
    "conditional": {Stance.CONDITIONAL: 1.0},
    "opposed": {Stance.OPPOSED: 1.0},
    "mixed": {Stance.CONDITIONAL: 0.5, Stance.OPPOSED: 0.5},
}
_TURNED = {Stance.SUPPORTIVE: Stance.OPPOSED, Stance.OPPOSED: Stance.SUPPORTIVE}


def baselines(examples: Sequence[Example]) -> dict[str, dict[str, Any]]:
    """`macro_f1` and `accuracy` of the baselines `majority` (which is told the most frequent stance of these very speeches) and
    `cue_count` on labelled speeches."""
    labels = [e.label for e in examples]
    return {
        "majority": _scores(labels, [majority(labels)] * len(labels)),
        "cue_count": _scores(labels, [cue_count(e.text, e.target, e.whole_speech) for e in examples]),
    }


def majority(labels: Sequence[str]) -> str:
    """The most frequent stance among labels; `not_addressed` where there is no stance."""
    counts = Counter(label for label in labels if label != NOT_ADDRESSED)
    return max(map(str, STANCES), key=lambda s: counts[s]) if counts else NOT_ADDRESSED


def cue_count(text: str, target: str, whole_speech: bool = False) -> str:
    """The direction that most cues near the target have; a negated one counts for the other side, one in a clause that reports
    others not at all; moves of an argument are left out. A tie is `conditional`; no cue, or no mention of the target, is `not_addressed`."""
    lexicon = features.lexicon()
    analysis = features.analyse(text, target, whole_speech, lexicon)
    if analysis is None:
        return NOT_ADDRESSED
    directions = {group.name: group.direction for group in lexicon.cues.groups}
    counts: Counter[Stance] = Counter()
    for sentence in analysis.sentences:
        for hit in sentence.hits:
            if not (hit.reported or hit.move):
                for stance, weight in _COUNTS_FOR.get(directions[hit.group], {}).items():
                    counts[_TURNED.get(stance, stance) if hit.negated else stance] += weight  # type: ignore[assignment]
    if not counts:
        return NOT_ADDRESSED
    best = max(counts.values())
    winners = [stance for stance in STANCES if counts[stance] == best]
    return str(winners[0] if len(winners) == 1 else Stance.CONDITIONAL)


def _scores(labels: Sequence[str], guesses: Sequence[str]) -> dict[str, Any]:
    found = scores(labels, [_judgement(guess) for guess in guesses])
    return {key: found[key] for key in ("macro_f1", "accuracy")}


def _judgement(label: str) -> Judgement:
    if label == NOT_ADDRESSED:
        return Judgement(Status.NOT_ADDRESSED, p_addressed=0.0)
    p = [float(label == stance) for stance in STANCES]
    return Judgement(Status.LABELLED, Stance(label), p[0], p[1], p[2], p_addressed=1.0, confidence=1.0)
