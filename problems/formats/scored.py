"""Groups of tests with points, and problems put together from parts that formats share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from medalist.problems.constraints import describe_subtasks
from medalist.problems.helper import Helper
from medalist.problems.model import Subtask
from medalist.problems.secret import Group, LabelledSubmission, Problem, TestCase

_KEEP_GOING = Group("secret", stop_on_failure=False, accept_if_any=True)


@dataclass(frozen=True)
class Scored:
    """A subtask: its tests, what they are worth, and how their points combine.

    `each` are the points of single tests where they differ (with `sum`).
    """

    points: float
    tests: tuple[TestCase, ...]
    aggregate: Literal["min", "sum", "max"] = "min"
    depends: tuple[int, ...] = ()
    each: tuple[float, ...] = ()


def scored_group(subtasks: Sequence[Scored]) -> Group:
    """Return the secret group of numbered subtasks; `depends` are indices of others.

    The tests' ids are made again: `secret/<subtask>/<test>`.
    """
    width = len(str(len(subtasks)))
    names = [f"secret/{number:0{width}}" for number in range(1, len(subtasks) + 1)]
    children = tuple(
        _subtask(name, subtask, tuple(names[index] for index in subtask.depends))
        for name, subtask in zip(names, subtasks, strict=True)
    )
    return replace(_KEEP_GOING, children=children)


def _subtask(name: str, subtask: Scored, depends: tuple[str, ...]) -> Group:
    width = len(str(len(subtask.tests)))
    tests = tuple(
        replace(test, test_id=f"{name}/{number:0{width}}")
        for number, test in enumerate(subtask.tests, start=1)
    )
    group = Group(
        name,
        tests,
        aggregate=subtask.aggregate,
        points=subtask.points,
        low=0.0,
        high=subtask.points,
        depends=depends,
        subtask_id=name.rsplit("/", 1)[-1],
    )
    if subtask.aggregate == "min":
        return group
    group = replace(group, stop_on_failure=False, accept_if_any=True)
    if subtask.aggregate == "max":
        return group
    each = subtask.each or (subtask.points / len(tests),) * len(tests)
    if len(set(each)) == 1:
        return replace(group, points=each[0])
    singles = tuple(
        Group(test.test_id, (replace(test, test_id=f"{test.test_id}/1"),), points=worth)
        for test, worth in zip(tests, each, strict=True)
    )
    return replace(group, tests=(), children=singles)


def finished(
    problem: Problem,
    *,
    checker: Helper | None = None,
    secret_group: Group | None = None,
    submissions: tuple[LabelledSubmission, ...] = (),
    **public: Any,
) -> Problem:
    """Return a problem of `assemble` with what simple formats do not have.

    Args:
        problem: With its tests.
        checker: Instead of the declared equality.
        secret_group: Instead of the secret group; with points, so that the problem is scored.
        submissions: Labelled ones.
        public: Fields of the public half.
    """
    secret = problem.secret
    if secret is None:
        return replace(problem, public=problem.public.model_copy(update=public))
    public["special_checker"] = checker is not None or problem.public.special_checker
    groups = secret.groups
    if secret_group is not None:
        groups = (replace(groups[0], ignore=True), secret_group)
        subtasks = [
            Subtask(
                subtask_id=child.subtask_id or "",
                points=child.high or 0.0,
                depends=tuple(name.rsplit("/", 1)[-1] for name in child.depends),
            )
            for child in secret_group.children
        ]
        public["subtasks"] = describe_subtasks(subtasks, problem.public.statement())
        public["full_score"] = sum(subtask.points for subtask in subtasks)
    secret = replace(
        secret,
        groups=groups,
        checker=checker,
        submissions=submissions or secret.submissions,
        scoring=secret_group is not None,
    )
    return replace(problem, public=problem.public.model_copy(update=public), secret=secret)


def sections(title: str | None, parts: Sequence[tuple[str, str | None]]) -> str:
    """Return a statement of sections: heading (may be empty) and text; empty ones are left out."""
    texts = [f"# {title}"] if title else []
    for heading, text in parts:
        if text and text.strip():
            body = text.strip("\n")
            texts.append(f"## {heading}\n\n{body}" if heading else body)
    return "\n\n".join(texts) + "\n"
