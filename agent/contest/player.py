"""A medalist participant at work: rounds of answers, evidence, and what to submit.

What is done in a round is what `solve` does in its first steps; all answers, outcomes and views
are in the participant's own journal, so that a contest that is run again costs neither model nor
sandbox, and `medalist explain` and `medalist replay` read it as any run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from medalist.agent.contest.attention import Prospect
from medalist.agent.contest.clock import time_of_answers
from medalist.agent.contest.events import Worked
from medalist.agent.contest.file import ParticipantEntry
from medalist.agent.contest.problem_state import ProblemSpending, ProblemState
from medalist.agent.contest.setup import ContestSetup
from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import DONE
from medalist.agent.propose.search import FEEDBACK
from medalist.agent.run.models import RunModels
from medalist.agent.solve import explore
from medalist.agent.steps.allocating import AllocatedRun
from medalist.agent.steps.move_priors import move_priors
from medalist.agent.steps.problem_run import ProblemRun, RunProgress, Tools
from medalist.agent.steps.run_settings import RunSettings
from medalist.agent.steps.submitting import record_submission
from medalist.agent.types import Feedback, Program, Submission
from medalist.sandbox.pool import Pool


@dataclass(frozen=True)
class Means:
    """What a participant works with, and with which settings."""

    models: RunModels
    settings: RunSettings
    journal: Journal
    pool: Pool


class Player:
    """Plays for one entry of the contest file.

    Args:
        entry: The configuration.
        setup: The contest.
        means: What it works with.
    """

    def __init__(self, entry: ParticipantEntry, setup: ContestSetup, means: Means) -> None:
        self.entry = entry
        self.busy_with: ProblemState | None = None
        self.budget_ended: str | None = None
        self._rules = setup.contest.rules
        self._duration_s = setup.contest.duration_s
        self._means = means
        self._settings = means.settings
        # What a rejection costs is for the rules to say: without a word submissions are free.
        least = 0.0 if entry.min_belief is None else entry.least_belief()
        self._most = max(problem.shown.points for problem in setup.problems)
        limits = [
            limit for limit in (entry.submissions, self._rules.submissions) if limit is not None
        ]
        self.desks = {
            ready.problem_id: ProblemState(
                public=ready.problem.public,
                shown=ready.shown,
                policy=entry.chooser(),
                candidates=means.settings.candidates,
                limit=min(limits, default=None),
                most=means.settings.most,
                least=least,
                round_submissions=means.settings.round_submissions,
            )
            for ready in setup.problems
            if ready.problem is not None
        }
        self._latency: dict[str, float] = {}

    def to_submit(self, at_s: float) -> list[tuple[ProblemState, Submission]]:
        """Return what to submit now: at most one program a problem, none of what is at work."""
        chosen = []
        for desk in self.desks.values():
            if desk is not self.busy_with and not desk.waiting:
                under = desk.policy_rules(self._rules, at_s, self._duration_s)
                desk.ask_for_more(under, self._settings.width)
                submission = desk.next_submission(self._rules, at_s, self._duration_s)
                if submission is not None:
                    chosen.append((desk, submission))
        return chosen

    def to_work_on(self, at_s: float) -> ProblemState | None:
        """Return the problem with the highest index (see `attention`) that more can be asked on.

        A round that is expected to end after the contest would only cost money.
        """
        left = [
            desk
            for desk in self.desks.values()
            if not (desk.exhausted or desk.waiting or desk.solved)
            and not desk.waits_for_verdicts(
                self._rules, at_s, self._duration_s, self._settings.width
            )
            and at_s + self._expected_s(desk) < self._duration_s
        ]
        indices = [self._prospect(desk, at_s).index(self._settings.width) for desk in left]
        return left[indices.index(max(indices))] if left else None

    def work(self, desk: ProblemState, from_s: float) -> Worked:
        """Ask for a round of answers and look at them; return the event, timed at its end.

        Raises:
            ModelFailure, SandboxFailure: As `solve`.
        """
        means = self._means
        tools = Tools(
            model=means.models.writer,
            reviewer=means.models.reviewer,
            pool=means.pool,
            journal=means.journal,
            policy=desk.policy,
            rules=desk.policy_rules(self._rules, from_s, self._duration_s),
            moves=move_priors(self.entry.moves_from),
            allocation=means.models.allocation,
            other_models=means.models.others,
        )
        plan, run = self._next_round(desk, tools)
        count = run.settings.candidates
        explored = explore(run)
        view = explored.view
        ids = [candidate.candidate_id for candidate in explored.candidates]
        # Helpers and duels are asked when the candidates are there.
        thinking = sum(
            time_of_answers(self._new_latencies(some), self.entry.parallel)
            for some in (ids, explored.beside)
        )
        spent = ProblemSpending.of(view)
        took = round(thinking + spent.since(desk.spent), 3)
        desk.look(view)
        desk.seen_verdicts = len(desk.history)
        desk.spent = spent
        desk.answers = count
        self.budget_ended = explored.budget_ended or self.budget_ended
        # A search that ended before its last candidate has nothing more to ask.
        # One with feedback continues where the judge says otherwise.
        goes_on = self._settings.search in ("once", FEEDBACK)
        ended_early = not goes_on and len(explored.candidates) < count
        desk.ended = ended_early or explored.budget_ended is not None
        desk.exhausted = count >= desk.candidates or desk.ended
        if plan is not None and not desk.exhausted:
            _, desk.allocated = plan.following(view, desk.history)
            desk.exhausted = desk.allocated is None
        desk.spent_s, desk.rounds = desk.spent_s + took, desk.rounds + 1
        return Worked(
            at_s=round(from_s + took, 3),
            participant_id=self.entry.id,
            problem_id=desk.shown.problem_id,
            from_s=from_s,
            answers=len(explored.candidates),
            programs=len(view.programs),
            passing=desk.passing,
            clusters=len(view.clusters),
        )

    def _next_round(
        self, desk: ProblemState, tools: Tools
    ) -> tuple[AllocatedRun | None, ProblemRun]:
        """Return the run with a round more, or with what its allocation asks for next."""
        if tools.allocation is None or self._settings.search == FEEDBACK:
            count = min(desk.answers + self._settings.width, desk.candidates)
            settings = replace(self._settings, candidates=count)
            return None, _run(desk, tools, settings)
        settings = replace(self._settings, candidates=desk.candidates)
        whole = _run(desk, tools, settings)
        plan = AllocatedRun.begin(whole) if desk.allocated is None else desk.allocated
        plan = replace(plan, run=whole)
        return plan, plan.now()

    def keep_source(self, program: Program) -> str:
        """Return the digest of a program's source in the journal."""
        return self._means.journal.put_blob(program.source)

    def record(
        self, problem_id: str, number: int, submission: Submission, feedback: Feedback
    ) -> None:
        """Put a verdict into the journal."""
        record_submission(self._means.journal, problem_id, number, (submission, feedback))

    def _expected_s(self, desk: ProblemState) -> float:
        """How long a round takes: its own average, else that of all problems, else a second."""
        if desk.rounds:
            return desk.spent_s / desk.rounds
        rounds = sum(desk.rounds for desk in self.desks.values())
        return sum(desk.spent_s for desk in self.desks.values()) / rounds if rounds else 1.0

    def _prospect(self, desk: ProblemState, at_s: float) -> Prospect:
        seconds = self._expected_s(desk)
        worth = self._rules.worth(desk.shown, desk.rejected, at_s + seconds)
        return Prospect(
            worth=worth / self._most,
            held=desk.held,
            answers=desk.answers,
            passing=desk.passing,
            rejected=desk.rejected,
            seconds=seconds,
        )

    def _new_latencies(self, answers: Sequence[str]) -> list[float]:
        """Return how long each answer took that was not there before, by their ids."""
        new = []
        for name in answers:
            if name not in self._latency:
                answer = self._means.journal.get(DONE, name)
                self._latency[name] = 0.0 if answer is None else answer.latency_s
                new.append(self._latency[name])
        return new


def _run(desk: ProblemState, tools: Tools, settings: RunSettings) -> ProblemRun:
    """Return the run of a round; what was read and what ran in earlier ones is known to it."""
    if desk.run is None:
        desk.run = ProblemRun.of(desk.public, tools, settings)
    else:
        desk.run = replace(desk.run, tools=tools, settings=settings, progress=RunProgress())
    return desk.run
