"""Between observing and submitting: a second model's opinion of the best programs."""

from __future__ import annotations

from dataclasses import replace

from medalist.agent.choose.policy import View
from medalist.agent.choose.recorded_choice import ChoiceTerms, record
from medalist.agent.propose.review import MOST_REVIEWS, ReviewBy, review
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.types import Program
from medalist.errors import BudgetExhausted


def reviewed(run: ProblemRun, view: View) -> tuple[View, str | None]:
    """Return the view with the reviewer's opinions, and the cap that ended the reviewing, if any.

    One program of each cluster is shown, those of the largest clusters first.

    Raises:
        ModelFailure: The endpoint cannot be used.
    """
    shown, reviewer = representatives(view), run.tools.reviewer
    if reviewer is None or not shown:
        return view, None
    opinions: dict[str, float] = {}
    ended = None
    run.tell("reviewing")
    try:
        by: ReviewBy = "likelihood" if run.settings.review_by == "likelihood" else "number"
        for program_id, opinion in review(run.public, shown, reviewer, by=by, seed=view.seed):
            opinions[program_id] = opinion
            run.progress.tokens, run.progress.cost_usd = reviewer.spent.tokens, reviewer.spent.usd
            run.tell("reviewing")
    except BudgetExhausted as error:
        ended = str(error)
    view = replace(view, opinions=opinions)
    record(
        run.tools.journal,
        run.problem_id,
        view,
        ChoiceTerms(suite=run.suite, rules=run.tools.rules, policy=run.tools.policy.name),
    )
    return view, ended


def representatives(view: View) -> list[Program]:
    """The first sample-passing program of each cluster; with one cluster there is no choice."""
    programs = {program.program_id: program for program in view.programs}
    firsts = [
        next((name for name in cluster.programs if view.passes(name)), None)
        for cluster in view.clusters
    ]
    chosen = [programs[name] for name in firsts if name is not None]
    return chosen[:MOST_REVIEWS] if len(chosen) > 1 else []
