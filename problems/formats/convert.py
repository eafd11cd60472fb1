"""Writes a problem in another format, and says what that format could not hold."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from medalist.errors import BadInput
from medalist.problems.formats.load import load
from medalist.problems.formats.own import differences, fingerprint, to_row
from medalist.problems.formats.rows import dumped
from medalist.problems.formats.write_cms import write_cms
from medalist.problems.formats.write_harbor import lost_in_harbor, write_harbor
from medalist.problems.formats.write_kattis import write_kattis
from medalist.problems.secret import Problem

_FOLDERS: dict[str, Callable[[Problem, Path], None]] = {
    "kattis": partial(write_kattis, version="2025-09"),
    "kattis-legacy": partial(write_kattis, version="legacy"),
    "cms": write_cms,
    "harbor": write_harbor,
}
WRITABLE = (*_FOLDERS, "jsonl")
"""Formats that can be written. `jsonl` is medalist's own rows, which hold everything."""


def write(problem: Problem, format_name: str, target: Path, *, append: bool = False) -> Path:
    """Write a problem and return where it is.

    Args:
        problem: What to write.
        format_name: One of `WRITABLE`.
        target: For packages the folder in which a folder named after the problem is made;
            for `jsonl` the file.
        append: Add to a file that is there.

    Raises:
        BadInput: The target exists, or the format cannot hold the problem.
    """
    if format_name == "jsonl":
        if target.exists() and not append:
            raise BadInput("exists already", file=target)
        row = dumped(to_row(problem))  # tests are read here, and may turn out to be faulty
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("ab") as file:
            file.write(row)
        return target
    if format_name not in _FOLDERS:
        raise BadInput(f"{format_name!r} is not one of {', '.join(WRITABLE)}", field="--to")
    folder = target / problem.public.problem_id
    if folder.exists():
        raise BadInput("exists already", file=folder)
    folder.mkdir(parents=True)
    try:
        _FOLDERS[format_name](problem, folder)
    except BaseException:
        # Half a package would be read as a whole one.
        shutil.rmtree(folder)
        raise
    return folder


def lost(problem: Problem, written: Path) -> list[str]:
    """Return the fields that are not the same after reading back what was written.

    Parts of lists are named once (`secret.groups[].points`), in order. Harbor's tasks are not read
    back: there it is what is left out.
    """
    if (written / "task.toml").is_file():
        return lost_in_harbor(problem)
    changed = differences(fingerprint(problem), fingerprint(load(written)))
    return list(dict.fromkeys(_general(field) for field in changed))


def _general(field: str) -> str:
    parts = field.split(".")
    return ".".join(part.split("[")[0] + "[]" if "[" in part else part for part in parts)
