"""A speech and its sentences scored at once: words and pairs of words are looked up as numbers in sorted arrays, not as strings in tables.

The scores are those of `features.counts` and `features.alone` through `Vocabulary.vector`, by which models are trained; tests/stance/test_fast.py
holds the two against each other. Not here: which features there are (`pipeline.stance.features`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.stance import features
from pipeline.stance.cues import BREAKS, reply
from pipeline.stance.features import CONCEDED, FAR, NEAR, Analysis, Sentence, Shape, stem
from pipeline.stance.linear import UNSCALED, Floats, Scorer, Vocabulary

Ints = NDArray[np.int64] | NDArray[np.int32]

#: Families whose features are words, or words and pairs of words.
_WORDS = ("words", "mention", "turn", "before")
#: Numbers of tokens that are no word of a model: marks that break a clause, and all others.
_BREAK, _UNKNOWN = 0, 1
#: How many different tokens, and shapes of a sentence, are remembered; a long run over noisy text must not eat the memory.
_MOST_TOKENS = 200_000
_MOST_SHAPES = 10_000

#: What a sentence's words count, by its distance to a mention; the last for all beyond.
_WEIGHTS = np.array([*NEAR, FAR])
#: A sentence without a turn has it here, behind its last token.
_NEVER = np.iinfo(np.int64).max
#: How the amount of a feature becomes its value: more than once counts by its logarithm, all by its logarithm, or once for all.
_MORE, _LOG, _ONE = 1, 2, 3
_CHANGE = {"words": _MORE, "mention": _MORE, "turn": _MORE, "cues": _LOG, "before": _ONE}


class _Stems(dict[str, int]):
    """From a token to the number of its stem; learns tokens as it meets them."""

    def __init__(self, stems: Iterable[str]) -> None:
        super().__init__((mark, _BREAK) for mark in BREAKS)
        self.numbers = {name: number for number, name in enumerate(stems, _UNKNOWN + 1)}

    def __missing__(self, token: str) -> int:
        number = self.numbers.get(stem(token), _UNKNOWN)
        if len(self) < _MOST_TOKENS:
            self[token] = number
        return number


class _CueColumns(dict[str, tuple[int, int, int, int]]):
    """From a cue's feature to its columns: by itself, in a mention's sentence, after the turn and before it; -1 where there is none."""

    def __init__(self, known: dict[str, int]) -> None:
        super().__init__()
        self.known = known

    def __missing__(self, name: str) -> tuple[int, int, int, int]:
        at, after, before = (self.known.get(mark + name, -1) for mark in "@><")
        columns = self[name] = (self.known.get(name, -1), at, after, before)
        return columns


@dataclass(frozen=True, slots=True)
class _Numbered:
    """The words and pairs of words of a speech as numbers, each with the index of its sentence. `words` are the single words among them
    (`grams[:words]`), `place` the positions in their sentences, of a pair that of its first word."""

    grams: Ints
    sentences: Ints
    words: int
    place: Ints


class _Index:
    """Numbers for the words and the pairs of words that are in any of some vocabularies."""

    def __init__(self, vocabularies: Sequence[Vocabulary]) -> None:
        grams = dict.fromkeys(g for v in vocabularies for f in _WORDS for g in v.columns.get(f, ()))
        pairs = [g for g in grams if " " in g]
        parts = [part for pair in pairs for part in pair.split(" ", 1)]
        self.stems = _Stems(dict.fromkeys([g for g in grams if " " not in g] + parts))
        numbers = self.stems.numbers
        self.base = _UNKNOWN + 1 + len(numbers)
        ends = np.array([numbers[part] for part in parts], dtype=np.int64).reshape(-1, 2)
        keys = ends[:, 0] * self.base + ends[:, 1]
        order = np.argsort(keys)
        # The last is never found, and spares a look whether a search ran over the end.
        self.keys = np.append(keys[order], np.iinfo(np.int64).max)
        self.size = self.base + len(pairs)
        self.number = numbers | {pairs[i]: self.base + at for at, i in enumerate(order.tolist())}

    def columns(self, known: dict[str, int]) -> Ints:
        """The column of each word and pair, -1 where the family has none for it."""
        found = np.full(self.size, -1, dtype=np.int32)
        found[[self.number[gram] for gram in known]] = list(known.values())
        return found

    def read(self, sentences: Sequence[Sentence]) -> _Numbered:
        """The known words and pairs of neighbours of a speech's sentences."""
        numbers = [self.stems[token] for sentence in sentences for token in sentence.tokens]
        lengths = np.array([len(sentence.tokens) for sentence in sentences])
        words = np.array(numbers, dtype=np.int64)
        where = np.repeat(np.arange(len(sentences)), lengths)
        place = np.arange(len(words)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        known = words > _UNKNOWN
        beside = np.flatnonzero(known[:-1] & known[1:] & (where[:-1] == where[1:]))
        wanted = words[beside] * self.base + words[beside + 1]
        at = np.searchsorted(self.keys, wanted)
        hit = self.keys[at] == wanted
        single = words[known]
        return _Numbered(
            np.concatenate([single, self.base + at[hit]]),
            np.concatenate([where[known], where[beside[hit]]]),
            len(single),
            np.concatenate([place[known], place[beside[hit]]]),
        )


class _Shapes(dict[Shape, tuple[list[int], list[float]]]):
    """From a shape to the columns of its `structure` and their amounts; most sentences share a few shapes."""

    def __init__(self, known: dict[str, int]) -> None:
        super().__init__()
        self.known = known

    def __missing__(self, shape: Shape) -> tuple[list[int], list[float]]:
        table = [(self.known[k], v) for k, v in features.structure(shape).items() if k in self.known]
        found = [column for column, _ in table], [amount for _, amount in table]
        if len(self) < _MOST_SHAPES:
            self[shape] = found
        return found


class _Listed:
    """Features found one by one: the document (a row), the column and the amount of each. A column of -1 stands for none."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.amounts: list[float] = []

    def add(self, row: int, columns: Sequence[int], amounts: Sequence[float]) -> None:
        """Adds features of a document."""
        self.rows += [row] * len(columns)
        self.columns += columns
        self.amounts += amounts

    def table(self, row: int, table: dict[str, float], known: dict[str, int]) -> None:
        """Adds a table of features, as far as they are known."""
        self.add(row, [known.get(name, -1) for name in table], list(table.values()))

    def cues(self, row: int, sentence: Sentence, distance: int, known: _CueColumns, moves: bool) -> None:
        """Adds a sentence's cues, as `features.counts` does, with `moves` as `features.alone` does."""
        weight = NEAR[distance] if distance < len(NEAR) else FAR
        turn = sentence.turn
        for hit in sentence.hits:
            if hit.move and not moves:
                continue
            plain, at, after, before = known[hit.feature]
            side = -1 if turn is None else after if hit.first >= turn else before
            self.add(row, (plain, side, at if distance == 0 else -1), (weight, weight, 1.0))


class _Side:
    """A vocabulary and its scorer, with columns of words as arrays."""

    def __init__(self, vocabulary: Vocabulary, scorer: Scorer, index: _Index, conceded: float = 1.0) -> None:
        self.conceded = conceded
        self.known = vocabulary.columns
        self.words = {f: index.columns(self.known[f]) for f in _WORDS if f in self.known}
        self.cues = _CueColumns(self.known.get("cues", {}))
        self.shapes = _Shapes(self.known.get("structure", {}))
        self.answers = self.known.get("answer", {})
        self.answered = self.known.get("answered", {})
        self.width = vocabulary.width
        self.rarity = vocabulary.rarity
        self.weights = np.ascontiguousarray(scorer.weights.T)
        self.intercepts = scorer.intercepts
        self.family = np.zeros(self.width, dtype=np.int64)
        for i, known in enumerate(self.known.values()):
            self.family[list(known.values())] = i
        self.scale = np.array([vocabulary.scale[f] for f in self.known])
        self.unscaled = np.array([f in UNSCALED for f in self.known])
        # By family, how an amount becomes a value; 0 where it is one already.
        self.change = np.array([_CHANGE.get(f, 0) for f in self.known])

    def scores(
        self, said: _Numbered, rows: Ints, distances: Ints, turns: Ints, after: Ints, listed: _Listed, n: int
    ) -> Floats:
        """Scores of `n` documents, an array of shape (n, classes). For each sentence of the speech: `rows`, the document it is part of or -1,
        `distances` to a mention, the first token after a `turn`, and `after`, the document before which it stands or -1; `listed` are the
        features beside the words."""
        row, distance = rows[said.sentences], distances[said.sentences]
        weight = _WEIGHTS[np.minimum(distance, len(NEAR))]
        single = slice(said.words)
        found: list[tuple[Ints, Ints, Floats]] = []
        if (columns := self.words.get("words")) is not None:
            found.append((row, columns[said.grams], weight))
        if (columns := self.words.get("mention")) is not None:
            at = distance == 0
            found.append((row[at], columns[said.grams[at]], np.ones(np.count_nonzero(at))))
        if (columns := self.words.get("turn")) is not None:
            at = (said.place[single] >= turns[said.sentences[single]]) & (distance[single] < len(NEAR))
            found.append((row[single][at], columns[said.grams[single][at]], weight[single][at]))
        if (columns := self.words.get("before")) is not None:
            found.append((after[said.sentences[single]], columns[said.grams[single]], np.ones(said.words)))
        found.append(
            (
                np.array(listed.rows, dtype=np.int64),
                np.array(listed.columns, dtype=np.int64),
                np.array(listed.amounts),
            )
        )
        row, column, amount = (np.concatenate(part) for part in zip(*found, strict=True))
        known = (row >= 0) & (column >= 0)
        keys, place = np.unique(row[known] * self.width + column[known], return_inverse=True)
        total: Floats = np.bincount(place, amount[known], len(keys)).astype(np.float64, copy=False)
        factor: Floats | float = 1.0
        if self.conceded != 1.0:
            turn = turns[said.sentences]
            held = np.ones(len(row), dtype=bool)
            held[: len(turn)] = (turn == _NEVER) | (said.place >= turn)  # the family `words` is the first
            factor = np.where(np.bincount(place, held[known], len(keys)) > 0, 1.0, self.conceded)
        return self._weigh(keys // self.width, keys % self.width, total, factor, n)

    def _weigh(self, row: Ints, column: Ints, amount: Floats, factor: Floats | float, n: int) -> Floats:
        """Scores of documents of which each feature is given once, as by `Vocabulary.vector` and `Scorer.scores`; `factor` is what its value
        is multiplied by before it is weighed."""
        family = self.family[column]
        change = self.change[family]
        log = np.log1p(amount)
        value = np.where(change == _LOG, log, np.where(change == _ONE, 1.0, amount))
        value = np.where((change == _MORE) & (amount >= 1.0), 1.0 + log, value)
        value *= self.rarity[column] * factor
        part = row * len(self.scale) + family
        squares = np.bincount(part, value * value, n * len(self.scale)).reshape(n, -1)
        squares[self.unscaled | (squares == 0.0)] = 1.0
        value *= (self.scale / np.sqrt(squares)).ravel()[part]
        weighed = self.weights[column] * value[:, None]
        return np.stack([np.bincount(row, one, n) for one in weighed.T], axis=1) + self.intercepts


class Scoring:
    """Both scorers of a model, made ready to score all sentences of a speech at once. Takes a tenth of a second to make."""

    def __init__(
        self, words: Vocabulary, addressed: Scorer, sentence_words: Vocabulary, sentence: Scorer
    ) -> None:
        self._index = _Index([words, sentence_words])
        self._speech = _Side(words, addressed, self._index)
        conceded = CONCEDED if "words" in sentence_words.columns else 1.0
        self._sentence = _Side(sentence_words, sentence, self._index, conceded)

    def scores(self, analysis: Analysis, asked: Sequence[int]) -> tuple[float, Floats]:
        """How far a speech takes a position, and what the sentences at `asked` say: an array of shape (sentences, labels)."""
        sentences = analysis.sentences
        said = self._index.read(sentences)
        how = features.named_how(analysis)
        turns = np.array([_NEVER if s.turn is None else s.turn for s in sentences])
        none = np.full(len(sentences), -1)
        distances = np.array([s.distance for s in sentences])
        whole = self._speech.scores(
            said, np.zeros_like(none), distances, turns, none, self._of_speech(analysis, how), 1
        )
        rows = none.copy()
        rows[asked] = np.arange(len(asked))
        after = none.copy()
        for row, i in enumerate(asked):
            if features.follows(analysis, i):
                after[i - 1] = row
        alone = self._sentence.scores(
            said,
            rows,
            np.zeros_like(none),
            turns,
            after,
            self._of_sentences(analysis, asked, how),
            len(asked),
        )
        return float(whole[0, 0]), alone

    def _of_speech(self, analysis: Analysis, how: Sequence[features.How]) -> _Listed:
        """What the speech scorer reads beside words."""
        side, listed = self._speech, _Listed()
        for sentence in analysis.sentences:
            listed.cues(0, sentence, sentence.distance, side.cues, moves=False)
        listed.add(0, *side.shapes[features.shape_of(analysis, how)])
        return listed

    def _of_sentences(self, analysis: Analysis, asked: Sequence[int], how: Sequence[features.How]) -> _Listed:
        """What the sentence scorer reads of each sentence beside words."""
        side, listed = self._sentence, _Listed()
        beside = [features.follows(analysis, i) for i in range(len(analysis.sentences))]
        replies = [
            reply(s.tokens) if after else "" for s, after in zip(analysis.sentences, beside, strict=True)
        ]
        for row, i in enumerate(asked):
            listed.cues(row, analysis.sentences[i], 0, side.cues, moves=True)
            listed.add(row, *side.shapes[features.shape_alone(analysis, i, how)])
            if side.answers and beside[i]:
                listed.table(row, features.answer(analysis, i, replies[i]), side.answers)
            if side.answered and i + 1 < len(beside) and beside[i + 1]:
                listed.table(row, features.answered(analysis, i, replies[i + 1]), side.answered)
        return listed
