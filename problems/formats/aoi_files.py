"""Settings with tags, `extends`, globs and packed files of the tasks that `aoi.py` reads."""

from __future__ import annotations

import fnmatch
import gzip
import io
import lzma
import posixpath
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from medalist.errors import BadInput
from medalist.problems.formats.build import text_blob, tree_blob
from medalist.problems.formats.fields import Fields, parse_yaml
from medalist.problems.formats.pairs import natural
from medalist.problems.formats.tree import TEXT_LIMIT, PackageTree
from medalist.problems.formats.yaml_values import Map
from medalist.problems.secret import Blob

_EXTENDS_LIMIT = 5
_UP_LIMIT = 3
_UNPACKED_LIMIT = 1 << 30
_UNPACKERS: dict[str, Callable[[Any], Any]] = {".gz": gzip.open, ".xz": lzma.open}
_RUN = ("!pyrun", "!cpprun", "!shell", "!pyinline", "!zip")


@dataclass(frozen=True)
class Tagged:
    """A value with a tag, such as `!cppcompile checker.cpp`."""

    tag: str
    value: str


def read_settings(tree: PackageTree) -> dict[str, Any]:
    """Return `task.yaml` with what it extends; keys of the nearer file win, maps are merged.

    Raises:
        BadInput: A file that is missing, not YAML, or extends itself.
    """
    content, where = tree.read("task.yaml"), tree.where("task.yaml")
    folder = "."
    settings: dict[str, Any] = {}
    for _ in range(_EXTENDS_LIMIT):
        value = parse_yaml(content, where, tagged=Tagged)
        if not isinstance(value, dict):
            raise BadInput("must be a map of keys to values", file=where)
        settings = _merged(value, settings)
        base = value.get("extends")
        if base is None:
            return settings
        if not isinstance(base, str) or not base.endswith((".yaml", ".yml")):
            raise BadInput(f"{base!r} is not a YAML file", file=where, field="extends")
        path = posixpath.normpath(posixpath.join(folder, base))
        content, where = _base(tree, path, where)
        folder = posixpath.dirname(path) or "."
    raise BadInput(f"more than {_EXTENDS_LIMIT} files extend each other", file=where)


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    both = Map()
    for item in (base, own):
        both.update(item)
        both.spelled.update(getattr(item, "spelled", {}))
    for key in own.keys() & base.keys():
        if isinstance(own[key], dict) and isinstance(base[key], dict):
            both[key] = _merged(base[key], own[key])
    return both


def _base(tree: PackageTree, path: str, where: str) -> tuple[bytes, str]:
    """Read a YAML file of the task's folder or of one of the few above it."""
    if not path.startswith(("../", "/")):
        return tree.read(path), tree.where(path)
    if path.startswith("/") or path.count("../") > _UP_LIMIT:
        raise BadInput(f"{path} is outside the contest's folder", file=where, field="extends")
    if (above := tree.above(path)) is not None:
        return above
    file = Path(tree.label) / path
    try:
        if not file.is_file() or file.stat().st_size > TEXT_LIMIT:
            raise BadInput("no such file", file=where, field="extends")
        return file.read_bytes(), str(file)
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", file=file) from error


class Files:
    """The files that settings name: as they are, by a glob, packed, or by a tag."""

    def __init__(self, tree: PackageTree, where: str) -> None:
        """Take the task's files and the name of its settings for messages."""
        self.tree = tree
        self.where = where

    def matching(self, fields: Fields, key: str) -> list[Blob]:
        """Return what a key names: one file, or those of a glob in the order of their names.

        Raises:
            BadInput: No such file, or one that a program would have to make.
        """
        value = fields.get(key)
        if value is None:
            return []
        if isinstance(value, Tagged):
            return [self._tagged(value, fields, key)]
        if not isinstance(value, str):
            raise fields.bad(key, "must be the name of a file")
        path = posixpath.normpath(value)
        if path in self.tree or not any(mark in path for mark in "*?["):
            return [self._blob(path)]
        names = [name for name in self.tree.files() if _matches(name, path)]
        if not names:
            raise fields.bad(key, f"no file matches {value}")
        return [self._blob(name) for name in sorted(names, key=natural)]

    def _tagged(self, value: Tagged, fields: Fields, key: str) -> Blob:
        if value.tag == "!raw":
            return text_blob(value.value)
        if value.tag in ("!gunzip", "!xzunzip"):
            path = posixpath.normpath(value.value.strip())
            return self._blob(path, ".gz" if value.tag == "!gunzip" else ".xz")
        if value.tag in _RUN:
            raise fields.bad(
                key, f"{value.tag} makes the file by running a program: build the task with cmsAOI"
            )
        raise fields.bad(key, f"{value.tag}: not followed")

    def _blob(self, path: str, ending: str | None = None) -> Blob:
        blob = tree_blob(self.tree, path)
        ending = ending or posixpath.splitext(path)[1]
        if ending not in _UNPACKERS:
            return blob
        return Blob(blob.name, partial(_unpacked, blob, _UNPACKERS[ending]))


def _matches(name: str, pattern: str) -> bool:
    """Whether a path matches a glob; a `*` does not match a `/`."""
    parts, wanted = name.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatch.fnmatchcase, parts, wanted))


def _unpacked(blob: Blob, opener: Callable[[Any], Any]) -> bytes:
    try:
        with opener(io.BytesIO(blob.read())) as file:
            content: bytes = file.read(_UNPACKED_LIMIT + 1)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise BadInput("damaged: it cannot be unpacked", file=blob.name) from error
    if len(content) > _UNPACKED_LIMIT:
        raise BadInput("unpacks to more than 1 GiB", file=blob.name)
    return content
