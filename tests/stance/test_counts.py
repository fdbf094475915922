"""Documents counted once give the vocabulary and the matrix that counting them anew would give."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.stance.linear import Counts, Tables, Vocabulary

DOCUMENTS: list[Tables] = [
    {"words": {"we": 1.0, "support _norm_": 2.0}, "structure": {"turn": 1.0}},
    {"words": {"we": 1.7}, "cues": {"reject": 0.7}},
    {},
    {
        "words": {"reject": 1.0, "we": 1.0},
        "cues": {"reject": 1.1, "support": 0.7},
        "structure": {"turn": 2.0},
    },
]
SCALE = {"words": 1.3, "cues": 0.8, "structure": 0.2}


@pytest.mark.parametrize("rows", [[0, 1, 2, 3], [3, 0], [2], [1, 3]])
@pytest.mark.parametrize("least", [1, 2])
@pytest.mark.parametrize("scale", [SCALE, {"cues": 1.0}, {"structure": 1.0, "words": 0.5, "before": 0.1}])
def test_a_selection_is_fitted_as_its_documents_are(
    rows: list[int], least: int, scale: dict[str, float]
) -> None:
    chosen = [DOCUMENTS[i] for i in rows]
    plain = Vocabulary.fit(chosen, scale, least)
    words, matrix = Counts.of(DOCUMENTS).fit(np.array(rows), scale, least)
    assert words.columns == plain.columns
    assert words.rarity.tolist() == plain.rarity.tolist()
    assert matrix.toarray() == pytest.approx(plain.matrix(chosen).toarray())
