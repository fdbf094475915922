"""Phrases found in the tokens of a sentence, as spaCy's English tokenizer and Matcher find them, without loading spaCy.

Loading spaCy takes longer than the rest of a start, and its Matcher follows every way through a gap: one sentence with `<20` in it cost it
86 ms. The tokenizer below knows the part of spaCy's rules that English prose needs; tests/stance/test_phrases.py holds tokens and matches
against spaCy itself on every text at hand. The notation of a phrase is that of corpus/tables/themes.jsonl (`pipeline.stance.themes`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

# -- tokens ----------------------------------------------------------------------------------------------------------

_CHUNK = re.compile(r"\s+|\S+")
#: Marks that are parted from the beginning and the end of a run of letters.
_MARKS = "…,:;!?¿¡()[]{}<>_#*&'\"”“`‘´’‚„»«§%=—–$£€¥°©®™·"
_PREFIX = re.compile(rf"\.\.+|\+(?![0-9])|(?:US|[CA])\$|[{re.escape(_MARKS)}]")
_SUFFIX = re.compile(
    r"(?:(?<=[0-9])(?:[kcm]?m[²³]?|[km]?g|ha|t|[kKmMgGtT][bB]|[TGMK])|US\$|\.\.+"
    rf"|['’][sS]|[{re.escape(_MARKS.replace('§', '').replace('%', '').replace('=', ''))}%]|(?<=[0-9])\+"
    r"|(?<=[0-9a-zß-öø-ÿ%²+\-'\"”“`‘´’‚„»«…,:;!?()\[\]{}<>_#*&])\.|(?<=[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ])\.)\Z"
)
_LETTER = "A-Za-zÀ-ÖØ-öø-ÿĀ-ž"
_QUOTE = "'\"”“`‘´’‚,„»«"
_INFIX = re.compile(
    r"\.\.+|[…°©®™]|(?<=[0-9])[+\-*^](?=[0-9-])"
    rf"|(?<=[a-zß-öø-ÿ{_QUOTE}])\.(?=[A-ZÀ-ÖØ-Þ{_QUOTE}])"
    rf"|(?<=[{_LETTER}]),(?=[{_LETTER}])"
    rf"|(?<=[{_LETTER}0-9])(?:---?|——|[-–—~])(?=[{_LETTER}])"
    rf"|(?<=[{_LETTER}0-9])[:<>=/](?=[{_LETTER}])"
)

#: "don't", "we'll": the second half is a token of its own. ("state's" is cut by the rule for endings.)
_CONTRACTION = re.compile(
    r"(?i:(?P<not>(?:ai|are|ca|could|dare|did|does|do|had|has|have|is|might|must|need|ought|sha|should|was|were|wo|would))n['’]t"
    r"|(?:i|you|he|she|it|we|they|who|what|that|there|this|how|where|when|why|these|those)['’](?:ll|d|ve|re|m|s)"
    r"|(?:could|might|must|should|would|not)['’]ve)\Z"
)
#: Runs that stay whole although a rule would cut them, and words that are cut although none would.
_WHOLE = frozenset(
    """
    Mr. Mrs. Ms. Dr. Messrs. Prof. Gen. Gov. Sen. Rep. Rev. Adm. Jr. St. Mt. Co. Corp. Inc. Ltd. Bros. Jan. Feb. Mar. Apr. Jun. Jul. Aug.
    Sep. Sept. Oct. Nov. Dec. Ph.D. D.C. N.Y. E.g. I.e. E.G. I.E. e.g. i.e. a.m. p.m. vs. v.s. co. Miss. Mass. Minn. Mont. Mo. Id. Ill. Ind.
    La. Pa. Va. Wash. Wis. Ga. Fla. Del. Md. Tenn. Ore. Ky. Ia. Conn. Colo. Calif. Ariz. Ark. and/or w/o ' '' 's 'S ’s ’S ‘s ‘S 'em em.
    a. b. c. d. e. f. g. h. i. j. k. l. m. n. o. p. q. r. s. t. u. v. w. x. y. z.
    """.split()  # noqa: SIM905 - a list of a hundred quoted words is not easier to read
)
#: Marks side by side that are one token: spaCy takes "(Exampland):" to end with a face.
_JOINED = frozenset(["):", "(:", ":)", "8)", ":*", "’’"])
_CUT = {
    word: at
    for words, at in (("cannot", 3), ("gonna gotta", 3), ("cant wont dont isnt arent wasnt didnt doesnt", -2))
    for word in words.split()
}

_MOST_KEPT = 50_000
#: A longer run without a blank is no words: it is one token, because cutting it mark by mark would take its length squared.
_LONGEST_CHUNK = 200
_kept: dict[str, tuple[tuple[str, int, int], ...]] = {}


def tokens(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """The tokens of a text as spaCy's English tokenizer cuts it: words and marks in lower case, and where each stands (code points)."""
    words: list[str] = []
    places: list[tuple[int, int]] = []
    for match in _CHUNK.finditer(text):
        start, end = match.span()
        chunk = match.group()
        if chunk.isspace():
            # One blank parts words; any other white space is a token, without the blank that comes first.
            start += words != [] and chunk[0] == " "
            if start < end:
                words.append(text[start:end])
                places.append((start, end))
            continue
        pieces = _kept.get(chunk)
        if pieces is None:
            if len(_kept) > _MOST_KEPT:
                _kept.clear()
            pieces = _kept[chunk] = tuple(
                (chunk[a:b].lower(), a, b) for a, b in _joined(chunk, _pieces(chunk))
            )
        for word, a, b in pieces:
            words.append(word)
            places.append((start + a, start + b))
    return words, places


def _joined(chunk: str, pieces: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    last: tuple[int, int] | None = None
    for start, end in pieces:
        if last is not None and chunk[last[0] : end] in _JOINED:
            last = (last[0], end)
            continue
        if last is not None:
            yield last
        last = (start, end)
    if last is not None:
        yield last


def _special(piece: str) -> int | None:
    """Where a piece that is an exception is cut; its length where it stays whole; None for any other piece."""
    if piece in _WHOLE:
        return len(piece)
    if (found := _CONTRACTION.match(piece)) is not None:
        return found.end("not") if found.group("not") else max(piece.rfind("'"), piece.rfind("’"))
    at = _CUT.get(piece) or _CUT.get(piece[:1].lower() + piece[1:])
    return at % len(piece) if at else None


def _pieces(chunk: str) -> Iterable[tuple[int, int]]:
    """The spans of the tokens of a run of characters without blanks."""
    if len(chunk) > _LONGEST_CHUNK or (chunk.isalpha() and _special(chunk) is None):
        return [(0, len(chunk))]
    begin, end = 0, len(chunk)
    before: list[tuple[int, int]] = []
    after: list[tuple[int, int]] = []
    while begin < end and _special(chunk[begin:end]) is None:
        piece = chunk[begin:end]
        prefix = _PREFIX.match(piece)
        lead = prefix.end() if prefix else 0
        if lead and piece[lead:] and _special(piece[lead:]) is not None:
            before.append((begin, begin + lead))
            begin += lead
            break
        suffix = _SUFFIX.search(piece, lead)
        # What is looked back upon must belong to the piece without its prefix.
        if suffix is not None and lead:
            suffix = _SUFFIX.search(piece[lead:])
        tail = suffix.end() - suffix.start() if suffix else 0
        if tail and piece[:-tail] and _special(piece[:-tail]) is not None:
            after.append((end - tail, end))
            end -= tail
            break
        if not lead and not tail:
            break
        if lead and tail and lead + tail > len(piece):
            tail = 0
        if lead:
            before.append((begin, begin + lead))
            begin += lead
        if tail:
            after.append((end - tail, end))
            end -= tail
    return [*before, *_core(chunk, begin, end), *reversed(after)]


def _core(chunk: str, begin: int, end: int) -> list[tuple[int, int]]:
    if begin >= end:
        return []
    piece = chunk[begin:end]
    if (at := _special(piece)) is not None:
        return [(begin, begin + at), (begin + at, end)] if at < len(piece) else [(begin, end)]
    out: list[tuple[int, int]] = []
    last = 0
    for match in _INFIX.finditer(piece):
        if match.start() == last:
            continue
        out += [(begin + last, begin + match.start()), (begin + match.start(), begin + match.end())]
        last = match.end()
    if last < len(piece):
        out.append((begin + last, end))
    return out


# -- phrases ---------------------------------------------------------------------------------------------------------


class Word(NamedTuple):
    """One place of a phrase: a word among `words`, or with one of the beginnings `stems`, after up to `gap` other tokens; may be absent
    if `optional`. With neither words nor stems it is a gap alone.
    """

    words: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()
    gap: int = 0
    optional: bool = False

    def takes(self, token: str) -> bool:
        return token in self.words or (bool(self.stems) and token.startswith(self.stems))


def parse(phrase: str) -> tuple[Word, ...]:
    """A phrase of the table as the places of its words. Raises ValueError for one that begins or ends with a gap, or begins with an
    optional word.

    >>> [(len(word.words), word.gap) for word in parse("early warning|alarm <2 system")]
    [(1, 0), (2, 0), (1, 2)]
    """
    places: list[Word] = []
    gap = 0
    for word in phrase.split():
        if found := re.fullmatch(r"<(\d+)", word):
            gap += int(found.group(1))
            continue
        optional = word.endswith("?")
        word = word.rstrip("?")
        if optional and gap:
            places.append(Word(gap=gap))
            gap = 0
        if "~" in word:
            stems = tuple(stem.rstrip("~") for stem in word.split("|"))
            places.append(Word(frozenset(), stems, gap, optional))
        elif "-" in word and "|" not in word:
            # The tokenizer cuts "capacity-building" into three tokens.
            parts = [piece for part in word.split("-") for piece in ("-", part)][1:]
            places += [Word(frozenset([part]), (), 0 if i else gap) for i, part in enumerate(parts)]
        else:
            places.append(Word(frozenset(word.split("|")), (), gap, optional))
        gap = 0
    if not places or places[0].optional or places[0].gap or gap:
        raise ValueError(f"the phrase {phrase!r} must begin with a word and not end with a gap")
    return tuple(places)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Several phrases that are looked for together."""

    places: tuple[tuple[Word, ...], ...]
    _by_word: dict[str, tuple[int, ...]]
    _by_stem: tuple[tuple[tuple[str, ...], int], ...]

    @classmethod
    def of(cls, phrases: Sequence[str]) -> Phrases:
        """Compiled for look-up by the first word. Raises ValueError as `parse` does."""
        places = tuple(parse(phrase) for phrase in phrases)
        by_word: dict[str, list[int]] = {}
        by_stem = []
        for number, phrase in enumerate(places):
            for word in phrase[0].words:
                by_word.setdefault(word, []).append(number)
            if phrase[0].stems:
                by_stem.append((phrase[0].stems, number))
        return cls(places, {w: tuple(n) for w, n in by_word.items()}, tuple(by_stem))

    def find(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Where a phrase stands in lower-case tokens: pairs of first and end, each once, in the order in which spaCy's Matcher gives them.

        That is by their ends; of those with one end, the one goes first whose latest token (the last one apart) is a word of the phrase
        and not of a gap, and where none differs, the one that began first.
        """
        found: dict[tuple[int, int], _Way] = {}
        by_word = self._by_word
        for i, word in enumerate(words):
            numbers = by_word.get(word, ())
            if self._by_stem:
                numbers += tuple(number for stems, number in self._by_stem if word.startswith(stems))
            for number in numbers:
                for end, way in _ends(self.places[number], words, i + 1).items():
                    way = (*way[1:], 2)
                    if way < found.get((i, end), (3,)):
                        found[i, end] = way
        return sorted(found, key=lambda pair: (pair[1], found[pair]))


#: Of each token of a match, the latest first: 0 where a word of the phrase took it, 1 where it stands in a gap or a word that may be absent.
_Way = tuple[int, ...]


def _ends(phrase: tuple[Word, ...], words: Sequence[str], at: int) -> dict[int, _Way]:
    """Where a phrase may end whose first word ends at `at`, and on which way (of several the least)."""
    reached: dict[int, _Way] = {at: (0,)}
    for place in phrase[1:]:
        after: dict[int, _Way] = dict(reached) if place.optional else {}
        for begin, way in reached.items():
            for i in range(begin, min(begin + place.gap + 1, len(words))):
                if place.takes(words[i]):
                    taken = (int(place.optional), *((1,) * (i - begin)), *way)
                    if taken < after.get(i + 1, (2,)):
                        after[i + 1] = taken
            if not place.words and not place.stems:
                for i in range(begin, min(begin + place.gap, len(words)) + 1):
                    taken = (*((1,) * (i - begin)), *way)
                    if taken < after.get(i, (2,)):
                        after[i] = taken
        if not after:
            return after
        reached = after
    return reached


def longest(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of overlapping matches the longest (the earlier one of equals), longest first: the order of spaCy's `greedy="LONGEST"`."""
    taken: set[int] = set()
    kept = []
    for first, end in sorted(pairs, key=lambda pair: (pair[0] - pair[1], pair[0])):
        if taken.isdisjoint(range(first, end)):
            taken.update(range(first, end))
            kept.append((first, end))
    return kept
