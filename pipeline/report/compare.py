"""Positions kept by hand beside ours: where they agree, where not, and a table to settle the differences."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.records import LABELS, NOT_ADDRESSED, InputError, Problem
from pipeline.report.positions import Position, settle
from pipeline.report.takes import Collection
from pipeline.split.states import States
from pipeline.tables import unguard_cell

_NAMES = frozenset(str(label) for label in LABELS)


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of the file kept by hand beside our position. `result` is `agrees`, `differs`, `no position` or `unknown State`."""

    line: int
    given: str
    state: str | None
    year: int
    by_hand: str
    ours: Position | None
    result: str

    @property
    def rank(self) -> int:
        """Differences first: they are what somebody has to settle."""
        return ("differs", "no position", "unknown State", "agrees").index(self.result)


def compare(path: Path, found: Collection, states: States | None = None) -> list[Compared]:
    """Reads a CSV with the columns state, year and stance (a name or an alpha-3 code; `forum` may be there too).

    Raises InputError where the file cannot be read so.
    """
    known = states or States.load()
    by_name = {found.name(code).casefold(): code for code in found.names}
    cache: dict[tuple[int, str], dict[str, Position]] = {}
    result = []
    for line, row in _rows(path):
        name = row["state"]
        state = known.resolve(name, row["year"])
        code = name if name in found.names else by_name.get(name.casefold())
        if code is None and state is not None and state.iso3:
            code = known.current(state.iso3) or state.iso3
        year, forum = int(row["year"]), row.get("forum", "")
        if (year, forum) not in cache:
            cache[year, forum] = settle(
                t for t in found.takes if t.year == year and (not forum or t.forum == forum)
            )
        ours = cache[year, forum].get(code) if code else None
        if code is None:
            verdict = "unknown State"
        elif ours is None:
            verdict = "no position"
        else:
            verdict = "agrees" if ours.label == row["stance"] else "differs"
        result.append(Compared(line, name, code, year, row["stance"], ours, verdict))
    return result


def _rows(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise _bad(
            path, f"The file cannot be read ({error}).", "Save it as CSV in UTF-8 and try again."
        ) from error
    dialect = ";" if lines and ";" in lines[0] and "," not in lines[0] else ","
    reader = csv.DictReader(lines, delimiter=dialect)
    header = {(name or "").strip().casefold(): name for name in reader.fieldnames or ()}
    if missing := [name for name in ("state", "year", "stance") if name not in header]:
        raise _bad(
            path,
            f"The column {missing[0]} is missing.",
            "The first line of the file must name the columns state, year and stance.",
        )
    for raw in reader:
        row = {name: unguard_cell((raw[header[name]] or "").strip()) for name in header if name}
        if not any(row.values()):
            continue
        line = reader.line_num
        row["stance"] = row["stance"].casefold().replace(" ", "_")
        if row["stance"] not in _NAMES:
            raise _bad(
                path,
                f"Line {line}: {row['stance']!r} is no stance.",
                f"Write supportive, conditional, opposed or {NOT_ADDRESSED}.",
            )
        if not row["year"].isdigit():
            raise _bad(path, f"Line {line}: {row['year']!r} is no year.", "Write it with four digits.")
        yield line, row


def _bad(path: Path, reason: str, remedy: str) -> InputError:
    return InputError(Problem(path.name, "bad_comparison", reason, remedy))
