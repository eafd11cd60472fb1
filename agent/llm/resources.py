"""What the models of one run have in common, and how a model is asked."""

from __future__ import annotations

from dataclasses import dataclass

from medalist.agent.journal import Journal
from medalist.agent.llm.contract import Budget, ModelTraits
from medalist.agent.llm.lease import CoreLease
from medalist.agent.llm.shared_cap import SharedCap


@dataclass(frozen=True)
class ModelResources:
    """Where the calls of a run are kept and counted.

    Attributes:
        journal: Where calls are kept; None keeps nothing.
        budget: Caps of the run.
        lease: Held while a request is in flight, where the model runs on this machine.
        shared: A cap on this run and others together.
    """

    journal: Journal | None = None
    budget: Budget = Budget()  # noqa: RUF009 - frozen
    lease: CoreLease | None = None
    shared: SharedCap | None = None

    @property
    def capped_in_dollars(self) -> bool:
        """Whether any of the caps is one of dollars."""
        return self.budget.usd is not None or (
            self.shared is not None and self.shared.budget.usd is not None
        )


@dataclass(frozen=True)
class AskingSettings:
    """How a model is asked.

    Attributes:
        first_wait_s: The wait before a request is repeated; it doubles each time.
        opening: Let the first answers go ahead of the others where they may show that the others
            need more room (see `opening.py`).
        traits: What others must know of the model.
    """

    first_wait_s: float = 1.0
    opening: bool = False
    traits: ModelTraits = ModelTraits()  # noqa: RUF009 - frozen
