"""A single statement: cover and furniture off, and State, date, debate from document, then file name."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from pipeline.extract import read
from pipeline.records import Role, Splitting
from pipeline.split import split
from pipeline.split.dates import find_date
from pipeline.split.paragraphs import Mender
from pipeline.split.statement import session_in, speaker_in
from pipeline.split.states import States

BODY = [
    "Mr. President,",
    "We thank you for convening this debate, and the Secretary-General for the report that he has",
    "put before the Assembly. We see in it a sober account of where prevention has failed the peo-",
    "ple whom we all promised to protect.",
    "",
    "Let me make two points. First, early warning is of little use without early action, and a long-",
    "term effort needs means. Second, the Council should listen to those who know the coun-",
    "tries concerned.",
    "I thank you.",
]


def pdf(*pages: list[str]) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    for lines in pages:
        for number, line in enumerate(lines):
            canvas.drawString(72, 770 - 18 * number, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def splitting_of(data: bytes | str, name: str = "statement.pdf", **known: str) -> Splitting:
    return split(
        read(data.encode() if isinstance(data, str) else data, name, ocr=False), States.load(), **known
    )


COVER = [
    "Permanent Mission of Norway to the United Nations",
    "730 Example Avenue, New York, NY 10000 Tel: (212) 000-0000",
    "Please check against delivery",
    "Statement by",
    "H.E. Ms. Ana Maria Example",
    "Permanent Representative",
    "on the responsibility to protect",
    "Seventy-second session of the United Nations General Assembly",
    "New York, 25 June 2018",
]


def test_the_cover_is_no_speech_and_tells_who_when_and_where() -> None:
    splitting = splitting_of(pdf([*COVER, "", *BODY]))
    speech, meeting = splitting.speeches[0], splitting.meeting
    assert speech.text.startswith("Mr. President,")
    assert speech.text.endswith("I thank you.")
    assert (speech.iso3, speech.state_source, speech.speaker) == ("NOR", "document", "Ana Maria Example")
    assert (meeting.date, meeting.forum, meeting.debate, meeting.session) == (
        "2018-06-25",
        "GA",
        "GA-72-R2P",
        72,
    )
    assert meeting.kind == "statement"
    assert sorted(splitting.furniture) == sorted(COVER)


def test_words_broken_at_line_ends_are_mended_and_real_hyphens_stay() -> None:
    text = splitting_of(pdf([*COVER, "", *BODY])).speeches[0].text
    assert "the people whom" in text
    assert "the countries concerned" in text
    assert "a long-term effort" in text


def test_paragraphs_are_kept() -> None:
    text = splitting_of(pdf([*COVER, "", *BODY])).speeches[0].text
    assert [p.split()[0] for p in text.split("\n\n")] == ["Mr.", "We", "Let", "I"] or text.count("\n\n") >= 2


def test_page_numbers_and_running_heads_are_furniture_and_pages_are_traced() -> None:
    prose = "We believe that prevention is a duty of all and that it begins at home with"
    pages = [
        [f"Norway at the General Assembly  {n}", *[prose] * 12, "fair courts.", f"Page {n} of 4", str(n)]
        for n in (1, 2, 3, 4)
    ]
    splitting = splitting_of(pdf(*pages))
    speech = splitting.speeches[0]
    assert "Page" not in speech.text
    assert "at the General Assembly" not in speech.text
    assert [page for _, page in speech.page_marks] == [1, 2, 3, 4]
    assert speech.page_marks[0][0] == 0
    assert speech.page_of(len(speech.text) - 1) == 4
    for offset, _ in speech.page_marks[1:]:
        assert speech.text[offset:].startswith("We believe")


def test_a_word_broken_over_a_page_is_mended() -> None:
    splitting = splitting_of(
        pdf(
            ["Mr. President,", "We all have made a promise to the people of the world, and a respon-"],
            ["sibility follows from it.", "I thank you for your attention to these words of ours."],
        )
    )
    speech = splitting.speeches[0]
    assert "a responsibility follows" in speech.text
    assert speech.text[speech.page_marks[1][0] :].startswith("sibility")


@pytest.mark.parametrize(
    ("name", "iso3", "session"),
    [
        ("FRA_79_2024.txt", "FRA", 79),
        ("GHA_64_2009.pdf", "GHA", 64),
        ("box.zip!in/PER_60_2005.txt", "PER", 60),
    ],
)
def test_a_general_debate_file_name_tells_state_session_and_year(name: str, iso3: str, session: int) -> None:
    text = "\n".join(BODY[1:])
    splitting = splitting_of(pdf(BODY[1:]) if name.endswith(".pdf") else text, name)
    meeting, speech = splitting.meeting, splitting.speeches[0]
    assert (speech.iso3, speech.state_source) == (iso3, "filename")
    assert meeting.forum == "GA-general-debate"
    assert meeting.debate == f"GA-{session}-general-debate"
    assert meeting.year == session + 1945
    assert meeting.date is None
    assert not splitting.furniture


@pytest.mark.parametrize(
    ("name", "iso3"),
    [
        ("79_FR_en.pdf", "FRA"),
        ("statement-of-costa-rica-2018.pdf", "CRI"),
        ("2018-R2P-DEU.pdf", "DEU"),
        ("final_text.pdf", None),
    ],
)
def test_other_file_names_give_the_state_marked_so_or_none(name: str, iso3: str | None) -> None:
    speech = splitting_of(pdf(BODY), name).speeches[0]
    assert (speech.iso3, speech.state_source) == (iso3, "filename" if iso3 else None)


def test_the_document_comes_before_the_file_name() -> None:
    speech = splitting_of(pdf([*COVER, "", *BODY]), "FRA_72_2018.pdf").speeches[0]
    assert (speech.iso3, speech.state_source) == ("NOR", "document")


@pytest.mark.parametrize(
    "opening",
    [
        "I have the honour to speak on behalf of the Government of Ghana at this meeting.",
        "I bring you greetings from the people of Ghana, who wish this Assembly well.",
        "I stand before you today as the President of Ghana, a country that knows peace.",
        "My country, Ghana, has long held that prevention begins at home.",
        "Ghana welcomes the report of the Secretary-General and thanks him for it.",
    ],
)
def test_the_speaker_may_name_the_state_in_the_opening(opening: str) -> None:
    speech = splitting_of("Mr. President,\n\n" + opening + "\n\n" + "\n".join(BODY[1:]), "text.txt").speeches[
        0
    ]
    assert (speech.iso3, speech.state_source) == ("GHA", "document")


@pytest.mark.parametrize(
    "opening",
    [
        "We congratulate the Minister of Foreign Affairs of Ghana on the election to the presidency.",
        "The crimes in Sudan shame us all, and Chad bears the burden of those who flee.",
        "On behalf of my delegation I thank Ghana for its work in the chair.",
    ],
)
def test_another_state_that_is_named_is_not_taken_for_the_speaker(opening: str) -> None:
    splitting = splitting_of("Mr. President,\n\n" + opening + "\n\n" + "\n".join(BODY[1:]), "text.txt")
    assert splitting.speeches[0].iso3 is None
    assert [p.code for p in splitting.problems] == ["no_speakers"]


def test_a_text_that_begins_at_once_loses_no_word() -> None:
    text = "I should\nlike at the outset to congratulate you, Sir, on your\nelection as President of the General Assembly at its\nsixtieth session. We wish you well.\n"
    splitting = splitting_of(text * 3, "GHA_60_2005.txt")
    assert splitting.speeches[0].text.split() == (text * 3).split()
    assert not splitting.furniture


def test_groups_spoken_for_are_found() -> None:
    text = (
        "Mr. President,\n\nI have the honour to speak on behalf of the Group of Friends of the Responsibility to Protect.\n\n"
        + "\n".join(BODY[1:])
    )
    assert splitting_of(text, "NLD_70_2015.txt").speeches[0].on_behalf_of


@pytest.mark.parametrize(
    ("text", "name", "source"),
    [
        (
            "Delegation of the European Union to the United Nations\nStatement by H.E. Mr. Jan Vzor\n\n",
            "x.txt",
            "document",
        ),
        ("", "EU_78_2023.txt", "filename"),
    ],
)
def test_an_organisation_speaks_for_itself(text: str, name: str, source: str) -> None:
    splitting = splitting_of(text + "\n".join(BODY), name)
    speech = splitting.speeches[0]
    assert (speech.iso3, speech.organization, speech.role) == (None, "European Union", Role.OTHER)
    assert speech.state_source == source
    assert not splitting.problems


def test_a_word_file_and_a_web_page_are_statements_too() -> None:
    from docx import Document

    word = Document()
    word.sections[0].header.paragraphs[0].text = COVER[0]
    for line in [*COVER[1:], *[line for line in BODY if line]]:
        word.add_paragraph(line)
    buffer = io.BytesIO()
    word.save(buffer)
    page = "".join(f"<p>{line}</p>" for line in [*COVER, *[line for line in BODY if line]])
    html = (
        f"<html><head><title>Statement</title></head><body><nav>Menu</nav><main>{page}</main></body></html>"
    )
    for data, name in ((buffer.getvalue(), "a.docx"), (html, "a.html")):
        splitting = splitting_of(data, name)
        speech = splitting.speeches[0]
        assert speech.text.startswith("Mr. President,")
        assert (speech.iso3, splitting.meeting.date) == ("NOR", "2018-06-25")
        assert sorted(splitting.furniture) == sorted(COVER)


def test_known_facts_hold_where_the_document_is_silent() -> None:
    meeting = splitting_of(pdf(BODY), "x.pdf", forum="HRC", date="2019-01-02", debate="mine").meeting
    assert (meeting.forum, meeting.date, meeting.debate) == ("HRC", "2019-01-02", "mine")
    meeting = splitting_of(pdf([*COVER, "", *BODY]), "x.pdf", forum="HRC", date="2019-01-02").meeting
    assert (meeting.forum, meeting.date) == ("GA", "2018-06-25")


@pytest.mark.parametrize(
    ("text", "session"),
    [("79th Session of the UN", 79), ("79 th session", 79), ("Seventy-Ninth Session", 79), ("UNGA 79", 79), ("the sixtieth session", 60),
     ("UNGA79", 79), ("Page 79 of the report", None), ("fifty-first regular session", 51)],
)  # fmt: skip
def test_sessions_are_read(text: str, session: int | None) -> None:
    assert session_in(text) == session


@pytest.mark.parametrize(
    ("text", "date"),
    [("New York, 25 June 2018", "2018-06-25"), ("Friday 27 th September, 2024", "2024-09-27"), ("September 30th, 2024", "2024-09-30"),
     ("24TH – 30TH SEPTEMBER 2024", None), ("September 2024", None), ("31 June 2018", None), ("2018-06-25", "2018-06-25"), ("(September 25 th 2024)", "2024-09-25")],
)  # fmt: skip
def test_dates_are_read(text: str, date: str | None) -> None:
    assert find_date(text) == date


@pytest.mark.parametrize(
    ("title", "name"),
    [("Statement by H.E. Mr. Ondrej Vzorny, Minister", "Ondrej Vzorny"), ("STATEMENT BY\nHIS EXCELLENCY DR. JAN VZOR,\nPRESIDENT OF THE REPUBLIC", "JAN VZOR"),
     ("by Ambassador Anna van der Voorbeeld\nPermanent Representative", "Anna van der Voorbeeld"), ("National statement", None)],
)  # fmt: skip
def test_speakers_are_named_without_title(title: str, name: str | None) -> None:
    assert speaker_in(title) == name


PROSE = st.lists(
    st.sampled_from(
        [
            "we",
            "hold",
            "that",
            "every",
            "State",
            "must",
            "protect",
            "its",
            "people",
            "from",
            "such",
            "crimes,",
            "now",
            "and",
            "always.",
            "But",
            "it",
            "is",
            "not",
            "enough.",
        ]
    ),
    min_size=30,
    max_size=150,
)


@settings(max_examples=25, deadline=None)
@given(PROSE, st.integers(30, 80), st.booleans())
def test_each_word_of_the_text_layer_is_in_speech_or_furniture_once(
    words: list[str], width: int, cover: bool
) -> None:
    from textwrap import wrap

    lines = wrap(" ".join(words), width, break_on_hyphens=False)
    pages = [
        [*(COVER if cover else []), "", "Mr. President,", *lines[: len(lines) // 2], "- 1 -"],
        [*lines[len(lines) // 2 :], "- 2 -"],
    ]
    transcript = read(pdf(*pages), "a.pdf", ocr=False)
    splitting = split(transcript, States.load())
    kept = Counter(f"{splitting.speeches[0].text} {' '.join(splitting.furniture)}".split())
    assert kept == Counter(transcript.text.split())
    assert splitting.speeches[0].text.split() == ["Mr.", "President,", *words]


def test_a_file_name_settles_a_short_name_that_two_states_use() -> None:
    text = "I bring the warm greetings of the people of the Congo to this Hall. We ask for peace.\n"
    for code in ("COD", "COG"):
        splitting = split(read(text.encode(), f"{code}_56_2001.txt"), States.load())
        assert splitting.speeches[0].iso3 == code and splitting.problems == ()


def test_a_document_that_contradicts_its_file_name_is_noted() -> None:
    text = "Statement by Norway\n\nMr. President,\n\nWe thank you, and we are glad to speak in this debate.\n"
    splitting = split(read(text.encode(), "CHL_56_2001.txt"), States.load())
    assert splitting.speeches[0].iso3 == "NOR"
    assert [(p.code, p.fatal) for p in splitting.problems] == [("state_conflict", False)]


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("the inter-", "national community", "the international community"),
        ("our co-", "operation", "our cooperation"),
        ("a self-", "determination", "a self-determination"),
        ("the non-", "interference", "the non-interference"),
        ("the high-", "level segment", "the high-level segment"),
        ("any inter-", "State dispute", "any inter-State dispute"),
    ],
)
def test_words_broken_at_their_prefix_are_joined_as_they_are_written(
    above: str, below: str, joined: str
) -> None:
    assert Mender().join([above, below]) == joined
