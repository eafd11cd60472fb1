"""The judge of a contest: counting, refusing, and showing no more than the contest does."""

from dataclasses import replace

import pytest

from medalist.agent.contest.kinds import Codeforces, Icpc, Ioi
from medalist.agent.submit.contest_judge import Allowance, ContestJudge
from medalist.agent.types import Feedback, Program
from medalist.errors import BadInput, BudgetExhausted, SandboxFailure
from medalist.problems.secret import Group, Problem
from medalist.problems.verdict import Verdict
from medalist.sandbox.pool import Pool

from .problems import case, helper, problem, sums

RIGHT = "print(sum(map(int, input().split())))"
SMALL = "a, b = map(int, input().split()); print(a + b if a < 10**9 else 0)"


def program(text: str, language: str = "python") -> Program:
    return Program("p", language, text, ("c",))


def squares() -> Problem:
    groups = (
        Group("sample", (case("s", "1", "1"),), ignore=True),
        Group("secret/a", (case("a1", "2", "4"),), aggregate="min", points=40.0, subtask_id="a"),
        Group("secret/b", (case("b1", "3", "9"),), aggregate="min", points=60.0, subtask_id="b"),
    )
    return problem(groups=groups, scoring=True)


def test_icpc_shows_the_verdict_and_nothing_else(pool: Pool) -> None:
    judge = ContestJudge(sums(), Icpc.feedback, pool)
    assert judge.submit(program(SMALL)) == Feedback(Verdict.WA)
    assert judge.submit(program("while True: pass")) == Feedback(Verdict.TLE)
    solved = judge.submit(program(RIGHT))
    assert solved == Feedback(Verdict.AC)
    assert solved.solved
    assert (judge.used, judge.left) == (3, None)


def test_codeforces_shows_the_number_of_the_first_failing_test(pool: Pool) -> None:
    judge = ContestJudge(sums(), Codeforces.feedback, pool)
    assert judge.submit(program(SMALL)) == Feedback(Verdict.WA, failing_test="4")
    assert judge.submit(program(SMALL)) == Feedback(Verdict.WA, failing_test="4"), "order is kept"
    assert judge.submit(program("print(")) == Feedback(Verdict.CE)
    assert judge.used == 2, "a compile error is free"


def test_ioi_shows_the_share_of_each_subtask_and_no_cause(pool: Pool) -> None:
    judge = ContestJudge(squares(), Ioi.feedback, pool)
    part = judge.submit(program("n = int(input()); print(n * n if n < 3 else 0)"))
    assert part == Feedback(Verdict.PAC, 40, {"a": 1.0, "b": 0.0})
    crash = judge.submit(program("raise SystemExit(1)"))
    assert crash == Feedback(Verdict.WA, 0, {"a": 0.0, "b": 0.0})
    assert judge.submit(program("int main() {", "cpp")) == Feedback(Verdict.CE, 0.0)
    assert judge.submit(program("print(int(input()) ** 2)")).solved
    assert judge.used == 4


def test_submissions_over_the_limit_are_refused_and_not_judged(pool: Pool) -> None:
    judge = ContestJudge(sums(), Ioi.feedback, pool, allowance=Allowance(3, used=2))
    assert judge.left == 1
    judge.submit(program(RIGHT))
    with pytest.raises(BudgetExhausted, match="3 were allowed"):
        judge.submit(program(RIGHT))
    assert (judge.left, len(judge.judgements)) == (0, 1)
    assert (
        ContestJudge(sums(), Ioi.feedback, pool, allowance=Allowance(Ioi().submissions)).left == 50
    )


def test_a_judge_error_is_not_counted(pool: Pool) -> None:
    broken = replace(sums(), secret=None)
    with pytest.raises(BadInput, match="no tests"):
        ContestJudge(broken, Icpc.feedback, pool)
    judge = ContestJudge(
        problem(("", "1"), checker=helper("exit(9)")), Icpc.feedback, pool, allowance=Allowance(1)
    )
    with pytest.raises(SandboxFailure, match="judge failed"):
        judge.submit(program("print(1)"))
    assert (judge.used, judge.left) == (0, 1)
