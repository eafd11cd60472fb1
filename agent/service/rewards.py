"""What a judgement is worth to a trainer. A judge error is worth nothing that can be said: None."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from medalist.errors import BadInput
from medalist.problems.judging import Judgement, TestResult
from medalist.problems.verdict import Verdict

BY_ALL_TESTS = frozenset({"fraction"})
"""Kinds of reward for which every test is run."""
ALL_TESTS = "all_tests"
"""What NeMo Gym's rows call the one subtask of a problem that has none."""


def reward_of(
    kind: str, judgement: Judgement, tests: Iterable[str], full_score: float | None
) -> float | None:
    """Return the reward of a judgement, from 0 to 1, or None where the judge failed.

    ===============  ==============================================================================
    `binary`         1 if accepted, else 0
    `fraction`       the share of tests that it passed, all being run (a test passed in part counts
                     in part)
    `subtasks`       its points as a share of all points; `binary` where none are given
    `first-failing`  the share of tests before the first that it failed, in judging order
    ===============  ==============================================================================

    Args:
        kind: Which reward.
        judgement: The judgement.
        tests: The ids of all tests that count, in judging order.
        full_score: Points for everything, where known.
    """
    if judgement.verdict is Verdict.JE:
        return None
    if kind == "subtasks" and judgement.score is not None and full_score:
        return min(1.0, max(0.0, judgement.score / full_score))
    if kind == "fraction":
        return _share(judgement, list(tests))
    if kind == "first-failing":
        return _before_failing(judgement, list(tests))
    return 1.0 if judgement.verdict is Verdict.AC else 0.0


def reward_of_subtask(kind: str, judgement: Judgement, subtask: str) -> float | None:
    """Return the reward of one subtask: whether it is solved, or its share of points.

    Raises:
        BadInput: The problem has no such subtask.
    """
    if judgement.verdict is Verdict.JE:
        return None
    for group in judgement.groups:
        if _is_called(subtask, group.subtask_id, group.group_id):
            full = group.share >= 1.0
            return group.share if kind in ("fraction", "subtasks") else float(full)
    if judgement.verdict is Verdict.CE:
        return 0.0
    raise BadInput(f"the problem has no subtask {subtask[:100]!r}", field="subtask")


def has_subtask(judgement: Judgement, name: str) -> bool:
    """Whether a judgement has a subtask, or group of tests, of that name."""
    return any(_is_called(name, group.subtask_id, group.group_id) for group in judgement.groups)


def _is_called(name: str, subtask_id: str | None, group_id: str) -> bool:
    return name in (subtask_id, group_id, group_id.rpartition("/")[2])


def _share(judgement: Judgement, tests: list[str]) -> float:
    results = {test.test_id: test for test in judgement.tests}
    return sum(_worth(results, test) for test in tests) / len(tests) if tests else 0.0


def _worth(results: Mapping[str, TestResult], test_id: str) -> float:
    result = results.get(test_id)
    if result is None or not result.verdict.accepted:
        return 0.0
    return 1.0 if result.verdict is Verdict.AC else min(1.0, max(0.0, result.fraction or 0.0))


def _before_failing(judgement: Judgement, tests: list[str]) -> float:
    results = {test.test_id: test for test in judgement.tests}
    passed = 0
    for test in tests:
        if test not in results or not results[test].verdict.accepted:
            break
        passed += 1
    return passed / len(tests) if tests else 0.0
