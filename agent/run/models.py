"""The models of a run: the one that writes, and the one that reviews."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field

from pydantic import JsonValue

from medalist.agent.choose.allocation import Allocation, AllocationStrategy
from medalist.agent.journal import Journal
from medalist.agent.llm import CoreLease, Model, open_model, traits_of
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.settings import ModelSettings
from medalist.agent.llm.shared_cap import SharedCap
from medalist.agent.run.options import RunOptions

_DRAWN = ("temperature", "top_p", "top_k", "min_p", "reasoning_effort", "max_tokens")


@dataclass(frozen=True)
class RunModels:
    """Who writes, who reviews, if anybody does, and what says how much is asked.

    `others` are the models of the strategies that `allocation` may change to, by their names.
    """

    writer: Model
    reviewer: Model | None = None
    allocation: Allocation | None = None
    others: Mapping[str, Model] = field(default_factory=dict)

    def close(self) -> None:
        """Close all; whatever is asked of them now fails at once. Idempotent."""
        # The others pass the writer's gate: they go first.
        for other in self.others.values():
            other.close()
        if self.reviewer is not None:
            self.reviewer.close()
        self.writer.close()


@contextmanager
def open_models(
    options: RunOptions,
    configured: ModelSettings,
    journal: Journal,
    *,
    lease: CoreLease | None = None,
    shared: SharedCap | None = None,
) -> Iterator[RunModels]:
    """Open the models that the options name; they are closed in the end.

    Args:
        options: Models, caps.
        configured: The user's settings of models, with the options on top.
        journal: The run's.
        lease: Hands out the cores to a model on this machine.
        shared: A cap that holds for this run and others together.

    Raises:
        BadInput, MissingPrerequisite, ModelFailure: See `open_model`.
    """
    budget = options.budget()
    with ExitStack() as opened:
        writer = open_model(
            options.model,
            ModelResources(journal=journal, budget=budget, lease=lease, shared=shared),
            batch_api=options.batch_api,
            settings=configured,
        )
        opened.enter_context(closing(writer))
        reviewer = None
        if options.reviewer is not None:
            reviewer = open_model(options.reviewer, ModelResources(journal, budget), beside=writer)
            opened.enter_context(closing(reviewer))
        allocation = None if options.allocate is None else Allocation.load(options.allocate)
        others: dict[str, Model] = {}
        for strategy in () if allocation is None else allocation.strategies[1:]:
            resources = ModelResources(journal, budget, lease=lease)
            others[strategy.name] = _other(strategy, options, configured, resources, writer)
            opened.enter_context(closing(others[strategy.name]))
        yield RunModels(writer, reviewer, allocation, others)


def _other(
    strategy: AllocationStrategy,
    options: RunOptions,
    configured: ModelSettings,
    resources: ModelResources,
    writer: Model,
) -> Model:
    """Open the model of a strategy; a recording answers for all, and a pool's name is its model."""
    spec = options.model
    if writer.traits.recorded is None:
        spec = str(strategy.settings.get("model") or strategy.name)
    drawn = {
        name: value
        for name, value in strategy.settings.items()
        if name in _DRAWN and not isinstance(value, list)
    }
    return open_model(
        spec,
        resources,
        batch_api=options.batch_api,
        beside=writer,
        settings=configured.model_copy(update=drawn),
    )


def planned_models(options: RunOptions, models: RunModels) -> dict[str, JsonValue]:
    """Return what the plan of a run says of its models and its policy."""
    plan: dict[str, JsonValue] = {
        "model": models.writer.name,
        "reviewer": options.reviewer,
        "policy": options.chooser().name,
    }
    if options.reviewer is not None:
        form = traits_of(options.reviewer, reviewer=True).prompt_form
        plan["reviewer_small"] = form == "small"
    return plan
