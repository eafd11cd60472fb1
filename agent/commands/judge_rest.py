"""Judging, after a run, what was not submitted in it."""

from __future__ import annotations

from collections.abc import Callable

from medalist.agent.choose.recorded_choice import RecordedChoice, record_label
from medalist.agent.journal import Journal
from medalist.agent.submit.contest_judge import ContestJudge
from medalist.agent.submit.package_judge import package_feedback
from medalist.problems.secret import Problem
from medalist.sandbox.pool import Pool


def judge_rest(
    journal: Journal,
    choice: RecordedChoice,
    problem: Problem,
    pool: Pool,
    tell: Callable[[str], object],
) -> None:
    """Judge the programs of a problem that have no verdict, and record the verdicts in the run.

    Args:
        journal: The run's.
        choice: What the run knows of the problem.
        problem: The problem.
        pool: Where it is judged.
        tell: Is told before each program how far it is.

    Raises:
        SandboxFailure: The judge failed; what was judged before is kept.
    """
    judge = ContestJudge(problem, package_feedback(problem.public), pool)
    rest = [program for program in choice.view.programs if program.program_id not in choice.labels]
    for number, program in enumerate(rest, 1):
        tell(f"{choice.problem_id}: judging {number} of {len(rest)}")
        record_label(journal, choice.problem_id, program.program_id, judge.submit(program))
