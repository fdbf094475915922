"""The bodies of `r2p-stance evaluate`, `train` and `models`: plain functions that the command line calls and prints.

Each returns what it has to say; nothing here parses options.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.records import LABELS
from pipeline.stance import registry

if TYPE_CHECKING:
    from pipeline.stance.retrain import Outcome


def run_evaluate(labelled: Path, model: str | None = None, predictions: Path | None = None) -> dict[str, Any]:
    """Scores of a model (by name or folder; default the one in use) on labelled speeches: the JSON object of DESIGN.md.

    `predictions` is a file for one JSON object a speech. Raises InputError for input that cannot be used.
    """
    from pipeline.stance.baselines import baselines
    from pipeline.stance.corpus import load_labelled
    from pipeline.stance.evaluation import judge_all, scores
    from pipeline.stance.model import load_model

    examples = load_labelled(labelled)
    judge = load_model(registry.find(model) if model else None, themes=predictions is not None)
    judgements = judge_all(judge, examples)
    if predictions:
        from pipeline.stance.evaluation import prediction_row

        predictions.parent.mkdir(parents=True, exist_ok=True)
        with predictions.open("w", encoding="utf-8", newline="\n") as out:
            for example, judgement in zip(examples, judgements, strict=True):
                out.write(json.dumps(prediction_row(example, judgement), ensure_ascii=False) + "\n")
    found = scores([e.label for e in examples], judgements)
    return {"model": judge.name, **found, "baselines": baselines(examples)}


def scores_table(result: dict[str, Any]) -> str:
    """The scores of `run_evaluate` as a table for a terminal."""
    lines = [f"Model {result.get('model', '')} on {result['n']} labelled speeches", ""]
    lines.append(f"{'':14}{'precision':>10}{'recall':>8}{'F1':>7}{'n':>6}")
    for label, row in result["per_class"].items():
        lines.append(
            f"{label:14}{row['precision']:>10.2f}{row['recall']:>8.2f}{row['f1']:>7.2f}{row['support']:>6}"
        )
    addressed = result["addressed"]
    lines += [
        "",
        f"macro-F1 of the stances      {_number(result['macro_f1'])}",
        f"accuracy                     {_number(result['accuracy'])}",
        f"calibration error (ECE)      {_number(result['ece'])}",
        f"passes at 5% error           {_number(result['coverage_at_5pct_error'])}",
        f"takes a position: precision  {_number(addressed['precision'])}, recall {_number(addressed['recall'])}",
        "",
        f"{'Baselines':28}macro-F1  accuracy",
        *(
            f"{words:28}{_number(result['baselines'][name]['macro_f1']):>8}  {_number(result['baselines'][name]['accuracy']):>8}"
            for name, words in (("majority", "most frequent stance"), ("cue_count", "counting cues"))
        ),
        "",
        "Confusion (rows: label, columns: model)",
        f"{'':14}" + "".join(f"{name:>15}" for name in LABELS),
    ]
    lines += [f"{a:14}" + "".join(f"{result['confusion'][a][b]:>15}" for b in LABELS) for a in LABELS]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def run_train(
    datasets: Sequence[Path] = (),
    texts: Sequence[Path] = (),
    out: Path | None = None,
    accept: bool = False,
    progress: Callable[[str], None] = lambda message: None,
) -> Outcome:
    """Trains a model and compares it with the one in use (`pipeline.stance.retrain`). Raises InputError or DatasetError in words."""
    from pipeline.stance.retrain import retrain

    return retrain(datasets, texts, out, accept, progress=progress)


def run_models(use: str | None = None) -> list[dict[str, Any]]:
    """The models there are, each with `name`, `path`, `in_use`, `macro_f1`; with `use`, makes that one the model in use first.

    Raises InputError for an unknown name.
    """
    from pipeline.records import InputError

    if use:
        registry.use(use)
    try:
        current = registry.model_in_use()
    except InputError:
        current = None
    rows = []
    for name, path in registry.models().items():
        try:
            facts = registry.describe(path)
        except InputError as error:
            rows.append({"name": name, "path": str(path), "in_use": path == current, "problem": str(error)})
            continue
        rows.append({"path": str(path), "in_use": path == current, **facts})
    return rows
