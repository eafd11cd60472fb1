"""`medalist solve`: one problem, from its statement to a chosen program on disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from medalist.agent.commands import options
from medalist.agent.commands.console import json_line, say
from medalist.agent.commands.dry_run import dry_run as show_cost
from medalist.agent.commands.progress import Display
from medalist.agent.commands.solve_report import exit_code, explain
from medalist.agent.run.options import RunOptions
from medalist.agent.run.run_plan import settings_for
from medalist.agent.run.solving import Assignment, candidates_of_pool
from medalist.agent.steps.move_priors import move_priors
from medalist.errors import BadInput
from medalist.problems.formats import load, resolve
from medalist.problems.formats.corrections import samples_given, with_samples
from medalist.problems.secret import Problem
from medalist.sandbox.pool import open_pool


@options.run_options(before="pool_file", defaults={"seed": 0})
def solve(
    path: Annotated[str, typer.Argument(help="A statement, a package, or a bundled problem's id.")],
    *,
    run: Mapping[str, Any],
    pool_file: Annotated[
        Path | None,
        typer.Option("--pool", help="Take candidates from this file (.jsonl, .gz, .xz); no model."),
    ] = None,
    sample: Annotated[list[Any] | None, options.SAMPLE] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Run directory. Default: runs/<problem>-<settings>, so that the same command "
            "resumes where it stopped.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[bool, options.DRY_RUN] = False,
    box: Annotated[options.BoxKind, options.BOX] = "auto",
    as_json: Annotated[bool, options.JSON] = False,
) -> None:
    """Solve one problem; the same command resumes where it stopped.

    Exit code 0: solved, or, without secret tests, a sample-passing answer delivered. 1: not
    solved. 4: a budget ended first, or the first four answers were all cut while thinking.
    """
    problem = _load(path, sample)
    assignment = _assignment(problem, RunOptions.given(run).allocated(), pool_file, out)
    for line in assignment.options.ignored():
        say(line, style="yellow")
    if dry_run:
        _foresee(assignment, as_json=as_json)
        return
    for warning in problem.warnings:
        say(f"{path}: {warning}", style="yellow")
    _say_doubts(problem)
    run_dir, name = assignment.run_dir, problem.public.problem_id
    try:
        with open_pool(box) as pool:
            say(pool.note)
            with Display(name) as display:
                solved = assignment.solve(pool, display)
    except KeyboardInterrupt:
        say(f"interrupted: the same command resumes where this stopped ({run_dir})")
        raise
    judged = assignment.judged
    if as_json:
        json_line(solved.result.printed())
    else:
        explain(name, solved, run_dir, judged=judged)
    raise typer.Exit(exit_code(solved.solution, judged=judged))


def _assignment(
    problem: Problem, run: RunOptions, pool_file: Path | None, out: Path | None
) -> Assignment:
    """Put together what is to be solved, and check what can be checked before anything starts."""
    run.chooser()
    run.least_belief()
    move_priors(run.moves_from)
    configured = run.configured()
    given = None
    if pool_file is not None:
        given = candidates_of_pool(pool_file, problem.public)
        run = run.model_copy(update={"model": given.name})
        if run.allocate is not None:
            raise BadInput("a pool asks no model: nothing is allocated", field="--allocate")
        if run.most is not None:
            raise BadInput("a pool asks no model: there are no more candidates", field="--most")
    settings_for(run, configured)
    return Assignment(problem, run, configured, given, out)


def _foresee(assignment: Assignment, *, as_json: bool) -> None:
    if assignment.given is not None:
        raise BadInput("a pool asks no model: there is nothing to foresee", field="--dry-run")
    show_cost(assignment.problem.public, assignment.options, assignment.configured, as_json=as_json)


def _load(path: str, given: list[Any] | None) -> Problem:
    """Read the problem; samples given with `--sample` replace those that it shows."""
    problem = load(resolve(path))
    if not given:
        return problem
    samples, remarks = samples_given(given)
    for remark in remarks:
        say(remark, style="yellow")
    return with_samples(problem, samples)


def _say_doubts(problem: Problem) -> None:
    """Say what may have been read wrongly, and how to correct it."""
    for doubt in problem.doubts:
        say(f"doubt: {doubt}", style="yellow")
    if problem.doubts:
        say("correct with --sample IN OUT, or with a problem.yaml beside the statement")
