"""The scoreboard of the Contest API: the public standings of everybody or of one group."""

from __future__ import annotations

from collections.abc import Sequence

from medalist.agent.contest.scoreboard import BoardCell, ContestProblem
from medalist.agent.web.ccs.objects import Object, abstime, identifier, reltime
from medalist.agent.web.state import PublicState, ranks

SCOREBOARD = ["time", "contest_time", "state", "rows"]
"""The properties of the scoreboard."""


def scoreboard(state: PublicState, current: Object, group_id: str | None = None) -> Object:
    """The public standings; `group_id` ranks one group by itself."""
    chosen = [
        place
        for place, participant in enumerate(state.participants)
        if group_id is None or participant.kind == group_id
    ]
    lines = sorted(
        zip(ranks([state.keys[place] for place in chosen]), chosen, strict=True),
        key=lambda line: (line[0], state.participants[line[1]].name.casefold()),
    )
    return {
        "time": abstime(state.contest, state.at_s),
        "contest_time": reltime(state.at_s),
        "state": current,
        "rows": [_line(state, rank, place) for rank, place in lines],
    }


def _line(state: PublicState, rank: int, place: int) -> Object:
    row = state.rows[place]
    scored = state.contest.rules.is_scored
    if scored:
        score: Object = {"score": row.total}
    else:
        solved = sum(cell.solved for cell in row.cells)
        score = {"num_solved": solved, "total_time": round(row.penalty)}
    if any(cell.time_s is not None for cell in row.cells):
        score["time"] = int(row.last_s // 60)
    return {
        "rank": rank,
        "team_id": identifier(state.participants[place].participant_id),
        "score": score,
        "problems": _problems(state.problems, row.cells, scored),
    }


def _problems(
    problems: Sequence[ContestProblem], cells: Sequence[BoardCell], scored: bool
) -> list[Object]:
    made = []
    for one, cell in zip(problems, cells, strict=True):
        known: Object = {
            "problem_id": identifier(one.problem_id),
            "num_judged": cell.tries,
            "num_pending": cell.pending,
        }
        if scored:
            known["score"] = max(0.0, cell.points)
        else:
            known["solved"] = cell.solved
        if (cell.points > 0 if scored else cell.solved) and cell.time_s is not None:
            known["time"] = int(cell.time_s // 60)
        made.append(known)
    return made
