"""Whether a judgement is what `submissions.yaml` says of single tests and groups."""

from __future__ import annotations

from collections.abc import Iterator

from medalist.problems.formats.kattis_rules import matches
from medalist.problems.judging.results import Judgement, TestResult
from medalist.problems.secret import Expectation
from medalist.problems.verdict import Verdict


def unexpected(expected: Expectation, judgement: Judgement) -> Iterator[str]:
    """Yield a line for each way in which a judgement differs from what is expected."""
    if judgement.verdict in (Verdict.CE, Verdict.JE):
        yield f"{judgement.verdict}, and verdicts on tests were expected"
        return
    where = expected.tests or "all tests"
    tests = [
        test
        for test in judgement.tests
        if not expected.tests or matches(expected.tests, test.test_id)
    ]
    if not tests and (expected.permitted is not None or expected.required is not None):
        yield f"{where}: no such test was run"
        return
    yield from _verdicts(expected, where, tests)
    if expected.message and not any(expected.message in test.message for test in tests):
        yield f"{where}: no test's message has {expected.message!a}"
    if expected.score is not None:
        yield from _points(expected, where, judgement)


def _verdicts(expected: Expectation, where: str, tests: list[TestResult]) -> Iterator[str]:
    permitted, required = expected.permitted, expected.required
    if permitted is not None:
        wrong = next((test for test in tests if test.verdict not in permitted), None)
        if wrong is not None:
            yield f"{where}: {wrong.test_id} is {wrong.verdict}, not {_names(permitted)}"
    if required is not None and not any(test.verdict in required for test in tests):
        yield f"{where}: no test is {_names(required)}"


def _points(expected: Expectation, where: str, judgement: Judgement) -> Iterator[str]:
    low, high = expected.score or (0.0, 0.0)
    groups = [g for g in judgement.groups if matches(expected.tests, g.group_id)]
    scores = [g.score for g in groups if g.group_id.count("/") == expected.tests.count("/")]
    if not scores:
        yield f"{where}: no such group was judged"
    for score in scores:
        if not low - 1e-6 <= score <= high + 1e-6:
            yield f"{where}: {score:g} points are not within {low:g} to {high:g}"


def _names(verdicts: frozenset[Verdict]) -> str:
    return "|".join(verdict for verdict in Verdict if verdict in verdicts)
