"""Themes: the arguments and measures that a speech brings up, found by phrase patterns, each with its place.

The definitions stand in one table, corpus/tables/themes.jsonl, with an example and a counter-example beside each. A
pattern is words with small marks: `a|b` alternatives, `word~` any ending, `<4` up to four words between, `a?` may be absent. They
are patterns of spaCy's Matcher in short (`matcher_pattern`), found by `pipeline.stance.phrases`, which needs no spaCy. `unless` patterns in the same sentence, reported speech and denials keep an objection from
being counted for a speaker who answers it; words inside one of the `titles` (of an office, a convention) do not count. Measures that
the speaker reports of its own country are told apart (`AT_HOME`). Not here: what a theme says about the stance (nothing, by itself).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline import resources
from pipeline.records import Span, ThemeHit
from pipeline.stance.phrases import Phrases, longest, tokens

#: "Some fear that ...", "It is said that ...": what follows is somebody else's view.
_REPORTED = re.compile(
    r"\b(?:some|others|critics|sceptics|skeptics|those|many|voices|colleagues|people|opponents)\b[^,.;:]{0,40}?"
    r"\b(?:say|said|fear|feared|argue|argued|claim|claimed|believe|maintain|contend|worry|see|object|objected|allege|hold)\b"
    r"|\bit (?:is|has been|was) (?:sometimes |often )?(?:said|claimed|argued|objected|alleged|feared)\b",
    re.IGNORECASE,
)

#: "We do not share the fear that ...", "It is a misconception that ...": the speaker turns the view down.
_DENIED = re.compile(
    r"\b(?:not|never|cannot|nor|neither) (?:\w+ )?(?:share|accept|believe|subscribe|agree|think)\b(?=.{0,40}\b(?:view|fear|claim|idea|that|with)\b)"
    r"|\b(?:reject|rejects|refute|refutes|dismiss|dismisses|dispel|allay|answer) (?:the |all |any |such |these |those )?(?:\w+ )?"
    r"(?:view|fear|claim|charge|argument|suggestion|assertion|misconception|idea)s?\b"
    r"|\b(?:misconception|misperception|misunderstanding|myth|unfounded|baseless|far from|contrary to the (?:view|fear|claim|belief))\b",
    re.IGNORECASE,
)

#: What the speaker did itself, and what it asks of others: only the first is an effort at home.
_OWN = re.compile(
    r"\b(?:we|our|ours|my (?:own )?(?:country|government|state|nation|parliament|authorities|president)|us|its own)\b"
    r"|\b(?:has|have|had|was|were|is|are|been|being|among the first to|which|that) (?:\w+ )?"
    r"(?:appoint|designat|nominat|nam|establish|adopt|creat|set up|launch|introduc|enact|pass|criminali|incorporat|ratif|train)\w*"
    r"|\b(?:entered into force|was set up|now meets|became|domestic legislation|national action plan)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:encourag|urg|invit|recommend|appeal|propos|hope|wish)\w*"
    r"|\bcall(?:s|ed|ing)? (?:up)?on\b|\b(?:should|could|would|need to|ought|must)\b"
    r"|\b(?:all|other|more|many|several|those|these|some|member|most) (?:\w+ )?(?:states|countries|governments|members|partners|who)\b"
    r"|\b(?:global|international|regional) network|\bnetwork of focal|\bsecretary-general|\bcommend\w*|\bwelcom\w*|\bcongratulat\w*",
    re.IGNORECASE,
)

#: Added to the id of a measure that the speaker reports of its own country: `focal_point_at_home`.
AT_HOME = "_at_home"

_WORD = re.compile(r"[a-z0-9]+")

_SENTENCE = re.compile(r"[^.!?;]+(?:\.(?=\w)[^.!?;]*)*[.!?;]*[”\"’)]*\s*")


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as the table defines it. `kind` is `objection`, `support`, `measure` or `principle`."""

    id: str
    title: str
    kind: str
    domestic: bool
    patterns: tuple[str, ...]
    unless: tuple[str, ...]
    titles: tuple[str, ...]
    example: str
    counter_example: str


@lru_cache(maxsize=1)
def themes() -> tuple[Theme, ...]:
    """All themes, in the order of the table."""
    lines = resources.table("themes.jsonl").read_text(encoding="utf-8").splitlines()
    rows = (json.loads(line) for line in lines)
    return tuple(
        Theme(**{**row, **{key: tuple(row[key]) for key in ("patterns", "unless", "titles")}}) for row in rows
    )


def matcher_pattern(phrase: str) -> list[dict[str, Any]]:
    """A phrase of the table as a pattern of spaCy's Matcher: what it means, and what tests hold `pipeline.stance.phrases` against.

    >>> matcher_pattern("early warning <2 atrocit~")[2:]
    [{'OP': '{0,2}'}, {'LOWER': {'REGEX': '^(?:atrocit)'}}]
    """
    pattern: list[dict[str, Any]] = []
    for word in phrase.split():
        if re.fullmatch(r"<\d+", word):
            pattern.append({"OP": f"{{0,{word[1:]}}}"})
            continue
        optional = word.endswith("?")
        word = word.rstrip("?")
        if "~" in word:
            stems = "|".join(re.escape(stem.rstrip("~")) for stem in word.split("|"))
            token: dict[str, Any] = {"LOWER": {"REGEX": f"^(?:{stems})"}}
        else:
            # spaCy's English tokenizer cuts "capacity-building" into three tokens.
            parts = word.split("-")
            if len(parts) > 1 and "|" not in word:
                for number, part in enumerate(parts):
                    pattern += [{"ORTH": "-"}] if number else []
                    pattern.append({"LOWER": part})
                continue
            token = {"LOWER": {"IN": word.split("|")}}
        if optional:
            token["OP"] = "?"
        pattern.append(token)
    return pattern


@dataclass(frozen=True, slots=True)
class _Phrase:
    """What must be in a sentence for a phrase to be there: one word of each group (`~` groups by their beginnings)."""

    theme: int
    groups: tuple[frozenset[str], ...]
    stems: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Compiled:
    by_word: dict[str, tuple[_Phrase, ...]]
    parts: tuple[tuple[Theme, Phrases, Phrases | None, Phrases | None], ...]


@lru_cache(maxsize=1)
def _compiled() -> _Compiled:
    parts = []
    by_word: dict[str, list[_Phrase]] = {}
    for number, theme in enumerate(themes()):
        unless, titles = (Phrases.of(rows) if rows else None for rows in (theme.unless, theme.titles))
        parts.append((theme, Phrases.of(theme.patterns), unless, titles))
        for text in theme.patterns:
            phrase = _needs(number, text)
            # The group whose words are longest is met least often: it alone starts the closer look.
            rarest = max(phrase.groups, key=lambda group: min(map(len, group)))
            for word in rarest:
                by_word.setdefault(word, []).append(phrase)
    return _Compiled({word: tuple(phrases) for word, phrases in by_word.items()}, tuple(parts))


def _needs(theme: int, text: str) -> _Phrase:
    groups: list[frozenset[str]] = []
    stems: list[tuple[str, ...]] = []
    for word in text.split():
        if re.fullmatch(r"<\d+", word) or word.endswith("?"):
            continue
        if "~" in word:
            stems.append(tuple(stem.rstrip("~") for stem in word.split("|")))
        elif "|" not in word:
            groups += [frozenset([part]) for part in word.split("-") if part]
        else:
            groups.append(frozenset(word.split("|")))
    if not groups:
        raise ValueError(f"themes: the pattern {text!r} has no whole word to look for")
    return _Phrase(theme, tuple(groups), tuple(stems))


def find_themes(text: str, spans: Sequence[Span] | None = None) -> tuple[ThemeHit, ...]:
    """The themes of a text, once a sentence each, in the order of the text.

    `spans` bounds the search (the passages on R2P in a long speech on many subjects); None means the whole text.
    """
    compiled = _compiled()
    hits: list[ThemeHit] = []
    for start, end in spans if spans is not None else [Span(0, len(text))]:
        for found in _SENTENCE.finditer(text, start, end):
            sentence = found.group()
            wanted = _candidates(compiled, sentence)
            if wanted:
                hits += _in_sentence(compiled, sentence, found.start(), wanted)
    return tuple(sorted(set(hits), key=lambda hit: (hit.span, hit.theme)))


def _candidates(compiled: _Compiled, sentence: str) -> list[int]:
    """The themes of which some phrase has all its words in the sentence: only those are looked for."""
    words = set(_WORD.findall(sentence.lower()))
    wanted: set[int] = set()
    for word in words & compiled.by_word.keys():
        for phrase in compiled.by_word[word]:
            if (
                phrase.theme not in wanted
                and not any(words.isdisjoint(group) for group in phrase.groups)
                and all(any(w.startswith(stems) for w in words) for stems in phrase.stems)
            ):
                wanted.add(phrase.theme)
    return sorted(wanted)


def _in_sentence(compiled: _Compiled, sentence: str, offset: int, wanted: Sequence[int]) -> list[ThemeHit]:
    # "R2P." at the end of a sentence would be taken for an abbreviation, one token with its full stop.
    words, places = tokens(sentence.rstrip(" \t\r\n.!?;"))
    told: list[int] | None = None
    hits = []
    for number in wanted:
        theme, patterns, unless, titles = compiled.parts[number]
        matches = patterns.find(words)
        if not matches or (unless is not None and unless.find(words)):
            continue
        named = titles.find(words) if titles is not None else []
        # A hit that lies outside a title may be a short one.
        for first, last in matches if titles is not None else longest(matches):
            start, end = places[first][0], places[last - 1][1]
            if any(first < b and a < last for a, b in named):
                continue
            if theme.kind == "objection":
                if told is None:
                    told = [m.start() for m in (_REPORTED.search(sentence), _DENIED.search(sentence)) if m]
                if told and min(told) < start:
                    continue
            span = Span(offset + start, offset + end)
            hits.append(ThemeHit(theme.id, span))
            if theme.domestic and _done_at_home(sentence, start):
                hits.append(ThemeHit(theme.id + AT_HOME, span))
            break
    return hits


def _done_at_home(sentence: str, at: int) -> bool:
    """True where the sentence reports the measure as the speaker's own, and does not ask it of others before naming it."""
    asked = _ASKED.search(sentence)
    return bool(_OWN.search(sentence)) and (asked is None or asked.start() > at)
