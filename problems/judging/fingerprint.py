"""Digests of all that verdicts depend on: whether a package is still the one that judged."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from medalist.errors import BadInput
from medalist.problems.secret import Blob, Problem

_CHECKING = (
    *("checker", "interactor", "grader", "grader_files", "validation_passes", "before_submission"),
    *("unbuffered", "lent_imports", "scoring", "objective", "validation_s"),
)


def judging_digests(problem: Problem) -> dict[str, str]:
    """Return the digests of a problem's `tests`, `checker` and `limits` (16 hexadecimal digits).

    The checker stands for all that decides besides the tests: interactor, graders, equality. All
    test data are read once, which takes a second a gigabyte.
    """
    public, secret = problem.public, problem.secret
    checking = [getattr(secret, name) for name in _CHECKING] if secret else []
    parts: dict[str, Any] = {
        "tests": secret.groups if secret else (),
        "checker": [checking, public.equality],
        "limits": public.limits,
    }
    return {name: _digest(part) for name, part in parts.items()}


def stamp_of(path: Path) -> str:
    """Return a digest of the names, sizes and times of a package's files: cheap to compare.

    An address inside of an archive or a data set stands for the whole file.
    """
    while not path.exists() and path != path.parent:
        path = path.parent
    rows: list[tuple[str, int, int]] = []
    for folder, names, files in os.walk(path) if path.is_dir() else [(str(path), [], [""])]:
        names.sort()
        for name in sorted(files):
            file = Path(folder, name) if name else path
            try:
                about = file.stat()
            except OSError:
                continue
            rows.append((str(file), about.st_size, about.st_mtime_ns))
    return hashlib.sha256(json.dumps(rows).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _digest(part: object) -> str:
    text = json.dumps(_plain(part), sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _plain(value: object) -> Any:
    """Return a value as JSON that is equal for equal values; contents as their digests."""
    if isinstance(value, Blob):
        try:
            return hashlib.sha256(value.read()).hexdigest()
        except BadInput:
            return f"unreadable {value.name}"  # what a generator makes, too
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, Enum):
        return _plain(value.value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if hasattr(value, "model_dump"):
        return _plain(value.model_dump())
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_plain(part) for part in value), key=str)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value if isinstance(value, str | int | bool | type(None)) else repr(value)
