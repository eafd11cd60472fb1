"""`medalist contest rate`: ratings over several contests, with intervals."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

import typer

from medalist.agent.commands import options
from medalist.agent.commands.console import data, json_line
from medalist.agent.commands.contest_show import rating as written
from medalist.agent.contest.events import contest_of, read_events
from medalist.agent.contest.placing import outing_of
from medalist.agent.contest.ratings import Outing, performance, rating_over
from medalist.agent.contest.standings import standings
from medalist.agent.journal import Journal
from medalist.errors import BadInput


def contest_rate(
    runs: Annotated[list[Path], typer.Argument(help="Directories of contest runs.")],
    as_json: Annotated[bool, options.JSON] = False,
) -> None:
    """Rate those who played, by their places among people of known rating in several contests."""
    outings: dict[str, list[Outing]] = {}
    for run in runs:
        for name, outing in _outings(run).items():
            outings.setdefault(name, []).append(outing)
    rows = [_row(name, played) for name, played in outings.items()]
    if as_json:
        json_line({"ratings": rows})
        return
    for row in rows:
        interval = "one contest, no interval"
        if row["lo"] is not None:
            interval = f"95 % between {written(row['lo'])} and {written(row['hi'])}"
        data(f"{row['id']}: {written(row['rating'])} ({interval}), by contest {row['by_contest']}")


def _outings(run: Path) -> dict[str, Outing]:
    with Journal.open(run, readonly=True) as journal:
        events = [event for _, event in read_events(journal)]
    contest = contest_of(events)
    table = standings(contest, events)
    ours = [
        participant.participant_id
        for participant in contest.participants
        if participant.kind == "medalist"
    ]
    outings = {name: outing_of(contest, table, name) for name in ours}
    if not any(outing.others for outing in outings.values()):
        raise BadInput("has no ratings", file=run, hint="the standings need ratings")
    return outings


def _row(name: str, played: list[Outing]) -> dict[str, Any]:
    fitted = rating_over(played)
    single = [performance(outing) for outing in played]
    return {
        "id": name,
        "contests": len(played),
        "rating": fitted.rating,
        "lo": fitted.low,
        "hi": fitted.high,
        "by_contest": [round(item) if math.isfinite(item) else None for item in single],
    }
