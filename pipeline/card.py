"""The dataset card: the README.md of a labelled dataset, in words that a reader can cite and check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.dataset import Counts

_MEANING = {
    "supportive": "endorses R2P or its implementation without a limiting reservation",
    "conditional": "accepts R2P, or part of it, within limits or subject to further agreement",
    "opposed": "rejects R2P or its legitimacy",
    "not_addressed": "takes no position on R2P (a status, not a stance)",
    "unsupported_language": "not in English, therefore not labelled",
    "not labelled": "split only; no label was asked for",
}


def dataset_card(manifest: dict[str, Any], counts: Counts) -> str:
    """The card in Markdown: what is in the dataset, who or what made each label, and what it must not be used for."""
    model = manifest.get("model") or {}
    years = f"{min(counts.years)} to {max(counts.years)}" if counts.years else "not known"
    labels = "\n".join(
        f"| {label} | {counts.labels[label]} | {_MEANING[label]} |"
        for label in _MEANING
        if counts.labels.get(label)
    )
    made_by = ", ".join(f"{n} by {source}" for source, n in sorted(counts.sources.items())) or "none"
    problems = manifest.get("problems", [])
    failed = sum(1 for problem in problems if problem.get("fatal"))
    return f"""# Speeches in UN debates and their stance on the responsibility to protect

{counts.speeches} speeches from {counts.documents} documents ({counts.pages} pages), years {years}, {len(counts.states)} States and observers.
Made with r2p-stance {manifest.get("tool", {}).get("version", "")}{f", model {model['name']}" if model.get("name") else ", without a model (split only)"}.

| label | speeches | what it says of the speech |
| --- | --- | --- |
{labels}

Labels by source: {made_by}. Waiting for review: {counts.needs_review}.
Delegates' speeches whose State could not be told: {counts.unresolved}. Inputs that could not be read: {failed} (listed in manifest.json).

## How to read it
- A label is about one speech, in the words of that speech. It is not the State's known policy, and a vote or a silence is not a stance.
- `label_source` says who or what made a label: `model`, `reviewer` (one person's reading) or `adjudicated` (two readings settled).
  Labels by the model are estimates: `confidence` is the calibrated probability of the label given that there is a stance.
- `evidence` is the deciding sentence, with its place in `text`; `document`, `page_start` and `page_end` lead to the source.
- `datapackage.json` describes every column; `manifest.json` lists the inputs with their SHA-256, the settings and every problem met.
- In CSV, lists are JSON arrays, and cells that a spreadsheet would run carry a leading apostrophe (spans refer to the text without it).

## Not for
Ranking States, judging whether deeds match words, or quoting a label without the sentence it rests on.
"""
