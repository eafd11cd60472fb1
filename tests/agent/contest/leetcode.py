"""`medalist` with one kind of contest more, in its own process: `python leetcode.py ARGS`.

Points as the problems say, equal totals by the time of the last gain, five minutes a wrong try.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from medalist.agent.contest.kinds import KINDS
from medalist.agent.contest.kinds.base import MINUTE, Column, ContestKind, first_accepted
from medalist.agent.contest.scoreboard import BoardCell, BoardRow, ContestProblem, Try


class LeetCode(ContestKind):
    """A kind as whoever adds one would write it."""

    kind: Literal["leetcode"] = "leetcode"
    penalty_min: float = 5

    @property
    def columns(self) -> tuple[Column, ...]:
        return (Column("Points"), Column("Finish", "clock"))

    @property
    def times(self) -> Literal["minutes", "clock"] | None:
        return "clock"

    def default_points(self, place: int, own: float) -> float:
        return 3.0 + place

    def cell(self, problem: ContestProblem, tries: Sequence[Try]) -> BoardCell:
        cell = first_accepted(problem, tries, ("CE",), 0)
        if not cell.solved:
            return cell
        return BoardCell(
            problem.problem_id,
            points=problem.points,
            tries=cell.tries,
            rejected=cell.rejected,
            pending=cell.pending,
            time_s=cell.time_s,
            penalty=self.penalty_min * MINUTE * cell.rejected,
            solved=True,
        )

    def penalty(self, cells: Sequence[BoardCell]) -> float:
        last = max((cell.time_s for cell in cells if cell.time_s is not None), default=0.0)
        return last // 1 + sum(cell.penalty for cell in cells)

    def order(self, row: BoardRow) -> tuple[float, ...]:
        return (-row.total, row.penalty)

    def worth(self, problem: ContestProblem, rejected: int, at_s: float) -> float:
        return problem.points

    def wrong_cost(self, problem: ContestProblem, at_s: float, duration_s: float) -> float:
        return min(1.0, self.penalty_min * MINUTE / duration_s)


if __name__ == "__main__":
    from medalist.__main__ import main

    KINDS["leetcode"] = LeetCode
    main()
