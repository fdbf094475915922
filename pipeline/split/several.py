"""Whether a text that is taken for one statement has several speakers after all: a label of it would be somebody else's as well.

Nothing is parted here: `pipeline.split` does that where it knows how the speakers are marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.split.dialogue import states_marked
from pipeline.split.floor import find_calls
from pipeline.split.prose import Placed
from pipeline.split.titles import is_title, who_of

if TYPE_CHECKING:
    from pipeline.records import Transcript
    from pipeline.split.states import State, States


def speakers_met(
    transcript: Transcript,
    spoken: Sequence[Placed],
    text: str,
    states: States,
    date: str | None,
    *,
    state: State | None,
    announced: bool,
) -> tuple[str, ...]:
    """The States that seem to speak in what is `spoken` (as `text`); empty where one may.

    Telling are the floor given to somebody, titles of several States' statements and, unless the document itself or its file name
    announces its State (`announced`), lines that begin with States as speakers' marks do; `state` is whose it was taken for.
    """
    called = {call.state.name for call in find_calls(text, states, date)}
    if called:
        return tuple(sorted(called))
    titled = {
        who.state.name
        for placed in spoken
        if is_title(placed.line.text[:300]) and (who := who_of(placed.line.text, states, date)).state
    }
    if len(titled) > 1:
        return tuple(sorted(titled))
    marked = () if announced else states_marked(transcript, states, date)
    # A speaker who goes through countries under headings is none of them.
    return marked if state is None or state.name in marked else ()
