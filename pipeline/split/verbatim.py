"""An official verbatim record -> turns, events and the facts of the meeting.

The record is read line by line: each line opens or goes on with a turn, a stage direction, an agenda heading, a vote
list, a note, or is page furniture. Bold and italic decide where the document has them; in plain text the grammar
of headings and the wording of stage directions must do. Not here: that grammar and wording (`headings`, `record_lines`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from pipeline.records import Event, EventKind, Meeting, Problem, Role, Speech, Splitting, Transcript
from pipeline.split import record_lines as lines
from pipeline.split.cover import Cover, find_symbol, read_cover
from pipeline.split.debates import classify
from pipeline.split.groups import spoken_for
from pipeline.split.headings import START, Heading, parse_heading
from pipeline.split.paragraphs import Mender
from pipeline.split.procedure import Course, capacity_parts
from pipeline.split.rows import Row, Rows, read_rows
from pipeline.split.states import State


class Resolver(Protocol):
    """What the splitter asks of `pipeline.split.states.States`."""

    def resolve(self, name: str, date: str | None = None) -> State | None: ...


#: Lines of a heading that is broken over lines, columns or pages.
_HEADING_LINES = 8
_MEETING_WORDS = re.compile(
    r"\b(?:meeting|MEETING|Official Records|OFFICIAL RECORDS|Verbatim|VERBATIM|session|plenary)\b"
)
_OPENED = re.compile(r"The meeting was (?:called to order|resumed|opened)|The meeting resumed")
_MASTHEAD = re.compile(
    rf"(?:.{{0,30}}\b(?:[Uu]nited [Nn]ations|UNITED NATIONS|NATIONS UNIES|Assembly|ASSEMBLY|Council|COUNCIL)\b.{{0,30}}|[^(]{{0,20}}|"
    rf"\d{{1,2}}/\d{{1,2}}/\d{{4}}.{{0,200}}){lines.SYMBOL}(?:.{{0,12}}|.{{0,200}}\d{{1,2}}/\d{{1,2}}/\d{{4}})$"
)
_SURE_STAGE = re.compile(
    r"It was so decided\.|The meeting (?:was called to order|rose)|The agenda was adopted\.|A (?:recorded )?vote was taken"
)
_ENDED = re.compile(r"The (?:public |private )?meeting (?:rose|was adjourned)")
_NUMBERED_ITEM = re.compile(r"(?:Agenda|AGENDA) (?:items?|ITEMS?):? \d[\d, toand–-]*(?:\(continued\))?$")
_SENTENCE_END = re.compile(r"[.:?!…—–\-][”\"’')\]]*(?:\s?\(.{1,80}\)\.?)?$")


def is_verbatim(transcript: Transcript) -> bool:
    """Whether a transcript is a UN verbatim record.

    It is one if its first lines carry the symbol of one (A/65/PV.71) and speak of a meeting, or if it opens and is led
    as one: "The meeting was called to order" and at least two speaker headings.
    """
    head: list[str] = []
    for page in transcript.pages[:2]:
        head.extend(line.text for line in page.lines[:60])
    top = "\n".join(head[:40])
    # A statement may cite a record; a record's own symbol stands in a masthead, with little else on its line.
    masthead = find_symbol(top) and any(
        _MASTHEAD.match(line.strip()) for line in head[:40] if find_symbol(line)
    )
    if masthead and _MEETING_WORDS.search("\n".join(head)):
        return True
    opened = any(_OPENED.match(line.strip()) for line in head)
    if not opened:
        return False
    found = 0
    for page in transcript.pages:
        for line in page.lines:
            text = line.text.strip()
            if START.match(text) and parse_heading(text):
                found += 1
                if found >= 2:
                    return True
    return False


@dataclass
class _Turn:
    """A turn while it is being read: its heading and its paragraphs as lines with their pages."""

    heading: Heading
    page: int
    state: State | None
    paragraphs: list[list[tuple[str, int]]] = field(default_factory=list)

    def add(self, text: str, page: int, *, new: bool) -> None:
        if new or not self.paragraphs:
            self.paragraphs.append([])
        self.paragraphs[-1].append((text, page))

    @property
    def last_text(self) -> str:
        return self.paragraphs[-1][-1][0] if self.paragraphs else ""


@dataclass
class _Note:
    """An event while it is being read."""

    kind: EventKind
    page: int
    texts: list[str]
    breaks: set[int] = field(default_factory=set)  # indexes of lines that begin a new line of the event

    def text(self, mender: Mender) -> str:
        cuts = sorted({0, len(self.texts)} | {b for b in self.breaks if b < len(self.texts)})
        parts: list[str] = []
        for a, b in itertools.pairwise(cuts):
            part = mender.join(self.texts[a:b])
            if parts and parts[-1].endswith("-"):  # "follow-" and "up": one title over two centred lines
                parts[-1] = mender.join([parts[-1], part])
            else:
                parts.append(part)
        return "\n".join(parts)


def _type_of(source: Rows) -> tuple[bool, bool]:
    """Whether this record sets headings in bold, and stage directions in italics.

    A bold masthead is not enough: old files have fonts without names for the text, and plain text has no type at all.
    """
    heads = [row.bold for row in source.rows if row.start and ":" in row.text and START.match(row.text)]
    stages = [row.italic for row in source.rows if _SURE_STAGE.match(row.text)]
    bold = sum(heads) * 2 >= len(heads) if heads else source.has_bold
    italic = any(stages) if stages else source.has_italic
    return bold and source.has_bold, italic and source.has_italic


class _Reader:
    """One pass over the rows of a record."""

    def __init__(self, source: Rows, states: Resolver, date: str | None) -> None:
        self.rows = source.rows
        self.layout = source.has_layout
        self.bold, self.italic = _type_of(source)
        self.states, self.date = states, date
        self.furniture: list[str] = []
        self.items: list[_Turn | _Note] = []
        self.turn: _Turn | None = None
        self.note: _Note | None = None  # the open event, None while speech is read
        self.started = self.ended = False
        self.cover: list[str] = []
        self.in_notice = 0
        self.notice_tail = 0  # rows in which the notice may still go on

    # -- the pass ----------------------------------------------------------------------------------------------

    def read(self) -> None:
        at = 0
        while at < len(self.rows):
            at += self._row(at)

    def _row(self, at: int) -> int:
        """Take the row at `at`; the number of rows used."""
        row = self.rows[at]
        if self._is_notice(row):
            return 1
        if not self.started and not self._opens(at):
            self.cover.append(row.text)
            return 1
        if row.small and self.layout:
            # Type smaller than the body's: a footnote (on the first page, of the masthead).
            self._aside(row)
            return 1
        plain = self.layout and not row.bold and not row.italic
        goes_on = plain and not row.start and row.text[0] not in "([*" and not self._opens_turn(at)
        if goes_on and self._continues(row):
            return 1
        text = row.text
        if lines.LANGUAGE_SWITCH.match(text):
            self._event(EventKind.STAGE_DIRECTION, row)
            self.note = None
            self._force_paragraph = True
            return 1
        if (used := self._heading(at)) > 0:
            return used
        if (label := lines.VOTE_LABEL.match(text)) and self._may_be_vote(at, label.end()):
            self._vote_line(row)
            return 1
        if self.note is not None and self._goes_on(at):
            # The only line in its column shows no edge to be indented from: within a sentence no line begins anew.
            within = self.note.kind is EventKind.STAGE_DIRECTION and not _SENTENCE_END.search(
                self.note.texts[-1]
            )
            if row.start and not within:
                self.note.breaks.add(len(self.note.texts))
            self.note.texts.append(text)
            return 1
        if lines.BRACKET_NOTE.match(text):
            self._event(EventKind.NOTE, row)
            return 1
        if self._is_stage(at):
            self._event(EventKind.STAGE_DIRECTION, row)
            return 1
        if self._is_agenda(at):
            if (
                self.note is not None
                and self.note.kind is EventKind.AGENDA_ITEM
                and not re.match(r"Agenda item", text)
            ):
                if row.start or not self.layout:
                    self.note.breaks.add(len(self.note.texts))
                self.note.texts.append(text)
            else:
                self._event(EventKind.AGENDA_ITEM, row)
            return 1
        if self.ended:
            # Nobody speaks after the meeting rose, until another heading.
            self._event(EventKind.NOTE, row)
            return 1
        self._speech(row)
        return 1

    _force_paragraph = False

    # -- parts -------------------------------------------------------------------------------------------------

    def _is_notice(self, row: Row) -> bool:
        """The notice about corrections, anywhere on the first two pages or at the end of a text."""
        if lines.NOTICE_START.match(row.text):
            self.in_notice = 14
        elif self.in_notice and not lines.NOTICE_LINE.search(row.text):
            self.in_notice = 0
        elif not self.in_notice and self.notice_tail:
            self.notice_tail -= 1
            if lines.NOTICE_TAIL.search(row.text):
                self.furniture.append(row.text)
                return True
        if not self.in_notice:
            return False
        self.furniture.append(row.text)
        self.in_notice -= 1
        if lines.NOTICE_END.search(row.text) and "Corrections will" not in row.text:
            self.in_notice = 0
            self.notice_tail = 4
        return True

    def _opens(self, at: int) -> bool:
        """Whether the cover ends before this row."""
        row = self.rows[at]
        text = row.text
        opens = bool(_OPENED.match(text)) or (
            bool(lines.STAGE_PARAGRAPH.match(text))
            and re.match(r"In the absence|The meeting|Mr|Ms|Mrs|The agenda", text) is not None
        )
        if not opens and re.match(r"In the absence of|Owing to the absence", text):
            opens = True
        if not opens and START.match(text) and (row.bold or not self.bold):
            opens = self._parse(at) is not None
        if not opens and not self.bold and re.match(r"Agenda items? \d", text):
            opens = True
        if opens:
            self.started = True
        return opens

    def _aside(self, row: Row) -> None:
        kind = EventKind.NOTE
        if (
            self.items
            and isinstance(self.items[-1], _Note)
            and self._aside_page == row.page
            and self.items[-1].kind is kind
            and self._aside_open
        ):
            self.items[-1].texts.append(row.text)
        else:
            self.items.append(_Note(kind, row.page, [row.text]))
            self._aside_open = True
        self._aside_page = row.page

    _aside_page = 0
    _aside_open = False

    def _continues(self, row: Row) -> bool:
        """A plain line that begins no paragraph goes on with what is open: speech, a vote list, a stage direction."""
        if self.note is None:
            if self.turn is None:
                return False
            self.turn.add(row.text, row.page, new=self._take_force())
            self._aside_open = False
            return True
        if self.note.kind is EventKind.AGENDA_ITEM:
            return False
        if self.note.kind is EventKind.STAGE_DIRECTION and _SENTENCE_END.search(self.note.texts[-1]):
            return False
        if self.note.kind is EventKind.NOTE and "]" in self.note.texts[-1] and not self.ended:
            return False
        self.note.texts.append(row.text)
        return True

    def _opens_turn(self, at: int) -> bool:
        """Whether a line that begins no paragraph is a heading all the same, in a record without bold type.

        Over a column's first line there is no white, and where every line of the column is indented none looks so.
        """
        if self.bold or not START.match(self.rows[at].text) or not self._sentence_ended(at):
            return False
        found = self._parse(at)
        return found is not None and found[0].function is None

    def _take_force(self) -> bool:
        forced, self._force_paragraph = self._force_paragraph, False
        return forced

    def _event(self, kind: EventKind, row: Row) -> None:
        self.note = _Note(kind, row.page, [row.text])
        self.items.append(self.note)
        self._aside_open = False
        if kind is EventKind.STAGE_DIRECTION and _ENDED.match(row.text):
            self.ended = True

    def _goes_on(self, at: int) -> bool:
        """Whether the row belongs to the open event."""
        row, note = self.rows[at], self.note
        assert note is not None
        last = note.texts[-1]
        if note.kind is EventKind.RECORDED_VOTE:
            if row.italic or row.bold or row.text.startswith("["):
                return False
            if self.layout:
                return True
            return not lines.STAGE_PARAGRAPH.match(row.text) and (
                not row.start or len(note.texts) == 1 or last.endswith((":", ","))
            )
        if note.kind is EventKind.STAGE_DIRECTION:
            if row.start and not (self.layout and not row.gap and row.all_italic):
                return False
            if row.bold or row.text.startswith("["):
                return False
            if self.ended and not self.layout:
                return False
            if _SENTENCE_END.search(last):
                return row.all_italic and not lines.STAGE_PARAGRAPH.match(self._paragraph(at))
            return row.italic or self.layout or not row.start
        if note.kind is EventKind.NOTE:
            if last.endswith(("]", "].")) or row.bold:
                return False
            return (
                not row.start or ("[" in "".join(note.texts) and "]" not in "".join(note.texts)) or self.ended
            )
        return False  # agenda headings go on in _is_agenda

    def _is_stage(self, at: int) -> bool:
        row = self.rows[at]
        if row.italic and row.all_italic:
            if row.start or self.turn is None or self.note is not None:
                return self._whole_paragraph_italic(at) or bool(
                    lines.STAGE_PARAGRAPH.match(self._paragraph(at))
                )
            return bool(_SENTENCE_END.search(self.turn.last_text)) and bool(
                lines.STAGE_PARAGRAPH.match(self._paragraph(at))
            )
        if row.italic:
            return (row.start or self.note is not None) and bool(
                lines.STAGE_PARAGRAPH.match(self._paragraph(at))
            )
        if self.bold and self.layout and self.italic:
            return False
        if not row.start and self.turn is not None and (self.layout or self.note is None):
            # Text wrapped without blank lines: a whole direction on a line of its own, after a whole sentence.
            alone = (
                not self.layout
                and row.text.endswith(".")
                and bool(_SENTENCE_END.search(self.rows[at - 1].text))
            )
            return alone and self._worded_as_stage(row.text)
        paragraph = self._paragraph(at)
        return len(paragraph) < 420 and self._worded_as_stage(paragraph)

    def _worded_as_stage(self, text: str) -> bool:
        """Whether words alone, without type, tell a stage direction here."""
        if not lines.STAGE_PARAGRAPH.match(text) or lines.SPOKEN.search(text):
            return False
        return not self._delegate_speaks() or bool(lines.STAGE_ALWAYS.match(text))

    def _paragraph(self, at: int) -> str:
        """The text of the paragraph that begins at this row, up to six lines."""
        texts = [self.rows[at].text]
        for row in self.rows[at + 1 : at + 6]:
            if row.start or row.bold:
                break
            texts.append(row.text)
        return " ".join(texts)

    def _whole_paragraph_italic(self, at: int) -> bool:
        for row in self.rows[at + 1 : at + 6]:
            if row.start or row.bold:
                return True
            if not row.italic:
                # An upright end, "(resolution 65/211).", is short and closes the sentence.
                return (len(row.text) < 60 and row.text[0] in "(0123456789") or self._closes_next(at)
        return True

    def _closes_next(self, at: int) -> bool:
        return bool(_SENTENCE_END.search(self.rows[at].text))

    def _is_agenda(self, at: int) -> bool:
        row = self.rows[at]
        if row.bold:
            return row.all_bold or bool(lines.AGENDA_LINE.match(row.text))
        if row.italic and row.text.startswith("(continued") and self.note is not None:
            return True
        open_agenda = self.note is not None and self.note.kind is EventKind.AGENDA_ITEM
        if self.bold and self.layout:
            # Upright lines right under a bold heading, before anybody speaks, go with it.
            return open_agenda and not row.italic and len(row.text) < 120 and self._heading_soon(at)
        if open_agenda:
            return len(row.text) < 400 and (self._heading_soon(at) or bool(lines.AGENDA_LINE.match(row.text)))
        numbered = not self.layout and bool(_NUMBERED_ITEM.match(row.text)) and self._sentence_ended(at)
        if self._delegate_speaks() and not numbered:
            return (
                False  # "(a) We call for ..." is a list in a speech; items change when the presidency says so
            )
        if lines.AGENDA_LINE.match(row.text) and (
            row.start or self.note is not None or self.turn is None or numbered
        ):
            return len(row.text) < 300 and not (
                self.turn is not None and self.note is None and not self._heading_soon(at, 30)
            )
        after_event = self.note is not None or self.turn is None
        return (
            after_event
            and row.start
            and len(row.text) < 300
            and self._heading_soon(at, 12)
            and not row.text.endswith(".")
        )

    def _delegate_speaks(self) -> bool:
        """Whether the words before this row are a speech, and not the presidency's or an event."""
        return self.turn is not None and self.note is None and self.turn.heading.office_role is None

    def _heading_soon(self, at: int, reach: int = 15) -> bool:
        for index in range(at + 1, min(at + 1 + reach, len(self.rows))):
            row = self.rows[index]
            if START.match(row.text) and (row.bold or not self.bold) and self._parse(index):
                return True
            if lines.STAGE_PARAGRAPH.match(row.text):
                return True
        return False

    def _may_be_vote(self, at: int, end: int) -> bool:
        row = self.rows[at]
        if row.italic or (
            self.note is not None and self.note.kind in (EventKind.RECORDED_VOTE, EventKind.STAGE_DIRECTION)
        ):
            return True
        rest = row.text[end:]
        return row.start and not self.layout and (not rest or "," in rest or rest in ("None", "None."))

    def _vote_line(self, row: Row) -> None:
        if self.note is None or self.note.kind is not EventKind.RECORDED_VOTE:
            self._event(EventKind.RECORDED_VOTE, row)
        else:
            self.note.breaks.add(len(self.note.texts))
            self.note.texts.append(row.text)

    def _speech(self, row: Row) -> None:
        if self.turn is None:
            self._event(EventKind.AGENDA_ITEM if row.bold else EventKind.NOTE, row)
            return
        resumed = self.note is not None
        self.note = None
        self._aside_open = False
        self.turn.add(row.text, row.page, new=row.start or resumed or self._take_force())

    # -- headings ----------------------------------------------------------------------------------------------

    def _heading(self, at: int) -> int:
        found = self._parse(at)
        if found is None:
            return 0
        heading, used, rest, state = found
        self.turn = _Turn(heading, self.rows[at].page, state)
        self.items.append(self.turn)
        self.note = None
        self.started, self.ended = True, False
        self._force_paragraph = False
        self._aside_open = False
        if rest:
            self.turn.add(rest, self.rows[at + used - 1].page, new=True)
        return used

    def _parse(self, at: int) -> tuple[Heading, int, str, State | None] | None:
        """The heading that begins at this row: parsed, rows used, the speech left on its last row, its State."""
        row = self.rows[at]
        if row.italic and not row.bold:
            return None
        titled = bool(START.match(row.text))
        if not titled and not row.bold and not (row.start and "(" in row.text[:60]):
            return None
        if not titled and not row.bold and not self._may_be_untitled(row):
            return None
        text, used, ends = row.text, 1, [len(row.text)]
        mender = _PLAIN_MENDER
        while not _has_colon(text) and used < _HEADING_LINES and at + used < len(self.rows):
            following = self.rows[at + used]
            if (following.bold and following.start) or (following.start and following.gap):
                break
            cut, between = mender.glue(text, following.text)
            text = (text[:-cut] if cut else text) + between + following.text
            ends.append(len(text))
            used += 1
        heading = parse_heading(text, untitled=not titled)
        if heading is None or heading.length <= (ends[-2] if used > 1 else 0):
            return None
        state = self._state(heading)
        if not self._accepts(row, heading, state, titled, at):
            return None
        return heading, used, text[heading.length :].strip(), state

    def _may_be_untitled(self, row: Row) -> bool:
        """A line like "Mahmoud EXAMPLE Bey (Exampland):", in a record whose surnames are in capitals."""
        before = row.text.split("(")[0]
        return any(word.isupper() and len(word) > 3 for word in before.split())

    def _state(self, heading: Heading) -> State | None:
        if heading.place is None:
            return None
        for name in (heading.place, _OBSERVER.sub("", heading.place), heading.place.split(",")[0]):
            if (state := self.states.resolve(name, self.date)) is not None:
                return state
        return None

    def _accepts(self, row: Row, heading: Heading, state: State | None, titled: bool, at: int) -> bool:
        sure = state is not None or heading.language is not None or (heading.office is not None)
        if heading.end == ";" and not (sure and (row.bold or heading.office is None)):
            return False
        if not titled:
            return state is not None and (row.bold or row.start)
        if row.bold:
            return True
        if self.bold:
            # Bold is this document's sign of a heading: one without it needs a State or office and a new paragraph.
            return sure and (row.start or self._sentence_ended(at))
        if heading.language is not None:
            # A language in brackets before the colon is no sentence's, whatever stands on the line above (an agenda title, say).
            return True
        if heading.place is None and heading.office is None:
            return row.start and self._sentence_ended(at)
        return row.start or self._sentence_ended(at)

    def _sentence_ended(self, at: int) -> bool:
        if at == 0 or self.turn is None or self.note is not None:
            return True
        return bool(_SENTENCE_END.search(self.rows[at - 1].text)) or self.rows[at - 1].text.endswith(")")


_OBSERVER = re.compile(
    r"^(?:Permanent )?Observer (?:State )?(?:for|of|from) (?:the )?|^Observer ", re.IGNORECASE
)
_PLAIN_MENDER = Mender()


def _has_colon(text: str) -> bool:
    depth = 0
    for character in text:
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character in ":;" and depth <= 0:
            return True
    return False


# -- from what was read to records -------------------------------------------------------------------------------


def split_verbatim(transcript: Transcript, states: Resolver) -> Splitting:
    """Turns, events, furniture and the meeting's facts of a verbatim record.

    Every word of the transcript is in exactly one heading, speech, event or line of furniture. A bilingual scan of the
    first decades gives the meeting's facts and a fatal `Problem` with the code `bilingual_scan`.
    """
    first = _first_pages(transcript)
    if is_bilingual(transcript):
        cover = read_cover(first)
        meeting = _meeting(transcript, cover, ())
        return Splitting(meeting, (), (), tuple(_all_lines(transcript)), (_bilingual(transcript.document),))
    source = read_rows(transcript)
    cover = read_cover(first)
    reader = _Reader(source, states, cover.date)
    reader.read()
    mender = Mender(lambda: _all_lines(transcript))
    speeches, events = _Compiler(transcript, cover, states, mender).compile(reader.items)
    agenda = tuple(_agenda_titles(events) or _cover_agenda(reader.cover))
    meeting = _meeting(transcript, cover, agenda)
    forum, debate = _classify(meeting, cover, speeches)
    problems: tuple[Problem, ...] = ()
    if not speeches:
        problems = (_no_turns(transcript.document),)
    return Splitting(
        replace(meeting, forum=forum, debate=debate),
        tuple(speeches),
        tuple(events),
        (*source.furniture, *reader.cover, *reader.furniture),
        problems,
    )


def _first_pages(transcript: Transcript) -> str:
    texts: list[str] = []
    for page in transcript.pages[:2]:
        texts.extend(line.text for line in page.lines[:120])
        # The cover of a record as text is followed by the meeting on the same "page".
        if (
            len(transcript.pages) > 1
            and transcript.pages[0].lines
            and find_symbol("\n".join(texts))
            and "resident" in "\n".join(texts)
        ):
            break
    return "\n".join(texts)


def _all_lines(transcript: Transcript) -> Iterable[str]:
    return [line.text.strip() for page in transcript.pages for line in page.lines if line.text.strip()]


_FRENCH = frozenset(
    [
        "le",
        "la",
        "les",
        "des",
        "du",
        "une",
        "est",
        "que",
        "dans",
        "pour",
        "qui",
        "sur",
        "au",
        "par",
        "nous",
        "pas",
    ]
)
_ENGLISH = frozenset(
    ["the", "of", "and", "to", "in", "that", "is", "for", "was", "with", "by", "on", "not", "be", "this"]
)


def is_bilingual(transcript: Transcript) -> bool:
    """Whether a record has English and French side by side, as those printed until the 1960s or 1970s have.

    Asked of up to six pages after the first: both languages must have a fair share on most of them.
    """
    both = seen = 0
    for page in transcript.pages[1:7]:
        words = " ".join(line.text for line in page.lines).lower().split()
        french, english = sum(map(_FRENCH.__contains__, words)), sum(map(_ENGLISH.__contains__, words))
        if french + english < 40:
            continue
        seen += 1
        both += min(french, english) > 0.25 * max(french, english)
    return seen > 0 and both * 2 > seen


def _bilingual(document: str) -> Problem:
    return Problem(
        document,
        "bilingual_scan",
        "This record prints English and French side by side (as records did before the 1970s), which is not supported.",
        "Use a later record, or type the English column into a .txt file.",
    )


def _no_turns(document: str) -> Problem:
    return Problem(
        document,
        "no_turns",
        "This looks like a verbatim record, but no speaker heading was found in it.",
        "Check that the file is the English version and complete.",
    )


def _meeting(transcript: Transcript, cover: Cover, agenda: Sequence[str]) -> Meeting:
    return Meeting(
        transcript.document,
        transcript.sha256,
        symbol=cover.symbol,
        forum=cover.organ or "other",
        session=cover.session,
        meeting_number=cover.meeting_number,
        date=cover.date,
        president=cover.president_line,
        agenda=tuple(agenda),
        kind="verbatim_record",
        pages=len(transcript.pages),
        extractor=transcript.extractor,
        quality=transcript.quality,
        language=transcript.language,
    )


def _classify(meeting: Meeting, cover: Cover, speeches: Sequence[Speech]) -> tuple[str, str | None]:
    opening = " ".join(speech.text[:600] for speech in speeches[:2])
    forum, debate = classify(
        meeting.symbol, cover.organ, meeting.session, meeting.date, meeting.agenda, opening
    )
    return str(forum), debate


def _agenda_titles(events: Sequence[Event]) -> list[str]:
    titles = []
    for event in events:
        if event.kind is EventKind.AGENDA_ITEM:
            title = _PLAIN_MENDER.join(event.text.split("\n"))
            if title not in titles:
                titles.append(title)
    return titles


def _cover_agenda(cover: Sequence[str]) -> list[str]:
    """What stands under "Agenda" on the cover of a Council record."""
    if "Agenda" not in cover:
        return []
    return [line for line in cover[list(cover).index("Agenda") + 1 :] if not lines.NOTICE_START.match(line)]


_CHAIR_TAKEN = re.compile(
    r"(?:,|^)\s*(?P<name>(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Sheikha?|Prince|Princess|H\.E\.|General|Archbishop|Prof)\.?\s[^,(]{2,60}?)\s*"
    r"\((?P<state>(?:[^()]|\([^()]*\))+)\)[^.]{0,60}?\b(?:took|in|resumed|occupied)\s+the\s+(?:Chair|presidency)"
)
_PRESIDENT_BACK = re.compile(r"The President (?:took|returned to|resumed|in) (?:the )?(?:Chair|presidency)")
_SECRETARIAT = re.compile(
    r"Secretar(?:y|iat)|Department|Under-|Assistant Secretary|Office (?:of|for)|Special (?:Representative|Adviser|Envoy|Coordinator)|High Commissioner|"
    r"United Nations (?:Office|Mission|Assistance|Development|Population|Children|Environment|Entity|Support|Relief|Operations|Integrated|Stabilization|Interim)|"
    r"UNICEF|UNHCR|UNDP|OCHA|Executive Director|Protocol|Military Adviser|Force Commander|Police Adviser|(?:Relief|Resident|Humanitarian) Coordinator|"
    r"High Representative for (?:Disarmament|the Least Developed)|Chef de Cabinet|Legal Counsel|Director of the .*Division|General Assembly Affairs"
)
_GOVERNMENT = re.compile(
    r"\b(?:Minister|Prime|President of (?:the )?(?:Republic|Federal|Government|Islamic|Democratic|Swiss|State|United)|Head of (?:State|Government)|"
    r"Permanent Representative|Ambassador|speaking|on behalf|King|Emir|Crown|Vice-President of|Attorney|Special Envoy of the (?:President|Government))\b"
)


#: Where the description of one person ends and another's begins: "... for Humanitarian Affairs, and Mr. Example".
_NEXT_PERSON = re.compile(
    r",? (?:and to|to (?:address|participate|brief|make|take|give)|and I|who|and (?=(?:Mr|Mrs|Ms|Dr|Sir|Dame|Her|His)\b))"
    r"|, (?=(?:Mr|Mrs|Ms|Dr|Sir|Dame)\b)|, (?:for (?:his|her|their)|and (?:congratulate|wish|thank))\b"
)


#: What follows a name and a comma, when it says who somebody is: an office, not "whom I now invite" or "to take the floor".
_DESCRIBES = re.compile(
    r"(?!(?:whom?|to|and|for|he|she|I|we|in|on|at|with|as|so|but|then|please)\b)", re.IGNORECASE
)
#: "... the Chair of the Peacebuilding Commission, His Excellency Mr. John" before the surname.
_DESCRIBED_BEFORE = re.compile(
    r"\b(?:the|our) ([A-Z](?:[^,.;:]|, (?=Political|Humanitarian|Administration|Education|Peace|Security|Children|Women|and )){3,160}),\s*"
    r"(?:(?:His|Her) (?:Excellency|Eminence|Honou?r|Majesty|Highness),? )?(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Judge|Ambassador|General|Prof)\b\.?\s*)?(?:[^\W\d_][\w.’'-]*\s+){0,4}$"
)


class _Compiler:
    """Second pass: the items in order -> speeches and events, with who holds the Chair and what was announced."""

    def __init__(self, transcript: Transcript, cover: Cover, states: Resolver, mender: Mender) -> None:
        self.document = transcript.document
        self.quality = transcript.quality
        self.cover, self.states, self.mender = cover, states, mender
        self.speeches: list[Speech] = []
        self.events: list[Event] = []
        self.president = _bare_name(cover.president)
        self.acting: str | None = None
        self.course = Course()
        self.introductions: list[
            str
        ] = []  # latest words of presidency, agenda and stage, for names without brackets

    def compile(self, items: Sequence[_Turn | _Note]) -> tuple[list[Speech], list[Event]]:
        for item in items:
            if isinstance(item, _Turn):
                self._turn(item)
            else:
                self._note(item)
        return self.speeches, self.events

    def _note(self, note: _Note) -> None:
        text = note.text(self.mender)
        event = Event(self.document, note.page, len(self.speeches), note.kind, text)
        if note.kind is EventKind.RECORDED_VOTE:
            sides = vote_lists(text, self.states, self.cover.date)
            event = replace(
                event, in_favour=sides["favour"], against=sides["against"], abstaining=sides["abstain"]
            )
        elif note.kind is EventKind.STAGE_DIRECTION:
            flat = " ".join(text.split())
            if taken := _CHAIR_TAKEN.search(flat):
                self.acting = _bare_name(taken["name"])
            elif _PRESIDENT_BACK.search(flat):
                self.acting = None
            self._remember(text)
        elif note.kind is EventKind.AGENDA_ITEM:
            self.course.new_item()
            self._remember(text)
        self.events.append(event)

    def _remember(self, text: str) -> None:
        self.introductions.append(" ".join(text.split()))
        del self.introductions[:-12]

    def _turn(self, turn: _Turn) -> None:
        text, marks = self._text(turn)
        heading = turn.heading
        first = marks[0][1] if marks else turn.page
        last = marks[-1][1] if marks else turn.page
        speech = Speech(
            self.document,
            len(self.speeches) + 1,
            text,
            turn.page if not marks else min(turn.page, first),
            max(last, turn.page),
            heading=heading.printed,
            language=heading.language,
            page_marks=tuple(marks),
            quality=self.quality,
        )
        speech = self._who(speech, turn)
        if speech.role is not Role.PRESIDENCY:
            speech = replace(speech, speech_type=self.course.type_of(text, speech.role))
            self.speeches.append(self._spoken_for(speech, turn.state))
            return
        for number, part in enumerate(capacity_parts(text)):
            piece = _cut(speech, part.start, part.end)
            piece = replace(piece, no=len(self.speeches) + 1, heading=speech.heading if number == 0 else None)
            if part.national:
                piece, state = self._as_national(piece, part.state)
                piece = replace(piece, speech_type=self.course.type_of(piece.text, Role.DELEGATE))
                self.speeches.append(self._spoken_for(piece, state))
            else:
                self.course.presided(piece.text)
                self._remember(piece.text)
                self.speeches.append(
                    replace(piece, speech_type=self.course.type_of(piece.text, Role.PRESIDENCY))
                )

    def _as_national(self, speech: Speech, named: str | None) -> tuple[Speech, State | None]:
        own = self.cover.president_state if self.acting is None else None
        # "representative of Exampland and on behalf of ...": the name is what resolves, longest first.
        words = (named or "").split()
        names = [" ".join(words[:count]) for count in range(len(words), 0, -1)]
        for name in (*names, own):
            state = self.states.resolve(name, self.cover.date) if name else None
            if state is not None:
                same = own and (it := self.states.resolve(own, self.cover.date)) and it.iso3 == state.iso3
                national = replace(
                    speech,
                    role=Role.DELEGATE,
                    state=own if same else name,
                    iso3=state.iso3,
                    observer=state.observer,
                    state_source="document",
                )
                return national, state
        known = own or named
        return replace(
            speech, role=Role.DELEGATE, state=known, state_source="document" if known else None
        ), None

    def _who(self, speech: Speech, turn: _Turn) -> Speech:
        heading, state = turn.heading, turn.state
        if heading.office is not None:
            role = Role(heading.office_role or "presidency")
            name = heading.name
            if role is Role.PRESIDENCY:
                name = (
                    self.acting or self.president
                    if heading.office != "President" or self.acting is None
                    else self.president
                )
                if heading.office == "President":
                    name = self.president
            organization = (
                None
                if role is Role.PRESIDENCY
                else "United Nations Secretariat"
                if role is Role.SECRETARIAT
                else heading.office
            )
            return replace(speech, role=role, speaker=name, organization=organization)
        name = heading.name
        if state is not None:
            function = heading.function
            if function is not None and not _GOVERNMENT.search(function):
                return replace(
                    speech, speaker=name, role=Role.OTHER, state=heading.place, iso3=state.iso3, observer=state.observer,
                    state_source="heading", organization=_body_of(function),
                )  # fmt: skip
            return replace(
                speech,
                speaker=name,
                role=Role.DELEGATE,
                state=heading.place,
                iso3=state.iso3,
                observer=state.observer,
                state_source="heading",
            )
        if heading.place is not None:
            role = Role.SECRETARIAT if _SECRETARIAT.search(heading.place) else Role.OTHER
            return replace(speech, speaker=name, role=role, organization=heading.place)
        if heading.function is not None:
            role = Role.SECRETARIAT if _SECRETARIAT.search(heading.function) else Role.OTHER
            return replace(speech, speaker=name, role=role, organization=_body_of(heading.function))
        return self._introduced(replace(speech, speaker=name), heading)

    def _introduced(self, speech: Speech, heading: Heading) -> Speech:
        """Somebody named without brackets: a head of State or a briefer, as the President introduced them."""
        for office in self._offices_of(heading.name or ""):
            if _GOVERNMENT.search(office) and not re.search(
                r"Secretary-General|United Nations|Council|Court|Union\b", office.split(",")[0]
            ):
                named = re.search(
                    r"\b(?:of|for) (?:the )?((?:[A-Z][\w’'-]+|of|and|the|\(|\))(?: (?:[A-Z][\w’'()-]+|of|and|the))*)",
                    office,
                )
                for candidate in _candidates(office, named.group(1) if named else ""):
                    state = self.states.resolve(candidate, self.cover.date)
                    if state is not None:
                        return replace(
                            speech, role=Role.DELEGATE, state=candidate, iso3=state.iso3,
                            observer=state.observer, state_source="document",
                        )  # fmt: skip
            role = Role.SECRETARIAT if _SECRETARIAT.search(office) else Role.OTHER
            cleaned = _NEXT_PERSON.split(office)[0]
            return replace(speech, role=role, organization=cleaned.strip(" ,"))
        return replace(speech, role=Role.OTHER)

    def _offices_of(self, name: str) -> Iterable[str]:
        """What the latest introduction of a name says of it: after it, "Mr. Example, Special Adviser on ...", or before it."""
        surname = name.split()[-1] if name else ""
        for sought in dict.fromkeys((name, surname)):
            if not sought:
                continue
            pattern = re.compile(rf"(?<![\w-]){re.escape(sought)}(?![\w-])")
            for text in reversed(self.introductions):
                for place in pattern.finditer(text):
                    after = re.match(r"[^,.;:]{0,60},\s*([^.;]{4,200})", text[place.end() :])
                    if after and _DESCRIBES.match(after.group(1)):
                        yield after.group(1)
                    if before := _DESCRIBED_BEFORE.search(text[: place.start()]):
                        yield before.group(1)

    def _spoken_for(self, speech: Speech, state: State | None) -> Speech:
        if speech.role not in (Role.DELEGATE, Role.OTHER):
            return speech
        said = spoken_for(speech.text, state, self.cover.date, self.states)
        if not said.on_behalf_of and not said.aligned_with:
            return speech
        return replace(speech, on_behalf_of=tuple(said.on_behalf_of), aligned_with=tuple(said.aligned_with))

    def _text(self, turn: _Turn) -> tuple[str, list[tuple[int, int]]]:
        """The turn's text, paragraphs parted by blank lines, and where each page begins in it."""
        parts: list[str] = []
        length = 0
        marks: list[tuple[int, int]] = []
        page = -1
        for paragraph in turn.paragraphs:
            buffer = ""
            base = length + (2 if parts else 0)
            for text, number in paragraph:
                if buffer:
                    if buffer[-1] == "-" or buffer[-1] in "—/":
                        cut, between = self.mender.glue(buffer, text)
                        buffer = (buffer[:-cut] if cut else buffer) + between
                    else:
                        buffer += " "
                if number != page:
                    marks.append((base + len(buffer), number))
                    page = number
                buffer += text
            parts.append(buffer)
            length = base + len(buffer)
        return "\n\n".join(parts), marks


def _cut(speech: Speech, start: int, end: int) -> Speech:
    """The stretch of a speech between two places in its text, with its own pages."""
    text = speech.text[start:end]
    lead = len(text) - len(text.lstrip())
    text, start = text.strip(), start + lead
    if start == 0 and len(text) == len(speech.text):
        return speech
    first = speech.page_of(start)
    marks = [(0, first)] + [
        (at - start, page) for at, page in speech.page_marks if start < at < start + len(text)
    ]
    begin = speech.page_start if start == 0 else first
    return replace(speech, text=text, page_marks=tuple(marks), page_start=begin, page_end=marks[-1][1])


def _candidates(office: str, named: str) -> list[str]:
    """Names that may be a State's in "President of the Republic of Exampland and Chair of ...", longest first."""
    found = [named]
    for match in re.finditer(r"\b(?:of|for) (?:the )?", office):
        words = re.split(r"[,;:]", office[match.end() :])[0].split()
        found.extend(" ".join(words[:n]) for n in range(min(8, len(words)), 0, -1))
    return [name for name in found if name]


def _bare_name(name: str | None) -> str | None:
    """A name without its title: `Mr. Example` -> `Example`."""
    if not name:
        return None
    heading = parse_heading(f"{' '.join(name.split())} (Exampland):")
    return heading.name if heading and heading.name else name


def _body_of(function: str) -> str:
    """`Rapporteur of the Third Committee` -> `Third Committee`; the whole where it names no body."""
    match = re.search(r"\b(?:of|for) (?:the )?(?=[A-Z])(.+)$", function)
    return match.group(1) if match else function


_SIDES = (
    ("favour", re.compile(r"in favour|for", re.IGNORECASE)),
    ("against", re.compile("against", re.IGNORECASE)),
    ("abstain", re.compile("abst", re.IGNORECASE)),
)


def vote_lists(text: str, states: Resolver, date: str | None = None) -> dict[str, tuple[str, ...]]:
    """The lists of a recorded vote: `favour`, `against`, `abstain`, names as printed. "None" gives an empty list."""
    sides: dict[str, tuple[str, ...]] = {"favour": (), "against": (), "abstain": ()}
    labels = list(lines.VOTE_LABEL.finditer(text))
    for index, label in enumerate(labels):
        end = labels[index + 1].start() if index + 1 < len(labels) else len(text)
        side = next((name for name, pattern in _SIDES if pattern.match(label["side"])), None)
        if side is None:
            continue
        names = list(_names(" ".join(text[label.end() : end].split()), states, date))
        sides[side] = sides[side] + tuple(names)
    return sides


def _names(text: str, states: Resolver, date: str | None) -> Iterable[str]:
    for piece in re.split(r",\s*(?![^()]*\))", text.strip(" .;")):
        piece = piece.strip(" .*")
        if not piece or piece.lower() in ("none", "nil"):
            continue
        if piece.startswith("and "):
            piece = piece[4:]
        if states.resolve(piece, date) is None:
            # "China and Russian Federation"; or a comma that the printer forgot: "Zambia Zimbabwe".
            words = piece.split()
            for cut in range(1, len(words)):
                left, right = words[:cut], words[cut:]
                if right[0] == "and" and len(right) > 1:
                    right = right[1:]
                if states.resolve(" ".join(left), date) and states.resolve(" ".join(right), date):
                    yield " ".join(left)
                    piece = " ".join(right)
                    break
        yield piece
