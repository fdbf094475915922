"""The commands of the main job: `label` and `split`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.resources import invoked_as
from pipeline.tables import FORMATS

if TYPE_CHECKING:
    from pipeline.records import Problem
    from pipeline.run import Options, Progress, Summary

#: Notes on files that are there twice, and how many of them are printed.
_TWICE, _FIRST_FEW = frozenset(["duplicate", "same_speeches"]), 3

FORUMS = ("GA", "GA-general-debate", "GA-dialogue", "SC", "HRC", "other")


def _shared_options(command: Callable[..., int]) -> Callable[..., int]:
    options = [
        click.argument("inputs", nargs=-1, required=True, metavar="INPUT..."),
        click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Folder of the dataset."),
        click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS), help="Repeatable; default csv and parquet."),
        click.option("--jobs", type=click.IntRange(1), help="Processes; default all cores."),
        click.option("--all-turns", is_flag=True, help="Presidency and secretariat too."),
        click.option("--forum", type=click.Choice(FORUMS), help="Where the document does not say."),
        click.option("--debate", metavar="ID", help="Such as GA-72-R2P, where the document does not say."),
        click.option("--date", metavar="YYYY-MM-DD", callback=_date, help="Where the document does not say."),
        click.option(
            "--states", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
            help="CSV of further States and speakers.",
        ),
        click.option("--prune", is_flag=True, help="Drop documents that are no longer among the inputs."),
        click.option("--no-ocr", is_flag=True, help="Do not recognise text in pictures."),
        click.option("--engine", type=click.Choice(("pdfium", "pdfminer")), default="pdfium", show_default=True, help="PDF reader."),
        click.option("--time-limit", type=click.IntRange(1), metavar="SECONDS", help="For one document; default 300."),
        click.option("--memory-limit", type=click.IntRange(256), metavar="MB", help="For one document; default 4096."),
        click.option("--page-limit", type=click.IntRange(1), metavar="PAGES", help="For one document; default 3000."),
        click.option("--output-limit", type=click.IntRange(1), metavar="MB", help="Text of one document; default 256."),
        click.option("--cluster", metavar="tcp://HOST:PORT", help="Run on a Dask cluster (extra 'cluster')."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def _date(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from datetime import date

    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date of the form 2009-07-23") from None


@click.command(epilog="Example: r2p-stance label transcripts/ --out results")
@_shared_options
@click.option(
    "--model",
    type=click.Path(exists=True, path_type=Path),
    metavar="DIR",
    help="Another model than the one in use.",
)
def label(model: Path | None, **given: Any) -> int:
    """Reads transcripts (files, folders, zips), splits them into speeches, labels each and writes a dataset.

    Run it again with more inputs: only what is new or changed is read, and reviewers' labels stay.
    """
    return _run(replace(_options(given), model=model), given)


@click.command(epilog="Example: r2p-stance split transcripts/ --out speeches")
@_shared_options
def split(**given: Any) -> int:
    """Splits transcripts into speeches and writes them without labels (same columns, stance columns empty)."""
    return _run(replace(_options(given), stance=False), given)


def _options(given: dict[str, Any]) -> Options:
    from pipeline.run import Options
    from pipeline.sandbox import Limits

    limits = {
        "seconds": given["time_limit"],
        "memory_mb": given["memory_limit"],
        "pages": given["page_limit"],
        "output_mb": given["output_limit"],
    }
    return Options(
        formats=tuple(dict.fromkeys(given["formats"])) or ("csv", "parquet"),
        jobs=given["jobs"],
        all_turns=given["all_turns"],
        forum=given["forum"],
        debate=given["debate"],
        date=given["date"],
        states=given["states"],
        prune=given["prune"],
        engine=given["engine"],
        ocr=not given["no_ocr"],
        cluster=given["cluster"],
        limits=Limits(**{name: value for name, value in limits.items() if value is not None}),
    )


def _run(options: Options, given: dict[str, Any]) -> int:
    from pipeline.run import label as run

    inputs = [Path(name) for name in given["inputs"]]
    if sys.stderr.isatty():
        summary = _with_bar(lambda progress: run(inputs, given["out"], options, progress))
    else:
        summary = run(inputs, given["out"], options)
    for line in problem_lines(summary.problems):
        click.echo(line, err=True)
    click.echo(summary_table(summary, labelled=options.stance))
    return 1 if summary.failed else 0


def problem_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """Every input that was not read, and the notes; of files that are there twice, which may be a whole folder's, the first few."""
    twice = 0
    for problem in problems:
        if problem.code in _TWICE:
            twice += 1
            if twice > _FIRST_FEW:
                continue
        yield f"{'Not read' if problem.fatal else 'Note'}: {problem}"
    if twice > _FIRST_FEW:
        yield f"Note: {twice - _FIRST_FEW} more files are there twice; manifest.json in the dataset lists them all."


def _with_bar(run: Callable[[Callable[[Progress], None]], Summary]) -> Summary:
    import time

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    began, pages, speeches = time.monotonic(), 0, 0
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def show(step: Any) -> None:
            nonlocal pages, speeches
            pages, speeches = pages + step.pages, speeches + step.speeches
            rate = pages / max(time.monotonic() - began, 0.001)
            bar.update(
                task,
                total=step.total,
                completed=step.done,
                description=f"files · {speeches} speeches · {rate:.0f} pages/s",
            )

        return run(show)


def summary_table(summary: Summary, labelled: bool) -> str:
    """What was done, in plain lines: files, speeches, States, labels, what waits for review, where, and what next."""
    counts = summary.counts
    unchanged = f", {summary.unchanged} unchanged" if summary.unchanged else ""
    rows = [("files", f"{summary.read} read{unchanged}")]
    if summary.kept:
        rows.append(("", f"{summary.kept} of earlier runs kept"))
    if summary.failed:
        rows.append(("", f"{len(summary.failed)} could not be read"))
    rows.append(("pages", f"{counts.pages}"))
    by_role = ", ".join(f"{n} {role}" for role, n in counts.roles.most_common())
    only_delegates = set(counts.roles) <= {"delegate"}
    rows.append(("speeches", f"{counts.speeches}" + ("" if only_delegates else f" ({by_role})")))
    rows.append(
        (
            "States",
            f"{len(counts.states)}"
            + (f", {counts.unresolved} speeches without" if counts.unresolved else ""),
        )
    )
    if labelled and counts.speeches:
        for name in ("supportive", "conditional", "opposed", "not_addressed", "unsupported_language"):
            if counts.labels[name] or name in {"supportive", "conditional", "opposed"}:
                rows.append((name.replace("_", " "), str(counts.labels[name])))
        doubtful = " doubtful, for a person to read" if counts.needs_review else ""
        rows.append(("to review", f"{counts.needs_review}{doubtful}"))
        if people := counts.sources.total() - counts.sources["model"]:
            rows.append(
                (
                    "by reviewers",
                    f"{people}" + (f" ({summary.carried} carried over)" if summary.carried else ""),
                )
            )
    if summary.kept_aside:
        rows.append(
            (
                "kept aside",
                f"{summary.kept_aside} reviewed labels without their speech (reviews_kept_aside.jsonl)",
            )
        )
    rows.append(("time", f"{summary.seconds:.1f} s"))
    rows.append(("dataset", f"{summary.path} (its README.md says how to read it)"))
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:<{width}}  {value}" for name, value in rows]
    if summary.failed:
        lines.append(
            f"\nThe inputs that could not be read are listed above and in {summary.path / 'manifest.json'}."
        )
    if labelled and counts.speeches:
        # What can be opened at once: Excel's format where it was written, else the folder.
        table = summary.path / "speeches.csv"
        steps = [f"open {table if table.is_file() else summary.path}"]
        if counts.needs_review:
            steps.append(f"{invoked_as()} review {shlex.quote(str(summary.path))}")
        steps.append(f"{invoked_as()} report {shlex.quote(str(summary.path))} --out tracker.html")
        lines.append("")
        lines += [("Next: " if step is steps[0] else "      ") + step for step in steps]
    return "\n".join(lines)
