"""A letter that circulates the statements of a meeting, each in an annex -> one speech an annex.

In 2020 and 2021 the Security Council met by video and has no verbatim records of it: its President sent briefings and statements round in a letter
(the procedure of S/2020/253), each under "Annex IV" and a title, "Statement by the Permanent Representative of X to the United Nations, Ann Example".
Not here: letters that enclose reports or anything else without such titles (they are one text), and records.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.records import Line, Meeting, Role, Speech, Splitting, Transcript
from pipeline.split.dates import find_date
from pipeline.split.debates import classify
from pipeline.split.groups import find_groups, spoken_for
from pipeline.split.names import looks_like_name, person
from pipeline.split.paragraphs import Mender
from pipeline.split.prose import Placed, compose, paragraphs
from pipeline.split.statement import NEVER_SPOKEN, begins_speech, runs_on, speaker_in, speaking_for

if TYPE_CHECKING:
    from pipeline.split.states import State, States

#: "Annex IV", "Annex 4", "Annex IV: Statement by ..."
_ANNEX = re.compile(
    r"^\W*annex\s+(?:[IVXLC]{1,8}|\d{1,3})\b\s*[.:–—-]?\s*(?P<title>(?:statement|briefing|remarks)\b.*)?$",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^\W*(?:joint\s+|opening\s+|closing\s+|written\s+)*(?:statement|briefing|remarks|address|intervention|presentation|message|speech)\s+"
    r"(?:(?:delivered|made|submitted|given|presented)\s+)?(?:by|of|from|on\s+behalf\s+of)\s+(?:the\s+)?(?P<who>.+)$",
    re.IGNORECASE | re.DOTALL,
)
#: The note below a title: [Original: English and French]
_ORIGINAL = re.compile(r"^\W*original\s*:\s*(?P<language>[A-Z][\w ,]{2,60}?)\W*$", re.IGNORECASE)
#: Heads and feet of the document's pages: S/2020/465 | 2/80 20-07123 | 20-07123 (E) | United Nations
_SHEET = re.compile(
    r"^\W*(?:[AS]/(?:\d{2,4}/)?\d+(?:/\w+\.\d+)*|(?:\d{1,3}/\d{1,3}\s+)?\d{2}-\d{5}(?:\s*\(E\))?(?:\s+\d{1,3}/\d{1,3})?(?:\s+\d{6})?|\*\d{7,8}\*)\W*$"
)
_SYMBOL = re.compile(r"\b(?P<symbol>[AS]/(?:ES-\d+/|S-\d+/)?\d{2,4}(?:/\d{2,4})?(?:/(?:Add|Rev)\.\d+)*)\b")
#: The letter says when the meeting was, which is not when the letter was sent.
_HELD = re.compile(
    r"\b(?:convened|held|meeting|conference|teleconference|debate)\b[^.;]{0,200}?\bon\s+(?:\w+day,?\s+)?(?=\d{1,2}\s+\w+,?\s+\d{4})",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"[“\"](?P<subject>[^“”\"]{6,200})[”\"]")

_BEHALF = re.compile(
    r"[,(]?\s*\b(?:speaking\s+|also\s+|and\s+)*on\s+behalf\s+of\b.*$", re.IGNORECASE | re.DOTALL
)
_SECRETARIAT = re.compile(
    r"\b(?:secretary-general(?!\s+of\s+(?!the\s+united))|(?:under|assistant)[- ]secretary[- ]general|high\s+commissioner|special\s+advis[eo]r|"
    r"united\s+nations\s+(?:special|resident|humanitarian|emergency)|emergency\s+relief\s+coordinator)\b",
    re.IGNORECASE,
)
#: What a speaker is who speaks for a State; before its name.
_FOR_STATE = re.compile(
    r"(?:^|\b(?:representatives?|mission|minist\w+|ambassador|president|vice-president|premier|chancellor|king|queen|amir|emir|prince|princess|charg[ée]|delegation|envoy|observer|head\s+of\s+(?:state|government)|"
    r"secretary|counsell?or|coordinator|government|commissioner|adviser|director-general)\b[^()]{0,110}?\b(?:of|for|from)\s+)(?:the\s+)?$",
    re.IGNORECASE,
)
_FORMER = re.compile(r"^\W*former\b", re.IGNORECASE)
_BODY = re.compile(r"\b(?:of|for|from|at)\s+(?:the\s+)?(?P<body>[A-Z].*)$", re.DOTALL)

#: A title has at most so many lines.
_LONGEST_TITLE = 7
#: Lines of one title are at most so many sizes of their type apart; between a title and the words there is more.
_CLOSE = 1.45
#: Fewer annexes of this kind do not make such a letter.
_FEWEST = 2


class Annex(NamedTuple):
    """One annex: the line of its heading, its title as printed, the line where the words begin, the language it was made in."""

    at: int
    title: str
    begins: int
    language: str | None


class Who(NamedTuple):
    """Whom a title names."""

    speaker: str | None
    state: State | None
    body: str | None
    role: Role


def has_annexes(transcript: Transcript) -> bool:
    """Whether the document has headings of annexes at all: a quick look."""
    heads = (
        line
        for page in transcript.pages
        for line in page.lines
        if line.text[:12].strip()[:5].lower() == "annex"
    )
    return sum(1 for _ in heads) >= _FEWEST


def find_annexes(lines: Sequence[Placed]) -> list[Annex]:
    """The annexes that hold a statement or a briefing; empty where there are fewer than two, because this is another document then."""
    heads = [i for i in _heads(lines) if len(lines[i].line.text) < 300]
    if len(heads) < _FEWEST:
        return []
    longest = max(len(placed.line.text) for placed in lines)
    found = [annex for i in heads if (annex := _annex(lines, i, longest))]
    return found if len(found) >= _FEWEST else []


def _heads(lines: Sequence[Placed]) -> list[int]:
    """The lines that are headings of annexes, of whatever kind."""
    return [i for i, placed in enumerate(lines) if _ANNEX.match(placed.line.text)]


def _annex(lines: Sequence[Placed], at: int, longest: int) -> Annex | None:
    head = _ANNEX.match(lines[at].line.text)
    taken = (
        [lines[at]._replace(line=lines[at].line._replace(text=head["title"]))]
        if head and head["title"]
        else []
    )
    language = None
    i = at + 1
    while i < len(lines):
        placed = lines[i]
        text = placed.line.text.strip()
        if original := _ORIGINAL.match(text):
            language = original["language"].strip()
            i += 1
            break
        if not text or _off(text):
            # An empty line parts the title from the words, once there is a title.
            if taken and not text:
                break
        elif not taken:
            if not _TITLE.match(text):
                return None
            taken.append(placed)
        elif len(taken) < _LONGEST_TITLE and _goes_on(taken[-1], placed, longest):
            taken.append(placed)
        else:
            break
        i += 1
    if not taken:
        return None
    # The language may stand after an empty line.
    ahead = next((k for k in range(i, min(i + 3, len(lines))) if lines[k].line.text.strip()), None)
    if language is None and ahead is not None and (original := _ORIGINAL.match(lines[ahead].line.text)):
        language, i = original["language"].strip(), ahead + 1
    title = " ".join(" ".join(placed.line.text.split()) for placed in taken)
    return Annex(at, title, i, language)


def _goes_on(above: Placed, below: Placed, longest: int) -> bool:
    if above.line.bold and not below.line.bold:
        return False
    if above.line.bold or runs_on(above, below, longest):
        return True
    close = bool(above.line.size) and 0 < below.line.y0 - above.line.y0 <= _CLOSE * above.line.size
    return close and not begins_speech(below.line.text)


def _off(text: str) -> bool:
    return bool(_SHEET.match(text) or NEVER_SPOKEN.match(text))


def who_of(title: str, states: States, date: str | None) -> Who:
    """Who speaks by an annex's title: a State's delegate, an officer of the United Nations, or a body or person of another kind."""
    match = _TITLE.match(title)
    said = _BEHALF.sub("", match["who"] if match else title).strip(" ,")
    office, _, name = said.rpartition(",")
    if office and looks_like_name(name.strip()):
        speaker = person(name)
    else:
        office, speaker = said, speaker_in(said)
    if _FORMER.match(office):
        return Who(speaker, None, office, Role.OTHER)
    named = states.find_in(office, date)
    state = next((state for span, state in named if _FOR_STATE.search(office[: span.start])), None)
    if state and not _of_the_organization(office):
        return Who(speaker, state, None, Role.DELEGATE)
    if _SECRETARIAT.search(office):
        return Who(speaker, None, None, Role.SECRETARIAT)
    if groups := find_groups(office, date):
        return Who(speaker, None, groups[0][1], Role.OTHER)
    body = _BODY.search(office)
    return Who(speaker, None, body["body"] if body else office or None, Role.OTHER)


def _of_the_organization(office: str) -> bool:
    """A Special Representative of the Secretary-General for a country does not speak for it."""
    return bool(re.search(r"\bsecretary-general\b(?!\s+of\b)", office, re.IGNORECASE))


def _for_whom(
    title: str, text: str, who: Who, states: States, date: str | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The groups that a delegate speaks for, whose whole name is in the title where they are named there, and the statements joined."""
    if who.role is not Role.DELEGATE:
        return (), ()
    behalf, aligned = speaking_for(title, text, who.state, date, states)
    titled = spoken_for(title, who.state, date, states).on_behalf_of if _BEHALF.search(title) else ()
    return titled or behalf, aligned


def split_annexes(
    transcript: Transcript,
    lines: Sequence[tuple[Placed, bool]],
    annexes: Sequence[Annex],
    states: States,
    *,
    date: str | None = None,
) -> Splitting:
    """The annexes that `find_annexes` found in `lines`, as speeches; the letter itself, titles and annexes of another kind are furniture."""
    placed = [line for line, _ in lines]
    letter = " ".join(" ".join(p.line.text.split()) for p in placed[: annexes[0].at])
    symbol = next((m["symbol"] for p in placed[:12] if (m := _SYMBOL.search(p.line.text))), None)
    held = _HELD.search(letter)
    day = find_date(letter[held.end() :] if held else letter) or date
    organ = (
        "Security Council"
        if re.search(r"\bsecurity\s+council\b", letter, re.IGNORECASE)
        else "General Assembly"
    )
    quoted = _SUBJECT.search(letter)
    subject = (quoted["subject"],) if quoted else ()
    forum, debate = classify(symbol, organ, None, day, subject)
    furniture = [p.line.text.strip() for p in placed[: annexes[0].at]]
    mender = Mender(lambda: [p.line.text for p in placed])
    heads = _heads(placed)
    ends = dict(zip(heads, [*heads[1:], len(placed)], strict=True))
    speeches: list[Speech] = []
    for annex in annexes:
        end = ends[annex.at]
        furniture += [p.line.text.strip() for p in placed[annex.at : annex.begins]]
        spoken: list[Placed] = []
        for line, off in lines[annex.begins : end]:
            if line.line.text.strip() and (off or _off(line.line.text.strip())):
                furniture.append(line.line.text.strip())
            else:
                spoken.append(line if line.line.text.strip() else line._replace(line=Line("")))
        text = compose(paragraphs(spoken), mender)
        who = who_of(annex.title, states, day)
        behalf, aligned = _for_whom(annex.title, text.text, who, states, day)
        numbers = [number for _, number in text.page_marks] or [placed[annex.at].page]
        speeches.append(
            Speech(
                document=transcript.document,
                no=len(speeches) + 1,
                text=text.text,
                page_start=numbers[0],
                page_end=numbers[-1],
                heading=annex.title,
                speaker=who.speaker,
                state=who.state.name if who.state else None,
                iso3=who.state.iso3 if who.state else None,
                state_source="heading" if who.state else None,
                organization=who.body,
                role=who.role,
                observer=bool(who.state and who.state.observer),
                language=annex.language,
                on_behalf_of=behalf,
                aligned_with=aligned,
                page_marks=text.page_marks or ((0, numbers[0]),),
                quality=transcript.quality,
            )
        )
    with_speech = {annex.at for annex in annexes}
    for i in heads:
        if i > annexes[0].at and i not in with_speech:
            furniture += [p.line.text.strip() for p in placed[i : ends[i]]]
    meeting = Meeting(
        transcript.document,
        transcript.sha256,
        symbol=symbol,
        forum=forum,
        debate=debate,
        date=day,
        agenda=subject,
        kind="letter",
        convention="statements in annexes",
        pages=len(transcript.pages),
        extractor=transcript.extractor,
        quality=transcript.quality,
        language=transcript.language,
    )
    return Splitting(meeting, tuple(speeches), (), tuple(text for text in furniture if text))
