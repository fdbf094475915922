"""The commands `evaluate`, `train` and `models`: parse, call, print."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click


@click.command(epilog="Example: r2p-stance evaluate labelled.jsonl --predictions judged.jsonl")
@click.argument("labelled", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--model", metavar="NAME", help="Name or folder of a model; default the one in use.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
@click.option(
    "--predictions",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="One JSON object a speech.",
)
def evaluate(labelled: Path, model: str | None, as_json: bool, predictions: Path | None) -> int:
    """Scores a model on labelled speeches: JSON Lines or CSV with at least `text` and `label`."""
    from pipeline.stance.commands import run_evaluate, scores_table

    result = run_evaluate(labelled, model, predictions)
    click.echo(json.dumps(result) if as_json else scores_table(result))
    return 0


@click.command(epilog="Example: r2p-stance train --corrections results --texts records/ungdc/speeches")
@click.option(
    "--corrections",
    "datasets",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="A labelled dataset with reviewed labels; repeatable.",
)
@click.option(
    "--texts",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="DIR",
    help="Real texts to join with the stand-off labels (r2p-stance fetch --ungdc); repeatable.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where the model's folder goes; default where this installation keeps its models.",
)
@click.option("--accept", is_flag=True, help="Put the new model in use even if it may be worse.")
def train(datasets: tuple[Path, ...], texts: tuple[Path, ...], out: Path | None, accept: bool) -> int:
    """Trains a model on the corpus and reviewed labels, compares it with the one in use, and takes its place only if not worse.

    In a checkout models go to models/, elsewhere to the user's data folder. With --out the new model is put in use only with --accept.
    """
    from pipeline.stance.commands import run_train
    from pipeline.stance.model_card import report

    quiet = not sys.stderr.isatty()
    outcome = run_train(
        datasets,
        texts,
        out,
        accept,
        progress=lambda message: None if quiet else click.echo(f"... {message}", err=True),
    )
    click.echo(report(outcome))
    return 0


@click.command(epilog="Example: r2p-stance models use first")
@click.argument("action", type=click.Choice(["list", "use"]), default="list")
@click.argument("name", required=False)
def models(action: str, name: str | None) -> int:
    """Lists the models there are, or puts another one in use."""
    from pipeline.stance.commands import run_models

    if (action == "use") != bool(name):
        raise click.UsageError("Say which model to use: r2p-stance models use NAME")
    for row in run_models(name if action == "use" else None):
        mark = "*" if row["in_use"] else " "
        score = (row.get("scores") or {}).get("macro_f1")
        facts = row.get("problem") or (f"macro-F1 {score:.2f}" if isinstance(score, float) else "")
        click.echo(f"{mark} {row['name']:<24} {facts:<16} {row['path']}")
    return 0
