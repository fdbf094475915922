"""Transcripts of several speakers: the convention is recognised from the whole document, and makes the turns."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract import read
from pipeline.records import Role, Splitting
from pipeline.split import split
from pipeline.split.states import States

THANKS = "Thank you, Chair. We welcome this dialogue and the report of the Secretary-General before us today."
SUPPORT = "My delegation supports the responsibility to protect and asks that early warning be taken more seriously."
DOUBT = "We think that the matter needs more discussion: there are open questions, and selectivity is one of them."


def splitting_of(text: str, name: str = "dialogue.txt", **known: str) -> Splitting:
    return split(read(text.encode(), name), States.load(), **known)


def speakers(splitting: Splitting) -> list[tuple[str | None, str | None]]:
    return [(speech.iso3, speech.speaker) for speech in splitting.speeches]


CONVENTIONS = {
    "Country (Name):": (
        f"Norway (Ms. Ana Example): {THANKS}\n\nBrazil (Mr. Rui Exemplo): {SUPPORT}\n\nIran (Islamic Republic of) (Mr. Dara Namuneh): {DOUBT}",
        [("NOR", "Ana Example"), ("BRA", "Rui Exemplo"), ("IRN", "Dara Namuneh")],
    ),
    "Name (Country):": (
        f"Ms. EXAMPLE (Norway): {THANKS}\n\nMr. EXEMPLO (Brazil): {SUPPORT}\n\nMr. NAMUNEH (Islamic Republic of Iran): {DOUBT}",
        [("NOR", "EXAMPLE"), ("BRA", "EXEMPLO"), ("IRN", "NAMUNEH")],
    ),
    "Name, Country:": (
        f"Ana Example, Norway: {THANKS}\n\nRui Exemplo, Permanent Representative of Brazil: {SUPPORT}\n\nDara Namuneh, Iran: {DOUBT}",
        [("NOR", "Ana Example"), ("BRA", "Rui Exemplo"), ("IRN", "Dara Namuneh")],
    ),
    "Country, Name:": (
        f"Norway - Ana Example: {THANKS}\n\nBrazil - Rui Exemplo: {SUPPORT}\n\nIran - Dara Namuneh: {DOUBT}",
        [("NOR", "Ana Example"), ("BRA", "Rui Exemplo"), ("IRN", "Dara Namuneh")],
    ),
    "Country:": (
        f"NORWAY: {THANKS}\n\nBRAZIL: {SUPPORT}\n\nIRAN: {DOUBT}",
        [("NOR", None), ("BRA", None), ("IRN", None)],
    ),
    "[Country] words": (
        f"[Norway] {THANKS}\n\n[Representative of Brazil] {SUPPORT}\n\n[Iran (Mr. Dara Namuneh)] {DOUBT}",
        [("NOR", None), ("BRA", None), ("IRN", "Dara Namuneh")],
    ),
    "Country – words": (
        f"Norway – {THANKS}\n\nBrazil – {SUPPORT}\n\nIran – {DOUBT}",
        [("NOR", None), ("BRA", None), ("IRN", None)],
    ),
    "list of remarks": (
        f"Notes of the dialogue\n\n* Norway: {THANKS}\n* Brazil (on behalf of the Group of Friends) – {SUPPORT}\n* Iran (Mr. Dara Namuneh) - {DOUBT}",
        [("NOR", None), ("BRA", None), ("IRN", "Dara Namuneh")],
    ),
    "speaker on a line of its own": (
        f"Norway\n{THANKS} {SUPPORT}\n\nBrazil\n{SUPPORT} {THANKS}\n\nIran\n{DOUBT} {THANKS}",
        [("NOR", None), ("BRA", None), ("IRN", None)],
    ),
}


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_each_convention_is_recognised_and_named(convention: str) -> None:
    text, expected = CONVENTIONS[convention]
    splitting = splitting_of(text)
    assert splitting.meeting.kind == ("summary" if convention == "list of remarks" else "dialogue")
    assert splitting.meeting.convention == convention
    assert speakers(splitting) == expected
    assert {s.state_source for s in splitting.speeches} == {"heading"}
    assert not any("Norway" in s.text or "Brazil" in s.text for s in splitting.speeches)
    assert [s.no for s in splitting.speeches] == [1, 2, 3]


def test_a_colon_inside_a_speech_is_no_heading() -> None:
    text = f"Norway (Ms. Example): {THANKS}\nOne thing matters: prevention.\nSudan: the case that all know.\n\nChile (Mr. Muestra): {DOUBT}"
    splitting = splitting_of(text)
    assert [s.iso3 for s in splitting.speeches] == ["NOR", "CHL"]
    assert "Sudan: the case that all know." in splitting.speeches[0].text
    assert "One thing matters: prevention." in splitting.speeches[0].text


def test_a_statement_that_goes_through_countries_stays_one_speech() -> None:
    text = (
        "Mr. President,\n\n"
        + f"{SUPPORT}\n\n" * 3
        + f"Ukraine: {THANKS}\n\nSudan: {THANKS}\n\nMyanmar: {DOUBT}\n\nSyria: {DOUBT}"
    )
    splitting = splitting_of(text, "CHL_73_2018.txt")
    assert [s.iso3 for s in splitting.speeches] == ["CHL"]
    assert splitting.meeting.kind == "statement"


def test_a_list_of_states_makes_no_turns() -> None:
    text = (
        f"{SUPPORT}\n\nThis statement is made on behalf of:\n\nChile\n\nNorway\n\nGhana\n\nQatar\n\n{THANKS}"
    )
    assert len(splitting_of(text, "x.txt").speeches) == 1


def test_the_chair_and_the_secretariat_speak_in_their_roles() -> None:
    text = (
        f"Moderator: {THANKS}\n\nNorway (Ms. Example): {SUPPORT}\n\nChair: Thank you. I give the floor to Chile.\n\n"
        f"Chile (Mr. Muestra): {DOUBT}\n\nSpecial Adviser on the Responsibility to Protect: {THANKS}\n\nGlobal Centre for R2P (Ms. Somebody): {SUPPORT}"
    )
    splitting = splitting_of(text)
    assert [(s.role, s.iso3) for s in splitting.speeches] == [
        (Role.PRESIDENCY, None),
        (Role.DELEGATE, "NOR"),
        (Role.PRESIDENCY, None),
        (Role.DELEGATE, "CHL"),
        (Role.SECRETARIAT, None),
        (Role.OTHER, None),
    ]
    assert splitting.speeches[-1].organization == "Global Centre for R2P"


def test_what_stands_before_the_first_speaker_tells_date_and_debate_and_is_kept() -> None:
    text = (
        "Informal interactive dialogue on the responsibility to protect\nUnited Nations General Assembly, sixty-sixth session\n"
        f"New York, 5 September 2012\n\nNorway (Ms. Example): {THANKS}\n\nChile (Mr. Muestra): {DOUBT}"
    )
    splitting = splitting_of(text)
    assert splitting.meeting.date == "2012-09-05"
    assert splitting.meeting.forum == "GA-dialogue"
    assert any("Informal interactive dialogue" in line for line in splitting.furniture)


def test_known_facts_hold_where_the_document_is_silent() -> None:
    splitting = splitting_of(CONVENTIONS["Country:"][0], forum="HRC", debate="HRC-1-R2P", date="2020-02-03")
    assert (splitting.meeting.forum, splitting.meeting.debate, splitting.meeting.date) == (
        "HRC",
        "HRC-1-R2P",
        "2020-02-03",
    )


def test_times_before_and_after_a_heading_are_no_part_of_it() -> None:
    text = f"[00:00:12] Norway (Ms. Example): {THANKS}\n[00:03:10] Chile (Mr. Muestra): {DOUBT}\n[00:09:59] Ghana (Ms. Sample): {SUPPORT}"
    splitting = splitting_of(text)
    assert speakers(splitting) == [("NOR", "Example"), ("CHL", "Muestra"), ("GHA", "Sample")]
    assert "00:" not in "".join(s.text for s in splitting.speeches)


def cue(number: int, text: str) -> str:
    return f"{number}\n00:{number:02}:00,000 --> 00:{number:02}:04,000\n{text}\n"


def test_captions_with_country_prefixes_are_joined_into_sentences() -> None:
    cues = [
        "Norway: Thank you, Chair.",
        "We welcome the report",
        "and support its findings.",
        "Chile: We thank you",
        "and have one doubt.",
        "Ghana: We agree with",
        "what was said.",
    ]
    splitting = splitting_of("\n".join(cue(i + 1, text) for i, text in enumerate(cues)), "meeting.srt")
    assert splitting.meeting.convention == "Country:"
    assert [(s.iso3, s.text) for s in splitting.speeches] == [
        ("NOR", "Thank you, Chair. We welcome the report and support its findings."),
        ("CHL", "We thank you and have one doubt."),
        ("GHA", "We agree with what was said."),
    ]


def test_caption_voices_name_the_speakers() -> None:
    text = (
        "WEBVTT\n\nNOTE made by hand\n\nSTYLE\n::cue { color: red }\n\n1\n00:01.000 --> 00:04.000\n<v Moderator>Welcome, all of you.\n\n"
        "00:05.000 --> 00:09.000 align:start\n<v Norway>Thank you, <i>Chair</i>.\nWe welcome\n\n00:09.000 --> 00:12.000\n<v Norway>the report &amp; its findings.\n\n"
        "00:12.000 --> 00:20.000\n<v.loud Ms. Sample (Ghana)>We agree.\n"
    )
    splitting = splitting_of(text, "meeting.vtt")
    assert splitting.meeting.convention == "caption voices"
    assert [(s.role, s.iso3, s.text) for s in splitting.speeches] == [
        (Role.PRESIDENCY, None, "Welcome, all of you."),
        (Role.DELEGATE, "NOR", "Thank you, Chair. We welcome the report & its findings."),
        (Role.DELEGATE, "GHA", "We agree."),
    ]


def test_rolling_captions_say_each_line_once() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nChile: Thank you, Chair.\n\n00:02.000 --> 00:03.000\nThank you, Chair.\nWe welcome it.\n"
    rolled = "WEBVTT\n\n00:01.000 --> 00:02.000\nWe thank the Chair\n\n00:02.000 --> 00:03.000\nWe thank the Chair\nand the panel for coming here.\n"
    assert (
        splitting_of(rolled, "a.vtt").speeches[0].text == "We thank the Chair and the panel for coming here."
    )
    assert splitting_of(text, "a.vtt").speeches[0].iso3 == "CHL"


def test_a_saved_meeting_page_is_split() -> None:
    html = (
        "<!DOCTYPE html><html><head><title>Dialogue on R2P, 3 July 2019</title><script>var Ghana = 1;</script></head><body>"
        "<nav><a>Home</a><a>Chile</a></nav><main><h1>Interactive dialogue on the responsibility to protect</h1>"
        f"<p><b>Norway (Ms. Example):</b> {THANKS}</p><p>{SUPPORT}</p><p><b>Chile (Mr. Muestra):</b> {DOUBT}</p></main>"
        "<footer>All rights reserved</footer></body></html>"
    )
    splitting = splitting_of(html, "meeting.html")
    assert speakers(splitting) == [("NOR", "Example"), ("CHL", "Muestra")]
    assert splitting.speeches[0].text == f"{THANKS}\n\n{SUPPORT}"
    assert splitting.meeting.date == "2019-07-03"


def test_markdown_headings_and_bold_names_are_read() -> None:
    text = f"# Dialogue\n\n**Norway (Ms. Example):** {THANKS}\n\n**Chile (Mr. Muestra):** {DOUBT}\n"
    assert speakers(splitting_of(text, "a.md")) == [("NOR", "Example"), ("CHL", "Muestra")]
    text = (
        f"## Norway\n\n{THANKS} {SUPPORT}\n\n## Chile\n\n{DOUBT} {THANKS}\n\n## Ghana\n\n{THANKS} {SUPPORT}\n"
    )
    assert [s.iso3 for s in splitting_of(text, "a.md").speeches] == ["NOR", "CHL", "GHA"]


def test_stage_directions_become_events() -> None:
    text = f"Norway (Ms. Example): {THANKS}\n[Applause]\n\nChile (Mr. Muestra): {DOUBT}"
    splitting = splitting_of(text)
    assert [(e.text, e.after_speech_no) for e in splitting.events] == [("[Applause]", 1)]


def test_a_transcript_without_speakers_is_one_speech_with_no_state_and_says_so() -> None:
    splitting = splitting_of(f"{THANKS}\n\n{SUPPORT}\n\n{DOUBT}", "notes.txt")
    assert [(s.iso3, s.state_source) for s in splitting.speeches] == [(None, None)]
    assert [(p.code, p.fatal) for p in splitting.problems] == [("no_speakers", False)]


def test_groups_spoken_for_are_found() -> None:
    text = f"Norway (Ms. Example): I have the honour to speak on behalf of the Nordic countries. {SUPPORT}\n\nChile (Mr. Muestra): {DOUBT}"
    assert splitting_of(text).speeches[0].on_behalf_of


STATES = ["Norway", "Chile", "Ghana", "Qatar", "Nepal", "Peru", "Fiji", "Kenya"]
WORDS = st.lists(
    st.sampled_from(
        [
            "we",
            "thank",
            "the",
            "panel",
            "and",
            "believe",
            "that",
            "prevention",
            "needs",
            "early",
            "steps",
            "by",
            "all",
            "of",
            "us",
            "now",
        ]
    ),
    min_size=8,
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STATES), WORDS), min_size=2, max_size=8), st.integers(20, 90))
def test_no_word_is_lost_or_doubled_and_line_breaks_do_not_matter(
    turns: list[tuple[str, list[str]]], width: int
) -> None:
    from textwrap import fill

    paragraphs = [f"{state} (Ms. Example): {' '.join(words).capitalize()}." for state, words in turns]
    once = splitting_of("\n\n".join(paragraphs))
    said = [word for s in once.speeches for word in f"{s.heading} {s.text}".split()]
    assert said == " ".join(paragraphs).split()
    wrapped = splitting_of(
        "\n\n".join(fill(p, width, break_on_hyphens=False) for p in paragraphs).replace("\n\n", "\n \n")
    )
    assert [(s.iso3, s.text) for s in wrapped.speeches] == [(s.iso3, s.text) for s in once.speeches]
    for speech in once.speeches:
        assert speech.page_marks[0][0] == 0
        assert not re.search(r"\s{3,}| $|^ ", speech.text)


def test_headings_of_another_shape_stand_beside_those_of_the_convention() -> None:
    splitting = splitting_of(
        f"NORWAY (Ms. Example): {THANKS}\n\nBRAZIL (Mr. Exemplo): {SUPPORT}\n\nEUROPEAN UNION: {SUPPORT}\n\nSYRIA: {DOUBT}\n\n"
        f"IRAN (ISLAMIC REPUBLIC OF): {DOUBT}"
    )
    assert speakers(splitting) == [
        ("NOR", "Example"),
        ("BRA", "Exemplo"),
        (None, None),
        ("SYR", None),
        ("IRN", None),
    ]
    assert splitting.speeches[2].organization == "EUROPEAN UNION"


@pytest.mark.parametrize(
    "line", ["Canada: a friend of ours.", "Kenya: It was there first.", "FRANCE: the list goes on."]
)
def test_a_list_of_countries_in_a_speech_makes_no_turns(line: str) -> None:
    splitting = splitting_of(
        f"**NORWAY (Ms. Example):** {THANKS}\n{line}\n\n**BRAZIL (Mr. Exemplo):** {SUPPORT}", "d.md"
    )
    assert [speech.iso3 for speech in splitting.speeches] == ["NOR", "BRA"]
    assert line in splitting.speeches[0].text


def test_a_heading_says_on_whose_behalf() -> None:
    splitting = splitting_of(
        f"Norway (on behalf of the Nordic countries): {THANKS}\n\nBrazil: {SUPPORT}\n\n"
        f"Malta, on behalf of the European Union: {DOUBT}"
    )
    assert [(s.iso3, s.on_behalf_of) for s in splitting.speeches] == [
        ("NOR", ("Nordic countries",)),
        ("BRA", ()),
        ("MLT", ("European Union",)),
    ]


def test_the_representative_of_a_state_speaks_for_it() -> None:
    splitting = splitting_of(
        f"The Chair: {THANKS}\n\nThe representative of Norway: {SUPPORT}\n\nThe observer of the Holy See: {DOUBT}"
    )
    assert [s.iso3 for s in splitting.speeches] == [None, "NOR", "VAT"]


def test_speakers_may_be_numbered() -> None:
    splitting = splitting_of(
        f"1. Norway\n{THANKS} {SUPPORT}\n\n2. Brazil\n{SUPPORT} {THANKS}\n\n3. Iran\n{DOUBT} {THANKS}"
    )
    assert [s.iso3 for s in splitting.speeches] == ["NOR", "BRA", "IRN"]
