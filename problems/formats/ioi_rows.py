"""IOI tasks as published on model hubs: one row a subtask, tests in their own files.

Subtask rows: `year, day, id, name, subtask, score, time_limit` (s), `memory_limit` (bytes),
`task_type, test_names, starting_code, grader_files` (pairs of name and content), `problem` (or
`statement`). Test rows: `year, problem_id, test_name, test_input, test_output`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from medalist.errors import BadInput
from medalist.problems.formats.build import PackageParts, assemble
from medalist.problems.formats.fields import Fields
from medalist.problems.formats.programs import family, is_header, pick_main
from medalist.problems.helper import Helper
from medalist.problems.model import GraderFile, Kind, Subtask
from medalist.problems.secret import Blob, Group, Problem, SecretProblem, TestCase

SUBTASK_KEYS = {"id", "subtask", "score", "test_names"}
TEST_KEYS = {"problem_id", "test_name", "test_input", "test_output"}

Tests = Callable[[str], tuple[Blob, Blob] | None]
"""Returns input and answer of a test by its name."""


def is_subtask_row(row: Mapping[str, Any]) -> bool:
    """Whether a row describes a subtask of an IOI task."""
    return row.keys() >= SUBTASK_KEYS


def is_test_row(row: Mapping[str, Any]) -> bool:
    """Whether a row holds a test of an IOI task."""
    return row.keys() >= TEST_KEYS


def task_key(row: Mapping[str, Any]) -> str:
    """Return what identifies a task in both kinds of rows: year and id."""
    task = row.get("problem_id") if "test_name" in row else row.get("id")
    year = row.get("year")
    return f"{year}-{task}" if year is not None else f"{task}"


def load_task(rows: Iterable[tuple[str, dict[str, Any]]], tests: Tests) -> Problem:
    """Make a problem of all rows of one task.

    Args:
        rows: Each row with its name for messages.
        tests: Where the tests are.

    Raises:
        BadInput: No rows, a wrong value, or a test that is not there.
    """
    fields = [Fields.of(row, file) for file, row in rows]
    first = fields[0]
    key = task_key(first.values)
    warnings: list[str] = []
    kind = first.text("task_type") or "Batch"
    if kind.lower() not in {"batch", "outputonly", "output_only"}:
        warnings.append(f"{first.file}: task_type: {kind} is not judged")
    memory = first.number("memory_limit", above=0)
    statement = first.text("statement") or first.text("problem") or ""
    graders, checker = _files(first, warnings)
    starting = first.text("starting_code")
    if starting and starting.strip():
        statement = (
            f"{statement.rstrip()}\n\n## Starting code\n\n```cpp\n{starting.rstrip()}\n```\n"
        )
    base = assemble(
        PackageParts(
            name=key,
            file=first.file,
            statement=statement,
            title=first.text("name"),
            time_s=first.number("time_limit", above=0),
            memory_mb=memory / (1 << 20) if memory else None,
            interactive=False,
            source=f"IOI {first.text('year')} {first.text('day') or ''}".strip(),
        )
    )
    groups = [_group(row, tests) for row in fields]
    public = base.public.model_copy(
        update={
            "kind": Kind.FUNCTION
            if graders
            else (Kind.OUTPUT_ONLY if "output" in kind.lower() else Kind.BATCH),
            "samples": (),
            "special_checker": checker is not None,
            "grader_files": tuple(
                GraderFile(language="cpp", name=name, content=content.decode("utf-8", "replace"))
                for name, content in graders.get("cpp", {}).items()
                if is_header(name)
            ),
            "subtasks": tuple(
                Subtask(subtask_id=group.subtask_id or "", points=group.points) for group in groups
            ),
            "full_score": sum(group.points for group in groups),
        }
    )
    root = Group("secret", children=tuple(groups), stop_on_failure=False, accept_if_any=True)
    secret = SecretProblem(
        groups=(Group("sample", ignore=True), root),
        checker=checker,
        grader_files=graders,
        scoring=True,
    )
    return Problem(public, secret, tuple(warnings))


def _group(row: Fields, tests: Tests) -> Group:
    name = row.text("subtask") or "0"
    short = re.sub(r"[^A-Za-z0-9._-]+", "-", name) or "0"
    points = row.number("score", low=0) or 0.0
    own = []
    for test_name in row.texts("test_names") or ():
        pair = tests(test_name)
        if pair is None:
            raise row.bad("test_names", f"there is no test {test_name!r}")
        own.append(TestCase(f"secret/{short}/{test_name}", *pair))
    return Group(
        f"secret/{short}",
        tuple(own),
        aggregate="min",
        points=points,
        low=0.0,
        high=points,
        subtask_id=short,
    )


def _files(row: Fields, warnings: list[str]) -> tuple[dict[str, dict[str, bytes]], Helper | None]:
    """Return the grader's files by family, and the checker."""
    graders: dict[str, dict[str, bytes]] = {}
    checker: dict[str, bytes] = {}
    for pair in row.get("grader_files") or []:
        if not isinstance(pair, list) or len(pair) != 2:
            raise row.bad("grader_files", "must be pairs of name and content")
        path, text = str(pair[0]), pair[1]
        name = posixpath.basename(path)
        if not isinstance(text, str) or not name:
            continue
        content = text.encode()
        if "checker" in path.lower() or name == "testlib.h":
            checker[name] = content
            continue
        kind = "cpp" if is_header(name) else family(name, content)
        if kind and not name.startswith("manager."):
            graders.setdefault(kind, {})[name] = content
        elif name.startswith("manager."):
            warnings.append(f"{row.file}: grader_files: {name}: a manager is not run")
    main, language = pick_main(checker) if checker else ("", None)
    if not checker or language is None:
        return graders, None
    # CMS's checkers are written with testlib and answer as CMS asks: a share on stdout.
    return graders, Helper(f"checker/{main}", language, checker, main, "cms")


def missing_tests(file: str) -> BadInput:
    """Return the error for subtask rows without any test rows beside them."""
    return BadInput(
        "there are no test rows (problem_id, test_name, test_input, test_output) beside it",
        file=file,
        hint="put the files of the test data set into the same folder",
    )
