"""The language of a document or speech, for all that the model cannot label."""

from __future__ import annotations

import pytest

from pipeline.extract import read
from pipeline.extract.language import language_of
from pipeline.split import split
from pipeline.split.states import States
from tests.timing import units

TEXTS = {
    "en": [
        "Mr. President, my delegation thanks the Secretary-General for his report and reaffirms the responsibility to protect.",
        "WE BELIEVE THAT PREVENTION IS THE FIRST DUTY OF EVERY STATE AND THAT THE COUNCIL MUST ACT WHEN IT FAILS.",
        "Norway aligns itself with the statement made by Denmark on behalf of the Nordic countries and adds two points.",
    ],
    "fr": [
        "Monsieur le Président, ma délégation remercie le Secrétaire général de son rapport et réaffirme la responsabilité de protéger.",
        "La prévention est le premier devoir de chaque État, et le Conseil doit agir lorsque celui-ci manque à ses obligations.",
    ],
    "es": [
        "Señor Presidente, mi delegación agradece al Secretario General su informe y reafirma la responsabilidad de proteger.",
        "La prevención es el primer deber de cada Estado, y el Consejo debe actuar cuando este no cumple sus obligaciones.",
    ],
    "pt": [
        "Senhor Presidente, a minha delegação agradece ao Secretário-Geral o seu relatório e reafirma a responsabilidade de proteger.",
        "A prevenção é o primeiro dever de cada Estado, e o Conselho deve agir quando este não cumpre as suas obrigações.",
    ],
    "ru": [
        "Господин Председатель, наша делегация благодарит Генерального секретаря за доклад и подтверждает обязанность защищать население.",
        "Предотвращение — первый долг каждого государства, и Совет должен действовать, когда оно не выполняет своих обязательств.",
    ],
    "ar": [
        "السيد الرئيس، يشكر وفد بلادي الأمين العام على تقريره ويؤكد من جديد المسؤولية عن حماية السكان من الجرائم.",
        "إن الوقاية هي الواجب الأول لكل دولة، وعلى المجلس أن يتحرك عندما لا تفي الدولة بالتزاماتها.",
    ],
    "zh": [
        "主席先生,我国代表团感谢秘书长的报告,并重申各国有责任保护本国人民免遭暴行之害。",
        "预防是每个国家的首要义务,当国家不履行义务时,安理会必须采取行动。",
    ],
}


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code, texts in TEXTS.items() for text in texts]
)
def test_languages_are_recognised(language: str, text: str) -> None:
    assert language_of(text) == language
    assert language_of("\n\n".join([text] * 30)) == language


@pytest.mark.parametrize("language", TEXTS)
def test_a_document_and_its_speech_carry_their_language(language: str) -> None:
    transcript = read("\n\n".join(TEXTS[language] * 5).encode(), "statement.txt")
    assert transcript.language == language
    assert split(transcript, States.load()).speeches[0].detected_language == language


def test_the_main_language_counts_not_the_courtesies() -> None:
    french = " ".join(TEXTS["fr"] * 8)
    assert (
        language_of(f"Mr. President, thank you for giving me the floor. {french} I thank you, Mr. President.")
        == "fr"
    )
    english = " ".join(TEXTS["en"][::2] * 8)
    assert language_of(f"Monsieur le Président, je vous remercie. {english} Je vous remercie.") == "en"


def test_one_speech_in_another_language_is_found_in_an_english_meeting() -> None:
    french, english = " ".join(TEXTS["fr"] * 3), " ".join(TEXTS["en"][::2] * 3)
    text = f"Norway (Ms. Example): {english}\n\nGabon (M. Exemple): {french}\n\nChair: Thank you.\n\nChile (Mr. Muestra): {english}"
    speeches = split(read(text.encode(), "meeting.txt"), States.load()).speeches
    assert [speech.detected_language for speech in speeches] == ["en", "fr", "en", "en"]


def test_too_little_text_has_no_language() -> None:
    assert language_of("12 (a) OK") is None


def test_english_takes_far_less_than_a_millisecond() -> None:
    text = " ".join(TEXTS["en"] * 100)
    assert language_of(text) == "en"
    # 0.16 units, an eighth of a millisecond, when written.
    assert units(lambda: [language_of(text) for _ in range(20)]) / 20 < 1
