"""Files of rows: JSONL, JSON, Parquet. Rows are found by their place and read one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from medalist.errors import BadInput
from medalist.problems.formats.fields import json_errors, parse_json
from medalist.problems.formats.json_items import json_items
from medalist.problems.formats.parquet_rows import ParquetRows

ROW_ENDINGS = (".jsonl", ".ndjson", ".json", ".parquet")
_LINE_LIMIT = 1 << 30
_JSON_LIMIT = 1 << 30


class RowPlace(NamedTuple):
    """Where a row is.

    `at` is a byte offset (JSONL, JSON) or a row group (Parquet), `number` the line, the item or the
    row, `size` the bytes of a JSON item.
    """

    at: int
    number: int
    size: int = 0


class RowFile:
    """Rows of one file. Every row is found in a time that does not grow with the file, if rows are
    asked for in their order (Parquet is read forward).

    Raises:
        BadInput: From every method, where the file or a row cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._suffix = path.suffix.lower()
        self._parquet = ParquetRows(path)

    def rows(
        self, columns: Sequence[str] | None = None
    ) -> Iterator[tuple[RowPlace, dict[str, Any]]]:
        """Yield every row with its place.

        `columns` may spare reading the others, of which only the names are there then.
        """
        if self._suffix == ".parquet":
            read = self._parquet.rows(columns)
            return ((RowPlace(group, index), row) for group, index, row in read)
        return self._json() if self._suffix == ".json" else self._lines()

    def row(self, place: RowPlace, columns: Sequence[str] | None = None) -> dict[str, Any]:
        """Return the row at a place; `columns` may spare reading the others."""
        if self._suffix == ".parquet":
            return self._parquet.row(place.at, place.number, columns)
        with self.path.open("rb") as file:
            file.seek(place.at)
            content = file.read(place.size) if place.size else file.readline(_LINE_LIMIT)
        value = parse_json(content, self.where(place))
        if not isinstance(value, dict):
            raise BadInput("not a JSON object", file=self.where(place))
        return value

    def where(self, place: RowPlace) -> str:
        """Name a row for messages."""
        if self._suffix == ".parquet":
            return f"{self.path}: row group {place.at} row {place.number}"
        kind = "item" if self._suffix == ".json" else "line"
        return f"{self.path}: {kind} {place.number}"

    def _lines(self) -> Iterator[tuple[RowPlace, dict[str, Any]]]:
        with self.path.open("rb") as file:
            offset, number = 0, 0
            while line := file.readline(_LINE_LIMIT):
                number += 1
                if len(line) == _LINE_LIMIT:
                    raise BadInput(f"line {number} is longer than 1 GiB", file=self.path)
                if line.strip():
                    yield RowPlace(offset, number), self._parse(line, number)
                offset += len(line)

    def _parse(self, line: bytes, number: int) -> dict[str, Any]:
        value = parse_json(line, f"{self.path}: line {number}")
        if not isinstance(value, dict):
            raise BadInput("not a JSON object", file=f"{self.path}: line {number}")
        return value

    def _json(self) -> Iterator[tuple[RowPlace, dict[str, Any]]]:
        if self.path.stat().st_size > _JSON_LIMIT:
            raise BadInput("larger than 1 GiB", file=self.path, hint="use JSONL: it is read lazily")
        content = self.path.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadInput(f"not UTF-8 at byte {error.start}", file=self.path) from error
        offset, last = len(content) - len(text.encode()), 0  # a byte order mark
        del content
        with json_errors(str(self.path)):
            for index, item in enumerate(json_items(text)):
                if not isinstance(item.value, dict):
                    raise BadInput("not a JSON object", file=f"{self.path}: item {index}")
                offset += len(text[last : item.start].encode())
                size = len(text[item.start : item.end].encode())
                yield RowPlace(offset, index, size), item.value
                offset, last = offset + size, item.end


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
