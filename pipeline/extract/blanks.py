"""Blanks that OCR loses or adds, mended by the word list: `TherecanbenocompromiseregardingUkraine's` and `t he`.

The best parting of a run of letters into words is the one of highest probability when words are drawn by their
frequency (as P. Norvig's "Natural Language Corpus Data", 2009, does); frequencies come from ranks by Zipf's law.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from pipeline.resources import table

_RUN = re.compile(r"[A-Za-z][A-Za-z’']*[A-Za-z]")

#: Two-letter words that may come out of a parting; the list also has abbreviations that would tear words.
_SHORT = frozenset(
    [
        "a",
        "i",
        "of",
        "to",
        "in",
        "we",
        "is",
        "on",
        "as",
        "it",
        "be",
        "by",
        "at",
        "an",
        "us",
        "my",
        "or",
        "no",
        "so",
        "do",
        "if",
        "me",
        "am",
        "he",
        "up",
        "go",
    ]
)
_LONGEST = 24


@lru_cache(maxsize=1)
def _costs() -> dict[str, float]:
    words = table("words_en.txt").read_text(encoding="utf-8").split("\n")[:-1]
    scale = math.log(len(words))
    return {
        word: math.log((rank + 1) * scale)
        for rank, word in enumerate(words)
        if len(word) > 2 or word in _SHORT
    }


def part_words(text: str) -> str:
    """`text` with blanks put into runs of letters that are no word but several words; other runs stay as they are."""
    return _RUN.sub(lambda match: _part(match[0]), text)


def _part(run: str) -> str:
    if len(run) < 5:
        return run
    costs = _costs()
    low = run.lower().replace("’", "'")
    if low in costs or (low.endswith("'s") and low[:-2] in costs):
        return run
    # A name or a rare word costs by its length, so that a run is parted only into words that are well known.
    best = [0.0] + [math.inf] * len(low)
    cut = [0] * (len(low) + 1)
    for end in range(1, len(low) + 1):
        for start in range(max(0, end - _LONGEST), end):
            piece = low[start:end]
            price = costs.get(piece)
            if price is None:
                if piece.endswith("'s") and piece[:-2] in costs:
                    price = costs[piece[:-2]] + 3.0
                else:
                    price = 9.0 + 4.0 * len(piece)
            if best[start] + price < best[end]:
                best[end], cut[end] = best[start] + price, start
    pieces: list[str] = []
    end = len(low)
    while end:
        pieces.append(run[cut[end] : end])
        end = cut[end]
    pieces.reverse()
    if all(piece.lower().replace("’", "'").removesuffix("'s") in costs for piece in pieces):
        return " ".join(pieces)
    return run


def join_torn(text: str) -> str:
    """`text` without blanks that stand inside a word: `t he early` becomes `the early`."""
    costs = _costs()
    words = text.split(" ")
    out: list[str] = []
    for word in words:
        before = out[-1] if out else ""
        if before.isalpha() and word[:1].islower() and (len(before) == 1 or len(word) == 1):
            core = re.match(r"[a-z]+", word)
            joined = (before + core[0]).lower() if core else ""
            apart = before.lower() in costs and core is not None and core[0] in costs
            if joined in costs and not apart:
                out[-1] = before + word
                continue
        out.append(word)
    return " ".join(out)
