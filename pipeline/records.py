"""The words everything in r2p-stance speaks: plain, typed, immutable records.

A file becomes a `Transcript` (extract), a transcript becomes a `Splitting` of speeches, a meeting and
events (split), a speech becomes a `Judgement` (stance), and the rows of a labelled dataset are made of
these (dataset). Nothing here reads a file or knows a stage.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

#: A run of characters between blanks or em dashes that holds a letter or digit.
_WORD = re.compile(r"[^\W_][^\s\u2014]*")  # from the first letter or digit of a run to its end


class Span(NamedTuple):
    """A half-open range `[start, end)` of Unicode code points in a text."""

    start: int
    end: int


class Stance(StrEnum):
    """A speaker's position on the norm, as corpus/CODEBOOK.md defines it."""

    SUPPORTIVE = "supportive"
    CONDITIONAL = "conditional"
    OPPOSED = "opposed"


#: Ordered from rejection to endorsement; probabilities are given in this order everywhere.
STANCES: tuple[Stance, ...] = (Stance.OPPOSED, Stance.CONDITIONAL, Stance.SUPPORTIVE)

#: The fourth label of the codebook: no position is taken. It is a status, not a stance.
NOT_ADDRESSED = "not_addressed"

#: Every label a person or a model may give.
LABELS: tuple[str, ...] = (*STANCES, NOT_ADDRESSED)


class Status(StrEnum):
    """What became of a speech in the labelling (column `status`)."""

    LABELLED = "labelled"
    NOT_ADDRESSED = "not_addressed"
    UNSUPPORTED_LANGUAGE = "unsupported_language"


class Role(StrEnum):
    """In which capacity somebody speaks (column `role`)."""

    DELEGATE = "delegate"  # Member States and observers
    PRESIDENCY = "presidency"  # whoever conducts the meeting
    SECRETARIAT = "secretariat"
    OTHER = "other"  # organisations, committee officers


class SpeechType(StrEnum):
    """What a speech is in the order of a meeting (column `speech_type`)."""

    STATEMENT = "statement"
    EXPLANATION_OF_VOTE = "explanation_of_vote"
    RIGHT_OF_REPLY = "right_of_reply"
    PROCEDURAL = "procedural"


class EventKind(StrEnum):
    """What stands between speeches in a record (table `events`)."""

    AGENDA_ITEM = "agenda_item"
    STAGE_DIRECTION = "stage_direction"
    RECORDED_VOTE = "recorded_vote"
    NOTE = "note"  # "[Subsequently, the delegation of ... advised the Secretariat ...]", footnotes


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong with an input: which file, why, and what the user can do.

    `code` is stable and machine-readable (`truncated_pdf`); `reason` and `remedy` are one plain sentence
    each. `fatal` means that the input gave no rows.
    """

    document: str
    code: str
    reason: str
    remedy: str
    fatal: bool = True
    page: int | None = None

    def __str__(self) -> str:
        place = f", page {self.page}" if self.page else ""
        return f"{self.document}{place}: {self.reason} {self.remedy}".rstrip()


class InputError(Exception):
    """Raised by a stage for an input that it cannot read; carries the `Problem` for the manifest."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem

    def __reduce__(self) -> tuple[type[InputError], tuple[Problem]]:
        return InputError, (self.problem,)


class Line(NamedTuple):
    """One line of a page as printed, in reading order.

    Coordinates are PDF points from the *top left* of the visible page (the CropBox); all 0 for plain text.
    `bold` and `italic` are spans of `text` printed so. Line-end hyphens are kept as `-` here: the
    split stage mends words, because it alone knows which lines belong together.
    """

    text: str
    x0: float = 0.0
    y0: float = 0.0
    x1: float = 0.0
    y1: float = 0.0
    size: float = 0.0
    bold: tuple[Span, ...] = ()
    italic: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its lines in reading order (left column before right), furniture still included.

    `number` counts from 1. `quality` is the text-quality score in [0, 1]; `ocr` says that the text was
    recognised from the picture. A plain-text file is one page.
    """

    number: int
    lines: tuple[Line, ...]
    width: float = 0.0
    height: float = 0.0
    columns: int = 1
    quality: float = 1.0
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class Transcript:
    """A document as text with layout, and where it came from.

    `document` is the path relative to the input given (`!` before a member of a zip). `media_type` is
    `pdf`, `text`, `docx`, `html`, `vtt`, `srt` or `markdown`. `extractor` names the engine and its version. `language`
    is the ISO 639-1 code of the main language, or None when the text is too short to tell.
    """

    document: str
    sha256: str
    media_type: str
    pages: tuple[Page, ...]
    extractor: str
    quality: float = 1.0
    language: str | None = None
    title: str | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """All lines joined by newlines, pages by form feeds; for quick looks, not for spans."""
        return "\f".join("\n".join(line.text for line in page.lines) for page in self.pages)


#: `Meeting.convention` of a document in which several speakers were met and could not be told apart.
NOT_TOLD_APART = "several speakers, not told apart"


def needs_reading(kind: str | None, convention: str | None) -> str | None:
    """Why every label of a document waits for a person, in words for the reviewer; None where only the model's rule asks.

    `kind` and `convention` are those of the meeting. The label is the speaker's own position (CODEBOOK.md), and here it is not sure
    whose words they are.
    """
    if kind == "summary":
        return "a summary in the third person, not the speaker's own words"
    return "several speakers in one text, not told apart" if convention == NOT_TOLD_APART else None


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a document is (one row of the table `meetings`)."""

    document: str
    document_sha256: str
    symbol: str | None = None  # A/63/PV.97
    forum: str = "other"  # GA, GA-general-debate, GA-dialogue, SC, HRC, other
    debate: str | None = None  # GA-72-R2P
    session: int | None = None
    meeting_number: int | None = None
    date: str | None = None  # ISO
    president: str | None = None  # "Mr. Deiss (Switzerland)"
    agenda: tuple[str, ...] = ()
    kind: str = "statement"  # verbatim_record, letter, compilation, dialogue, summary, statement
    convention: str | None = None  # how a document of several speakers marks who speaks
    pages: int = 0
    extractor: str = ""
    quality: float = 1.0
    language: str | None = None
    stated_year: int | None = None  # where only the year is known, as of a file named FRA_79_2024.txt

    @property
    def year(self) -> int | None:
        return int(self.date[:4]) if self.date else self.stated_year


@dataclass(frozen=True, slots=True)
class Speech:
    """One turn: everything that one speaker says until somebody else does.

    `no` numbers all turns of the document from 1, presidency included. `text` has paragraphs separated by
    blank lines ("\\n\\n"), page furniture gone, line-end hyphens mended. `page_marks` are pairs of (code point in
    `text`, page number) where a new page begins, the first at 0, so that a span can be traced to its page.
    """

    document: str
    no: int
    text: str
    page_start: int
    page_end: int
    heading: str | None = None  # the heading as printed, blanks collapsed
    speaker: str | None = None  # name without title
    state: str | None = None  # as the record names it
    iso3: str | None = None
    state_source: str | None = None  # heading, document, filename
    organization: str | None = None
    role: Role = Role.DELEGATE
    speech_type: SpeechType = SpeechType.STATEMENT
    observer: bool = False
    language: str | None = None  # as the record says: "French"; None where not said
    on_behalf_of: tuple[str, ...] = ()
    aligned_with: tuple[str, ...] = ()
    page_marks: tuple[tuple[int, int], ...] = ()
    detected_language: str | None = None  # ISO 639-1 of the words themselves
    quality: float = 1.0

    @property
    def words(self) -> int:
        """Runs of characters between blanks or em dashes that hold a letter or digit."""
        return len(_WORD.findall(self.text))

    def page_of(self, offset: int) -> int:
        """The page on which code point `offset` of `text` is printed."""
        page = self.page_start
        for start, number in self.page_marks:
            if start > offset:
                break
            page = number
        return page


@dataclass(frozen=True, slots=True)
class Event:
    """What stands between speeches: stage direction, agenda item, recorded vote, note (table `events`)."""

    document: str
    page: int
    after_speech_no: int  # 0 before the first speech
    kind: EventKind
    text: str
    in_favour: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    abstaining: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Splitting:
    """All that the split stage makes of one transcript."""

    meeting: Meeting
    speeches: tuple[Speech, ...]
    events: tuple[Event, ...] = ()
    furniture: tuple[str, ...] = ()  # lines taken out as page furniture: nothing vanishes
    problems: tuple[Problem, ...] = ()


class Passage(NamedTuple):
    """A stretch of a speech that bears on the target: the sentences that mention it and their neighbours."""

    span: Span
    mentions: tuple[Span, ...]


class Cue(NamedTuple):
    """A word or phrase that pushed the judgement, with its direction (a stance, or `theme`)."""

    span: Span
    direction: str
    weight: float


class ThemeHit(NamedTuple):
    """An argument or measure found in a speech, by the id of corpus/tables/themes, with its place."""

    theme: str
    span: Span


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model says of one speech.

    The three stance probabilities are calibrated, sum to 1, and are None where there is no stance.
    `evidence` is the deciding sentence's span in the speech's text, `limiting` how many of its sentences are expected to limit or
    reject the target: their probabilities added up.
    """

    status: Status
    stance: Stance | None = None
    p_opposed: float | None = None
    p_conditional: float | None = None
    p_supportive: float | None = None
    p_addressed: float | None = None
    confidence: float | None = None
    needs_review: bool = False
    evidence: Span | None = None
    r2p_mentions: int = 0
    themes: tuple[ThemeHit, ...] = ()
    cues: tuple[Cue, ...] = field(default=())
    passages: tuple[Passage, ...] = ()
    limiting: float = 0.0
    model: str = ""
