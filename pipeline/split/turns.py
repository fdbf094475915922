"""Who a heading or title names, and the speech that is made under it: the same for letters, compilations, dialogues and summaries.

Not here: how headings look (`pipeline.split.dialogue`, `pipeline.split.titles`), verbatim records, single statements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.records import Role, Speech, SpeechType, Transcript
from pipeline.split.prose import Text

if TYPE_CHECKING:
    from pipeline.split.states import State


class Who(NamedTuple):
    """Who speaks: a State's delegate, an officer, or an organisation (`body`, as printed) or person of another kind.

    `together` are the names of States that make one statement, none of them alone.
    """

    speaker: str | None
    state: State | None
    body: str | None
    role: Role
    together: tuple[str, ...] = ()


def speech_of(
    transcript: Transcript,
    no: int,
    who: Who,
    heading: str,
    text: Text,
    page: int,
    *,
    spoken_for: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
    language: str | None = None,
    speech_type: SpeechType = SpeechType.STATEMENT,
) -> Speech:
    """The speech under a heading on `page`. `spoken_for` are the groups it is made for and those it joins."""
    numbers = [number for _, number in text.page_marks] or [page]
    return Speech(
        document=transcript.document,
        no=no,
        text=text.text,
        page_start=min(page, numbers[0]),
        page_end=numbers[-1],
        heading=" ".join(heading.split()),
        speaker=who.speaker,
        state=who.state.name if who.state else None,
        iso3=who.state.iso3 if who.state else None,
        state_source="heading" if who.state else None,
        organization=who.body if who.role is Role.OTHER and not who.state else None,
        role=who.role,
        speech_type=speech_type,
        observer=bool(who.state and who.state.observer),
        language=language,
        on_behalf_of=who.together or spoken_for[0],
        aligned_with=spoken_for[1],
        page_marks=text.page_marks or ((0, page),),
        quality=transcript.quality,
    )
