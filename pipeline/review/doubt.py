"""Reasons for doubt: why a person should look at a speech. One idea a function, all with the same call, stacked by adding up.

Each reason takes a row of `speeches` (as the model left it) and the `Context` of its dataset, and gives how strongly it
speaks (0 to 1) with words for the reviewer, or None. To change the queue, change `REASONS`.

>>> row = {"status": "labelled", "stance": "supportive", "p_supportive": 0.48, "p_conditional": 0.45, "p_opposed": 0.07}
>>> small_margin(row, Context()).words
'two labels are close: supportive 48 %, conditional 45 %'
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.dataset import PRIVATE, Dataset, stored_rows
from pipeline.records import NOT_ADDRESSED, STANCES, Status, needs_reading
from pipeline.tables import Row

#: From this sum on a speech is in the queue; below it, only the audit asks for it. On the 169 General Debate speeches
#: beside the checkout, which a person had labelled, `scripts/review_benchmark --queue` prints how errors are spread over it.
IN_QUEUE = 0.5

#: From so many limiting or rejecting sentences on, more of them bring a speech no further forward.
_MANY = 4.0

_LIKELY_ERRORS = "likely_errors.json"


class Doubt(NamedTuple):
    """How strongly a reason speaks, 0 to 1, and what the reviewer reads."""

    strength: float
    words: str


@dataclass(frozen=True)
class Context:
    """What reasons need to know beside the row. `review_below` is the model's own rule; `quality` is the text quality (0 to 1) by
    document; `likely_errors` the out-of-fold probability of the label given, by speech_id; `other_model` another model's label,
    by speech_id, with `other_name`; `limiting` how many sentences are expected to limit or reject R2P, by document and speech_no; `copies` the original of a document whose speeches stand
    in another one; `whose_words`, by document, why it is not sure whose words a text has."""

    review_below: float = 0.8
    quality: Mapping[str, float] = field(default_factory=dict)
    recognised: frozenset[str] = frozenset()
    likely_errors: Mapping[str, float] = field(default_factory=dict)
    other_model: Mapping[str, str] = field(default_factory=dict)
    other_name: str = ""
    limiting: Mapping[tuple[str, int], float] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)
    whose_words: Mapping[str, str] = field(default_factory=dict)


def model_label(row: Row) -> str | None:
    """The label that the model gave, even where a person's label stands in the row by now: the probabilities tell.
    None where no model judged the speech."""
    if row.get("label_source", "model") in ("model", None):
        return row.get("stance") or (NOT_ADDRESSED if row.get("status") == NOT_ADDRESSED else None)
    chances = probabilities(row)
    if chances:
        return max(chances, key=lambda name: chances[name])
    return NOT_ADDRESSED if row.get("p_addressed") is not None else None


def probabilities(row: Row) -> dict[str, float]:
    """Stance -> probability; empty where the model gave no stance."""
    found = {str(stance): row.get(f"p_{stance}") for stance in STANCES}
    return {k: v for k, v in found.items() if v is not None} if None not in found.values() else {}


def certainty(row: Row) -> float | None:
    """The probability that the model gives its own label, taking a position included."""
    chances, addressed = probabilities(row), row.get("p_addressed")
    if chances:
        return max(chances.values()) * (1.0 if addressed is None else addressed)
    return None if addressed is None else 1.0 - addressed


def percent(p: float) -> str:
    """A probability as the pages print it, never rounded up to certainty.

    >>> percent(0.9999), percent(0.004)
    ('>99 %', '<1 %')
    """
    whole = round(100 * p)
    if whole >= 100 and p < 1:
        return ">99 %"
    return "<1 %" if whole == 0 and p > 0 else f"{whole} %"


def no_model(row: Row, context: Context) -> Doubt | None:
    """No model judged the speech (it was only split)."""
    return Doubt(1.0, "no model has judged it") if row.get("status") is None else None


def low_probability(row: Row, context: Context) -> Doubt | None:
    """The model gives its own label less than its review rule asks for."""
    sure = certainty(row)
    if sure is None or sure >= context.review_below:
        return None
    strength = 0.5 + 0.5 * (context.review_below - sure) / context.review_below
    words = f"low probability: {say(model_label(row))} {percent(sure)}"
    if chances := probabilities(row):
        words = f"low probability: {model_label(row)} {percent(max(chances.values()))}"
        if row.get("p_addressed") is not None:
            words += f", {percent(row['p_addressed'])} that it takes a position"
    return Doubt(min(1.0, strength), words)


def small_margin(row: Row, context: Context) -> Doubt | None:
    """The two likeliest stances are close."""
    chances = sorted(probabilities(row).items(), key=lambda item: -item[1])
    if not chances or (margin := chances[0][1] - chances[1][1]) >= 0.3:
        return None
    (first, p), (second, q) = chances[:2]
    return Doubt(1 - margin / 0.3, f"two labels are close: {first} {percent(p)}, {second} {percent(q)}")


def position_unsure(row: Row, context: Context) -> Doubt | None:
    """It is unclear whether the speech takes a position at all."""
    p = row.get("p_addressed")
    if p is None or not 0.2 < p < 0.8:
        return None
    return Doubt(1 - abs(p - 0.5) / 0.3, f"unclear whether it takes a position: {percent(p)} that it does")


def rare_class(row: Row, context: Context) -> Doubt | None:
    """A rarer stance than the one chosen is not out of the question: `opposed` is missed most easily."""
    label, chances = model_label(row), probabilities(row)
    for rare, floor in (("opposed", 0.1), ("conditional", 0.2)):
        p = chances.get(rare, 0.0)
        if label == "supportive" and p >= floor:
            return Doubt(min(1.0, p / (3 * floor)), f"may be {rare}: {percent(p)}")
    return None


def rare_label(row: Row, context: Context) -> Doubt | None:
    """The label itself is the rarest: each one matters and few examples taught it."""
    return Doubt(1.0, "labelled opposed, the rarest label") if model_label(row) == "opposed" else None


def parts_disagree(row: Row, context: Context) -> Doubt | None:
    """The arguments found do not fit the label: two parts of the program that work apart from each other."""
    kinds = [_theme_kinds().get(theme, "") for theme in row.get("themes") or ()]
    objections, support = kinds.count("objection"), kinds.count("support") + kinds.count("measure")
    label = model_label(row)
    if label == "supportive" and objections > support:
        return Doubt(min(1.0, objections / 2), "labelled supportive, but its arguments are objections")
    if label == "opposed" and support > objections:
        return Doubt(min(1.0, support / 2), "labelled opposed, but its arguments support the norm")
    if label == NOT_ADDRESSED and objections + support > 1:
        return Doubt(0.5, "labelled as taking no position, but it argues on R2P")
    return None


def versions_disagree(row: Row, context: Context) -> Doubt | None:
    """Another model gives another label."""
    other = context.other_model.get(row["speech_id"])
    if other is None or other == model_label(row):
        return None
    return Doubt(
        1.0, f"models disagree: {say(model_label(row))} here, {say(other)} by model {context.other_name}"
    )


def weak_evidence(row: Row, context: Context) -> Doubt | None:
    """A stance without a deciding sentence, or in a speech where no plain mention of R2P was found."""
    if not probabilities(row):
        return None
    if not row.get("evidence"):
        return Doubt(1.0, "no deciding sentence was found")
    if not row.get("r2p_mentions"):
        return Doubt(0.6, "no plain mention of R2P was found")
    return None


def poor_text(row: Row, context: Context) -> Doubt | None:
    """The text was badly read: scans, damaged fonts."""
    quality = context.quality.get(row["document"])
    if quality is None or quality >= 0.85:
        return None
    source = "recognised from a picture, " if row["document"] in context.recognised else ""
    return Doubt(min(1.0, (1 - quality) * 2), f"poor text: {source}quality {percent(quality)}")


def no_state(row: Row, context: Context) -> Doubt | None:
    """A delegate whose State is not known."""
    missing = row.get("role") == "delegate" and not row.get("iso3")
    return Doubt(1.0, "the State is not resolved") if missing else None


def likely_wrong(row: Row, context: Context) -> Doubt | None:
    """A model that had not seen the speech gives its label little chance (out-of-fold probabilities of the training)."""
    p = context.likely_errors.get(row["speech_id"])
    if p is None:
        return None
    return Doubt(1 - p, f"label likely wrong: {percent(p)} by a model that had not seen the speech")


def not_own_words(row: Row, context: Context) -> Doubt | None:
    """The words may be a reporter's, or several speakers'."""
    words = context.whose_words.get(row["document"])
    return Doubt(1.0, words) if words and row.get("needs_review") else None


def asked_for(row: Row, context: Context) -> Doubt | None:
    """The model's review rule asked for a person, and no other reason says why."""
    told = low_probability(row, context) or not_own_words(row, context)
    wanted = row.get("needs_review") and told is None
    return Doubt(1.0, "the model asks for a person") if wanted else None


def limits_expected(row: Row, context: Context) -> Doubt | None:
    """Sentences that may limit or reject R2P: no doubt by themselves, but what users look for and what teaches the model most."""
    amount = context.limiting.get((row["document"], row["speech_no"]), 0.0)
    if amount < 0.3:
        return None
    number = "1 sentence" if round(amount, 1) == 1 else f"{amount:.1f} sentences"
    return Doubt(min(1.0, amount / _MANY), f"may limit or reject R2P in about {number}")


Reason = Callable[[Row, Context], Doubt | None]

#: Every reason with its weight: the queue's order is the weighted sum of the strengths, highest first.
REASONS: tuple[tuple[Reason, float], ...] = (
    (no_model, 1.0),
    (low_probability, 1.0),
    (small_margin, 1.0),
    (position_unsure, 1.0),
    (likely_wrong, 2.0),
    (versions_disagree, 1.5),
    (rare_class, 1.0),
    (parts_disagree, 0.7),
    (not_own_words, 0.5),
    (asked_for, 0.5),
    (rare_label, 0.5),
    (no_state, 0.5),
    (weak_evidence, 0.4),
    (poor_text, 0.4),
)

#: Reasons that put no speech into the queue, but bring one that is there forward. docs/learning-curve.md measures what this one does.
FORWARD: tuple[tuple[Reason, float], ...] = ((limits_expected, 4.0),)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The stacked doubt of a speech: the sum, and why, strongest first."""

    score: float
    why: tuple[str, ...]


def doubt(row: Row, context: Context, reasons: Sequence[tuple[Reason, float]] = REASONS) -> Verdict:
    """All reasons added up. A speech in a language that no model judges has none, nor has one of a copy: they are found by filter, not by the queue."""
    if (other := context.copies.get(row["document"])) is not None:
        return Verdict(0.0, (f"a copy: {other} has the speech as well",))
    if row.get("status") == Status.UNSUPPORTED_LANGUAGE:
        return Verdict(0.0, ("not in English: no model judges it",))
    found = _given(row, context, reasons)
    if sum(part for part, _ in found) >= IN_QUEUE:
        found += _given(row, context, FORWARD)
    found.sort(key=lambda part: -part[0])
    return Verdict(round(sum(part for part, _ in found), 4), tuple(words for _, words in found))


def _given(row: Row, context: Context, reasons: Sequence[tuple[Reason, float]]) -> list[tuple[float, str]]:
    given = ((reason(row, context), weight) for reason, weight in reasons)
    return [
        (weight * one.strength, one.words) for one, weight in given if one is not None and one.strength > 0
    ]


def say(label: str | None) -> str:
    """A label in words."""
    return (label or "no label").replace("_", " ")


@lru_cache(maxsize=1)
def _theme_kinds() -> dict[str, str]:
    from pipeline.stance.themes import themes

    return {theme.id: theme.kind for theme in themes()}


def context_of(dataset: Dataset) -> Context:
    """What a dataset's manifest, meetings and the training's list of likely errors tell."""
    model: dict[str, Any] = dataset.manifest.get("model") or {}
    quality: dict[str, float] = {}
    recognised = set()
    copies: dict[str, str] = {}
    whose: dict[str, str] = {}
    columns = ["document", "text_quality", "ocr_pages", "same_as", "kind", "convention"]
    for row in dataset.rows("meetings", columns):
        if words := needs_reading(row["kind"], row["convention"]):
            whose[row["document"]] = words
        if row["same_as"]:
            copies[row["document"]] = row["same_as"]
        if row["text_quality"] is not None:
            quality[row["document"]] = row["text_quality"]
        if row["ocr_pages"]:
            recognised.add(row["document"])
    return Context(
        review_below=model.get("review_below") or 0.8,
        quality=quality,
        recognised=frozenset(recognised),
        likely_errors=read_likely_errors(dataset.path),
        copies=copies,
        whose_words=whose,
    )


def limiting_sentences(dataset: Dataset) -> dict[tuple[str, int], float]:
    """How many sentences of each speech are expected to limit or reject R2P, by document and speech_no: what the run that labelled the dataset kept beside its tables; nothing of documents whose stored rows are gone."""
    found = {}
    for entry in dataset.manifest.get("inputs", []):
        for row in stored_rows(dataset.path, entry.get("judged_key"), "judged"):
            if "_limiting" in row:
                found[entry["document"], row["_speech_no"]] = float(row["_limiting"])
    return found


def write_likely_errors(dataset: Path, found: Mapping[str, float]) -> None:
    """Keeps the out-of-fold probability of the label given, by speech_id, for the queue: for the training to call."""
    path = dataset / PRIVATE / _LIKELY_ERRORS
    path.parent.mkdir(exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(dict(sorted(found.items()))), encoding="utf-8")
    beside.replace(path)


def read_likely_errors(dataset: Path) -> dict[str, float]:
    """What `write_likely_errors` kept; empty where it never did."""
    try:
        found = json.loads((dataset / PRIVATE / _LIKELY_ERRORS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): float(v) for k, v in found.items()} if isinstance(found, dict) else {}
