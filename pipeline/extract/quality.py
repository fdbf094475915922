"""How far a page's text can be trusted to be words: a score in [0, 1], fast enough for every page.

Bad are characters that no font maps, `(cid:12)` codes, private-use and control characters, and tokens that
no language has. Not bad is another language: French, Russian or Chinese words are words.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.resources import table

#: A page below this score has no usable text. Of 567 pages of statements and records the 20 of garbage have at most
#: 0.30, the worst readable ones (a scan of 1950) 0.79: `scripts/statements_recall --quality` prints them.
BAR = 0.5

#: A page with fewer letters than this says too little to be judged by its words.
FEW_LETTERS = 12

_TOKEN = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]{1,2}(?![^\W\d_]))?")
#: The same where no letter is beyond ASCII: twice as quick.
_PLAIN_TOKEN = re.compile(r"[a-z]+(?:['’][a-z]{1,2}(?![a-z]))?")
_CID = re.compile(r"\(cid:\d+\)")
_BAD = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\ufff0-\ufffb\U000f0000-\U0010ffff]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
#: The bytes of ASCII that are neither letter nor digit, and those that are not bad.
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
_FINE_BYTES = bytes(code for code in range(128) if not _BAD.match(chr(code)))
_OTHER_SCRIPT = re.compile(
    r"[\u0370-\u1fff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufdff\ufe70-\ufeff\uff66-\uffdc]"
)

#: Function words of the languages that UN documents and missions use beside English.
_FUNCTION_WORDS = frozenset(
    # French, Spanish, Portuguese, Italian, German, Dutch
    [
        "le",
        "la",
        "les",
        "des",
        "du",
        "de",
        "et",
        "en",
        "un",
        "une",
        "que",
        "qui",
        "dans",
        "pour",
        "par",
        "sur",
        "avec",
        "est",
        "sont",
        "nous",
        "vous",
        "il",
        "elle",
        "ils",
        "ce",
        "cette",
        "ces",
        "au",
        "aux",
        "ne",
        "pas",
        "plus",
        "son",
        "sa",
        "ses",
        "leur",
        "leurs",
        "notre",
        "nos",
        "mais",
        "ou",
        "où",
        "à",
        "été",
        "être",
        "ont",
        "el",
        "los",
        "las",
        "del",
        "y",
        "una",
        "con",
        "por",
        "para",
        "se",
        "su",
        "sus",
        "lo",
        "al",
        "como",
        "más",
        "pero",
        "no",
        "es",
        "son",
        "nuestro",
        "nuestra",
        "nuestros",
        "ha",
        "han",
        "sin",
        "sobre",
        "entre",
        "este",
        "esta",
        "estos",
        "que",
        "muy",
        "también",
        "o",
        "os",
        "as",
        "do",
        "da",
        "dos",
        "das",
        "em",
        "um",
        "uma",
        "com",
        "não",
        "na",
        "no",
        "nas",
        "nos",
        "ao",
        "à",
        "é",
        "são",
        "foi",
        "ser",
        "mais",
        "pela",
        "pelo",
        "seu",
        "sua",
        "e",
        "nosso",
        "nossa",
        "il",
        "lo",
        "gli",
        "i",
        "di",
        "che",
        "è",
        "per",
        "non",
        "della",
        "delle",
        "dei",
        "nel",
        "con",
        "sono",
        "del",
        "alla",
        "si",
        "der",
        "die",
        "das",
        "und",
        "ist",
        "nicht",
        "ein",
        "eine",
        "zu",
        "den",
        "dem",
        "des",
        "mit",
        "von",
        "für",
        "auf",
        "wir",
        "sich",
        "sie",
        "es",
        "im",
        "auch",
        "als",
        "an",
        "dass",
        "haben",
        "hat",
        "het",
        "een",
        "van",
        "dat",
        "voor",
        "zijn",
        "niet",
        "met",
        "op",
        "te",
        "aan",
        "ook",
        "wij",
        "deze",
        "och",
        "att",
        "det",
        "som",
        "är",
        "för",
        "inte",
        "av",
        "på",
        "vi",
        "har",
        "till",
        "den",
        "og",
        "er",
        "ikke",
        "til",
        "af",
        "på",
        "at",
        "vi",
        "har",
        "som",
        "w",
        "i",
        "z",
        "na",
        "nie",
        "jest",
        "się",
        "że",
        "oraz",
        "przez",
        "dla",
        "si",
        "nu",
        "este",
        "care",
        "pentru",
        "cu",
        "din",
        "pe",
        "mai",
        "sunt",
        "au",
        "să",
        "ve",
        "bir",
        "bu",
        "için",
        "ile",
        "olarak",
        "da",
        "de",
        "çok",
        "dan",
        "yang",
        "di",
        "untuk",
        "dari",
        "dengan",
        "ini",
        "itu",
        "pada",
        "kami",
        "na",
        "ya",
        "wa",
        "kwa",
        "ni",
        "za",
        "katika",
        "u",
        "je",
        "se",
        "na",
        "da",
        "su",
        "za",
        "i",
        "od",
    ]
)

#: From this share of such words on a text is one in another language; the texts of tests/extract/test_quality.py have more.
_FUNCTION_SHARE = 0.15

#: From this share of known words on an English text is without fault; covers with many names come near it.
_KNOWN_SHARE = 0.70


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """The words of corpus/tables/words_en.txt."""
    return frozenset(table("words_en.txt").read_text(encoding="utf-8").split("\n")[:-1])


def text_quality(text: str) -> float:
    """The score of a page's (or file's) text, 0 for none or garbage, 1 for text without fault. Takes about 0.2 ms a page."""
    codes = len(_CID.findall(text)) if "(cid:" in text else 0
    if codes:
        text = _CID.sub(" ", text)
    dense = "".join(text.split())
    if not dense and not codes:
        return 0.0
    # Bytes are counted without a step of Python for each character; few characters of a page are not of ASCII.
    plain = dense.encode("ascii", "ignore")
    odd = "" if dense.isascii() else "".join(_NOT_ASCII.findall(dense))
    bad = codes + len(plain.translate(None, _FINE_BYTES)) + (len(_BAD.findall(odd)) if odd else 0)
    drawn = len(dense) + codes
    odd_good = sum(map(str.isalnum, odd))
    good = len(plain.translate(None, _SIGNS)) + odd_good
    low = text.lower()
    if not odd_good:
        tokens = _PLAIN_TOKEN.findall(low)
    elif len(low) == len(text):
        tokens = _TOKEN.findall(low)
    else:  # 'İ'.lower() is two code points
        tokens = [token.lower() for token in _TOKEN.findall(text)]
    letters = sum(map(len, tokens))
    words = _word_score(tokens, letters, dense, odd)
    signs = min(1.0, good / (0.6 * drawn))
    return round(max(0.0, 1.0 - 3.0 * bad / drawn) * words * signs, 3)


def _word_score(tokens: list[str], letters: int, dense: str, odd: str) -> float:
    if letters < FEW_LETTERS:
        return 1.0 if len(dense) < 20 else 0.6
    other = len(_OTHER_SCRIPT.findall(odd)) if odd else 0
    if other > 0.5 * letters:
        return _other_script_score(tokens, letters)
    english = english_words()
    known = [token for token in tokens if token in english or token.replace("’", "'") in english]
    # A cover of ten words may be half names: a few words are judged mildly.
    share = min((len(known) + 2) / (len(tokens) + 2), (sum(map(len, known)) + 8) / (letters + 8))
    score = share / _KNOWN_SHARE
    if score < 1.0:
        score = max(score, _foreign_share(tokens) / _FUNCTION_SHARE)
    # Pieces of one letter are what scrambled fonts and torn lines leave; text has few.
    pieces = len([token for token in tokens if len(token) == 1 and token not in "aiyoe"])
    torn = max(0.0, 1.0 - 2.0 * max(0.0, pieces / len(tokens) - 0.1))
    return min(1.0, score) * torn


def _foreign_share(tokens: list[str]) -> float:
    """The share of function words other than English; 0 where they are too few or too uniform to be a language."""
    found = [token for token in tokens if len(token) > 1 and token in _FUNCTION_WORDS]
    if len(tokens) < 8 or len(set(found)) < 3:
        return 0.0
    return len(found) / len(tokens)


def _other_script_score(tokens: list[str], letters: int) -> float:
    """Cyrillic, Arabic, Greek and such come in words of some length; Chinese and Japanese in runs."""
    average = letters / len(tokens)
    return min(1.0, average / 3.0)
