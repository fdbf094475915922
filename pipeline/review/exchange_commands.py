"""The commands `export` and `import`: reviews out to and in from other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipeline.review.exchange import Given, Plan
    from pipeline.review.project import Project

KINDS = ("labelstudio", "prodigy", "xlsx", "csv", "audit", "corrections")

#: Conflicts printed one by one; the rest is counted.
_LISTED = 40


@contextmanager
def _opened(path: Path) -> Iterator[Project]:
    from pipeline.review.project import Project

    project = Project(path, other_model=False)
    try:
        yield project
    finally:
        project.close()


@click.command("export", epilog="Example: r2p-stance export results --to xlsx to-correct.xlsx")
@click.argument("dataset", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option(
    "--to",
    "kind",
    type=click.Choice(KINDS),
    required=True,
    help="Format. audit and corrections: CSV, or JSON Lines for FILE.jsonl.",
)
def export(dataset: Path, file: Path, kind: str) -> int:
    """Writes the speeches with the labels that count and every reading: for Label Studio, Prodigy or a spreadsheet.

    `audit` is the log of all that reviewers ever did; `corrections` what they noted for the maintainer.
    """
    from pipeline.review import labelstudio, logs, prodigy, spreadsheets
    from pipeline.review.exchange import ExchangeError

    writers: dict[str, Callable[[Project, Path], int]] = {
        "labelstudio": labelstudio.write,
        "prodigy": prodigy.write,
        "xlsx": spreadsheets.write_xlsx,
        "csv": spreadsheets.write_csv,
        "audit": lambda project, path: logs.write(logs.audit_rows(project), logs.AUDIT, path),
        "corrections": lambda project, path: logs.write(logs.correction_rows(project), logs.CORRECTION, path),
    }
    beside = file.with_name(f".{file.name}.new{file.suffix}")
    try:
        with _opened(dataset) as project:
            count = writers[kind](project, beside)
        beside.replace(file)
    except OSError as error:
        raise ExchangeError(f"{file}: cannot be written ({error.strerror or error}).") from error
    finally:
        beside.unlink(missing_ok=True)
    click.echo(f"  {count} {'rows' if kind in ('audit', 'corrections') else 'entries'} written to {file}")
    return 0


@click.command("import", epilog="Example: r2p-stance import results corrected.xlsx --reviewer Ada --dry-run")
@click.argument("dataset", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--reviewer", metavar="NAME", help="Whose labels they are, where the file does not say.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--yes", is_flag=True, help="Do not ask before applying.")
@click.option(
    "--replace", is_flag=True, help="A label of the file takes the place of the same reviewer's other label."
)
def import_(dataset: Path, file: Path, reviewer: str | None, dry_run: bool, yes: bool, replace: bool) -> int:
    """Takes labels from a spreadsheet (.xlsx, .csv), Label Studio (.json) or Prodigy (.jsonl) as reviewers' readings.

    Speeches are matched by speech_id. First a summary with all conflicts; nothing is applied before you agree. A label that
    differs from another reviewer's goes to adjudication.
    """
    from pipeline.review.exchange import ExchangeError, apply, plan
    from pipeline.review.refresh import refresh
    from pipeline.review.web import clean_name

    if reviewer is not None and (reviewer := clean_name(reviewer)) is None:
        raise click.BadParameter("give 1 to 60 letters, without a semicolon", param_hint="--reviewer")
    readers = {
        ".xlsx": "spreadsheets",
        ".csv": "spreadsheets",
        ".tsv": "spreadsheets",
        ".json": "labelstudio",
        ".jsonl": "prodigy",
    }
    if file.suffix.lower() not in readers:
        raise ExchangeError(f"{file}: name a file that ends in {', '.join(readers)}.")
    with _opened(dataset) as project:
        planned = plan(project, _read(file), reviewer, replace)
        _tell(planned)
        if dry_run or not planned.taken:
            click.echo("Nothing was applied." if planned.taken else "There is nothing to apply.")
            return 1 if planned.conflicts else 0
        if not yes and not _agreed(len(planned.taken)):
            click.echo("Nothing was applied.")
            return 1
        done = apply(project, planned, file)
    refresh(dataset)
    click.echo(f"{done} labels taken; the dataset's files hold them.")
    return 1 if planned.conflicts else 0


def _agreed(count: int) -> bool:
    try:
        return click.confirm(f"Apply {count} label{'s' if count != 1 else ''}?", default=False)
    except click.Abort:
        click.echo("\nNobody answered; --yes applies without asking.")
        return False


def _read(file: Path) -> Iterable[Given]:
    from pipeline.review import labelstudio, prodigy, spreadsheets

    match file.suffix.lower():
        case ".xlsx":
            return spreadsheets.read_xlsx(file)
        case ".json":
            return labelstudio.read(file)
        case ".jsonl":
            return prodigy.read(file)
    return spreadsheets.read_csv(file)


def _tell(planned: Plan) -> None:
    from collections import Counter

    rows = [
        ("read", str(planned.read)),
        ("unchanged", str(planned.unchanged)),
        ("new labels", f"{len(planned.taken)}" + (f" ({planned.disputes} differ from another reviewer's and go to adjudication)" if planned.disputes else "")),
        *((f"  {label.replace('_', ' ')}", str(n)) for label, n in Counter(t.given.label or "skip" for t in planned.taken).most_common()),
        ("conflicts", str(len(planned.conflicts))),
    ]  # fmt: skip
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        click.echo(f"  {name:<{width}}  {value}")
    for given, why in planned.conflicts[:_LISTED]:
        click.echo(f"Conflict: {given.where}, {given.speech_id or 'no speech_id'}: {why}.", err=True)
    if len(planned.conflicts) > _LISTED:
        click.echo(f"... and {len(planned.conflicts) - _LISTED} more conflicts.", err=True)
