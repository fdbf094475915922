"""Documents of several speakers without a transcript's marks: compilations, summaries in the third person, the chair's hand-overs; and the
note where several speakers are met and cannot be told apart."""

from __future__ import annotations

import io

import pytest

from pipeline.document import judge, speech_row
from pipeline.extract import read
from pipeline.records import NOT_TOLD_APART, Role, SpeechType, Splitting
from pipeline.split import split
from pipeline.split.floor import find_calls
from pipeline.split.states import States
from pipeline.stance.registry import model_in_use

THANKS = "Mr. President, we thank you for convening this meeting and the Secretary-General for his report."
SUPPORT = (
    "We support the responsibility to protect and ask that early warning be taken more seriously by all."
)
DOUBT = (
    "The concept needs more discussion, and there are open questions on who decides and by which criteria."
)


def splitting_of(text: str | bytes, name: str = "paper.txt") -> Splitting:
    return split(read(text.encode() if isinstance(text, str) else text, name), States.load())


def states_of(splitting: Splitting) -> list[str | None]:
    return [speech.iso3 for speech in splitting.speeches]


# -- compilations -----------------------------------------------------------------------------------------------------

TITLES = (
    "Statement by H.E. Ms. Ana Example, Permanent Representative of Norway",
    "Statement by Brazil on behalf of the Group of Friends of the Responsibility to Protect",
    "STATEMENT BY THE MINISTER FOR FOREIGN AFFAIRS OF KENYA, RUI EXEMPLO",
)


def test_a_compilation_is_parted_at_its_titles() -> None:
    parts = ["Statements in the debate on the responsibility to protect, New York, 25 June 2018"]
    for title, words in zip(TITLES, (SUPPORT, DOUBT, SUPPORT), strict=True):
        parts += [title, THANKS, words]
    made = splitting_of("\n\n".join(parts))
    assert (made.meeting.kind, made.meeting.debate, made.meeting.date) == (
        "compilation",
        "GA-72-R2P",
        "2018-06-25",
    )
    assert states_of(made) == ["NOR", "BRA", "KEN"]
    assert made.speeches[0].speaker == "Ana Example"
    assert made.speeches[1].on_behalf_of == ("Group of Friends of the Responsibility to Protect",)
    assert [s.text for s in made.speeches] == [f"{THANKS}\n\n{words}" for words in (SUPPORT, DOUBT, SUPPORT)]
    assert set(TITLES) <= set(made.furniture)


def test_a_table_of_contents_makes_no_speeches() -> None:
    contents = "\n\n".join(TITLES)
    made = splitting_of("\n\n".join(["Contents", contents, *[f"{title}\n\n{SUPPORT}" for title in TITLES]]))
    assert states_of(made) == ["NOR", "BRA", "KEN"] and all(SUPPORT in s.text for s in made.speeches)


def test_a_title_over_two_lines_is_read_whole() -> None:
    text = (
        "Statement by the Permanent Representative of the Bolivarian Republic of\nVenezuela to the United Nations, Rui Exemplo, on behalf of the\n"
        f"Movement of Non-Aligned Countries\n\n{DOUBT}\n\nStatement by the Permanent Representative of Estonia to the United\nNations, Ana Example\n\n{SUPPORT}"
    )
    made = splitting_of(text)
    assert [(s.iso3, s.speaker) for s in made.speeches] == [("VEN", "Rui Exemplo"), ("EST", "Ana Example")]
    assert made.speeches[0].on_behalf_of == ("Movement of Non-Aligned Countries",)


def test_a_statement_that_quotes_titles_of_others_stays_one() -> None:
    text = "\n\n".join(
        [
            "Statement by H.E. Ms. Ana Example, Permanent Representative of Norway",
            THANKS,
            "We recall what was said here before us.",
            *["We have three points on that, and each of them needs some words of explanation today."] * 20,
            "Statement by Norway",
            SUPPORT,
        ]
    )
    assert states_of(splitting_of(text)) == ["NOR"]


# -- summaries --------------------------------------------------------------------------------------------------------

PRESS = """General Assembly Plenary

8 September 2009

DELEGATES DIFFER ON RESPONSIBILITY TO PROTECT

The General Assembly today concluded its debate on the responsibility to protect, with many speakers on the list.

Statements

ANA EXAMPLE (Norway) said that her country strongly supported the responsibility to protect. She called for early action.

She also named three steps that her Government had taken.

RUI EXEMPLO (Brazil), speaking on behalf of the Nordic countries, stressed that criteria were needed first.

DARA NAMUNEH (Iran (Islamic Republic of)) rejected the concept, for it served only those who wished to intervene.

Right of Reply

The representative of Syria, speaking in exercise of the right of reply, said that the allegations were baseless.

For information media. Not an official record.
"""


def test_a_press_release_gives_each_delegate_its_paragraphs() -> None:
    made = splitting_of(PRESS)
    assert (made.meeting.kind, made.meeting.date, made.meeting.forum) == ("summary", "2009-09-08", "GA")
    assert [(s.iso3, s.speech_type) for s in made.speeches] == [
        ("NOR", SpeechType.STATEMENT),
        ("BRA", SpeechType.STATEMENT),
        ("IRN", SpeechType.STATEMENT),
        ("SYR", SpeechType.RIGHT_OF_REPLY),
    ]
    assert made.speeches[0].text.startswith("ANA EXAMPLE (Norway) said") and made.speeches[0].text.endswith(
        "taken."
    )
    assert made.speeches[1].on_behalf_of[0] == "Nordic countries"
    assert not any("Right of Reply" in s.text or "information media" in s.text for s in made.speeches)


SUMMARY_RECORD = """A/C.6/74/SR.99
Distr.: General
4 November 2019

Sixth Committee
Summary record of the 99th meeting
Held at Headquarters, New York, on Monday, 28 October 2019, at 10 a.m.

Agenda item 79: Crimes against humanity (continued)

1. Ms. Example (Norway) said that her delegation welcomed the draft articles and supported the
responsibility to protect.

2. Turning to the draft preamble, she said that the text was balanced.

3. Mr. Exemplo (Brazil), Vice-Chair, took the Chair.

4. Mr. Muestra (Cuba) said that his delegation rejected the concept.

5. Several delegations welcomed the report.

The meeting rose at 1.05 p.m.
"""


def test_a_summary_record_tells_symbol_and_the_day_of_the_meeting() -> None:
    made = splitting_of(SUMMARY_RECORD)
    assert (made.meeting.kind, made.meeting.symbol, made.meeting.date) == (
        "summary",
        "A/C.6/74/SR.99",
        "2019-10-28",
    )
    spoken = {s.iso3: s.text for s in made.speeches}
    assert spoken["NOR"].startswith("Ms. Example (Norway) said") and "the text was balanced" in spoken["NOR"]
    assert spoken["CUB"].endswith("rejected the concept.")


def test_every_label_of_a_summary_waits_for_a_person() -> None:
    made = splitting_of(PRESS)
    rows = [speech_row(speech, made.meeting) for speech in made.speeches]
    judged = judge(rows, str(model_in_use()))
    assert [row["needs_review"] for row in judged if row["stance"] or row["r2p_mentions"]] != []
    assert all(row["needs_review"] for row in judged if row["stance"] or row["r2p_mentions"])


# -- the chair gives the floor ----------------------------------------------------------------------------------------

HEARD = (
    "I thank the distinguished representative of Norway for her statement and",
    "I now give the floor to the distinguished representative of Cuba.",
    "Thank you Madam President. Cuba rejects the responsibility",
    "to protect as a pretext. We call on the representative of peace in all of us. I thank you. I thank",
    "the representative of Cuba and give the floor to His Excellency Mr. Kofi Sample, Permanent Representative of Ghana.",
    "Thank you. Ghana supports the responsibility to protect.",
)


def as_captions(lines: tuple[str, ...]) -> str:
    cues = (f"00:00:{i:02}.000 --> 00:00:{i + 1:02}.000\n{line}" for i, line in enumerate(lines))
    return "WEBVTT\n\n" + "\n\n".join(cues)


@pytest.mark.parametrize("name", ["heard.vtt", "heard.txt"])
def test_what_is_heard_is_parted_where_the_floor_is_given(name: str) -> None:
    text = as_captions(HEARD) if name.endswith("vtt") else "\n".join(HEARD)
    made = splitting_of(text, name)
    assert made.meeting.convention == "the chair gives the floor"
    assert [(s.role, s.iso3) for s in made.speeches] == [
        (Role.PRESIDENCY, None),
        (Role.DELEGATE, "CUB"),
        (Role.PRESIDENCY, None),
        (Role.DELEGATE, "GHA"),
    ]
    cuba, ghana = made.speeches[1], made.speeches[3]
    assert cuba.text.startswith("Thank you Madam President.") and cuba.text.endswith("I thank you.")
    assert ghana.text == "Thank you. Ghana supports the responsibility to protect."
    assert "give the floor to" in (cuba.heading or "")


def test_words_before_the_first_call_are_those_of_whom_the_chair_thanks() -> None:
    made = splitting_of(f"{SUPPORT} Thank you. {' '.join(HEARD)}", "heard.txt")
    assert [(s.role, s.iso3) for s in made.speeches][:2] == [(Role.DELEGATE, "NOR"), (Role.PRESIDENCY, None)]
    assert made.speeches[0].text == f"{SUPPORT} Thank you."


@pytest.mark.parametrize(
    "text",
    [
        "We call on Myanmar to end the violence. We call on the representative bodies of Sudan to meet.",
        "We thank the Permanent Representative of Rwanda for his leadership and Chile for its hospitality.",
        "The next speaker will surely have more to say on this matter than my delegation has today.",
    ],
)
def test_a_speech_that_calls_on_others_gives_nobody_the_floor(text: str) -> None:
    assert find_calls(text, States.load()) == []


# -- not told apart ---------------------------------------------------------------------------------------------------


def table_of_remarks() -> bytes:
    from docx import Document

    document = Document()
    document.add_paragraph("Informal interactive dialogue, notes")
    table = document.add_table(rows=0, cols=2)
    for name, words in (
        ("Norway (Nordics)", "The Nordic countries support R2P."),
        ("Pakistan", "R2P may be misused."),
        ("Chile", "We support R2P."),
    ):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (table_of_remarks, "notes.docx"),
        (lambda: f"{SUPPORT} {DOUBT} {THANKS} {SUPPORT} {DOUBT} Now I give the floor to the representative of Cuba. {DOUBT}".encode(), "heard.txt"),
    ],
)  # fmt: skip
def test_several_speakers_that_cannot_be_told_apart_are_told_and_named_for_no_state(data, name) -> None:  # type: ignore[no-untyped-def]
    made = splitting_of(data(), name)
    assert states_of(made) == [None]
    assert made.meeting.convention == NOT_TOLD_APART
    assert [p.code for p in made.problems] == ["several_speakers"]
    judged = judge([speech_row(s, made.meeting) for s in made.speeches], str(model_in_use()))
    assert judged[0]["needs_review"]


def test_a_statement_under_headings_of_countries_is_one_speaker_s() -> None:
    text = "\n\n".join(
        [
            "Mr. President, Canada thanks you. Canada supports the United Nations.",
            "AFGHANISTAN",
            SUPPORT,
            "HAITI",
            DOUBT,
            "UKRAINE",
            SUPPORT,
        ]
    )
    made = splitting_of(text)
    assert states_of(made) == ["CAN"] and made.problems == ()


def test_english_in_a_statement_of_another_language_is_told() -> None:
    french = (
        "Monsieur le Président, mon pays remercie le Secrétaire général de son rapport et appuie pleinement la responsabilité de protéger les populations. "
        * 3
    )
    made = splitting_of(
        "\n\n".join([french, f"Let me continue in English. {SUPPORT} {DOUBT}"]), "BEL_2019.txt"
    )
    assert made.meeting.language == "fr" and [p.code for p in made.problems] == ["partly_english"]
