"""Which language a text is in, fast: English by its function words, others by py3langid on a sample."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

#: The UN's languages and the others in which missions publish statements.
LANGUAGES = (
    "en", "fr", "es", "ar", "ru", "zh", "pt", "de", "it", "nl", "sv", "da", "no", "fi", "pl", "cs", "sk", "hu", "ro", "bg",
    "uk", "sr", "hr", "sl", "el", "tr", "fa", "he", "ja", "ko", "id", "vi", "th", "hi", "ka", "hy", "az", "kk",
    "sw", "lt", "lv", "et", "sq", "mk",
)  # fmt: skip

#: Characters looked at: from the beginning, the middle and the end, because a speech in French may open or close in English.
SAMPLE = 3_000

_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "that",
        "is",
        "for",
        "we",
        "our",
        "with",
        "this",
        "are",
        "on",
        "be",
        "as",
        "it",
        "by",
        "has",
        "have",
        "not",
        "which",
        "from",
        "will",
        "at",
        "an",
        "its",
        "was",
        "their",
        "all",
        "must",
        "these",
        "who",
        "been",
        "they",
        "also",
        "can",
        "but",
        "you",
        "would",
        "should",
        "there",
        "i",
    ]
)

#: From this share of such words on a text is English. Speeches of the General Debate in English have 0.32 and more,
#: the other languages of tests/extract/test_language.py at most 0.05, short turns of a President ("Draft resolution V is entitled ...")
#: 0.24 and more, half English and half French about 0.18. Above the bar the detector, half a second to load, is not asked.
_ENGLISH_SHARE = 0.22

_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = 20


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the main language of `text`, or None when there are fewer than 20 letters.

    A text of two languages gets the one with the larger part of the sample.
    """
    sample = _sample(text)
    words = _WORD.findall(sample)
    if sum(map(len, words)) < _LETTERS and not _ideographs(sample) >= 8:
        return None
    english = sum(map(_ENGLISH.__contains__, map(str.lower, words)))
    if len(words) >= 8 and english >= _ENGLISH_SHARE * len(words):
        return "en"
    return str(_identifier()(_quiet(sample))[0])


def _sample(text: str) -> str:
    if len(text) <= SAMPLE:
        return text
    third = SAMPLE // 3
    middle = len(text) // 2
    pieces = (text[:third], text[middle - third // 2 : middle + third // 2], text[-third:])
    return "\n".join(pieces)


def _ideographs(text: str) -> int:
    return sum("\u3040" <= char <= "\u9fff" for char in text)


def _quiet(text: str) -> str:
    """Capitals shouted over a whole cover mislead n-grams that were counted on running text."""
    letters = [char for char in text if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    return text.lower() if capitals > 0.6 * len(letters) else text


@lru_cache(maxsize=1)
def _identifier() -> Callable[[str], tuple[str, float]]:
    """py3langid, held to `LANGUAGES`: it knows 97, and takes short texts for the rare ones among them."""
    import py3langid

    py3langid.set_languages(list(LANGUAGES))
    classify: Callable[[str], tuple[str, float]] = py3langid.classify
    return classify
