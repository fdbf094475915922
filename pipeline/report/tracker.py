"""Labelled datasets -> the tracker: the steps in order, and what is written where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.dataset import load_dataset
from pipeline.records import InputError, Problem
from pipeline.report.takes import collect
from pipeline.split.states import States


@dataclass(frozen=True)
class Made:
    """What `track` wrote: notes for the reader of the command line, and facts as pairs of name and value."""

    notes: list[str]
    facts: list[tuple[str, str]]


def track(
    datasets: Sequence[Path],
    out: Path,
    *,
    data: Path | None = None,
    figures: Path | None = None,
    compare: Path | None = None,
    states: Path | None = None,
    title: str = "Positions of States on the responsibility to protect",
) -> Made:
    """Writes the page (and data and figures where asked for). The same input gives the same bytes.

    Raises DatasetError for a folder that cannot be read as a labelled dataset, InputError for a bad file of States or
    positions, or a page that cannot be written.
    """
    from pipeline.report.compare import compare as compare_file
    from pipeline.report.data import write_data
    from pipeline.report.figures import pictures
    from pipeline.report.headlines import headlines
    from pipeline.report.intervals import errors_of
    from pipeline.report.page import Contents, render
    from pipeline.report.positions import by_year_and_forum, latest
    from pipeline.report.topics import at_home, topics
    from pipeline.report.votes import speech_beside_vote

    known = States.load(states or _states_of(datasets))
    found = collect(datasets, known)
    errors = errors_of(found.models, found.takes)
    scopes = headlines(found, errors)
    positions = by_year_and_forum(found.takes)
    last = latest(positions)
    themes = topics(found.takes)
    compared = compare_file(compare, found, known) if compare else None
    drawn = pictures(found, scopes, last, [t for t in themes if t.theme.kind == "objection"])
    page = render(
        Contents(
            title=title, found=found, errors=errors, scopes=scopes, positions=positions, latest=last, pictures=drawn,
            topics=themes, home=at_home(found.takes), votes=speech_beside_vote(found), compared=compared,
        )
    )  # fmt: skip
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page, encoding="utf-8", newline="\n")
        if data:
            write_data(data, found, positions, compared)
        if figures:
            for picture in drawn:
                picture.write(figures)
    except OSError as error:
        reason = f"It cannot be written ({error.strerror or error})."
        place = str(error.filename or out)
        raise InputError(
            Problem(place, "cannot_write", reason, "Name another place or make room on the disk.")
        ) from error
    facts = [
        ("States", str(len(last))),
        ("speeches", str(len(found.takes))),
        ("years", f"{min(t.year for t in found.takes)} to {max(t.year for t in found.takes)}"),
    ]
    if compared is not None:
        agree = sum(row.result == "agrees" for row in compared)
        facts.append(("compared", f"{agree} of {len(compared)} positions agree"))
    facts.append(("tracker", f"{out} ({len(page.encode()) / 1e6:.1f} MB)"))
    facts += [("data", str(data))] if data else []
    facts += [("figures", str(figures))] if figures else []
    return Made(found.notes, facts)


def _states_of(datasets: Sequence[Path]) -> Path | None:
    """The file of further States with which a dataset was made, where it is still there."""
    for path in datasets:
        named = load_dataset(path).manifest.get("settings", {}).get("states")
        if isinstance(named, str) and Path(named).is_file():
            return Path(named)
    return None
