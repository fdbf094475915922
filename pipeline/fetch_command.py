"""The command `fetch`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.resources import invoked_as

if TYPE_CHECKING:
    from pipeline.fetch import Client


@click.command(epilog="Example: r2p-stance fetch A/63/PV.98 S/PV.8422 --out records")
@click.argument("symbols", nargs=-1, metavar="SYMBOL...")
@click.option(
    "--debate",
    "debates",
    multiple=True,
    metavar="ID",
    help="All records of an R2P debate: GA-63-R2P, or its year, 2009.",
)
@click.option(
    "--ungdc",
    is_flag=True,
    help="The UN General Debate Corpus (doi:10.7910/DVN/0TJX8Y), joined with the stand-off labels.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("records"),
    show_default=True,
    metavar="DIR",
)
@click.option("--service", metavar="URL", help="Another address of the service, such as a mirror.")
def fetch(
    symbols: tuple[str, ...], debates: tuple[str, ...], ungdc: bool, out: Path, service: str | None
) -> int:
    """Downloads official records by document symbol: one request a second, nothing twice, every file checked and noted.

    What lies in the folder already is used as it is; run the same command again after a break.
    """
    from pipeline import fetch as module
    from pipeline.split import debates as table

    wanted = list(symbols)
    for debate in debates:
        known = table.meetings_of(debate)
        if not known:
            ids = ", ".join(dict.fromkeys(f"{row['debate']} ({row['year']})" for row in table.debates()))
            raise click.BadParameter(
                f"no records of {debate!r} are in the table; there are {ids}", param_hint="--debate"
            )
        wanted += known
    if not wanted and not ungdc:
        raise click.UsageError("Name document symbols, --debate or --ungdc.")
    failed = 0
    client = _client()
    for result in module.fetch(
        list(dict.fromkeys(wanted)), out, client, service=service or module.DOCUMENT_SERVICE
    ):
        if isinstance(result, module.FetchError):
            failed += 1
            click.echo(f"Not fetched: {result}", err=True)
        else:
            click.echo(f"{result.name:<24} {'fetched' if result.new else 'there already'}  {result.path}")
    if ungdc:
        failed += _corpus(out, service)
    if wanted and failed < len(wanted):
        click.echo(f"\nNext: {invoked_as()} label {out} --out results")
    return 1 if failed else 0


def _client() -> Client:
    """A client that says why nothing comes for a while."""
    from pipeline.fetch import Client

    return Client(tell=lambda words: click.echo(words, err=True))


def _corpus(out: Path, service: str | None) -> int:
    from pipeline import fetch as module

    try:
        texts = module.fetch_ungdc(out / "ungdc", _client(), service=service or module.DATAVERSE)
    except module.FetchError as error:
        click.echo(f"Not fetched: {error}", err=True)
        return 1
    click.echo(f"{len(texts)} speeches in {out / 'ungdc' / 'speeches'}")
    from pipeline.stance.corpus import join

    joined = join([out / "ungdc" / "speeches"])
    click.echo(
        f"{len(joined.examples)} of them carry a stand-off label and can train: {invoked_as()} train --texts {out / 'ungdc' / 'speeches'}"
    )
    return 0
