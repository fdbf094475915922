"""Cues: phrases that a reader of the field would point to, found in tokens, with negation and reporting seen by clause.

The phrases live in corpus/tables/cues.csv and moves.csv, one group a row. A phrase is words; `word*` takes any ending; ` ~ ` is a gap of up to three
words. The first table holds words that tell something wherever they stand, the second moves of an argument ("make _norm_ a reality", "we do not share the view"),
put in as many ways as UN English has for them, which tell what the sentence says that they stand in. The model learns what each group weighs; the `direction` column is only what the group stands for, used by the baseline
that counts cues and to name cues on the review page.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pipeline import resources

#: Words that turn what follows in the clause round. "only" and "nothing but" are no negations.
NEGATORS = frozenset(
    [
        "not",
        "no",
        "never",
        "neither",
        "nor",
        "without",
        "cannot",
        "can't",
        "don't",
        "doesn't",
        "didn't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "won't",
        "wouldn't",
        "shouldn't",
        "couldn't",
        "mustn't",
        "none",
        "nothing",
        "nobody",
        "hardly",
        "scarcely",
        "nowhere",
        "n't",
        "lest",
        "instead",
    ]
)
#: Words that open a new clause and turn the argument; what stands after them weighs more.
CONTRAST = frozenset(
    [
        "but",
        "however",
        "yet",
        "nevertheless",
        "nonetheless",
        "still",
        "though",
        "although",
        "while",
        "whereas",
        "despite",
        "notwithstanding",
    ]
)
#: Those that put the weaker half first: "although we support it, ..." - the turn comes at the next comma.
CONCESSIVE = frozenset(["although", "though", "while", "whereas", "despite", "notwithstanding"])
#: Whose words a clause reports, when one of these is near a verb of saying.
_OTHERS = frozenset(
    [
        "some",
        "others",
        "critics",
        "sceptics",
        "skeptics",
        "opponents",
        "detractors",
        "those",
        "certain",
        "many",
        "few",
        "delegations",
        "countries",
        "quarters",
        "people",
        "it",
        "voices",
        "other",
        "speakers",
        "advocates",
        "proponents",
        "supporters",
        "defenders",
        "promoters",
        "champions",
        "doubters",
        "they",
    ]
)
_SAYING = frozenset(
    [
        "say",
        "says",
        "said",
        "argue",
        "argues",
        "argued",
        "claim",
        "claims",
        "claimed",
        "fear",
        "fears",
        "feared",
        "believe",
        "believes",
        "contend",
        "contends",
        "maintain",
        "see",
        "view",
        "regard",
        "think",
        "suggest",
        "suggests",
        "allege",
        "alleges",
        "insist",
        "insists",
        "object",
        "portray",
        "portrayed",
        "describe",
        "worry",
        "question",
        "questioned",
        "dismiss",
        "call",
        "called",
        "warn",
        "told",
        "accuse",
        "invoke",
        "hold",
        "assure",
        "assured",
        "tell",
        "thinks",
        "welcomed",
        "praise",
        "praised",
        "reject",
        "rejected",
        "criticize",
        "criticise",
        "criticized",
        "criticised",
        "hear",
        "heard",
    ]
)
#: "We are told that ..." reports as well.
_TOLD = frozenset(
    [
        ("are", "told"),
        ("are", "assured"),
        ("are", "asked"),
        ("were", "told"),
        ("have", "heard"),
        ("hear", "that"),
    ]
)
_DENIES = re.compile(
    r"\b(?:not|never|cannot|n't|no one|nobody|hardly)\b.{0,30}\b(?:share|agree|accept|believe[sd]?|persuaded|convinced|join|subscribe|see it"
    r"|the case|true|view|so)\b|\b(?:disagree|reject|refuse|differ|refute|unfounded|mistaken|misplaced|wrong|answer to)\b"
)
_JOINS = re.compile(
    r"\b(?:we|i|delegation) (?:share|agree|understand|join)\b|\b(?:that is|this is) (?:true|right|our)\b|\bwe too\b|\brightly\b"
)
# One of these is in whatever the two find; most sentences have none, and need no search.
_DENYING = frozenset(
    [
        "not",
        "never",
        "cannot",
        "n",
        "no",
        "nobody",
        "hardly",
        "disagree",
        "reject",
        "refuse",
        "differ",
        "refute",
        "unfounded",
        "mistaken",
        "misplaced",
        "wrong",
        "answer",
    ]
)
_JOINING = frozenset(["share", "agree", "understand", "join", "true", "right", "our", "too", "rightly"])
BREAKS = frozenset(',;:()"?!\u2014')
_CUTS = BREAKS | CONTRAST
_REPORTERS = _OTHERS | {"we"}
_NEGATION_REACH = 7
_GAP = 3


class Hit(NamedTuple):
    """A cue found: token positions (first, last exclusive), its group, whether it stands in a negated or a reported clause, whether it is a move
    of an argument."""

    first: int
    last: int
    group: str
    negated: bool
    reported: bool
    move: bool = False

    @property
    def feature(self) -> str:
        """The group as a feature: with a minus where it is negated, a question mark where it is reported."""
        return self.group + ("-" if self.negated else "") + ("?" if self.reported else "")


@dataclass(frozen=True, slots=True)
class Group:
    """A row of a table: name, what it stands for, its phrases as tuples of words, whether they are moves of an argument."""

    name: str
    direction: str
    phrases: tuple[tuple[str, ...], ...]
    move: bool = False


class _Phrase(NamedTuple):
    """A phrase made ready to be looked for: its first word, the rest, the number of its group, and the words without an ending left open that it needs
    beside its rarest one."""

    head: str
    rest: tuple[str, ...]
    group: int
    needs: frozenset[str]


class _Rarest(dict[str, tuple[_Phrase, ...]]):
    """From a token to the phrases whose rarest word it may be, so that a phrase is tried only where that stands. How rare a word is, the phrases tell: the
    one that the fewest of them have. Learns tokens as it meets them."""

    def __init__(self, groups: Sequence[Group]) -> None:
        super().__init__()
        self._exact: dict[str, list[_Phrase]] = {}
        self._prefix: dict[str, list[tuple[str, _Phrase]]] = {}
        phrases = [(number, words) for number, group in enumerate(groups) for words in group.phrases]
        common = Counter(word for _, words in phrases for word in set(words))
        for number, words in phrases:
            rarest = min((word for word in words if word != "~"), key=lambda word: (common[word], -len(word)))
            needs = frozenset(word for word in words if word[-1] not in "*~" and word != rarest)
            phrase = _Phrase(words[0], words[1:], number, needs)
            if rarest.endswith("*"):
                self._prefix.setdefault(rarest[:3], []).append((rarest[:-1], phrase))
            else:
                self._exact.setdefault(rarest, []).append(phrase)

    def __missing__(self, token: str) -> tuple[_Phrase, ...]:
        found = list(self._exact.get(token, ()))
        for stem, phrase in self._prefix.get(token[:3], ()):
            if token.startswith(stem):
                found.append(phrase._replace(head=token) if phrase.head == stem + "*" else phrase)
        if len(self) > 200_000:  # a long run over noisy text must not eat the memory
            self.clear()
        self[token] = tuple(found)
        return self[token]


@dataclass(slots=True)
class Cues:
    """The tables compiled for look-up by the rarest word of a phrase; finds cues in lists of lower-case tokens."""

    groups: tuple[Group, ...]
    _rarest: _Rarest = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._rarest = _Rarest(self.groups)

    def find(self, tokens: Sequence[str]) -> list[Hit]:
        """All cues in the tokens of one sentence, in their order; a longer phrase of a group hides a shorter one at the same place."""
        present = set(tokens)
        ends: dict[tuple[int, int], int] = {}
        for phrases in filter(None, map(self._rarest.__getitem__, present)):
            for head, rest, group, needs in phrases:
                if not needs <= present:
                    continue
                for i in _places(tokens, head):
                    end = _match(tokens, i + 1, rest) if rest else i + 1
                    if end > ends.get((i, group), 0):
                        ends[i, group] = end
        if not ends:
            return []
        negated, reported = scopes(tokens)
        groups = self.groups
        return [
            Hit(i, ends[i, group], groups[group].name, negated[i], reported[i], groups[group].move)
            for i, group in sorted(ends)
        ]


def _places(tokens: Sequence[str], word: str) -> list[int]:
    """Where a word of a phrase stands."""
    if word[-1] == "*":
        return [i for i, token in enumerate(tokens) if token.startswith(word[:-1])]
    return [i for i, token in enumerate(tokens) if token == word]


def _match(tokens: Sequence[str], at: int, rest: tuple[str, ...]) -> int:
    """The position after the phrase's last word when `rest` follows from `at`, else 0."""
    n = len(tokens)
    gap = 0
    for word in rest:
        if word == "~":
            gap = _GAP
            continue
        for k in range(at, min(at + gap + 1, n)):
            token = tokens[k]
            if token == word or (word[-1] == "*" and token.startswith(word[:-1])):
                at = k + 1
                break
            if token in BREAKS and token != '"':
                return 0
        else:
            return 0
        gap = 0
    return at


def scopes(tokens: Sequence[str]) -> tuple[list[bool], list[bool]]:
    """For each token of a sentence: does it stand under a negation, and in a clause that reports others?"""
    return _negated(tokens), _reported(tokens)


def _negated(tokens: Sequence[str]) -> list[bool]:
    n = len(tokens)
    negated = [False] * n
    if NEGATORS.isdisjoint(tokens) and "n't" not in " ".join(tokens):  # most sentences
        return negated
    reach = 0
    for i, token in enumerate(tokens):
        if token in _CUTS:
            if token != '"':
                reach = 0
            continue
        if reach:
            negated[i] = True
            reach -= 1
        if token in NEGATORS or token.endswith("n't"):
            reach = 0 if i + 1 < n and tokens[i + 1] == "only" else _NEGATION_REACH
    return negated


def _reported(tokens: Sequence[str]) -> list[bool]:
    n = len(tokens)
    reported = [False] * n
    if _REPORTERS.isdisjoint(tokens):
        return reported
    start = 0  # of the clause
    for i in [i for i, token in enumerate(tokens) if token in _CUTS] + [n]:
        if i == n or tokens[i] != "," or i - start > 4:
            if _reports(tokens[start:i]):
                reported[start:i] = [True] * (i - start)
            start = i
    return reported


def _reports(clause: Sequence[str]) -> bool:
    """Whether a clause gives the view of others."""
    for i, token in enumerate(clause):
        if token in _OTHERS:
            if not _SAYING.isdisjoint(clause[i + 1 : i + 6]):
                return True
        elif token == "we" and tuple(clause[i + 1 : i + 3]) in _TOLD:
            return True
    return False


def reply(tokens: Sequence[str]) -> str:
    """How a sentence answers the one before, told by its lower-case tokens: `deny`, `agree`, or `on` where it only goes on."""
    words = " ".join(tokens)
    parts = words.replace("-", " ").replace("'", " ").split()
    if not _DENYING.isdisjoint(parts) and _DENIES.search(words):
        return "deny"
    return "agree" if not _JOINING.isdisjoint(parts) and _JOINS.search(words) else "on"


def load() -> Cues:
    """The cues of corpus/tables/cues.csv and moves.csv."""
    return _load(resources.table("cues.csv"), resources.table("moves.csv"))


@lru_cache(maxsize=4)
def _load(words: Path, moves: Path) -> Cues:
    groups = []
    for path in (words, moves):
        with path.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                phrases = tuple(tuple(p.split()) for p in row["phrases"].lower().split("|") if p.strip())
                groups.append(Group(row["group"], row["direction"], phrases, path == moves))
    return Cues(tuple(groups))
