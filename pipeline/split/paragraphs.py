"""Printed lines -> running text: words broken over lines mended, real hyphens kept.

A hyphen at a line's end may belong to the word (`self-/determination`) or not (`deter-/mination`); only usage tells.
Asked in turn: how UN speech writes the word (corpus/tables/hyphenated_en.txt, corpus/tables/words_en.txt), how this document
writes it elsewhere, and whether both halves are words by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

_TOKEN = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_LAST = re.compile(r"([\w’']+(?:-[\w’']+)*)-$")
_FIRST = re.compile(r"[\w’']+(?:-[\w’']+)*")

#: First halves that keep their hyphen in UN spelling whatever follows (UN Editorial Manual, "Spelling": hyphens).
_KEEPS = frozenset(
    ["self", "non", "ex", "vice", "well", "so", "half", "all", "anti", "pro", "post", "pre", "semi", "quasi", "cross", "high", "low", "long", "short", "mid", "far", "near", "co", "sub", "inter", "multi", "under", "secretary", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
)  # fmt: skip
#: ... of these, the ones that are as often written solid (cooperation, subregional, international, multilateral).
_EITHER = frozenset(
    [
        "co",
        "sub",
        "inter",
        "multi",
        "under",
        "pre",
        "post",
        "anti",
        "so",
        "all",
        "pro",
        "cross",
        "mid",
        "high",
        "long",
    ]
)

#: After a hanging hyphen ("short- and long-term") comes one of these, and the blank stays.
_HANGING = frozenset(["and", "or", "to", "nor", "but"])


@lru_cache(maxsize=1)
def compound_words() -> frozenset[str]:
    """The forms of corpus/tables/hyphenated_en.txt, in lower case with their hyphens."""
    from pipeline.resources import table

    path = table("hyphenated_en.txt")
    return frozenset(path.read_text(encoding="utf-8").split()) if path.is_file() else frozenset()


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    from pipeline.resources import table

    path = table("words_en.txt")
    return frozenset(path.read_text(encoding="utf-8").split()) if path.is_file() else frozenset()


class Mender:
    """Joins lines of one document; `texts` gives its lines when usage must be looked up (many documents never ask)."""

    def __init__(self, texts: Callable[[], Iterable[str]] = tuple) -> None:
        self._texts = texts
        self._seen: frozenset[str] | None = None

    @property
    def seen(self) -> frozenset[str]:
        """The document's words in lower case, those at line ends with a hyphen left out."""
        if self._seen is None:
            lines = (text[: text.rfind(" ") + 1] if text.endswith("-") else text for text in self._texts())
            self._seen = frozenset(map(str.lower, set(_TOKEN.findall("\n".join(lines)))))
        return self._seen

    def glue(self, left: str, right: str) -> tuple[int, str]:
        """How to join `left` and `right`: characters to cut from `left`'s end, and what to put between."""
        if not left.endswith("-"):
            return 0, "" if left.endswith(("—", "/")) and not left.endswith((" —", " /")) else " "
        last, first = _LAST.search(left), _FIRST.match(right)
        if last is None or first is None:
            return 0, "" if last is not None or (
                (first is not None and right[0].isalnum()) and left[-2:-1] != " "
            ) else " "
        head, tail = last.group(1), first.group()
        if tail.lower() in _HANGING:
            return 0, " "
        return (0, "") if self.keeps_hyphen(head, tail) else (1, "")

    def keeps_hyphen(self, head: str, tail: str) -> bool:
        """Whether `head-` at a line's end and `tail` at the next line's beginning make `head-tail`, not `headtail`."""
        if head[-1].isdigit() or tail[0].isdigit():
            return True
        if tail[0].isupper() and not head.isupper():
            return True
        low_head, low_tail = head.lower(), tail.lower()
        part, rest = low_head.rsplit("-", 1)[-1], re.split("[-’']", low_tail)[0]
        solid = f"{part}{rest}"
        if f"{low_head}-{low_tail}" in compound_words() or f"{part}-{rest}" in compound_words():
            return True
        words = _words()
        halves = len(part) > 2 and len(rest) > 2 and part in words and rest in words
        if solid in words and not halves and (part not in _KEEPS or part in _EITHER):
            return False
        # Usage elsewhere does not tell; the document itself may.
        for hyphenated, whole in (
            (f"{low_head}-{low_tail}", f"{low_head}{low_tail}"),
            (f"{part}-{rest}", solid),
        ):
            if hyphenated in self.seen:
                return True
            if whole in self.seen:
                return False
        if part in _EITHER and solid in words:
            return False
        if part in _KEEPS:
            return True
        return halves and solid not in words

    def join(self, lines: Sequence[str]) -> str:
        """The lines as one paragraph."""
        text = ""
        for line in lines:
            line = line.strip()
            if not line:
                continue
            if text:
                cut, between = self.glue(text, line)
                text = (text[:-cut] if cut else text) + between + line
            else:
                text = line
        return text
