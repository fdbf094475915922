"""Names of speakers as headings and titles print them: what looks like one, and the name without its titles."""

from __future__ import annotations

import re

_TITLE = re.compile(
    r"^(?:(?:h\.?\s?e\.?|his|her|excellency|mr|ms|mrs|mme|miss|dr|prof|professor|sir|dame|amb|ambassador|minister|president|hon|the|honou?rable|right)\b\.?\s+)+",
    re.IGNORECASE,
)

#: Words in small letters that are parts of names.
_PARTICLES = frozenset(
    [
        "de",
        "da",
        "do",
        "dos",
        "del",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "bin",
        "bint",
        "al",
        "el",
        "ibn",
        "y",
        "e",
        "di",
        "du",
    ]
)


def clean(name: str) -> str:
    """The name without marks around it, blanks collapsed."""
    return " ".join(name.strip(' \t.,;*_"“”').split())


def person(name: str) -> str | None:
    """The name without its titles, None where nothing is left: `H.E. Ms. Ana Example` gives `Ana Example`."""
    return _TITLE.sub("", clean(name)) or None


def looks_like_name(text: str) -> bool:
    """Whether a text of one to seven words is written as names are."""
    words = _TITLE.sub("", text).split()
    return 0 < len(words) <= 7 and all(word[:1].isupper() or word.lower() in _PARTICLES for word in words)
