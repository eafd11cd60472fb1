"""Finds problems at a path and reads them, in whatever format they are.

An address is a folder or file, or a part of a file that holds several problems:
`contest.zip/apples`, `train.jsonl/1234`; or a data set of a model hub, `hf:open-r1/codeforces`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path

from medalist.errors import BadInput
from medalist.problems.formats.aoi import is_aoi, load_aoi
from medalist.problems.formats.archives import archive_tree, is_archive
from medalist.problems.formats.brief import Brief, brief_tree
from medalist.problems.formats.cms import is_cms, load_cms
from medalist.problems.formats.dataset_hub import located
from medalist.problems.formats.dmoj import is_dmoj, load_dmoj
from medalist.problems.formats.fps import FpsFile, is_fps
from medalist.problems.formats.hydro import is_hydro, load_hydro
from medalist.problems.formats.kattis import is_kattis, load_kattis
from medalist.problems.formats.marks import marked, marked_folders, may_be_plain
from medalist.problems.formats.plain import is_plain, load_plain
from medalist.problems.formats.polygon import is_polygon, load_polygon
from medalist.problems.formats.qduoj import is_qduoj, load_qduoj
from medalist.problems.formats.row_sets import RowEntry, rows_of_file, rows_of_folder
from medalist.problems.formats.rows import is_row_file
from medalist.problems.formats.statement import load_statement
from medalist.problems.formats.text import problem_id
from medalist.problems.formats.tree import PackageTree, folder_tree
from medalist.problems.secret import Blob, Problem

STATEMENT_ENDINGS = (".md", ".markdown", ".txt", ".tex", ".html", ".htm", ".pdf", "")
_DEPTH_LIMIT = 8
_TESTS = frozenset({"data", "tests", "input", "output", "submissions", "sol", "solutions"})


@dataclass(frozen=True)
class Format:
    """A package format: how to know it, and how to read it."""

    name: str
    recognises: Callable[[PackageTree], bool]
    load: Callable[[PackageTree], Problem]


FORMATS = (
    Format("polygon", is_polygon, load_polygon),
    Format("aoi", is_aoi, load_aoi),
    Format("cms", is_cms, load_cms),
    Format("dmoj", is_dmoj, load_dmoj),
    Format("qduoj", is_qduoj, load_qduoj),
    Format("hydro", is_hydro, load_hydro),
    # Late, since a folder with data/secret alone is taken for one.
    Format("kattis", is_kattis, load_kattis),
    Format("plain", is_plain, load_plain),
)


@dataclass(frozen=True)
class PackageEntry:
    """A problem that has been found but not read.

    `path` is its address: `load(path)` reads it too.
    """

    problem_id: str
    path: Path
    format: str
    load: Callable[[], Problem] = field(repr=False, compare=False)
    brief: Callable[[], Brief] = field(repr=False, compare=False)


def load(path: Path | str) -> Problem:
    """Read the problem at an address.

    Raises:
        BadInput: No such path, no known format, several problems, or a fault in the package.
    """
    path = located(path)
    if path.is_dir():
        tree = folder_tree(path)
        if any(candidate.recognises(tree) for candidate in FORMATS):
            return format_of(tree).load(tree)
        return _only(path, load_archive(path), tree)
    if path.is_file():
        if is_archive(path) or is_row_file(path) or path.suffix.lower() == ".xml":
            return _only(path, load_archive(path), None)
        if path.suffix.lower() in STATEMENT_ENDINGS:
            return load_statement(path)
        raise BadInput(
            "not a problem that can be read",
            file=path,
            hint="expected a package, an archive, a data set or a statement",
        )
    if os.path.lexists(path):
        raise BadInput("neither a file nor a folder", file=path)
    return _inside(path)


def _only(path: Path, entries: Iterator[PackageEntry], tree: PackageTree | None) -> Problem:
    """Read the one problem of several entries."""
    first_two = list(islice(entries, 2))
    if len(first_two) == 1:
        return first_two[0].load()
    if not first_two:
        if tree is not None:
            format_of(tree)  # says what is missing
        raise BadInput("holds no problem", file=path)
    raise BadInput(
        "holds several problems", file=path, hint=f"name one of them, as in {first_two[0].path}"
    )


def _inside(path: Path) -> Problem:
    """Read a problem inside a file."""
    for file in path.parents:
        if file.is_file() and (
            is_archive(file) or is_row_file(file) or file.suffix.lower() == ".xml"
        ):
            inner = str(path.relative_to(file))
            stat = file.stat()
            index, fault = _index(file, stat.st_mtime_ns, stat.st_size)
            if inner not in index:
                raise fault or BadInput(f"holds no problem {inner!r}", file=file)
            return index[inner].load()
    raise BadInput("no such path", file=path)


@lru_cache(maxsize=4)
def _index(
    file: Path, changed_ns: int, size: int
) -> tuple[dict[str, PackageEntry], BadInput | None]:
    """Return the problems of a file by all their names, and the fault that ended the search.

    They are looked for once, while the file is unchanged.
    """
    del changed_ns, size
    index: dict[str, PackageEntry] = {}
    try:
        for entry in load_archive(file):
            for name in (entry.problem_id, str(entry.path.relative_to(file))):
                index.setdefault(name, entry)
    except BadInput as fault:
        return index, fault
    return index, None


def format_of(tree: PackageTree) -> Format:
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
        hint="expected problem.yaml, problem.xml, task.yaml, init.yml, problem.json or a statement "
        "with tests (1.in, 1.out); for a bare statement give the file itself",
    )


def load_archive(path: Path | str) -> Iterator[PackageEntry]:
    """Find the problems of a folder, zip, tar or data set, without reading them.

    A folder that is a package is one problem, and nothing below it is looked at.

    Raises:
        BadInput: No such path, or nothing that can hold problems.
    """
    path = located(path)
    if path.is_dir():
        return _walk(path, 0)
    if not path.is_file():
        raise BadInput("no such path", file=path)
    if is_archive(path):
        return _members(path)
    if is_row_file(path):
        return map(_row_entry, rows_of_file(path))
    if path.suffix.lower() == ".xml":
        return _fps_entries(FpsFile(_file_blob(path), str(path), path.parent), path)
    if path.suffix.lower() in STATEMENT_ENDINGS:
        return iter((_statement_entry(path),))
    raise BadInput("neither an archive nor a data set", file=path)


def _walk(folder: Path, depth: int) -> Iterator[PackageEntry]:
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise BadInput(f"cannot read: {error.strerror}", file=folder) from error
    folders = {name for name in names if "." not in name or (folder / name).is_dir()}
    if kind := marked(names, folders):
        yield _folder_entry(folder, kind)
        return
    if may_be_plain(names) and is_plain(folder_tree(folder)):
        yield _folder_entry(folder, "plain")
        return
    paths = [folder / name for name in names if not name.startswith(".")]
    row_files = [path for path in paths if is_row_file(path) and path.is_file()]
    if row_files:
        yield from map(_row_entry, rows_of_folder(folder, row_files))
    for path in paths:
        if is_archive(path) and path.is_file():
            yield from _members(path)
        elif path.suffix.lower() == ".xml" and path.is_file() and is_fps(_head(path)):
            yield from _fps_entries(FpsFile(_file_blob(path), str(path), folder), path)
        elif depth < _DEPTH_LIMIT and path.is_dir() and not path.is_symlink():
            yield from _walk(path, depth + 1)


def _members(path: Path) -> Iterator[PackageEntry]:
    """Find the packages inside an archive."""
    tree = archive_tree(path)
    for folder, name in marked_folders(tree):
        inner = tree.sub(folder) if folder else tree
        yield PackageEntry(
            problem_id(inner.name),
            path / folder if folder else path,
            name,
            partial(_load_tree, inner),
            partial(brief_tree, inner, name),
        )
    for file in tree.files():
        if file.lower().endswith(".xml") and is_fps(content := tree.read_any(file)):
            yield from _fps_entries(FpsFile(Blob.of(content), tree.where(file)), path / file)


def _fps_entries(file: FpsFile, path: Path) -> Iterator[PackageEntry]:
    for name in file.items:
        yield PackageEntry(
            name, path / name, "fps", partial(file.load, name), partial(_fps_brief, file, name)
        )


def _fps_brief(file: FpsFile, name: str) -> Brief:
    return Brief(file.title(name), "batch")


def _file_blob(path: Path) -> Blob:
    return Blob(str(path), path.read_bytes, path.stat().st_size)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4096)
    except OSError:
        return b""


def _load_tree(tree: PackageTree) -> Problem:
    return format_of(tree).load(tree)


def _folder_entry(folder: Path, name: str) -> PackageEntry:
    def brief() -> Brief:
        # Tests are most of a package, and a list needs none of them.
        return brief_tree(folder_tree(folder, skip=_TESTS), name)

    def whole() -> Problem:
        # Not `load`: that would look for problems below a folder that only seems to be one.
        return _load_tree(folder_tree(folder))

    return PackageEntry(problem_id(folder.resolve().name), folder, name, whole, brief)


def _statement_entry(path: Path) -> PackageEntry:
    def brief() -> Brief:
        public = load_statement(path).public
        return Brief(public.title, public.kind.value)

    return PackageEntry(
        problem_id(path.stem), path, "statement", partial(load_statement, path), brief
    )


def _row_entry(row: RowEntry) -> PackageEntry:
    return PackageEntry(
        problem_id(row.row_id),
        row.file / row.row_id.replace("/", "-"),
        row.style,
        row.load,
        row.brief,
    )
