"""Files of rows: JSONL, JSON, Parquet. Rows are found by their place and read one at a time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from medalist.errors import BadInput, MissingPrerequisite
from medalist.problems.formats.fields import parse_json

ROW_ENDINGS = (".jsonl", ".ndjson", ".json", ".parquet")
_LINE_LIMIT = 1 << 30
_JSON_LIMIT = 1 << 30

Place = tuple[int, int]
"""Where a row is: byte offset and line (JSONL), 0 and index (JSON), row group and row (Parquet)."""


class RowFile:
    """Rows of one file.

    Raises:
        BadInput: From every method, where the file or a row cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self, columns: Sequence[str] | None = None) -> Iterator[tuple[Place, dict[str, Any]]]:
        """Yield every row with its place; `columns` may spare reading the others."""
        suffix = self.path.suffix.lower()
        if suffix == ".parquet":
            return self._parquet(columns)
        return self._json() if suffix == ".json" else self._lines()

    def row(self, place: Place) -> dict[str, Any]:
        """Return the row at a place."""
        suffix = self.path.suffix.lower()
        if suffix == ".parquet":
            with _arrow_errors(self.path):
                table = _parquet_file(self.path).read_row_group(place[0])
                return dict(table.slice(place[1], 1).to_pylist()[0])
        if suffix == ".json":
            return next(row for found, row in self._json() if found == place)
        with self.path.open("rb") as file:
            file.seek(place[0])
            return self._parse(file.readline(_LINE_LIMIT), place[1])

    def where(self, place: Place) -> str:
        """Name a row for messages."""
        if self.path.suffix.lower() == ".parquet":
            return f"{self.path}: row group {place[0]} row {place[1]}"
        kind = "item" if self.path.suffix.lower() == ".json" else "line"
        return f"{self.path}: {kind} {place[1]}"

    def _lines(self) -> Iterator[tuple[Place, dict[str, Any]]]:
        with self.path.open("rb") as file:
            offset, number = 0, 0
            while line := file.readline(_LINE_LIMIT):
                number += 1
                if len(line) == _LINE_LIMIT:
                    raise BadInput(f"line {number} is longer than 1 GiB", file=self.path)
                if line.strip():
                    yield (offset, number), self._parse(line, number)
                offset += len(line)

    def _parse(self, line: bytes, number: int) -> dict[str, Any]:
        value = parse_json(line, f"{self.path}: line {number}")
        if not isinstance(value, dict):
            raise BadInput("not a JSON object", file=f"{self.path}: line {number}")
        return value

    def _json(self) -> Iterator[tuple[Place, dict[str, Any]]]:
        if self.path.stat().st_size > _JSON_LIMIT:
            raise BadInput("larger than 1 GiB", file=self.path, hint="use JSONL: it is read lazily")
        value = parse_json(self.path.read_bytes(), str(self.path))
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(item, dict):
                raise BadInput("not a JSON object", file=f"{self.path}: item {index}")
            yield (0, index), item

    def _parquet(self, columns: Sequence[str] | None) -> Iterator[tuple[Place, dict[str, Any]]]:
        with _arrow_errors(self.path):
            file = _parquet_file(self.path)
            names = set(file.schema_arrow.names)
            wanted = None if columns is None else [name for name in columns if name in names]
            for group in range(file.num_row_groups):
                index = 0
                for batch in file.iter_batches(64, row_groups=[group], columns=wanted):
                    for row in batch.to_pylist():
                        yield (group, index), row
                        index += 1


class _arrow_errors:  # noqa: N801 (used as a statement)
    """Turns pyarrow's errors into one line about the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError | ValueError | IndexError | KeyError | NotImplementedError):
            raise BadInput("not a Parquet file that can be read", file=self.path) from error


def _parquet_file(path: Path) -> Any:
    try:
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingPrerequisite(
            f"{path}: reading Parquet needs pyarrow", hint="pip install 'medalist[formats]'"
        ) from error
    return pq.ParquetFile(os.fspath(path))


def is_row_file(path: Path) -> bool:
    """Whether a file's name says that it holds rows."""
    return path.suffix.lower() in ROW_ENDINGS


def parsed(value: Any, file: str) -> Any:
    """Parse a value that data sets hold as a JSON text; anything else is returned as it is.

    Raises:
        BadInput: A text that is not JSON.
    """
    if not isinstance(value, str) or not value.strip():
        return value or None
    return parse_json(value, file)


def dumped(value: Any) -> bytes:
    """Write one row as a line."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode() + b"\n"
