"""Garbage is told from words; other languages are words."""

from __future__ import annotations

import random

import pytest

from pipeline.extract.quality import BAR, text_quality
from tests.timing import units

ENGLISH = (
    "Mr. President, my delegation thanks the Secretary-General for his report on the responsibility to protect. "
    "We believe that prevention deserves more attention, and that every State has the duty to protect its people. "
)
OTHERS = {
    "French": "Monsieur le Président, ma délégation remercie le Secrétaire général de son rapport et souscrit à la "
    "responsabilité de protéger les populations, qui incombe au premier chef à chaque État.",
    "Spanish": "Señor Presidente, mi delegación agradece al Secretario General su informe y reafirma que la "
    "responsabilidad de proteger a la población recae en primer lugar en cada Estado.",
    "Portuguese": "Senhor Presidente, a minha delegação agradece ao Secretário-Geral o seu relatório e reafirma que "
    "a responsabilidade de proteger cabe em primeiro lugar a cada Estado.",
    "Arabic": "السيد الرئيس، يشكر وفد بلادي الأمين العام على تقريره ويؤكد أن المسؤولية عن الحماية تقع على عاتق كل دولة.",
    "Russian": "Господин Председатель, наша делегация благодарит Генерального секретаря за доклад и подтверждает, "
    "что ответственность по защите лежит прежде всего на каждом государстве.",
    "Chinese": "主席先生,我国代表团感谢秘书长的报告,并重申保护人民的责任首先在于每个国家。",
    "German": "Herr Präsident, meine Delegation dankt dem Generalsekretär für seinen Bericht und bekräftigt, dass "
    "die Verantwortung für den Schutz der Menschen zuerst bei jedem Staat liegt.",
}


def shifted(text: str, by: int) -> str:
    """What a font without a map gives: every character moved by the same number."""
    return "".join(chr((ord(char) - 32 + by) % 95 + 32) if " " < char < "\x7f" else char for char in text)


def test_english_prose_scores_full() -> None:
    assert text_quality(ENGLISH) == 1.0


@pytest.mark.parametrize("language", OTHERS)
def test_other_languages_are_not_garbage(language: str) -> None:
    assert text_quality(OTHERS[language]) >= 0.8


@pytest.mark.parametrize("by", [1, 3, 7, 13, 29, 31, 64])
def test_shifted_letters_are_garbage(by: int) -> None:
    assert text_quality(shifted(ENGLISH * 5, by)) < BAR


def test_cid_codes_are_garbage() -> None:
    assert text_quality("".join(f"(cid:{ord(char)})" for char in ENGLISH)) < BAR


def test_private_use_characters_are_garbage() -> None:
    assert text_quality("".join(chr(0xE000 + ord(char)) if char != " " else " " for char in ENGLISH)) < BAR


def test_random_letters_are_garbage() -> None:
    chance = random.Random(7)
    words = (
        "".join(chance.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(chance.randint(1, 9)))
        for _ in range(300)
    )
    assert text_quality(" ".join(words)) < BAR


def test_a_readable_scan_with_some_misread_words_passes() -> None:
    words = (ENGLISH * 3).split()
    misread = ["tlie", "oi", "Nationa", "wbich", "eountries", "tbe", "0f", "peaoe"]
    words[::8] = [misread[i % 8] for i in range(len(words[::8]))]
    assert text_quality(" ".join(words)) >= BAR


def test_a_cover_of_names_passes() -> None:
    cover = "STATEMENT BY\nH.E. Mr. Ondrej Vzorny Pokusny\nMinister for Foreign Affairs of Examplia\nNew York, 3 July 2019"
    assert text_quality(cover) >= BAR


def test_no_text_scores_zero_and_a_page_number_full() -> None:
    assert text_quality("  \n ") == 0.0
    assert text_quality("12") == 1.0


def test_a_page_takes_well_under_a_millisecond() -> None:
    page = ENGLISH * 15
    # 0.34 units, a quarter of a millisecond, when written.
    assert units(lambda: [text_quality(page) for _ in range(20)]) / 20 < 2
