"""A speech's text as pieces for the page: sentences, and inside them passages on R2P, the deciding sentence, mentions, cues.

Pieces carry plain text; the template escapes it. Joined, they are the text, code point for code point. Not here: HTML.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.records import Span
from pipeline.stance.sentences import sentences
from pipeline.tables import Row

if TYPE_CHECKING:
    from pipeline.stance.model import StanceModel

#: Longest piece of text that is one sentence on the page: a "sentence" of a damaged text may have a million characters.
_LONGEST = 2000

#: Texts up to this length are never folded; in longer ones, what is this far from every passage may be (code points).
_SHORT, _NEAR = 4000, 500

#: Above this many characters the page shows no cues or passages outside R2P's neighbourhood: nobody reads a million marks.
_MOST_MARKS = 4000


@dataclass(frozen=True, slots=True)
class Mark:
    """A span with its kind: `passage`, `evidence`, `mention`, or `cue` with a direction (`supportive`, ...)."""

    span: Span
    kind: str
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under the same marks; `marks` are class names for the page."""

    text: str
    marks: tuple[str, ...]

    @property
    def classes(self) -> str:
        return " ".join(self.marks)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or the blanks between two (`number` None). `far` sentences may be folded away, `after_gap` follows such a run."""

    number: int | None
    start: int
    end: int
    pieces: tuple[Piece, ...]
    decides: bool
    far: bool = False
    after_gap: bool = False


def marks_of(row: Row, model: StanceModel | None, whole_speech: bool) -> list[Mark]:
    """What the model sees in a speech: passages, mentions and cues; without a model, passages and mentions by the patterns alone."""
    from pipeline.stance.targets import passages as find_passages

    text = row["text"]
    if model is not None:
        judged = model.judge_one(text, whole_speech)
        passages, cues = judged.passages, judged.cues
    else:
        passages, cues = tuple(find_passages(text)), ()
    found = [Mark(Span(*cue.span), "cue", cue.direction) for cue in cues]
    for passage in passages:
        if not (whole_speech and len(passages) == 1):
            found.append(Mark(Span(*passage.span), "passage"))
        found += [Mark(Span(*mention), "mention") for mention in passage.mentions]
    return found[:_MOST_MARKS]


def lay_out(text: str, marks: Iterable[Mark], deciding: Sequence[Span] = ()) -> list[Sentence]:
    """The text cut into sentences and the blanks between, each cut into pieces where marks begin or end."""
    wanted = [*marks, *(Mark(Span(*span), "evidence") for span in deciding)]
    cuts = sorted({at for mark in wanted for at in mark.span})
    result: list[Sentence] = []
    at = 0
    for number, span in enumerate(_bounded(sentences(text))):
        if span.start > at:
            result.append(Sentence(None, at, span.start, _pieces(text, at, span.start, wanted, cuts), False))
        decides = any(s.start < span.end and span.start < s.end for s in deciding)
        result.append(
            Sentence(number, span.start, span.end, _pieces(text, span.start, span.end, wanted, cuts), decides)
        )
        at = span.end
    if at < len(text):
        result.append(Sentence(None, at, len(text), _pieces(text, at, len(text), wanted, cuts), False))
    return result


def folded(
    sentences: Sequence[Sentence], marks: Iterable[Mark], deciding: Sequence[Span] = ()
) -> list[Sentence]:
    """The sentences of a long speech on many subjects, those far from its passages on R2P marked `far`; unchanged where the
    speech is short or has no passage."""
    near = [mark.span for mark in marks if mark.kind == "passage"]
    if not near or not sentences or sentences[-1].end <= _SHORT:
        return list(sentences)
    near += deciding
    result: list[Sentence] = []
    for sentence in sentences:
        far = all(sentence.end < span.start - _NEAR or sentence.start > span.end + _NEAR for span in near)
        gap = not far and bool(result) and result[-1].far
        result.append(replace(sentence, far=far, after_gap=gap))
    return result


def _bounded(spans: Iterable[Span]) -> Iterable[Span]:
    for start, end in spans:
        while end - start > _LONGEST:
            yield Span(start, start + _LONGEST)
            start += _LONGEST
        yield Span(start, end)


def _pieces(text: str, start: int, end: int, marks: Sequence[Mark], cuts: Sequence[int]) -> tuple[Piece, ...]:
    inside = cuts[bisect_right(cuts, start) : bisect_left(cuts, end)]
    edges = [start, *inside, end]
    over = [mark for mark in marks if mark.span.start < end and start < mark.span.end]
    pieces = []
    for a, b in pairwise(edges):
        here = [mark for mark in over if mark.span.start <= a and b <= mark.span.end]
        names = {mark.kind if mark.kind != "cue" else f"cue-{mark.direction}" for mark in here}
        if names & {"cue-supportive", "cue-conditional", "cue-opposed", "cue-theme"}:
            names.add("cue")
        pieces.append(Piece(text[a:b], tuple(sorted(names))))
    return tuple(pieces)
