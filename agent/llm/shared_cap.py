"""A cap on what several runs use together, each behind its own gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from medalist.agent.llm.contract import Budget, Spent


class SpendingGate(Protocol):
    """Counts what one run has used."""

    @property
    def spent(self) -> Spent:
        """What it has used so far."""
        ...

    @property
    def tokens_in_flight(self) -> int:
        """The most tokens that requests without an answer can still take."""
        ...


@dataclass
class SharedCap:
    """Caps that hold for all gates that joined, together; its runs are worked on in turn."""

    budget: Budget
    _gates: list[SpendingGate] = field(default_factory=list)

    def join(self, gate: SpendingGate) -> None:
        """Count what this gate lets through, in earlier sessions too."""
        self._gates.append(gate)

    def used(self) -> tuple[Spent, int]:
        """Return what all have used, and the tokens that are in flight.

        Dollars are None as soon as one paid answer had no known price.
        """
        parts = [gate.spent for gate in self._gates]
        usd = [part.usd for part in parts]
        total = Spent(
            usd=None if None in usd else sum(cost for cost in usd if cost is not None),
            tokens=sum(part.tokens for part in parts),
            requests=sum(part.requests for part in parts),
            in_flight=sum(part.in_flight for part in parts),
            in_flight_usd=sum(part.in_flight_usd for part in parts),
        )
        return total, sum(gate.tokens_in_flight for gate in self._gates)
