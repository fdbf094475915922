"""Small labelled datasets for the tracker's tests, made of rows in sight."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.dataset import write_dataset
from pipeline.schema import SCHEMA_VERSION
from pipeline.tables import Row
from tests.rows import event, meeting, speech

MANIFEST = {"tool": {"name": "r2p-stance", "version": "0"}, "schema_version": SCHEMA_VERSION}


def said(state: str | None, stance: str | None, year: int = 2018, **given: Any) -> Row:
    """A speech of a State (alpha-3 code) in one meeting a year of the General Assembly."""
    symbol = given.pop("symbol", None) or f"A/{year - 1946}/PV.99"
    row = speech(
        state=given.pop("name", state), iso3=state, stance=stance, status="labelled" if stance else "not_addressed", year=year,
        date=given.pop("date", f"{year}-06-25"), symbol=symbol, document=f"{symbol.replace('/', '-')}.pdf",
        document_sha256=(symbol.encode().hex() * 9)[:64], debate=given.pop("debate", f"GA-{year - 1946}-R2P"),
    )  # fmt: skip
    if stance is None:
        row.update(evidence=None, confidence=None, p_opposed=None, p_conditional=None, p_supportive=None)
    row.update(given)
    return row


def dataset(
    folder: Path, rows: list[Row], events: list[Row] | None = None, same_as: dict[str, str] | None = None
) -> Path:
    """Writes rows as a dataset, one document for each symbol; speeches are numbered in order. `same_as` names the original of a copy."""
    documents: dict[str, list[Row]] = {}
    for row in rows:
        documents.setdefault(row["document"], []).append(row)
    made = []
    for name, mine in documents.items():
        for number, row in enumerate(mine, 1):
            row["speech_no"] = number
            row["speech_id"] = f"{row['symbol']}-{number}"
        first = mine[0]
        shared = ("document_sha256", "symbol", "forum", "debate", "date", "year")
        made.append(
            (
                meeting(
                    document=name, same_as=(same_as or {}).get(name), **{key: first[key] for key in shared}
                ),
                mine,
                [e for e in events or [] if e["document"] == name],
            )
        )
    write_dataset(folder, made, dict(MANIFEST), ["parquet"])
    return folder


__all__ = ["dataset", "event", "said"]
