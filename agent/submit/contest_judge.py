"""The judge of a contest: the only part of the agent that sees the secret half of a problem."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from medalist.agent.submit.feedback_rules import FeedbackRules
from medalist.agent.types import Feedback, Program
from medalist.errors import BadInput, BudgetExhausted, SandboxFailure
from medalist.problems.assemble import submission
from medalist.problems.judging import Judgement, JudgeOptions, judge
from medalist.problems.model import PublicProblem
from medalist.problems.secret import Problem
from medalist.problems.verdict import Verdict
from medalist.sandbox.pool import Pool


@dataclass(frozen=True)
class Allowance:
    """How many submissions a contestant has.

    Attributes:
        limit: Submissions allowed; None means any number.
        used: Submissions already made in an earlier session of the same run.
    """

    limit: int | None = None
    used: int = 0


class ContestJudge:
    """Judges submissions to one problem under a contest's rules and counts them.

    What `submit` returns is what the contestant would see there and no more. `judgements` is
    the judge's own record, for the report after the end: it never goes back to what chooses.

    Args:
        problem: The problem with its secret half.
        rules: What the contest shows.
        pool: Where to judge.
        allowance: How many submissions are allowed.
        pretests: That many first tests decide what is shown where the rules show the failing
            test; all of them decide in `judgements`. None means all.

    Raises:
        BadInput: The problem has no secret tests.
    """

    def __init__(
        self,
        problem: Problem,
        rules: FeedbackRules,
        pool: Pool,
        *,
        allowance: Allowance = Allowance(),
        pretests: int | None = None,
    ) -> None:
        if problem.secret is None or not problem.secret.all_tests():
            raise BadInput("has no tests to judge with", file=problem.public.problem_id)
        self.rules = rules
        self.limit = allowance.limit
        self.used = allowance.used
        self.judgements: list[Judgement] = []
        self._problem = problem
        self._pool = pool
        self._pretests = pretests
        # Where the feedback names a test, its order is part of the contest.
        self._kills = None if rules.shows_failing_test else Counter[str]()

    @property
    def public(self) -> PublicProblem:
        """The public half of the problem."""
        return self._problem.public

    @property
    def left(self) -> int | None:
        """How many submissions are left; None means any number."""
        return None if self.limit is None else max(0, self.limit - self.used)

    def submit(self, program: Program) -> Feedback:
        """Judge a program and count it.

        Raises:
            BudgetExhausted: No submission is left; the program was not judged.
            SandboxFailure: The judge itself failed: nothing was counted, and the program may be
                submitted again.
        """
        if self.left == 0:
            raise BudgetExhausted(f"no submission left: {self.limit} were allowed")
        source = submission(self.public, program.language, program.source)
        judgement = judge(self._problem, source, self._pool, how=JudgeOptions(kills=self._kills))
        if judgement.verdict is Verdict.JE:
            raise SandboxFailure(f"the judge failed: {judgement.message}")
        if judgement.verdict is not Verdict.CE or self.rules.counts_compile_errors:
            self.used += 1
        self.judgements.append(judgement)
        return self._feedback(judgement)

    def _feedback(self, judgement: Judgement) -> Feedback:
        if self.rules.shows_subtasks:
            return _subtask_feedback(judgement)
        if not self.rules.shows_failing_test:
            return Feedback(judgement.verdict)
        failing = judgement.failing_test
        number = judgement.tests.index(failing) + 1 if failing else None
        if number is not None and self._pretests is not None and number > self._pretests:
            return Feedback(Verdict.AC)
        return Feedback(judgement.verdict, failing_test=str(number) if number else None)


def _subtask_feedback(judgement: Judgement) -> Feedback:
    verdict = judgement.verdict
    if verdict not in (Verdict.AC, Verdict.PAC, Verdict.CE):
        verdict = Verdict.WA
    shares: dict[str, float] = {}
    for group in judgement.groups:
        if group.subtask_id is not None:
            share = shares.get(group.subtask_id, 1.0)
            shares[group.subtask_id] = min(share, group.share)
    return Feedback(verdict, judgement.score, shares)
