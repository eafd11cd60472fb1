"""One problem: statement -> many candidates -> few behaviours -> the best next submission.

Every step is a pure function of what is journalled (answers of the model, outcomes, verdicts),
so a run that was stopped anywhere goes on where it was, and ends as the undisturbed run would.
For the same reason any step may be taken again with more candidates: only what is new is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from medalist.agent.choose.policy import More, SampleMore, View
from medalist.agent.steps.building import build
from medalist.agent.steps.observing import observe
from medalist.agent.steps.problem_run import (
    RunSettings,
    Solution,
    Tally,
    Tools,
    Watcher,
)
from medalist.agent.steps.reviewing import reviewed
from medalist.agent.steps.sampling import sample
from medalist.agent.steps.separating import separate
from medalist.agent.steps.submitting import Made, deliver, submit
from medalist.agent.steps.timing import Clock, record_problem
from medalist.agent.types import Candidate
from medalist.problems.model import PublicProblem

__all__ = [
    "Explored",
    "RunSettings",
    "Solution",
    "Tally",
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
        budget_ended: The cap that ended the sampling early, in words.
        candidates: The answers, in the order of asking.
        history: What was submitted so far.
    """

    view: View
    tally: Tally
    budget_ended: str | None
    candidates: tuple[Candidate, ...] = ()
    history: tuple[Made, ...] = ()


def explore(public: PublicProblem, tools: Tools, settings: RunSettings, watch: Watcher) -> Explored:
    """Sample, compile and observe, and submit as often as `tools.rules` allow already now.

    Raises:
        ModelFailure: The endpoint cannot be used; what it answered is kept in the journal.
        SandboxFailure: The sandbox broke; the same.
    """
    record_problem(tools.journal, public)
    with Clock(tools.journal, public.problem_id, watch) as clock:
        found = _explore(public, tools, settings, clock)
        with tools.lease.hold("judge"):
            history, _ = submit(public.problem_id, found.view, (), tools, found.tally, clock)
        return replace(found, history=tuple(history))


def solve(public: PublicProblem, tools: Tools, settings: RunSettings, watch: Watcher) -> Solution:
    """Solve one problem as far as candidates and submissions reach.

    Raises:
        ModelFailure: The endpoint cannot be used; what it answered is kept in the journal.
        SandboxFailure: The sandbox broke; the same.
    """
    record_problem(tools.journal, public)
    with Clock(tools.journal, public.problem_id, watch) as clock:
        history: list[Made] = []
        while True:
            found = _explore(public, tools, settings, clock)
            tally = found.tally
            tally.verdicts = [feedback.verdict for _, feedback in history]
            more = _askable(found, tools, settings)
            with tools.lease.hold("judge"):
                may = _with_more(tools, more)
                history, end = submit(public.problem_id, found.view, history, may, tally, clock)
            if not isinstance(end, SampleMore) or more <= 0:
                break
            settings = replace(settings, candidates=settings.candidates + more)
        solution = deliver(found.view, history, tools, tally)
        with tools.lease.hold("judge"):
            separate(public, found.view, solution.program, tools)
        clock("done", tally)
        return replace(
            solution,
            seconds=clock.elapsed,
            budget_ended=found.budget_ended,
            judged=tools.judge is not None,
        )


def _askable(found: Explored, tools: Tools, settings: RunSettings) -> int:
    """How many more candidates may be asked for at once."""
    # A search that ended before its last candidate has nothing more to ask.
    ended = found.budget_ended is not None or found.tally.candidates < settings.candidates
    if ended or tools.given is not None:
        return 0
    return min(settings.width, settings.most - settings.candidates)


def _with_more(tools: Tools, count: int) -> Tools:
    """Tell the policy of the candidates that it may still ask for, if any."""
    if count <= 0:
        return tools
    more = More(count, WORTH_OF_A_CANDIDATE * count)
    return replace(tools, rules=replace(tools.rules, more=more))


def _explore(
    public: PublicProblem, tools: Tools, settings: RunSettings, watch: Watcher
) -> Explored:
    tally = Tally(wanted=settings.candidates)
    candidates, budget_ended = sample(public, tools, settings, tally, watch)
    with tools.lease.hold("judge"):
        programs, executables = build(public, candidates, tools, tally, watch)
        view = observe(public, programs, executables, tools, settings, tally, watch, candidates)
    view, review_ended = reviewed(public, view, tools, tally, watch)
    return Explored(view, tally, budget_ended or review_ended, tuple(candidates))
