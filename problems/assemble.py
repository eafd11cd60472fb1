"""Puts a submission together with the files that a function problem compiles with it."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import replace

from medalist.problems.model import PublicProblem
from medalist.sandbox import languages
from medalist.sandbox.box import Source
from medalist.sandbox.languages import FAMILIES, LANGUAGES, default_row

_IMPORT = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)
_CRATE_MODULE = re.compile(r"^[ \t]*(?:pub[ \t]+)?mod[ \t]+(\w+)[ \t]*;", re.MULTILINE)
_MAIN_FILE = re.compile(r"(?:main|grader|runner)\.\w+", re.IGNORECASE)
_ENTRY_POINTS = ("main.py", "__main__.py", "grader.py")


def submission(public: PublicProblem, language: str, text: str | bytes) -> Source:
    """Return a program text as a source that compiles with what contestants are given.

    Args:
        public: The problem; its `grader_files` are added.
        language: A name of the language table (`cpp20`), or a family (`cpp`, `python`), whose
            default row is taken.
        text: The program.
    """
    row = LANGUAGES.get(language) or default_row(language)
    files = public_files(public, row.family)
    if not files:
        return languages.source(row.name, text)
    suffix = row.default_name.rpartition(".")[2]
    name = _wanted_name(row.family, files)
    return with_files(
        languages.source(row.name, text, name or f"{public.problem_id}.{suffix}"), files
    )


def public_files(public: PublicProblem, family: str) -> dict[str, bytes]:
    """Return the files given to contestants who write in a language of this family."""
    return {
        item.name: item.content.encode() for item in public.grader_files if item.language == family
    }


def with_files(source: Source, files: Mapping[str, bytes]) -> Source:
    """Add a grader's files, which win over a submission's of the same name.

    In Python the grader is what is run, and it imports the submission, whose main file gets the
    name that the grader imports. In Rust, Java and the like the grader is where the program starts,
    and a submission in Rust gets the name of the module that the grader declares.
    """
    if not files:
        return source
    main, family = source.main, LANGUAGES[source.language].family
    wanted = _wanted_name(family, files)
    if wanted and wanted not in source.files and main in source.files:
        renamed = {wanted if name == main else name: text for name, text in source.files.items()}
        source = Source(source.language, renamed, wanted)
        main = wanted
    if FAMILIES[family].runtime is None:
        # A program starts where the grader does: its class, the root of its crate.
        row = LANGUAGES[source.language]
        starts = (name for name in files if _MAIN_FILE.fullmatch(name) and row.takes(name))
        main = next(starts, main)
    if FAMILIES[family].runtime == "python":
        scripts = [name for name in files if name.endswith(".py")]
        main = next(
            (name for name in _ENTRY_POINTS if name in files),
            scripts[0] if len(scripts) == 1 else main,
        )
    return replace(source, files={**source.files, **files}, main=main)


def _wanted_name(family: str, files: Mapping[str, bytes]) -> str | None:
    """The file name by which a grader of a family asks for the submission; None for any."""
    if FAMILIES[family].runtime == "python":
        return _module(files)
    if family == "rust":
        own = {name.removesuffix(".rs") for name in files}
        for content in files.values():
            for module in _CRATE_MODULE.findall(content.decode(errors="replace")):
                if module not in own and f"{module}/mod" not in own:
                    return f"{module}.rs"
    return None


def _module(files: Mapping[str, bytes]) -> str | None:
    """The file name under which a Python grader imports the submission."""
    own = {name.removesuffix(".py") for name in files}
    for content in files.values():
        for module in _IMPORT.findall(content.decode(errors="replace")):
            if module not in own and module not in sys.stdlib_module_names:
                return f"{module}.py"
    return None
