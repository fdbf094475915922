"""How a meeting is conducted: the President in national capacity, explanations of vote, replies, conduct of business."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.records import Role, SpeechType

#: The sentence with which a President begins to speak for a State (Council practice since the 1990s).
#: "I shall now make a statement in my capacity as the representative of Exampland."
#: "Speaking in my national capacity, ..."; "I should like to make a statement as representative of Exampland."
_NATIONAL = re.compile(
    # A sentence's beginning, not the word after "Mr."; in the first person.
    r"(?:(?<=^)|(?<=[.!?”\"] )|(?<=\n))(?<!Mr\. )(?<!Ms\. )(?<!Mrs\. )(?<!Dr\. )(?=[A-Z])"
    r"(?=[^.!?\n]*\b(?:I|my|me|[Ss]peaking)\b)(?![^.!?\n]*\b(?:give the floor|call on|invite|resume|thank)\b)"
    r"[^.!?\n]*?\b(?:in my (?:(?:own )?national )?capacity as (?:the )?(?:Permanent |permanent )?"
    r"(?:[Rr]epresentative|[Mm]inister|Foreign Minister|Prime Minister|Head of State)|in my (?:own )?national capacity|"
    r"(?:statement|speak|speaking|speaking now|remarks|floor|few words|intervention|observations) (?:now |briefly )?"
    r"(?:in the capacity |on behalf and )?as (?:the )?(?:Permanent |permanent )?[Rr]epresentative of|"
    r"^As (?:the )?representative of)\b"
)
_REPRESENTED = re.compile(r"\b(?:[Rr]epresentative|Minister[^.]{0,60}?) of ((?:the )?[A-Z][^.,;:]{2,80})")
#: "I now resume my functions as President of the Council."
_RESUMES = re.compile(
    r"(?:(?<=^)|(?<=[.!?”\"] )|(?<=\n))[^.!?\n]*?\b(?:(?:resum\w+|return to|revert to|take up again) (?:my|the) "
    r"(?:functions?|role|duties|capacity|responsibilit\w+|presidency)|(?:speak|speaking) again as President)\b"
)


class Part(NamedTuple):
    """A stretch of a President's turn: in the Chair, or for a State."""

    start: int
    end: int
    national: bool
    state: str | None = None  # as the sentence names it


def capacity_parts(text: str) -> list[Part]:
    """A President's turn cut where the capacity changes; one part where it does not."""
    opening = _NATIONAL.search(text)
    if opening is None:
        return [Part(0, len(text), False)]
    start = opening.start()
    named = _REPRESENTED.search(text, start, min(len(text), opening.end() + 90))
    state = " ".join(named.group(1).split()) if named else None
    closing = _RESUMES.search(text, opening.end())
    parts = [Part(start, closing.start() if closing else len(text), True, state)]
    if text[:start].strip():
        parts.insert(0, Part(0, start, False))
    else:
        parts[0] = parts[0]._replace(start=0)
    if closing:
        parts.append(Part(closing.start(), len(text), False))
    return parts


_EXPLAINS = re.compile(
    r"\bexplanations? of (?:its |our |their |my )?(?:vote|position|votes|positions)\b|\bexplain (?:its|our|my|their|the) (?:\w+ )?(?:vote|position)\b"
    r"|\bstatements? (?:before|after|following|prior to) the vot(?:e|ing)\b",
    re.IGNORECASE,
)
_REPLIES = re.compile(r"\bright of reply\b|\bin reply to the statements?\b", re.IGNORECASE)
#: With these words a President leaves explanations or replies behind.
_CLOSES = re.compile(
    r"\b(?:heard the (?:last|only) speaker|concluded (?:its|this stage|the)|now (?:turn|proceed)|begin its consideration|"
    r"take a decision|proceed to the vote|put .{0,60} to the vote|resume (?:its|our) consideration|adjourn)\b",
    re.IGNORECASE,
)
#: Words of the conduct of business. A turn with several and little else is procedural.
_BUSINESS = re.compile(
    r"\b(?:give the floor|call on|the floor|next speaker|may I take it|I take it that|adopt|draft (?:resolution|decision|amendment)|agenda|"
    r"concluded|consider(?:ation)?|statements?|speakers?|vot(?:e|ing)|members? will recall|the Assembly|the Council|adjourn|meeting|"
    r"thank the|I thank|right of reply|point of order|rule \d+|invite|informed|sponsors?|Secretariat|objection|decision|documents?|item)\b",
    re.IGNORECASE,
)


class Course:
    """Where in the order of a meeting the next speech stands, told by what the presidency says."""

    def __init__(self) -> None:
        self._now = SpeechType.STATEMENT

    def new_item(self) -> None:
        """An agenda heading: what was announced under the last item is over."""
        self._now = SpeechType.STATEMENT

    def presided(self, text: str) -> None:
        """Take note of what a President announces; the last announcement counts."""
        found = [(m.start(), SpeechType.EXPLANATION_OF_VOTE) for m in _EXPLAINS.finditer(text)]
        found += [(m.start(), SpeechType.RIGHT_OF_REPLY) for m in _REPLIES.finditer(text)]
        closed = [m.start() for m in _CLOSES.finditer(text)]
        if not found:
            if closed:
                self._now = SpeechType.STATEMENT
            return
        place, kind = max(found)
        # "We have heard the last speaker in explanation of vote": what is closed is what is named.
        before = [c for c in closed if c < place and place - c < 80]
        self._now = SpeechType.STATEMENT if before and "heard" in text[before[-1] : before[-1] + 6] else kind

    def type_of(self, text: str, role: Role) -> SpeechType:
        """The type of a turn, from its role, its own first words and what was announced."""
        if role is Role.PRESIDENCY or role is Role.SECRETARIAT:
            return SpeechType.PROCEDURAL if is_business(text) else SpeechType.STATEMENT
        opening = text[:400]
        if len(text.split(None, 60)) <= 60 and re.search(
            r"point of order|\bwithdraw\b|asks? (?:only )?for the floor", text, re.IGNORECASE
        ):
            return SpeechType.PROCEDURAL
        if _REPLIES.search(opening):
            return SpeechType.RIGHT_OF_REPLY
        if re.search(
            r"\bexplanation of (?:vote|position)\b|\bexplain (?:its|our|my|their) (?:\w+ )?(?:vote|position)",
            opening,
            re.IGNORECASE,
        ):
            return SpeechType.EXPLANATION_OF_VOTE
        return self._now


def is_business(text: str) -> bool:
    """Whether a presiding officer or the Secretariat does nothing but conduct the meeting.

    Short turns are; longer ones when words of business come at least every 30 words.
    """
    if len(text.split(None, 60)) <= 60:
        return True
    words = len(text.split())
    return len(_BUSINESS.findall(text)) * 30 >= words
