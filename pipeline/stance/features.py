"""A speech as the model reads it: the sentences that bear on a target, their words masked of names, cues, and numbers made of them.

Each family of features can be left out, which is what the ablation table does. Not here: weights (`pipeline.stance.model`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log1p
from typing import NamedTuple

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
VERSION = 6

#: The families of a speech, in the order of the ablation table: words of all passages, words of the mention's own sentences, words after a
#: contrast, cues, structure.
FAMILIES: tuple[str, ...] = ("words", "mention", "turn", "cues", "structure")
#: The families of a sentence by itself beside these: words of the sentence before it, how it takes that up, and how the next one takes it up.
CONTEXT: tuple[str, ...] = ("before", "answer", "answered")

#: Features by family, then by name.
Tables = dict[str, dict[str, float]]

NORM, NAME, NUMBER = "_norm_", "_name_", "_number_"
_RWP, _OFFICE = "_rwp_", "_office_"

# The first branch is the second for most words, and found in half the time.
_TOKEN = re.compile(r"[A-Za-z]+(?![\w'-])|[^\W\d_]+(?:['-][^\W\d_]+)*|\d[\d.,/]*|[,;:()\"?!\u2014]")

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
    """A sentence near a mention: its span in the reading, lower-case masked tokens, cues, distance to the mention.

    `gone` are the tokens of the text that have none of their own here, `stand_ins` the positions of tokens that stand for a name of the target, with its
    span (`spots` tells where the tokens stand); `distance` is 0 for the sentence of a mention, then 1, 2, ...; `turn` is the index of the first token after the last contrast word,
    or None; `kinds` are the kinds of mention in it.
    """

    span: Span
    tokens: tuple[str, ...]
    gone: tuple[int, ...]
    stand_ins: tuple[tuple[int, Span], ...]
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
#: How much words count in a sentence by itself that stand before its last "but" and not after it: what is conceded is not what is held.
CONCEDED = 0.6
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
            distance = min([abs(i - c) for c in centres], default=9)
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
    raw = _TOKEN.findall(body, span.start, span.end)
    covered = _covered(body, span, masks) if masks else {}
    tokens: list[str] = []
    gone: list[int] = []
    stand_ins: list[tuple[int, Span]] = []
    turn: int | None = None
    wait_comma = False
    last = 0
    # Most words have nothing to hide and turn nothing: they are taken over in stretches.
    odd = [
        i
        for i, word in enumerate(raw)
        if word in CONTRAST or (word not in BREAKS and not word.islower()) or i in covered
    ]
    for i in [*odd, len(raw)]:
        stretch = raw[last:i]
        if wait_comma and "," in stretch:
            turn, wait_comma = len(tokens) + stretch.index(",") + 1, False
        tokens += stretch
        last = i + 1
        if i == len(raw):
            break
        if i in covered:
            mask, begins = covered[i]
            if begins:
                stand_ins.append((len(tokens), mask))
                tokens.append(_mask(body, mask))
            else:
                gone.append(i)
            continue
        low = _hidden(raw[i], _opens(body, span, i), shouting, tokens, known.names)
        if low == NAME and _goes_on(tokens):
            gone.append(i)
            continue
        if low in CONTRAST and (low not in ("still", "yet") or not tokens or tokens[-1] in BREAKS):
            if low in CONCESSIVE:
                wait_comma = True
            else:
                turn = len(tokens) + 1
        tokens.append(low)
    hits = tuple(known.cues.find(tokens))
    return Sentence(span, tuple(tokens), tuple(gone), tuple(stand_ins), distance, kinds, hits, turn)


def _covered(body: str, span: Span, masks: Sequence[Span]) -> dict[int, tuple[Span, bool]]:
    """The tokens that are part of a name of the target: which name, and whether the token begins it."""
    found: dict[int, tuple[Span, bool]] = {}
    k = end = 0
    for i, match in enumerate(_TOKEN.finditer(body, span.start, span.end)):
        start = match.start()
        while k < len(masks) and masks[k].end <= start:
            k += 1
        if k < len(masks) and masks[k].start <= start:
            found[i] = masks[k], end <= masks[k].start
            end = max(end, masks[k].end)
        else:
            end = match.end()
    return found


def _opens(body: str, span: Span, i: int) -> bool:
    """Whether token `i` stands at the beginning of its sentence, where a capital tells nothing."""
    first = _TOKEN.search(body, span.start, span.end) if i == 0 else None
    return first is not None and first.start() - span.start < 3


def _hidden(raw: str, opens: bool, shouting: bool, tokens: Sequence[str], names: frozenset[str]) -> str:
    """A token in lower case, or what stands for it where it is a number or the name of a State, person or place."""
    low = raw.lower()
    if raw[0].isdigit():
        return low if low in ("138", "139", "140", "1973", "2005") else NUMBER
    if not raw[0].isupper() or low in _HOUSE:
        return low
    quoted = bool(tokens) and tokens[-1] == '"'
    return NAME if low.removesuffix("'s") in names or not (shouting or opens or quoted) else low


def _goes_on(tokens: Sequence[str]) -> bool:
    """Whether a name that comes now belongs to the one before it, as in "Republic of the Congo"."""
    if not tokens:
        return False
    return tokens[-1] == NAME or (len(tokens) > 1 and tokens[-2] == NAME and tokens[-1] in ("of", "the"))


def spots(body: str, sentence: Sentence) -> list[tuple[int, int]]:
    """Where in the reading each of a sentence's tokens stands."""
    gone = set(sentence.gone)
    found = [match.span() for i, match in enumerate(_TOKEN.finditer(body, *sentence.span)) if i not in gone]
    for at, mask in sentence.stand_ins:
        found[at] = mask
    return found


#: An office or group that bears the target in its own name: to name it says nothing of the target.
_in_office = re.compile(
    r"\b(?:advis[eo]rs?|rapporteurs?|envoys?|offices?|cent(?:re|er)s?|friends|networks?|coalitions?|focal points?|institutes?)"
    r" (?:on|of|for)(?: the)?(?: principle of(?: the)?)? $"
).search


def _mask(body: str, span: Span) -> str:
    """The token that stands for a name of the target."""
    if "while" in body[span.start : span.end].lower():
        return _RWP
    return _OFFICE if _in_office(body[max(0, span.start - 40) : span.start].lower()) else NORM


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


def counts(analysis: Analysis, families: Container[str] = FAMILIES) -> Tables:
    """Features of a speech by family, not yet weighted: `{"words": {"support _norm_": 0.7, ...}, ...}`."""
    tables = _counts([(s, s.distance) for s in analysis.sentences], families)
    if "structure" in families:
        tables["structure"] = structure(shape_of(analysis, named_how(analysis)))
    return tables


def _counts(
    sentences: Sequence[tuple[Sentence, int]], families: Container[str], moves: bool = False
) -> Tables:
    """Words and cues of sentences, each with its distance to a mention; `moves` of an argument among the cues too: they tell of one sentence, and in a
    whole speech blur whether a position is taken (precision 0.942 with them, 0.953 without, when there were twice as many)."""
    words: dict[str, float] = {}
    mention: dict[str, float] = {}
    turned: dict[str, float] = {}
    cues: dict[str, float] = {}
    for sentence, distance in sentences:
        weight = NEAR[distance] if distance < len(NEAR) else FAR
        own = grams_of(sentence)
        for gram in own:
            words[gram] = words.get(gram, 0.0) + weight
        if distance == 0 and "mention" in families:
            for gram in own:
                mention[gram] = mention.get(gram, 0.0) + 1.0
        if sentence.turn is not None and distance < 3:
            for token in sentence.tokens[sentence.turn :]:
                if token not in BREAKS:
                    turned[stem(token)] = turned.get(stem(token), 0.0) + weight
        for hit in sentence.hits:
            if hit.move and not moves:
                continue
            name = hit.feature
            cues[name] = cues.get(name, 0.0) + weight
            if distance == 0:
                cues["@" + name] = cues.get("@" + name, 0.0) + 1.0
            if sentence.turn is not None:
                side = ">" if hit.first >= sentence.turn else "<"
                cues[side + name] = cues.get(side + name, 0.0) + weight
    result: dict[str, dict[str, float]] = {}
    for name, table in (("words", words), ("mention", mention), ("turn", turned)):
        if name in families:
            result[name] = {
                k: _ONCE if v == 1.0 else 1.0 + log1p(v) if v > 1.0 else v for k, v in table.items()
            }
    if "cues" in families:
        result["cues"] = {k: log1p(v) for k, v in cues.items()}
    return result


def grams_of(sentence: Sentence, start: int = 0) -> list[str]:
    """The stems of a sentence from a token on, and the pairs of neighbours among them."""
    stems = [stem(t) for t in sentence.tokens[start:]]
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


def alone(analysis: Analysis, i: int, families: Container[str] = FAMILIES + CONTEXT) -> Tables:
    """Features of sentence `i` as if it were all that is said, with where it stands: how far from a mention, whether the target is named in it, and
    what was said right before it, since "we do not share that view" says nothing by itself."""
    sentence = analysis.sentences[i]
    tables = _counts([(sentence, 0)], families, moves=True)
    if "words" in tables and sentence.turn is not None:
        said = set(grams_of(sentence, sentence.turn))
        tables["words"] = {k: v if k in said else v * CONCEDED for k, v in tables["words"].items()}
    if "structure" in families:
        tables["structure"] = structure(shape_alone(analysis, i, named_how(analysis)))
    if follows(analysis, i):
        if "before" in families:
            last = analysis.sentences[i - 1]
            tables["before"] = {stem(t): 1.0 for t in last.tokens if t not in BREAKS}
        if "answer" in families:
            tables["answer"] = answer(analysis, i, reply(sentence.tokens))
    if "answered" in families and i + 1 < len(analysis.sentences) and follows(analysis, i + 1):
        tables["answered"] = answered(analysis, i, reply(analysis.sentences[i + 1].tokens))
    return tables


def follows(analysis: Analysis, i: int) -> bool:
    """Whether sentence `i` stands right after the one before it in `analysis.sentences`."""
    here = analysis.sentences
    return i > 0 and here[i].span.start - here[i - 1].span.end <= _BESIDE


def answer(analysis: Analysis, i: int, how: str) -> dict[str, float]:
    """`how` sentence `i` takes up the one before (`cues.reply`): what was said there, own view or reported, and whether it is denied, joined or left as it
    is."""
    return _taken_up(how + ">", analysis.sentences[i - 1])


def answered(analysis: Analysis, i: int, how: str) -> dict[str, float]:
    """`how` sentence `i` is taken up by the one right after it, where that denies or joins it; empty where it only goes on."""
    return {} if how == "on" else _taken_up(how + "<", analysis.sentences[i])


def _taken_up(how: str, said: Sentence) -> dict[str, float]:
    """What a sentence said, and how it is taken up, as features."""
    out = {how + hit.feature: 1.0 for hit in said.hits}
    out[how + ("told" if any(hit.reported for hit in said.hits) else "own")] = 1.0
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


class How(NamedTuple):
    """How a mention names the target: where it begins, its kind, and what stands right beside it where it is a name."""

    start: int
    kind: str
    beside: tuple[str, ...]


def named_how(analysis: Analysis) -> list[How]:
    """How the target is named, mention by mention."""
    body = analysis.reading.text
    return [
        How(m.span.start, m.kind, _beside(body, m.span) if m.kind == "named" else ())
        for m in analysis.mentions
    ]


class Shape(NamedTuple):
    """All that the family `structure` is made of. `sentences`, `turns`, `questions` and `carried` are counts of sentences less than three away from a
    mention: of all, of those with a contrast, with a question mark, with a carried mention. `distance` is that of a sentence by itself."""

    target: str
    how: tuple[tuple[str, tuple[str, ...]], ...]
    sentences: int
    turns: int
    turn_at_mention: bool
    questions: int
    carried: int
    distance: int | None


def shape_of(analysis: Analysis, how: Sequence[How]) -> Shape:
    """The shape of a speech; `how` the target is named in it."""
    near = [s for s in analysis.sentences if s.distance < 3]
    return Shape(
        analysis.target,
        tuple((h.kind, h.beside) for h in how),
        len(near),
        sum(s.turn is not None for s in near),
        any(s.turn is not None and s.distance == 0 for s in near),
        sum("?" in s.tokens for s in near),
        sum("carried" in s.kinds for s in near),
        None,
    )


def shape_alone(analysis: Analysis, i: int, how: Sequence[How]) -> Shape:
    """The shape of sentence `i` as if it were all that is said; `how` the target is named in the speech."""
    sentence = analysis.sentences[i]
    start, end = sentence.span
    turn = sentence.turn is not None
    return Shape(
        analysis.target,
        tuple([(h.kind, h.beside) for h in how if start <= h.start < end]),
        1,
        int(turn),
        turn,
        int("?" in sentence.tokens),
        int("carried" in sentence.kinds),
        min(sentence.distance, FARTHEST),
    )


def structure(shape: Shape) -> dict[str, float]:
    """The family `structure`: how often and how the target is named, what stands right beside its name, contrasts, questions."""
    out: dict[str, float] = {"target=" + shape.target: 1.0}
    kinds: dict[str, int] = {}
    for kind, beside in shape.how:
        kinds[kind] = kinds.get(kind, 0) + 1
        for name in beside:
            out[name] = 1.0
    for kind, n in kinds.items():
        out["has:" + kind] = 1.0
        out["n:" + kind] = log1p(n)
    if "named" not in kinds:
        out["no name"] = 1.0
        if "off" in kinds:
            out["only off"] = 1.0
    out["sentences"] = log1p(shape.sentences) / 3
    if shape.turns:
        out["turn"] = 1.0
    if shape.turn_at_mention:
        out["turn at mention"] = 1.0
    if shape.questions:
        out["question"] = log1p(shape.questions)
    out["carried"] = log1p(shape.carried) / 2
    if shape.distance is not None:
        out[f"distance={shape.distance}"] = 1.0
    return out


_WORD = re.compile(r"[a-z-]+")
_CLAUSE_END = re.compile(r"\s*(?:principle|concept|norm|doctrine)?\s*[.;]")


def _beside(body: str, span: Span) -> tuple[str, ...]:
    """What stands right beside a name of the target."""
    after = body[span.end : span.end + 30].lower()
    before = body[max(0, span.start - 40) : span.start].lower()
    out = ["before:" + word for word in _WORD.findall(before)[-4:] if word in _DISTANCE_WORDS]
    out += [
        "after:" + word for word in _WORD.findall(after)[:2] if word in _DISTANCE_WORDS or word in _OBJECTS
    ]
    if '"' in before[-3:] and '"' in after[:2]:
        out.append("quoted")
    if _in_office(before):
        out.append("of an office")
    if _CLAUSE_END.match(after):
        out.append("ends clause")
    if before.rstrip().endswith((",", "and", "to")) and after.lstrip().startswith((",", "and")):
        out.append("in a list")
    return tuple(out)
