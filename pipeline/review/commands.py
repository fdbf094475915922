"""The command `review`: the review page for datasets."""

from __future__ import annotations

from pathlib import Path

import click

_SHARE = click.FloatRange(0, 1)


@click.command(epilog="Example: r2p-stance review results")
@click.argument("datasets", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR...")
@click.option(
    "--port", type=click.IntRange(0, 65535), metavar="N", help="Default: the first free one from 8765."
)
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@click.option(
    "--documents",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="DIR",
    help="Where the source documents are; repeatable. Default: where they were labelled from.",
)
@click.option(
    "--audit-share",
    type=_SHARE,
    metavar="0..1",
    help="Share of speeches without doubt to check; default 0.1. Kept.",
)
@click.option(
    "--second-share",
    type=_SHARE,
    metavar="0..1",
    help="Share that a second person reads blind; default 0. Kept.",
)
@click.option("--seed", metavar="TEXT", help="Of both draws. Kept.")
@click.option(
    "--lead",
    "leads",
    multiple=True,
    metavar="NAME",
    help="Only these may adjudicate; repeatable. Default: everybody.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Another address lets others in, with a token each.",
)
@click.option(
    "--reviewer",
    "reviewers",
    multiple=True,
    metavar="NAME",
    help="With --host: who gets a token; repeatable.",
)
@click.option(
    "--new-tokens", is_flag=True, help="With --host: new tokens for those named; their old ones end."
)
def review(
    datasets: tuple[Path, ...],
    port: int | None,
    no_browser: bool,
    documents: tuple[Path, ...],
    audit_share: float | None,
    second_share: float | None,
    seed: str | None,
    leads: tuple[str, ...],
    host: str,
    reviewers: tuple[str, ...],
    new_tokens: bool,
) -> int:
    """Opens the review page for labelled datasets in the browser: the doubtful speeches first, one key a label.

    The page listens on this machine alone. Every label is saved at once, in reviews.sqlite in the dataset's folder, and
    reaches the dataset's files when it is quiet and when the page is ended.
    """
    from pipeline.review.serve import Serving, serve

    return serve(
        Serving(
            datasets, host, port, reviewers, leads, documents, audit_share, second_share, seed,
            browser=not no_browser, new_tokens=new_tokens, say=lambda line: click.echo(line),
        )
    )  # fmt: skip
