"""How a CMS task is scored: by the subtasks of `gen/GEN`, or the score type of `task.yaml`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from medalist.problems.formats.build import numbered
from medalist.problems.formats.dmoj_patterns import matched
from medalist.problems.formats.fields import Fields
from medalist.problems.secret import Blob, Group

Tests = Sequence[tuple[Blob, Blob]]

_KEYS = ("score_type", "score_type_parameters", "n_input")
_ROOT = Group("secret", stop_on_failure=False, accept_if_any=True)
# Settings of a contest, which the contest that a task is used in states itself.
_CONTEST_KEYS = (
    "token_mode", "token_max_number", "token_min_interval", "token_gen_initial",
    "token_gen_number", "token_gen_interval", "token_gen_max", "token_initial", "token_total",
    "token_max", "token_gen_time", "max_submission_number", "max_user_test_number",
    "min_submission_interval", "min_user_test_interval", "score_mode",
    "public_testcases", "risultati", "feedback_level",
)  # fmt: skip
# What neither verdicts nor scores depend on.
_OTHER_KEYS = {
    "version", "primary_language", "use_cms_dataset_import", "syllabus_level", "name_short",
}  # fmt: skip


@dataclass
class GenSubtask:
    """A subtask of `gen/GEN`: its points, None for the tests before any."""

    points: float | None
    tests: int = 0


def states_scores(fields: Fields) -> bool:
    """Whether the score type is stated, which CMS obeys where all three keys are there."""
    return all(fields.has(key) for key in _KEYS)


def unused_keys(fields: Fields) -> list[str]:
    """Return warnings of the keys that are known and not obeyed."""
    fields.asked.update(_CONTEST_KEYS, _OTHER_KEYS)
    warnings = []
    stated = [key for key in _CONTEST_KEYS if fields.values.get(key) not in (None, "", "disabled")]
    if stated:
        warnings.append(
            f"{fields.file}: {', '.join(stated)}: not used (a contest has rules of its own)"
        )
    lone = [key for key in _KEYS[:2] if fields.has(key)]
    fields.asked.update(lone)
    if lone and not states_scores(fields):
        warnings.append(
            f"{fields.file}: {', '.join(lone)}: not used (nor does CMS, unless {', '.join(_KEYS)} "
            "are all stated)"
        )
    return warnings


def stated_groups(fields: Fields, tests: Tests, *, shares: bool, warnings: list[str]) -> Group:
    """Return the secret group by `score_type` and its parameters.

    Args:
        fields: `task.yaml`.
        tests: Input and answer of each test; CMS calls them 000, 001, ...
        shares: Whether a checker or manager may give a share of a test's points.
        warnings: Warnings are added here.

    Raises:
        BadInput: A score type that is not known or whose rule is not the judge's, or parameters
            that fit neither it nor the tests.
    """
    kind = fields.choice("score_type", "Sum", "GroupMin", "GroupMul", "GroupThreshold")
    key = "score_type_parameters"
    parameters = fields.get(key)
    if kind == "Sum":
        worth = _number(parameters)
        if worth is None:
            raise fields.bad(key, "of Sum must be the points of a test")
        return replace(_ROOT, tests=numbered(tests), points=worth)
    if kind == "GroupThreshold":
        raise fields.bad("score_type", "GroupThreshold is not judged: no subtask has a threshold")
    if kind == "GroupMul" and shares:
        raise fields.bad(
            "score_type", "GroupMul is not judged where a checker gives shares of a test's points"
        )
    if not isinstance(parameters, list) or not parameters:
        raise fields.bad(key, f"of {kind} must be a list of subtasks")
    points, wanted = zip(*(_subtask(fields, item) for item in parameters), strict=True)
    chosen = _chosen(fields, wanted, len(tests))
    if left := len(tests) - len({number for numbers in chosen for number in numbers}):
        warnings.append(f"{fields.file}: {key}: {left} tests are in no subtask: not judged")
    return _subtasks(list(points), [[tests[number] for number in numbers] for numbers in chosen])


def listed_groups(batches: Sequence[GenSubtask], tests: Tests, total: float) -> Group:
    """Return the secret group by `gen/GEN`; without subtasks the tests share `total`."""
    if all(batch.points is None for batch in batches):
        return replace(_ROOT, tests=numbered(tests), points=total / len(tests))
    own, start = [], 0
    for batch in batches:
        own.append(tests[start : start + batch.tests])
        start += batch.tests
    return _subtasks([batch.points or 0.0 for batch in batches], own)


def full_score(root: Group) -> float:
    """Return the most points of a task."""
    if root.children:
        return math.fsum(child.points for child in root.children)
    return root.points * len(root.tests)


def rounding_warning(root: Group, digits: int, file: str, *, shares: bool) -> list[str]:
    """Return a warning where CMS would round scores to so many digits and they are not whole."""
    worth = [child.points for child in root.children] or [root.points]
    if not shares and all(round(points, digits) == points for points in worth):
        return []
    return [f"{file}: score_precision: scores are not rounded"]


def _subtasks(points: Sequence[float], tests: Sequence[Tests]) -> Group:
    """Make one child a subtask, scored by its worst test."""
    children = []
    for index, (worth, own) in enumerate(zip(points, tests, strict=True)):
        name = f"{index:02}" if len(points) > 10 else str(index)
        group_id = f"secret/{name}"
        children.append(
            Group(
                group_id,
                numbered(own, group_id),
                aggregate="min",
                points=worth,
                low=0.0,
                high=worth,
                subtask_id=name,
            )
        )
    return replace(_ROOT, children=tuple(children))


def _subtask(fields: Fields, item: Any) -> tuple[float, Any]:
    """Return the points of a subtask, and which tests it has."""
    if isinstance(item, dict):
        item = [item.get("max_score"), item.get("testcases")]
    points = _number(item[0]) if isinstance(item, list) and len(item) >= 2 else None
    if points is None:
        raise fields.bad("score_type_parameters", "a subtask must be [points, tests]")
    return points, item[1]


def _chosen(fields: Fields, wanted: Sequence[Any], count: int) -> list[list[int]]:
    """Return the tests of each subtask: `count` further ones, by a pattern, or by their names."""
    key = "score_type_parameters"
    names = [f"{number:03}" for number in range(count)]
    chosen: list[list[int]] = []
    if all(isinstance(tests, int) and not isinstance(tests, bool) for tests in wanted):
        start = 0
        for tests in wanted:
            chosen.append(list(range(count))[start : start + max(tests, 0)])
            start += max(tests, 0)
        if start > count:
            raise fields.bad(key, f"the subtasks have {start} tests, but there are {count}")
    elif all(isinstance(tests, str) for tests in wanted):
        for pattern in wanted:
            names_of_tests = matched(fields, key, pattern, names)
            chosen.append(
                [number for number, groups in enumerate(names_of_tests) if groups is not None]
            )
    elif all(isinstance(tests, list) for tests in wanted):
        for tests in wanted:
            unknown = [name for name in tests if name not in names]
            if unknown:
                raise fields.bad(key, f"there is no test {unknown[0]!r} (they are 000, 001, ...)")
            chosen.append([names.index(name) for name in tests])
    else:
        raise fields.bad(key, "the tests of all subtasks must be stated in one way")
    if not all(chosen):
        raise fields.bad(key, f"subtask {chosen.index([])} has no test")
    return chosen


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 1e9 else None
