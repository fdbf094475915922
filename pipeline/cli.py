"""The command line: parse, call, print. Every command's work is a function elsewhere; rooms bring their own commands.

Start-up matters: a command's module is imported only when that command runs, so `--help` costs next to nothing.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from pipeline import __version__

#: name -> (module, attribute, one line of help). The modules are imported late.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "label": ("pipeline.commands", "label", "Files, folders, zips -> a labelled dataset."),
    "split": ("pipeline.commands", "split", "Files, folders, zips -> the speeches alone, no labels."),
    "review": (
        "pipeline.review.commands",
        "review",
        "The review page for datasets, in the browser.",
    ),
    "export": (
        "pipeline.review.exchange_commands",
        "export",
        "Reviews -> Label Studio, Prodigy, a spreadsheet; the audit log.",
    ),
    "import": (
        "pipeline.review.exchange_commands",
        "import_",
        "Labels corrected elsewhere -> a dataset's reviews.",
    ),
    "report": (
        "pipeline.report.commands",
        "report",
        "Labelled datasets -> the position tracker, one HTML file.",
    ),
    "train": (
        "pipeline.stance_command",
        "train",
        "Corpus and reviewed labels -> a new model, compared with the old.",
    ),
    "evaluate": ("pipeline.stance_command", "evaluate", "Scores of a model on labelled speeches."),
    "models": ("pipeline.stance_command", "models", "The models there are; choose one."),
    "fetch": (
        "pipeline.fetch_command",
        "fetch",
        "Official records by document symbol; the General Debate Corpus.",
    ),
}


class LateGroup(click.Group):
    """A group that knows its commands' names and help, and imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, _, help_line) in COMMANDS.items()])


@click.group(
    cls=LateGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: r2p-stance label transcripts/ --out results",
)
@click.version_option(__version__, prog_name="r2p-stance")
def root() -> None:
    """Splits transcripts of UN debates into speeches and labels each State's stance on the responsibility to protect."""


def main(arguments: list[str] | None = None) -> None:
    """The entry point `r2p-stance`. Exit status: 0 done, 1 some inputs failed or the work could not be done, 2 wrong use."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console or a pipe in the C locale must not turn a State's name into a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        result: Any = root.main(arguments, prog_name="r2p-stance", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped. Run the same command again to go on from here.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except KeyboardInterrupt:
        click.echo("Stopped. Run the same command again to go on from here.", err=True)
        sys.exit(130)
    except Exception as error:
        if not _is_ours(error):
            raise
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    sys.exit(result if isinstance(result, int) else 0)


def _is_ours(error: Exception) -> bool:
    """True for errors whose text is written for users."""
    from pipeline.dataset import DatasetError
    from pipeline.records import InputError

    return isinstance(error, (DatasetError, InputError)) or getattr(error, "for_users", False)


if __name__ == "__main__":
    main()
