"""Records that are printed otherwise than today's: typed in the 1990s, or as text without type or blank lines. All names are invented."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from made_records import COVER, END, laid_out, plain

from pipeline.records import EventKind, Line, Page, Role, Splitting, Transcript
from pipeline.split.states import States
from pipeline.split.verbatim import split_verbatim

STATES = States.load()

TYPED = """\
                                        PROVISIONAL
                                        A/48/PV.7
                                        4 October 1993
Forty-eighth session
        PROVISIONAL VERBATIM RECORD OF THE 7TH MEETING
           Held at Headquarters, New York,
           on Monday, 27 September 1993, at 10 a.m.
President:        Mr. INVENTED                     (Guyana)

          The meeting was called to order at 10.20 a.m.

AGENDA ITEM 9 (continued)

GENERAL DEBATE

     Mr. SAMPLE (Norway): Peace comes first, as the Minister for Foreign Affairs said: it cannot

JP/ebm                            A/48/PV.7
                                      3-5

                                               (Mr. Sample, Norway)

be bought. We have learned this.

     Monsignor EXEMPLAR (Holy See) (interpretation from Italian): We agree.

               The meeting rose at 1.15 p.m.
"""


def split_text(text: str) -> Splitting:
    pages = tuple(
        Page(n, tuple(Line(line) for line in page.split("\n"))) for n, page in enumerate(text.split("\f"), 1)
    )
    return split_verbatim(Transcript("made.txt", "0" * 64, "text", pages, "text"), STATES)


def record(*parts: tuple[str, str]) -> list[tuple[str, str]]:
    return [*COVER, *parts, *END]


def stage(splitting: Splitting) -> list[str]:
    return [event.text for event in splitting.events if event.kind is EventKind.STAGE_DIRECTION]


def test_the_heads_of_a_typed_record_are_no_speech_and_part_no_paragraph() -> None:
    norway, holy_see = split_text(TYPED).speeches
    assert norway.text == (
        "Peace comes first, as the Minister for Foreign Affairs said: it cannot be bought. We have learned this."
    )
    assert (holy_see.speaker, holy_see.iso3, holy_see.language) == ("Exemplar", "VAT", "Italian")


def test_the_day_of_the_meeting_is_told_from_the_day_of_distribution() -> None:
    assert split_text(TYPED).meeting.date == "1993-09-27"


@pytest.mark.parametrize(
    "sentence",
    [
        "The draft resolution was adopted by consensus.",
        "The resolution was adopted late at night, and we welcome it.",
        "The meeting was a sober one for all.",
        "In the absence of political will, nothing moves.",
        "At the invitation of the Government, experts came and saw.",
        "Kenya took the Chair of the group last year.",
        "Agenda item 3 of the Human Rights Council matters to everybody.",
        "(a) The first point is prevention.",
        "Report of the Third Committee (A/65/450) in hand, the delegation asks for more.",
    ],
)
def test_a_delegates_sentence_that_sounds_like_a_direction_stays_speech(sentence: str) -> None:
    parts = record(
        ("head", "Mr. Orlan (Kenya): My delegation begins with thanks."),
        ("para", sentence),
        ("para", "That is where Kenya stands."),
        ("head", "Ms. Dovrek (Fiji): Fiji is of the same view."),
    )
    for transcript in (plain(parts), plain(parts, width=60)):
        splitting = split_verbatim(transcript, STATES)
        assert sentence in splitting.speeches[0].text
        assert [s.iso3 for s in splitting.speeches] == ["KEN", "FJI"]


@pytest.mark.parametrize(
    "direction",
    [
        "It was so decided.",
        "Draft resolution A/75/L.82 was adopted by 115 votes to 15, with 28 abstentions (resolution 75/277).",
        "Mr. Pell (Kenya), Vice-President, took the Chair.",
        "Mr. Jo Pell, President of the Republic of Kenya, was escorted from the General Assembly Hall.",
        "The meeting was suspended at 4.35 p.m. and resumed at 5.15 p.m.",
    ],
)
def test_a_direction_after_a_delegate_is_no_speech(direction: str) -> None:
    parts = record(("head", "Mr. Orlan (Kenya): My delegation is grateful."), ("stage", direction))
    for transcript in (plain(parts), laid_out(parts)):
        splitting = split_verbatim(transcript, STATES)
        assert splitting.speeches[-1].text == "My delegation is grateful."
        assert direction in stage(splitting)


def test_nothing_after_the_end_of_the_meeting_is_speech() -> None:
    notice = (
        "This record contains the text of speeches delivered in English and of the translation of speeches\n"
        "delivered in other languages. Corrections should be submitted to the original languages only.\n"
        "They should be incorporated in a copy of the record and sent under the signature of a member\n"
        "of the delegation concerned to the Chief of the Verbatim Reporting Service, room U-0506\n"
        "(verbatimrecords@un.org). Corrected records will be reissued electronically on the Official\n"
        "Document System of the United Nations (http://documents.un.org).\n"
    )
    splitting = split_text(TYPED + "\n" + notice + "\nA list of annexes follows.\n")
    assert splitting.speeches[-1].text == "We agree."
    assert [e.text for e in splitting.events][-1] == "A list of annexes follows."
    assert not any("verbatimrecords" in event.text for event in splitting.events)


def test_a_briefer_is_known_by_the_office_that_stands_before_the_name() -> None:
    parts = record(
        (
            "head",
            "The President: I invite the Deputy Emergency Relief Coordinator, Ms. Ada Pell; and the Special Adviser "
            "on the Responsibility to Protect, Mr. Ivo Quade, whom I welcome, to participate in this meeting.",
        ),
        ("head", "Mr. Quade (spoke in French): Prevention is a duty."),
        ("head", "Ms. Pell: I thank the Council."),
    )
    for transcript in (plain(parts), laid_out(parts)):
        _, adviser, coordinator = split_verbatim(transcript, STATES).speeches
        assert adviser.organization == "Special Adviser on the Responsibility to Protect"
        assert coordinator.organization == "Deputy Emergency Relief Coordinator"
        assert adviser.role is coordinator.role is Role.SECRETARIAT


def test_a_highness_speaks_under_a_title() -> None:
    parts = record(("head", "Her Royal Highness Princess Ada (Tonga): We are glad to be here."))
    for transcript in (plain(parts), laid_out(parts)):
        [speech] = split_verbatim(transcript, STATES).speeches
        assert (speech.speaker, speech.iso3) == ("Ada", "TON")


def test_items_and_headings_are_found_where_no_blank_lines_stand() -> None:
    text = "\n".join(
        [
            *(text for _, text in COVER),
            "Mr. Orlan (Kenya): My delegation thanks all who worked on this text, and it will return",
            "to the matter in the spring.",
            "Agenda item 151",
            "Financing of the mission",
            "The President (spoke in Arabic): Members will recall what was decided.",
            "The meeting rose at 1 p.m.",
        ]
    )
    splitting = split_text(text)
    assert [s.role for s in splitting.speeches] == [Role.DELEGATE, Role.PRESIDENCY]
    assert splitting.speeches[0].text.endswith("to the matter in the spring.")
    assert "Agenda item 151\nFinancing of the mission" in [e.text for e in splitting.events]


def test_an_agenda_title_over_two_lines_keeps_its_words_whole() -> None:
    parts = record(
        ("agenda", "Comprehensive implementation of and follow-"),
        ("agenda", "up to the Vienna Declaration"),
        ("head", "The President: We begin."),
    )
    splitting = split_verbatim(laid_out(parts), STATES)
    assert splitting.meeting.agenda == (
        "Comprehensive implementation of and follow-up to the Vienna Declaration",
    )
