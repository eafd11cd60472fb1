"""The programs of a CMS task folder: checker or manager, graders, solutions."""

from __future__ import annotations

import re
from dataclasses import replace

from medalist.problems.formats.programs import (
    family,
    find_programs,
    is_header,
    missing_helper,
    needed_helper,
    pick_main,
    read_program,
)
from medalist.problems.formats.text import decode
from medalist.problems.formats.tree import PackageTree
from medalist.problems.helper import Helper
from medalist.problems.model import GraderFile
from medalist.problems.secret import LabelledSubmission
from medalist.problems.verdict import Verdict
from medalist.sandbox.languages import C_FAMILIES, LANGUAGES

_ENDINGS = tuple(
    dict.fromkeys(extension for row in LANGUAGES.values() for extension in row.extensions)
)


def read_tool(tree: PackageTree, stems: tuple[str, ...], warnings: list[str]) -> Helper | None:
    """Return a checker or manager; what one that cannot be run would decide is a judge error."""
    for stem in stems:
        for ending in _ENDINGS:
            if f"{stem}{ending}" in tree:
                folder = stem.rsplit("/", 1)[0]
                helper = needed_helper(tree, f"{stem}{ending}", warnings, protocol="cms")
                headers = {
                    path.rsplit("/", 1)[-1]: tree.read(path)
                    for path in tree.files(folder)
                    if is_header(path)
                }
                return replace(helper, files={**headers, **helper.files})
        files = tree.files(stem.split("/")[0])
        others = [path for path in files if path.rsplit(".", 1)[0] == stem]
        if others:
            reason = "only a compiled program, or a source in a language that is not run"
            return missing_helper(
                tree.where(others[0]), others[0], reason, warnings, protocol="cms"
            )
    return None


def takes_pipes(graders: dict[str, dict[str, bytes]]) -> bool:
    """Whether the stubs open two pipes that they are told of, instead of the usual streams."""
    return any(
        b"argv" in content
        for files in graders.values()
        for name, content in files.items()
        if name.startswith(("stub.", "grader."))
    )


def read_graders(tree: PackageTree) -> dict[str, dict[str, bytes]]:
    """Return graders, stubs and headers of `sol/`, by language family."""
    graders: dict[str, dict[str, bytes]] = {}
    if not tree.has_folder("sol"):
        return graders
    names = tree.children("sol")[0]
    for name in names:
        content = tree.read(f"sol/{name}") if name.startswith(("grader.", "stub.")) else b""
        kind = family(name, content) if content else None
        if kind:
            graders.setdefault(kind, {})[name] = content
    for name in names:
        if is_header(name):
            for kind in graders.keys() & {*C_FAMILIES}:
                graders[kind][name] = tree.read(f"sol/{name}")
    return graders


def public_files(tree: PackageTree, graders: dict[str, dict[str, bytes]]) -> tuple[GraderFile, ...]:
    """Return the attached twins of graders, and the headers."""
    shown = []
    for kind, files in graders.items():
        for name, content in files.items():
            if f"att/{name}" in tree:
                content = tree.read(f"att/{name}")
            elif not is_header(name):
                continue
            text = decode(content, tree.where(f"sol/{name}"))
            shown.append(GraderFile(language=kind, name=name, content=text))
    return tuple(shown)


def read_solutions(
    tree: PackageTree, graders: dict[str, dict[str, bytes]]
) -> tuple[LabelledSubmission, ...]:
    """Read the solutions of `sol/`: the format labels only the reference one."""
    taken = {name for files in graders.values() for name in files}
    solutions = []
    for path in find_programs(tree, "sol"):
        name = path.rsplit("/", 1)[-1]
        if name in taken or is_header(name):
            continue
        files = read_program(tree, path)
        main, language = pick_main(files)
        reference = re.match(r"(soluzione|solution)\.", name)
        if language:
            solutions.append(
                LabelledSubmission(
                    name=f"sol/{name}",
                    language=language,
                    files=files,
                    main=main,
                    permitted=frozenset({Verdict.AC}) if reference else None,
                    label="accepted" if reference else "sol",
                )
            )
    return tuple(solutions)
