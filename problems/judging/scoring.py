"""From verdicts on tests to the verdict and points of groups and of the whole submission.

The semantics of a group are those of Kattis's default grader; IOI subtasks (`min`, with
dependencies) and plain sums are special cases of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from medalist.problems.judging.results import GroupResult, TestResult
from medalist.problems.secret import Group, SecretProblem
from medalist.problems.verdict import Verdict, worst

Grader = Callable[[Sequence[tuple[Verdict, float]], tuple[str, ...]], tuple[Verdict, float]]
"""A package's own aggregation: verdicts and scores of the parts, and flags, to those of the
group."""

_EPSILON = 1e-9


@dataclass(frozen=True)
class Grade:
    """The verdict and points of a submission, and those of its groups, children first."""

    verdict: Verdict
    score: float | None
    groups: tuple[GroupResult, ...]


def ends_group(group: Group, verdict: Verdict) -> bool:
    """Whether a test or child with this verdict ends the group."""
    return group.stop_on_failure and not verdict.accepted


def full_score(groups: Sequence[Group]) -> float | None:
    """Return the most points that can be had, or None where there is no bound."""
    parts = [group.full for group in groups if not group.ignore]
    return None if None in parts else math.fsum(part or 0.0 for part in parts)


def grade(
    secret: SecretProblem,
    results: Mapping[str, TestResult],
    *,
    full: float | None,
    grader: Grader | None = None,
) -> Grade:
    """Aggregate the results of tests.

    Args:
        secret: Groups and scoring rules.
        results: Test id to result. Tests that were not run because their group had ended
            already are missing.
        full: Points for everything, where known.
        grader: The package's own aggregation, for groups with `grader_flags`.
    """
    grading = _Grading(secret, results, grader)
    for group in secret.groups:
        grading.group(group)
        if not secret.scoring and not group.ignore and not grading.done[group.group_id][0].accepted:
            break  # a pass/fail problem ends with the first group that is rejected
    groups = tuple(grading.in_order)
    if any(result.verdict is Verdict.JE for result in groups if not result.ignored):
        return Grade(Verdict.JE, None, groups)
    top = [
        grading.done[group.group_id]
        for group in secret.groups
        if not group.ignore and group.group_id in grading.done
    ]
    verdict = next((v for v, _ in top if v is not Verdict.AC), Verdict.AC)
    if not secret.scoring:
        return Grade(verdict, None, groups)
    score = sum(points for _, points in top)
    if secret.objective == "min" or full is None:
        return Grade(verdict, score, groups)
    score = min(score, full)
    return Grade(_verdict_of_score(verdict, score, full, passed=grading.passed()), score, groups)


def _verdict_of_score(verdict: Verdict, score: float, full: float, *, passed: bool) -> Verdict:
    """Points and tests decide where a full score is known.

    A solution may be accepted by its groups and yet partial. All points are not enough: a full
    score of 0 would accept everything.
    """
    if passed and score >= full - _EPSILON:
        return Verdict.AC
    if score > _EPSILON:
        return Verdict.PAC
    return Verdict.WA if verdict.accepted else verdict


class _Grading:
    """One pass over the groups; a group that others depend on is graded when first needed."""

    def __init__(
        self, secret: SecretProblem, results: Mapping[str, TestResult], grader: Grader | None
    ) -> None:
        self.secret = secret
        self.results = results
        self.grader = grader
        self.by_id = {g.group_id: g for top in secret.groups for g in _walk(top)}
        self.done: dict[str, tuple[Verdict, float]] = {}
        self.in_order: list[GroupResult] = []

    def passed(self) -> bool:
        """Whether no test and no group that counts was rejected."""
        return all(self._passed(group) for group in self.secret.groups if not group.ignore)

    def _passed(self, group: Group) -> bool:
        if group.group_id not in self.done:
            return False
        if self._by_grader(group):
            return self.done[group.group_id][0] is Verdict.AC
        if group.verdict_mode == "always_accept":
            return True
        known = (self.results.get(test.test_id) for test in group.tests)
        parts = [result is not None and result.verdict is Verdict.AC for result in known]
        parts += [self._passed(child) for child in group.children if not child.ignore]
        return any(parts) if parts and group.aggregate == "max" else all(parts)

    def _by_grader(self, group: Group) -> bool:
        return self.grader is not None and group.grader_flags is not None

    def group(self, group: Group) -> tuple[Verdict, float]:
        if group.group_id not in self.done:
            verdict, score = self._grade(group)
            self.done[group.group_id] = (verdict, score)
            full = group.full
            share = score / full if full else float(verdict.accepted)
            self.in_order.append(
                GroupResult(
                    group.group_id,
                    verdict,
                    score,
                    min(1.0, max(0.0, share)),
                    group.subtask_id,
                    group.ignore,
                )
            )
        return self.done[group.group_id]

    def _grade(self, group: Group) -> tuple[Verdict, float]:
        for needed in group.depends:
            verdict, _ = self.group(self.by_id[needed])
            partly = group.lenient and verdict is Verdict.PAC
            if verdict is not Verdict.AC and not partly:
                return (Verdict.WA if verdict is Verdict.PAC else verdict), group.reject_points
        parts: list[tuple[Verdict, float]] = []
        for number, test in enumerate(group.tests, start=1):
            if (result := self.results.get(test.test_id)) is None:
                continue
            parts.append((result.verdict, _points(group, result)))
            if ends_group(group, result.verdict):
                if group.lenient and number < len(group.tests):
                    # A rejected output that earned something: what was left out earns nothing.
                    parts.append((result.verdict, group.reject_points))
                return self._aggregate(group, parts)
        for child in group.children:
            verdict, score = self.group(child)
            if child.ignore:
                continue
            parts.append((verdict, score))
            if ends_group(group, verdict):
                break
        return self._aggregate(group, parts)

    def _aggregate(
        self, group: Group, parts: Sequence[tuple[Verdict, float]]
    ) -> tuple[Verdict, float]:
        if not parts:
            return Verdict.AC, 0.0
        verdicts = [verdict for verdict, _ in parts]
        if Verdict.JE in verdicts:
            return Verdict.JE, 0.0
        if self.grader is not None and group.grader_flags is not None:
            verdict, score = self.grader(parts, group.grader_flags)
            return verdict, group.within(score)
        score = group.within(group.combine([score for _, score in parts]))
        if group.verdict_mode == "always_accept" or (
            group.accept_if_any and Verdict.AC in verdicts
        ):
            return Verdict.AC, score
        if group.verdict_mode == "first_error":
            return next((v for v in verdicts if not v.accepted), worst(verdicts)), score
        return worst(verdicts), score


def without_impossible_points(
    secret: SecretProblem, results: Sequence[TestResult]
) -> tuple[TestResult, ...]:
    """Return the results, a judge error where a checker gave points that the test is not worth.

    That is so where points are of a test (testlib's and DMOJ's checkers). Kattis's are bounded by
    the range of the group alone.
    """
    helper = secret.interactor or secret.checker
    if not secret.scoring or helper is None or helper.protocol == "kattis":
        return tuple(results)
    worth = {
        test.test_id: group.points
        for top in secret.groups
        for group in _walk(top)
        for test in group.tests
    }
    return tuple(_possible(result, worth[result.test_id], helper.name) for result in results)


def _possible(result: TestResult, worth: float, name: str) -> TestResult:
    if result.points is None or -_EPSILON <= result.points <= worth + _EPSILON:
        return result
    if worth == 0:  # run for feedback only
        return replace(result, points=0.0)
    message = f"{name} gave {result.points:g} points on a test worth {worth:g}"
    return replace(result, verdict=Verdict.JE, points=None, message=message)


def _points(group: Group, result: TestResult) -> float:
    if not result.verdict.accepted:
        earned = result.fraction if group.lenient else None
        return group.points * earned if earned else group.reject_points
    if result.points is not None:
        return result.points
    return group.points * (1.0 if result.fraction is None else result.fraction)


def _walk(group: Group) -> list[Group]:
    return [group, *(below for child in group.children for below in _walk(child))]
