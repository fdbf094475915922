"""Statements under titles of their own in one document -> one speech each: letters with annexes, compilations.

In 2020 and 2021 the Security Council met by video and has no verbatim records of it: its President sent briefings and statements round in a letter
(the procedure of S/2020/253), each under "Annex IV" and a title, "Statement by the Permanent Representative of X to the United Nations, Ann Example".
A compilation has such titles without annexes. Not here: letters that enclose reports or anything else without such titles (they are one
text), and records.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.extract.problems import problem
from pipeline.records import Meeting, Problem, Role, Speech, Splitting, Transcript
from pipeline.split.dates import find_date
from pipeline.split.debates import classify
from pipeline.split.paragraphs import Mender
from pipeline.split.prose import Placed, compose, paragraphs, stands_out, without_words
from pipeline.split.statement import place_of, session_in
from pipeline.split.titles import Part, for_whom, is_title, off, read_part, who_of
from pipeline.split.turns import speech_of

if TYPE_CHECKING:
    from pipeline.split.states import States

#: "Annex IV", "Annex 4", "S/2021/9 Annex IV", "Annex IV: Statement by ..."
_ANNEX = re.compile(
    r"^\W*(?:[AS]/[\w./-]+\s+)?annex\s+(?P<number>[IVXLC]{1,8}|\d{1,3})\b\s*(?:[AS]/[\w./-]+\s*)?[.:–—-]?\s*(?P<title>(?:\w+\s+){0,2}(?:statement|briefing|remarks)\b.*)?$",
    re.IGNORECASE,
)
#: What a delegation adds to its statement is not spoken.
_ENCLOSURE = re.compile(
    r"^\W*(?:enclosure|attachment|appendix)(?:\s+(?:[IVXLC]{1,8}|\d{1,3}))?\W*$", re.IGNORECASE
)
_SYMBOL = re.compile(r"\b(?P<symbol>[AS]/(?:ES-\d+/|S-\d+/)?\d{2,4}(?:/\d{2,4})?(?:/(?:Add|Rev)\.\d+)*)\b")
#: The letter says when the meeting was, which is not when the letter was sent.
_HELD = re.compile(
    r"\b(?:convened|held|meeting|conference|teleconference|debate)\b[^.;]{0,200}?\bon\s+(?:\w+day,?\s+)?(?=\d{1,2}\s+\w+,?\s+\d{4})",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"[“\"](?P<subject>[^“”\"]{6,200})[”\"]")
_FIRST_PERSON = re.compile(r"\b(?:I|We|we|My|my|Our|our)\b")

#: Fewer annexes with statements do not make such a letter, fewer States no compilation.
_FEWEST = 2
#: Before the first title of a compilation stand at most so many words: its own title.
_PREFACE = 250
#: An annex without a title that names who speaks is told from so many words on.
_TELLING = 40


class Layout(NamedTuple):
    """Where a document's statements are: the first line that is no longer the preface, each part with the line where it ends, annexes
    that hold no statement (first line, end), and lines that repeat a heading at the top of a page."""

    start: int
    parts: tuple[tuple[Part, int], ...]
    others: tuple[tuple[int, int], ...] = ()
    running: frozenset[int] = frozenset()


class _Head(NamedTuple):
    at: int
    number: str
    title: str | None  # on the same line
    first: int | None  # the line where its statement's title begins


def find_annexes(lines: Sequence[Placed], states: States, date: str | None = None) -> Layout | None:
    """The annexes that hold statements and briefings; None where there are fewer than two, because this is another document then."""
    if sum(placed.line.text[:60].lower().count("annex") for placed in lines) < _FEWEST:
        return None  # a quick look at each line
    heads, running = _heads(lines)
    if sum(head.first is not None for head in heads) < _FEWEST:
        return None
    start = heads[0].at
    longest = max(len(placed.line.text) for placed in lines)
    found = {
        head.at: read_part(lines, head.at, head.first, longest, head.title)
        for head in heads
        if head.first is not None
    }
    for part in _titled(lines, start, longest, states, date):
        if part.at not in running and not any(known.at <= part.at < known.begins for known in found.values()):
            found[part.at] = part
    bounds = sorted(
        {*found, *(head.at for head in heads)}
        | {i for i in range(start, len(lines)) if _ENCLOSURE.match(lines[i].line.text)}
    )
    end_of = dict(zip(bounds, [*bounds[1:], len(lines)], strict=True))
    parts = [(part, end_of[at]) for at, part in sorted(found.items())]
    parts = [(part, end) for part, end in parts if _words(lines, part.begins, end, running)]
    if len(parts) < _FEWEST:
        return None
    # "Statements by delegations that were not present" has its statements inside: what is before the first is its title.
    others = [
        (at, end_of[at])
        for at in bounds
        if at not in found and at > parts[0][0].at and not _ENCLOSURE.match(lines[at].line.text)
    ]
    return Layout(start, tuple(parts), tuple(others), frozenset(running))


def _heads(lines: Sequence[Placed]) -> tuple[list[_Head], set[int]]:
    """The headings of annexes in order, and the lines that repeat one at the top of a page. Of a number that heads several annexes (a
    list of them comes first) the one with most words counts."""
    heads: list[_Head] = []
    running: set[int] = set()
    for i, placed in enumerate(lines):
        match = _ANNEX.match(placed.line.text)
        if match is None or len(placed.line.text) >= 300:
            continue
        number, title = match["number"].upper(), match["title"]
        below = i if title else _next_line(lines, i + 1)
        first = below if below is not None and (title or is_title(lines[below].line.text)) else None
        head = _Head(i, number, title, first)
        if heads and heads[-1].number == number and _repeats(lines, heads[-1], head):
            running.add(i)
            if first is not None:
                running.update(range(i, first + 1))
        else:
            heads.append(head)
    ends = [*(head.at for head in heads[1:]), len(lines)][: len(heads)]
    size = {head.at: _words(lines, head.at + 1, end, running) for head, end in zip(heads, ends, strict=True)}
    best: dict[str, _Head] = {}
    for head in heads:
        if head.number not in best or size[head.at] >= size[best[head.number].at]:
            best[head.number] = head
    return [head for head in heads if best[head.number] is head], running


def _repeats(lines: Sequence[Placed], before: _Head, head: _Head) -> bool:
    """Whether a heading with the number of the one before it only says which annex the page belongs to."""
    if head.first is None:
        return True
    if before.first is None:
        return False  # the one before was the running head, with the symbol: S/2021/9 Annex I
    texts = [(one.title or lines[one.first or 0].line.text).split() for one in (before, head)]
    return texts[0] == texts[1]


def _next_line(lines: Sequence[Placed], at: int) -> int | None:
    """The next line with words on it, running heads left out."""
    for i in range(at, len(lines)):
        text = lines[i].line.text.strip()
        if text and not off(text) and not _ANNEX.match(text):
            return i
    return None


def _words(lines: Sequence[Placed], start: int, end: int, running: set[int]) -> int:
    return sum(
        len(lines[i].line.text.split())
        for i in range(start, end)
        if i not in running and not off(lines[i].line.text.strip())
    )


def find_compiled(lines: Sequence[Placed], states: States, date: str | None = None) -> Layout | None:
    """The statements of a compilation: at least two States under titles, after no more than a preface; None where this is no compilation."""
    if sum(map(is_title, (placed.line.text[:300] for placed in lines))) < _FEWEST:
        return None
    longest = max(len(placed.line.text) for placed in lines)
    parts = list(_titled(lines, 0, longest, states, date))
    ends = [*(part.at for part in parts[1:]), len(lines)][: len(parts)]
    found = [
        (part, end) for part, end in zip(parts, ends, strict=True) if _words(lines, part.begins, end, set())
    ]
    speaking = {who_of(part.title, states, date).state for part, _ in found} - {None}
    if len(speaking) < _FEWEST:
        return None
    start = parts[0].at
    preface = " ".join(placed.line.text for placed in lines[:start])
    if len(preface.split()) > _PREFACE or _FIRST_PERSON.search(preface):
        return None  # a statement that quotes the titles of others
    return Layout(start, tuple(found))


def _titled(
    lines: Sequence[Placed], start: int, longest: int, states: States, date: str | None
) -> list[Part]:
    """The titles from line `start` on that stand apart and name a State, an officer of the United Nations or a known organisation."""
    found: list[Part] = []
    for i in range(start, len(lines)):
        text = lines[i].line.text
        above = lines[i - 1] if i and lines[i - 1].page == lines[i].page else None
        if not is_title(text) or not (
            stands_out(lines[i].line, above.line if above else None) or _heads_page(lines, i)
        ):
            continue
        if found and i < found[-1].begins:
            continue
        part = read_part(lines, i, i, longest)
        who = who_of(part.title, states, date)
        known = who.state or who.together or who.role is Role.SECRETARIAT or _known(who.body)
        if known and not part.title.endswith((".", ";")):
            found.append(part)
    return found


def _heads_page(lines: Sequence[Placed], at: int) -> bool:
    return all(
        off(lines[i].line.text.strip()) or not lines[i].line.text.strip()
        for i in range(max(0, at - 2), at)
        if lines[i].page == lines[at].page
    )


def _known(body: str | None) -> bool:
    from pipeline.split.groups import find_groups

    return bool(body and find_groups(body))


def split_parts(
    transcript: Transcript,
    lines: Sequence[tuple[Placed, bool]],
    layout: Layout,
    states: States,
    *,
    date: str | None = None,
    letter: bool = True,
) -> Splitting:
    """The parts of `layout` as speeches; the letter itself, titles and annexes of another kind are furniture."""
    placed = [line for line, _ in lines]
    preface = [p.line.text.strip() for p in placed[: layout.start] if p.line.text.strip()]
    meeting = _meeting(transcript, placed, preface, date, letter)
    mender = Mender(lambda: [p.line.text for p in placed])
    furniture = list(preface)
    speeches: list[Speech] = []
    done = layout.start
    for part, end in layout.parts:
        furniture += [p.line.text.strip() for p in placed[done : part.begins]]
        done = end
        spoken: list[Placed] = []
        for i in range(part.begins, end):
            line, is_off = lines[i]
            if line.line.text.strip() and (is_off or i in layout.running or off(line.line.text.strip())):
                furniture.append(line.line.text.strip())
            else:
                spoken.append(line if line.line.text.strip() else without_words(line))
        text = compose(paragraphs(spoken), mender)
        who = who_of(part.title, states, meeting.date)
        speeches.append(
            speech_of(
                transcript,
                len(speeches) + 1,
                who,
                part.title,
                text,
                placed[part.at].page,
                spoken_for=for_whom(part.title, text.text, who, states, meeting.date),
                language=part.language,
            )
        )
    furniture += [p.line.text.strip() for p in placed[done:]]
    problems = tuple(
        _left_out(transcript.document, placed, at, end, layout.running) for at, end in layout.others
    )
    return Splitting(
        meeting,
        tuple(speeches),
        (),
        tuple(text for text in furniture if text),
        tuple(found for found in problems if found),
    )


def _left_out(
    document: str, lines: Sequence[Placed], at: int, end: int, running: frozenset[int]
) -> Problem | None:
    if _words(lines, at + 1, end, set(running)) < _TELLING:
        return None
    below = _next_line(lines, at + 1)
    detail = " ".join(lines[at].line.text.split())
    if below is not None and below < end:
        detail += f" ({' '.join(lines[below].line.text.split())[:60]})"
    return problem("annex_left_out", document, fatal=False, page=lines[at].page, detail=detail)


def _meeting(
    transcript: Transcript, lines: Sequence[Placed], preface: Sequence[str], date: str | None, letter: bool
) -> Meeting:
    said = " ".join(" ".join(text.split()) for text in preface)
    symbol = session = None
    subject: tuple[str, ...] = ()
    if letter:
        symbol = next((m["symbol"] for p in lines[:12] if (m := _SYMBOL.search(p.line.text))), None)
        held = _HELD.search(said)
        day = find_date(said[held.end() :] if held else said) or date
        organ = (
            "Security Council"
            if re.search(r"\bsecurity\s+council\b", said, re.IGNORECASE)
            else "General Assembly"
        )
        quoted = _SUBJECT.search(said)
        subject = (quoted["subject"],) if quoted else ()
        forum, debate = classify(symbol, organ, None, day, subject)
    else:
        title = "\n".join([transcript.title or "", *preface])
        day = find_date(title) or date
        session = session_in(title)
        forum, debate = place_of(title, session, None, day)
    return Meeting(
        transcript.document,
        transcript.sha256,
        symbol=symbol,
        forum=forum,
        debate=debate,
        session=session if forum.startswith("GA") else None,
        date=day,
        agenda=subject,
        kind="letter" if letter else "compilation",
        convention="statements in annexes" if letter else "statements under titles",
        pages=len(transcript.pages),
        extractor=transcript.extractor,
        quality=transcript.quality,
        language=transcript.language,
    )
