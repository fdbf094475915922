"""Cues: phrases that a reader of the field would point to, found in tokens, with negation and reporting seen by clause.

The phrases live in corpus/tables/cues.csv, one group a row. A phrase is words; `word*` takes any ending; ` ~ ` is a gap of up to three
words. The model learns what each group weighs; the `direction` column is only what the group stands for, used by the baseline
that counts cues and to name cues on the review page.
"""

from __future__ import annotations

import csv
import re
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
    """A cue found: token positions (first, last exclusive), its group, whether it stands in a negated or a reported clause."""

    first: int
    last: int
    group: str
    negated: bool
    reported: bool

    @property
    def feature(self) -> str:
        """The group as a feature: with a minus where it is negated, a question mark where it is reported."""
        return self.group + ("-" if self.negated else "") + ("?" if self.reported else "")


@dataclass(frozen=True, slots=True)
class Group:
    """A row of the table: name, what it stands for, its phrases as tuples of words."""

    name: str
    direction: str
    phrases: tuple[tuple[str, ...], ...]


#: The rest of a phrase after its first word, and its group.
_Row = tuple[tuple[str, ...], str]


class _Starts(dict[str, tuple[dict[str, list[_Row]], list[_Row]] | None]):
    """From a token to the phrases that may begin with it: those that may by the word that follows, and those that may whatever follows; None where
    there are none. Learns tokens as it meets them."""

    def __init__(self, groups: Sequence[Group]) -> None:
        super().__init__()
        self._exact: dict[str, list[_Row]] = {}
        self._prefix: dict[str, list[tuple[str, _Row]]] = {}
        for group in groups:
            for head, *rest in group.phrases:
                row = (tuple(rest), group.name)
                if head.endswith("*"):
                    self._prefix.setdefault(head[:3], []).append((head[:-1], row))
                else:
                    self._exact.setdefault(head, []).append(row)

    def __missing__(self, token: str) -> tuple[dict[str, list[_Row]], list[_Row]] | None:
        rows = list(self._exact.get(token, ()))
        rows += [row for stem, row in self._prefix.get(token[:3], ()) if token.startswith(stem)]
        seconds = [rest[0] if rest and rest[0][-1] not in "*~" else None for rest, _ in rows]
        free = [row for row, second in zip(rows, seconds, strict=True) if second is None]
        following = {
            word: [row for row, second in zip(rows, seconds, strict=True) if second in (None, word)]
            for word in seconds
            if word is not None
        }
        if len(self) > 200_000:  # a long run over noisy text must not eat the memory
            self.clear()
        found = self[token] = (following, free) if rows else None
        return found


@dataclass(slots=True)
class Cues:
    """The table compiled for look-up by the first word of a phrase; finds cues in lists of lower-case tokens."""

    groups: tuple[Group, ...]
    _starts: _Starts = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._starts = _Starts(self.groups)

    def find(self, tokens: Sequence[str]) -> list[Hit]:
        """All cues in the tokens of one sentence; a longer phrase of a group hides a shorter one at the same place."""
        hits: list[Hit] = []
        marks: tuple[list[bool], list[bool]] | None = None
        n = len(tokens)
        # Most tokens begin no phrase.
        begun = [(i, rows) for i, rows in enumerate(map(self._starts.__getitem__, tokens)) if rows]
        for i, (following, free) in begun:
            rows = following.get(tokens[i + 1], free) if i + 1 < n else free
            best: dict[str, int] = {}
            for rest, name in rows:
                end = _match(tokens, i + 1, rest) if rest else i + 1
                if end > best.get(name, 0):
                    best[name] = end
            if best:
                if marks is None:
                    marks = scopes(tokens)
                negated, reported = marks
                hits.extend(Hit(i, end, name, negated[i], reported[i]) for name, end in best.items())
        return hits


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


def load(path: Path | None = None) -> Cues:
    """The cues of a table (default corpus/tables/cues.csv)."""
    return _load(path or resources.table("cues.csv"))


@lru_cache(maxsize=4)
def _load(path: Path) -> Cues:
    groups = []
    with path.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            phrases = tuple(tuple(p.split()) for p in row["phrases"].lower().split("|") if p.strip())
            groups.append(Group(row["group"], row["direction"], phrases))
    return Cues(tuple(groups))
