"""A `Transcript` -> its speeches, meeting and events (`Splitting`): chooses the way by what the document is.

Verbatim records, letters with statements in annexes, compilations of statements under titles, transcripts of several speakers, summaries in
the third person, what is heard while the chair gives the floor, and single statements.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pipeline.records import Meeting, Problem, Speech, Splitting, Transcript

if TYPE_CHECKING:
    from pipeline.split.states import States

__all__ = ["split"]

#: Shorter turns ("Thank you, Madam."), in characters, take the language of the document.
_TELLING = 150


def split(
    transcript: Transcript,
    states: States,
    *,
    forum: str | None = None,
    debate: str | None = None,
    date: str | None = None,
) -> Splitting:
    """Split a transcript into speeches.

    `forum`, `debate` and `date` (ISO) are taken where the document itself does not say. Raises `InputError` for a
    record that is recognised and not supported.
    """
    return _filled(_parted(transcript, states, forum, debate, date), forum, debate, date)


def _parted(
    transcript: Transcript, states: States, forum: str | None, debate: str | None, date: str | None
) -> Splitting:
    """The first way that fits the document; the plainer marks of who speaks come first."""
    from pipeline.split.verbatim import is_verbatim, split_verbatim

    if is_verbatim(transcript):
        splitting = split_verbatim(transcript, states)
        # A statement that cites a record's symbol in its first lines has no turns: it is split as what it is.
        if splitting.speeches or any(found.code != "no_turns" for found in splitting.problems):
            return splitting
    from pipeline.split.annexes import find_annexes, find_compiled, split_parts
    from pipeline.split.statement import placed_lines, split_statement

    lines = placed_lines(transcript)
    placed = [line for line, _ in lines]
    if layout := find_annexes(placed, states, date):
        return split_parts(transcript, lines, layout, states, date=date)
    if layout := find_compiled(placed, states, date):
        return split_parts(transcript, lines, layout, states, date=date, letter=False)
    from pipeline.split import floor, summaries
    from pipeline.split.dialogue import recognise, split_dialogue

    dialogue = partial(split_dialogue, transcript, states, forum=forum, debate=debate, date=date)
    if recognised := recognise(transcript, states, date):
        return dialogue(recognised)
    if found := summaries.recognise([line.line for line in placed], states, date):
        convention, turns, stops = found
        return dialogue((convention, turns), lines=lines, stops=stops)
    if heard := floor.recognise([line for line, off in lines if not off], states, date):
        convention, cut, turns = heard
        return dialogue((convention, turns), lines=[(line, False) for line in cut])
    return split_statement(transcript, states, forum=forum, debate=debate, date=date, lines=lines)


def _filled(splitting: Splitting, forum: str | None, debate: str | None, date: str | None) -> Splitting:
    meeting = splitting.meeting
    meeting = replace(
        meeting,
        forum=forum if forum and meeting.forum == "other" else meeting.forum,
        debate=meeting.debate or debate,
        date=meeting.date or date,
    )
    speeches = splitting.speeches
    if not all(speech.detected_language for speech in speeches):
        speeches, language = _with_languages(speeches, meeting.language)
        meeting = replace(meeting, language=language)
    problems = splitting.problems
    if meeting.language not in (None, "en") and meeting.kind == "statement":
        problems = (*problems, *_partly_english(speeches, meeting))
    return replace(splitting, meeting=meeting, speeches=speeches, problems=problems)


def _partly_english(speeches: tuple[Speech, ...], meeting: Meeting) -> list[Problem]:
    """A note where a statement in another language has English in it: the whole of it goes unlabelled."""
    from pipeline.extract.language import language_of
    from pipeline.extract.problems import problem

    paragraphs = [p for speech in speeches for p in speech.text.split("\n\n") if len(p) >= _TELLING]
    english = sum(len(p) for p in paragraphs if language_of(p) == "en")
    if english < _TELLING:
        return []
    share = f"{english / sum(map(len, paragraphs)):.0%} of its longer paragraphs"
    return [problem("partly_english", meeting.document, fatal=False, detail=share)]


def _with_languages(
    speeches: tuple[Speech, ...], language: str | None
) -> tuple[tuple[Speech, ...], str | None]:
    """The speeches with the language of their words, and the language that most words are in."""
    from collections import Counter

    from pipeline.extract.language import language_of

    found = [
        speech.detected_language or (language_of(speech.text) if len(speech.text) >= _TELLING else None)
        for speech in speeches
    ]
    sizes: Counter[str] = Counter()
    for speech, code in zip(speeches, found, strict=True):
        if code:
            sizes[code] += len(speech.text)
    main = sizes.most_common(1)[0][0] if sizes else language
    return tuple(
        replace(speech, detected_language=code or main) for speech, code in zip(speeches, found, strict=True)
    ), main
