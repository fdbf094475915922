"""From what a speech's sentences say to what the speech says: scores summed up, and probabilities made of them.

One sentence decides many speeches: nine that endorse and one that sets a limit are `conditional` by the codebook. So the stance is read from the
sentences, each scored by itself, and not from the words of all of them together, in which the one is lost (`scripts/cross_validate --ablations`
prints both).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from pipeline.records import LABELS, NOT_ADDRESSED, STANCES, Stance
from pipeline.stance.features import NEAR
from pipeline.stance.linear import Floats

_STANCES = len(STANCES)
_NOTHING = LABELS.index(NOT_ADDRESSED)
_LIMITS = [LABELS.index(label) for label in (Stance.OPPOSED, Stance.CONDITIONAL)]

#: Length of a summary: the speech's own score of taking a position, the least and the second least log odds of "nothing said" among its sentences, for each
#: stance the greatest log odds, for each stance how much of it there is, and how much in the second half of the sentences (what comes last weighs more: limits follow
#: endorsements), for each stance its share of all that is said for one, and the logarithm of the number of sentences: the greatest of thirty is greater by chance than that of five.
WIDTH = 4 + 4 * _STANCES
#: From here on a summary tells which stance; before it, whether there is one.
WHICH = 3
#: Up to so many sentences the number tells nothing.
FEW = 5
#: Keep the logarithm of an amount of nothing finite, that of a share, and log odds of a certain sentence.
_LITTLE, _EVEN, _SURE = 0.1, 0.3, 1e-6


def _log_p(scores: Floats) -> Floats:
    top = scores.max(axis=1, keepdims=True)
    return np.asarray(scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True)))


def log_odds(scores: Floats) -> Floats:
    """Of each label against the others, for scores of shape (sentences, labels); at most about 14, where a sentence is certain."""
    if not len(scores):
        return scores
    return _odds(_log_p(scores))


def _odds(likely: Floats) -> Floats:
    return np.asarray(likely - np.log1p(-np.minimum(np.exp(likely), 1 - _SURE)))


def summary(speech: float, sentences: Floats, distances: Sequence[int]) -> Floats:
    """Sums up a speech: its own score and its sentences' scores, an array of shape (sentences, labels) in the order of LABELS,
    with each sentence's distance to a mention. Gives an array of length WIDTH; zeros for the sentences' part where there are none."""
    found = np.zeros(WIDTH)
    found[0] = speech
    if not len(sentences):
        return found
    likely = _log_p(sentences)
    odds, p = _odds(likely), np.exp(likely)
    near = np.array([NEAR[min(d, len(NEAR) - 1)] for d in distances])
    nothing = np.sort(odds[:, _NOTHING])
    found[1], found[2] = nothing[0], nothing[min(1, len(nothing) - 1)]
    greatest, amount, later, shares = (
        slice(WHICH + k * _STANCES, WHICH + (k + 1) * _STANCES) for k in range(4)
    )
    found[greatest] = odds[:, :_STANCES].max(axis=0)
    # Squares, because ten sentences that are a little like a limit make none.
    weighed = near[:, None] * p[:, :_STANCES] ** 2
    found[amount] = np.log(weighed.sum(axis=0) + _LITTLE)
    found[later] = np.log(weighed[len(p) // 2 :].sum(axis=0) + _LITTLE)
    share = p[:, :_STANCES].sum(axis=0) + _EVEN
    found[shares] = np.log(share / share.sum())
    found[-1] = np.log(max(len(sentences), FEW))
    return found


def asked(found: Floats) -> Floats:
    """What of summaries, of shape (..., WIDTH), tells whether a position is taken, of shape (..., 6): the score of the speech, the two sentences that say most, the
    number of sentences beyond FEW, and how much less the score and the strongest sentence tell the more there are."""
    more = found[..., -1:] - np.log(FEW)
    return np.concatenate([found[..., :WHICH], more, found[..., :2] * more], axis=-1)


def limiting(sentences: Floats) -> float:
    """How many sentences are expected to limit or reject the target, for scores of shape (sentences, labels)."""
    return float(np.exp(_log_p(sentences))[:, _LIMITS].sum()) if len(sentences) else 0.0


def _greatest() -> tuple[tuple[float, ...], ...]:
    """Weights that take the greatest log odds of each stance as it is."""
    rows = np.zeros((_STANCES, WIDTH - WHICH))
    rows[:, :_STANCES] = np.eye(_STANCES)
    return tuple(map(tuple, rows.tolist()))


@dataclass(frozen=True, slots=True)
class Calibration:
    """From a summary to probabilities: `p(addressed) = sigmoid(addressed . asked(summary) + offset)` and
    `p(stance) = softmax(stances . summary[WHICH:] + shift)`.

    Fitted on out-of-fold summaries (`pipeline.stance.train.calibrate`). `silent` is the p_addressed of a speech in which no words for the target
    are found: an estimate, since of 296 speeches that were labelled because they bear on a target, 5 name it in no way that the program knows and 4 of
    these take a position, while in a folder of records nearly all silent speeches are on other matters. They are not put before a person, but the audit draws from them.
    """

    addressed: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    offset: float = 0.0
    stances: tuple[tuple[float, ...], ...] = _greatest()
    shift: tuple[float, ...] = (0.0,) * _STANCES
    silent: float = 0.05

    def p_addressed(self, found: Floats) -> float:
        """How probable it is that the speech takes a position."""
        z = float(np.dot(self.addressed, asked(found))) + self.offset
        return 1.0 / (1.0 + exp(-z)) if z > -500 else 0.0

    def p_stances(self, found: Floats) -> Floats:
        """The probabilities of the three stances of a speech that takes a position, in the order of STANCES."""
        z = np.asarray(self.stances) @ found[WHICH:] + np.asarray(self.shift)
        e = np.exp(z - z.max())
        return np.asarray(e / e.sum())
