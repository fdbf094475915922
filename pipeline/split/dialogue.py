"""A transcript of several speakers (informal dialogues, captions, meeting pages) -> one speech a turn.

How such a transcript marks who speaks is recognised from the document as a whole: each convention of the table
below is scored over all lines, and only the best one, if good enough, makes turns. Not here: official
verbatim records, single statements.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.records import (
    Event,
    EventKind,
    Line,
    Meeting,
    Page,
    Role,
    Speech,
    SpeechType,
    Splitting,
    Transcript,
)
from pipeline.split.cover import summary_record
from pipeline.split.dates import find_date
from pipeline.split.debates import classify
from pipeline.split.names import clean, looks_like_name, person
from pipeline.split.paragraphs import Mender
from pipeline.split.prose import Placed, compose, paragraphs, stands_out, without_words
from pipeline.split.statement import begins_speech, place_of, placed_lines, session_in, speaking_for
from pipeline.split.turns import Who, speech_of

if TYPE_CHECKING:
    from pipeline.split.states import State, States


class Found(NamedTuple):
    """A line that may be a heading: who it names, the heading as printed, and where the spoken words begin."""

    who: Who
    heading: str
    rest: int
    speech_type: SpeechType = SpeechType.STATEMENT


@dataclass(frozen=True, slots=True)
class Convention:
    """One way to mark who speaks. `strong` ones do not occur by chance; the others must open the document."""

    name: str
    example: str
    strong: bool
    where: str  # which lines may hold it: `voice`, `colon`, `boxed`, `dashed`, `listed` or `alone`
    read: Callable[[Line, States, str | None], Found | None]
    kind: str = "dialogue"  # what the document is then


# -- parts of a line -----------------------------------------------------------------------------------------------

#: A time before a heading, a change mark of captions, a list mark: [00:12:31], 12:31 -, >>, "- ".
_BEFORE = re.compile(
    r"^\s*(?:>{2,3}|[-–—•*]\s)?\s*[\[(]?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d+)?[\])]?\s*[-–—|]?\s*|^\s*(?:>{2,3}|[-–—•*]\s)\s*"
)
_TIME_AFTER = re.compile(r"\s*[\[(]?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d+)?[\])]?\s*$")
_COLON = re.compile(r"\s*[:：]\s+|\s*[:：]\s*$|\s*[:：](?=[A-Z“\"‘])")
_VOICE = re.compile(r"^<v ([^>]+)>\s*")
#: The last bracket, which may hold one itself: Iran (Islamic Republic of) (Mr. Example), Mr. Example (Iran (Islamic Republic of))
_BRACKET = re.compile(r"^(?P<first>.{2,100}?)\s*\((?P<second>[^()]{2,80}(?:\([^()]*\)[^()]*)?)\)$")
_LAST_BRACKET = re.compile(r"^(?P<first>.{2,100})\s*\((?P<second>[^()]{2,80})\)$")
_PARTED = re.compile(r"\s*(?:,|\s[-–—|/]\s)\s*")
_OFFICE_OF = re.compile(
    r"^(?:(?:the|deputy|acting|first|alternate|h\.?\s?e\.?)\s+)*(?:permanent\s+(?:representative|observer|mission)|ambassador|chargé\s+d['’]affaires|minister\b.{0,60}?|"
    r"president|prime\s+minister|delegation|representative|observer(?:\s+state)?|delegate|counsell?or|mission|legal\s+advis[eo]r)\s+(?:of|for|from)\s+(?:the\s+)?(?P<state>.+)$",
    re.IGNORECASE,
)
#: Offices that speak in dialogues, beside States; in the order tried.
_OFFICES = (
    (re.compile(r"^(?:the\s+)?(?:co-?\s?|vice-?\s?|acting\s+)?(?:chair(?:man|woman|person)?s?|moderator|president|facilitator|presid(?:ing|ent)\s+officer|host)(?:\s+of\s+the\s+general\s+assembly)?$", re.I), Role.PRESIDENCY),
    (re.compile(r"^(?:the\s+)?(?:deputy\s+)?(?:secretary[- ]general|un\s+secretary[- ]general)$|^(?:the\s+)?(?:special|senior)\s+advis[eo]r\b.*|^(?:the\s+)?(?:under|assistant)[- ]secretary[- ]general\b.*|^(?:the\s+)?(?:deputy\s+)?(?:un\s+)?high\s+commissioner\b.*|^(?:the\s+)?secretariat$|^(?:the\s+)?secretary(?:\s+of\s+the\s+\w+)?$", re.I), Role.SECRETARIAT),
    (re.compile(r"^(?:the\s+)?(?:panell?ist|speaker|rapporteur|keynote\s+speaker|civil\s+society|interpreter|discussant|expert|participant|question|answer|male\s+speaker|female\s+speaker|unidentified\s+speaker)s?(?:\s+\d+)?$", re.I), Role.OTHER),
)  # fmt: skip

#: Organisations that take the floor beside States; others are taken where the convention's shape shows them.
_BODIES = re.compile(
    r"^(?:the\s+)?(?:(?:delegation|representative)\s+of\s+the\s+)?(?:european\s+union|african\s+union|league\s+of\s+arab\s+states|international\s+committee\s+of\s+the\s+red\s+cross|"
    r"icrc|global\s+centre\s+for\s+(?:the\s+responsibility\s+to\s+protect|r2p)|international\s+coalition\s+for\s+(?:the\s+responsibility\s+to\s+protect|r2p)|"
    r"organi[sz]ation\s+of\s+\w+(?:\s+\w+){0,3}|inter-?parliamentary\s+union|commonwealth(?:\s+secretariat)?|\w+\s+group|group\s+of\s+\w+(?:\s+\w+){0,4}|"
    r"sovereign\s+(?:military\s+)?order\s+of\s+malta|un\s+women|unicef|ohchr|unhcr|undp|unesco|eu|au)$",
    re.IGNORECASE,
)


def office(label: str) -> Role | None:
    """The role of an office beside States (`Moderator`, `Secretary-General`), None where the label is none."""
    return next((role for pattern, role in _OFFICES if pattern.match(label)), None)


def _resolve(name: str, states: States, date: str | None) -> State | None:
    name = clean(name)
    if len(name) < 3 and not name.isupper():
        return None
    if not name[:1].isupper():
        return None
    return states.resolve(name, date)


def _state_or_office_of(name: str, states: States, date: str | None) -> State | None:
    """The State of `Norway` or `Permanent Representative of Norway`."""
    state = _resolve(name, states, date)
    if state is None and (match := _OFFICE_OF.match(clean(name))):
        state = _resolve(match["state"], states, date)
    return state


def bracketed(label: str, states: States, date: str | None) -> tuple[Who, str] | None:
    """`France (Ms. Example)` or `Ms. Example (France)`: who, and which of the two."""
    match = _BRACKET.match(label)
    if not match:
        return None
    first, second = match["first"], match["second"]
    if "(" in first and (inside := _LAST_BRACKET.match(label)):
        first, second = inside["first"], inside["second"]
    outer, inner = _state_or_office_of(first, states, date), _state_or_office_of(second, states, date)
    if outer and not inner:
        return Who(person(second), outer, None, Role.DELEGATE), "country first"
    if inner:
        return Who(person(first), inner, None, Role.DELEGATE), "name first"
    if role := office(clean(first)):
        return Who(person(second), None, clean(first), role), "country first"
    if role := office(clean(second)):
        return Who(person(first), None, clean(second), role), "name first"
    if _BODIES.match(clean(first)) and looks_like_name(second):
        return Who(person(second), None, clean(first), Role.OTHER), "country first"
    if looks_like_name(first) and clean(second)[:1].isupper():
        return Who(person(first), None, clean(second), Role.OTHER), "name first"
    return None


def _commaed(label: str, states: States, date: str | None) -> tuple[Who, str] | None:
    """`Ana Example, Norway`, `Norway, Ana Example`, `Ana Example - Permanent Representative of Norway`."""
    parts = _PARTED.split(label, maxsplit=1)
    if len(parts) != 2 or not all(map(clean, parts)):
        return None
    first, second = parts
    before, after = _state_or_office_of(first, states, date), _state_or_office_of(second, states, date)
    if after is None and "," in second:
        after = _state_or_office_of(second.rpartition(",")[2], states, date)
    if after and not before and looks_like_name(first):
        return Who(person(first), after, None, Role.DELEGATE), "name first"
    if before and not after and looks_like_name(second):
        return Who(person(second), before, None, Role.DELEGATE), "country first"
    if before is None and after is None and looks_like_name(first):
        if role := office(clean(second)):
            return Who(person(first), None, clean(second), role), "name first"
        if _BODIES.match(clean(second)):
            return Who(person(first), None, clean(second), Role.OTHER), "name first"
    return None


def _alone(label: str, states: States, date: str | None) -> Who | None:
    """`Norway`, `Delegation of Norway`, `Moderator`, `European Union`."""
    name = clean(label)
    if state := _state_or_office_of(name, states, date):
        return Who(None, state, None, Role.DELEGATE)
    if role := office(name):
        return Who(None, None, name, role)
    from pipeline.split.groups import find_group

    body = _BODIES.match(name) or (len(name.split()) > 1 and find_group(name))
    return Who(None, None, name, Role.OTHER) if body else None


# -- conventions ---------------------------------------------------------------------------------------------------


#: Norway (on behalf of the Nordic countries): / Norway, speaking on behalf of the Nordic countries:
_BEHALF = re.compile(r"\s*[,(–—-]?\s*(?:speaking\s+|also\s+)?on\s+behalf\s+of\s+[^:]{3,100}$", re.IGNORECASE)


def _label(text: str) -> tuple[str, str, int] | None:
    """`[00:12] Norway (Ana Example): We ...` -> the label, the heading as printed, where the words begin."""
    before = _BEFORE.match(text)
    start = before.end() if before else 0
    colon = _COLON.search(text, start)
    if not colon or not 2 <= colon.start() - start <= 120:
        return None
    label = _BEHALF.sub("", _TIME_AFTER.sub("", text[start : colon.start()]).strip())
    return (label, text[: colon.end()].strip(), colon.end()) if label[:1].isupper() else None


def _with_colon(kind: str) -> Callable[[Line, States, str | None], Found | None]:
    def read(line: Line, states: States, date: str | None) -> Found | None:
        parts = _label(line.text)
        if parts is None:
            return None
        label, heading, rest = parts
        who: Who | None = None
        if kind == "alone":
            who = _alone(label, states, date)
        elif _resolve(label, states, date) is None:
            found = bracketed(label, states, date) if "bracket" in kind else _commaed(label, states, date)
            if found and found[1] in kind:
                who = found[0]
        return Found(who, heading, rest) if who else None

    return read


_BOXED = re.compile(r"^\s*(?:>{2,3}\s*)?\[(?P<label>[^\[\]]{3,80})\]\s*:?\s*(?=\S)")
_DASHED = re.compile(r"^\s*(?P<label>[A-Z][^:;.!?–—]{2,60}?)\s+[–—-]\s+(?=[A-Z“\"])")


def _with_mark(mark: re.Pattern[str]) -> Callable[[Line, States, str | None], Found | None]:
    """`[Norway] Thank you.`, `Norway – Thank you.`: the speaker is told from the words by a mark other than a colon."""

    def read(line: Line, states: States, date: str | None) -> Found | None:
        match = mark.match(line.text)
        if match is None:
            return None
        label = _BEHALF.sub("", match["label"])
        who = _alone(label, states, date)
        if who is None:
            found = bracketed(label, states, date) or _commaed(label, states, date)
            who = found[0] if found and found[0].state else None
        return Found(who, match.group().strip(" –—-"), match.end()) if who else None

    return read


_LISTED = re.compile(r"^\s*[-–—•●▪*]\s+(?P<label>[A-Z][^:;!?–—]{1,70}?)(?:\s*:\s+|\s+[–—-]\s+)(?=\S)")


def _listed(line: Line, states: States, date: str | None) -> Found | None:
    """`* Norway: supports it`, `- Norway (Ms. Example) – asks for more`: remarks of a meeting as a list."""
    match = _LISTED.match(line.text)
    if match is None:
        return None
    label = re.sub(r"\s*\((?:also\s+)?on\s+behalf\s+of[^()]*\)", "", match["label"]).strip()
    who = _alone(label, states, date)
    if who is None:
        found = bracketed(label, states, date) or _commaed(label, states, date)
        who = found[0] if found else _alone(label.split("(")[0], states, date)
    return Found(who, match.group().strip(" –—-•●▪*:"), match.end()) if who else None


_NUMBERED = re.compile(r"^\d{1,3}[.)]\s+(?=[A-Z])")


def _on_its_own_line(line: Line, states: States, date: str | None) -> Found | None:
    """A line with the speaker alone: `Norway`, `Ana Example (Norway)  12:31`, mostly bold or a heading of a page."""
    text = _BEFORE.sub("", line.text, count=1) if _BEFORE.match(line.text) else line.text
    text = _NUMBERED.sub("", _TIME_AFTER.sub("", text).strip())
    if not 3 <= len(text) <= 100 or not text[:1].isupper() or re.search(r"[.;:!?]$", text):
        return None
    who = _alone(text, states, date)
    if who is None:
        found = bracketed(text, states, date) or _commaed(text, states, date)
        who = found[0] if found and found[0].state else None
    return Found(who, text, len(line.text)) if who else None


def _voice(line: Line, states: States, date: str | None) -> Found | None:
    match = _VOICE.match(line.text)
    if not match:
        return None
    label = match[1].strip()
    who = _alone(label, states, date)
    if who is None:
        found = bracketed(label, states, date) or _commaed(label, states, date)
        who = found[0] if found else Who(person(label), None, None, Role.OTHER)
    return Found(who, label, match.end())


#: The conventions, the more telling first: of two with equal scores the first is taken.
CONVENTIONS: tuple[Convention, ...] = (
    Convention("caption voices", "<v Norway>Thank you.", True, "voice", _voice),
    Convention(
        "Country (Name):",
        "Norway (Ms. Example): Thank you.",
        True,
        "colon",
        _with_colon("bracket, country first"),
    ),
    Convention(
        "Name (Country):",
        "Ms. EXAMPLE (Norway): Thank you.",
        True,
        "colon",
        _with_colon("bracket, name first"),
    ),
    Convention(
        "Name, Country:", "Ana Example, Norway: Thank you.", True, "colon", _with_colon("comma, name first")
    ),
    Convention(
        "Country, Name:",
        "Norway, Ana Example: Thank you.",
        True,
        "colon",
        _with_colon("comma, country first"),
    ),
    Convention("Country:", "Norway: Thank you.", False, "colon", _with_colon("alone")),
    Convention("[Country] words", "[Norway] Thank you.", False, "boxed", _with_mark(_BOXED)),
    Convention("Country – words", "Norway – Thank you.", False, "dashed", _with_mark(_DASHED)),
    Convention("list of remarks", "* Norway: supports it", False, "listed", _listed, "summary"),
    Convention("speaker on a line of its own", "Norway", False, "alone", _on_its_own_line),
)

#: With any convention, offices may stand without a bracket: `Moderator: Thank you.`
_OFFICE_LABEL = _with_colon("alone")

#: The first heading comes within so many words, else what precedes it is a speech with a list in it.
_PREFACE = 250


_FIRST_PERSON = re.compile(r"\b(?:I|we|We|our|Our|my|My|us)\b")


class Turn(NamedTuple):
    """A heading's place among the document's lines."""

    at: int
    found: Found


_OPEN_BRACKET = re.compile(r"^[^():]{2,60}\([^():]{0,60}$")
_CLOSES = re.compile(r"^[^():]{0,60}\)\s*[:：]")


def _with_whole_headings(page: Page) -> Page:
    """The page with headings that are broken inside their bracket on one line: `Norway (Ms.` and `Example): Thank you.`"""
    broken = [
        i
        for i, (line, after) in enumerate(pairwise(page.lines))
        if "(" in line.text and _OPEN_BRACKET.match(line.text.strip()) and _CLOSES.match(after.text.strip())
    ]
    if not broken:
        return page
    lines = list(page.lines)
    for i in reversed(broken):
        lines[i] = lines[i]._replace(text=f"{lines[i].text.rstrip()} {lines[i + 1].text.lstrip()}")
        del lines[i + 1]
    return replace(page, lines=tuple(lines))


def _whole(transcript: Transcript) -> Transcript:
    return replace(transcript, pages=tuple(map(_with_whole_headings, transcript.pages)))


def recognise(
    transcript: Transcript, states: States, date: str | None = None
) -> tuple[Convention, list[Turn]] | None:
    """The convention that the document as a whole follows, with the headings it makes; None where there is none."""
    transcript = _whole(transcript)
    lines = [line for page in transcript.pages for line in page.lines]
    likely = _likely(transcript)
    best: tuple[float, Convention, list[Turn]] | None = None
    for convention in CONVENTIONS:
        turns = [
            Turn(i, found)
            for i in likely[convention.where]
            if (found := convention.read(lines[i], states, date))
        ]
        score = _score(convention, turns, lines)
        if score > 0 and (best is None or score > best[0]):
            best = (score, convention, turns)
    if best is None:
        return None
    convention, turns = best[1], best[2]
    if convention.where == "colon":
        turns = sorted([*turns, *_of_other_shapes(convention, turns, lines, likely["colon"], states, date)])
    if convention.name not in ("caption voices", "Country:"):
        taken = {turn.at for turn in turns}
        for i, line in enumerate(lines):
            if (
                i not in taken
                and (found := _OFFICE_LABEL(line, states, date))
                and found.who.role in (Role.PRESIDENCY, Role.SECRETARIAT)
            ):
                turns.append(Turn(i, found))
        turns.sort()
    return convention, turns


def states_marked(transcript: Transcript, states: States, date: str | None = None) -> tuple[str, ...]:
    """The States that stand as speakers' marks do, where no convention is clear enough to part by; empty where there are fewer than two of
    one convention. A name alone on a line is a mark where a sentence follows."""
    lines = [line for page in transcript.pages for line in page.lines]
    likely = _likely(transcript)
    best: set[str] = set()
    for convention in CONVENTIONS:
        found = {
            marked.who.state.name
            for i in likely[convention.where]
            if (marked := convention.read(lines[i], states, date))
            and marked.who.state
            and (convention.read is not _on_its_own_line or _sentence_follows(lines, i))
        }
        if len(found) >= 2 and len(found) > len(best):
            best = found
    return tuple(sorted(best))


def _sentence_follows(lines: Sequence[Line], i: int) -> bool:
    below = next((line.text.strip() for line in lines[i + 1 : i + 4] if line.text.strip()), "")
    return len(below.split()) >= 4 and (begins_speech(below) or below.endswith("."))


_COLON_CONVENTIONS = tuple(convention for convention in CONVENTIONS if convention.where == "colon")
_SENTENCE_OVER = re.compile(r"[.!?…:)\]”\"’']$")


def _of_other_shapes(
    convention: Convention,
    turns: Sequence[Turn],
    lines: Sequence[Line],
    likely: Sequence[int],
    states: States,
    date: str | None,
) -> list[Turn]:
    """Headings of another shape in a document whose convention is known: `SYRIA:` among `NORWAY (Ms. Example):`.

    They must begin a paragraph, look like the others (capitals, bold) and be followed by a sentence: "Canada: a friend" is none.
    """
    taken = {turn.at for turn in turns}
    shouted = sum(_label_of(lines[turn.at]).isupper() for turn in turns) >= 0.8 * len(turns)
    bold = sum(_bold_start(lines[turn.at]) for turn in turns) >= 0.8 * len(turns)
    found: list[Turn] = []
    for i in likely:
        line = lines[i]
        above = lines[i - 1].text.strip() if i else ""
        if i in taken or (above and not bold and not _SENTENCE_OVER.search(above)):
            continue
        if (bold and not _bold_start(line)) or (shouted and not _label_of(line).isupper()):
            continue
        for other in _COLON_CONVENTIONS:
            if other is convention or (head := other.read(line, states, date)) is None:
                continue
            words = line.text[head.rest :].lstrip(' “"‘’')
            if not words or words[0].isupper() or words[0].isdigit():
                found.append(Turn(i, head))
                break
    return found


def _label_of(line: Line) -> str:
    """What stands before the colon, without a bracket: `NORWAY` of `NORWAY (Ms. Example): ...`."""
    parts = _label(line.text)
    return parts[0].split("(")[0].strip() if parts else ""


def _bold_start(line: Line) -> bool:
    return bool(line.bold) and line.bold[0].start <= 1


_MARKS_OF_LISTS = frozenset("-–—•●▪*")


def _likely(transcript: Transcript) -> dict[str, list[int]]:
    """The lines worth reading closely, by what may stand in them; a quick look at each."""
    found: dict[str, list[int]] = {
        "voice": [],
        "colon": [],
        "alone": [],
        "boxed": [],
        "dashed": [],
        "listed": [],
    }
    i = 0
    for page in transcript.pages:
        above: Line | None = None
        for line in page.lines:
            text = line.text
            if text.startswith("<v "):
                found["voice"].append(i)
            elif text and (":" in text[:160] or "：" in text[:160]):
                found["colon"].append(i)
            if text[:3].lstrip()[:1] in _MARKS_OF_LISTS and text.strip():
                found["listed"].append(i)
            if "]" in text[:90]:
                found["boxed"].append(i)
            if " – " in text[:64] or " — " in text[:64] or " - " in text[:64]:
                found["dashed"].append(i)
            if text and len(text) <= 110 and stands_out(line, above):
                found["alone"].append(i)
            above = line
            i += 1
    return found


def _score(convention: Convention, turns: Sequence[Turn], lines: Sequence[Line]) -> float:
    """How well the headings carry the document: how many, of how many speakers, with how many words under them. 0: not so."""
    named = [turn for turn in turns if turn.found.who.state]
    if not named:
        return 0.0
    speakers = {turn.found.who.state.name for turn in named if turn.found.who.state}
    counts = [len(line.text.split()) for line in lines]
    before = sum(counts[: turns[0].at])
    total = sum(counts)
    if before > max(40, min(_PREFACE, total // 3)):
        return 0.0
    ends = [turn.at for turn in turns[1:]] + [len(lines)]
    under = [sum(counts[turn.at : end]) for turn, end in zip(turns, ends, strict=True)]
    own_line = convention.read is _on_its_own_line
    empty = sum(count < (15 if own_line else 6) for count in under)
    if empty > 0.5 * len(under):
        return 0.0  # a list of States, not of speeches
    if convention.strong:
        if len(turns) == 1 and before > 60:
            return 0.0
    elif own_line and (len(speakers) < 3 or any(begins_speech(line.text) for line in lines[: turns[0].at])):
        # A cover names its State, its capital and New York on lines of their own; a speech that has begun, countries that it goes through.
        return 0.0
    elif len(speakers) < 2 or len(turns) < 2:
        # One "Norway:" at the very beginning of a caption file still names its speaker.
        if convention.name != "Country:" or before > 10 or len(turns) > 1:
            return 0.0
    elif before > 60 or any(_FIRST_PERSON.search(line.text) for line in lines[: turns[0].at]):
        return 0.0  # a statement that goes through countries under headings
    return len(named) + 0.5 * (len(turns) - len(named)) + (0.5 if convention.strong else 0.0)


# -- splitting -----------------------------------------------------------------------------------------------------

_STAGE = re.compile(r"^\s*[\[(](?:[^\[\]()]{2,80})[\])]\s*$")


def split_dialogue(
    transcript: Transcript,
    states: States,
    recognised: tuple[Convention, list[Turn]],
    *,
    forum: str | None = None,
    debate: str | None = None,
    date: str | None = None,
    lines: Sequence[tuple[Placed, bool]] | None = None,
    stops: Collection[int] = (),
) -> Splitting:
    """The turns that `recognise` found, as speeches; lines before the first are the document's title (furniture).

    `lines` are the document's where `recognised` counts others than its printed ones; `stops` those that end a turn without beginning
    another: what stands between them and the next turn is nobody's.
    """
    convention, turns = recognised
    captions = transcript.media_type in ("vtt", "srt")  # cues are cut by time: empty lines part no paragraphs
    if lines is None:
        transcript = _whole(transcript)
        lines = placed_lines(transcript)
    placed = [line for line, _ in lines]
    preface = [p.line.text.strip() for p in placed[: turns[0].at] if p.line.text.strip()]
    title = "\n".join([transcript.title or "", *preface]).strip()
    session = session_in(title)
    symbol = None
    if convention.kind == "summary":
        symbol, found_date = summary_record(title)
        found_date = found_date or date
        place, found_debate = (
            classify(symbol, None, session, found_date, [title])
            if symbol
            else place_of(title, session, None, found_date)
        )
    else:
        found_date = find_date(title) or date
        place, found_debate = place_of(title, session, None, found_date)
    furniture = list(preface)
    events: list[Event] = []
    speeches: list[Speech] = []
    mender = Mender(lambda: [p.line.text for p in placed])
    for turn, last in _merged(turns, len(placed), placed):
        end = min((stop for stop in stops if turn.at < stop < last), default=last)
        furniture += [p.line.text.strip() for p in placed[end:last] if p.line.text.strip()]
        spoken: list[Placed] = []
        for i in range(turn.at, end):
            line, off = lines[i]
            words = line.line.text
            if i == turn.at:
                words = words[turn.found.rest :]
            elif convention is CONVENTIONS[0]:
                words = _VOICE.sub("", words)
            if not words.strip():
                if not captions:
                    spoken.append(without_words(line))
            elif off:
                furniture.append(words.strip())
            elif _STAGE.match(words):
                events.append(
                    Event(
                        transcript.document,
                        line.page,
                        len(speeches) + 1,
                        EventKind.STAGE_DIRECTION,
                        words.strip(),
                    )
                )
            else:
                spoken.append(line._replace(line=line.line._replace(text=words)))
        text = compose(paragraphs(spoken), mender)
        speeches.append(
            speech_of(
                transcript,
                len(speeches) + 1,
                turn.found.who,
                turn.found.heading,
                text,
                placed[turn.at].page,
                spoken_for=_for_whom(turn.found, text.text, found_date, states),
                speech_type=turn.found.speech_type,
            )
        )
    meeting = Meeting(
        transcript.document,
        transcript.sha256,
        symbol=symbol,
        forum=place if place != "other" or not forum else forum,
        debate=found_debate or debate,
        session=session if place.startswith("GA") else None,
        date=found_date,
        kind=convention.kind,
        convention=convention.name,
        pages=len(transcript.pages),
        extractor=transcript.extractor,
        quality=transcript.quality,
        language=transcript.language,
    )
    return Splitting(meeting, tuple(speeches), tuple(events), tuple(furniture))


def _merged(turns: Sequence[Turn], end: int, placed: Sequence[Placed]) -> list[tuple[Turn, int]]:
    """Turns with where they end; in captions each cue repeats its voice, and a speaker's neighbouring cues are one turn."""
    out: list[tuple[Turn, int]] = []
    for turn, stop in zip(turns, [*(t.at for t in turns[1:]), end], strict=True):
        if out and _VOICE.match(placed[turn.at].line.text) and out[-1][0].found.heading == turn.found.heading:
            out[-1] = (out[-1][0], stop)
        else:
            out.append((turn, stop))
    return out


def _said_in_heading(heading: str) -> str:
    """`Norway (on behalf of the Nordic countries):` as a title says it."""
    said = re.search(r"on\s+behalf\s+of\s+[^:)]+", heading, re.IGNORECASE)
    return f"Statement {said[0].strip()}" if said else ""


def _for_whom(
    found: Found, text: str, date: str | None, states: States
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if found.who.role is not Role.DELEGATE:
        return (), ()
    return speaking_for(_said_in_heading(found.heading), text, found.who.state, date, states)
