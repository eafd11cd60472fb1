"""Programs of a package: which file is the main one, and in which language it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from medalist.problems.formats.tree import Tree
from medalist.problems.secret import Helper, Protocol
from medalist.sandbox.languages import LANGUAGES, language_of

_HEADERS = (".h", ".hpp", ".hh", ".hxx")
_MAIN_NAMES = ("__main__.py", "main.py", "main.cpp", "main.cc", "main.c")
_C_MAIN = re.compile(rb"\b(?:int|void|auto|signed)\s+main\s*\(")
# Names that packages give languages in folder names; the sandbox's families.
_CODES = {
    "cpp": "cpp", "c++": "cpp", "cc": "cpp", "cpp17": "cpp", "cpp20": "cpp", "c": "c",
    "python": "python", "python3": "python", "python2": "python", "py": "python",
}  # fmt: skip


def family_of_code(code: str) -> str | None:
    """Return the family of a language as packages name it (`python3`, `c++`), or None."""
    return _CODES.get(code.lower())


def is_header(name: str) -> bool:
    """Whether a file only makes sense inside another one."""
    return name.endswith(_HEADERS)


def language(name: str, content: bytes) -> str | None:
    """Return the name of a file's language in the sandbox's table, or None.

    Python 2 is another language, told by its ending or its first line.
    """
    first_line = content.split(b"\n", 1)[0]
    if name.endswith(".py2") or (first_line.startswith(b"#!") and b"python2" in first_line):
        return None
    return language_of(name, content[:4096].decode("utf-8", "replace"))


def family(name: str, content: bytes) -> str | None:
    """Return the family of a file's language: `cpp`, `c`, `python`, or None."""
    found = language(name, content)
    return LANGUAGES[found].family if found else None


def has_main(name: str, content: bytes) -> bool:
    """Whether a file is where a program starts."""
    return name in _MAIN_NAMES or bool(not is_header(name) and _C_MAIN.search(content))


def pick_main(files: Mapping[str, bytes]) -> tuple[str, str | None]:
    """Return the main file of a program and its language (None: one that we do not run).

    A usual name wins, then the only source with a `main`, then the first source.
    """
    languages = {name: language(name, content) for name, content in files.items()}
    sources = [n for n in sorted(files) if languages[n] is not None and not is_header(n)]
    if not sources:
        return min(files, default=""), None
    for name in _MAIN_NAMES:
        if name in sources:
            return name, languages[name]
    main = next((name for name in sources if has_main(name, files[name])), sources[0])
    return main, languages[main]


def read_program(tree: Tree, path: str) -> dict[str, bytes]:
    """Read a program: a single file, or a folder whose files keep their relative names."""
    if path in tree:
        return {path.rsplit("/", 1)[-1]: tree.read(path)}
    return {file[len(path) + 1 :]: tree.read(file) for file in tree.files(path)}


def find_programs(tree: Tree, folder: str) -> list[str]:
    """Return the paths of the programs in a folder: each file and each folder is one."""
    if not tree.has_folder(folder):
        return []
    files, folders = tree.children(folder)
    return [f"{folder}/{name}" for name in sorted([*files, *folders])]


def read_helper(
    tree: Tree,
    path: str,
    warnings: list[str],
    *,
    protocol: Protocol = "kattis",
) -> Helper | None:
    """Read a package's own program, or warn and return None where we cannot run it."""
    files = read_program(tree, path)
    main, found = pick_main(files)
    if found is None:
        warnings.append(f"{tree.where(path)}: not C, C++ or Python, so it is not run")
        return None
    if "build" in files or "run" in files:
        warnings.append(f"{tree.where(path)}: its build script is not run; {main} is taken")
    return Helper(path, found, files, main, protocol)
