"""Titles of statements that stand above them in a larger document: where they begin and end, and whom they name.

"Statement by the Permanent Representative of X to the United Nations, Ann Example", in a letter's annex or in a compilation.
Not here: the title block of a statement that is a document of its own (`pipeline.split.statement`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.records import Role
from pipeline.split.groups import find_groups, spoken_for
from pipeline.split.names import looks_like_name, person
from pipeline.split.prose import Placed
from pipeline.split.statement import NEVER_SPOKEN, begins_speech, runs_on, speaker_in, speaking_for
from pipeline.split.turns import Who

if TYPE_CHECKING:
    from pipeline.split.states import State, States

_TITLE = re.compile(
    r"^\W*(?:[A-Z][.)]\s+|\d{1,3}[.)]\s+)?(?:joint\s+|opening\s+|closing\s+|written\s+|oral\s+|national\s+|introductory\s+|general\s+)*"
    r"(?:statements?|briefing|remarks|address|interventions?|presentation|message|speech)\s+"
    r"(?:(?:as\s+)?(?:delivered|made|submitted|given|presented)\s+)?(?:by|of|from|on\s+behalf\s+of)\s+(?:the\s+)?(?P<who>.+)$",
    re.IGNORECASE | re.DOTALL,
)
#: The note below a title: [Original: English and French]
_ORIGINAL = re.compile(r"^\W*original\s*:\s*(?P<language>[A-Z][\w ,;/]{2,60}?)\W*$", re.IGNORECASE)
#: Heads and feet of the document's pages: S/2020/465 | 2/80 20-07123 | 20-07123 (E) | United Nations
_SHEET = re.compile(
    r"^\W*(?:[AS]/(?:\d{2,4}/)?\d+(?:/\w+\.\d+)*|(?:\d{1,3}/\d{1,3}\s+)?\d{2}-\d{5}(?:\s*\(E\))?(?:\s+\d{1,3}/\d{1,3})?(?:\s+\d{6})?|\*\d{7,8}\*)\W*$"
)

_BEHALF = re.compile(
    r"[,(]?\s*\b(?:speaking\s+|also\s+|and\s+)*on\s+behalf\s+of\b.*$", re.IGNORECASE | re.DOTALL
)
_SECRETARIAT = re.compile(
    r"\b(?:secretary-general(?!\s+of\s+(?!the\s+united))|(?:under|assistant)[- ]secretary[- ]general|high\s+commissioner|special\s+advis[eo]r|"
    r"united\s+nations\s+(?:special|resident|humanitarian|emergency)|emergency\s+relief\s+coordinator)\b",
    re.IGNORECASE,
)
_OFFICE = (
    r"(?:representatives?|mission|minist\w+|ambassador|president|vice-president|premier|chancellor|king|queen|amir|emir|prince|princess|charg[ée]|delegation|envoy|observer|head\s+of\s+(?:state|government)|"
    r"secretary|counsell?or|coordinator|government|commissioner|adviser|director-general)"
)
#: What a speaker is who speaks for a State; before its name.
_FOR_STATE = re.compile(rf"(?:^|\b{_OFFICE}\b[^()]{{0,110}}?\b(?:of|for|from)\s+)(?:the\s+)?$", re.IGNORECASE)
#: ... and after it: "United States Permanent Representative".
_STATES_OWN = re.compile(
    r"^\s+(?:(?:deputy|acting|permanent|foreign|prime|federal|alternate)\s+)*(?:representative|mission|minister|ambassador|delegation|president|chancellor)\b",
    re.IGNORECASE,
)
#: Who presides over an organ of the United Nations speaks for it.
_OF_AN_ORGAN = re.compile(
    r"^\W*(?:the\s+)?(?:acting\s+)?(?:president|chair\w*)\s+of\s+the\s+(?:general\s+assembly|security\s+council|human\s+rights\s+council|economic\s+and\s+social\s+council)\b",
    re.IGNORECASE,
)
_FORMER = re.compile(r"^\W*former\b", re.IGNORECASE)
_BODY = re.compile(r"\b(?:of|for|from|at)\s+(?:the\s+)?(?P<body>[A-Z].*)$", re.DOTALL)
#: Between the names of States that speak together: "Denmark, Finland and Norway", "Estonia and the Republic of Latvia".
_BETWEEN_NAMES = re.compile(r"^(?:\s*,\s*(?:and\s+)?|\s+and\s+)(?:the\s+)?$")

#: A title has at most so many lines.
_LONGEST_TITLE = 7
#: Lines of one title are at most so many sizes of their type apart; between a title and the words there is more.
_CLOSE = 1.45


class Part(NamedTuple):
    """A statement in a larger document: its first line, its title as printed, the line where the words begin, the language it was made in."""

    at: int
    title: str
    begins: int
    language: str | None


def is_title(text: str) -> bool:
    """Whether a line begins the title of a statement.

    >>> is_title("Statement by the Permanent Representative of Norway"), is_title("Statement of purpose is what we lack.")
    (True, False)
    """
    text = text.strip()
    return bool(_TITLE.match(text)) and not re.search(r"[.!?;:]$", text)


def read_part(lines: Sequence[Placed], at: int, first: int, longest: int, start: str | None = None) -> Part:
    """The part that begins at line `at` and whose title begins at line `first`, there with the words `start` where they are not the whole line.

    `longest` is the length of the document's longest line.
    """
    head = lines[first]
    taken = [head._replace(line=head.line._replace(text=start)) if start else head]
    i = first + 1
    closed = _closed_title(lines, first)
    language = None
    while i < len(lines):
        text = lines[i].line.text.strip()
        if original := _ORIGINAL.match(text):
            language = original["language"].strip()
            i += 1
            break
        if not text:
            break
        if not off(text):
            if len(taken) >= _LONGEST_TITLE or not (i < closed or _goes_on(taken[-1], lines[i], longest)):
                break
            taken.append(lines[i])
        i += 1
    # The language may stand after an empty line.
    ahead = next((k for k in range(i, min(i + 3, len(lines))) if lines[k].line.text.strip()), None)
    if language is None and ahead is not None and (original := _ORIGINAL.match(lines[ahead].line.text)):
        language, i = original["language"].strip(), ahead + 1
    return Part(at, " ".join(" ".join(placed.line.text.split()) for placed in taken), i, language)


def _closed_title(lines: Sequence[Placed], first: int) -> int:
    """In text without layout, the empty line (or note of the language) that ends a title of several lines; `first` where none does soon."""
    if lines[first].line.size:
        return first
    for i in range(first + 1, min(first + _LONGEST_TITLE + 1, len(lines))):
        text = lines[i].line.text.strip()
        if not text or _ORIGINAL.match(text):
            return i
        if begins_speech(text) or re.search(r"[.!?]$", text):
            return first
    return first


def _goes_on(above: Placed, below: Placed, longest: int) -> bool:
    if above.line.bold and not below.line.bold:
        return False
    if above.line.bold or runs_on(above, below, longest):
        return True
    close = bool(above.line.size) and 0 < below.line.y0 - above.line.y0 <= _CLOSE * above.line.size
    return close and not begins_speech(below.line.text)


def off(text: str) -> bool:
    """Whether a line belongs to the pages, not to the words: symbols, job numbers, notes on delivery."""
    return bool(_SHEET.match(text) or NEVER_SPOKEN.match(text))


def who_of(title: str, states: States, date: str | None) -> Who:
    """Who speaks by a title: a State's delegate, several States together, an officer of the United Nations, or a body or person of another kind."""
    match = _TITLE.match(title)
    said = _BEHALF.sub("", match["who"] if match else title).strip(" ,")
    if together := _together(said, states, date):
        return Who(None, None, said, Role.OTHER, together)
    office, _, name = said.rpartition(",")
    if office and looks_like_name(name.strip()) and not states.find_in(name, date):
        speaker = person(name)
    else:
        office, speaker = said, speaker_in(said)
    if organ := _OF_AN_ORGAN.match(said):
        return Who(speaker, None, organ.group().strip(), Role.OTHER)
    if _FORMER.match(office):
        return Who(speaker, None, office, Role.OTHER)
    state = _state_of(office, states, date)
    if state and not _of_the_organization(office):
        return Who(speaker, state, None, Role.DELEGATE)
    if _SECRETARIAT.search(office):
        return Who(speaker, None, None, Role.SECRETARIAT)
    if groups := find_groups(office, date):
        return Who(speaker, None, groups[0][1], Role.OTHER)
    body = _BODY.search(office)
    return Who(speaker, None, body["body"] if body else office or None, Role.OTHER)


def _state_of(office: str, states: States, date: str | None) -> State | None:
    for span, state in states.find_in(office, date):
        if _FOR_STATE.search(office[: span.start]) or _STATES_OWN.match(office[span.end :]):
            return state
    return None


def _together(said: str, states: States, date: str | None) -> tuple[str, ...]:
    """The States of a joint statement, where nothing but their names is said."""
    named = states.find_in(said, date)
    if len(named) < 2 or said[: named[0][0].start].strip().lower() not in ("", "the"):
        return ()
    gaps = [said[a.end : b.start] for (a, _), (b, _) in pairwise(named)]
    rest = said[named[-1][0].end :].strip(" .)")
    return (
        tuple(state.name for _, state in named) if all(map(_BETWEEN_NAMES.match, gaps)) and not rest else ()
    )


def _of_the_organization(office: str) -> bool:
    """A Special Representative of the Secretary-General for a country does not speak for it."""
    return bool(re.search(r"\bsecretary-general\b(?!\s+of\b)", office, re.IGNORECASE))


def for_whom(
    title: str, text: str, who: Who, states: States, date: str | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The groups that a delegate speaks for, whose whole name is in the title where they are named there, and the statements joined."""
    if who.role is not Role.DELEGATE:
        return (), ()
    behalf, aligned = speaking_for(title, text, who.state, date, states)
    titled = spoken_for(title, who.state, date, states).on_behalf_of if _BEHALF.search(title) else ()
    return titled or behalf, aligned
