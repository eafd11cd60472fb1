"""What a participant knows of one problem, and what it makes of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from medalist.agent.choose.policy import More, Policy, PolicyRules, SampleMore, View
from medalist.agent.contest.clock import charged_s
from medalist.agent.contest.kinds import Rules
from medalist.agent.contest.scoreboard import ContestProblem
from medalist.agent.solve import WORTH_OF_A_CANDIDATE
from medalist.agent.steps.allocating import AllocatedRun
from medalist.agent.steps.feedback_rounds import in_proportion
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.types import Feedback, JudgedSubmission, Program, Submission
from medalist.problems.model import Kind, PublicProblem

UNLIMITED = 10_000
"""Submissions where the rules set no limit: the unlimited setting of the o1-ioi paper."""

_LAST_COST = 0.01
_RUNS_HERE = {Kind.BATCH, Kind.FUNCTION}


@dataclass(frozen=True)
class ProblemSpending:
    """Runs on a participant's own machine, and their CPU time in milliseconds."""

    runs: int = 0
    cpu_ms: int = 0

    @classmethod
    def of(cls, view: View) -> ProblemSpending:
        """Count what a view took; whole milliseconds, as the journal keeps them."""
        rows = view.behaviours.values()
        return cls(
            sum(key is not None for row in rows for key in row.keys),
            sum(round(1000 * cpu_s) for row in rows for cpu_s in row.cpu_s),
        )

    def since(self, earlier: ProblemSpending) -> int:
        """Return the seconds to be charged for what came after an earlier look."""
        return charged_s(max(0, self.cpu_ms - earlier.cpu_ms), max(0, self.runs - earlier.runs))


@dataclass
class ProblemState:
    """One problem of one participant.

    Attributes:
        candidates: Most answers.
        limit: Most submissions, None for no limit.
        most: Up to how many answers the policy may get by asking for more.
        least: The expected gain below which nothing is submitted.
        round_submissions: With feedback, after how many submissions at most the next round is
            asked; 0 for other searches, which do not wait for verdicts.
        seen_verdicts: How many submissions had been made when the last round was asked.
        view: What is known of the programs; `likely` of those only that pass the samples.
        answers: Answers so far; `exhausted` says that no more will come, `ended` that none can.
        waiting: Whether a submission is being judged.
        next_at_s: When the rules let submit again.
        spent_s: Virtual seconds spent on answers, in `rounds` rounds.
        spent: What all runs on the participant's own machine took.
        allocated: How an allocation goes on with it, if one does.
        run: Its last round's run, which knows what was read and what ran; none before the first.
    """

    public: PublicProblem
    shown: ContestProblem
    policy: Policy
    candidates: int
    limit: int | None
    most: int = 0
    least: float = 0.0
    round_submissions: int = 0
    seen_verdicts: int = 0
    view: View | None = None
    likely: View | None = None
    answers: int = 0
    exhausted: bool = False
    ended: bool = False
    waiting: bool = False
    next_at_s: float = 0.0
    spent_s: float = 0.0
    rounds: int = 0
    spent: ProblemSpending = ProblemSpending()
    history: list[JudgedSubmission] = field(default_factory=list)
    allocated: AllocatedRun | None = None
    run: ProblemRun | None = None

    @property
    def solved(self) -> bool:
        """Whether nothing is left to gain."""
        return any(feedback.solved for _, feedback in self.history) or self.held >= 1.0

    @property
    def held(self) -> float:
        """The share of the points that the verdicts so far gave (best of each subtask)."""
        worth = self.shown.subtasks
        total = sum(worth.values())
        if not total:
            scores = [feedback.score or 0.0 for _, feedback in self.history]
            return min(1.0, max(scores, default=0.0) / self.shown.points)
        best: dict[str, float] = {}
        for _, feedback in self.history:
            for name, share in feedback.subtasks.items():
                best[name] = max(best.get(name, 0.0), share)
        return sum(worth.get(name, 0.0) * share for name, share in best.items()) / total

    @property
    def rejected(self) -> int:
        """How many submissions were not accepted."""
        return sum(not feedback.solved for _, feedback in self.history)

    @property
    def passing(self) -> int:
        """How many answers became programs that pass the samples."""
        if self.view is None:
            return 0
        votes = self.view.votes
        return sum(count for name, count in votes.items() if self.view.passes(name))

    @property
    def round_s(self) -> float:
        """How long a round of answers took, on average."""
        return self.spent_s / self.rounds if self.rounds else 0.0

    def look(self, view: View) -> None:
        """Take a new view of the programs."""
        passing = tuple(program for program in view.programs if view.passes(program.program_id))
        self.view = view
        self.likely = (
            view if len(passing) == len(view.programs) else replace(view, programs=passing)
        )

    def program(self, program_id: str) -> Program:
        """Return a program by its id."""
        assert self.view is not None
        return next(program for program in self.view.programs if program.program_id == program_id)

    def learn(self, submission: Submission, feedback: Feedback) -> None:
        """Take a verdict in."""
        self.history.append((submission, feedback))
        self.waiting = False

    def next_submission(self, rules: Rules, at_s: float, duration_s: float) -> Submission | None:
        """Return what to submit now, if anything is worth it."""
        if at_s < self.next_at_s:
            return None
        return self._wanted(rules, at_s, duration_s)

    def waits_for_verdicts(self, rules: Rules, at_s: float, duration_s: float, width: int) -> bool:
        """Whether the next round should be asked after a submission that the rules delay.

        Of the time that is left each round has the same share to wait in.

        Args:
            rules: The contest's.
            at_s: Now.
            duration_s: Of the contest.
            width: Answers a round.
        """
        if not self._in_rounds or at_s >= self.next_at_s:
            return False
        gap_s = rules.next_at(at_s, duration_s) - at_s
        rounds = 1 + math.ceil((self.candidates - self.answers) / width)
        fitting = (duration_s - at_s) // (rounds * gap_s) if gap_s > 0 else self.round_submissions
        made = len(self.history) - self.seen_verdicts
        if made >= min(self.round_submissions, fitting):
            return False
        return self._wanted(rules, at_s, duration_s) is not None

    @property
    def _in_rounds(self) -> bool:
        """Whether rounds with feedback follow."""
        return self.round_submissions > 0 and not self.exhausted

    def _wanted(self, rules: Rules, at_s: float, duration_s: float) -> Submission | None:
        """Return what to submit, were it allowed at once."""
        if self.view is None or self.likely is None or self.waiting or self.solved:
            return None
        under = self.policy_rules(rules, at_s, duration_s)
        # What fails the samples is rejected for sure: it is not tried where that costs.
        view = self.likely if under.wrong_cost > 0 else self.view
        decision = self.policy.decide(view, self.history, under)
        return decision if isinstance(decision, Submission) else None

    def policy_rules(self, rules: Rules, at_s: float, duration_s: float) -> PolicyRules:
        """Return the rules as a policy sees them now.

        Of a limited number of submissions no larger share is used than of the answers. What a
        rejection costs counts while there is more to come, in rounds against what waiting for the
        next one costs; in the end hardly anything does.
        """
        allowed = UNLIMITED
        if self.limit is not None:
            drawn = 1.0 if self.exhausted else self.answers / self.candidates
            allowed = in_proportion(self.limit, drawn)
        cost = rules.wrong_cost(self.shown, at_s, duration_s)
        if self.exhausted:
            cost = min(cost, _LAST_COST)
        elif self._in_rounds:
            cost = rules.early_cost(self.shown, at_s, self.round_s, duration_s)
        if self.public.kind not in _RUNS_HERE:
            cost = 0.0  # what cannot be run here promises nothing before it is submitted
        under = rules.policy_rules(allowed, round(cost, 3), self._subtasks())
        return replace(under, least=self.least)

    def ask_for_more(self, under: PolicyRules, count: int) -> None:
        """Let the policy continue past its answers, `count` at a time, where it expects that it
        pays.

        Args:
            under: The rules as the policy sees them now.
            count: Answers of a round.
        """
        count = min(count, self.most - self.candidates)
        if not self.exhausted or self.ended or self.solved or self.view is None or count <= 0:
            return
        more = More(count, WORTH_OF_A_CANDIDATE * count)
        decision = self.policy.decide(self.view, self.history, replace(under, more=more))
        if isinstance(decision, SampleMore):
            self.candidates += count
            self.exhausted = False

    def _subtasks(self) -> Mapping[str, float]:
        if not self.shown.points:
            return {}
        return {name: points / self.shown.points for name, points in self.shown.subtasks.items()}
