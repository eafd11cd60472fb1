"""How the caps of a run are shared out among its stages.

Each stage that is on and has yet to come has a share of every cap (dollars, tokens, requests,
seconds), which the stages before it leave alone: so the first one cannot eat everything. What a
stage does not use goes back: where a share ended a stage early, the stages are gone through once
more with all that is left (see `agent.solve`).

Shares that moved with what the stages were worth (`stage_worth`) lost points: see
`docs/negative-results.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from medalist.agent.llm.contract import Completion, Model, ModelTraits, Request, Spent
from medalist.agent.propose.checker_programs import may_be_checked
from medalist.agent.steps.problem_run import ProblemRun

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


def left_by(run: ProblemRun, stage: str) -> float:
    """Return the share of every cap that a stage leaves to those that come behind it."""
    if not run.tools.shares:
        return 0.0
    stages = list(SHARES)
    later = [item for item in stages[stages.index(stage) + 1 :] if _is_on(run, item)]
    return min(MOST, sum(SHARES[item][1] for item in later))


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
    stages = tuple(replace(stage, model=LeavingModel(stage.model, share)) for stage in run.stages)
    tools = replace(run.tools, model=LeavingModel(run.tools.model, share))
    return replace(run, tools=tools, stages=stages)


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
        return self._model.complete(replace(request, leave=self._leave) for request in requests)

    def close(self) -> None:
        """Leave the wrapped model open."""
