"""The judges' bench of a contest: every verdict is recorded, and given again when asked again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from medalist.agent.contest.clock import charged_s
from medalist.agent.contest.kinds import Rules
from medalist.agent.contest.setup import ReadyContest
from medalist.agent.journal import EventKind, Journal
from medalist.agent.submit.contest_judge import ContestJudge
from medalist.agent.types import Feedback, Program
from medalist.problems.secret import Problem
from medalist.problems.verdict import Verdict
from medalist.sandbox.pool import Pool


@dataclass(frozen=True)
class Ruling:
    """What the judges find of a program.

    Attributes:
        feedback: What the contest shows.
        final: The verdict on all tests (the same, unless there are pretests).
        cpu_s: How long a judge is busy: the CPU time of all tests (see `clock.charged_s`).
    """

    feedback: Feedback
    final: Verdict
    cpu_s: int


@dataclass(frozen=True, kw_only=True)
class RulingRecord(Feedback):
    """A ruling as it is kept.

    Attributes:
        final: The verdict on all tests (the same, unless there are pretests).
        cpu_s: How long a judge is busy.
    """

    final: Verdict
    cpu_s: int

    @property
    def ruling(self) -> Ruling:
        """The ruling."""
        feedback = Feedback(self.verdict, self.score, self.subtasks, self.failing_test)
        return Ruling(feedback, self.final, self.cpu_s)


RULING = EventKind(
    "ruling",
    RulingRecord,
    key="<problem>/<program>",
    doc="The judges of a contest judged a program; the verdict is shared by all participants.",
)


class RecordedRulings:
    """Judges programs of all participants.

    Args:
        problems: The problems.
        rules: The contest's rules.
        pool: Where to judge.
        journal: The contest's journal; rulings are kept there (`RULING`).

    Raises:
        BadInput: A problem has no tests to judge with.
    """

    def __init__(
        self, problems: Iterable[ReadyContest], rules: Rules, pool: Pool, journal: Journal
    ) -> None:
        self._problems = {
            problem.problem_id: (problem, problem.problem)
            for problem in problems
            if problem.problem is not None
        }
        self._rules = rules
        self._pool = pool
        self._journal = journal
        for staged, problem in self._problems.values():
            self._judge(staged, problem)

    def rule(self, problem_id: str, program: Program) -> Ruling:
        """Return the ruling on a program.

        Raises:
            SandboxFailure: The judge itself failed.
        """
        key = f"{problem_id}/{program.program_id}"
        known = self._journal.get(RULING, key)
        if known is not None:
            return known.ruling
        staged, problem = self._problems[problem_id]
        judge = self._judge(staged, problem)
        shown = judge.submit(program)
        judgement = judge.judgements[-1]
        full = problem.public.full_score
        scale = staged.shown.points / full if full else 1.0
        score = None if shown.score is None else round(shown.score * scale, 6)
        busy_s = charged_s(1000 * sum(test.cpu_s for test in judgement.tests), len(judgement.tests))
        record = RulingRecord(
            verdict=shown.verdict,
            score=score,
            subtasks=dict(shown.subtasks),
            failing_test=shown.failing_test,
            final=judgement.verdict,
            cpu_s=busy_s,
        )
        self._journal.append(RULING, key, record)
        return record.ruling

    def _judge(self, staged: ReadyContest, problem: Problem) -> ContestJudge:
        """Its own judge for each submission.

        One that has judged before runs deadly tests first, and what a verdict costs would depend
        on what came before it.
        """
        return ContestJudge(problem, self._rules.feedback, self._pool, pretests=staged.pretests)
