"""One problem: statement -> many candidates -> few behaviours -> the best next submission.

Every step is idempotent: it depends on what is journalled (answers of the model, outcomes,
verdicts) alone, so a run that was stopped anywhere continues where it was, and ends as the
undisturbed run would. For the same reason any step may be taken again with more candidates: only
what is new is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from medalist.agent.choose.policy import More, SampleMore, View
from medalist.agent.languages import written
from medalist.agent.propose.checker_programs import CheckerAnswers
from medalist.agent.propose.helper_programs import HelperAnswers
from medalist.agent.propose.pair_generators import PairAnswers
from medalist.agent.propose.predicted_cases import PredictedCases
from medalist.agent.propose.search import FEEDBACK
from medalist.agent.propose.tournament import duel_id
from medalist.agent.steps.allocating import AllocatedRun, stops_after_round
from medalist.agent.steps.brute_forcing import BruteForce, ask_brute_force
from medalist.agent.steps.budget_shares import leaving, left_by
from medalist.agent.steps.building import build
from medalist.agent.steps.checking import ask_checkers, outputs_judge
from medalist.agent.steps.dueling import dueled
from medalist.agent.steps.feedback_rounds import in_round, is_last_round, round_now
from medalist.agent.steps.observing import EvidenceSources, concluded, observe
from medalist.agent.steps.pairing import ask_pairs, separated_before, separating_inputs
from medalist.agent.steps.predicting import ask_tests, predictions_of
from medalist.agent.steps.problem_run import ProblemRun, RunProgress, Solution, Tools, Watcher
from medalist.agent.steps.reviewing import reviewed
from medalist.agent.steps.round_records import known_verdicts
from medalist.agent.steps.run_settings import RunSettings
from medalist.agent.steps.sampling import sample
from medalist.agent.steps.separating import separate
from medalist.agent.steps.stage_worth import Looks, record_worth
from medalist.agent.steps.submitting import deliver, submit
from medalist.agent.steps.timing import Clock, record_problem
from medalist.agent.steps.tool_calling import further_turns
from medalist.agent.steps.tool_submitting import submitted_programs
from medalist.agent.steps.writing import ask_helpers, inputs_of
from medalist.agent.types import Candidate, JudgedSubmission
from medalist.sandbox.language_check import check_families

__all__ = [
    "Explored",
    "ProblemRun",
    "RunProgress",
    "RunSettings",
    "Solution",
    "Tools",
    "Watcher",
    "explore",
    "solve",
]

WORTH_OF_A_CANDIDATE = 0.0005
"""More candidates are asked for while each promises at least this share of the problem's worth."""


@dataclass(frozen=True)
class Explored:
    """What is known of a problem when more candidates may still be asked for.

    Attributes:
        view: The programs and what they did.
        progress: The counts.
        budget_ended: The cap that ended the sampling early, in words.
        candidates: The answers, in the order of asking.
        history: What was submitted so far.
        beside: The ids of the questions that were answered beside the candidates: further turns
            of these, brute force, helpers, tests, pairs, duels.
    """

    view: View
    progress: RunProgress
    budget_ended: str | None
    candidates: tuple[Candidate, ...] = ()
    history: tuple[JudgedSubmission, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def ended_early(self) -> bool:
        """Whether a cap, or a search that found the problem settled, came before the last one."""
        return self.budget_ended is not None or self.progress.candidates < self.progress.wanted


def explore(run: ProblemRun) -> Explored:
    """Sample, compile and observe, and submit as often as the rules allow already now.

    Raises:
        ModelFailure: The endpoint cannot be used; what it answered is kept in the journal.
        SandboxFailure: The sandbox failed; the same.
    """
    with _timed(run) as (run, _):
        if run.settings.search == FEEDBACK:
            return _with_feedback(run)
        run = run.begun_again(run.settings)
        explored = _explore(run)
        with run.tools.lease.hold("judge"):
            history, _ = submit(run, explored.view)
        return replace(explored, history=tuple(history))


def solve(run: ProblemRun) -> Solution:
    """Solve one problem as far as candidates and submissions reach.

    Raises:
        ModelFailure: The endpoint cannot be used; what it answered is kept in the journal.
        SandboxFailure: The sandbox failed; the same.
    """
    with _timed(run) as (run, clock):
        explored = _explored_to_the_end(run)
        # What happened is in the counts of the last look.
        run = replace(run, progress=explored.progress)
        solution = deliver(run, explored.view, explored.history)
        with run.tools.lease.hold("judge"):
            separate(run, explored.view, solution.program)
        run.tell("done")
        return replace(
            solution,
            seconds=clock.elapsed,
            budget_ended=explored.budget_ended,
            judged=run.tools.judge is not None,
        )


def _explored_to_the_end(run: ProblemRun) -> Explored:
    if run.settings.search == FEEDBACK:
        return _with_feedback(run)
    return _while_it_pays(run) if run.tools.allocation is None else _as_allocated(run)


def _as_allocated(run: ProblemRun) -> Explored:
    """Explore, and submit a little, at each look of an allocation until it stops; then the rest."""
    history: list[JudgedSubmission] = []
    plan = AllocatedRun.begin(run)
    while True:
        now = plan.now()
        now, explored = _with_all_shares(now.begun_again(now.settings))
        with now.tools.lease.hold("judge"):
            history, _ = submit(now, explored.view, history)
        explored = replace(explored, history=tuple(history))
        if explored.ended_early or any(feedback.solved for _, feedback in history):
            return _submitted(run, explored)
        record, following = plan.following(explored.view, history)
        if record is not None:
            run.progress.allocated = explored.progress.allocated = str(record)
        if following is None:
            return _submitted(run, explored)
        plan = following


def _submitted(run: ProblemRun, explored: Explored) -> Explored:
    """Make the submissions that are left."""
    run = replace(run, progress=explored.progress)
    with run.tools.lease.hold("judge"):
        history, _ = submit(run, explored.view, explored.history)
    return replace(explored, history=tuple(history))


def _while_it_pays(run: ProblemRun) -> Explored:
    """Explore and submit, with more candidates as long as the policy expects that they pay."""
    history: list[JudgedSubmission] = []
    settings = run.settings
    while True:
        run, explored = _with_all_shares(run.begun_again(settings))
        count = _askable(run, explored)
        more = More(count, WORTH_OF_A_CANDIDATE * count) if count > 0 else None
        with run.tools.lease.hold("judge"):
            history, end = submit(run, explored.view, history, more=more)
        if not isinstance(end, SampleMore) or more is None:
            return replace(explored, history=tuple(history))
        settings = replace(settings, candidates=settings.candidates + count)


def _with_all_shares(run: ProblemRun) -> tuple[ProblemRun, Explored]:
    """Explore; what later stages did not use of their shares of the caps goes back to sampling."""
    explored = _explore(run)
    if explored.budget_ended is None or not left_by(run, "sampling"):
        return run, explored
    run = replace(run, tools=replace(run.tools, shares=False)).begun_again(run.settings)
    return run, _explore(run)


def _with_feedback(run: ProblemRun) -> Explored:
    """Explore and submit in rounds: each is asked with what was shown of those before.

    Rounds that were asked in an earlier session are not looked at one by one again.
    """
    history: list[JudgedSubmission] = []
    number = round_now(run)
    while True:
        now = in_round(run, number)
        now, explored = _with_all_shares(now.begun_again(now.settings))
        with now.tools.lease.hold("judge"):
            history, _ = submit(now, explored.view, history)
        explored = replace(explored, history=tuple(history))
        if _is_over(run, number, explored):
            return explored if run.tools.allocation is None else _submitted(run, explored)
        number += 1


def _is_over(run: ProblemRun, number: int, explored: Explored) -> bool:
    """Whether no round follows: nothing is left to ask, to gain, or to submit."""
    count = explored.progress.candidates
    if explored.budget_ended is not None or is_last_round(run, number, count):
        return True
    if stops_after_round(run, count, explored.view, explored.history):
        return True
    if run.tools.judge is None:
        # Evidence may say that more would be the same, if nobody else has said otherwise.
        rejected = any(
            verdict.verdict != "AC" for verdict in known_verdicts(run.tools.journal, run.problem_id)
        )
        return explored.progress.settled and not rejected
    used_up = len(explored.history) >= run.tools.rules.submissions
    return used_up or any(feedback.solved for _, feedback in explored.history)


@contextmanager
def _timed(run: ProblemRun) -> Iterator[tuple[ProblemRun, Clock]]:
    """Journal what the problem is, and how long each stage takes."""
    # A language that is missing here would be found out only after the model was paid.
    further = [name for name in run.settings.languages if not written(name).usual]
    check_families(further, run.tools.pool)
    record_problem(run)
    with Clock(run.tools.journal, run.problem_id, run.watch) as clock:
        yield replace(run, watch=clock), clock


def _askable(run: ProblemRun, explored: Explored) -> int:
    """How many more candidates may be asked for at once."""
    settings = run.settings
    # A search that ended before its last candidate has nothing more to ask.
    ended = explored.budget_ended is not None or explored.progress.candidates < settings.candidates
    if ended or run.tools.given is not None:
        return 0
    return min(settings.width, settings.most - settings.candidates)


class _Asked(Protocol):
    """What came of the questions of a stage."""

    @property
    def answered(self) -> tuple[str, ...]:
        """The ids of those that were answered."""
        ...

    @property
    def ended(self) -> str | None:
        """The cap that ended the asking early, in words."""
        ...


def _explore(run: ProblemRun) -> Explored:
    candidates, budget_ended = sample(leaving(run, "sampling"))
    # A search that ended before its last candidate found the problem settled.
    settled = budget_ended is None and (
        run.progress.settled or len(candidates) < run.settings.candidates
    )
    brute = BruteForce() if settled else ask_brute_force(leaving(run, "sampling"), candidates)
    answers = [*candidates, *submitted_programs(run), *brute.candidates]
    with run.tools.lease.hold("judge"):
        programs, executables = build(run, answers)
    helpers = HelperAnswers() if settled else ask_helpers(leaving(run, "writing"), executables)
    tests = PredictedCases() if settled else ask_tests(leaving(run, "predicting"), executables)
    checkers = CheckerAnswers() if settled else ask_checkers(leaving(run, "checking"), executables)
    with run.tools.lease.hold("judge"):
        written = inputs_of(run, helpers)
        sources = EvidenceSources(
            [*written, *separated_before(run)],
            predictions_of(run, tests, helpers),
            outputs_judge(run, checkers),
        )
        seen = observe(run, programs, executables, answers, sources)
        view = seen.view()
    pairs = PairAnswers() if settled else ask_pairs(leaving(run, "separating"), view)
    with run.tools.lease.hold("judge"):
        view = concluded(seen, view, separating_inputs(run, view, pairs, helpers))
    before = view
    view, review_ended = reviewed(run, view)
    with_reviews = view
    view, duels_ended = dueled(run, view)
    once: dict[str, _Asked] = {
        "writing": helpers,
        "predicting": tests,
        "checking": checkers,
        "separating": pairs,
    }
    record_worth(run, Looks(before, with_reviews, view, _finished(run, once)))
    ends = (budget_ended, brute.ended, *(row.ended for row in once.values()))
    ended = next(filter(None, (*ends, review_ended, duels_ended)), None)
    duels = [duel_id(run.public, duel.first, duel.second) for duel in view.duels]
    turns = further_turns(run, candidates)
    apart = [candidate.candidate_id for candidate in brute.candidates]
    beside = (*(name for row in once.values() for name in row.answered), *apart, *duels, *turns)
    return Explored(view, run.progress, ended, tuple(candidates), beside=beside)


def _finished(run: ProblemRun, asked: Mapping[str, _Asked]) -> frozenset[str]:
    """Return the stages that have asked all that they ever ask."""
    whole = {name for name, one in asked.items() if one.answered and one.ended is None}
    # About pairs more may be asked once there are more programs.
    if len(asked["separating"].answered) < run.settings.pair_generators:
        whole.discard("separating")
    return frozenset(whole)
