"""Judging a package where no contest is going on: by its own subtasks, a few submissions."""

from __future__ import annotations

from medalist.agent.choose.judged_by import note_judging, standing_submissions
from medalist.agent.choose.policy import MIN_BELIEF
from medalist.agent.choose.policy import PolicyRules as PolicyRules
from medalist.agent.journal import Journal
from medalist.agent.submit.contest_judge import Allowance, ContestJudge
from medalist.agent.submit.feedback_rules import FeedbackRules
from medalist.problems.judging.fingerprint import judging_digests
from medalist.problems.model import PublicProblem
from medalist.problems.secret import Problem
from medalist.sandbox.pool import Pool


def local_rules(public: PublicProblem, submissions: int, least: float = MIN_BELIEF) -> PolicyRules:
    """Return the rules that a policy submits under: IOI with subtasks, else pass or fail.

    Below an expected gain of `least` nothing is submitted.
    """
    total = sum(subtask.points for subtask in public.subtasks) or 1.0
    worth = {subtask.subtask_id: subtask.points / total for subtask in public.subtasks}
    kind = "ioi" if public.subtasks else "icpc"
    return PolicyRules(kind, submissions, subtasks=worth, least=least)


def local_judge(
    problem: Problem, pool: Pool, journal: Journal, submissions: int, *, noted: bool = False
) -> ContestJudge | None:
    """Return the judge of a problem; None where it has no tests, or nothing is to be submitted.

    Submissions that the journal holds already count, unless the package has changed since: that
    is looked at and said here, if it is not `noted` yet.
    """
    public = problem.public
    if problem.secret is None or not problem.secret.all_tests() or not submissions:
        return None
    if not noted:
        note_judging(journal, public.problem_id, judging_digests(problem))
    used = sum(1 for _ in standing_submissions(journal, public.problem_id))
    allowance = Allowance(submissions, used)
    return ContestJudge(problem, package_feedback(public), pool, allowance=allowance)


def package_feedback(public: PublicProblem) -> FeedbackRules:
    """Return what is shown of a submission: the score of each subtask, else the verdict alone."""
    scored = bool(public.subtasks)
    return FeedbackRules(shows_subtasks=scored, counts_compile_errors=scored)
