from typing import Any

import pytest

from medalist.problems.judging.results import TestResult
from medalist.problems.judging.scoring import full_score, grade
from medalist.problems.judging.test_order import needed
from medalist.problems.secret import Blob, Group, SecretProblem, TestCase
from medalist.problems.verdict import SEVERITY, Verdict, worst

AC, PAC, WA, TLE, RTE, JE = (
    Verdict.AC,
    Verdict.PAC,
    Verdict.WA,
    Verdict.TLE,
    Verdict.RTE,
    Verdict.JE,
)


def case(test_id: str) -> TestCase:
    return TestCase(test_id, Blob.of(b""), Blob.of(b""))


def group(group_id: str, tests: str = "", **fields: object) -> Group:
    return Group(group_id, tuple(case(t) for t in tests.split()), **fields)  # type: ignore[arg-type]


def result(test_id: str, verdict: Verdict, **fields: Any) -> TestResult:
    return TestResult(test_id, verdict, **fields)


def results(*pairs: tuple[str, Verdict]) -> dict[str, TestResult]:
    return {test_id: result(test_id, verdict) for test_id, verdict in pairs}


def subtasks() -> SecretProblem:
    """Two subtasks as Kattis's scoring problems have them; the second needs the first."""
    one = group("secret/1", "a b", aggregate="min", points=40.0, high=40.0, subtask_id="1")
    two = group(
        "secret/2", "c d", aggregate="min", points=60.0, depends=("secret/1",), subtask_id="2"
    )
    secret = Group(
        "secret",
        children=(one, two),
        stop_on_failure=False,
        verdict_mode="first_error",
        accept_if_any=True,
    )
    return SecretProblem((group("sample", "s", ignore=True), secret), scoring=True)


def test_pass_fail_takes_the_first_rejected_test() -> None:
    secret = SecretProblem((group("sample", "s"), group("secret", "a b c")))
    graded = grade(secret, results(("s", AC), ("a", AC), ("b", TLE), ("c", WA)), full=None)
    assert (graded.verdict, graded.score) == (TLE, None)
    graded = grade(secret, results(("s", RTE), ("a", AC)), full=None)
    assert graded.verdict is RTE
    assert [g.group_id for g in graded.groups] == ["sample"]


def test_subtasks_give_points_and_a_partial_verdict() -> None:
    secret = subtasks()
    assert full_score(secret.groups) == 100
    whole = grade(secret, results(("s", WA), ("a", AC), ("b", AC), ("c", AC), ("d", AC)), full=100)
    assert (whole.verdict, whole.score) == (AC, 100)
    part = grade(secret, results(("s", AC), ("a", AC), ("b", AC), ("c", AC), ("d", TLE)), full=100)
    assert (part.verdict, part.score) == (PAC, 40)
    assert {g.subtask_id: g.share for g in part.groups if g.subtask_id} == {"1": 1.0, "2": 0.0}
    none = grade(secret, results(("s", AC), ("a", AC), ("b", WA), ("c", AC), ("d", AC)), full=100)
    assert (none.verdict, none.score) == (WA, 0), "a group whose dependency failed earns nothing"


def test_a_dependency_that_stands_later_is_graded_first() -> None:
    late = group("x", "a", points=1.0, depends=("y",), stop_on_failure=False)
    early = group("y", "b", points=1.0, stop_on_failure=False)
    secret = SecretProblem((late, early), scoring=True)
    assert grade(secret, results(("a", AC), ("b", WA)), full=2).score == 0
    assert grade(secret, results(("a", AC), ("b", AC)), full=2).score == 2


@pytest.mark.parametrize(
    ("aggregate", "expected", "full"),
    [("sum", 17.0, 30.0), ("min", 0.0, 10.0), ("max", 10.0, 10.0), ("avg", 17 / 3, 10.0)],
)
def test_aggregates_and_fractions(aggregate: str, expected: float, full: float) -> None:
    tests = group("g", "a b c", aggregate=aggregate, points=10.0, stop_on_failure=False)
    secret = SecretProblem((tests,), scoring=True)
    graded = grade(
        secret,
        {
            "a": result("a", AC),
            "b": result("b", PAC, fraction=0.7),
            "c": result("c", WA, fraction=0.9),
        },
        full=full_score((tests,)),
    )
    assert full_score((tests,)) == full
    assert graded.score == pytest.approx(expected)


def test_a_checkers_own_points_replace_the_groups() -> None:
    tests = group("g", "a b", points=10.0, stop_on_failure=False)
    secret = SecretProblem((tests,), scoring=True)
    graded = grade(secret, {"a": result("a", AC, points=3.5), "b": result("b", AC)}, full=20)
    assert (graded.verdict, graded.score) == (PAC, 13.5)


def test_worst_and_first_error() -> None:
    tests = results(("a", WA), ("b", RTE))
    for mode, verdict in (("worst_error", RTE), ("first_error", WA)):
        secret = SecretProblem((group("g", "a b", stop_on_failure=False, verdict_mode=mode),))
        assert grade(secret, tests, full=None).verdict is verdict
    assert worst([]) is AC
    assert set(SEVERITY) == set(Verdict)


def test_a_judge_error_is_never_a_score() -> None:
    graded = grade(subtasks(), results(("s", AC), ("a", AC), ("b", JE)), full=100)
    assert (graded.verdict, graded.score) == (JE, None)
    ignored = grade(
        subtasks(), results(("s", JE), ("a", AC), ("b", AC), ("c", AC), ("d", AC)), full=100
    )
    assert ignored.verdict is AC


def test_objective_min_and_unbounded_points_keep_the_groups_verdict() -> None:
    tests = group("g", "a", stop_on_failure=False, high=float("inf"))
    secret = SecretProblem((tests,), scoring=True, objective="min")
    assert full_score((tests,)) is None
    graded = grade(secret, {"a": result("a", AC, points=1234.5)}, full=None)
    assert (graded.verdict, graded.score) == (AC, 1234.5)


def walk(secret: SecretProblem, verdicts: dict[str, Verdict], **options: object) -> list[str]:
    """Run every needed test at once, so that nothing is known late."""
    known: dict[str, Verdict] = {}
    seen = []
    for test, _ in needed(secret, lambda t: known.get(t.test_id), **options):  # type: ignore[arg-type]
        seen.append(test.test_id)
        known[test.test_id] = verdicts[test.test_id]
    again = [t.test_id for t, _ in needed(secret, lambda t: known.get(t.test_id), **options)]  # type: ignore[arg-type]
    assert again == seen
    return seen


def test_a_group_ends_with_its_first_failure_and_others_go_on() -> None:
    verdicts = dict.fromkeys("sabcd", AC)
    assert walk(subtasks(), verdicts) == ["s", "a", "b", "c", "d"]
    assert walk(subtasks(), {**verdicts, "s": WA}) == ["s", "a", "b", "c", "d"]
    assert walk(subtasks(), {**verdicts, "a": WA}) == ["s", "a"]
    assert walk(subtasks(), {**verdicts, "c": WA}) == ["s", "a", "b", "c"]
    assert walk(subtasks(), {**verdicts, "a": WA}, keep_going=True) == ["s", "a", "b", "c", "d"]


def test_pass_fail_stops_at_the_first_failing_group() -> None:
    inner = Group("secret", children=(group("x", "a b"), group("y", "c")))
    secret = SecretProblem((group("sample", "s"), inner))
    verdicts = dict.fromkeys("sabc", AC)
    assert walk(secret, verdicts) == ["s", "a", "b", "c"]
    assert walk(secret, {**verdicts, "a": RTE}) == ["s", "a"]
    assert walk(secret, {**verdicts, "s": RTE}) == ["s"]


def test_the_deadliest_test_comes_first_where_order_decides_nothing() -> None:
    secret = SecretProblem((group("secret", "a b c"),))
    verdicts = {"a": AC, "b": AC, "c": WA}
    assert walk(secret, verdicts, kills={"c": 5, "b": 1}) == ["c"]
    counted = SecretProblem((group("g", "a b c", stop_on_failure=False),), scoring=True)
    assert walk(counted, verdicts, kills={"c": 5}) == ["a", "b", "c"]


def test_late_verdicts_cost_only_a_few_tests() -> None:
    secret = SecretProblem((group("secret", " ".join(f"t{i}" for i in range(10))),))
    known: dict[str, Verdict] = {}
    asked: list[str] = []
    for test, _ in needed(secret, lambda t: known.get(t.test_id)):
        if len(asked) == 3:
            known["t1"] = WA  # the verdict of the second comes while the third runs
            known["t0"] = AC
        asked.append(test.test_id)
    assert asked == ["t0", "t1", "t2", "t3"]
