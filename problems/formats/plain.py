"""A folder of a statement and tests: `problem.md` with `1.in`, `1.out`, ... or a folder of them.

What the statement says is all there is: limits, samples, tolerance, whether letters' case counts.
A `checker.cpp` or `chk.cpp` (testlib, with `testlib.h` beside it) is used.
"""

from __future__ import annotations

import re
from dataclasses import replace

from medalist.errors import BadInput
from medalist.problems.formats.build import secret_of, text_file
from medalist.problems.formats.pairs import FilePair, find_pairs
from medalist.problems.formats.programs import read_helper
from medalist.problems.formats.scored import Scored, finished, scored_group
from medalist.problems.formats.statement import StatementFile, statement_problem
from medalist.problems.formats.tree import PackageTree
from medalist.problems.helper import Helper
from medalist.problems.model import PublicProblem, Sample, Subtask
from medalist.problems.secret import Group, Problem, TestCase
from medalist.problems.text_data import line_feeds

FOLDERS = frozenset(
    {"tests", "test", "testdata", "testcase", "testcases", "test_cases", "data", "cases"}
)
"""Where tests lie, if not beside the statement."""

_ENDINGS = (".md", ".markdown", ".tex", ".html", ".htm", ".pdf", ".txt")
_USUAL = re.compile(
    r"(?:problem|statement|description|task|readme|题面|题目|题目描述|index)\b.*", re.I
)
_SIDE = re.compile(r"(?:^|[^a-z])(?:in|out|input|output|ans)\d*\.txt$", re.I)
_CHECKERS = ("checker.cpp", "checker.cc", "chk.cpp", "chk.cc", "check.cpp", "spj.cpp", "spj.cc")


def is_plain(tree: PackageTree) -> bool:
    """Whether a folder holds tests and a statement."""
    return _tests_folder(tree) is not None and statement_path(tree) is not None


def statement_ending(name: str) -> bool:
    """Whether a file's name is that of a text, and not of a test's input or answer."""
    return name.lower().endswith(_ENDINGS) and not _SIDE.search(name)


def statement_path(tree: PackageTree) -> str | None:
    """Return the statement's file: one with a usual name, else the only one there is."""
    files, _ = tree.children()
    statements = [name for name in files if statement_ending(name)]
    statements.sort(key=lambda name: (_ENDINGS.index(_ending(name)), name))
    usual = [name for name in statements if _USUAL.match(name)]
    if usual:
        return usual[0]
    stems = {name[: -len(_ending(name))] for name in statements}
    return statements[0] if len(stems) == 1 else None


def load_plain(tree: PackageTree) -> Problem:
    """Read a folder.

    Raises:
        BadInput: No statement, no tests, or an input without an answer.
    """
    path, folder = statement_path(tree), _tests_folder(tree)
    if path is None or folder is None:
        raise BadInput("holds no statement with tests", file=tree.label)
    pairs, lonely = find_pairs(_names(tree, folder))
    stated = statement_problem(
        tree.read(path), StatementFile(tree.where(path), tree.name, _ending(path))
    )
    public = stated.public
    warnings = [f"{tree.where(name)}: an input without an answer: left out" for name in lonely]
    shown = [pair for pair in pairs if pair.sample]
    secret = [pair for pair in pairs if not pair.sample] or pairs
    if not public.samples:
        public = public.model_copy(update={"samples": tuple(_sample(tree, pair) for pair in shown)})
        warnings += [] if public.samples else stated.warnings
    checker = _checker(tree, warnings)
    group = _scored(tree, public, secret, warnings)
    if group is None:  # the points of a statement alone say nothing about the tests
        public = public.model_copy(update={"full_score": None})
    problem = Problem(
        public,
        secret_of(
            [(text_file(tree, p.input), text_file(tree, p.answer)) for p in secret], public.samples
        ),
        doubts=tuple(d for d in stated.doubts if not (checker and ": output: " in d)),
    )
    package = finished(problem, checker=checker, secret_group=group)
    if group is not None:  # the statement's own subtasks have text and bounds
        update = {"subtasks": _numbered(public, group), "full_score": public.full_score}
        package = replace(package, public=package.public.model_copy(update=update))
    return replace(package, warnings=tuple(warnings))


def _scored(
    tree: PackageTree, public: PublicProblem, pairs: list[FilePair], warnings: list[str]
) -> Group | None:
    """Return the group of the statement's subtasks, where the files' names have their numbers."""
    if not public.subtasks or not public.full_score:
        return None
    batches = sorted({pair.batch for pair in pairs if pair.batch is not None})
    if len(batches) != len(public.subtasks) or any(pair.batch is None for pair in pairs):
        warnings.append(
            f"{tree.label}: the statement has {len(public.subtasks)} subtasks, but names of "
            "the tests do not say which belong to which: pass or fail"
        )
        return None
    return scored_group(
        [
            Scored(
                subtask.points,
                tuple(
                    TestCase("", text_file(tree, pair.input), text_file(tree, pair.answer))
                    for pair in pairs
                    if pair.batch == batch
                ),
            )
            for batch, subtask in zip(batches, public.subtasks, strict=True)
        ]
    )


def _numbered(public: PublicProblem, group: Group) -> tuple[Subtask, ...]:
    return tuple(
        subtask.model_copy(update={"subtask_id": child.subtask_id})
        for subtask, child in zip(public.subtasks, group.children, strict=True)
    )


def _sample(tree: PackageTree, pair: FilePair) -> Sample:
    test_input, answer = (
        line_feeds(tree.read(path)).decode("utf-8", "replace") for path in (pair.input, pair.answer)
    )
    return Sample(input=test_input, output=answer)


def _checker(tree: PackageTree, warnings: list[str]) -> Helper | None:
    files = tree.children()[0]
    name = next((name for name in _CHECKERS if name in files), None)
    if name is None:
        return None
    helper = read_helper(tree, name, warnings, protocol="testlib")
    if helper is None:
        return None
    headers = {path: tree.read(path) for path in files if path.endswith((".h", ".hpp"))}
    return Helper(
        helper.name, helper.language, {**headers, **helper.files}, helper.main, helper.protocol
    )


def _names(tree: PackageTree, folder: str) -> list[str]:
    return [path for path in tree.files(folder) if _depth(path, folder) <= 1]


def _depth(path: str, folder: str) -> int:
    rest = path[len(folder) + 1 :] if folder else path
    return rest.count("/")


def _tests_folder(tree: PackageTree) -> str | None:
    for folder in ("", *sorted(FOLDERS)):
        names = tree.children()[0] if not folder else None
        if names is None:
            names = _names(tree, folder) if tree.has_folder(folder) else []
        if find_pairs(names)[0]:
            return folder
    return "" if find_pairs(_names(tree, ""))[0] else None


def _ending(name: str) -> str:
    return f".{name.rsplit('.', 1)[-1].lower()}"
