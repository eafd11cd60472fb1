"""Between observing and submitting: a second model's opinion of the best programs."""

from __future__ import annotations

from dataclasses import replace

from medalist.agent.choose.policy import View
from medalist.agent.choose.recorded_choice import record
from medalist.agent.propose.review import MOST_REVIEWS, review
from medalist.agent.steps.problem_run import Tally, Tools, Watcher
from medalist.agent.types import Program
from medalist.errors import BudgetExhausted
from medalist.problems.model import PublicProblem


def reviewed(
    public: PublicProblem, view: View, tools: Tools, tally: Tally, watch: Watcher
) -> tuple[View, str | None]:
    """Return the view with the reviewer's opinions, and the cap that ended the reviewing, if any.

    One program of each cluster is shown, those of the largest clusters first.

    Raises:
        ModelFailure: The endpoint cannot be used.
    """
    shown = representatives(view)
    if tools.reviewer is None or not shown:
        return view, None
    opinions: dict[str, float] = {}
    ended = None
    watch("reviewing", tally)
    try:
        for program_id, opinion in review(public, shown, tools.reviewer, seed=view.seed):
            opinions[program_id] = opinion
            tally.tokens, tally.cost_usd = tools.reviewer.spent.tokens, tools.reviewer.spent.usd
            watch("reviewing", tally)
    except BudgetExhausted as error:
        ended = str(error)
    view = replace(view, opinions=opinions)
    record(
        tools.journal,
        public.problem_id,
        view,
        suite=f"{public.problem_id}/evidence",
        rules=tools.rules,
        policy=tools.policy.name,
    )
    return view, ended


def representatives(view: View) -> list[Program]:
    """The first sample-passing program of each cluster; with one cluster there is no choice."""
    programs = {program.program_id: program for program in view.programs}
    firsts = [
        next((name for name in cluster.programs if view.passes(name)), None)
        for cluster in view.clusters
    ]
    found = [programs[name] for name in firsts if name is not None]
    return found[:MOST_REVIEWS] if len(found) > 1 else []
