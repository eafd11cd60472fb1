"""Finds the format of a path and reads it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from medalist.errors import BadInput
from medalist.problems.formats.kattis import is_kattis, load_kattis
from medalist.problems.formats.statement import load_statement
from medalist.problems.formats.tree import Tree, folder_tree
from medalist.problems.secret import Problem

_STATEMENTS = (".md", ".markdown", ".txt", ".tex", ".html", ".htm", ".pdf", "")


@dataclass(frozen=True)
class Format:
    """A package format: how to know it, and how to read it."""

    name: str
    recognises: Callable[[Tree], bool]
    load: Callable[[Tree], Problem]


FORMATS = (Format("kattis", is_kattis, load_kattis),)


@dataclass(frozen=True)
class Brief:
    """What a list shows of a problem."""

    title: str
    kind: str


@dataclass(frozen=True)
class Entry:
    """A problem of an archive that has been found but not read."""

    problem_id: str
    path: Path
    format: str

    def load(self) -> Problem:
        """Read it."""
        return load(self.path)

    def brief(self) -> Brief:
        """Return title and kind; nothing of the tests is looked at."""
        public = self.load().public
        return Brief(public.title, public.kind.value)


def load(path: Path | str) -> Problem:
    """Read a problem in whatever format it is.

    Raises:
        BadInput: No such path, no known format, or a fault in the package.
    """
    path = Path(path)
    if not os.path.lexists(path):
        raise BadInput("no such path", file=path)
    if path.is_dir():
        tree = folder_tree(path)
        return format_of(tree).load(tree)
    if not path.is_file():
        raise BadInput("neither a file nor a folder", file=path)
    if path.suffix.lower() in _STATEMENTS:
        return load_statement(path)
    raise BadInput(
        "not a problem that can be read",
        file=path,
        hint="expected a package folder or a statement (.md, .txt, .tex, .html, .pdf)",
    )


def format_of(tree: Tree) -> Format:
    """Return the format of a package.

    Raises:
        BadInput: None fits.
    """
    for candidate in FORMATS:
        if candidate.recognises(tree):
            return candidate
    raise BadInput(
        "not a problem package",
        file=tree.label,
        hint="expected problem.yaml; for a bare statement give the file itself",
    )


def load_archive(path: Path | str) -> Iterator[Entry]:
    """Find the problems below a folder, without reading them.

    A folder that is a package is one problem, and nothing below it is looked at.

    Raises:
        BadInput: No such folder.
    """
    path = Path(path)
    if not path.is_dir():
        raise BadInput("no such folder", file=path)
    yield from _walk(path, 0)


def _walk(folder: Path, depth: int) -> Iterator[Entry]:
    if (folder / "problem.yaml").is_file() or (folder / "domjudge-problem.ini").is_file():
        yield Entry(folder.name, folder, "kattis")
        return
    if depth < 8:
        for child in sorted(folder.iterdir()):
            if child.is_dir() and not child.is_symlink() and not child.name.startswith("."):
                yield from _walk(child, depth + 1)
