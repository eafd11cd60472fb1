"""Reads Hydro packages, as its export writes them.

On disk::

    problem.yaml                     title, tag, pid
    problem.md, problem_zh.md, ...   the statement; samples as fences ```input1, ```output1
    testdata/config.yaml             time, memory, checker, subtasks; without it the names decide
    testdata/1.in  1.out  checker.cc ...

Semantics: `packages/common/subtask.ts` and `hydrojudge/src/checkers.ts` of hydro-dev/Hydro.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from medalist.errors import BadInput
from medalist.problems.file_io import file_names
from medalist.problems.formats.build import PackageParts, assemble
from medalist.problems.formats.fields import Fields, parse_yaml
from medalist.problems.formats.hydro_tests import read_subtasks
from medalist.problems.formats.polygon_programs import STOCK
from medalist.problems.formats.programs import is_header, judged_languages, language, read_helper
from medalist.problems.formats.scored import finished, scored_group
from medalist.problems.formats.text import decode
from medalist.problems.formats.tree import PackageTree
from medalist.problems.helper import Helper, Protocol
from medalist.problems.model import Equality, Kind
from medalist.problems.secret import Problem

_STATEMENT = re.compile(r"problem(?:_(\w+))?\.md")
_FENCE = re.compile(r"^```(input|output)(\d*)[^\n]*\n(.*?)^```[^\n]*$", re.M | re.S)
_PROTOCOLS: dict[str, Protocol] = {
    "testlib": "testlib", "hustoj": "hustoj", "lemon": "lemon", "qduoj": "qduoj",
    "syzoj": "syzoj", "kattis": "kattis",
}  # fmt: skip
_UNUSED = {
    "key", "detail", "langs", "score", "validator", "user_extra_files", "judge_extra_files",
    "count", "hackable", "allow_hack",
}  # fmt: skip
_CONFIGS = ("testdata/config.yaml", "testdata/config.yml")


def is_hydro(tree: PackageTree) -> bool:
    """Whether a folder looks like a Hydro package (Kattis packages have a `problem.yaml`, too)."""
    if "problem.yaml" not in tree or tree.has_folder("data"):
        return False
    return tree.has_folder("testdata") or any(map(_STATEMENT.fullmatch, tree.children()[0]))


def load_hydro(tree: PackageTree) -> Problem:
    """Read a package.

    Raises:
        BadInput: Wrong or missing parts, or a kind that cannot be judged here, by name.
    """
    where = tree.where("problem.yaml")
    meta = Fields.of(parse_yaml(tree.read("problem.yaml"), where), where)
    path = next((name for name in _CONFIGS if name in tree), None)
    config = Fields.of(parse_yaml(tree.read(path), tree.where(path)) if path else {}, path or where)
    if path:
        config.file = tree.where(path)
    warnings: list[str] = []
    kind = config.text("type") or "default"
    if kind not in ("default", "interactive", "submit_answer"):
        raise config.bad("type", f"{kind}: a kind of Hydro problem that cannot be judged here")
    _refuse_files(config)
    statements = _statements(tree)
    first = next(iter(statements.values()), ("", []))
    limit, subtasks = read_subtasks(tree, config, warnings)
    problem = assemble(
        PackageParts(
            name=meta.text("pid") or tree.name,
            file=where,
            statement=first[0] or f"# {meta.text('title') or tree.name}\n",
            title=meta.text("title"),
            time_s=limit.time_s,
            memory_mb=limit.memory_mb,
            samples=first[1],
            tests=[(t.input, t.answer) for s in subtasks for t in s.tests],
            interactive=kind == "interactive",
            tags=meta.texts("tag") or (),
            source="Hydro",
            warnings=warnings,
        )
    )
    public: dict[str, Any] = {"statements": {key: text for key, (text, _) in statements.items()}}
    checker, equality = _checker(tree, config, warnings)
    if equality is not None:
        public["equality"] = equality
    if kind == "submit_answer":
        public["kind"] = Kind.OUTPUT_ONLY
    if name := config.text("filename"):
        public["files"] = file_names(f"{name}.in", f"{name}.out", f"{path}: filename", warnings)
    if not statements:
        warnings.append(f"{tree.label}: there is no statement (problem_zh.md)")
        public.pop("statements")
    interactor = _helper(tree, config, "interactor", "testlib", warnings)
    package = finished(problem, checker=checker, secret_group=scored_group(subtasks), **public)
    config.asked |= _UNUSED
    warnings += config.unknown()
    secret = package.secret
    if secret is not None and kind == "interactive":
        secret = replace(secret, interactor=interactor)
    return replace(package, secret=secret, warnings=tuple(warnings))


def _refuse_files(config: Fields) -> None:
    for key in ("time_limit_rate", "memory_limit_rate"):
        if config.get(key):
            raise config.bad(key, "limits by language are not read")
    if config.get("user_extra_files"):
        raise config.bad("user_extra_files", "files compiled with submissions are not read")


def _statements(tree: PackageTree) -> dict[str, tuple[str, list[tuple[str, str | None]]]]:
    """Return text and samples by language."""
    statements = {}
    for name in tree.children()[0]:
        match = _STATEMENT.fullmatch(name)
        if match:
            text = decode(tree.read(name), tree.where(name))
            if text.strip():
                statements[(match[1] or "zh").split("_")[0]] = _with_samples(text)
    return statements


def _with_samples(text: str) -> tuple[str, list[tuple[str, str | None]]]:
    """Return the statement with usual headings above its samples, and the samples."""
    sides: dict[tuple[str, str], str] = {}

    def heading(match: re.Match[str]) -> str:
        side, number, content = match.groups()
        sides[number, side] = content
        return f"## Sample {side.capitalize()} {number}".rstrip() + f"\n\n```\n{content}```"

    shown = _FENCE.sub(heading, text)
    numbers = sorted({number for number, _ in sides}, key=lambda n: int(n or 0))
    samples = [
        (sides[number, "input"], sides.get((number, "output")))
        for number in numbers
        if (number, "input") in sides
    ]
    return shown, samples


def _checker(
    tree: PackageTree, config: Fields, warnings: list[str]
) -> tuple[Helper | None, Equality | None]:
    """Return the checker, or the equality of a comparison that Hydro has built in."""
    kind = config.text("checker_type") or "default"
    if kind in ("default", "strict"):
        if config.get("checker"):
            warnings.append(
                f"{config.file}: checker: not asked by Hydro either: checker_type is {kind}"
            )
        # Both compare line by line; by default trailing blanks and empty lines do not count.
        return None, Equality(mode="lines" if kind == "default" else "whole-lines")
    if kind not in _PROTOCOLS:
        raise config.bad("checker_type", f"{kind}: a checker that cannot be asked")
    value = config.get("checker")
    name = value.get("file") if isinstance(value, dict) else value
    if not isinstance(name, str) or not name:
        raise config.bad("checker", f"is missing for checker_type {kind}")
    if "." not in name:
        if name not in STOCK:
            raise config.bad("checker", f"{name}: no stock checker of testlib that is known")
        return None, STOCK[name]
    return _helper(tree, config, "checker", _PROTOCOLS[kind], warnings), None


def _helper(
    tree: PackageTree, config: Fields, key: str, protocol: Protocol, warnings: list[str]
) -> Helper | None:
    value = config.get(key)
    name = value.get("file") if isinstance(value, dict) else value
    if name is None:
        return None
    path = f"testdata/{name}"
    if not isinstance(name, str) or path not in tree:
        raise config.bad(key, f"{name!r} is not in testdata/")
    content = tree.read(path)
    kind = language(path.rsplit("/", 1)[-1], content)
    if kind is None:
        raise config.bad(key, f"{name}: not {judged_languages()}")
    helper = read_helper(tree, path, warnings, protocol=protocol)
    if helper is None:
        raise BadInput("cannot be read", file=tree.where(path))
    headers = {
        other: tree.read(f"testdata/{other}")
        for other in tree.children("testdata")[0]
        if is_header(other)
    }
    return Helper(path, helper.language, {**headers, **helper.files}, helper.main, protocol)
