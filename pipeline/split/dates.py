"""Dates as title blocks and headings print them -> ISO dates."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = r"(?P<month>january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
_PATTERNS = (
    # Not the second day of a range (24 to 30 September): that is no day of this speech.
    re.compile(rf"(?<![\d–-])(?<!to\s)(?P<day>\d{{1,2}})\s*[\"”*]?(?:st|nd|rd|th)?\s*(?:of\s+)?{_MONTH},?\s*(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE),  # 25th September, 2024
    re.compile(rf"\b{_MONTH}\s*(?P<day>\d{{1,2}})\s*[\"”*]?(?:st|nd|rd|th)?(?!\s*[–-]\s*\d),?\s*(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE),  # September 30th, 2024
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b"),  # 2024-09-25
    re.compile(rf"\(?\b{_MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE),  # (September 25 th 2024)
)  # fmt: skip
_RANGE = re.compile(r"(?:[–-]|\bto\b)\s*$")


def find_date(text: str) -> str | None:
    """The first full date in `text` as `YYYY-MM-DD`, or None: `Friday 27 th September, 2024` gives `2024-09-27`."""
    best: tuple[int, str] | None = None
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if _RANGE.search(text[max(0, match.start() - 6) : match.start()]):
                continue
            month = match["month"].lower()
            number = int(month) if month.isdigit() else _MONTHS[month]
            try:
                found = date(int(match["year"]), number, int(match["day"])).isoformat()
            except ValueError:
                continue
            if best is None or match.start() < best[0]:
                best = (match.start(), found)
            break
    return best[1] if best else None
