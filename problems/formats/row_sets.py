"""Problems in files of rows: which rows make a problem, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from medalist.errors import BadInput
from medalist.problems.formats import ioi_rows
from medalist.problems.formats.brief import Brief
from medalist.problems.formats.companion import is_companion, load_companion
from medalist.problems.formats.datasets import KNOWN, load_row, row_id, style_of
from medalist.problems.formats.own import from_row, is_own
from medalist.problems.formats.rows import RowFile, RowPlace
from medalist.problems.secret import Blob, Problem

# The columns that a list needs; of the others of a Parquet file only the names are looked at.
_LIGHT = (
    "problem_id", "question_id", "id", "name", "task_id", "title", "question_title", "interactive",
    "year", "test_name", "url", "public", "medalist_problem",
)  # fmt: skip


@dataclass(frozen=True)
class RowEntry:
    """A problem found among rows, not yet read."""

    row_id: str
    file: Path
    style: str
    load: Callable[[], Problem] = field(repr=False)
    brief: Callable[[], Brief] = field(repr=False)


def rows_of_file(path: Path) -> Iterator[RowEntry]:
    """Find the problems of one file of rows."""
    return rows_of_folder(path.parent, [path], strict=True)


def rows_of_folder(
    folder: Path, files: Iterable[Path], *, strict: bool = False
) -> Iterator[RowEntry]:
    """Find the problems of the files of rows in a folder.

    Rows of IOI subtasks are put together, and their tests looked for in the files beside them.
    JSON is also used for other things: a file whose first row has no known shape is passed
    over, unless `strict`.

    Raises:
        BadInput: A file cannot be read, or a row has no known shape.
    """
    tasks: dict[str, list[tuple[RowFile, RowPlace]]] = {}
    titles: dict[str, Brief] = {}
    seen: set[tuple[Path, str]] = set()
    for path in files:
        file = RowFile(path)
        if not strict and not _known(file):
            continue
        for number, (place, row) in enumerate(file.rows(_LIGHT), start=1):
            if ioi_rows.is_subtask_row(row):
                key = ioi_rows.task_key(row)
                tasks.setdefault(key, []).append((file, place))
                titles.setdefault(key, _brief(row))
            elif not ioi_rows.is_test_row(row):
                entry = _entry(file, place, row, number)
                if (path, entry.row_id) in seen:
                    raise BadInput(f"duplicate id {entry.row_id!r}", file=file.where(place))
                seen.add((path, entry.row_id))
                yield entry
    tests = _Tests(folder)
    for key, places in tasks.items():
        yield RowEntry(
            key,
            places[0][0].path,
            "ioi",
            partial(_load_task, tests, places),
            partial(_known_brief, titles[key]),
        )


def _known(file: RowFile) -> bool:
    try:
        _, row = next(file.rows(_LIGHT), (None, None))
    except BadInput:
        return file.path.suffix.lower() != ".json"
    if row is None:
        return False
    ioi = ioi_rows.is_subtask_row(row) or ioi_rows.is_test_row(row)
    return ioi or is_own(row) or is_companion(row) or style_of(row) is not None


def _entry(file: RowFile, place: RowPlace, row: dict[str, Any], number: int) -> RowEntry:
    if is_own(row):
        public = row.get("public")
        name = public.get("problem_id") if isinstance(public, dict) else None
        style, entry_id = "medalist", str(name or f"row-{number}")
    elif is_companion(row):
        style, entry_id = "companion", str(row.get("url") or row["name"])
        entry_id = entry_id.rstrip("/").split("://")[-1]
    else:
        style, entry_id = style_of(row) or "", row_id(row, number)
        if not style:
            raise BadInput(
                "not a row of a known data set",
                file=file.where(place),
                hint=f"{KNOWN}, IOI, or medalist's own",
            )
    return RowEntry(
        entry_id,
        file.path,
        style,
        partial(_load, file, place, style, entry_id),
        partial(_own_brief, file, place) if is_own(row) else partial(_known_brief, _brief(row)),
    )


def _load(file: RowFile, place: RowPlace, style: str, name: str) -> Problem:
    row = file.row(place)
    if style == "medalist":
        return from_row(row, file.where(place))
    if style == "companion":
        return load_companion(row, file.where(place))
    return load_row(row, name, file.where(place), file.path.parent)


def _own_brief(file: RowFile, place: RowPlace) -> Brief:
    public = from_row({**file.row(place), "secret": None}, file.where(place)).public
    return Brief(public.title, public.kind.value)


def _known_brief(brief: Brief) -> Brief:
    return brief


def _brief(row: dict[str, Any]) -> Brief:
    """Return what a list shows, of the columns that a list reads."""
    title = row.get("question_title") or row.get("title") or row.get("name") or ""
    return Brief(str(title), "interactive" if row.get("interactive") is True else "batch")


def _load_task(tests_of: _Tests, places: list[tuple[RowFile, RowPlace]]) -> Problem:
    rows = [(file.where(place), file.row(place)) for file, place in places]
    index = tests_of.index.get(ioi_rows.task_key(rows[0][1]))
    if not index:
        raise ioi_rows.missing_tests(rows[0][0])

    def tests(name: str) -> tuple[Blob, Blob] | None:
        if name not in index:
            return None
        file, place = index[name]
        return _side(file, place, "test_input"), _side(file, place, "test_output")

    return ioi_rows.load_task(rows, tests)


class _Tests:
    """Where the tests of all tasks are, among all files of rows at and below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def index(self) -> dict[str, dict[str, tuple[RowFile, RowPlace]]]:
        """By task and name of the test; looked for once."""
        index: dict[str, dict[str, tuple[RowFile, RowPlace]]] = {}
        for path in sorted(p for p in self.folder.rglob("*") if p.suffix in {".parquet", ".jsonl"}):
            file = RowFile(path)
            for place, row in file.rows(["year", "problem_id", "test_name"]):
                if "test_name" in row:
                    own = index.setdefault(ioi_rows.task_key(row), {})
                    own[str(row["test_name"])] = (file, place)
        return index


def _side(file: RowFile, place: RowPlace, column: str) -> Blob:
    def read() -> bytes:
        value = file.row(place, [column]).get(column)
        if not isinstance(value, str):
            raise BadInput("must be text", file=file.where(place), field=column)
        return value.encode("utf-8", "surrogatepass")

    return Blob(f"{file.where(place)}: {column}", read)
