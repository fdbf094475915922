"""What is heard in a meeting, with no mark of who speaks (captions of a video, a bare transcript) -> turns, by who is given the floor.

"I now give the floor to the representative of Exampland." ends the chair's turn; "I thank the representative of Exampland" before the next such
sentence begins it again. Not here: transcripts that name the speaker (`pipeline.split.dialogue`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.records import Role
from pipeline.split.dialogue import Convention, Found, Turn
from pipeline.split.prose import SENTENCE_STOP, Placed
from pipeline.split.turns import Who

if TYPE_CHECKING:
    from pipeline.split.states import State, States

_GIVES = re.compile(
    r"\b(?:(?:give|giving|pass|yield|return|hand(?:ing)?)\s+(?:back\s+)?the\s+floor\s+(?:now\s+)?(?:over\s+|back\s+)?to|the\s+floor\s+(?:now\s+)?(?:goes|is\s+(?:now\s+)?(?:given|yours))\s*,?\s*(?:to\b)?|"
    r"(?:the|our|my)\s+next\s+speaker\s+(?:on\s+(?:my|the)\s+list\s+)?(?:is|will\s+be)|"
    r"I\s+(?:now\s+)?call\s+(?:up)?on(?=\s+the\s+(?:distinguished\s+)?(?:permanent\s+)?(?:representative|delegate|delegation|observer)\b))\s+",
    re.IGNORECASE,
)
_THANKS = re.compile(r"\b(?:I|we)\s+(?:would\s+like\s+to\s+)?thank\s+(?=[^.!?]{2,160})", re.IGNORECASE)
#: Between "give the floor to" and the State's name: an office, a name with its titles.
_UP_TO_STATE = 170
#: Thanks to the last speaker are so many characters before the next is called at most.
_THANKS_REACH = 700
#: The sentence that gives the floor ends within so many characters of the State's name.
_REST = 170
#: The sentence that gives the floor begins so many characters before it does so at most.
_BACK = 240
_DELEGATE = re.compile(
    r"\b(?:representative|delegate|delegation|ambassador|minister|mission|observer|excellency|president|secretary|colleague|h\.\s?e)\b",
    re.IGNORECASE,
)

CONVENTION = Convention(
    "the chair gives the floor",
    "I give the floor to the representative of Norway.",
    False,
    "heard",
    lambda *_: None,
)


class Call(NamedTuple):
    """The floor given to a State: where the sentence begins and ends in the text, and as it is said."""

    start: int
    end: int
    state: State
    said: str


def find_calls(text: str, states: States, date: str | None = None) -> list[Call]:
    """Every place where the floor is given to a State, in order."""
    calls: list[Call] = []
    for match in _GIVES.finditer(text):
        if calls and match.start() < calls[-1].end:
            continue
        named = _named_after(text, match.end(), states, date)
        if named is None:
            continue
        state, after = named
        stop = SENTENCE_STOP.search(text, after, after + _REST)
        end = stop.end() if stop else after
        start = _sentence_start(text, match.start())
        calls.append(Call(start, end, state, " ".join(text[start:end].split())))
    return calls


def _named_after(text: str, at: int, states: States, date: str | None) -> tuple[State, int] | None:
    stop = SENTENCE_STOP.search(text, at, at + _UP_TO_STATE)
    window = text[at : stop.start() if stop else at + _UP_TO_STATE]
    for span, state in states.find_in(window, date):
        before = window[: span.start]
        if re.fullmatch(r"(?:the\s+)?", before.strip() + " ", re.IGNORECASE) or not before.strip():
            return state, at + span.end
        if _DELEGATE.search(before) or re.search(r"\bof\s+(?:the\s+)?$|,\s*$", before):
            return state, at + span.end
    return None


def _sentence_start(text: str, at: int) -> int:
    stops = [match.end() for match in SENTENCE_STOP.finditer(text, max(0, at - _BACK), at)]
    begin = stops[-1] if stops else (0 if at < _BACK else at)
    return begin + len(text[begin:at]) - len(text[begin:at].lstrip())


def recognise(
    lines: Sequence[Placed], states: States, date: str | None = None
) -> tuple[Convention, list[Placed], list[Turn]] | None:
    """The lines, cut where turns begin, and the turns; None where the floor is given to fewer than two States.

    One call is enough at the very beginning of a document: the rest is that State's.
    """
    text = "\n".join(placed.line.text for placed in lines)
    if not _GIVES.search(text):
        return None
    calls = find_calls(text, states, date)
    if not calls or (
        len({call.state.name for call in calls}) < 2
        and not (len(calls) == 1 and len(text[: calls[0].end].split()) <= 60)
    ):
        return None
    cuts: list[tuple[int, Found]] = []
    speaking: State | None = None
    begun = 0  # where the turn at hand begins
    for call in calls:
        chair = _thanks_before(text, begun, call.start, speaking, states, date)
        if not cuts and text[:chair].strip():
            # What was said before: by whom, the chair's thanks tell; without thanks it is the chair's own.
            if before := _thanked(text[chair : call.end], states, date):
                said = " ".join(text[chair : call.end].split())[:200]
                cuts.append((0, Found(Who(None, before, None, Role.DELEGATE), said, 0)))
            else:
                chair = 0
        cuts.append((chair, Found(Who(None, None, "Chair", Role.PRESIDENCY), "", 0)))
        cuts.append((call.end, Found(Who(None, call.state, None, Role.DELEGATE), call.said[:200], 0)))
        speaking, begun = call.state, call.end
    closing = _thanks_before(text, begun, len(text), speaking, states, date)
    if closing < len(text) and begun < closing:
        cuts.append((closing, Found(Who(None, None, "Chair", Role.PRESIDENCY), "", 0)))
    return (CONVENTION, *_cut(lines, cuts))


def _thanks_before(
    text: str, begun: int, end: int, speaking: State | None, states: States, date: str | None
) -> int:
    """Where the chair begins to speak: thanks to the speaker at hand (anyone where that is not known) shortly before `end`, else `end`."""
    for match in _THANKS.finditer(text, max(begun, end - _THANKS_REACH), end):
        thanked = _thanked(text[match.start() : end], states, date)
        if thanked and (speaking is None or thanked.name == speaking.name):
            return match.start()
    return end


def _thanked(text: str, states: States, date: str | None) -> State | None:
    match = _THANKS.search(text)
    if match is None:
        return None
    stop = SENTENCE_STOP.search(text, match.end())
    sentence = text[match.end() : stop.start() if stop else match.end() + _UP_TO_STATE]
    named = states.find_in(sentence, date)
    if not named:
        return None
    span, state = named[0]
    before = sentence[: span.start]
    return state if not before.strip() or before.strip() == "the" or _DELEGATE.search(before) else None


def _cut(lines: Sequence[Placed], cuts: Sequence[tuple[int, Found]]) -> tuple[list[Placed], list[Turn]]:
    """The lines, parted at the given places of their text (joined by newlines), and the turns that begin there."""
    out: list[Placed] = []
    turns: list[Turn] = []
    waiting = list(cuts)
    at = 0
    for placed in lines:
        text, start = placed.line.text, 0
        while waiting and waiting[0][0] <= at + len(text):
            place, found = waiting.pop(0)
            cut = max(0, place - at)
            if text[start:cut].strip():
                out.append(placed._replace(line=placed.line._replace(text=text[start:cut], bold=())))
            start = max(start, cut)
            turns.append(Turn(len(out), found))
        if start == 0 or text[start:].strip():
            out.append(
                placed._replace(
                    line=placed.line._replace(text=text[start:], bold=placed.line.bold if start == 0 else ())
                )
            )
        at += len(text) + 1
    return out, [turn for turn in turns if turn.at < len(out)]
