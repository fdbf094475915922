"""The first page of a verbatim record: which meeting it is, when, who presides."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.split.headings import TITLES, ease_capitals
from pipeline.split.record_lines import SYMBOL

_SYMBOL = re.compile(rf"(?<![\w/]){SYMBOL}")
_MONTHS = {
    month: number
    for number, names in enumerate(
        ("january janvier", "february fevrier février", "march mars", "april avril", "may mai", "june juin", "july juillet",
         "august aout août", "september septembre", "october octobre", "november novembre", "december decembre décembre"), 1
    )
    for month in names.split()
}  # fmt: skip
_DATE = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+({'|'.join(_MONTHS)})\s*,?\s+(\d{{4}})", re.IGNORECASE)
_DATE_OF_MEETING = re.compile(
    rf"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+{_DATE.pattern}", re.IGNORECASE
)
_DATE_US = re.compile(rf"({'|'.join(_MONTHS)})\s+(\d{{1,2}}),?\s+(\d{{4}})", re.IGNORECASE)
_TITLE = "(?:" + "|".join(pattern for pattern, _ in TITLES) + ")"
#: "President: Mr. Example . . . . (Exampland)", "Chairman: Ms. EXAMPLE (Exampland)", "President : M. J. EXAMPLE (...)".
_PRESIDENT = re.compile(
    rf"(?:Acting |Temporary |Interim )?(?:Pr[eé]sid\w\w\w?|Chair(?:man|woman|person)?)\s*:\s*(?P<name>{_TITLE}\s+[^\n(]*?)[\s.…·_\xa0]*\((?P<state>(?:[^()]|\([^()]*\))+)\)",
    re.IGNORECASE,
)
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]
_TENS = dict(
    zip(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        range(20, 100, 10),
        strict=True,
    )
)
_TENTHS = {word[:-1] + "ieth": value for word, value in _TENS.items()}
_SESSION = re.compile(r"\b([A-Z][a-z]+(?:-[a-z]+)?)\s+(?:regular |special |emergency special )?session\b")


class Cover(NamedTuple):
    """The facts of the first page; None where it does not say."""

    symbol: str | None
    organ: str | None  # GA, SC, HRC or None
    session: int | None
    meeting_number: int | None
    date: str | None
    president: str | None  # name with title
    president_state: str | None

    @property
    def president_line(self) -> str | None:
        """`Mr. Example (Exampland)`, as the column `president` gives it."""
        if self.president is None:
            return None
        return f"{self.president} ({self.president_state})" if self.president_state else self.president


def read_cover(text: str) -> Cover:
    """The facts in the text of the first page (or pages), lines joined by newlines."""
    flat = re.sub(r"[ \t\xa0]+", " ", text)
    symbol = find_symbol(flat)
    parts = symbol.split("/") if symbol else []
    number = re.search(r"PV\.(\d+)", symbol) if symbol else None
    session = _session(parts, flat)
    president = _PRESIDENT.search(flat.replace("\n", " "))
    name = state = None
    if president:
        name = re.sub(r"(?:\s*\.){2,}.*$", "", president["name"]).strip(" .,;/")
        title, _, rest = name.partition(" ")
        name = f"{title} {ease_capitals(rest)}" if rest else name
        state = " ".join(president["state"].split())
    return Cover(
        symbol,
        organ_of(symbol),
        session,
        int(number.group(1)) if number else None,
        find_date(flat),
        name,
        state,
    )


def find_symbol(text: str) -> str | None:
    """The first symbol of a verbatim record in the text: `A/65/PV.71`, `S/PV.5319 (Resumption 1)`."""
    match = _SYMBOL.search(text)
    if match is None:
        return None
    return re.sub(r"PV\.\s", "PV.", " ".join(match.group().split()))


#: A/C.6/74/SR.9, A/HRC/19/SR.2, E/2010/SR.31
_SUMMARY = re.compile(r"(?<![\w/])[AES]/(?:[\w.-]+/){0,3}SR\.\s?\d+(?:/Add\.\d+)?")


def summary_record(title: str) -> tuple[str | None, str | None]:
    """The symbol of a summary record (None for a press release) and the date of its meeting, which is not that of distribution."""
    symbol = _SUMMARY.search(title)
    return re.sub(r"\s+", "", symbol.group()) if symbol else None, find_date(title)


def organ_of(symbol: str | None) -> str | None:
    """`GA` for A/..., `SC` for S/..., `HRC` for A/HRC/...; committees of the Assembly count as GA."""
    if not symbol:
        return None
    if symbol.startswith("A/HRC/"):
        return "HRC"
    return {"A": "GA", "S": "SC"}.get(symbol.split("/")[0])


def find_date(text: str) -> str | None:
    """The meeting's date in words, as ISO; None where there is none or it is impossible.

    A date with its weekday comes first: the typed records of 1993 print the day of distribution above it
    ("4 October 1993 ... Held at Headquarters, New York, on Monday, 27 September 1993, at 10 a.m.").
    """
    match = _DATE_OF_MEETING.search(text) or _DATE.search(text)
    if match:
        day, month, year = int(match.group(1)), _MONTHS[match.group(2).lower()], int(match.group(3))
    elif match := _DATE_US.search(text):
        day, month, year = int(match.group(2)), _MONTHS[match.group(1).lower()], int(match.group(3))
    else:
        return None
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= day <= 31 and 1945 <= year <= 2100 else None


def _session(parts: list[str], text: str) -> int | None:
    """The session from the symbol (`A/65/PV.71`, `A/C.1/65/PV.3`), else in words ("Tenth emergency special session")."""
    if parts and parts[0] == "A":
        for part in parts[1:-1]:
            if part.isdigit():
                return int(part)
            if special := re.fullmatch(r"E?S-(\d+)", part):
                return int(special.group(1))
        words = _SESSION.search(text)
        if words:
            return ordinal(words.group(1))
    return None


def ordinal(word: str) -> int | None:
    """`Sixty-fifth` -> 65; None for what is no ordinal."""
    word = word.lower()
    if word in _ORDINALS:
        return _ORDINALS.index(word) + 1
    if word in _TENTHS:
        return _TENTHS[word]
    tens, _, unit = word.partition("-")
    if tens in _TENS and unit in _ORDINALS[:9]:
        return _TENS[tens] + _ORDINALS.index(unit) + 1
    return None
