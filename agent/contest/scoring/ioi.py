"""IOI: the best score of each subtask over all submissions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from medalist.agent.contest.model import Cell, ContestProblem, Row, Try
from medalist.agent.contest.scoring.base import Scoring


class Ioi(Scoring):
    """The IOI's rules: no penalties, no time; equal totals share a rank.

    Attributes:
        decimals: To how many decimals the score of a subtask is rounded.
    """

    kind: Literal["ioi"] = "ioi"
    submissions: int | None = Field(default=50, ge=1)
    decimals: int = Field(default=2, ge=0)

    def cell(self, problem: ContestProblem, tries: Sequence[Try]) -> Cell:
        """Best over submissions for each subtask; without subtasks, of the whole score."""
        best: dict[str, float] = {}
        whole, points = 0.0, 0.0
        time_s: float | None = None
        judged = [one for one in tries if one.counted is not None]
        for one in judged:
            for subtask, share in one.subtasks.items():
                best[subtask] = max(best.get(subtask, 0.0), share)
            whole = max(whole, self._whole(problem, one))
            held = max(whole, self._held(problem, best))
            if held > points:
                points, time_s = held, one.at_s
        return Cell(
            problem.problem_id,
            points=points,
            tries=len(judged),
            pending=len(tries) - len(judged),
            time_s=time_s,
            solved=points >= problem.points > 0,
            subtasks=best,
        )

    def order(self, row: Row) -> tuple[float, ...]:
        """Points alone."""
        return (-row.total,)

    def worth(self, problem: ContestProblem, rejected: int, at_s: float) -> float:
        """Full points at any time."""
        return problem.points

    def wrong_cost(self, problem: ContestProblem, at_s: float, duration_s: float) -> float:
        """Nothing: only the number of submissions is limited."""
        return 0.0

    def _whole(self, problem: ContestProblem, one: Try) -> float:
        if one.counted == "AC":
            return problem.points
        # Where subtasks are known, a sum that a checker gave beside them adds nothing.
        return 0.0 if one.subtasks or one.score is None else round(one.score, self.decimals)

    def _held(self, problem: ContestProblem, best: dict[str, float]) -> float:
        known = problem.subtasks
        parts = (round(known.get(name, 0.0) * share, self.decimals) for name, share in best.items())
        return round(sum(parts), self.decimals)
