"""`medalist contest standings`: the scoreboard of a run at any moment."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from medalist.agent.commands import options
from medalist.agent.commands.console import data, json_line, out
from medalist.agent.commands.contest_show import board, placing_line, result
from medalist.agent.contest.events import contest_of, read_events
from medalist.agent.contest.file import seconds
from medalist.agent.contest.placing import placings
from medalist.agent.contest.standings import standings
from medalist.agent.journal import Journal
from medalist.errors import BadInput


def contest_standings(
    run: Annotated[Path, typer.Argument(help="The directory of a contest run.")],
    at: Annotated[
        str | None, typer.Option(help="Virtual time (H:MM:SS). Default: the end.")
    ] = None,
    frozen: Annotated[
        bool | None,
        typer.Option("--frozen/--open", help="Hide or show verdicts. Default: as it was then."),
    ] = None,
    most: Annotated[int | None, typer.Option(min=1, help="Show only the first N rows.")] = None,
    as_json: Annotated[bool, options.JSON] = False,
) -> None:
    """Show the standings of a contest, running or finished."""
    try:
        at_s = math.inf if at is None else seconds(at)
    except ValueError as error:
        raise BadInput(str(error), field="--at") from error
    with Journal.open(run, readonly=True) as journal:
        events = [event for _, event in read_events(journal)]
    contest = contest_of(events)
    table = standings(contest, events, at=at_s, frozen=frozen)
    if as_json:
        json_line(result(contest, table))
    else:
        out.print(board(contest, table, most=most))
        for placing in placings(contest, table):
            data(placing_line(placing))
