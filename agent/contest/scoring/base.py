"""What the scoring rules of every kind of contest can say."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from medalist.agent.contest.scoreboard import BoardCell, BoardRow, ContestProblem, Strict, Try

MINUTE = 60


class Scoring(Strict):
    """The rules by which submissions become points and ranks.

    Attributes:
        submissions: How many submissions a problem allows; None means any number.
    """

    penalty_unit: ClassVar[Literal["min", "s", ""]] = ""
    """What penalties are counted in; empty where there is none."""

    submissions: int | None = Field(default=None, ge=1)

    @abstractmethod
    def cell(self, problem: ContestProblem, tries: Sequence[Try]) -> BoardCell:
        """Return what a participant's submissions to a problem, in order of time, are worth."""

    @abstractmethod
    def order(self, row: BoardRow) -> tuple[float, ...]:
        """Return a key of a row without its rank: the smaller the better, equal for equals."""

    @abstractmethod
    def worth(self, problem: ContestProblem, rejected: int, at_s: float) -> float:
        """Return the points for solving a problem at a time after so many rejections."""

    @abstractmethod
    def wrong_cost(self, problem: ContestProblem, at_s: float, duration_s: float) -> float:
        """Return what a rejection costs whoever solves the problem later.

        A share of the problem's worth; see each kind for how times are weighed against points.
        """

    def next_at(self, last_s: float, duration_s: float) -> float:
        """Return from when on one may submit to a problem again after a submission."""
        return last_s

    def penalty(self, cells: Sequence[BoardCell]) -> float:
        """Return a row's penalty."""
        return sum(cell.penalty for cell in cells)


def first_accepted(
    problem: ContestProblem, tries: Sequence[Try], free: Sequence[str], penalty: float
) -> BoardCell:
    """Return the cell of a problem that is solved or not, by its first accepted submission.

    Args:
        problem: The problem; being solved is worth 1.
        tries: Submissions in order of time.
        free: Verdicts that cost no penalty.
        penalty: Minutes for each rejected submission before the accepted one.
    """
    rejected = counted = pending = 0
    for one in tries:
        verdict = one.counted
        if verdict is None:
            pending += 1
        elif verdict == "AC":
            minutes = one.at_s // MINUTE
            return BoardCell(
                problem.problem_id,
                points=1.0,
                tries=counted + 1,
                rejected=rejected,
                pending=pending,
                time_s=one.at_s,
                penalty=minutes + penalty * rejected,
                solved=True,
            )
        elif verdict not in free:
            counted += 1
            rejected += 1
    return BoardCell(problem.problem_id, tries=counted, rejected=rejected, pending=pending)
