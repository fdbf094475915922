"""Scores of a stance model on labelled speeches, as `r2p-stance evaluate` prints them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.records import LABELS, NOT_ADDRESSED, STANCES, Judgement
from pipeline.stance.corpus import Example
from pipeline.stance.model import StanceModel

Floats = NDArray[np.float64]


def predicted(judgement: Judgement) -> str:
    """The label that a judgement amounts to."""
    return str(judgement.stance) if judgement.stance else NOT_ADDRESSED


def judge_all(model: StanceModel, examples: Sequence[Example]) -> list[Judgement]:
    """The model's judgement of each example, by its own target."""
    return [model.judge_one(e.text, e.whole_speech, e.target) for e in examples]


def certainty(judgement: Judgement) -> float:
    """The probability the model gives its own label, taking a position included: what the review rule looks at."""
    p = judgement.p_addressed or 0.0
    return p * (judgement.confidence or 0.0) if judgement.stance else 1.0 - p


def scores(labels: Sequence[str], judgements: Sequence[Judgement]) -> dict[str, Any]:
    """The JSON object of DESIGN.md. `ece` (10 bins of `confidence`) and `coverage_at_5pct_error` are over speeches whose label is a
    stance, as `macro_f1` is; a stance taken for `not_addressed` is wrong there. Adds `brier`, `log_loss` and, under `labels`, what the scores over
    all four labels are."""
    predictions = [predicted(j) for j in judgements]
    confusion = {a: dict.fromkeys(LABELS, 0) for a in LABELS}
    for label, guess in zip(labels, predictions, strict=True):
        confusion[label][guess] += 1
    stance_rows = [i for i, label in enumerate(labels) if label != NOT_ADDRESSED]
    per_class: dict[str, dict[str, float | int]] = {}
    for stance in STANCES:
        hit = confusion[stance][stance]
        support = sum(confusion[stance].values())
        guessed = sum(confusion[a][stance] for a in STANCES)
        precision = hit / guessed if guessed else 0.0
        recall = hit / support if support else 0.0
        f1 = 2 * precision * recall / (precision + recall) if hit else 0.0
        per_class[str(stance)] = {"precision": precision, "recall": recall, "f1": f1, "support": support}
    present = [per_class[s]["f1"] for s in STANCES if per_class[s]["support"]]
    right = np.array([labels[i] == predictions[i] for i in range(len(labels))], dtype=bool)
    sure = np.array([certainty(j) for j in judgements])
    confidence = np.array(
        [judgements[i].confidence or 1 - (judgements[i].p_addressed or 0.0) for i in stance_rows]
    )
    with_stance = sum(confusion[a][b] for a in STANCES for b in STANCES)
    all_guessed = with_stance + sum(confusion[NOT_ADDRESSED][b] for b in STANCES)
    n_stance = len(stance_rows)
    return {
        "n": len(labels),
        "macro_f1": float(np.mean(present)) if present else None,
        "accuracy": float(right[stance_rows].mean()) if n_stance else None,
        "per_class": per_class,
        "confusion": confusion,
        "ece": ece(confidence, right[stance_rows]) if n_stance else None,
        "coverage_at_5pct_error": coverage(sure[stance_rows], right[stance_rows]) if n_stance else None,
        "addressed": {
            "precision": with_stance / all_guessed if all_guessed else None,
            "recall": with_stance / n_stance if n_stance else None,
        },
        **_proper(labels, judgements, stance_rows),
        "all_labels": {
            "accuracy": float(right.mean()) if len(right) else None,
            "coverage_at_5pct_error": coverage(sure, right) if len(right) else None,
            "passes_unreviewed": float(np.mean([not j.needs_review for j in judgements]))
            if judgements
            else None,
            "error_unreviewed": _error([not j.needs_review for j in judgements], right),
        },
    }


def _error(passing: Sequence[bool], right: NDArray[np.bool_]) -> float | None:
    kept = right[np.array(passing, dtype=bool)]
    return float(1 - kept.mean()) if len(kept) else None


def _proper(
    labels: Sequence[str], judgements: Sequence[Judgement], rows: Sequence[int]
) -> dict[str, float | None]:
    """Brier score and log loss of the three stances; a stance taken for `not_addressed` counts as even odds."""
    if not rows:
        return {"brier": None, "log_loss": None}
    brier, loss = 0.0, 0.0
    for i in rows:
        j = judgements[i]
        p = np.array([j.p_opposed, j.p_conditional, j.p_supportive]) if j.stance else np.full(3, 1 / 3)
        truth = np.array([labels[i] == s for s in STANCES], dtype=float)
        brier += float(((p - truth) ** 2).sum())
        loss -= float(np.log(max(float(p @ truth), 1e-6)))
    return {"brier": brier / len(rows), "log_loss": loss / len(rows)}


def ece(confidence: Floats, right: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error: the mean gap between confidence and accuracy over equally wide bins (Naeini et al. 2015)."""
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(
        sum(
            (which == b).mean() * abs(confidence[which == b].mean() - right[which == b].mean())
            for b in set(which.tolist())
        )
    )


def coverage(sure: Floats, right: NDArray[np.bool_], error: float = 0.05) -> float:
    """The largest share of speeches, the surest first, of which at most `error` are wrong (Geifman and El-Yaniv 2017)."""
    order = np.argsort(-sure, kind="stable")
    wrong = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    passing = np.flatnonzero(wrong <= error)
    return float((passing[-1] + 1) / len(order)) if len(passing) else 0.0


def prediction_row(example: Example, judgement: Judgement) -> dict[str, Any]:
    """One line of `--predictions`: the speech's id and the dataset's stance columns."""
    evidence = judgement.evidence
    return {
        "id": example.id,
        "r2p_mentions": judgement.r2p_mentions,
        "status": str(judgement.status),
        "stance": str(judgement.stance) if judgement.stance else None,
        "p_opposed": judgement.p_opposed,
        "p_conditional": judgement.p_conditional,
        "p_supportive": judgement.p_supportive,
        "p_addressed": judgement.p_addressed,
        "confidence": judgement.confidence,
        "needs_review": judgement.needs_review,
        "evidence": example.text[evidence.start : evidence.end] if evidence else None,
        "evidence_start": evidence.start if evidence else None,
        "evidence_end": evidence.end if evidence else None,
        "themes": sorted({hit.theme for hit in judgement.themes}),
        "model": judgement.model,
        "label_source": "model",
    }
