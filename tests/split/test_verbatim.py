"""Splitting made-up records: turns, events, who presides, and that nothing is lost or doubled however it is printed."""

from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.records import EventKind, Line, Page, Role, Span, Speech, SpeechType, Splitting, Transcript
from pipeline.resources import corpus_dir
from pipeline.split.states import States
from pipeline.split.verbatim import is_verbatim, split_verbatim
from tests.split.made_records import COVER, END, Look, Part, laid_out, letters, letters_in, plain, typed

STATES = States.load()


def split(transcript: Transcript) -> Splitting:
    return split_verbatim(transcript, STATES)


def record(*parts: Part) -> list[Part]:
    return [*COVER, *parts, *END]


def of_kind(splitting: Splitting, kind: EventKind) -> list[str]:
    return [event.text for event in splitting.events if event.kind is kind]


def everywhere(parts: list[Part]) -> list[Transcript]:
    """One record printed in every way that the splitter must see through."""
    return [
        laid_out(parts),
        laid_out(parts, Look(columns=1, width=80)),
        laid_out(parts, Look(columns=2, width=34, rows=9)),
        plain(parts),
        plain(parts, width=60),
        plain(parts, width=60, blank_lines=False),
        typed(parts),
    ]


DEBATE = record(
    ("agenda", "Agenda item 14"),
    ("agenda", "The responsibility to protect and the prevention of atrocity crimes"),
    ("head", "The President: We take up the item before us. I give the floor to the first speaker on the list."),
    ("head", "Mr. Orlan (Kenya): My delegation is grateful for the report. We have three points: prevention, assistance and timely response."),
    ("para", "As Mr. Pell of the Secretariat said this morning: the task is long. We agree with what Ms. Dovrek (Fiji) told us."),
    ("head", "Ms. Dovrek (Fiji) (spoke in French): We support the principle."),
    ("head", "Mr. Al-Tarrow (United Arab Emirates) (spoke in Arabic): We support it too, with every caution that small and middle-sized countries must bring."),
    ("head", "Mr. Quiro (Bolivarian Republic of Venezuela) (spoke in Spanish): We have reservations that we shall explain in the negotiations to come."),
    ("stage", "It was so decided."),
    ("head", "The President: The Assembly has thus concluded this stage of its consideration of agenda item 14."),
)  # fmt: skip


@pytest.mark.parametrize("number", range(7))
def test_a_debate_is_split_alike_in_columns_in_one_column_and_as_text(number: int) -> None:
    splitting = split(everywhere(DEBATE)[number])
    assert [(s.role, s.speaker, s.iso3, s.language) for s in splitting.speeches] == [
        (Role.PRESIDENCY, "Sample", None, None),
        (Role.DELEGATE, "Orlan", "KEN", None),
        (Role.DELEGATE, "Dovrek", "FJI", "French"),
        (Role.DELEGATE, "Al-Tarrow", "ARE", "Arabic"),
        (Role.DELEGATE, "Quiro", "VEN", "Spanish"),
        (Role.PRESIDENCY, "Sample", None, None),
    ]
    assert splitting.speeches[1].text.startswith("My delegation is grateful")
    assert splitting.speeches[1].text.replace("\n\n", " ").endswith("what Ms. Dovrek (Fiji) told us.")
    assert "It was so decided." in of_kind(splitting, EventKind.STAGE_DIRECTION)
    assert "Agenda item 14" in of_kind(splitting, EventKind.AGENDA_ITEM)[0]
    meeting = splitting.meeting
    assert (meeting.symbol, meeting.session, meeting.meeting_number) == ("A/66/PV.400", 66, 400)
    assert (meeting.date, meeting.president) == ("2012-06-05", "Mr. Sample (Qatar)")


def test_paragraphs_are_those_of_the_record() -> None:
    for transcript in everywhere(DEBATE)[:5]:
        assert split(transcript).speeches[1].text.count("\n\n") == 1


VOTE = record(
    ("agenda", "Agenda item 14 (continued)"),
    ("head", "The President: We shall now hear statements in explanation of vote before the voting."),
    ("head", "Mr. Orlan (Kenya): We shall vote in favour for the reasons that we gave."),
    ("head", "The President: I now put the draft resolution to the vote."),
    ("stage", "A recorded vote was taken."),
    ("side", "In favour:"),
    ("list", "Albania, Bolivia (Plurinational State of), Côte d’Ivoire, Iran (Islamic Republic of), Zambia Zimbabwe"),
    ("side", "Against:"),
    ("list", "None"),
    ("side", "Abstaining:"),
    ("list", "China and Russian Federation"),
    ("stage", "Draft resolution A/66/L.90 was adopted by 6 votes to none, with 2 abstentions (resolution 66/400)."),
    ("note", "[Subsequently, the delegation of Kenya advised the Secretariat that it had intended to vote in favour.]"),
    ("head", "The President: The Assembly has concluded the voting. One representative has asked for the floor in exercise of the right of reply."),
    ("head", "Ms. Dovrek (Fiji): I answer what was said here this morning about my country."),
)  # fmt: skip


@pytest.mark.parametrize("number", range(7))
def test_a_recorded_vote_is_an_event_with_its_lists(number: int) -> None:
    splitting = split(everywhere(VOTE)[number])
    vote = next(event for event in splitting.events if event.kind is EventKind.RECORDED_VOTE)
    assert vote.in_favour == (
        "Albania", "Bolivia (Plurinational State of)", "Côte d’Ivoire", "Iran (Islamic Republic of)", "Zambia", "Zimbabwe",
    )  # fmt: skip
    assert (vote.against, vote.abstaining) == ((), ("China", "Russian Federation"))
    assert vote.after_speech_no == 3
    assert of_kind(splitting, EventKind.NOTE)[0].startswith("[Subsequently")
    assert [s.words for s in splitting.speeches] == [12, 11, 9, 20, 11]


def test_explanations_and_replies_are_told_by_what_the_president_announces() -> None:
    types = [s.speech_type for s in split(laid_out(VOTE)).speeches]
    assert types == [
        SpeechType.PROCEDURAL, SpeechType.EXPLANATION_OF_VOTE, SpeechType.PROCEDURAL, SpeechType.PROCEDURAL,
        SpeechType.RIGHT_OF_REPLY,
    ]  # fmt: skip


def test_who_took_the_chair_is_the_acting_president() -> None:
    splitting = split(
        laid_out(
            record(
                ("head", "The President: I call on the first speaker."),
                ("stage", "Mr. Stand-In (Ghana), Vice-President, took the Chair."),
                ("head", "The Acting President: I call on the next one."),
                ("stage", "The President returned to the Chair."),
                ("head", "The President (spoke in Arabic): I thank the Vice-President."),
            )
        )
    )
    assert [s.speaker for s in splitting.speeches] == ["Sample", "Stand-In", "Sample"]
    assert all(s.iso3 is None for s in splitting.speeches)


NATIONAL = record(
    ("head", "The President (spoke in Arabic): I thank the last speaker for his statement."),
    ("para", "I shall now make a statement in my capacity as the representative of Qatar. Qatar supports the draft resolution. It has done so from the beginning."),
    ("para", "I now resume my functions as President of the Council. I give the floor to the representative of Kenya."),
    ("head", "Mr. Orlan (Kenya): Thank you."),
)  # fmt: skip


@pytest.mark.parametrize("number", range(7))
def test_a_president_who_speaks_for_his_state_is_a_delegate_meanwhile(number: int) -> None:
    speeches = split(everywhere(NATIONAL)[number]).speeches
    assert [(s.no, s.role, s.iso3, s.state_source) for s in speeches] == [
        (1, Role.PRESIDENCY, None, None),
        (2, Role.DELEGATE, "QAT", "document"),
        (3, Role.PRESIDENCY, None, None),
        (4, Role.DELEGATE, "KEN", "heading"),
    ]
    assert [s.heading for s in speeches[:3]] == ["The President (spoke in Arabic):", None, None]
    assert speeches[1].text.startswith("I shall now make") and speeches[1].text.endswith(
        "from the beginning."
    )
    assert speeches[2].text.startswith("I now resume")


def test_giving_somebody_else_the_floor_in_national_capacity_changes_nothing() -> None:
    parts = record(
        (
            "head",
            "The President: I give the floor to Mr. Orlan, who will make a statement as representative of Kenya.",
        ),
        ("head", "Mr. Orlan (Kenya): Thank you."),
    )
    assert [s.role for s in split(laid_out(parts)).speeches] == [Role.PRESIDENCY, Role.DELEGATE]


def test_old_records_with_capitals_and_no_bold_type_are_split() -> None:
    parts = [
        ("cover", "United Nations A/48/PV.77"),
        ("cover", "General Assembly"),
        ("cover", "Forty-eighth Session"),
        ("cover", "77th Meeting"),
        ("cover", "Tuesday, 7 December 1993, 3 p.m."),
        ("cover", "President: Mr. SAMPLE (Guyana)"),
        ("stage", "The meeting was called to order at 3.15 p.m."),
        ("agenda", "Agenda item 42"),
        ("head", "The PRESIDENT: I call first on the representative of Zaire."),
        (
            "head",
            "Mr. ORLAN (Zaire) (interpretation from French): My country has three wishes: peace, peace and peace.",
        ),
        ("head", "Mr. Pell-DOVREK (Czech Republic): We share them."),
        ("head", "Selim TARROW Bey (Egypt) (interpretation from Arabic): So do we."),
        ("head", "The PRESIDENT: The observer of Palestine has asked to speak."),
        ("head", "Mr. QUIRO (Palestine) (interpretation from Arabic): Thank you."),
        *END,
    ]
    for transcript in (laid_out(parts, Look(bold=False)), plain(parts), plain(parts, width=58)):
        speeches = split(transcript).speeches
        assert [(s.speaker, s.language) for s in speeches] == [
            ("Sample", None), ("Orlan", "French"), ("Pell-Dovrek", None), ("Selim Tarrow", "Arabic"), ("Sample", None),
            ("Quiro", "Arabic"),
        ]  # fmt: skip
        assert [s.iso3 for s in speeches] == [None, "ZAR", "CZE", "EGY", None, "PSE"]
        assert speeches[5].observer and speeches[5].role is Role.DELEGATE


def test_organisations_officers_and_the_secretariat_have_roles_of_their_own() -> None:
    parts = record(
        ("head", "The President: I invite the speakers to take the floor, one after the other."),
        ("head", "Ms. Dovrek (European Union): We align ourselves."),
        ("head", "Mr. Pell (Sovereign Order of Malta): We help."),
        (
            "head",
            "Ms. Tarrow (Department for General Assembly and Conference Management): I announce the sponsors.",
        ),
        ("head", "Mr. Orlan (Azerbaijan), Rapporteur of the Third Committee: I introduce the reports."),
        ("head", "The Secretary-General: I thank you."),
        ("head", "Archbishop Quiro (Holy See): Peace."),
    )
    for transcript in everywhere(parts):
        found = [(s.role, s.iso3, s.organization) for s in split(transcript).speeches[1:]]
        assert found == [
            (Role.OTHER, None, "European Union"),
            (Role.OTHER, None, "Sovereign Order of Malta"),
            (Role.SECRETARIAT, None, "Department for General Assembly and Conference Management"),
            (Role.OTHER, "AZE", "Third Committee"),
            (Role.SECRETARIAT, None, "United Nations Secretariat"),
            (Role.DELEGATE, "VAT", None),
        ]


COUNCIL = [
    ("cover", "United Nations S/PV.9990"),
    ("cover", "Security Council"),
    ("cover", "Seventy-eighth year"),
    ("cover", "9990th meeting"),
    ("cover", "Wednesday, 6 September 2023, 3 p.m."),
    ("cover", "President: Ms. Sample . . . . . . . . . (Malta)"),
    ("cover", "Members: Albania . . . . . . . . . . Mr. Pell"),
    ("cover", "Brazil . . . . . . . . . . . . . . . Mr. Orlan"),
    ("cover", "Agenda"),
    ("cover", "Protection of civilians in Exampland"),
    ("cover", "This record contains the text of speeches delivered in English and of the translation of"),
    ("cover", "speeches delivered in other languages. Corrections should be submitted to the original"),
    ("cover", "languages only (http://documents.un.org)."),
    ("stage", "The meeting was called to order at 3.05 p.m."),
    ("agenda", "Adoption of the agenda"),
    ("stage", "The agenda was adopted."),
    ("agenda", "Protection of civilians in Exampland"),
    ("head", "The President: In accordance with rule 39 of the Council’s provisional rules of procedure, I invite Ms. Ada Briefer, Under-Secretary-General for Humanitarian Affairs, and Mr. Karl Witness, founder of Exampland Watch, to participate."),
    ("head", "Ms. Briefer: I have visited the camps."),
    ("head", "Mr. Witness (spoke in French): I live there."),
    ("head", "Mr. Orlan (Brazil): We thank the briefers: they spoke plainly."),
    *END,
]  # fmt: skip


@pytest.mark.parametrize("number", range(5))
def test_briefers_without_brackets_are_who_the_president_said_they_are(number: int) -> None:
    splitting = split(everywhere(COUNCIL)[number])
    found = [(s.speaker, s.role, s.organization, s.iso3) for s in splitting.speeches[1:]]
    assert found[0] == ("Briefer", Role.SECRETARIAT, "Under-Secretary-General for Humanitarian Affairs", None)
    assert found[1] == ("Witness", Role.OTHER, "founder of Exampland Watch", None)
    assert found[2] == ("Orlan", Role.DELEGATE, None, "BRA")
    assert splitting.meeting.president == "Ms. Sample (Malta)"
    assert splitting.meeting.session is None and splitting.meeting.forum.startswith("SC")


def test_a_head_of_state_s_state_is_in_the_announced_address() -> None:
    parts = record(
        ("agenda", "Address by Mr. Jo Pell, President of the Republic of Kenya"),
        ("head", "The President: The Assembly will now hear an address by the President of the Republic of Kenya."),
        ("stage", "Mr. Jo Pell, President of the Republic of Kenya, was escorted into the General Assembly Hall."),
        ("head", "The President: On behalf of the General Assembly, I have the honour to welcome His Excellency Mr. Jo Pell, President of the Republic of Kenya, and to invite him to address the Assembly."),
        ("head", "President Pell: We come in peace."),
        ("stage", "Mr. Jo Pell, President of the Republic of Kenya, was escorted from the General Assembly Hall."),
    )  # fmt: skip
    for transcript in everywhere(parts):
        speech = split(transcript).speeches[-1]
        assert (speech.speaker, speech.iso3, speech.state_source) == ("Pell", "KEN", "document")
        assert speech.role is Role.DELEGATE and speech.text == "We come in peace."


def test_footnotes_are_notes_and_small_type_elsewhere_is_speech() -> None:
    parts = record(
        ("head", "Mr. Pell (Benin): We said, and I quote,"),
        ("para", "that this must end."),
        ("para", "I close."),
    )
    page = laid_out(parts).pages[0]
    small = [
        line._replace(size=8.0) if line.text == "that this must end." else line for line in page.lines[:-1]
    ]
    foot = Line("* Later issued under another symbol.", 60, 690, 280, 699, 8.0)
    made = Page(1, (*small, foot, page.lines[-1]), 612, 792, 2)
    splitting = split(Transcript("x.pdf", "0" * 64, "pdf", (made,), "made"))
    assert "that this must end." in splitting.speeches[0].text
    assert of_kind(splitting, EventKind.NOTE) == ["* Later issued under another symbol."]


def test_bold_mastheads_do_not_hide_headings_that_are_not_bold() -> None:
    page = laid_out(DEBATE, Look(bold=False)).pages[0]
    lines = tuple(
        line._replace(bold=(Span(0, len(line.text)),)) if index < 5 else line
        for index, line in enumerate(page.lines)
    )
    made = Transcript("x.pdf", "0" * 64, "pdf", (Page(1, lines, 612, 792, 2),), "made")
    assert len(split(made).speeches) == 6
    assert of_kind(split(made), EventKind.AGENDA_ITEM)


def test_notes_of_the_language_inside_a_turn_are_no_speech() -> None:
    parts = record(
        ("head", "Mr. Pell (Benin): I begin in English."),
        ("switch", "(spoke in French)"),
        ("para", "I go on in French."),
        ("head", "Ms. Dovrek (Fiji): Well."),
    )
    for transcript in everywhere(parts):
        speeches = split(transcript).speeches
        assert [s.text for s in speeches] == ["I begin in English.\n\nI go on in French.", "Well."]


def test_italics_inside_a_speech_are_no_stage_direction() -> None:
    parts = record(
        ("head", "Mr. Pell (Benin): The case was heard twice, and the judges of the Court said in their")
    )
    transcript = laid_out(parts[:-1])
    page = transcript.pages[0]
    last = page.lines[-2]
    more = last._replace(text="Exampland v. Sampleland, of 1999, and after", x0=60.0, y0=last.y0 + 12, y1=last.y1 + 12, italic=(Span(0, 43),), bold=())  # fmt: skip
    rest = more._replace(text="it that they had no doubt.", y0=more.y0 + 12, y1=more.y1 + 12, italic=())
    page = Page(1, (*page.lines[:-1], more, rest, page.lines[-1]), page.width, page.height, 2)
    speech = split(Transcript("x.pdf", "0" * 64, "pdf", (page,), "made")).speeches[0]
    assert speech.text.endswith("Exampland v. Sampleland, of 1999, and after it that they had no doubt.")


def test_a_statement_that_cites_a_record_is_no_record() -> None:
    text = plain([("para", "Mr. President, I recall the meeting of last year (see A/63/PV.97), at which my country spoke at some length about all of this, and I should like to come back to it today with a few words on prevention.")])  # fmt: skip
    assert not is_verbatim(text)
    assert all(is_verbatim(t) for t in everywhere(DEBATE))


def test_a_record_without_its_cover_is_a_record() -> None:
    parts = [part for part in DEBATE if part[0] != "cover"]
    assert is_verbatim(plain(parts))
    assert len(split(plain(parts)).speeches) == 6


def test_words_broken_over_lines_columns_and_pages_are_mended() -> None:
    lines = [
        Line("The meeting was called to order at 10 a.m.", 84, 90, 280, 101, 10, italic=(Span(0, 42),)),
        Line("Mr. Pell (Benin): We need coop-", 84, 108, 280, 119, 10, bold=(Span(0, 8),)),
        Line("eration, self-", 60, 120, 280, 131, 10),
        Line("determination and short-", 60, 132, 280, 143, 10),
        Line("and long-term means in the General Assem-", 60, 144, 280, 155, 10),
    ]
    more = (Line("bly, and cooperation.", 60, 90, 280, 101, 10), Line("A/66/PV.400", 60, 55, 100, 64, 8))
    transcript = Transcript(
        "x.pdf", "0" * 64, "pdf", (Page(1, tuple(lines), 612, 792), Page(2, more, 612, 792)), "made"
    )
    speech = split(transcript).speeches[0]
    assert speech.text == (
        "We need cooperation, self-determination and short- and long-term means in the General Assembly, and cooperation."
    )
    assert (speech.page_start, speech.page_end) == (1, 2)
    assert speech.page_of(speech.text.index("Assem")) == 1 and speech.page_of(len(speech.text) - 1) == 2


# -- laws --------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(
    ["Pell", "Dovrek", "Al-Tarrow", "de la Quiro", "Orlan Pell", "van den Ilani", "McTARROW", "O’Neil"]
)
PLACES = st.sampled_from(
    ["Kenya", "Fiji", "Iran (Islamic Republic of)", "United Kingdom", "Côte d’Ivoire", "Holy See", "State of Palestine",
     "Democratic People’s Republic of Korea", "European Union", "Bolivarian Republic of Venezuela"]
)  # fmt: skip
TITLE = st.sampled_from(["Mr.", "Ms.", "Mrs.", "Sir", "Sheikh", "Dame", "Prince", "Archbishop", "Dr."])
LANGUAGE = st.sampled_from(["", " (spoke in French)", " (interpretation from Arabic)", " (spoke in Spanish; English text furnished by the delegation)"])  # fmt: skip
WORD = st.one_of(
    st.sampled_from(["peace", "responsibility", "to", "protect", "States", "we", "must", "act", "self-determination", "however:", "the", "Council", "(see", "A/66/1),", "Mr.", "President"]),
    st.text(string.ascii_lowercase, min_size=1, max_size=12),
)  # fmt: skip
SENTENCE = st.lists(WORD, min_size=1, max_size=40).map(lambda words: "We say " + " ".join(words) + ".")


@st.composite
def debates(draw: st.DrawFn) -> tuple[list[Part], list[str]]:
    """A made-up record and the headings that must be found in it."""
    parts: list[Part] = []
    headings: list[str] = []
    for _ in range(draw(st.integers(1, 6))):
        if draw(st.booleans()):
            heading = draw(st.sampled_from(["The President", "The Acting President"])) + draw(LANGUAGE) + ":"
        else:
            brackets = [f" ({draw(PLACES)})", draw(LANGUAGE)]
            if draw(st.booleans()):
                brackets.reverse()
            heading = f"{draw(TITLE)} {draw(NAMES)}{''.join(brackets)}:"
        headings.append(" ".join(heading.split()))
        parts.append(("head", f"{heading} {draw(SENTENCE)}"))
        parts += [("para", draw(SENTENCE)) for _ in range(draw(st.integers(0, 3)))]
        if draw(st.booleans()):
            parts.append(("stage", draw(st.sampled_from(["It was so decided.", "The agenda was adopted."]))))
    return record(*parts), headings


def spoken(speeches: tuple[Speech, ...]) -> list[str]:
    return [" ".join(s.text.split()) for s in speeches]


def broken_at_a_column(paragraphs: int, of_two_lines: bool = False) -> tuple[list[Part], list[str]]:
    """A record in which, after so many paragraphs, a heading is the first line of a column."""
    words = (
        "We say peace and peace and peace and peace and peace and peace." if of_two_lines else "We say peace."
    )
    parts: list[Part] = [
        ("head", "The President: We say peace."),
        *[("para", words)] * paragraphs,
        ("stage", "It was so decided."),
        ("head", "Mr. Pell (Kenya): We say peace."),
    ]
    return record(*parts), ["The President:", "Mr. Pell (Kenya):"]


#: At 28 characters and six rows the last line of the record, "p.m.", stands alone in its column.
LAST_LINE_ALONE: tuple[list[Part], list[str]] = (
    record(
        (
            "head",
            "The President (spoke in Spanish; English text furnished by the delegation): We say peace and peace.",
        ),
        ("stage", "It was so decided."),
        ("head", "Mr. Pell (United Kingdom): We say peace."),
        ("stage", "It was so decided."),
    ),
    [],
)


@example(broken_at_a_column(23), Look(bold=False))
@example(broken_at_a_column(56), Look(bold=False))
@example(broken_at_a_column(14, of_two_lines=True), Look(bold=False))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(debates(), st.sampled_from([Look(), Look(1, 80), Look(2, 30, 8), Look(2, 52, 20), Look(bold=False)]))
def test_every_word_is_in_exactly_one_turn_event_or_line_of_furniture(
    made: tuple[list[Part], list[str]], look: Look
) -> None:
    for transcript in (laid_out(made[0], look), plain(made[0]), plain(made[0], 50)):
        splitting = split(transcript)
        assert letters(splitting) == letters_in(transcript)
        assert [s.heading for s in splitting.speeches if s.heading] == made[1]
        for speech in splitting.speeches:
            assert speech.page_start <= speech.page_end
            assert all(0 <= at <= len(speech.text) for at, _ in speech.page_marks)
            assert list(speech.page_marks) == sorted(speech.page_marks)


@example(LAST_LINE_ALONE, 28, 6)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(debates(), st.integers(28, 90), st.integers(6, 50))
def test_splitting_is_stable_under_changed_line_breaks(
    made: tuple[list[Part], list[str]], width: int, rows: int
) -> None:
    reference = split(laid_out(made[0], Look(1, 90)))
    for look in (Look(2, min(width, 50), rows), Look(1, width, rows)):
        other = split(laid_out(made[0], look))
        assert [s.heading for s in other.speeches] == [s.heading for s in reference.speeches]
        assert spoken(other.speeches) == spoken(reference.speeches)
        assert [e.text for e in other.events] == [e.text for e in reference.events]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=400), st.booleans())
def test_any_text_at_all_is_split_without_an_error_and_nothing_is_lost(text: str, cover: bool) -> None:
    lines = ([t for _, t in COVER] if cover else []) + text.split("\n")
    transcript = Transcript(
        "x.txt", "0" * 64, "text", (Page(1, tuple(Line(line) for line in lines)),), "text"
    )
    assert letters(split(transcript)) == letters_in(transcript)


@pytest.mark.parametrize("name", ["sample-debate", "sample-debate-2"])
def test_the_sample_debate_is_the_same_as_pdf_and_as_text(name: str) -> None:
    from pipeline.extract import read

    folder = corpus_dir() / "sample"
    states = States.load(folder / "states.csv")
    pdf, text = (
        split_verbatim(read((folder / f"{name}.{suffix}").read_bytes(), name), states)
        for suffix in ("pdf", "txt")
    )
    assert [(s.heading, s.iso3, s.text) for s in pdf.speeches] == [
        (s.heading, s.iso3, s.text) for s in text.speeches
    ]
    assert pdf.meeting.president == text.meeting.president
    assert all(s.iso3 and s.iso3.startswith("XA") for s in pdf.speeches if s.role is Role.DELEGATE)
