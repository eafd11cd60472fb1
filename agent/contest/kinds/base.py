"""What every kind of contest says of itself: what it shows, costs, counts and ranks by."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field

from medalist.agent.choose.policy import PolicyRules
from medalist.agent.contest.scoreboard import (
    BoardCell,
    BoardRow,
    ContestProblem,
    Medals,
    Strict,
    Try,
)
from medalist.agent.submit.feedback_rules import FeedbackRules

MINUTE = 60
HOUR = 3600


@dataclass(frozen=True)
class Column:
    """A column of the scoreboard's totals: of a row its total, then its penalty.

    Attributes:
        name: As shown.
        shown_as: `clock` for seconds that are shown as h:mm:ss; None for a plain number.
    """

    name: str
    shown_as: Literal["clock"] | None = None


COUNTED = (Column("Solved"), Column("Penalty"))
"""The columns of a contest in which problems are only solved or not."""


class ContestKind(Strict):
    """A kind of contest with its parameters, as a contest file or a journal gives them.

    A subclass in its own file, and its line in `kinds.KINDS`, are all that a new kind is.

    Attributes:
        submissions: How many submissions a problem allows; None means any number.
        kind: The kind's name, as in `rules:` of a contest file: a Literal with a default.
    """

    feedback: ClassVar[FeedbackRules] = FeedbackRules()
    """What a submission shows. By default the verdict alone, and a compile error costs nothing."""

    medals: ClassVar[Medals | None] = None
    """Where medals begin if the contest does not say; None for no medals."""

    pool_wrong_cost: ClassVar[float] = 0.0
    """What a rejection costs where a pool is replayed: there is no clock, and no points."""

    submissions: int | None = Field(default=None, ge=1)
    kind: str

    @property
    @abstractmethod
    def columns(self) -> tuple[Column, ...]:
        """The columns of the totals; `COUNTED` if problems are only solved or not."""

    @property
    def is_scored(self) -> bool:
        """Whether problems give points, and are not only solved or not."""
        return self.columns != COUNTED

    @property
    def times(self) -> Literal["minutes", "clock"] | None:
        """How times and penalties are shown; None if time counts for nothing."""
        return None

    @property
    def seen_as(self) -> str:
        """The kind as policies know it; see `choose.policy.PolicyRules.kind`."""
        return self.kind

    @property
    def final_after_s(self) -> float | None:
        """How long after the end the final tests begin; None if all tests ran at once."""
        return None

    @abstractmethod
    def default_points(self, place: int, own: float) -> float:
        """Return what a problem is worth where the contest file does not say.

        Args:
            place: Of the problem in the contest, from 0.
            own: The points that the package gives; 0 if it gives none.
        """

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

    def wait_cost(
        self, problem: ContestProblem, at_s: float, wait_s: float, duration_s: float
    ) -> float:
        """Return what it costs to solve a problem so much later, as a share of its worth.

        That is what it loses in points; or, where time only counts beside them, the same share of
        the contest as a penalty of that time.
        """
        span_s = max(wait_s, MINUTE)  # some count whole minutes
        now, later = (self.worth(problem, 0, at_s + wait) for wait in (0.0, span_s))
        if now > later:
            return (now - later) / now * wait_s / span_s
        return wait_s / duration_s if self.times is not None else 0.0

    def early_cost(
        self, problem: ContestProblem, at_s: float, wait_s: float, duration_s: float
    ) -> float:
        """Return what a rejection costs whoever could also wait for more answers.

        Who submits a program that is right with chance p before they are there saves the waiting
        with chance p and pays for a rejection otherwise: worth it where p times what waiting costs
        is more than 1 - p times what a rejection costs. So this is the one in units of the other,
        at most 1: what is more likely right than not would be submitted in the end in any case.

        Args:
            problem: The problem.
            at_s: Now.
            wait_s: How long more answers take.
            duration_s: Of the contest.
        """
        wrong = self.wrong_cost(problem, at_s, duration_s)
        waiting = self.wait_cost(problem, at_s, wait_s, duration_s)
        return wrong / max(waiting, wrong) if wrong > 0 else 0.0

    def next_at(self, last_s: float, duration_s: float) -> float:
        """Return from when on one may submit to a problem again after a submission."""
        return last_s

    def penalty(self, cells: Sequence[BoardCell]) -> float:
        """Return a row's penalty."""
        return sum(cell.penalty for cell in cells)

    def policy_rules(
        self, submissions: int, wrong_cost: float, subtasks: Mapping[str, float]
    ) -> PolicyRules:
        """Return the rules of one problem as a policy sees them.

        Args:
            submissions: How many submissions may be made.
            wrong_cost: What a rejection costs now, as a share of the problem's worth.
            subtasks: The worth of each subtask; left out where the contest does not show them.
        """
        shown = subtasks if self.feedback.shows_subtasks else {}
        return PolicyRules(self.seen_as, submissions, wrong_cost, shown)


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
    for attempt in tries:
        verdict = attempt.counted
        if verdict is None:
            pending += 1
        elif verdict == "AC":
            minutes = attempt.at_s // MINUTE
            return BoardCell(
                problem.problem_id,
                points=1.0,
                tries=counted + 1,
                rejected=rejected,
                pending=pending,
                time_s=attempt.at_s,
                penalty=minutes + penalty * rejected,
                solved=True,
            )
        elif verdict not in free:
            counted += 1
            rejected += 1
    return BoardCell(problem.problem_id, tries=counted, rejected=rejected, pending=pending)
