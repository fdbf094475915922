"""Summaries of a meeting in the third person (summary records, press releases) -> who each paragraph is about.

"Ms. EXAMPLE (Exampland) said that ...", in summary records with numbered paragraphs. The words are those of a reporter, not of the speaker:
the meeting's kind says so, and every such label waits for a person. Not here: verbatim records, how the turns become speeches (`pipeline.split.dialogue`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.records import Line, Role, SpeechType
from pipeline.split.dialogue import Convention, Found, Turn, bracketed, office
from pipeline.split.prose import SENTENCE_STOP, stands_out
from pipeline.split.turns import Who

if TYPE_CHECKING:
    from pipeline.split.states import States

_NUMBER = re.compile(r"^\s*\d{1,3}\.\s+")
_NAMED = re.compile(
    r"^(?P<label>(?:(?i:mr|ms|mrs|mme|dr|sir|dame|msgr|monsignor|archbishop|prince|princess|sheikh)\b\.?\s+[^()]{2,60}?|(?:[A-ZÀ-ÖØ-Ý][A-ZÀ-ÖØ-Ýa-z’'.-]*\s+){1,6}?)\s*"
    r"\((?P<inside>[^()]{2,80}(?:\([^()]*\)[^()]*)?)\))(?P<after>\s*,|\s+[a-z])"
)
#: "The representative of Exampland said ...", "In exercise of the right of reply, the representative of ..."
_DELEGATE = re.compile(
    r"^(?:[A-Z][^.:()]{0,90}?,\s+)?[Tt]he\s+(?:(?:permanent|deputy|acting)\s+)*(?:representative|delegate|observer|delegation)\s+(?:of|for)\s+(?:the\s+)?(?P<name>[A-Z][^,.:;]{2,70}?)(?=\s*,|\s+[a-z]+(?:ed|aid|poke|ook|ade|old)\b)"
)
_CHAIR = re.compile(
    r"^The\s+(?P<label>(?:Acting\s+|Temporary\s+|Co-|Vice-)*(?:Chair\w*|President|CHAIR\w*|PRESIDENT))\b(?:\s*\([^)]{2,60}\))?,?\s+(?:[a-z]|speaking)"
)
#: What a summary says that somebody did: in the first sentence after the name.
_PAST = re.compile(
    r"\b(?:said|spoke|drew|took|made|told|thought|felt|held|found|gave|put|saw|was|were|had|[a-z]{3,}ed|quoting|noting)\b"
)
#: "..., speaking also on behalf of the Nordic countries, said ..."
_BEHALF = re.compile(
    r",\s+(?P<said>(?:speaking\s+|also\s+)*(?:on\s+behalf\s+of|for)\s+[^:]{3,200}?),?\s+(?:said|[a-z]{3,}ed)\b"
)
_REPLY = re.compile(r"\bright\s+of\s+reply\b", re.IGNORECASE)
#: What ends a turn and belongs to nobody: headings of parts, what the meeting did, the press officers' last line.
_MEETING = re.compile(
    r"^(?:The\s+meeting\s+(?:rose|was|resumed)\b|(?:several|some|many|most|other|a\s+number\s+of|a\s+few)\s+(?:other\s+)?(?:delegations|states|speakers|representatives|members|participants|panellists)\b|Agenda\s+item\b|For\s+information\s+media\b|\*+\s*\*|_{3,})",
    re.IGNORECASE,
)

#: As many States make a summary.
_FEWEST = 2
#: So many lines of a paragraph are looked at for its first verb.
_AHEAD = 5

CONVENTION = Convention(
    "Name (Country) said", "Ms. EXAMPLE (Norway) said that ...", True, "said", lambda *_: None, kind="summary"
)


def recognise(
    lines: Sequence[Line], states: States, date: str | None = None
) -> tuple[Convention, list[Turn], set[int]] | None:
    """The paragraphs that tell what a delegate said, and the lines that end them; None where this is no summary."""
    turns: list[Turn] = []
    stops: set[int] = set()
    for i, line in enumerate(lines):
        above = lines[i - 1] if i else None
        text = line.text.strip()
        number = _NUMBER.match(line.text)
        if not text or not (number or stands_out(line, above)):
            continue
        rest = number.end() if number else 0
        ahead = _NUMBER.sub("", _paragraph(lines, i))
        if found := _found(ahead, rest, states, date):
            turns.append(Turn(i, found))
        elif _MEETING.match(ahead) or (not number and _is_heading(lines, i)):
            stops.add(i)
    speaking = {turn.found.who.state.name for turn in turns if turn.found.who.state}
    return (CONVENTION, turns, stops) if len(speaking) >= _FEWEST else None


def _paragraph(lines: Sequence[Line], i: int) -> str:
    """The beginning of the paragraph at line `i`, in one line."""
    taken = [lines[i].text.strip()]
    for above, line in pairwise(lines[i : i + _AHEAD]):
        if not line.text.strip() or _NUMBER.match(line.text) or stands_out(line, above):
            break
        taken.append(line.text.strip())
    return " ".join(taken)


def _found(ahead: str, rest: int, states: States, date: str | None) -> Found | None:
    stop = SENTENCE_STOP.search(ahead)
    sentence = ahead[: stop.start()] if stop else ahead
    kind = SpeechType.RIGHT_OF_REPLY if _REPLY.search(sentence) else SpeechType.STATEMENT
    if match := _NAMED.match(ahead):
        if not _PAST.search(sentence[match.end("label") :]):
            return None
        named = bracketed(" ".join(match["label"].split()), states, date)
        behalf = _BEHALF.search(sentence)
        heading = f"{match['label']}, {behalf['said']}" if behalf else match["label"]
        return Found(named[0], heading, rest, kind) if named else None
    if match := _DELEGATE.match(ahead):
        state = states.resolve(match["name"].strip(), date)
        if state is None or not _PAST.search(sentence[match.end() :]):
            return None
        return Found(Who(None, state, None, Role.DELEGATE), match.group(), rest, kind)
    if (match := _CHAIR.match(ahead)) and _PAST.search(sentence[match.end("label") :]):
        role = office(match["label"]) or Role.PRESIDENCY
        return Found(Who(None, None, match["label"], role), match["label"], rest, SpeechType.PROCEDURAL)
    return None


def _is_heading(lines: Sequence[Line], i: int) -> bool:
    """A short line by itself that is no sentence: "Right of Reply", "Statements"."""
    text = lines[i].text.strip()
    if not 1 <= len(text.split()) <= 9 or not text[:1].isupper() or re.search(r"[.,;:!?…”\"]$", text):
        return False
    below = lines[i + 1] if i + 1 < len(lines) else None
    return below is None or not below.text.strip() or stands_out(below, lines[i])
