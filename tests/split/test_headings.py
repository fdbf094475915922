"""Who-speaks headings: every form that records have used, and what only looks like one."""

from __future__ import annotations

import re

import pytest

from pipeline.split import record_lines
from pipeline.split.headings import OFFICES, TITLES, ease_capitals, parse_heading

FORMS = [
    # heading, name or office, place in brackets, language, function
    ("Mr. Tarrow (Kenya):", "Tarrow", "Kenya", None, None),
    ("Ms. Ilani Dovrek (Fiji) (spoke in French):", "Ilani Dovrek", "Fiji", "French", None),
    ("Ms. Dovrek (spoke in French) (Fiji):", "Dovrek", "Fiji", "French", None),
    ("Mr. Quiro (Peru) (spoke in Spanish; English text furnished by the delegation):", "Quiro", "Peru", "Spanish", None),
    ("Mr. Quiro (Peru) (interpretation from Spanish; English text furnished by the delegation):", "Quiro", "Peru", "Spanish", None),
    ("Mr. QUIRO (Peru) (interpretation from Spanish):", "Quiro", "Peru", "Spanish", None),
    ("Mr. QUIRO (Peru) (translated from Spanish):", "Quiro", "Peru", "Spanish", None),
    ("Mr. Pell (Oman) (English text furnished by the delegation):", "Pell", "Oman", None, None),
    ("Mr. Pell (Oman) (spoke in Arabic; interpretation provided by the delegation):", "Pell", "Oman", "Arabic", None),
    ("Mr. Pell (Cabo Verde) (spoke in Portuguese; English interpretation provided by the delegation):", "Pell", "Cabo Verde", "Portuguese", None),
    ("Mr. Pell (Chad); ", "Pell", "Chad", None, None),
    ("Mr. Pell (Iran (Islamic Republic of)):", "Pell", "Iran (Islamic Republic of)", None, None),
    ("Mr. Pell (Chad), Rapporteur of the Third Committee:", "Pell", "Chad", None, "Rapporteur of the Third Committee"),
    ("Mr. Pell (Chad), Chair of the Special Committee (spoke in French):", "Pell", "Chad", "French", "Chair of the Special Committee"),
    ("Sir John PELL (United Kingdom):", "John Pell", "United Kingdom", None, None),
    ("Dame Ada Pell (Barbados):", "Ada Pell", "Barbados", None, None),
    ("Sheikh Pell Al-Tarrow (Qatar) (spoke in Arabic):", "Pell Al-Tarrow", "Qatar", "Arabic", None),
    ("Prince Pell (Jordan):", "Pell", "Jordan", None, None),
    ("Crown Prince Pell (Norway):", "Pell", "Norway", None, None),
    ("Princess Pell (Jordan):", "Pell", "Jordan", None, None),
    ("King Pell VI (Morocco) (spoke in Arabic):", "Pell VI", "Morocco", "Arabic", None),
    ("Queen Pell II:", "Pell II", None, None, None),
    ("Monsignor Pell (Holy See):", "Pell", "Holy See", None, None),
    ("Archbishop Pell (Holy See):", "Pell", "Holy See", None, None),
    ("Cardinal Pell (Holy See):", "Pell", "Holy See", None, None),
    ("General Pell:", "Pell", None, None, None),
    ("Lieutenant General Pell:", "Pell", None, None, None),
    ("Dr. Pell (Palau):", "Pell", "Palau", None, None),
    ("President Pell (Brazil) (spoke in Portuguese):", "Pell", "Brazil", "Portuguese", None),
    ("President Pell:", "Pell", None, None, None),
    ("U Pell Win (Myanmar):", "Pell Win", "Myanmar", None, None),
    ("Mr. Van den Pell (Belgium) (spoke in French):", "Van den Pell", "Belgium", "French", None),
    ("Mr. de la Pell y Ruiz (Spain):", "de la Pell y Ruiz", "Spain", None, None),
    ("Mr. Pell (European Union):", "Pell", "European Union", None, None),
    ("Ms. Pell (Department for General Assembly and Conference Management):", "Pell", "Department for General Assembly and Conference Management", None, None),
    ("Mr. Guterson:", "Guterson", None, None, None),
    ("Mr. Pell Tarrow Zo:", "Pell Tarrow Zo", None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "name", "place", "language", "function"), FORMS, ids=[f[0] for f in FORMS]
)
def test_a_named_heading_is_taken_apart(
    printed: str, name: str, place: str | None, language: str | None, function: str | None
) -> None:
    heading = parse_heading(printed + " We agree.")
    assert heading is not None
    assert (heading.name, heading.place, heading.language, heading.function) == (
        name,
        place,
        language,
        function,
    )
    assert heading.printed == printed.strip() and heading.office is None


@pytest.mark.parametrize(
    ("printed", "office", "role", "language"),
    [
        ("The President:", "President", "presidency", None),
        ("The President (spoke in Arabic):", "President", "presidency", "Arabic"),
        ("The PRESIDENT (interpretation from French):", "President", "presidency", "French"),
        ("The Acting President (spoke in Spanish):", "Acting President", "presidency", "Spanish"),
        ("The Temporary President:", "Temporary President", "presidency", None),
        ("The Chair:", "Chair", "presidency", None),
        ("The Chairman (spoke in Russian):", "Chairman", "presidency", "Russian"),
        ("The Co-Chair (Fiji):", "Co-Chair", "presidency", None),
        ("The Secretary-General:", "Secretary-General", "secretariat", None),
        ("The SECRETARY-GENERAL:", "Secretary-General", "secretariat", None),
        (
            "The Deputy Secretary-General (spoke in French):",
            "Deputy Secretary-General",
            "secretariat",
            "French",
        ),
        ("The Rapporteur of the Third Committee:", "Rapporteur of the Third Committee", "other", None),
    ],
)
def test_an_office_speaks_without_a_name(printed: str, office: str, role: str, language: str | None) -> None:
    heading = parse_heading(printed + " The floor is yours.")
    assert heading is not None
    assert (heading.office, heading.office_role, heading.language, heading.name) == (
        office,
        role,
        language,
        None,
    )


def test_a_title_may_follow_the_name() -> None:
    heading = parse_heading("Selim TARROW Bey (Egypt): Yes", untitled=True)
    assert heading is not None and heading.name == "Selim Tarrow"
    assert parse_heading("Selim TARROW Bey (Egypt): Yes") is None


@pytest.mark.parametrize(
    "text",
    [
        "Mr. President: it is an honour",
        "Mr. Chairman: may I begin",
        "Madam President: thank you",
        "Mr. Secretary-General: welcome",
        "Mr. Pell said: we agree",
        "Mr. Pell (Chad) said the following: no",
        "Mr. Pell, who spoke first, said: no",
        "Mr. Pell has made three points: first",
        "The President of the Republic has said: no",
        "The Chair of the Commission wrote to us: no",
        "The result is clear: we failed",
        "General considerations: these",
        "Major problems: these",
        "Ms. Dovrek and Mr. Pell agreed on this: no",
        "In conclusion: no",
    ],
)
def test_a_colon_inside_a_speech_is_no_heading(text: str) -> None:
    assert parse_heading(text) is None


@pytest.mark.parametrize(
    ("printed", "eased"),
    [
        ("Gladwyn JEBB", "Gladwyn Jebb"),
        ("McDONALD", "McDonald"),
        ("O’NEIL-AL-HUSSEIN", "O’Neil-Al-Hussein"),
        ("J.B. PELL", "J.B. Pell"),
        ("Pell VI", "Pell VI"),
        ("Pell", "Pell"),
        ("NGUYEN Van Pell", "Nguyen Van Pell"),
        ("de PELL", "de Pell"),
    ],
)
def test_capitals_of_the_old_records_are_eased(printed: str, eased: str) -> None:
    assert ease_capitals(printed) == eased


def test_every_pattern_matches_the_example_beside_it() -> None:
    for pattern, example in TITLES:
        assert re.match(rf"(?:{pattern})\s", example), example
        assert parse_heading(example), example
    for pattern, _, example in OFFICES:
        assert re.search(pattern, example) and parse_heading(example), example
    for table in (
        record_lines.FURNITURE,
        record_lines.MARGIN_FURNITURE,
        record_lines.STAGE_ANYWHERE,
        record_lines.STAGE_PRESIDED,
        record_lines.AGENDA,
    ):
        for pattern, example in table:
            assert re.fullmatch(pattern, example), example
