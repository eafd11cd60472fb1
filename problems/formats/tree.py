"""A package as a tree of files, read in place and never trusted.

A `PackageTree` knows the names and sizes of the regular files below a root and reads one when it is
asked to; it never unpacks anything. Whatever a package must not contain (links that leave it,
cycles, devices) is remembered with the reason, and refused as soon as a reader asks for
something at or below that name: a bad link in a corner that no reader looks at does no harm.
"""

from __future__ import annotations

import os
import posixpath
import re
import stat
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from medalist.errors import BadInput

TEXT_LIMIT = 16 << 20
"""Bytes of a single text file (statement, settings, source) that a reader accepts."""

FILES_LIMIT = 200_000
"""Files in one package: more is a link bomb or a mistake."""

_SHARED = (".h", ".hh", ".hpp", ".hxx", ".c", ".cc", ".cpp", ".py", ".sty", ".cls")
"""Endings of files that problems of one repository may share by links."""

_LINKS_LIMIT = 8
_LINK_TEXT_LIMIT = 512
_LINK_TEXT = re.compile(rb"[\w.+ /-]*\.[\w.+ /-]+")


class PackageTree:
    """Regular files below a root, by relative POSIX path.

    Attributes:
        label: The root's name for messages.
        name: The last part of the root's name, without an archive's extension.
    """

    def __init__(
        self,
        label: str,
        name: str,
        sizes: Mapping[str, int],
        refused: Mapping[str, str],
        reader: Callable[[str], bytes],
    ) -> None:
        self.label = label
        self.name = name
        self._sizes = sizes
        self._sorted = sorted(sizes)
        self._refused = refused
        self._reader = reader
        self._outer: tuple[PackageTree, str] | None = None

    def where(self, path: str) -> str:
        """Name a file of the tree for a message."""
        return f"{self.label}/{path}" if path else self.label

    def __contains__(self, path: str) -> bool:
        if path in self._refused:
            raise BadInput(self._refused[path], file=self.where(path))
        return path in self._sizes

    def size(self, path: str) -> int:
        """Return a file's size in bytes."""
        return self._sizes[path]

    def files(self, under: str = "") -> list[str]:
        """Return the files below a folder, sorted.

        Raises:
            BadInput: Something below the folder is refused.
        """
        prefix = f"{under}/" if under else ""
        for path, reason in self._refused.items():
            if path == under or path.startswith(prefix):
                raise BadInput(reason, file=self.where(path))
        return list(self._below(prefix))

    def _below(self, prefix: str) -> Iterator[str]:
        for index in range(bisect_left(self._sorted, prefix), len(self._sorted)):
            if not self._sorted[index].startswith(prefix):
                return
            yield self._sorted[index]

    def has_folder(self, path: str) -> bool:
        """Return whether there is a folder with at least one file somewhere below."""
        return next(self._below(f"{path}/"), None) is not None

    def children(self, under: str = "") -> tuple[list[str], list[str]]:
        """Return the names of a folder's own files and of its non-empty folders, sorted."""
        start = len(under) + 1 if under else 0
        names = [path[start:] for path in self.files(under)]
        own = [name for name in names if "/" not in name]
        folders = sorted({name.split("/", 1)[0] for name in names if "/" in name})
        return own, folders

    def read(self, path: str, *, limit: int = TEXT_LIMIT) -> bytes:
        """Return a file's content.

        Raises:
            BadInput: No such file, larger than `limit` bytes, or unreadable.
        """
        if path not in self:
            raise BadInput("no such file", file=self.where(path))
        if self._sizes[path] > limit:
            raise BadInput(f"larger than {limit >> 20} MiB", file=self.where(path))
        return self.read_any(path)

    def read_any(self, path: str) -> bytes:
        """Return a file's content, whatever its size (test data)."""
        try:
            return self._reader(self._target(path))
        except OSError as error:
            reason = error.strerror or "unreadable"
            raise BadInput(f"cannot read: {reason}", file=self.where(path)) from error

    def _target(self, path: str) -> str:
        """Return the file that is meant: a checkout without links holds their targets as text.

        Such a file is nothing but the relative name of another file of the package with the
        same ending, and no line end.
        """
        for _ in range(_LINKS_LIMIT):
            if not 0 < self._sizes[path] <= _LINK_TEXT_LIMIT:
                return path
            text = self._reader(path)
            if not _LINK_TEXT.fullmatch(text):
                return path
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), text.decode()))
            suffix = posixpath.splitext(path)[1]
            if target == path or target not in self._sizes or not target.endswith(suffix):
                return path
            path = target
        return path

    def replacing(self, texts: Mapping[str, str], wanted: Callable[[str], bool]) -> PackageTree:
        """Return the tree with `{{name}}` replaced by `texts[name]` in the files wanted."""

        def read(path: str) -> bytes:
            content = self._reader(path)
            if wanted(path):
                for name, text in texts.items():
                    content = content.replace(b"{{%s}}" % name.encode(), text.encode())
            return content

        return PackageTree(self.label, self.name, self._sizes, self._refused, read)

    def passing_over(self, matters: Callable[[str], bool], warnings: list[str]) -> PackageTree:
        """Return the tree without what is refused where nothing depends on it, with warnings.

        `matters` says of which paths a reader must hear; a picture or a submission that is a
        link to nothing is as good as not there.
        """
        harmless = {path: why for path, why in self._refused.items() if not matters(path)}
        warnings += [f"{self.where(path)}: {why}, passed over" for path, why in harmless.items()]
        kept = {path: why for path, why in self._refused.items() if path not in harmless}

        def read(path: str) -> bytes:  # keeps this tree alive, and an archive open with it
            return self._reader(path)

        return PackageTree(self.label, self.name, self._sizes, kept, read)

    def sub(self, folder: str) -> PackageTree:
        """Return the tree below one of its folders."""
        cut = len(folder) + 1
        inner = PackageTree(
            self.where(folder),
            folder.rsplit("/", 1)[-1],
            {path[cut:]: self._sizes[path] for path in self._below(f"{folder}/")},
            {p[cut:]: why for p, why in self._refused.items() if p.startswith(f"{folder}/")},
            lambda path: self._reader(f"{folder}/{path}"),
        )
        inner._outer = (self, folder)
        return inner

    def above(self, path: str) -> tuple[bytes, str] | None:
        """Return a text file above the root, such as `../base.yaml`, and its name for messages.

        None where the tree is not a part of another one, or that has no such file.
        """
        if self._outer is None:
            return None
        outer, folder = self._outer
        name = posixpath.normpath(posixpath.join(folder, path))
        return (outer.read(name), outer.where(name)) if name in outer else outer.above(name)


def folder_tree(root: Path, *, skip: frozenset[str] = frozenset()) -> PackageTree:
    """Scan a folder, except those of its own folders named in `skip`.

    Links are followed where they stay inside the folder, or lead to a source file of the same Git
    repository (problems of a contest share headers so).
    """
    real_root = os.path.realpath(root)
    scan = _Scan(real_root, skip)
    scan.folder(real_root, "", (real_root,))
    return PackageTree(
        str(root),
        root.resolve().name,
        scan.sizes,
        scan.refused,
        lambda path: Path(real_root, path).read_bytes(),
    )


def is_hidden(name: str) -> bool:
    """Whether a format takes a file for not there; judges put the time limit into a hidden one."""
    return name.startswith(".") and name != ".timelimit"


def _is_shared(root: str, target: str) -> bool:
    """Whether a file outside of a package is a source of the repository that the package is in.

    Nothing else is read by a link: where a package of strangers is in a working tree, it gets
    to see neither settings nor keys.
    """
    if not target.endswith(_SHARED) or not os.path.isfile(target):
        return False
    for above in Path(root).parents:
        if (above / ".git").exists():
            inside = Path(target).is_relative_to(above)
            return inside and not any(
                part.startswith(".") for part in Path(target).relative_to(above).parts
            )
    return False


@dataclass
class _Scan:
    """Collects the files of a folder and those that are refused, by their paths in it."""

    root: str
    skip: frozenset[str]
    sizes: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def folder(self, folder: str, prefix: str, chain: tuple[str, ...]) -> None:
        """Collect what is below one folder; `chain` holds the real folders on the way to it."""
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            self.refused[prefix.rstrip("/")] = f"cannot read: {error.strerror}"
            return
        for entry in entries:
            path = prefix + entry.name
            if is_hidden(entry.name) and prefix:
                continue  # the package formats say that such files are not there
            if not path.isprintable():
                self.refused[ascii(path)] = "a file name that cannot be printed"
                continue
            target = entry.path
            if entry.is_symlink():
                try:
                    target = os.path.realpath(entry.path, strict=True)
                except OSError:
                    self.refused[path] = "a dangling or circular link"
                    continue
                if os.path.commonpath([self.root, target]) != self.root and not _is_shared(
                    self.root, target
                ):
                    self.refused[path] = "a link that leaves the package"
                    continue
            mode = os.stat(target).st_mode
            if stat.S_ISDIR(mode):
                real = os.path.realpath(target)
                if real in chain:
                    self.refused[path] = "a link in a circle"
                elif entry.name not in {".git", "__pycache__"} and path not in self.skip:
                    self.folder(real, f"{path}/", (*chain, real))
            elif stat.S_ISREG(mode):
                self.sizes[path] = os.stat(target).st_size
                if len(self.sizes) > FILES_LIMIT:
                    raise BadInput(
                        f"more than {FILES_LIMIT:,} files in one package", file=self.root
                    )
            else:
                self.refused[path] = "neither a file nor a folder"
