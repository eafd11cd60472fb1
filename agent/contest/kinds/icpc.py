"""ICPC: problems solved, then penalty time.

From the ICPC World Finals Rules (https://icpc.global/worldfinals/rules, "scoring of the contest")
and from Kattis, which has run them (https://open.kattis.com/contests/zdkyvb/rules): teams rank by
problems solved, then by total time, then by the time of the last accepted submission. A solved
problem costs the minutes from the start to its first accepted submission, rounded down, and 20 for
each rejected one before it; compile errors and judge errors cost nothing; problems that were not
solved cost nothing. From the freeze on verdicts are hidden in the public standings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from medalist.agent.contest.kinds.base import (
    COUNTED,
    MINUTE,
    Column,
    ContestKind,
    first_accepted,
)
from medalist.agent.contest.scoreboard import BoardCell, BoardRow, ContestProblem, Try


class Icpc(ContestKind):
    """The ICPC's rules.

    Attributes:
        penalty_min: Minutes for each rejected submission before the accepted one.
        free: Verdicts that cost no penalty.
        last_breaks_ties: Whether the earlier last accepted submission (to the second) ranks
            first among equals.
    """

    kind: Literal["icpc"] = "icpc"
    penalty_min: float = Field(default=20, ge=0)
    free: tuple[str, ...] = ("CE", "JE")
    last_breaks_ties: bool = True

    @property
    def columns(self) -> tuple[Column, ...]:
        """Problems solved and penalty minutes."""
        return COUNTED

    @property
    def times(self) -> Literal["minutes", "clock"] | None:
        """In minutes, as the penalty is."""
        return "minutes"

    def default_points(self, place: int, own: float) -> float:
        """A problem is a problem."""
        return 1.0

    def cell(self, problem: ContestProblem, tries: Sequence[Try]) -> BoardCell:
        """Solved or not; what comes after the first accepted submission counts for nothing."""
        return first_accepted(problem, tries, self.free, self.penalty_min)

    def order(self, row: BoardRow) -> tuple[float, ...]:
        """More problems, then less time, then the earlier last accepted submission."""
        return (-row.total, row.penalty, row.last_s if self.last_breaks_ties else 0)

    def worth(self, problem: ContestProblem, rejected: int, at_s: float) -> float:
        """A problem is a problem."""
        return 1.0

    def wrong_cost(self, problem: ContestProblem, at_s: float, duration_s: float) -> float:
        """The penalty as a share of the contest: a problem not solved is worse than all of it."""
        return min(1.0, self.penalty_min * MINUTE / duration_s)
