"""Letters that circulate the statements of a meeting: one speech an annex, who speaks from its title, nothing else taken for one."""

from __future__ import annotations

import io

import pytest
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate

from pipeline.extract import read
from pipeline.records import Role, Splitting
from pipeline.split import split
from pipeline.split.states import States
from pipeline.split.titles import who_of

LETTER = (
    "United Nations S/2020/9901",
    "Security Council",
    "Letter dated 18 September 2020 from the President of the Security Council addressed to the Secretary-General",
    "I have the honour to enclose herewith the statements made in connection with the open video-teleconference on “Protection of civilians” "
    "convened on Wednesday, 16 September 2020. The Council met under the procedure that its members had agreed.",
)
TITLES = (
    "Briefing by the Under-Secretary-General for Humanitarian Affairs, Ada Beispiel",
    "Statement by the Permanent Representative of Norway to the United Nations, Ana Example",
    "Statement by the Chargé d’affaires a.i. of the Permanent Mission of Bolivia (Plurinational State of) to the United Nations, "
    "Rui Exemplo, on behalf of the Group of Friends of the Responsibility to Protect",
    "Statement by the President of the International Committee of the Red Cross, Eva Exempel",
)
WORDS = (
    "I thank the Council for this meeting. The roads to the north were closed for most of the month.",
    "We thank those who briefed us. The harvest was poor, and the clinics could not be reached.",
    "The Group has three points. The first is on roads, the second on clinics, the third on schools.",
    "Our teams were at work in nine places. The clinics are open again.",
)
MORE = "The lorries came late again, and the people waited beside the road until the evening of the next day."


def splitting_of(data: bytes, name: str) -> Splitting:
    return split(read(data, name), States.load())


def as_text() -> bytes:
    parts = list(LETTER)
    for number, (title, words) in enumerate(zip(TITLES, WORDS, strict=True), 1):
        parts += [f"Annex {'I' * number if number < 4 else 'IV'}", title]
        parts += ["[Original: French]"] if number == 2 else []
        parts += [words, "S/2020/9901\n20-99012 3/9", MORE]
    return "\n\n".join(parts).encode()


def as_pdf(bold: bool) -> bytes:
    body = ParagraphStyle(
        "body", fontName="Times-Roman", fontSize=10, leading=12, spaceAfter=6, leftIndent=60, rightIndent=60
    )
    head = ParagraphStyle(
        "head", parent=body, fontName="Times-Bold" if bold else "Times-Roman", fontSize=12, leading=14
    )
    story: list[Flowable] = [Paragraph(part, body) for part in LETTER]
    for number, (title, words) in enumerate(zip(TITLES, WORDS, strict=True), 1):
        story += [PageBreak(), Paragraph(f"Annex {number}", head), Paragraph(title, head)]
        story += [Paragraph("[Original: French]", body)] if number == 2 else []
        story += [Paragraph(words, body), *[Paragraph(MORE, body)] * 9]
    out = io.BytesIO()
    SimpleDocTemplate(out, invariant=1).build(story, *[_sheet] * 2)
    return out.getvalue()


def _sheet(canvas: object, document: object) -> None:
    page = canvas.getPageNumber()  # type: ignore[attr-defined]
    canvas.setFont("Times-Roman", 8)  # type: ignore[attr-defined]
    canvas.drawRightString(540, 800, "S/2020/9901")  # type: ignore[attr-defined]
    canvas.drawString(60, 30, f"{page}/9 20-99012")  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ["text", "bold", "plain"])
def test_each_annex_is_a_speech_of_the_speaker_of_its_title(kind: str) -> None:
    made = (
        splitting_of(as_text(), "letter.txt")
        if kind == "text"
        else splitting_of(as_pdf(kind == "bold"), "letter.pdf")
    )
    meeting = made.meeting
    assert (meeting.symbol, meeting.forum, meeting.date, meeting.kind) == (
        "S/2020/9901",
        "SC",
        "2020-09-16",
        "letter",
    )
    assert meeting.agenda == ("Protection of civilians",)
    found = [(s.iso3, s.speaker, s.role) for s in made.speeches]
    assert found == [
        (None, "Ada Beispiel", Role.SECRETARIAT),
        ("NOR", "Ana Example", Role.DELEGATE),
        ("BOL", "Rui Exemplo", Role.DELEGATE),
        (None, "Eva Exempel", Role.OTHER),
    ]
    for speech, words in zip(made.speeches, WORDS, strict=True):
        assert speech.text.startswith(words) and speech.text.endswith(MORE)
        assert "9901" not in speech.text and "99012" not in speech.text and "Annex" not in speech.text
    assert [s.language for s in made.speeches] == [None, "French", None, None]
    assert made.speeches[2].on_behalf_of == ("Group of Friends of the Responsibility to Protect",)
    assert made.speeches[3].organization == "International Committee of the Red Cross"
    assert [s.no for s in made.speeches] == [1, 2, 3, 4]
    if kind != "text":
        assert [s.page_start for s in made.speeches] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("title", "iso3", "role"),
    [
        ("Statement by the Minister for Foreign Affairs of Estonia, Ana Example", "EST", Role.DELEGATE),
        ("Statement by Switzerland on behalf of the Group of Friends", "CHE", Role.DELEGATE),
        ("Statement by the Permanent Mission of Azerbaijan to the United Nations", "AZE", Role.DELEGATE),
        ("Statement by the Permanent Representative of Iran (Islamic Republic of) to the United Nations", "IRN", Role.DELEGATE),
        ("Statement by the Special Envoy of the Dominican Republic to the Security Council, Ana Example", "DOM", Role.DELEGATE),
        ("Statement by the Permanent Observer of the Holy See to the United Nations, Ana Example", "VAT", Role.DELEGATE),
        ("Statement by H.E. Ms. Ana Example, Permanent Representative of Norway to the United Nations", "NOR", Role.DELEGATE),
        ("Statement of Norway on behalf of the Nordic countries (Denmark, Finland, Iceland and Sweden)", "NOR", Role.DELEGATE),
        ("Statement by the Secretary of State in the Ministry of Europe and Foreign Affairs of France, Ana Example", "FRA", Role.DELEGATE),
        ("Briefing by the Special Representative of the Secretary-General for Mali, Ana Example", None, Role.SECRETARIAT),
        ("Statement by Ana Example, United States Permanent Representative to the United Nations", "USA", Role.DELEGATE),
        ("National statement of Kenya", "KEN", Role.DELEGATE),
        ("Intervention of the delegation of Cuba", "CUB", Role.DELEGATE),
        ("Statement by the President of the General Assembly, Ana Example of Chile", None, Role.OTHER),
        ("Briefing by the Secretary-General, Ana Example", None, Role.SECRETARIAT),
        ("Statement by the United Nations High Commissioner for Human Rights, Ana Example", None, Role.SECRETARIAT),
        ("Statement by the former President of Liberia, Ana Example", None, Role.OTHER),
        ("Statement by the Secretary-General of the League of Arab States, Ana Example", None, Role.OTHER),
        ("Statement by the Head of the Delegation of the European Union to the United Nations, Ana Example", None, Role.OTHER),
        ("Statement by the Director of a Human Rights Office for Sudan, Ana Example", None, Role.OTHER),
    ],
)  # fmt: skip
def test_a_title_names_who_speaks(title: str, iso3: str | None, role: Role) -> None:
    who = who_of(title, States.load(), "2020-09-16")
    assert (who.state.iso3 if who.state else None, who.role) == (iso3, role)
    assert who.speaker in ("Ana Example", None)


def test_annexes_without_such_titles_do_not_part_a_document() -> None:
    report = "\n\n".join(
        [*LETTER, "Annex I", "Figures of the year", WORDS[0], "Annex II", "Further figures", WORDS[1]]
    )
    assert splitting_of(report.encode(), "report.txt").meeting.kind != "letter"
    one = "\n\n".join([*LETTER, "Annex I", TITLES[1], WORDS[0]])
    assert splitting_of(one.encode(), "one.txt").meeting.kind != "letter"


def test_an_annex_of_another_kind_between_statements_is_no_part_of_one() -> None:
    text = "\n\n".join(
        [
            *LETTER,
            "Annex I",
            TITLES[1],
            WORDS[1],
            "Annex II",
            "Concept note",
            MORE,
            "Annex III",
            TITLES[2],
            WORDS[2],
        ]
    )
    made = splitting_of(text.encode(), "letter.txt")
    assert [s.text for s in made.speeches] == [WORDS[1], WORDS[2]] and MORE in made.furniture


def letter_of(*parts: str) -> Splitting:
    return splitting_of("\n\n".join([*LETTER, *parts]).encode(), "letter.txt")


def test_a_heading_repeated_on_the_next_page_loses_none_of_the_speech() -> None:
    made = letter_of(
        "S/2020/9901 Annex I", "Annex I", TITLES[1], WORDS[1], "Annex I", MORE, "Annex II", TITLES[2], WORDS[2], "Annex II", TITLES[2], MORE
    )  # fmt: skip
    assert [s.text for s in made.speeches] == [f"{WORDS[1]}\n\n{MORE}", f"{WORDS[2]}\n\n{MORE}"]


def test_a_list_of_the_annexes_makes_no_speeches() -> None:
    listed = [f"Annex {n}\n{title}" for n, title in zip(("I", "II"), TITLES[1:3], strict=True)]
    made = letter_of(
        *listed, "(Signed) Ana Example", "Annex I", TITLES[1], WORDS[1], "Annex II", TITLES[2], WORDS[2]
    )
    assert [(s.iso3, s.text) for s in made.speeches] == [("NOR", WORDS[1]), ("BOL", WORDS[2])]


def test_an_annex_with_two_titles_is_two_speeches_and_an_enclosure_is_none() -> None:
    made = letter_of(
        "Annex I", "Statements by Norway and Chile", "A. Statement by the Minister for Foreign Affairs of Norway, Ana Example", WORDS[1],
        "B. Statement by the Permanent Representative of Chile, Rui Exemplo", WORDS[2], "Enclosure", MORE, "Annex II", TITLES[3], WORDS[3],
    )  # fmt: skip
    assert [(s.iso3, s.text) for s in made.speeches] == [
        ("NOR", WORDS[1]),
        ("CHL", WORDS[2]),
        (None, WORDS[3]),
    ]
    assert MORE in made.furniture


def test_an_annex_whose_title_names_nobody_is_told() -> None:
    made = letter_of(
        "Annex I",
        TITLES[1],
        WORDS[1],
        "Annex II",
        "Reply of the delegation",
        *[MORE] * 3,
        "Annex III",
        TITLES[2],
        WORDS[2],
    )
    assert [p.code for p in made.problems] == ["annex_left_out"] and "Annex II" in made.problems[0].reason
    assert [s.iso3 for s in made.speeches] == ["NOR", "BOL"]


def test_a_joint_statement_is_no_single_state_s() -> None:
    made = letter_of(
        "Annex I",
        "Joint statement by Denmark, Finland and the Kingdom of Norway",
        WORDS[1],
        "Annex II",
        TITLES[2],
        WORDS[2],
    )
    joint = made.speeches[0]
    assert (joint.iso3, joint.role, joint.on_behalf_of) == (
        None,
        Role.OTHER,
        ("Denmark", "Finland", "Norway"),
    )
