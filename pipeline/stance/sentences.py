"""A speech as clean words and sentences, with spans that lead back to the speech as printed.

Not here: what a sentence says (`targets`, `cues`, `model`). spaCy's tokenizer takes 1.4 to 2.6 ms for 600 words, more
than the whole judgement may take (`scripts/benchmark`), so sentences are cut by the same rules with one regular expression;
tests/stance/test_sentences.py holds them against `spacy.blank("en")` with its sentencizer.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from pipeline.records import Span

#: Words before a full stop that do not end a sentence. After spaCy's English tokenizer exceptions, and UN usage
#: ("para. 139", "res. 60/1", "St. Lucia").
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "sr",
        "jr",
        "messrs",
        "mme",
        "gen",
        "col",
        "lt",
        "capt",
        "hon",
        "rev",
        "prof",
        "no",
        "nos",
        "art",
        "arts",
        "para",
        "paras",
        "res",
        "vol",
        "ch",
        "sect",
        "add",
        "rev",
        "corr",
        "pp",
        "p",
        "cf",
        "e.g",
        "i.e",
        "etc",
        "vs",
        "viz",
        "approx",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "u.n",
        "u.s",
        "u.k",
        "h.e",
    ]
)

# "... of populations. We" / "... protect.” The" / '... again? "' / a blank line.
_END = re.compile(r"[.!?][.!?\"')\]]*(?=\s+[\"'(\[]*[A-Z0-9]|\s*\Z)|\n[ \t]*\n")
#: A sentence of more code points is parted at its semicolons, where the parts are not shorter than this: some delegations read whole agendas in one sentence, and what it
#: says on the norm in one clause is not heard among the others.
_LONG, _CLAUSE = 450, 60
_SEMICOLON = re.compile(r";\s+(?:and\s+)?")
# Not "R2P.", whose last letter is no initial.
_LAST_WORD = re.compile(r"(?<!\w)([A-Za-z][A-Za-z.]*)\Z")

#: One code point for one, so that spans hold: curly to straight, hard blanks to blanks, dashes to one dash. None is made into another of them.
_PLAIN = tuple(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u2032": "'", "\u00b4": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
        "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u2009": " ", "\ufeff": " ", "\t": " ",
        "\u2010": "-", "\u2011": "-", "\u2012": "\u2014", "\u2013": "\u2014", "\u2015": "\u2014",
    }.items()
)  # fmt: skip

# Quotes and dashes whose UTF-8 was read as Windows-1252: three code points for one ("\u00e2\u20ac\u0153to protect\u00e2\u20ac\u009d"), whose letters would
# hide that a word begins. The soft hyphens are taken out with all others, so that spans hold.
_MISREAD = tuple(
    ("\u00e2\u20ac" + last, plain + "\u00ad\u00ad")
    for last, plain in {
        "\u0153": '"', "\u009d": '"', "\u2122": "'", "\u02dc": "'", "\u201d": "\u2014", "\u201c": "\u2014",
    }.items()
)  # fmt: skip

# What a page leaves inside a sentence, when a text comes from elsewhere than our own split stage:
#   "09-12345 7", "A/63/PV.97", "24/07/2009", "12/28 09-12345", "General Assembly  63rd session", "97th plenary meeting"
_FURNITURE = re.compile(
    r"(?:\A|\n)[ ]*(?:"
    r"\d{2}-\d{5}(?:[ ]*\(E\))?(?:[ ]+\d{1,3}(?:/\d{1,3})?)?"
    r"|\d{1,3}(?:/\d{1,3})?[ ]+\d{2}-\d{5}"
    r"|[AS]/(?:\w+/)*P\.?V\.?\s?\d+(?:[ ]*\(Resumption[ ]*\d+\))?(?:[ ]+\d{1,2}[/ ]\w+[/ ]\d{2,4})?(?:[ ]+\d{1,3})?"
    r"|(?:Page[ ]+)?\d{1,3}(?:/\d{1,3})?"
    r"|(?:Official Records|General Assembly|Security Council|Provisional)?[ ]*(?:\w+-?\w*[ ](?:session|year))?[ ,\u2014]*"
    r"\d{1,4}(?:st|nd|rd|th)[ ](?:plenary[ ])?meeting[^\n]{0,40}"
    r")[ ]*(?=\n|\Z)"
)
# "responsi-\nbility": a hyphen at the end of a line, with or without a blank line around furniture.
_BROKEN = re.compile(r"(?<=[a-z])(?:-|\u00ad)[ ]*\n\s*(?=[a-z])|\u00ad")
# Without one, or a soft hyphen, no word is broken; found ten times as fast.
_LINE_END_HYPHEN = re.compile(r"-[ ]*\n")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text made ready for reading: plain quotes, broken words mended, page furniture taken out.

    `text` is what patterns are tried on; `source()` leads a span of it back to the text as given.
    """

    text: str
    _at: tuple[int, ...] = field(default=())  # positions in `text` where something was taken out before
    _shift: tuple[int, ...] = field(default=())  # how many code points were taken out up to there

    def source(self, span: Span) -> Span:
        """The span of the original text that a span of `text` stands for."""
        if not self._at:
            return span
        return Span(
            self._back(span.start),
            self._back(span.end - 1) + 1 if span.end > span.start else self._back(span.end),
        )

    def _back(self, position: int) -> int:
        i = bisect_right(self._at, position)
        return position + (self._shift[i - 1] if i else 0)


def read(text: str) -> Reading:
    """Make a text ready for reading; spans lead back to it through `Reading.source`."""
    plain = text
    if "\u00e2\u20ac" in plain:
        for odd, common in _MISREAD:
            plain = plain.replace(odd, common)
    # One search for each is quicker than str.translate, which asks for every character.
    for odd, common in _PLAIN:
        if odd in plain:
            plain = plain.replace(odd, common)
    if "\r" in plain:
        plain = plain.replace("\r", " ")
    cuts: list[tuple[int, int]] = []
    if "\n" in plain:
        cuts.extend((m.start(), m.end()) for m in _FURNITURE.finditer(plain))
    if "-" in plain or "\u00ad" in plain:
        blanked = plain
        for start, end in cuts:  # a word may be broken around the furniture
            blanked = blanked[:start] + " " * (end - start) + blanked[end:]
        if "\u00ad" in blanked or _LINE_END_HYPHEN.search(blanked):
            cuts.extend((m.start(), m.end()) for m in _BROKEN.finditer(blanked))
    if not cuts:
        return Reading(plain)
    cuts.sort()
    pieces: list[str] = []
    at: list[int] = []
    shift: list[int] = []
    last = length = removed = 0
    for start, end in cuts:
        if end <= last:
            continue
        start = max(start, last)
        pieces.append(plain[last:start])
        length += start - last
        removed += end - start
        at.append(length)
        shift.append(removed)
        last = end
    pieces.append(plain[last:])
    return Reading("".join(pieces), tuple(at), tuple(shift))


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the sentences of `text[start:end]`, blanks at their rims left out, in order, not overlapping; of the clauses of very long ones."""
    end = len(text) if end is None else end
    found: list[Span] = []
    begin = start
    for match in _END.finditer(text, start, end):
        if text[match.start()] == "\n":
            if _goes_on(text, match.start(), match.end()):
                continue
        elif text[match.start()] == ".":
            word = _LAST_WORD.search(text, max(begin, match.start() - 12), match.start())
            if word and match.end() < end:
                token = word.group(1)
                if token.lower() in _ABBREVIATIONS or (len(token) == 1 and token.isupper() and token != "I"):
                    continue
        _add(text, begin, match.end(), found)
        begin = match.end()
    _add(text, begin, end, found)
    return found


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether a sentence goes on behind a blank line: a page or column ended in the midst of it."""
    before, after = text[max(0, start - 20) : start].rstrip(), text[end : end + 20].lstrip()
    return bool(before and after) and (before[-1].islower() or before[-1] == ",") and after[0].islower()


def _add(text: str, start: int, end: int, found: list[Span]) -> None:
    if end - start > _LONG and text.find(";", start, end) >= 0:
        for match in _SEMICOLON.finditer(text, start, end):
            if match.start() - start >= _CLAUSE and end - match.end() >= _CLAUSE:
                _add_piece(text, start, match.start() + 1, found)
                start = match.end()
    _add_piece(text, start, end, found)


def _add_piece(text: str, start: int, end: int, found: list[Span]) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        lead = len(piece) - len(piece.lstrip())
        found.append(Span(start + lead, start + lead + len(stripped)))
