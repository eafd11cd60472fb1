"""Codeforces: points that decay, pretests and system tests; or, educational, as ICPC.

From the rules (https://codeforces.com/blog/entry/456, in full
https://codeforces.com/blog/entry/4088) and from a problem about them
(https://codeforces.com/problemset/problem/604/A): a problem of x points solved in minute m after w
rejected submissions gives max(0.3 x, x - x m / 250 - 50 w), a successful hack 100 points and a
failed one -50. During the round the pretests decide, at the end all tests; of several submissions
that pass the pretests the last one counts and the others are rejected ones. Educational rounds,
Div. 3 and Div. 4 (https://codeforces.com/blog/entry/105575 and announcements such as
https://codeforces.com/topic/107458): ICPC with 10 minutes for a rejected submission, none for one
that fails on the first test, and 12 hours of open hacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from medalist.agent.contest.kinds.base import (
    COUNTED,
    HOUR,
    MINUTE,
    Column,
    ContestKind,
    first_accepted,
)
from medalist.agent.contest.scoreboard import BoardCell, BoardRow, ContestProblem, Try
from medalist.agent.submit.feedback_rules import FeedbackRules

_PASSED = ("AC", "PAC")


class Codeforces(ContestKind):
    """The rules of Codeforces rounds.

    Attributes:
        decay: What a problem loses in a minute: one part in so many of its points.
        wrong: Points that a rejected submission takes from a problem that is solved later.
        floor: The share of its points that a solved problem always gives.
        free: Verdicts that cost nothing.
        free_first_test: Whether a submission that fails on the first test costs nothing.
        educational: Problems solved and penalty minutes instead of points (educational rounds,
            Div. 3 and Div. 4).
        penalty_min: Minutes for a rejected submission in educational rounds.
        hacks_h: Hours of open hacks after the end (0 for none). Nobody hacks here: the tests that
            are not pretests stand for the hacks.
    """

    feedback: ClassVar[FeedbackRules] = FeedbackRules(shows_failing_test=True)
    pool_wrong_cost: ClassVar[float] = 0.05

    kind: Literal["codeforces"] = "codeforces"
    decay: float = Field(default=250, gt=0)
    wrong: float = Field(default=50, ge=0)
    floor: float = Field(default=0.3, ge=0, le=1)
    free: tuple[str, ...] = ("CE", "JE")
    free_first_test: bool = True
    educational: bool = False
    penalty_min: float = Field(default=10, ge=0)
    hacks_h: float = Field(default=0, ge=0)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Points; in educational rounds as in ICPC."""
        return COUNTED if self.educational else (Column("Score"),)

    @property
    def times(self) -> Literal["minutes", "clock"] | None:
        """In minutes."""
        return "minutes"

    @property
    def seen_as(self) -> str:
        """In educational rounds as in ICPC."""
        return "icpc" if self.educational else "codeforces"

    @property
    def final_after_s(self) -> float | None:
        """System tests follow the contest, or the open hacks."""
        return self.hacks_h * HOUR

    def default_points(self, place: int, own: float) -> float:
        """500, 1000, ..."""
        return 500.0 * (place + 1)

    def cell(self, problem: ContestProblem, tries: Sequence[Try]) -> BoardCell:
        """Points for the last submission that passed the pretests, if it passes the system tests.

        In educational rounds, the first accepted submission as in ICPC.
        """
        costly = [attempt for attempt in tries if not self._is_free(attempt)]
        if self.educational:
            return first_accepted(problem, costly, (), self.penalty_min)
        pending = sum(attempt.verdict is None for attempt in costly)
        judged = [attempt for attempt in costly if attempt.verdict is not None]
        passed = [place for place, attempt in enumerate(judged) if attempt.verdict in _PASSED]
        last = judged[passed[-1]] if passed else None
        if last is None or last.counted not in _PASSED:
            count = len(judged)
            return BoardCell(problem.problem_id, tries=count, rejected=count, pending=pending)
        rejected = passed[-1]
        return BoardCell(
            problem.problem_id,
            # A standings file may say the points; a judge never does.
            points=self.worth(problem, rejected, last.at_s) if last.score is None else last.score,
            tries=rejected + 1,
            rejected=rejected,
            pending=pending,
            time_s=last.at_s,
            solved=True,
        )

    def order(self, row: BoardRow) -> tuple[float, ...]:
        """Points (problems), then in educational rounds less time."""
        return (-row.total, row.penalty)

    def worth(self, problem: ContestProblem, rejected: int, at_s: float) -> float:
        """Points after the decay and the rejections, never less than the floor."""
        if self.educational:
            return 1.0
        full = problem.points
        left = full - full / self.decay * (at_s // MINUTE) - self.wrong * rejected
        return max(self.floor * full, left)

    def wrong_cost(self, problem: ContestProblem, at_s: float, duration_s: float) -> float:
        """The points of a rejection; in educational rounds its minutes as in ICPC."""
        if self.educational:
            return min(1.0, self.penalty_min * MINUTE / duration_s)
        worth = self.worth(problem, 0, at_s)
        return min(1.0, self.wrong / worth) if worth else 0.0

    def _is_free(self, attempt: Try) -> bool:
        if attempt.verdict in self.free:
            return True
        return self.free_first_test and attempt.failing_test == "1" and attempt.verdict != "AC"
