"""Rows to files and back: CSV that a spreadsheet cannot be made to run, parquet and JSON Lines, streamed.

A row is a plain dict with the columns of `pipeline.schema`. Values are Python's own: str, int, float, bool,
list[str], ISO strings for dates and times, None for "not known". Writers hold one batch in memory, never a table.
Not here: which rows there are, and moving files into place (`pipeline.dataset`).
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Protocol

from pipeline.schema import Column

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]

FORMATS: tuple[str, ...] = ("csv", "parquet", "jsonl")

# What Excel, LibreOffice and Google Sheets take for the start of a formula or a command (OWASP, "CSV Injection"). A
# cell that already has apostrophes before such a character gets one more, so that reading takes off exactly one.
_RUNS = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_BATCH_CHARS = 8_000_000


def guard_cell(text: str) -> str:
    """`text` with a leading apostrophe where a spreadsheet would run it.

    >>> guard_cell("=1+1")
    "'=1+1"
    >>> unguard_cell(guard_cell("'=1+1"))
    "'=1+1"
    """
    return "'" + text if _RUNS.match(text) else text


def unguard_cell(text: str) -> str:
    """The cell as it was before `guard_cell`."""
    return text[1:] if _GUARDED.match(text) else text


class TableWriter(Protocol):
    """Takes rows one by one; nothing is promised before `close`."""

    def write(self, row: Row) -> None: ...

    def close(self) -> None: ...


class CsvWriter:
    """UTF-8 with a byte order mark; lists as JSON arrays; missing values as empty cells."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._file: IO[str] = path.open("w", encoding="utf-8-sig", newline="")
        self._columns = columns
        self._writer = csv.writer(self._file)
        self._writer.writerow([column.name for column in columns])

    def write(self, row: Row) -> None:
        self._writer.writerow([_to_cell(row.get(column.name), column.type) for column in self._columns])

    def close(self) -> None:
        self._file.close()


def _to_cell(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if kind == "list":
        return json.dumps(list(value), ensure_ascii=False)
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "number":
        return repr(float(value))
    text = str(value)
    return guard_cell(text) if kind == "string" else text


class JsonlWriter:
    """One JSON object a line, all columns present, UTF-8."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._names = [column.name for column in columns]

    def write(self, row: Row) -> None:
        json.dump({name: row.get(name) for name in self._names}, self._file, ensure_ascii=False)
        self._file.write("\n")

    def close(self) -> None:
        self._file.close()


class ParquetWriter:
    """Typed columns, zstd; a row group is cut after about eight million characters, so that memory stays flat."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        import pyarrow.parquet as pq

        self._columns = columns
        self._schema = arrow_schema(columns)
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[Row] = []
        self._chars = 0

    def write(self, row: Row) -> None:
        self._rows.append(row)
        self._chars += 500 + len(row.get("text") or "")
        if self._chars > _BATCH_CHARS:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(_arrow_table(self._rows, self._columns))
        self._rows, self._chars = [], 0

    def close(self) -> None:
        try:
            self._flush()
            self._writer.close()
        except BaseException:
            # Else Arrow tries again when the object goes, and prints a traceback over the sentence about the full disk.
            self._writer.is_open = False
            raise


def arrow_schema(columns: Sequence[Column]) -> pa.Schema:
    """The Arrow schema of a table; the meanings travel as field metadata."""
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us", tz="UTC"),
        "list": pa.list_(pa.string()),
    }
    return pa.schema([pa.field(c.name, types[c.type], metadata={"description": c.meaning}) for c in columns])


def _arrow_table(rows: Sequence[Row], columns: Sequence[Column]) -> pa.Table:
    """Rows as an Arrow table, by way of JSON: making arrays from Python lists would import pandas wherever it is
    installed, which takes longer than most jobs."""
    import io

    import pyarrow as pa
    import pyarrow.json as pj

    schema = arrow_schema(columns)
    # Arrow's JSON reader knows no dates; they come as text and are cast.
    read_as = pa.schema([pa.field(f.name, pa.string()) if f.type == pa.date32() else f for f in schema])
    names = [column.name for column in columns]
    lines = "\n".join(json.dumps({name: row.get(name) for name in names}) for row in rows).encode()
    table = pj.read_json(
        io.BytesIO(lines),
        read_options=pj.ReadOptions(block_size=len(lines) + 1, use_threads=False),
        parse_options=pj.ParseOptions(explicit_schema=read_as),
    )
    return table.select(names).cast(schema)


_WRITERS: dict[str, Callable[[Path, Sequence[Column]], TableWriter]] = {
    "csv": CsvWriter,
    "parquet": ParquetWriter,
    "jsonl": JsonlWriter,
}


class TableFiles:
    """One table written in several formats at once: `folder/name.csv`, `.parquet`, `.jsonl`."""

    def __init__(self, folder: Path, name: str, columns: Sequence[Column], formats: Sequence[str]) -> None:
        self.paths = [folder / f"{name}.{kind}" for kind in formats]
        self._writers: list[TableWriter] = [
            _WRITERS[kind](path, columns) for kind, path in zip(formats, self.paths, strict=True)
        ]
        self.rows = 0

    def write(self, row: Row) -> None:
        """Adds one row to every format."""
        for writer in self._writers:
            writer.write(row)
        self.rows += 1

    def __enter__(self) -> TableFiles:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        failures: list[Exception] = []
        for writer in self._writers:
            try:
                writer.close()
            except Exception as failure:
                failures.append(failure)
        if failures and error is None:
            raise failures[0]


def read_rows(path: Path, columns: Sequence[Column], only: Sequence[str] | None = None) -> Iterator[Row]:
    """The rows of one table file, whichever of the three formats, one batch in memory at a time.

    `only` names the columns wanted (all by default). Columns that the file lacks come as None, so that datasets of
    an earlier minor version are read. Raises ValueError for a cell that does not fit its column's type.
    """
    wanted = [c for c in columns if only is None or c.name in only]
    reader = {".csv": _read_csv, ".parquet": _read_parquet, ".jsonl": _read_jsonl}[path.suffix]
    return reader(path, wanted)


def _read_csv(path: Path, columns: Sequence[Column]) -> Iterator[Row]:
    # A speech may be longer than csv's default limit of 131,072 characters a field.
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with path.open(encoding="utf-8-sig", newline="") as file:
        for cells in csv.DictReader(file):
            yield {c.name: _from_cell(cells.get(c.name), c) for c in columns}


def _from_cell(cell: str | None, column: Column) -> Any:
    if cell is None or cell == "":
        return [] if column.type == "list" else None
    match column.type:
        case "integer":
            return int(cell)
        case "number":
            return float(cell)
        case "boolean":
            if cell.lower() not in {"true", "false"}:
                raise ValueError(f"column {column.name}: {cell!r} is neither true nor false")
            return cell.lower() == "true"
        case "list":
            value = json.loads(cell)
            if not isinstance(value, list):
                raise ValueError(f"column {column.name}: {cell[:40]!r} is no JSON array")
            return [str(item) for item in value]
        case "string":
            return unguard_cell(cell)
    return cell


def _read_parquet(path: Path, columns: Sequence[Column]) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        present = [c for c in columns if c.name in file.schema_arrow.names]
        missing: Row = {c.name: [] if c.type == "list" else None for c in columns if c not in present}
        lists = [c.name for c in present if c.type == "list"]
        days = [c.name for c in present if c.type == "date"]
        times = [c.name for c in present if c.type == "datetime"]
        for batch in file.iter_batches(batch_size=256, columns=[c.name for c in present]):
            for name in times:
                # As microseconds: Arrow's own way to Python times imports pandas (see _arrow_table).
                place = batch.schema.get_field_index(name)
                batch = batch.set_column(place, name, batch.column(place).cast(pa.int64()))
            for row in batch.to_pylist():
                for name in days:
                    row[name] = row[name].isoformat() if row[name] is not None else None
                for name in times:
                    if row[name] is not None:
                        row[name] = (_EPOCH + timedelta(microseconds=row[name])).isoformat()
                for name in lists:
                    row[name] = row[name] or []
                yield {**row, **missing}


def _read_jsonl(path: Path, columns: Sequence[Column]) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            values: Mapping[str, Any] = json.loads(line)
            yield {c.name: _plain(values.get(c.name), c.type) for c in columns}


def _plain(value: Any, kind: str) -> Any:
    return value or [] if kind == "list" else value
