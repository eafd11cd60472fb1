"""What a contest consists of, and what its scoreboard shows.

Times are virtual seconds from the start of the contest. Names come from files of anybody: hostile
text wherever they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """Immutable, and no field that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ContestProblem(Strict):
    """A problem as the scoreboard knows it.

    Attributes:
        problem_id: As in its package; unique in the contest.
        label: What contestants call it: `A`, `B`, ...
        points: Points for everything; 1 where problems are only counted.
        subtasks: Subtask id to its points, in order; empty where there are none.
    """

    problem_id: str
    label: str
    title: str = ""
    points: float = Field(default=1.0, ge=0)
    subtasks: dict[str, float] = Field(default_factory=dict)
    color: str | None = None


class Participant(Strict):
    """Somebody on the scoreboard.

    Attributes:
        participant_id: `[A-Za-z0-9._-]+`, unique in the contest.
        name: As shown; hostile text.
        kind: `medalist` plays in this simulation; `human` was read from a standings file.
        model: The model's name (medalist).
        settings: The configuration in words (medalist), or where the standings are from (human).
        rating: Before the contest, where known.
        place: The place in the standings file, where it says.
        official: Whether it counts in the ranking of the contest it is from.
    """

    participant_id: str
    name: str
    kind: Literal["medalist", "human"] = "medalist"
    organization: str | None = None
    country: str | None = None
    model: str | None = None
    settings: str = ""
    rating: float | None = None
    place: int | None = None
    official: bool = True


class Medals(Strict):
    """Where medals begin.

    Attributes:
        by: `points`: what must at least be reached; `place`: the last place that gets one;
            `share`: the share of the human participants that gets it or a better one.
    """

    by: Literal["points", "place", "share"]
    gold: float = Field(ge=0)
    silver: float = Field(ge=0)
    bronze: float = Field(ge=0)


@dataclass(frozen=True, slots=True)
class Try:
    """A submission to one problem, as far as it is known at some moment.

    Attributes:
        verdict: During the contest (of the pretests, where there are such); None is pending.
        final: After the system tests or open hacks; None where there were none yet.
        score: Points on the problem's own scale, where the judge gives them.
        subtasks: Subtask id to the share (0 to 1) of its points.
        failing_test: Number of the first failing test from 1, where the judge tells it.
    """

    submission_id: str
    at_s: float
    verdict: str | None
    final: str | None = None
    score: float | None = None
    subtasks: Mapping[str, float] = field(default_factory=dict)
    failing_test: str | None = None

    @property
    def counted(self) -> str | None:
        """The verdict that counts in the end, as far as it is known."""
        return self.final if self.final is not None else self.verdict


@dataclass(frozen=True, slots=True)
class BoardCell:
    """What a participant has on a problem.

    Attributes:
        points: Points; 1 for solved where problems are only counted.
        tries: Submissions that count, up to and with the one that gave the points.
        rejected: Those of them that cost a penalty (whether or not the problem was solved).
        pending: Submissions without a known verdict (in the queue, or hidden by the freeze).
        time_s: When the points were got: the time of that submission; None for no points.
        penalty: What the problem adds to the penalty, in the unit of the rules.
        solved: Whether nothing is left to gain.
        first: Whether nobody solved it before.
        subtasks: Subtask id to the share held.
    """

    problem_id: str
    points: float = 0.0
    tries: int = 0
    rejected: int = 0
    pending: int = 0
    time_s: float | None = None
    penalty: float = 0.0
    solved: bool = False
    first: bool = False
    subtasks: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A line of the scoreboard; `cells` in the order of the contest's problems.

    Attributes:
        rank: From 1; equal for equals, and the next one counts all before it.
        total: Points, or problems solved.
        penalty: Minutes; seconds where the rules show times as a clock.
        bonus: The part of `total` that is of no problem (hacks).
        last_s: When the last points were got.
    """

    rank: int
    participant_id: str
    total: float
    penalty: float
    cells: tuple[BoardCell, ...]
    bonus: float = 0.0
    last_s: float = 0.0

    @property
    def solved(self) -> int:
        """How many problems are solved entirely."""
        return sum(cell.solved for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Standings:
    """The scoreboard at a moment, best first; `frozen` says whether verdicts are hidden in it."""

    at_s: float
    frozen: bool
    rows: tuple[BoardRow, ...]

    def row(self, participant_id: str) -> BoardRow:
        """Return a participant's row."""
        return next(row for row in self.rows if row.participant_id == participant_id)
