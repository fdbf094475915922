"""Tables that staff correct by hand: a workbook or CSV with columns to fill in, and the same back again.

A cell of a workbook holds 32,767 characters: longer texts are shortened there and say so. Cells are text, never formulas.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.records import LABELS, NOT_ADDRESSED
from pipeline.review.exchange import (
    MAX_BYTES,
    SHORTENED,
    ExchangeError,
    Given,
    check_size,
    normal_label,
    read_text,
)
from pipeline.review.labels import person_row
from pipeline.review.project import Project
from pipeline.schema import SPEECHES
from pipeline.tables import Row, unguard_cell

#: Excel's limit of characters in one cell.
MAX_CELL = 32_767

#: What staff fill in.
YOURS = ("your_label", "your_evidence", "your_note", "your_name")

_FIRST = ("speech_id", "state", "year", *YOURS)
COLUMNS: tuple[str, ...] = (*_FIRST, *(c.name for c in SPEECHES if c.name not in _FIRST))

# What XML 1.0, and so a workbook, cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")

_WIDTHS = {
    "text": 80,
    "evidence": 60,
    "your_label": 16,
    "your_evidence": 40,
    "your_note": 30,
    "state": 24,
    "speech_id": 18,
}


def rows(project: Project) -> Iterator[Row]:
    """Every speech with the label that counts now, and empty columns for staff."""
    for entry in project.index.entries:
        row = project.index.row(entry)
        uid = project.uid(entry)
        settled = project.readings.settled(uid) if uid is not None else None
        if settled is not None:
            person = person_row(row, settled)
            row = {
                **person,
                **(
                    {}
                    if person["evidence"]
                    else {k: row[k] for k in ("evidence", "evidence_start", "evidence_end")}
                ),
            }
        yield {**row, **dict.fromkeys(YOURS)}


def cell(value: Any) -> str | float | int | bool | None:
    """A value as a workbook's cell: lists joined, control characters gone, long texts shortened and marked."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = "; ".join(value) if isinstance(value, list) else str(value)
    text = _CONTROL.sub("\ufffd", text)
    if len(text) > MAX_CELL:
        mark = f"{SHORTENED}{len(text)} characters in all]"
        text = text[: MAX_CELL - len(mark)] + mark
    return text


def write_xlsx(project: Project, path: Path) -> int:
    """Writes a workbook to fill in; gives the number of speeches. The labels stand in a list in each cell of `your_label`."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook(write_only=True)
    sheet = book.create_sheet("speeches")
    sheet.freeze_panes = "B2"
    for number, name in enumerate(COLUMNS, 1):
        sheet.column_dimensions[_letters(number)].width = _WIDTHS.get(name, 14)
    choice = DataValidation("list", formula1=f'"{",".join(LABELS)}"', allow_blank=True, showErrorMessage=True)
    sheet.data_validations.append(choice)  # a write-only sheet has no method for it
    letter = _letters(COLUMNS.index("your_label") + 1)
    choice.add(f"{letter}2:{letter}{max(2, len(project.index.entries) + 1)}")
    head = []
    for name in COLUMNS:
        made = WriteOnlyCell(sheet, name)
        made.font = Font(bold=True)
        if name in YOURS:
            made.fill = PatternFill("solid", fgColor="FFF1C2")
        head.append(made)
    sheet.append(head)
    count = 0
    for row in rows(project):
        cells = []
        for name in COLUMNS:
            value = cell(row[name])
            made = WriteOnlyCell(sheet, value)
            if isinstance(value, str):
                made.data_type = "s"  # "=1+1" said in a debate is text, not a formula
                made.alignment = Alignment(vertical="top", wrap_text=name.startswith("your_"))
            cells.append(made)
        sheet.append(cells)
        count += 1
    book.save(path)
    return count


def write_csv(project: Project, path: Path) -> int:
    """Writes the same table as CSV (UTF-8 with a byte order mark, cells guarded); gives the number of speeches."""
    from pipeline.tables import CsvWriter

    columns = {c.name: c for c in SPEECHES}
    from pipeline.schema import Column

    writer = CsvWriter(
        path, [columns.get(name) or Column(name, "string", "for staff to fill in") for name in COLUMNS]
    )
    count = 0
    try:
        for row in rows(project):
            writer.write(row)
            count += 1
    finally:
        writer.close()
    return count


def _letters(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number))


def read_csv(path: Path) -> Iterator[Given]:
    """The labels of a CSV table: comma, semicolon or tab, as spreadsheets write it. Raises ExchangeError in words."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    text = read_text(path)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        header = next(table, [])
        lines = ([unguard_cell(value) for value in line] for line in table)
        yield from _given(path, [name.strip() for name in header], lines)
    except csv.Error as error:
        raise ExchangeError(f"{path}: this is no readable CSV table ({error}).") from error


def read_xlsx(path: Path) -> Iterator[Given]:
    """The labels of a workbook's first sheet with a column `speech_id`. Raises ExchangeError in words."""
    from openpyxl import load_workbook

    check_size(path)
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > 4 * MAX_BYTES:
                raise ExchangeError(f"{path}: the workbook unpacks to more than {4 * MAX_BYTES >> 20} MB.")
        book = load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise ExchangeError(
            f"{path}: this is no readable workbook ({error}). Save it as .xlsx or .csv."
        ) from error
    try:
        for sheet in book.worksheets:
            table = sheet.iter_rows(values_only=True)
            header = [str(value or "").strip() for value in next(table, ())]
            if "speech_id" in header:
                lines = (["" if value is None else str(value) for value in line] for line in table)
                yield from _given(path, header, lines)
                return
    finally:
        book.close()
    raise ExchangeError(f"{path}: no sheet has a column speech_id in its first row.")


def _given(path: Path, header: Sequence[str], lines: Iterator[list[str]]) -> Iterator[Given]:
    if "speech_id" not in header:
        raise ExchangeError(f"{path}: the first row has no column speech_id, by which speeches are matched.")
    own = "your_label" in header
    if not own and "stance" not in header and "label" not in header:
        raise ExchangeError(f"{path}: there is no column with labels (your_label, stance or label).")
    for number, values in enumerate(lines, 2):
        row = dict(zip(header, values, strict=False))
        if not row.get("speech_id"):
            continue
        if own:
            label = normal_label(row["your_label"])
        else:
            label = normal_label(row.get("stance") or row.get("label"))
            if not label and normal_label(row.get("status")) == NOT_ADDRESSED:
                label = NOT_ADDRESSED
        yield Given(
            where=f"row {number}",
            speech_id=row["speech_id"].strip(),
            label=label,
            reviewer=(row.get("your_name") or "").strip() or None,
            evidence=(row.get("your_evidence") or "").strip() or None,
            note=(row.get("your_note") or "").strip() or None,
            text=row.get("text") or None,
            changed=own,
        )
