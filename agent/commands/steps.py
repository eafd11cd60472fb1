"""`medalist steps`: the thinking of recorded answers in steps, each labelled by roll-outs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from medalist.agent.commands import options
from medalist.agent.commands.console import json_line, say
from medalist.agent.commands.export_training import archive_problems, planned_problems
from medalist.agent.commands.steps_report import show_steps, steps_result
from medalist.agent.journal import Journal
from medalist.agent.llm import CoreLease, Model, open_model, terms, traits_of
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.settings import ModelSettings
from medalist.agent.propose.step_records import (
    STEPS_PLAN,
    THE_STEPS,
    StepsPlan,
    labelled_thinking,
)
from medalist.agent.propose.step_requests import RollOutSettings
from medalist.agent.run.options import RunOptions
from medalist.agent.scale.step_answers import StepAnswers
from medalist.agent.scale.step_roll_outs import StepsWork, roll_out, score_steps
from medalist.agent.submit.contest_judge import ContestJudge
from medalist.agent.submit.package_judge import package_feedback
from medalist.agent.types import Program
from medalist.errors import BadInput, BudgetExhausted
from medalist.problems.model import PublicProblem
from medalist.problems.secret import Problem
from medalist.sandbox.pool import open_pool


@options.run_options(before="box", only=options.CAPS)
def steps(
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUN...", help="Run directories with judged answers.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            help="The folder of the labels; the same one goes on. Default: RUN/steps.",
            show_default=False,
        ),
    ] = None,
    model: Annotated[str | None, options.MODEL] = None,
    roll_outs: Annotated[
        int, typer.Option("--roll-outs", "-k", min=1, help="Roll-outs from after each step.")
    ] = 4,
    most_steps: Annotated[
        int, typer.Option(min=1, help="Steps an answer; the shortest are joined with neighbours.")
    ] = 8,
    answers: Annotated[
        int | None, typer.Option(min=1, help="Answers a problem at most, in the order of asking.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the roll-outs.")] = 0,
    scorer: Annotated[
        str | None,
        typer.Option(help="A model (as --model) that scores each step and each program, unjudged."),
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="Another folder of labels, to compare with.")
    ] = None,
    problems: Annotated[
        list[str] | None,
        typer.Option(
            "--problem", help="Packages or archives, where the run is no batch. Repeatable."
        ),
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(min=1, help="Most tokens of a roll-out. Default: the answer's.")
    ] = None,
    *,
    run: Mapping[str, Any],
    box: Annotated[options.BoxKind, options.BOX] = "auto",
    as_json: Annotated[bool, options.JSON] = False,
) -> None:
    """Label the steps of answers' thinking by how often answers continued from there are right.

    The same command resumes where it was stopped; a larger --roll-outs adds to those that are
    there. Exit code 4: a budget ended first, what came is kept.
    """
    asked = RunOptions.given({"model": model, "reviewer": scorer, **run})
    given = archive_problems(problems or ())
    taken = StepAnswers(most_steps, answers)
    known = _take(runs, given, taken)
    folder, ended = out or runs[0] / "steps", None
    if against is not None and not (against / "journal.sqlite").exists():
        raise BadInput("no folder of `medalist steps`", file=against)
    with Journal.open(folder) as journal:
        configured = asked.configured()
        with _opened(journal, asked, configured) as models:
            named = tuple(map(str, runs)), tuple(problems or ())
            _keep_plan(journal, StepsPlan(models.writer.name, seed, most_steps, *named), folder)
            taken.keep(journal)
            how = RollOutSettings(roll_outs, seed, _continues(asked, configured), max_tokens)
            try:
                _label(
                    StepsWork(journal, taken.records, _publics(known), say), known, models, how, box
                )
            except BudgetExhausted as error:
                ended = error
        labelled = labelled_thinking(journal)
    others = None
    if against is not None:
        with Journal.open(against, readonly=True) as journal:
            others = labelled_thinking(journal)
    result = steps_result(labelled, others, taken.left_out)
    if as_json:
        json_line(result)
    else:
        show_steps(result, folder)
    if ended is not None:
        raise ended


@dataclass(frozen=True)
class _StepModels:
    """Who rolls out, who scores, and who hands out the cores."""

    writer: Model
    scorer: Model | None
    lease: CoreLease


@contextmanager
def _opened(
    journal: Journal, asked: RunOptions, configured: ModelSettings
) -> Iterator[_StepModels]:
    lease = CoreLease(shared=not traits_of(asked.model, configured).shares_cores)
    resources = ModelResources(journal=journal, budget=asked.budget(), lease=lease)
    with closing(open_model(asked.model, resources, settings=configured)) as writer:
        if asked.reviewer is None:
            yield _StepModels(writer, None, lease)
            return
        with closing(open_model(asked.reviewer, resources, beside=writer)) as scorer:
            yield _StepModels(writer, scorer, lease)


def _continues(asked: RunOptions, configured: ModelSettings) -> bool:
    """Whether the model goes on with an answer that was begun for it."""
    if traits_of(asked.model, configured).prompt_form == "small":
        return True
    profiles = [term.profile for term in terms(asked.model, settings=configured)]
    return all(profile is not None and profile.prefill for profile in profiles)


def _take(runs: list[Path], given: Mapping[str, Problem], taken: StepAnswers) -> dict[str, Problem]:
    """Take the answers of all runs, and return the problems."""
    known = dict(given)
    for run in runs:
        if not run.is_dir():
            raise BadInput("no such run", file=run, hint="a run is a directory")
        with Journal.open(run, readonly=True) as journal:
            known = planned_problems(journal) | known
            taken.take(journal, run.name, _publics(known))
    if not taken.records:
        why = ", ".join(f"{reason}: {count}" for reason, count in sorted(taken.left_out.items()))
        raise BadInput(
            f"no answer with thinking and a verdict ({why or 'no answers'})",
            file=runs[0],
            hint="`medalist regret RUN --problem PACKAGE` judges what was not submitted",
        )
    return known


def _publics(known: Mapping[str, Problem]) -> dict[str, PublicProblem]:
    return {name: one.public for name, one in known.items()}


def _keep_plan(journal: Journal, plan: StepsPlan, folder: Path) -> None:
    known = journal.get(STEPS_PLAN, THE_STEPS)
    if known is None:
        journal.append(STEPS_PLAN, THE_STEPS, plan)
        return
    for name in ("model", "seed", "most_steps"):
        before = getattr(known, name)
        if before != getattr(plan, name):
            raise BadInput(
                f"was begun with another {name} ({before})", file=folder, hint="--out NEW"
            )


def _label(
    work: StepsWork,
    problems: Mapping[str, Problem],
    models: _StepModels,
    how: RollOutSettings,
    box: options.BoxKind,
) -> None:
    count = sum(len(each.steps) for each in work.thinking.values())
    say(f"{len(work.thinking)} answers, {count} steps, {count * how.count} roll-outs")
    with open_pool(box) as pool:

        def judged(problem_id: str, program: Program) -> str:
            problem = problems[problem_id]
            judge = ContestJudge(problem, package_feedback(problem.public), pool)
            with models.lease.hold("judge"):
                return str(judge.submit(program).verdict)

        roll_out(work, models.writer, how, judged)
        if models.scorer is not None:
            score_steps(work, models.scorer)
    work.journal.flush()
