"""A `Transcript` -> its speeches, meeting and events (`Splitting`): chooses the way by what the document is.

Four kinds: official verbatim records, letters with statements in annexes, transcripts of several speakers, single statements.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.records import Speech, Splitting, Transcript

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
    from pipeline.split.verbatim import is_verbatim, split_verbatim

    if is_verbatim(transcript):
        splitting = split_verbatim(transcript, states)
        # A statement that cites a record's symbol in its first lines has no turns: it is split as what it is.
        if splitting.speeches or any(found.code != "no_turns" for found in splitting.problems):
            return _filled(splitting, forum, debate, date)
    from pipeline.split.annexes import find_annexes, has_annexes, split_annexes

    if has_annexes(transcript):
        from pipeline.split.statement import placed_lines

        lines = placed_lines(transcript)
        if annexes := find_annexes([line for line, _ in lines]):
            return _filled(split_annexes(transcript, lines, annexes, states, date=date), forum, debate, date)
    from pipeline.split.dialogue import recognise, split_dialogue

    if (recognised := recognise(transcript, states, date)) is not None:
        dialogue = split_dialogue(transcript, states, recognised, forum=forum, debate=debate, date=date)
        return _filled(dialogue, forum, debate, date)
    from pipeline.split.statement import split_statement

    return _filled(
        split_statement(transcript, states, forum=forum, debate=debate, date=date), forum, debate, date
    )


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
    return replace(splitting, meeting=meeting, speeches=speeches)


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
