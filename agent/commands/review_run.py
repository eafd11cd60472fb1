"""`medalist review`: what a model thinks of the programs of a recorded run, beside the verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from medalist.agent.choose.recorded_choice import each_choice
from medalist.agent.commands import options
from medalist.agent.commands.console import data, json_line, say
from medalist.agent.commands.export_training import archive_problems, planned_problems
from medalist.agent.journal import Journal
from medalist.agent.llm import CoreLease, open_model, traits_of
from medalist.agent.llm.resources import ModelResources
from medalist.agent.propose.review import ReviewBy
from medalist.agent.propose.self_scores import FOLDER, ScoringTerms, ToScore, score_programs
from medalist.agent.run.options import RunOptions
from medalist.agent.scale.auc import self_scores
from medalist.errors import BadInput, BudgetExhausted


@options.run_options(before="as_json", only=options.CAPS)
def review(
    directory: Annotated[Path, typer.Argument(metavar="RUN", help="A run directory.")],
    model: Annotated[str | None, options.MODEL] = None,
    most: Annotated[int, typer.Option(min=1, help="Programs of a problem, drawn at random.")] = 4,
    by: Annotated[
        ReviewBy,
        typer.Option(help="What is read of an answer, as for `--review-by` of `medalist solve`."),
    ] = "number",
    seed: Annotated[int, typer.Option(help="Seed of the draw.")] = 0,
    problems: Annotated[
        list[str] | None,
        typer.Option(
            "--problem", help="Packages or archives, where the run is no batch. Repeatable."
        ),
    ] = None,
    *,
    run: Mapping[str, Any],
    as_json: Annotated[bool, options.JSON] = False,
) -> None:
    """Let a model say how likely programs of a run are right, and hold that against the verdicts.

    The same command resumes where it was stopped; a larger --most adds to what is there. Scores
    are kept in RUN/review, and `medalist export` puts them beside the verdicts. The model is told
    no verdict. Exit code 4: a budget ended first, what came is kept.
    """
    if not directory.is_dir():
        raise BadInput("no such run", file=directory, hint="a run is a directory")
    with Journal.open(directory, readonly=True) as recorded:
        known = planned_problems(recorded) | archive_problems(problems or ())
        choices = [choice for choice in each_choice(recorded) if choice.view.programs]
    for choice in choices:
        if choice.problem_id not in known:
            raise BadInput(
                f"the package of {choice.problem_id} is needed",
                file=directory,
                hint="--problem PACKAGE",
            )
    if not choices:
        raise BadInput("no programs in this run", file=directory)
    ended: BudgetExhausted | None = None
    asked = RunOptions.given({"model": model, **run})
    with Journal.open(directory / FOLDER) as journal:
        configured = asked.configured()
        lease = CoreLease(shared=not traits_of(asked.model, configured).shares_cores)
        resources = ModelResources(journal=journal, budget=asked.budget(), lease=lease)
        terms = ScoringTerms(most, by, seed)
        with closing(open_model(asked.model, resources, settings=configured)) as reviewer:
            try:
                for choice in choices:
                    public = known[choice.problem_id].public
                    what = ToScore(choice.problem_id, public, choice.view.programs)
                    score_programs(journal, what, reviewer, terms, tell=say)
            except BudgetExhausted as error:
                ended = error
    result = self_scores(directory)
    if as_json:
        json_line(result)
    else:
        auc = result["auc"]
        told = "-" if auc is None else f"{auc['mean']:.2f} [{auc['low']:.2f}, {auc['high']:.2f}]"
        data(
            f"{result['scored']} programs of {result['problems']} problems scored; AUC against "
            f"verdicts {told} ({result['comparable']} problems with right and wrong ones)"
        )
    if ended is not None:
        raise ended
