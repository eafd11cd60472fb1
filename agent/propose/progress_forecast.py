"""What more sampling promises while a search runs, and ending it where that is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from medalist.agent.forecast import TRUST, Chance, ForecastInterval
from medalist.agent.journal import EventKind
from medalist.agent.propose.public_result import Attempt
from medalist.agent.propose.sample import Ask
from medalist.agent.propose.search import Strategy

_FREE_SAMPLES = 16


def chance_of(attempts: Sequence[Attempt]) -> Chance:
    """Sum up what attempts at the whole problem have shown: answers, and how many pass."""
    programs = [
        attempt
        for attempt in attempts
        if attempt.candidate.prompt_id not in ("outline", "critic")
        and attempt.candidate.subtask is None
    ]
    return Chance(len(programs), sum(program.trial.passes_all for program in programs), TRUST)


@dataclass(frozen=True)
class ForecastRecord:
    """What was foreseen; see `agent.forecast`.

    Attributes:
        samples: Answers so far.
        right: How many of them pass all samples.
        usd_a_sample: Mean cost of an answer so far; null where it is not known or nothing.
        now: The chance that a right program is there: mean, and the ends of its interval.
        more: How many answers the next step has.
        gain: What the next step adds to that chance, in the same way.
    """

    samples: int
    right: int
    usd_a_sample: float | None
    now: ForecastInterval
    more: int
    gain: ForecastInterval


FORECAST = EventKind(
    "forecast",
    ForecastRecord,
    key="<problem>/<answers>",
    doc="The forecast gain of more sampling, made after a round of answers.",
)


@dataclass(frozen=True)
class Outlook:
    """The anytime forecast.

    Attributes:
        chance: What was seen so far.
        usd_a_sample: Mean cost of an answer so far, None where it is not known or nothing.
    """

    chance: Chance
    usd_a_sample: float | None

    @property
    def now(self) -> ForecastInterval:
        """The chance that a right program is there already."""
        return self.chance.coverage(0)

    @property
    def step(self) -> tuple[int, str]:
        """How many samples the next step has, and its name: a dollar, or a few free ones."""
        if not self.usd_a_sample:
            return _FREE_SAMPLES, f"{_FREE_SAMPLES} more answers"
        return max(1, int(1 / self.usd_a_sample)), "the next dollar"

    @property
    def gain(self) -> ForecastInterval:
        """How much the next step adds to the chance."""
        now, then = self.now, self.chance.coverage(self.step[0])
        return ForecastInterval(
            then.mean - now.mean, max(0.0, then.low - now.mean), then.high - now.mean
        )

    def recorded(self) -> ForecastRecord:
        """Return what a journal holds of it."""
        more, _ = self.step
        return ForecastRecord(
            samples=self.chance.samples,
            right=self.chance.right,
            usd_a_sample=self.usd_a_sample,
            now=self.now,
            more=more,
            gain=self.gain,
        )

    def __str__(self) -> str:
        """Say it in one line."""
        verb = "adds" if self.usd_a_sample else "add"
        return f"coverage {self.now.mean:.2f}, {self.step[1]} {verb} {self.gain}"


class UntilTarget:
    """Another strategy, ended when the chance that a right program is there is high enough."""

    def __init__(self, strategy: Strategy, target: float) -> None:
        """`target` is a chance, 0 to 1."""
        self._strategy, self._target = strategy, target

    def next(self, attempts: Sequence[Attempt]) -> list[Ask]:
        """Ask as the other strategy does, until the target is reached."""
        if chance_of(attempts).coverage(0).mean >= self._target:
            return []
        return self._strategy.next(attempts)
