"""AtCoder: points, then the time of the last gain and five minutes for each wrong try.

From the contests' pages (https://abc075.contest.atcoder.jp: ranked by total score, then by
penalties, which are the time spent to get the current score plus five minutes for each incorrect
attempt) and from a problem about them (https://atcoder.jp/contests/abc151/tasks/abc151_c: the
wrong tries of a problem count up to its first accepted submission, those of problems that were
not solved do not count).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from medalist.agent.contest.kinds.base import MINUTE, Column, ContestKind
from medalist.agent.contest.scoreboard import BoardCell, BoardRow, ContestProblem, Try


class AtCoder(ContestKind):
    """The rules of AtCoder's Beginner, Regular and Grand Contests.

    Attributes:
        penalty_min: Minutes for each wrong try before the one that gave the points.
        free: Verdicts that are not wrong tries.
    """

    kind: Literal["atcoder"] = "atcoder"
    penalty_min: float = Field(default=5, ge=0)
    free: tuple[str, ...] = ("CE", "JE")

    @property
    def columns(self) -> tuple[Column, ...]:
        """Points, and the time that they took."""
        return (Column("Score"), Column("Penalty", "clock"))

    @property
    def times(self) -> Literal["minutes", "clock"] | None:
        """To the second, as the penalty is."""
        return "clock"

    @property
    def seen_as(self) -> str:
        """A policy sees a problem that is solved or not."""
        return "icpc"

    def default_points(self, place: int, own: float) -> float:
        """100, 200, ..."""
        return 100.0 * (place + 1)

    def cell(self, problem: ContestProblem, tries: Sequence[Try]) -> BoardCell:
        """Best points; wrong tries before the submission that reached them count."""
        points, before, rejected, counted, pending = 0.0, 0, 0, 0, 0
        time_s: float | None = None
        for attempt in tries:
            verdict = attempt.counted
            if verdict is None:
                pending += 1
            elif points < problem.points and verdict not in self.free:
                counted += 1
                gained = (
                    problem.points if verdict == "AC" else min(attempt.score or 0, problem.points)
                )
                if gained > points:
                    points, time_s, before = gained, attempt.at_s, rejected
                if gained < problem.points:
                    rejected += 1
        return BoardCell(
            problem.problem_id,
            points=points,
            tries=counted,
            rejected=before if points else rejected,
            pending=pending,
            time_s=time_s,
            penalty=self.penalty_min * MINUTE * before if points else 0.0,
            solved=points >= problem.points > 0,
        )

    def penalty(self, cells: Sequence[BoardCell]) -> float:
        """The time of the last gain (whole seconds) and the penalties of all wrong tries."""
        last = max((cell.time_s for cell in cells if cell.time_s is not None), default=0.0)
        return last // 1 + sum(cell.penalty for cell in cells)

    def order(self, row: BoardRow) -> tuple[float, ...]:
        """More points, then less time."""
        return (-row.total, row.penalty)

    def worth(self, problem: ContestProblem, rejected: int, at_s: float) -> float:
        """Full points at any time."""
        return problem.points

    def wrong_cost(self, problem: ContestProblem, at_s: float, duration_s: float) -> float:
        """The penalty as a share of the contest."""
        return min(1.0, self.penalty_min * MINUTE / duration_s)
