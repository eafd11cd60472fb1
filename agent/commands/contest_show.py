"""How the `contest` commands show standings."""

from __future__ import annotations

import math
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from medalist.agent.commands.console import printable
from medalist.agent.contest.clock import clock_text
from medalist.agent.contest.events import Contest
from medalist.agent.contest.placing import Placing, placings
from medalist.agent.contest.scoreboard import BoardCell, BoardRow, Standings


def board(contest: Contest, ranked: Standings, *, most: int | None = None) -> Table:
    """Return the scoreboard as a table for a terminal; at most `most` rows."""
    frozen = ", frozen" if ranked.frozen else ""
    title = Text(printable(f"{contest.opened.name}, {clock_text(ranked.at_s)}{frozen}"))
    table = Table(title=title, padding=(0, 1, 0, 0), box=box.SIMPLE_HEAD)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("participant", no_wrap=True, min_width=8)
    table.add_column("total", justify="right", no_wrap=True)
    if contest.rules.times:
        table.add_column("penalty", justify="right", no_wrap=True)
    for problem in contest.problems:
        table.add_column(problem.label, justify="center", no_wrap=True)
    names = {participant.participant_id: participant.name for participant in contest.participants}
    for row in ranked.rows[:most]:
        cells = [str(row.rank), printable(names[row.participant_id]), f"{row.total:g}"]
        if contest.rules.times:
            cells.append(_penalty(contest, row))
        table.add_row(*(Text(text) for text in (*cells, *map(_cell, row.cells))))
    return table


def result(contest: Contest, table: Standings) -> dict[str, Any]:
    """Return standings as JSON; these keys are kept stable."""
    names = {participant.participant_id: participant.name for participant in contest.participants}
    return {
        "contest": contest.opened.contest_id,
        "kind": contest.rules.kind,
        "at_s": table.at_s,
        "frozen": table.frozen,
        "rows": [
            {
                "rank": row.rank,
                "id": row.participant_id,
                "name": names[row.participant_id],
                "total": row.total,
                "penalty": row.penalty,
                "problems": {
                    problem.label: _cell_json(cell)
                    for problem, cell in zip(contest.problems, row.cells, strict=True)
                },
            }
            for row in table.rows
        ],
        "placings": [_placing_json(placing) for placing in placings(contest, table)],
    }


def placing_line(one: Placing) -> str:
    """Print a participant's place among people."""
    line = f"{one.participant_id}: place {one.place} among {one.people} people, "
    line += f"percentile {one.percentile:.1f}"
    if one.medal is not None:
        line += f", {one.medal}"
    if one.performance is not None:
        line += f", performance {rating(one.performance)} (against {one.rated} ratings)"
    return line


def rating(value: float) -> str:
    """Write a rating; nobody being better has no finite one."""
    return f"{value:.0f}" if math.isfinite(value) else ("above all" if value > 0 else "below all")


def _placing_json(one: Placing) -> dict[str, Any]:
    known = one.performance
    finite = known if known is not None and math.isfinite(known) else None
    return {
        "id": one.participant_id,
        "place": one.place,
        "people": one.people,
        "percentile": one.percentile,
        "medal": one.medal,
        "performance": finite,
        "above_all": known == math.inf,
        "below_all": known == -math.inf,
    }


def _penalty(contest: Contest, row: BoardRow) -> str:
    return clock_text(row.penalty) if contest.rules.times == "clock" else f"{row.penalty:g}"


def _cell(cell: BoardCell) -> str:
    """`+2`: solved after two rejections; `-2`: two, not solved; `?1`: one waits."""
    waiting = f" ?{cell.pending}" if cell.pending else ""
    if cell.points:
        counted = f"+{cell.rejected or ''}" if cell.points == 1 else f"{cell.points:g}"
        return f"{counted}{waiting}"
    return f"-{cell.tries}{waiting}" if cell.tries else waiting.strip()


def _cell_json(cell: BoardCell) -> dict[str, Any]:
    return {
        "points": cell.points,
        "solved": cell.solved,
        "tries": cell.tries,
        "rejected": cell.rejected,
        "pending": cell.pending,
        "time_s": cell.time_s,
    }
