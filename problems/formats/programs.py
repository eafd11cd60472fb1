"""Programs of a package: which file is the main one, and in which language it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from medalist.problems.formats.build_script import built_as, hands_on_all
from medalist.problems.formats.tree import PackageTree
from medalist.problems.helper import Helper, Protocol
from medalist.sandbox.languages import FAMILIES, LANGUAGES, cpp_of, language_of, row_named

_HEADERS = (".h", ".hpp", ".hh", ".hxx")
_MAIN_NAMES = {"__main__.py", "main.cc", *(row.default_name for row in LANGUAGES.values())}
_C_MAIN = re.compile(rb"\b(?:int|void|auto|signed)\s+main\s*\(")
_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+\.?(\w+)", re.MULTILINE)
_OLD_CODES = {"python2": "python"}
"""Languages that are not run, but whose folders hold files of a family that is."""


def family_of_code(code: str) -> str | None:
    """Return the family of a language as packages name it (`python3`, `c++`), or None."""
    row = row_named(code)
    return row.family if row else _OLD_CODES.get(code.lower())


def language_of_code(code: str) -> str | None:
    """Return the row of the language table for a language as packages name it, or None."""
    row = row_named(code)
    return row.name if row else None


def judged_languages(last_word: str = "or") -> str:
    """Name the languages that are run, for people: `C, C++ or Python 3`."""
    *some, last = sorted(family.title for family in FAMILIES.values())
    return f"{', '.join(some)} {last_word} {last}"


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


def hinted(guessed: str | None, hint: str | None) -> str | None:
    """Return the language of a program of which a package says more, such as `cpp.g++17`."""
    if hint is None or (guessed is not None and LANGUAGES[guessed].forced != "c++"):
        return guessed
    return cpp_of(hint) or guessed


def family(name: str, content: bytes) -> str | None:
    """Return the family of a file's language, or None."""
    name_of_language = language(name, content)
    return LANGUAGES[name_of_language].family if name_of_language else None


def has_main(name: str, content: bytes) -> bool:
    """Whether a file is where a program starts."""
    return name in _MAIN_NAMES or bool(not is_header(name) and _C_MAIN.search(content))


def pick_main(files: Mapping[str, bytes]) -> tuple[str, str | None]:
    """Return the main file of a program and its language (None: one that we do not run).

    A usual name wins, then the first source with a `main`, then the first that no other one
    imports, then the first; sources in folders come last.
    """
    languages = {name: language(name, content) for name, content in files.items()}
    order = sorted(files, key=lambda name: (name.count("/"), name))
    sources = [n for n in order if languages[n] is not None and not is_header(n)]
    if not sources:
        return min(files, default=""), None
    for name in _MAIN_NAMES:
        if name in sources:
            return name, languages[name]
    imported = {module for name in sources for module in _IMPORT.findall(files[name])}
    alone = [n for n in sources if _stem(n).encode() not in imported]
    starts = [name for name in sources if has_main(name, files[name])]
    main = (starts or alone or sources)[0]
    return main, languages[main]


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def read_program(tree: PackageTree, path: str) -> dict[str, bytes]:
    """Read a program: a single file, or a folder whose files keep their relative names."""
    if path in tree:
        return {path.rsplit("/", 1)[-1]: tree.read(path)}
    return {file[len(path) + 1 :]: tree.read(file) for file in tree.files(path)}


def find_programs(tree: PackageTree, folder: str) -> list[str]:
    """Return the paths of the programs in a folder: each file and each folder is one."""
    if not tree.has_folder(folder):
        return []
    files, folders = tree.children(folder)
    return [f"{folder}/{name}" for name in sorted([*files, *folders])]


def read_helper(
    tree: PackageTree,
    path: str,
    warnings: list[str],
    *,
    protocol: Protocol = "kattis",
) -> Helper | None:
    """Read a package's own program, or warn and return None where we cannot run it."""
    helper = needed_helper(tree, path, warnings, protocol=protocol)
    return None if helper.cannot_run else helper


def needed_helper(
    tree: PackageTree, path: str, warnings: list[str], *, protocol: Protocol = "kattis"
) -> Helper:
    """Read a program that verdicts depend on.

    One that we cannot run is warned of and returned as `broken`: what it would decide is a
    judge error, not a guess.
    """
    files = read_program(tree, path)
    main, language_name = pick_main(files)
    flags: tuple[str, ...] = ()
    scripted = "run" in files and not hands_on_all(files["run"])
    if "build" in files or "run" in files:
        built = built_as(files, main, language_name)
        files, main, language_name, flags = built.files, built.main, built.language, built.flags
        if language_name is not None:
            taken = f"{main} is built as far as its script could be read"
            warnings.append(f"{tree.where(path)}: its build script is not run: {taken}")
    if scripted:
        reason = "its run script does more than to start one program with the arguments given"
        return missing_helper(tree.where(path), path, reason, warnings, protocol=protocol)
    if language_name is None:
        reason = f"it is not in {judged_languages()}"
        warnings.append(f"{tree.where(path)}: not {judged_languages()}, so it is not run")
        return Helper(path, "", files, main, protocol, cannot_run=reason)
    return Helper(path, language_name, files, main, protocol, compile_flags=flags)


def missing_helper(
    where: str, name: str, reason: str, warnings: list[str], *, protocol: Protocol = "kattis"
) -> Helper:
    """Return a stand-in for a program that verdicts depend on and that is not there, and warn."""
    warnings.append(f"{where}: {reason}: whatever it would decide is a judge error")
    return Helper.missing(name, reason, protocol)
