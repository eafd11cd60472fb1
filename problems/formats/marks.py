"""Which folders are packages, told by the names in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from medalist.problems.formats.pairs import find_pairs
from medalist.problems.formats.plain import FOLDERS, is_plain, statement_ending
from medalist.problems.formats.tree import PackageTree

_MARKERS = {
    "domjudge-problem.ini": "kattis",
    "problem.xml": "polygon",
    "task.yaml": "cms",
    "init.yml": "dmoj",
}


def marked(names: Collection[str], folders: Collection[str]) -> str | None:
    """Return the format of a folder that holds these names, or None.

    Args:
        names: Files and folders.
        folders: Those of them that are folders (at least).
    """
    if "problem.yaml" in names:
        statement = any(name.startswith("problem") and name.endswith(".md") for name in names)
        hydro = "data" not in folders and ("testdata" in folders or statement)
        return "hydro" if hydro else "kattis"
    if "problem.json" in names and "testcase" in folders:
        return "qduoj"
    return next((kind for name, kind in _MARKERS.items() if name in names), None)


def may_be_plain(names: Collection[str]) -> bool:
    """Whether a folder may hold a statement and tests, so that a closer look pays."""
    return any(map(statement_ending, names)) and (
        not FOLDERS.isdisjoint(names) or bool(find_pairs(names)[0])
    )


def marked_folders(tree: PackageTree) -> Iterator[tuple[str, str]]:
    """Yield the folders of an archive that are packages, and their formats; none inside another."""
    names: dict[str, set[str]] = {}
    folders: dict[str, set[str]] = {}
    for file in tree.files():
        folder, _, name = file.rpartition("/")
        names.setdefault(folder, set()).add(name)
        while folder:
            folder, _, name = folder.rpartition("/")
            if name in folders.setdefault(folder, set()):
                break
            folders[folder].add(name)
            names.setdefault(folder, set()).add(name)
    last: str | None = None
    for folder in sorted(names, key=lambda folder: folder.split("/") if folder else []):
        if last is not None and (not last or folder.startswith(f"{last}/")):
            continue
        kind = marked(names[folder], folders.get(folder, ()))
        if kind is None and may_be_plain(names[folder]):
            kind = "plain" if is_plain(tree.sub(folder) if folder else tree) else None
        if kind is not None:
            last = folder
            yield folder, kind
