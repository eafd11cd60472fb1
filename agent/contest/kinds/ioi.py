"""IOI: the best score of each subtask over all submissions.

From the contest rules of the IOI and of APIO, which are the same in this (IOI 2024:
https://www.ioi2024.eg/contest-rules; IOI 2023: https://ioi2023.hu/contest-rules/; APIO 2021, in the
organisers' repository ia-toki/apio-2021-web, `rules.md` and `regulation.md`): the score of a
subtask is the best over all submissions, that of a task the sum over its subtasks; up to 50
submissions a task, at most one a minute except in the last 15 minutes; every submission is
answered with the score of each subtask; a score has two decimals. Equal totals share a rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from medalist.agent.contest.kinds.base import Column, ContestKind
from medalist.agent.contest.scoreboard import BoardCell, BoardRow, ContestProblem, Medals, Try
from medalist.agent.submit.feedback_rules import FeedbackRules

IOI_MEDALS = Medals(by="share", gold=1 / 12, silver=1 / 4, bronze=1 / 2)
"""As in the IOI's rules (http://www.ioi2010.org/rules.html, "medal distribution") and APIO's
(https://apio2021.toki.id/regulation): at least a twelfth of the contestants gets gold, at least a
quarter gold or silver, at most half a medal."""


class Ioi(ContestKind):
    """The IOI's rules: no penalties, no time; equal totals share a rank.

    Attributes:
        decimals: To how many decimals the score of a subtask is rounded.
        gap_s: Seconds between two submissions to a task.
        free_s: The last seconds of the contest, in which there is no such gap.
    """

    feedback: ClassVar[FeedbackRules] = FeedbackRules(
        shows_subtasks=True, counts_compile_errors=True
    )
    medals: ClassVar[Medals | None] = IOI_MEDALS

    kind: Literal["ioi"] = "ioi"
    submissions: int | None = Field(default=50, ge=1)
    decimals: int = Field(default=2, ge=0)
    gap_s: float = Field(default=60, ge=0)
    free_s: float = Field(default=900, ge=0)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Points alone."""
        return (Column("Score"),)

    def default_points(self, place: int, own: float) -> float:
        """Those of the package, else 100."""
        return own or 100.0

    def cell(self, problem: ContestProblem, tries: Sequence[Try]) -> BoardCell:
        """Best over submissions for each subtask; without subtasks, of the whole score."""
        best: dict[str, float] = {}
        whole, points = 0.0, 0.0
        time_s: float | None = None
        judged = [attempt for attempt in tries if attempt.counted is not None]
        for attempt in judged:
            for subtask, share in attempt.subtasks.items():
                best[subtask] = max(best.get(subtask, 0.0), share)
            whole = max(whole, self._whole(problem, attempt))
            held = max(whole, self._held(problem, best))
            if held > points:
                points, time_s = held, attempt.at_s
        return BoardCell(
            problem.problem_id,
            points=points,
            tries=len(judged),
            pending=len(tries) - len(judged),
            time_s=time_s,
            solved=points >= problem.points > 0,
            subtasks=best,
        )

    def order(self, row: BoardRow) -> tuple[float, ...]:
        """Points alone."""
        return (-row.total,)

    def worth(self, problem: ContestProblem, rejected: int, at_s: float) -> float:
        """Full points at any time."""
        return problem.points

    def wrong_cost(self, problem: ContestProblem, at_s: float, duration_s: float) -> float:
        """Nothing: only the number of submissions is limited."""
        return 0.0

    def next_at(self, last_s: float, duration_s: float) -> float:
        """After the gap, or when the last minutes without it begin."""
        free_from = max(last_s, duration_s - self.free_s)
        return min(last_s + self.gap_s, free_from)

    def _whole(self, problem: ContestProblem, attempt: Try) -> float:
        if attempt.counted == "AC":
            return problem.points
        # Where subtasks are known, a sum that a checker gave beside them adds nothing.
        return (
            0.0
            if attempt.subtasks or attempt.score is None
            else round(attempt.score, self.decimals)
        )

    def _held(self, problem: ContestProblem, best: dict[str, float]) -> float:
        known = problem.subtasks
        parts = (round(known.get(name, 0.0) * share, self.decimals) for name, share in best.items())
        return round(sum(parts), self.decimals)
