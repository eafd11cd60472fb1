"""The sample problems that come with medalist."""

from __future__ import annotations

from pathlib import Path

from medalist.errors import BadInput
from medalist.problems.formats.dataset_hub import PREFIX, fetched

_ARCHIVE = Path(__file__).resolve().parent.parent / "archive"


def bundled_archive() -> Path:
    """Return the folder that holds the bundled problems."""
    return _ARCHIVE


def find_bundled(name: str) -> Path:
    """Return the folder of a bundled problem.

    Raises:
        BadInput: There is none of that name.
    """
    path = _ARCHIVE / name
    if name.isprintable() and "/" not in name and (path / "problem.yaml").is_file():
        return path
    raise BadInput(f"no such path, and no bundled problem {name!r}", hint="medalist problems list")


def resolve(path_or_id: str) -> Path:
    """Return the address that a user means: a file or folder, else a bundled problem.

    `hf:owner/name` is a data set of a model hub (see `dataset_hub.py`).

    Raises:
        BadInput: Neither.
        MissingPrerequisite: The hub is not in reach.
    """
    if path_or_id.startswith(PREFIX):
        return fetched(path_or_id)
    path = Path(path_or_id).expanduser()
    try:
        if path.exists():
            return path
    except (OSError, ValueError) as error:
        raise BadInput("not a path that can be read", file=ascii(path_or_id)) from error
    if "/" in path_or_id:
        if any(parent.is_file() for parent in path.parents):
            return path  # a problem inside a file: `contest.zip/apples`
        raise BadInput("no such path", file=path_or_id)
    if path.suffix:
        raise BadInput("no such path", file=path_or_id)
    return find_bundled(path_or_id)
