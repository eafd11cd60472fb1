"""How the caps of a run are shared out among its stages.

Each stage that is on and has yet to come has a share of every cap (dollars, tokens, requests,
seconds), which the stages before it leave alone: so the first one cannot eat everything. What a
stage does not use goes back: where a share ended a stage early, the stages are gone through once
more with all that is left (see `agent.solve`).

Where a problem is looked at several times (rounds with feedback, candidates that came later), a
stage's share moves with what it was worth in the looks before: its bits for its tokens
(`stage_worth`) beside those of all stages together, sampling among them. It shrinks to half at most
and never grows beyond what is written here, so sampling gets no less than from fixed shares. A
stage that has asked all that it ever asks has no share any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from medalist.agent.llm.contract import Completion, Model, ModelTraits, Request, Spent
from medalist.agent.propose.checker_programs import may_be_checked
from medalist.agent.steps.problem_run import ProblemRun
from medalist.agent.steps.stage_worth import StageWorth, worth_before

SHARES: dict[str, tuple[str | None, float]] = {
    "sampling": (None, 0.0),
    "writing": ("generators", 1 / 8),
    "predicting": ("tests", 1 / 32),
    "checking": ("checkers", 1 / 16),
    "separating": ("pair_generators", 1 / 32),
    "reviewing": (None, 1 / 16),
    "dueling": ("duels", 1 / 16),
}
"""By stage, in the order of a run: the setting by which it is on, if there is one; its share."""

MOST = 0.5
"""No more is left to later stages, however many there are."""


LEAST = 0.5
"""What is left of a share at least."""

_PRIOR_TOKENS = 4096
"""A stage is taken to have used so many more tokens, at the usual worth: few questions say little.
"""


def left_by(run: ProblemRun, stage: str) -> float:
    """Return the share of every cap that a stage leaves to those that come behind it."""
    if not run.tools.shares:
        return 0.0
    stages = list(SHARES)
    later = [one for one in stages[stages.index(stage) + 1 :] if _is_on(run, one)]
    known = worth_before(run.tools.journal, run.problem_id, run.settings.candidates)
    factors = {} if known is None else factors_of(known.stages)
    return min(MOST, sum(SHARES[one][1] * factors.get(one, 1.0) for one in later))


def factors_of(worth: Mapping[str, StageWorth]) -> dict[str, float]:
    """Return by what each stage's share is multiplied, by what the stages were worth so far.

    Stages that have asked nothing yet, and checkers, whose worth has no measure, keep their share.
    """
    measured = {
        name: one
        for name, one in worth.items()
        if SHARES.get(name, (None, 0.0))[1] and name != "checking" and one.tokens
    }
    finished = dict.fromkeys((name for name, one in worth.items() if one.finished), 0.0)
    beside = [*measured.values(), *(one for name, one in worth.items() if name == "sampling")]
    usual = sum(one.bits for one in beside) / max(1, sum(one.tokens for one in beside))

    def factor(one: StageWorth) -> float:
        if not usual:
            return LEAST
        rate = (one.bits + usual * _PRIOR_TOKENS) / (one.tokens + _PRIOR_TOKENS)
        return min(1.0, max(LEAST, rate / usual))

    return {name: factor(one) for name, one in measured.items()} | finished


def _is_on(run: ProblemRun, stage: str) -> bool:
    if stage == "reviewing":
        return run.tools.reviewer is not None
    if stage == "checking" and not may_be_checked(run.public):
        return False
    setting, _ = SHARES[stage]
    return setting is None or (getattr(run.settings, setting) or 0) > 0


def leaving(run: ProblemRun, stage: str) -> ProblemRun:
    """Return the run for a stage: its questions leave to later stages what is theirs."""
    share = left_by(run, stage)
    if not share:
        return run
    return replace(run, tools=replace(run.tools, model=LeavingModel(run.tools.model, share)))


class LeavingModel:
    """A model whose caps are lower by a share."""

    def __init__(self, model: Model, leave: float) -> None:
        """Wrap a model; `leave` is the share of every cap that is left to others."""
        self.name = model.name
        self._model = model
        self._leave = leave

    @property
    def traits(self) -> ModelTraits:
        """See `Model`."""
        return self._model.traits

    @property
    def spent(self) -> Spent:
        """What the run has used so far."""
        return self._model.spent

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """See `Model`."""
        return self._model.complete(replace(one, leave=self._leave) for one in requests)

    def close(self) -> None:
        """Leave the wrapped model open."""
