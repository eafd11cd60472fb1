"""Writing the tables of a run: Parquet, or one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from medalist.agent.export.run_tables import TABLES, ExportTable, Row
from medalist.agent.journal import Journal
from medalist.errors import BadInput, MissingPrerequisite

_BATCH = 20_000  # rows in memory at once


def write_jsonl(journal: Journal, folder: Path) -> dict[str, int]:
    """Write `<table>.jsonl` into a folder; return table to number of rows.

    Times are ISO 8601 in UTC.

    Raises:
        BadInput: The folder cannot be written to.
    """
    counts = {}
    for table in TABLES:
        times = [place for place, one in enumerate(table.columns) if one.kind == "time"]
        names = [column.name for column in table.columns]
        counts[table.name] = 0
        with _target(folder, f"{table.name}.jsonl").open("w", encoding="utf-8") as file:
            for row in table.rows(journal):
                values = list(row)
                for place in times:
                    values[place] = datetime.fromtimestamp(row[place], UTC).isoformat()
                # ASCII, so that a lone surrogate in hostile text survives.
                file.write(json.dumps(dict(zip(names, values, strict=True))) + "\n")
                counts[table.name] += 1
    return counts


def write_parquet(journal: Journal, folder: Path) -> dict[str, int]:
    """Write `<table>.parquet` into a folder; return table to number of rows.

    Each column's meaning is in its metadata (`about`). A lone surrogate in hostile text, which
    UTF-8 cannot hold, becomes U+FFFD.

    Raises:
        BadInput: The folder cannot be written to.
        MissingPrerequisite: pyarrow is not installed.
    """
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise MissingPrerequisite(
            "pyarrow is not installed", hint="pip install 'medalist[report]'"
        ) from error
    kinds = {
        "text": arrow.string(),
        "texts": arrow.list_(arrow.string()),
        "int": arrow.int64(),
        "float": arrow.float64(),
        "bool": arrow.bool_(),
        "time": arrow.timestamp("us"),  # UTC; with a zone DuckDB in Python asks for pytz
        "shares": arrow.map_(arrow.string(), arrow.float64()),
    }
    counts = {}
    for table in TABLES:
        fields = [
            arrow.field(column.name, kinds[column.kind], metadata={"about": column.about})
            for column in table.columns
        ]
        path = _target(folder, f"{table.name}.parquet")
        counts[table.name] = 0
        with parquet.ParquetWriter(path, arrow.schema(fields), compression="zstd") as writer:
            for batch in _batches(table, journal):
                arrays = [
                    arrow.array([_storable(value, one.kind) for value in values], kinds[one.kind])
                    for one, values in zip(table.columns, zip(*batch, strict=True), strict=True)
                ]
                writer.write_table(arrow.table(arrays, schema=arrow.schema(fields)))
                counts[table.name] += len(batch)
    return counts


def _batches(table: ExportTable, journal: Journal) -> Iterator[list[Row]]:
    rows = table.rows(journal)
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _storable(value: Any, kind: str) -> Any:
    if value is None:
        return None
    match kind:
        case "int":
            # A server may count what no column holds.
            return value if -(2**63) <= value < 2**63 else None
        case "float":
            return value if isinstance(value, float) else _as_float(value)
        case "text":
            return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        case "time":
            return datetime.fromtimestamp(value, UTC)
        case "shares":
            return list(value.items())
    return value


def _as_float(value: int) -> float | None:
    try:
        return float(value)
    except OverflowError:
        return None


def _target(folder: Path, name: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.touch()
    except OSError as error:
        raise BadInput(f"cannot be written to: {error.strerror}", file=folder) from error
    return path
