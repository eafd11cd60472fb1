"""One problem: statement -> many candidates -> few behaviours -> the best next submission.

Every step is a pure function of what is journalled (answers of the model, outcomes, verdicts),
so a run that was stopped anywhere goes on where it was, and ends as the undisturbed run would.
"""

from __future__ import annotations

from dataclasses import replace

from medalist.agent.steps.building import build
from medalist.agent.steps.noting import Clock, record_problem
from medalist.agent.steps.observing import observe
from medalist.agent.steps.parts import Judge, Settings, Solution, Tally, Tools, Watcher
from medalist.agent.steps.sampling import sample
from medalist.agent.steps.submitting import deliver, submit
from medalist.problems.model import PublicProblem

__all__ = ["Judge", "Settings", "Solution", "Tally", "Tools", "Watcher", "solve"]


def solve(public: PublicProblem, tools: Tools, settings: Settings, watch: Watcher) -> Solution:
    """Solve one problem as far as candidates and submissions reach.

    Raises:
        ModelFailure: The endpoint cannot be used; what it answered is kept in the journal.
        SandboxFailure: The sandbox broke; the same.
    """
    tally = Tally(wanted=settings.candidates)
    record_problem(tools.journal, public)
    with Clock(tools.journal, public.problem_id, watch) as clock:
        candidates, budget_ended = sample(public, tools, settings, tally, clock)
        programs, executables = build(public, candidates, tools, tally, clock)
        view = observe(public, programs, executables, tools, settings, tally, clock)
        history = submit(view, tools, tally, clock)
        solution = deliver(view, history, tools.policy, tally)
        clock("done", tally)
        return replace(solution, seconds=clock.elapsed, budget_ended=budget_ended)
