"""Where a meeting belongs: its forum, and the debate that it is one of the meetings of.

Known meetings stand in corpus/tables/debates.csv (by symbol), the Secretary-General's reports on R2P in
r2p_reports.csv; the rest is read from the agenda. Recorded votes on R2P: votes.csv and votes_by_state.csv.
"""

from __future__ import annotations

import csv
import datetime
import functools
import re
from collections.abc import Sequence

from pipeline.resources import table

#: Values of the column `forum`.
FORUMS: tuple[str, ...] = ("GA", "GA-general-debate", "GA-dialogue", "SC", "HRC", "other")

#: Symbol of a record -> organ. A/63/PV.97, A/PV.2, A/S-27/PV.1, A/ES-10/PV.40 | S/PV.8422 | A/HRC/16/SR.2 | A/C.3/65/SR.4
_SYMBOLS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("HRC", re.compile(r"A/HRC/")),
    ("other", re.compile(r"A/(?:C|CN|AC|CONF)\.\d+")),
    ("GA", re.compile(r"A/(?:(?P<session>\d{1,3})/|S-\d+/|ES-\d+/)?PV\.\d")),
    ("SC", re.compile(r"S/PV\.\d")),
)
_ORGANS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("HRC", re.compile(r"\bHRC\b|human\s+rights\s+council", re.I)),
    ("other", re.compile(r"committee|commission|conference", re.I)),
    ("GA", re.compile(r"^GA$|general\s+assembly", re.I)),
    ("SC", re.compile(r"^SC$|security\s+council", re.I)),
)

#: The verbatim record of another body, before the number of the meeting: X/1/PV.1.
_RECORD = re.compile(r"(?P<body>[A-Z0-9./]+)/(?:PV|SR)\.\d")

#: "The responsibility to protect and the prevention of genocide ...", "Report of the Secretary-General on R2P".
_R2P = re.compile(r"\bresponsibility\s+to\s+protect\b|\bR2P\b|\bRtoP\b", re.I)
_DIALOGUE = re.compile(
    r"\binformal\s+(?:interactive\s+|thematic\s+)*dialogue\b|\binteractive\s+dialogue\b", re.I
)
_GENERAL_DEBATE = re.compile(
    r"(?:^|\b(?:item\s+\d+|continued\)?)\W*)general\s+debate\b|\bgeneral\s+debate\s*(?:\(continued\)|$)",
    re.I | re.M,
)
#: Addresses by heads of State open the meetings of the general debate: "Address by Ms. Ann Roe, President of the Republic of ..."
_ADDRESS = re.compile(
    r"\baddress\s+by\s+(?:an?\s+|his|her|mr|mrs|ms|sir|dame|the|king|queen|prince|sheikh|dr|h\.)", re.I
)


def classify(
    symbol: str | None,
    organ: str | None,
    session: int | None,
    date: str | None,
    agenda: Sequence[str],
    opening_text: str = "",
) -> tuple[str, str | None]:
    """The forum (one of `FORUMS`) of a meeting and the id of its debate, None where it belongs to none.

    `organ` may be an abbreviation or the name; `agenda` the items under discussion; `opening_text` the first words
    spoken. Ids are `GA-63-R2P` for the R2P debate or dialogue of a session and `GA-64-general-debate`; another body's record
    on R2P gets the body's part of the symbol (`X-1-R2P`). What is not said is not guessed: a Council meeting has no debate id, a
    committee is `other`.
    """
    known = _by_symbol().get(_tidy(symbol)) if symbol else None
    if known:
        return known
    place, numbered = _organ(symbol, organ)
    session = session or numbered or (_session_of(date) if place == "GA" else None)
    titles = " \n ".join(" ".join(item.split()) for item in agenda)
    on_r2p = bool(_R2P.search(titles)) or any(
        report in titles or report in opening_text for report in _reports()
    )
    if _DIALOGUE.search(titles) or (_DIALOGUE.search(opening_text) and not symbol):
        dialogue_on_r2p = on_r2p or bool(_R2P.search(opening_text))
        if dialogue_on_r2p and place in ("GA", "other") and not symbol:
            session = session or _session_of(date)
            return "GA-dialogue", f"GA-{session}-R2P" if session else None
    if place == "other" and on_r2p and symbol and (record := _RECORD.match(_tidy(symbol))):
        return place, f"{record['body'].replace('/', '-')}-R2P"
    if place != "GA":
        return place, None
    if _is_general_debate(titles, date, symbol):
        return "GA-general-debate", f"GA-{session}-general-debate" if session else None
    if on_r2p:
        return "GA", f"GA-{session}-R2P" if session else None
    return "GA", None


def meetings_of(debate: str) -> tuple[str, ...]:
    """The symbols of the known meetings of an R2P debate, by its id (`GA-63-R2P`) or its year (`2009`)."""
    return tuple(row["symbol"] for row in debates() if debate in (row["debate"], row["year"]))


@functools.lru_cache(maxsize=1)
def debates() -> tuple[dict[str, str], ...]:
    """The rows of debates.csv: debate, symbol, forum, year, date (as far as certain), kind, title, source."""
    with table("debates.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@functools.lru_cache(maxsize=1)
def _by_symbol() -> dict[str, tuple[str, str | None]]:
    return {row["symbol"]: (row["forum"], row["debate"]) for row in debates()}


@functools.lru_cache(maxsize=1)
def _reports() -> tuple[str, ...]:
    with table("r2p_reports.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row["symbol"] for row in csv.DictReader(file))


def _tidy(symbol: str) -> str:
    return re.sub(r"\s+", "", symbol).upper()


def _organ(symbol: str | None, organ: str | None) -> tuple[str, int | None]:
    for place, pattern in _SYMBOLS if symbol else ():
        if match := pattern.match(_tidy(symbol or "")):
            number = match.groupdict().get("session")
            return place, int(number) if number else None
    for place, pattern in _ORGANS if organ else ():
        if pattern.search(organ or ""):
            return place, None
    return "other", None


def _session_of(date: str | None) -> int | None:
    """The regular session that sits on a day, None where the date does not settle it.

    A session opens on the Tuesday of the third week of September, counted from the first week with a working day
    (rule 1 of the rules of procedure, A/520/Rev.20); before 2003 on the third Tuesday or nearly so.
    """
    if date is None or not re.match(r"\d{4}-\d{2}", date):
        return None
    year, month = int(date[:4]), int(date[5:7])
    if month != 9:
        return year - 1945 if month > 9 else year - 1946
    if len(date) < 10:
        return None
    first = datetime.date(year, 9, 1).weekday()  # Monday is 0
    monday = 1 - first if first < 5 else 8 - first
    return year - 1945 if int(date[8:10]) >= monday + 15 else year - 1946


def _is_general_debate(titles: str, date: str | None, symbol: str | None) -> bool:
    if symbol and re.match(r"A/(?:S|ES)-", _tidy(symbol)):
        return False
    if _GENERAL_DEBATE.search(titles):
        return True
    # Addresses alone are made at other meetings too; late in September they belong to the general debate.
    return bool(_ADDRESS.search(titles)) and date is not None and "09-16" <= date[5:10] <= "10-10"
