"""Rows of a Parquet file: read forward in small batches, and never a whole row group at once."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from medalist.errors import BadInput, MissingPrerequisite

_BATCH = 64


class ParquetRows:
    """Reads rows by row group and index.

    Where rows are asked for in their order, each is decoded once: the place in a row group is
    kept. Going back starts the group again.

    Raises:
        BadInput: From every method, where the file cannot be read.
        MissingPrerequisite: pyarrow is not there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._file: Any = None
        self._cursors: dict[tuple[str, ...] | None, _Cursor] = {}

    def __iter__(self) -> Iterator[tuple[int, int, dict[str, Any]]]:
        return self.rows()

    def rows(
        self, columns: Sequence[str] | None = None
    ) -> Iterator[tuple[int, int, dict[str, Any]]]:
        """Yield row group, index and row; of the columns that are not wanted only the names."""
        with _arrow_errors(self.path):
            file = _open(self.path)
            names = file.schema_arrow.names
            wanted = None if columns is None else [name for name in columns if name in names]
            blank = dict.fromkeys(names)
            for group in range(file.num_row_groups):
                index = 0
                if wanted == []:
                    for index in range(file.metadata.row_group(group).num_rows):
                        yield group, index, dict(blank)
                    continue
                for batch in file.iter_batches(_BATCH, row_groups=[group], columns=wanted):
                    for row in batch.to_pylist():
                        yield group, index, {**blank, **row}
                        index += 1

    def row(self, group: int, index: int, columns: Sequence[str] | None = None) -> dict[str, Any]:
        """Return one row, or some of its columns."""
        with self._lock, _arrow_errors(self.path):
            if self._file is None:
                self._file = _open(self.path)
            names = self._file.schema_arrow.names
            wanted = None if columns is None else tuple(name for name in columns if name in names)
            cursor = self._cursors.get(wanted)
            if cursor is None or not cursor.reaches(group, index):
                cursor = self._cursors[wanted] = _Cursor(self._file, group, wanted)
            return cursor.row(index)


class _Cursor:
    """A place in a row group, from which it goes only forward."""

    def __init__(self, file: Any, group: int, columns: tuple[str, ...] | None) -> None:
        self.group = group
        self.start = self.end = 0
        self.batch: Any = None
        wanted = None if columns is None else list(columns)
        self.batches = file.iter_batches(_BATCH, row_groups=[group], columns=wanted)

    def reaches(self, group: int, index: int) -> bool:
        return group == self.group and index >= self.start

    def row(self, index: int) -> dict[str, Any]:
        while index >= self.end:
            self.batch = next(self.batches, None)
            if self.batch is None:
                raise IndexError(index)
            self.start, self.end = self.end, self.end + self.batch.num_rows
        return dict(self.batch.slice(index - self.start, 1).to_pylist()[0])


class _arrow_errors:  # noqa: N801 (used as a statement)
    """Turns pyarrow's errors into one line about the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError | ValueError | IndexError | KeyError | NotImplementedError):
            raise BadInput("not a Parquet file that can be read", file=self.path) from error


def _open(path: Path) -> Any:
    try:
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingPrerequisite(
            f"{path}: reading Parquet needs pyarrow", hint="pip install 'medalist[formats]'"
        ) from error
    return pq.ParquetFile(os.fspath(path))
