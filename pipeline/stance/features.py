"""A speech as the model reads it: the sentences that bear on a target, their words masked of names, cues, and numbers made of them.

Each family of features can be left out, which is what the ablation table does. Not here: weights (`pipeline.stance.model`).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log1p

from pipeline.records import Span
from pipeline.stance import cues as cue_table
from pipeline.stance.cues import BREAKS, CONCESSIVE, CONTRAST, Cues, Hit, reply
from pipeline.stance.sentences import Reading, read, sentences
from pipeline.stance.targets import (
    AFTER,
    BEFORE,
    PROTECTIVE_INTERVENTION,
    R2P,
    Mention,
    carried,
    mentions,
    windows,
)

#: Version of the features; a model file made for another one is refused.
VERSION = 3

#: The families of a speech, in the order of the ablation table: words of all passages, words of the mention's own sentences, words after a
#: contrast, cues, structure.
FAMILIES: tuple[str, ...] = ("words", "mention", "turn", "cues", "structure")
#: The families of a sentence by itself beside these: words of the sentence before it, and how it takes that up.
CONTEXT: tuple[str, ...] = ("before", "answer")

#: Features by family, then by name.
Tables = dict[str, dict[str, float]]

NORM, NAME, NUMBER = "_norm_", "_name_", "_number_"
_RWP = "_rwp_"

_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d[\d.,/]*|[,;:()\"?!\u2014]")

# Capitalised words that are no names of States, persons or places: the house and its furniture.
_HOUSE = frozenset(
    [
        "council",
        "assembly",
        "charter",
        "secretary",
        "general",
        "secretary-general",
        "security",
        "organization",
        "organisation",
        "united",
        "nations",
        "nation",
        "state",
        "states",
        "member",
        "members",
        "government",
        "governments",
        "world",
        "summit",
        "outcome",
        "document",
        "international",
        "criminal",
        "court",
        "statute",
        "group",
        "friends",
        "article",
        "articles",
        "chapter",
        "paragraph",
        "paragraphs",
        "human",
        "rights",
        "r2p",
        "rtop",
        "responsibility",
        "protect",
        "principle",
        "committee",
        "commission",
        "report",
        "resolution",
        "resolutions",
        "convention",
        "genocide",
        "millennium",
        "declaration",
        "i",
        "western",
        "power",
        "powers",
        "heads",
        "high-level",
        "panel",
        "president",
        "excellency",
        "summit's",
        "organization's",
        "council's",
        "nations'",
        "un",
        "u.n.",
        "special",
        "adviser",
        "advisers",
        "peacebuilding",
        "humanitarian",
        "intervention",
        "no",
        "law",
        "pillar",
        "pillars",
        "constitutive",
        "act",
        "code",
        "conduct",
        "south",
        "north",
        "sustainable",
        "development",
        "third",
        "war",
        "cold",
        "ii",
        "office",
        "joint",
        "permanent",
        "the",
        "but",
        "and",
        "our",
        "we",
        "it",
        "not",
        "in",
    ]
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What a model knows beside its weights, and carries in its file: words of names that are hidden, and the cues.

    `names` are lower-case single words of the names, demonyms and capitals of States.
    """

    names: frozenset[str]
    cues: Cues


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon of the tables at hand, for training."""
    from pipeline.split.states import States

    words: set[str] = set()
    for name in States.load().names_and_demonyms():
        words.update(w for w in re.findall(r"[^\W\d_]{4,}", name.lower()))
        if name.isupper() and len(name) > 2:
            words.add(name.lower())
    return Lexicon(frozenset(words - _HOUSE - _COMMON), cue_table.load())


# Parts of names that are plain words too.
_COMMON = frozenset(
    [
        "republic",
        "democratic",
        "people",
        "peoples",
        "island",
        "islands",
        "kingdom",
        "federal",
        "federation",
        "federative",
        "union",
        "central",
        "east",
        "west",
        "northern",
        "southern",
        "eastern",
        "saint",
        "former",
        "new",
        "holy",
        "coast",
        "ivory",
        "plurinational",
        "bolivarian",
        "islamic",
        "socialist",
        "emirates",
        "cooperative",
        "principality",
        "city",
        "great",
        "grand",
        "duchy",
        "commonwealth",
        "independent",
        "territory",
        "province",
        "region",
        "community",
        "popular",
        "great",
        "bank",
        "free",
        "unity",
        "with",
        "from",
        "that",
        "this",
        "black",
        "national",
        "sultanate",
        "rome",
        "kigali",
        "budapest",
    ]
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence near a mention: its span in the reading, lower-case masked tokens with their spans, cues, distance to the mention.

    `distance` is 0 for the sentence of a mention, then 1, 2, ...; `turn` is the index of the first token after the last contrast word,
    or None; `kinds` are the kinds of mention in it.
    """

    span: Span
    tokens: tuple[str, ...]
    spots: tuple[Span, ...]
    distance: int
    kinds: frozenset[str]
    hits: tuple[Hit, ...]
    turn: int | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that the model knows of a speech before weighing it."""

    reading: Reading
    target: str
    whole: bool
    mentions: tuple[Mention, ...]
    runs: tuple[tuple[int, int], ...]  # passages, as runs of indices into `sentences` (first, last inclusive)
    sentences: tuple[Sentence, ...]

    @property
    def named(self) -> int:
        """How many times the target is named."""
        return sum(m.kind == "named" for m in self.mentions)


#: How much a sentence's words count by its distance to the next mention.
NEAR = (1.0, 0.7, 0.5)
FAR = 0.3
#: Of a whole speech no more than this many sentences are read (a 600-word statement has about 25).
_MOST_SENTENCES = 400


def analyse(
    text: str, target: str = R2P, whole_speech: bool = False, known: Lexicon | None = None
) -> Analysis | None:
    """Read a speech; None when it has no mention of the target and is not read as a whole."""
    known = known or lexicon()
    reading = read(text)
    found = mentions(reading, target)
    if not found and not whole_speech:
        return None
    body = reading.text
    spots = sentences(body)
    if not spots:
        return None
    near = windows(spots, [m.span for m in found], BEFORE, AFTER)
    runs = [(0, min(len(spots), _MOST_SENTENCES) - 1)] if whole_speech else near
    shouting = _shouting(body)
    done: list[Sentence] = []
    out_runs: list[tuple[int, int]] = []
    m = 0
    centres: list[int] = []
    kinds: dict[int, set[str]] = {}
    for i, spot in enumerate(spots):
        while m < len(found) and found[m].span.start < spot.end:
            kinds.setdefault(i, set()).add(found[m].kind)
            if not centres or centres[-1] != i:
                centres.append(i)
            m += 1
    for first, last in runs:
        begin = len(done)
        for extra in carried(reading, spots[first].start, spots[last].end, target):
            for i in range(first, last + 1):
                if spots[i].start <= extra.span.start < spots[i].end:
                    kinds.setdefault(i, set()).add("carried")
                    break
        for i in range(first, last + 1):
            distance = min((abs(i - c) for c in centres), default=9)
            done.append(
                _sentence(
                    body, spots[i], found, target, distance, frozenset(kinds.get(i, ())), shouting, known
                )
            )
        out_runs.append((begin, len(done) - 1))
    return Analysis(reading, target, whole_speech, tuple(found), tuple(out_runs), tuple(done))


def _shouting(text: str) -> bool:
    """True for a text mostly in capitals, where capitals tell nothing about names."""
    head = text[:2000]
    letters = sum(map(str.isalpha, head))
    return letters > 0 and sum(map(str.isupper, head)) > 0.5 * letters


def _sentence(
    body: str,
    span: Span,
    found: list[Mention],
    target: str,
    distance: int,
    kinds: frozenset[str],
    shouting: bool,
    known: Lexicon,
) -> Sentence:
    masks = [
        mention.span
        for mention in found
        if span.start <= mention.span.start < span.end
        and mention.kind in ("named", "off")
        and _is_name(body, mention, target)
    ]
    names = known.names
    tokens: list[str] = []
    spots: list[Span] = []
    turn: int | None = None
    wait_comma = False
    k = 0
    for match in _TOKEN.finditer(body, span.start, span.end):
        start, end = match.span()
        while k < len(masks) and masks[k].end <= start:
            k += 1
        if k < len(masks) and masks[k].start <= start:
            if not tokens or spots[-1].end <= masks[k].start:
                tokens.append(_RWP if "while" in body[masks[k].start : masks[k].end].lower() else NORM)
                spots.append(masks[k])
            continue
        raw = match.group()
        low = raw.lower()
        first = raw[0]
        if first.isdigit():
            low = low if low in ("138", "139", "140", "1973", "2005") else NUMBER
        elif first.isupper() and low not in _HOUSE:
            opening = start == span.start or (start - span.start < 3 and not tokens)
            if low.removesuffix("'s") in names or (
                not shouting and not opening and (not tokens or tokens[-1] != '"')
            ):
                low = NAME
        if (
            low == NAME
            and tokens
            and (
                tokens[-1] == NAME or (len(tokens) > 1 and tokens[-2] == NAME and tokens[-1] in ("of", "the"))
            )
        ):
            continue
        if low in CONTRAST and (low not in ("still", "yet") or not tokens or tokens[-1] in BREAKS):
            if low in CONCESSIVE:
                wait_comma = True
            else:
                turn = len(tokens) + 1
        elif low == "," and wait_comma:
            turn, wait_comma = len(tokens) + 1, False
        tokens.append(low)
        spots.append(Span(start, end))
    hits = tuple(known.cues.find(tokens))
    return Sentence(span, tuple(tokens), tuple(spots), distance, kinds, hits, turn)


def _is_name(body: str, mention: Mention, target: str) -> bool:
    words = body[mention.span.start : mention.span.end].lower()
    if target == PROTECTIVE_INTERVENTION:
        return words.startswith("humanitarian")
    return len(words) < 45 and words[0] in "rp1" and not words.startswith("responsible")


_SUFFIXES = (
    "izations", "isations", "ization", "isation", "ations", "ation", "ments", "ment", "ingly", "edly", "ities", "ness", "ically",
    "ively", "ive", "ings", "ing", "ions", "ion", "ied", "ies", "ity", "ally", "ally", "ed", "es", "ly", "al", "s", "e", "y",
)  # fmt: skip


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A word without its ending, so that support, supports and supporting are one; at least four letters stay."""
    if len(word) < 5 or word[0] == "_":
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


_ONCE = 1.0 + log1p(1.0)


def counts(
    analysis: Analysis, families: Container[str] = FAMILIES, grams: Sequence[Sequence[str]] | None = None
) -> Tables:
    """Features of a speech by family, not yet weighted: `{"words": {"support _norm_": 0.7, ...}, ...}`.

    `grams` are those of its sentences (`grams_of`), where they are known already.
    """
    wanted = families
    words: dict[str, float] = {}
    mention: dict[str, float] = {}
    turned: dict[str, float] = {}
    cues: dict[str, float] = {}
    for i, sentence in enumerate(analysis.sentences):
        weight = NEAR[sentence.distance] if sentence.distance < len(NEAR) else FAR
        own = grams_of(sentence) if grams is None else grams[i]
        for gram in own:
            words[gram] = words.get(gram, 0.0) + weight
        if sentence.distance == 0 and "mention" in wanted:
            for gram in own:
                mention[gram] = mention.get(gram, 0.0) + 1.0
        if sentence.turn is not None and sentence.distance < 3:
            for token in sentence.tokens[sentence.turn :]:
                if token not in BREAKS:
                    turned[stem(token)] = turned.get(stem(token), 0.0) + weight
        for hit in sentence.hits:
            name = hit.feature
            cues[name] = cues.get(name, 0.0) + weight
            if sentence.distance == 0:
                cues["@" + name] = cues.get("@" + name, 0.0) + 1.0
            if sentence.turn is not None:
                side = ">" if hit.first >= sentence.turn else "<"
                cues[side + name] = cues.get(side + name, 0.0) + weight
    result: dict[str, dict[str, float]] = {}
    for name, table in (("words", words), ("mention", mention), ("turn", turned)):
        if name in wanted:
            result[name] = {
                k: _ONCE if v == 1.0 else 1.0 + log1p(v) if v > 1.0 else v for k, v in table.items()
            }
    if "cues" in wanted:
        result["cues"] = {k: log1p(v) for k, v in cues.items()}
    if "structure" in wanted:
        result["structure"] = _structure(analysis)
    return result


def grams_of(sentence: Sentence) -> list[str]:
    """The stems of a sentence and the pairs of neighbours among them."""
    stems = [stem(t) for t in sentence.tokens]
    grams = [w for w in stems if w not in BREAKS]
    grams += [f"{a} {b}" for a, b in itertools.pairwise(stems) if a not in BREAKS and b not in BREAKS]
    return grams


#: Two sentences with no more code points than this between them are neighbours in the speech.
_BESIDE = 3
#: Sentences farther from a mention than this are not asked for a stance, unless the whole speech is on the target.
FARTHEST = 3


def near(analysis: Analysis) -> list[int]:
    """Which sentences are asked for a stance: those at most `FARTHEST` away from a mention, or all of a speech that is read as a whole."""
    return [i for i, s in enumerate(analysis.sentences) if analysis.whole or s.distance <= FARTHEST]


def alone(
    analysis: Analysis,
    i: int,
    families: Container[str] = FAMILIES + CONTEXT,
    grams: Sequence[str] | None = None,
) -> Tables:
    """Features of sentence `i` as if it were all that is said, with where it stands: how far from a mention, whether the target is named in it, and
    what was said right before it, since "we do not share that view" says nothing by itself."""
    sentence = analysis.sentences[i]
    inside = tuple(m for m in analysis.mentions if sentence.span.start <= m.span.start < sentence.span.end)
    one = replace(analysis, mentions=inside, runs=((0, 0),), sentences=(replace(sentence, distance=0),))
    tables = counts(one, families, None if grams is None else [grams])
    if "structure" in tables:
        tables["structure"][f"distance={min(sentence.distance, FARTHEST)}"] = 1.0
    if i and sentence.span.start - analysis.sentences[i - 1].span.end <= _BESIDE:
        last = analysis.sentences[i - 1]
        if "before" in families:
            tables["before"] = {stem(t): 1.0 for t in last.tokens if t not in BREAKS}
        if "answer" in families:
            tables["answer"] = _answer(last, sentence)
    return tables


def _answer(last: Sentence, sentence: Sentence) -> dict[str, float]:
    """How a sentence takes up the one before: what was said there, own view or reported, and whether it is denied, joined or left as it is."""
    how = reply(sentence.tokens)
    out = {f"{how}>{hit.feature}": 1.0 for hit in last.hits}
    out[f"{how}>{'told' if any(hit.reported for hit in last.hits) else 'own'}"] = 1.0
    return out


_DISTANCE_WORDS = frozenset(
    [
        "notion",
        "so-called",
        "concept",
        "principle",
        "norm",
        "doctrine",
        "theory",
        "idea",
        "commitment",
        "obligation",
        "duty",
        "slogan",
    ]
)
_OBJECTS = frozenset(
    [
        "population",
        "peoples",
        "people",
        "civilians",
        "populations",
        "citizens",
        "victims",
        "those",
        "genocide",
    ]
)


def _structure(analysis: Analysis) -> dict[str, float]:
    """Shape of the speech: how often and how the target is named, what stands right beside its name, contrasts, questions."""
    out: dict[str, float] = {"target=" + analysis.target: 1.0}
    kinds: Counter[str] = Counter(m.kind for m in analysis.mentions)
    for kind, n in kinds.items():
        out["has:" + kind] = 1.0
        out["n:" + kind] = log1p(n)
    if not kinds.get("named"):
        out["no name"] = 1.0
    if kinds.get("off") and not kinds.get("named"):
        out["only off"] = 1.0
    near = [s for s in analysis.sentences if s.distance < 3]
    out["sentences"] = log1p(len(near)) / 3
    if any(s.turn is not None for s in near):
        out["turn"] = 1.0
    if any(s.turn is not None and s.distance == 0 for s in near):
        out["turn at mention"] = 1.0
    body = analysis.reading.text
    for m in analysis.mentions:
        if m.kind == "named":
            after = body[m.span.end : m.span.end + 30].lower()
            before = body[max(0, m.span.start - 40) : m.span.start].lower()
            for word in re.findall(r"[a-z-]+", before)[-4:]:
                if word in _DISTANCE_WORDS:
                    out["before:" + word] = 1.0
            for word in re.findall(r"[a-z-]+", after)[:2]:
                if word in _DISTANCE_WORDS or word in _OBJECTS:
                    out["after:" + word] = 1.0
            if '"' in before[-3:] and '"' in after[:2]:
                out["quoted"] = 1.0
            if re.match(r"\s*(?:principle|concept|norm|doctrine)?\s*[.;]", after):
                out["ends clause"] = 1.0
            if before.rstrip().endswith((",", "and", "to")) and after.lstrip().startswith((",", "and")):
                out["in a list"] = 1.0
    questions = sum("?" in s.tokens for s in near)
    if questions:
        out["question"] = log1p(questions)
    carried_n = sum("carried" in s.kinds for s in near)
    out["carried"] = log1p(carried_n) / 2
    return out
