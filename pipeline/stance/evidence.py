"""Which sentence is shown as the one that decided: the choice that readers make, as far as rules can tell it.

Readers do not take the sentence that speaks most strongly for a label: once it speaks for it at all, they take the one that names the norm, or takes
it up right after it was named ("we must develop that concept further"), and asks or holds something, before one that tells what was adopted. The
weights were tried on speeches that the model had not seen (`scripts/cross_validate` prints `evidence`); a ranker that was learned from the same 400 choices did no better (docs/model.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.records import Span
from pipeline.stance.features import Sentence
from pipeline.stance.linear import Floats

#: Beyond these log odds a sentence speaks for the label well enough, and more of it counts only a little.
_ENOUGH, _MORE = 0.5, 0.05
#: What it costs to stand next to a mention instead of in its sentence, and what each further sentence costs, up to four.
_BESIDE, _AWAY, _FARTHEST = 1.0, 0.3, 4
_NAMES, _ASKS = 1.0, 0.5
#: What it costs to tell what was adopted; twice that where nobody speaks for themselves.
_TELLS = 0.5

#: What takes up the norm that the sentence before has named.
_TAKES_UP = re.compile(
    r"\b(?:this|that|such|its|the said)(?: an?)?(?: [\w-]+)? (?:concept|principle|norm|notion|doctrine|idea|commitment|arrangement"
    r"|approach|framework|advance|instrument|responsibilit(?:y|ies)|obligation|duty)\b"
)

_ASKING = frozenset(["must", "should", "need", "needs", "ought"])
_OWN = frozenset(["i", "we", "our", "my", "us"])
_TELLING = frozenset(
    [
        "was",
        "were",
        "had",
        "recalled",
        "adopted",
        "agreed",
        "endorsed",
        "approved",
        "recognized",
        "accepted",
        "established",
    ]
)


def deciding(sentences: Sequence[Sentence], odds: Floats) -> Span | None:
    """The deciding sentence's span in the reading, given for each sentence the log odds that it says what the label says; the first of equals.
    None where there are no sentences."""
    if not sentences:
        return None
    named_before = [False, *(sentence.distance == 0 for sentence in sentences[:-1])]
    rank = [_rank(*each) for each in zip(sentences, odds.tolist(), named_before, strict=True)]
    return sentences[max(range(len(rank)), key=lambda i: (rank[i], -i))].span


def _rank(sentence: Sentence, odds: float, named_before: bool) -> float:
    tokens = sentence.tokens
    away = min(sentence.distance, _FARTHEST)
    taken_up = named_before and away == 1 and bool(_TAKES_UP.search(" ".join(tokens)))
    telling = not _TELLING.isdisjoint(tokens)
    return (
        min(odds, _ENOUGH)
        + _MORE * odds
        - _BESIDE * (away > 0 and not taken_up)
        - _AWAY * away
        + _NAMES * (taken_up or "named" in sentence.kinds)
        + _ASKS * (not _ASKING.isdisjoint(tokens))
        - _TELLS * telling * (1 + _OWN.isdisjoint(tokens))
    )
