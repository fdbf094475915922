"""The command `report`: labelled datasets -> the position tracker."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(epilog="Example: r2p-stance report results --out tracker.html")
@click.argument("datasets", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DATASET...")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="The page."
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the positions as CSV and parquet.",
)
@click.option(
    "--figures",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write each picture as SVG and PNG, its table as CSV.",
)
@click.option(
    "--compare",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="CSV of positions kept by hand: state, year, stance.",
)
@click.option(
    "--states",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="CSV of further States; default the one that the datasets were made with.",
)
@click.option(
    "--title",
    default="Positions of States on the responsibility to protect",
    show_default=True,
    help="Title of the page.",
)
def report(
    datasets: tuple[Path, ...],
    out: Path,
    data: Path | None,
    figures: Path | None,
    compare: Path | None,
    states: Path | None,
    title: str,
) -> int:
    """Makes the position tracker from labelled datasets: one self-contained HTML file.

    Who took the floor and for whom, stance shares with intervals, each State's positions with the deciding
    sentences, themes, objections, votes. The page needs no network and no server: mail it, print it.
    """
    from pipeline.report.tracker import track

    made = track(datasets, out, data=data, figures=figures, compare=compare, states=states, title=title)
    for note in made.notes:
        click.echo(f"Note: {note}", err=True)
    width = max(len(name) for name, _ in made.facts)
    for name, value in made.facts:
        click.echo(f"  {name:{width}}  {value}")
    return 0
