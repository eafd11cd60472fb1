"""`medalist contest check`: scores a standings file again and compares the ranks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from medalist.agent.commands import options
from medalist.agent.commands.console import data, json_line
from medalist.agent.commands.kind_names import KindName
from medalist.agent.contest.events import Contest, ContestOpened
from medalist.agent.contest.file import seconds
from medalist.agent.contest.humans import admit, read_humans
from medalist.agent.contest.kinds import read_rules
from medalist.agent.contest.standings import standings
from medalist.errors import BadInput

_DURATION_S = 5 * 3600.0


def contest_check(
    path: Annotated[
        Path,
        typer.Argument(
            help="Standings: CSV, an IOI table (tabs), Codeforces JSON, a CCS feed or scoreboard."
        ),
    ],
    rules: Annotated[KindName, typer.Option(help="Kind of contest.")] = "icpc",
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="A parameter of the rules, as in `penalty_min=10`. Repeatable."),
    ] = None,
    duration: Annotated[
        str | None, typer.Option(help="Length (H:MM:SS), if the file does not state it.")
    ] = None,
    as_json: Annotated[bool, options.JSON] = False,
) -> None:
    """Score a standings file again from its cells, and compare with the ranks it states.

    Exit code 1 if a rank differs. Rows without a stated rank are only counted.
    """
    table = read_humans(path)
    try:
        duration_s = seconds(duration) if duration else table.duration_s or _DURATION_S
        parameters = dict(_setting(text) for text in setting or ())
        parsed = read_rules({"kind": rules, **parameters})
    except ValueError as error:
        raise BadInput(str(error).splitlines()[0], field="--set or --duration") from error
    humans = admit([table], table.problems, duration_s)
    opened = ContestOpened(contest_id="check", name=path.name, rules=parsed, duration_s=duration_s)
    contest = Contest(opened, table.problems, humans.participants)
    official = standings(contest, humans.events, official_only=True)
    stated = {participant.participant_id: participant.place for participant in humans.participants}
    ranked = [row for row in official.rows if stated[row.participant_id] is not None]
    differing = [
        {"id": row.participant_id, "stated": stated[row.participant_id], "scored": row.rank}
        for row in ranked
        if stated[row.participant_id] != row.rank
    ]
    result: dict[str, Any] = {
        "file": path.name,
        "rows": len(official.rows),
        "ranked": len(ranked),
        "same": len(ranked) - len(differing),
        "differing": differing,
    }
    if as_json:
        json_line(result)
    else:
        data(f"{path.name}: {result['same']} of {result['ranked']} stated ranks are reproduced")
        for record in differing[:20]:
            data(f"  {record['id']}: stated {record['stated']}, scored {record['scored']}")
    if differing:
        raise typer.Exit(1)


def _setting(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not separator:
        raise ValueError(f"{text!r} is not NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
