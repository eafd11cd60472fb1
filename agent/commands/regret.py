"""`medalist regret`: where the points went that the candidates of a run could have had."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table as Screen

from medalist.agent.choose.recorded_choice import RecordedChoice, choices
from medalist.agent.commands.console import json_line, out, say
from medalist.agent.commands.judge_rest import judge_rest
from medalist.agent.journal import Journal
from medalist.agent.report.call_summary import calls_by_problem
from medalist.agent.report.losses import CAUSES, losses
from medalist.errors import BadInput
from medalist.problems.formats import load, resolve
from medalist.sandbox.pool import open_pool


def regret(
    run: Annotated[Path, typer.Argument(help="A run directory.")],
    problems: Annotated[
        list[str] | None,
        typer.Option(
            "--problem",
            help="A package, or the id of a bundled problem: judge its programs that were not "
            "submitted. Repeatable.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Attribute lost points to causes; a problem is worth one point.

    Programs that were not submitted must have been judged: give the packages once with
    `--problem`; their verdicts are kept in the run, and no policy sees them.
    """
    if problems:
        _judge_rest(run, problems)
    with Journal.open(run, readonly=True) as journal:
        recorded = choices(journal)
        spent = calls_by_problem(journal, [choice.problem_id for choice in recorded])
    rows = [_row(choice, spent[choice.problem_id].usd) for choice in recorded if choice.complete]
    unknown = [choice.problem_id for choice in recorded if not choice.complete]
    if unknown:
        say(f"not judged in full, give their packages with --problem: {', '.join(unknown)}")
    if not rows:
        raise BadInput("no problem of which every program was judged", file=run)
    result = {
        "problems": rows,
        "not_judged": unknown,
        "points": {cause: sum(row["points"].get(cause, 0.0) for row in rows) for cause in CAUSES},
        "usd": sum(row["usd"] or 0.0 for row in rows),
    }
    if as_json:
        json_line(result)
    else:
        _show(result)


def _judge_rest(run: Path, packages: list[str]) -> None:
    with Journal.open(run) as journal, open_pool() as pool:
        by_id = {choice.problem_id: choice for choice in choices(journal)}
        for package in packages:
            problem = load(resolve(package))
            choice = by_id.get(problem.public.problem_id)
            if choice is None:
                raise BadInput("the run has no such problem", file=package)
            judge_rest(journal, choice, problem, pool, say)


def _row(choice: RecordedChoice, usd: float | None) -> dict[str, Any]:
    return {
        "problem": choice.problem_id,
        "points": losses(choice),
        "submissions": len(choice.history),
        "usd": usd,
    }


def _show(result: dict[str, Any]) -> None:
    screen = Screen("cause", "points", "what it means")
    for cause, meaning in CAUSES.items():
        screen.add_row(cause, f"{result['points'][cause]:.2f}", meaning)
    out.print(screen)
    for row in result["problems"]:
        lost = {cause: value for cause, value in row["points"].items() if cause != "gained"}
        worst = max(lost, key=lambda cause: lost[cause])
        if lost[worst] > 0:
            price = "" if not row["usd"] else f", ${row['usd']:.4f}"
            out.print(f"{row['problem']}: {lost[worst]:.2f} {worst}{price}", markup=False)
