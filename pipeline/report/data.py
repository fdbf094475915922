"""The positions as data: positions.csv and parquet with a data package; the comparison as CSV."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.records import NOT_ADDRESSED
from pipeline.report.compare import Compared
from pipeline.report.positions import RULES, Position
from pipeline.report.takes import Collection
from pipeline.schema import Column
from pipeline.tables import Row, TableFiles

POSITIONS: tuple[Column, ...] = (
    Column("state", "string", "name of the State, as our table has it"),
    Column("iso3", "string", "alpha-3 code of the State that it is today"),
    Column("region", "string", "UN regional group"),
    Column("year", "integer", "year of the meetings"),
    Column("forum", "string", "GA, GA-general-debate, GA-dialogue, SC, HRC or other"),
    Column("status", "string", "labelled or not_addressed"),
    Column("stance", "string", "supportive, conditional, opposed, or null where no position was taken"),
    Column("certainty", "number", "the model's probability of the stance; null where a person gave it"),
    Column("uncertain", "boolean", "true where the position rests on one speech that nobody reviewed"),
    Column("basis", "string", "own, group or joined: whose statement settles it"),
    Column("spoken_for_by", "string", "the group or State through which, where it is not the State's own statement"),
    Column("speeches", "integer", "the State's own speeches in this year and forum"),
    Column("reviewed", "boolean", "true where a person gave the label of the deciding speech"),
    Column("label_source", "string", "model, reviewer or adjudicated"),
    Column("contradicts", "list", "other stances among the State's own speeches of this year and forum"),
    Column("speech_id", "string", "the deciding speech"),
    Column("document", "string", "where it stands"),
    Column("symbol_or_document", "string", "UN document symbol, or the document where it has none"),
    Column("page", "integer", "first page of the speech"),
    Column("evidence", "string", "the deciding sentence, cut after 420 characters"),
)  # fmt: skip

COMPARISON: tuple[Column, ...] = (
    Column("line", "integer", "line of the file kept by hand"),
    Column("state", "string", "the State as that file names it"),
    Column("year", "integer", "year"),
    Column("by_hand", "string", "its stance"),
    Column("ours", "string", "our label"),
    Column("result", "string", "agrees, differs, no position or unknown State"),
    Column("grounds", "string", "what our position rests on"),
    Column("speech_id", "string", "the deciding speech"),
    Column("evidence", "string", "its deciding sentence"),
    Column("settled", "string", "empty: for whoever settles the difference"),
)


def position_rows(
    found: Collection, positions: Mapping[tuple[int, str], Mapping[str, Position]]
) -> Iterable[Row]:
    """One row a State, year and forum, by year, forum and name."""
    for (year, forum), settled in positions.items():
        for state, position in sorted(settled.items(), key=lambda item: found.name(item[0])):
            take = position.take
            silent = position.label == NOT_ADDRESSED
            yield {
                "state": found.name(state), "iso3": state, "region": found.region(state), "year": year, "forum": forum,
                "status": NOT_ADDRESSED if silent else "labelled", "stance": None if silent else position.label,
                "certainty": position.certainty, "uncertain": position.uncertain, "basis": position.basis,
                "spoken_for_by": position.via, "speeches": position.speeches, "reviewed": position.reviewed,
                "label_source": take.source or None, "contradicts": list(position.contradicts), "speech_id": take.id,
                "document": take.document, "symbol_or_document": take.meeting, "page": take.page, "evidence": take.quote or None,
            }  # fmt: skip


def comparison_rows(compared: Iterable[Compared]) -> Iterable[Row]:
    """The comparison, line by line."""
    for row in compared:
        take = row.ours.take if row.ours else None
        yield {
            "line": row.line, "state": row.given, "year": row.year, "by_hand": row.by_hand, "result": row.result,
            "ours": row.ours.label if row.ours else None, "grounds": row.ours.grounds if row.ours else None,
            "speech_id": take.id if take else None, "evidence": take.quote if take else None, "settled": None,
        }  # fmt: skip


def write_data(
    folder: Path,
    found: Collection,
    positions: Mapping[tuple[int, str], Mapping[str, Position]],
    compared: Iterable[Compared] | None,
) -> list[Path]:
    """Writes positions.csv, positions.parquet, datapackage.json (and comparison.csv); gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    tables: list[tuple[str, tuple[Column, ...], Iterable[Row], tuple[str, ...]]] = [
        ("positions", POSITIONS, position_rows(found, positions), ("csv", "parquet"))
    ]
    if compared is not None:
        tables.append(("comparison", COMPARISON, comparison_rows(compared), ("csv",)))
    written: list[Path] = []
    resources = []
    for name, columns, rows, formats in tables:
        with TableFiles(folder, name, columns, formats) as files:
            for row in rows:
                files.write(row)
        written += files.paths
        for path in files.paths:
            resources.append(
                {
                    "name": name if path.suffix == ".csv" else f"{name}-parquet",
                    "path": path.name,
                    "format": path.suffix[1:],
                    "encoding": "utf-8",
                    "bytes": path.stat().st_size,
                    "rows": files.rows,
                    **({"profile": "tabular-data-resource"} if path.suffix == ".csv" else {}),
                    "schema": {
                        "fields": [
                            {
                                "name": c.name,
                                "type": "array" if c.type == "list" else c.type,
                                "description": c.meaning,
                            }
                            for c in columns
                        ],
                        "missingValues": [""],
                    },
                }
            )
    package = {
        "profile": "data-package",
        "name": "r2p-stance-positions",
        "title": "Positions of States on the responsibility to protect, by year and forum",
        "description": " ".join(RULES),
        "resources": resources,
    }
    path = folder / "datapackage.json"
    path.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    return [*written, path]
