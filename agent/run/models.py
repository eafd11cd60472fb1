"""The models of a run: the one that writes, and the one that reviews."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from pydantic import JsonValue

from medalist.agent.journal import Journal
from medalist.agent.llm import CoreLease, Model, open_model, traits_of
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.settings import ModelSettings
from medalist.agent.llm.shared_cap import SharedCap
from medalist.agent.run.options import RunOptions


@dataclass(frozen=True)
class RunModels:
    """Who writes, and who reviews, if anybody does."""

    writer: Model
    reviewer: Model | None = None

    def close(self) -> None:
        """Close both; whatever is asked of them now fails at once. Idempotent."""
        # The reviewer passes the writer's gate: it goes first.
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
        yield RunModels(writer, reviewer)


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
