"""Standings as Codeforces' API gives them: the answer of `contest.standings`, saved as JSON.

https://codeforces.com/apiHelp/methods#contest.standings and, for the ratings before the contest,
a file beside it with the answer of `contest.ratingChanges` and the name `<file>.ratings.json`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from medalist.agent.contest.humans.standings_table import (
    HumanCell,
    HumanRow,
    HumanTable,
    human,
)
from medalist.agent.contest.scoreboard import ContestProblem, Participant
from medalist.errors import BadInput

_HACK, _FAILED_HACK = 100, -50


class _Known(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Result(_Known):
    points: float = 0
    rejectedAttemptCount: int = 0  # noqa: N815 - names of the API
    bestSubmissionTimeSeconds: float | None = None  # noqa: N815


class _Member(_Known):
    handle: str


class _Party(_Known):
    members: list[_Member] = Field(min_length=1)
    participantType: str = "CONTESTANT"  # noqa: N815
    teamName: str | None = None  # noqa: N815


class _Row(_Known):
    party: _Party
    rank: int
    points: float = 0
    successfulHackCount: int = 0  # noqa: N815
    unsuccessfulHackCount: int = 0  # noqa: N815
    problemResults: list[_Result]  # noqa: N815


class _Problem(_Known):
    index: str
    name: str = ""
    points: float | None = None


class _Contest(_Known):
    name: str = ""
    type: str = "CF"
    durationSeconds: float  # noqa: N815


class _Standings(_Known):
    contest: _Contest
    problems: list[_Problem]
    rows: list[_Row]


def read_codeforces(path: Path, value: Any) -> HumanTable:
    """Read the answer of `contest.standings` (with or without its `status` and `result`).

    Raises:
        BadInput: A field is missing or wrong.
    """
    try:
        standings = _Standings.model_validate(value.get("result", value))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise BadInput(first["msg"], file=path, field=field) from error
    ratings = _ratings(path)
    return HumanTable(
        source=path.name,
        problems=tuple(
            ContestProblem(
                problem_id=problem.index,
                label=problem.index,
                title=problem.name,
                points=problem.points or 1.0,
            )
            for problem in standings.problems
        ),
        rows=tuple(_row(path, standings, row, ratings) for row in standings.rows),
        duration_s=standings.contest.durationSeconds,
        name=standings.contest.name,
    )


def _row(path: Path, standings: _Standings, row: _Row, ratings: dict[str, float]) -> HumanRow:
    if len(row.problemResults) != len(standings.problems):
        raise BadInput(
            f"rank {row.rank} has {len(row.problemResults)} results for "
            f"{len(standings.problems)} problems",
            file=path,
            field="problemResults",
        )
    handles = [member.handle for member in row.party.members]
    name = row.party.teamName or ", ".join(handles)
    cells = {
        problem.index: HumanCell(
            rejected=result.rejectedAttemptCount,
            time_s=result.bestSubmissionTimeSeconds,
            solved=result.points > 0,
        )
        for problem, result in zip(standings.problems, row.problemResults, strict=True)
    }
    hacks = _HACK * row.successfulHackCount + _FAILED_HACK * row.unsuccessfulHackCount
    return HumanRow(
        human(
            Participant(
                participant_id=handles[0],
                name=name,
                place=row.rank,
                official=row.party.participantType == "CONTESTANT",
                rating=ratings.get(handles[0]),
            ),
            path.name,
        ),
        cells,
        bonus=hacks if standings.contest.type == "CF" else 0.0,
        total=row.points,
    )


def _ratings(path: Path) -> dict[str, float]:
    beside = path.with_name(f"{path.name}.ratings.json")
    if not beside.is_file():
        return {}
    try:
        value = json.loads(beside.read_bytes())
        rows = value["result"] if isinstance(value, dict) else value
        return {str(row["handle"]): float(row["oldRating"]) for row in rows}
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"not the answer of contest.ratingChanges: {error}", file=beside) from error
