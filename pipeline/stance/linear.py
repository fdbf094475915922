"""Linear scores over families of sparse features: vocabulary, weights per word, and which sentence weighed most.

A `Scorer` is arrays and words only, so that its file cannot run code. Fitting is scikit-learn's logistic regression.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Result = TypeVar("Result")
Tables = Mapping[str, Mapping[str, float]]

#: Families whose features are weighed by how rare they are among the training documents.
_RARITY = frozenset({"words", "mention", "turn"})
#: Families that are not brought to length one.
UNSCALED = frozenset({"structure"})
#: The score of a class that was never seen.
_NEVER = -10.0
#: When the optimiser stops: one of 1e-6 changes scores by 0.001 on average and takes half as long again, one of 1e-4 by 0.006 and takes two thirds.
TOLERANCE = 1e-5


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which features of which family have which column, with their rarity weights and the families' scales."""

    columns: dict[str, dict[str, int]]
    rarity: Floats
    scale: dict[str, float]

    @property
    def width(self) -> int:
        return len(self.rarity)

    @classmethod
    def fit(cls, documents: Sequence[Tables], scale: Mapping[str, float], least: int = 2) -> Vocabulary:
        """The vocabulary of training documents: features found in at least `least` of them, in alphabetical order."""
        columns: dict[str, dict[str, int]] = {}
        rarity: list[float] = []
        n = len(documents)
        for family in scale:
            frequency: Counter[str] = Counter()
            for tables in documents:
                frequency.update(tables.get(family, {}).keys())
            columns[family] = {}
            for name in sorted(k for k, v in frequency.items() if v >= least):
                columns[family][name] = len(rarity)
                rarity.append(np.log((1 + n) / (1 + frequency[name])) + 1 if family in _RARITY else 1.0)
        return cls(columns, np.asarray(rarity, dtype=np.float64), dict(scale))

    def vector(self, tables: Tables) -> tuple[NDArray[np.int64], Floats]:
        """Columns and values of one document."""
        all_columns: list[int] = []
        parts: list[Floats] = []
        for family, known in self.columns.items():
            table = tables.get(family)
            if not table:
                continue
            found: list[int] = []
            values: list[float] = []
            for name, value in table.items():
                column = known.get(name)
                if column is not None:
                    found.append(column)
                    values.append(value)
            if not found:
                continue
            array = np.array(values) * self.rarity[found]
            if family not in UNSCALED:
                array = array / np.sqrt(array @ array)
            all_columns.extend(found)
            parts.append(array * self.scale[family])
        if not parts:
            return np.empty(0, dtype=np.int64), np.empty(0)
        return np.asarray(all_columns, dtype=np.int64), np.concatenate(parts)

    def matrix(self, documents: Iterable[Tables]) -> Any:
        """A scipy CSR matrix, one row a document."""
        from scipy import sparse

        indices: list[NDArray[np.int64]] = []
        data: list[Floats] = []
        ends = [0]
        for tables in documents:
            columns, values = self.vector(tables)
            order = np.argsort(columns)
            indices.append(columns[order])
            data.append(values[order])
            ends.append(ends[-1] + len(columns))
        joined = np.concatenate(indices) if indices else np.empty(0, dtype=np.int64)
        values = np.concatenate(data) if data else np.empty(0)
        return sparse.csr_matrix((values, joined, ends), shape=(len(ends) - 1, self.width))


@dataclass(frozen=True, slots=True)
class Counts:
    """Documents counted once, so that vocabularies can be fitted to many selections of them in little time.

    `matrix` is a scipy CSR matrix of shape (documents, features), its columns by family, then by name; `families` says from which column
    to which a family goes.
    """

    matrix: Any
    names: tuple[str, ...]
    families: dict[str, tuple[int, int]]

    @classmethod
    def of(cls, documents: Sequence[Tables]) -> Counts:
        """Counts documents."""
        from scipy import sparse

        found: dict[str, set[str]] = {}
        for tables in documents:
            for family, table in tables.items():
                found.setdefault(family, set()).update(table)
        columns: dict[str, dict[str, int]] = {}
        names: list[str] = []
        for family, words in found.items():
            columns[family] = {name: len(names) + i for i, name in enumerate(sorted(words))}
            names.extend(columns[family])
        indices: list[int] = []
        values: list[float] = []
        ends = [0]
        for tables in documents:
            for family, table in tables.items():
                known = columns[family]
                indices.extend(known[name] for name in table)
                values.extend(table.values())
            ends.append(len(indices))
        matrix = sparse.csr_matrix((values, indices, ends), shape=(len(documents), len(names)))
        matrix.sort_indices()
        ranges = {family: (min(c.values(), default=0), len(c)) for family, c in columns.items()}
        return cls(matrix, tuple(names), {f: (first, first + n) for f, (first, n) in ranges.items()})

    def fit(
        self, rows: NDArray[np.int64], scale: Mapping[str, float], least: int = 2
    ) -> tuple[Vocabulary, Any]:
        """The vocabulary of some documents, as `Vocabulary.fit` gives it, and their weighted matrix, as `Vocabulary.matrix` does."""
        chosen = self.matrix[rows]
        frequency = np.bincount(chosen.indices, minlength=len(self.names))
        kept = {
            family: first + np.flatnonzero(frequency[first:end] >= least)
            for family in scale
            for first, end in [self.families.get(family, (0, 0))]
        }
        columns: dict[str, dict[str, int]] = {}
        rarity = [np.zeros(0)]
        at = 0
        for family, own in kept.items():
            columns[family] = {self.names[c]: at + i for i, c in enumerate(own)}
            at += len(own)
            rare = np.log((1 + len(rows)) / (1 + frequency[own])) + 1
            rarity.append(rare if family in _RARITY else np.ones(len(own)))
        words = Vocabulary(columns, np.concatenate(rarity), dict(scale))
        matrix = chosen[:, np.concatenate([*kept.values(), np.zeros(0, dtype=np.int64)])]
        family_of = np.repeat(np.arange(len(kept)), [len(own) for own in kept.values()])[matrix.indices]
        row_of = np.repeat(np.arange(len(rows)), np.diff(matrix.indptr))
        values = matrix.data * words.rarity[matrix.indices]
        place = row_of * len(kept) + family_of
        length = np.sqrt(np.bincount(place, values**2, len(rows) * len(kept)))
        length.reshape(len(rows), len(kept))[:, [f in UNSCALED for f in kept]] = 1.0
        matrix.data = values / length[place] * np.array([scale[f] for f in kept])[family_of]
        return words, matrix


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights of a linear model, one row a class (one row in all for two classes), and intercepts."""

    weights: Floats
    intercepts: Floats

    def scores(self, columns: NDArray[np.int64], values: Floats) -> Floats:
        """One score a class."""
        return np.asarray(self.weights[:, columns] @ values + self.intercepts)


def fit(
    matrix: Any,
    labels: NDArray[np.int64],
    weights: Floats,
    strength: float,
    classes: int = 2,
    tolerance: float = TOLERANCE,
) -> Scorer:
    """Logistic regression with L2 penalty 1/`strength`; deterministic (lbfgs on sparse rows, one thread).

    `labels` are 0 to `classes` - 1. Two classes have one row of weights, more have one each; a class without an example gets no
    weights and a score that never wins.
    """
    from sklearn.linear_model import LogisticRegression

    present = np.unique(labels)
    rows = 1 if classes == 2 else classes
    weight, intercept = np.zeros((rows, matrix.shape[1])), np.full(rows, _NEVER)
    if len(present) > 1:
        model = LogisticRegression(C=strength, max_iter=2000, tol=tolerance)
        model.fit(matrix, labels, sample_weight=weights)
        coefficients, constants = np.asarray(model.coef_), np.asarray(model.intercept_)
        if classes > 2 and len(present) == 2:
            coefficients = np.concatenate([-coefficients / 2, coefficients / 2])
            constants = np.concatenate([-constants / 2, constants / 2])
        places = [0] if classes == 2 else present
        weight[places], intercept[places] = coefficients, constants
    elif classes == 2:
        intercept[:] = _NEVER if present[0] == 0 else -_NEVER
    else:
        intercept[present] = 0.0
    # Half precision: two decimal digits more than the data can tell, and the same file from every processor.
    return Scorer(weight.astype(np.float16).astype(np.float64), intercept.round(6))


def balanced(labels: NDArray[np.int64], base: Floats, power: float) -> Floats:
    """Document weights times (n / (classes x class weight)) ** power: 0 leaves the imbalance, 1 removes it."""
    total = np.bincount(labels, weights=base)
    factor = (total.sum() / (np.count_nonzero(total) * np.maximum(total, 1e-9))) ** power
    return np.asarray(base * factor[labels])


def on_one_thread(call: Callable[..., Result], *given: Any) -> Result:
    """The result of a call whose fits keep to one thread: several on matrices this small wait for one another, ten times slower on two busy cores."""
    import scipy.optimize  # noqa: F401  (libraries that are loaded after the limit would not keep to it)
    import sklearn.linear_model  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return call(*given)
