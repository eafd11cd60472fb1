"""An allocation: how much a problem gets, by how hard it looks after a few samples.

The file is JSON that a person can read: for each strategy (a model and how it is asked) the numbers
of samples at which one looks, and at each look bins of difficulty with what to do: stop, ask for
more, or change to another strategy. `medalist train allocation` writes it; nothing in it is run.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeAlias

from pydantic import JsonValue, TypeAdapter, ValidationError

from medalist.agent.choose.difficulty import FIGURES, DifficultyLook, chance
from medalist.errors import BadInput

KIND = "medalist allocation 1"
Setting: TypeAlias = str | int | float | list[str]
STRATEGY_OPTIONS = {
    "model": "model",
    "search": "search",
    "width": "width",
    "rounds": "rounds",
    "last_round": "last_round",
    "round_submissions": "round_submissions",
    "prompts": "prompts",
    "languages": "lang",
    "temperature": "temperature",
    "top_p": "top_p",
    "top_k": "top_k",
    "min_p": "min_p",
    "reasoning_effort": "reasoning_effort",
    "max_tokens": "max_tokens",
    "tools": "tools",
    "tool_calls": "tool_calls",
    "tool_seconds": "tool_seconds",
    "tool_tokens": "tool_tokens",
    "tool_repair": "tool_repair",
}
"""Settings of a run that make a strategy, with the options that ask for them."""

STOP, MORE = "stop", "more"
_CHANGE = "change:"


def change_to(name: str) -> str:
    """Return the action that goes on with another strategy."""
    return f"{_CHANGE}{name}"


def changed_to(action: str) -> str | None:
    """Return the strategy that an action changes to; None for other actions."""
    return action.removeprefix(_CHANGE) if action.startswith(_CHANGE) else None


@dataclass(frozen=True)
class DifficultyBin:
    """Problems that look about as hard.

    Attributes:
        below: The chance of being solved (see `difficulty.chance`) that they are below; 1 for the
            easiest.
        then: `stop`, `more`, or `change:` and a strategy.
        problems: On how many problems this rests.
        solved: The share of these that is solved if one stops here.
        later: The share that is solved if one goes on as the file says; None at the last look.
        cost: What going on costs a problem, in the unit of the file; None likewise.
    """

    below: float
    then: str
    problems: int = 0
    solved: float = 0.0
    later: float | None = None
    cost: float | None = None


@dataclass(frozen=True)
class AllocationLook:
    """What is done after so many samples.

    Attributes:
        samples: Of this strategy, earlier ones included.
        bins: By growing `below`.
        submissions: How many submissions may have been made by now, if the rules allow so many as
            the file was fitted for; only a rejection is followed by more samples.
    """

    samples: int
    bins: tuple[DifficultyBin, ...]
    submissions: int = 0

    def bin_of(self, chance_now: float) -> int:
        """Return the place of the bin of a chance."""
        places = (n for n, one in enumerate(self.bins) if chance_now < one.below)
        return next(places, len(self.bins) - 1)


@dataclass(frozen=True)
class AllocationStrategy:
    """A way to sample.

    Attributes:
        name: Its name.
        looks: By growing number of samples.
        weights: What the figures of `difficulty.FIGURES` add to the log odds of being solved, and
            `constant`.
        settings: Options of the runs it was fitted on (`model`, `search`, ...); empty where these
            are not known, as for pools.
        costs: What a sample costs, the mean, in each unit that is known.
        problems: How many problems it was fitted on.
    """

    name: str
    looks: tuple[AllocationLook, ...]
    weights: Mapping[str, float]
    settings: Mapping[str, Setting] = field(default_factory=dict)
    costs: Mapping[str, float] = field(default_factory=dict)
    problems: int = 0

    def look_at(self, samples: int) -> AllocationLook | None:
        """Return the look at exactly so many samples."""
        return next((look for look in self.looks if look.samples == samples), None)

    def following(self, samples: int) -> AllocationLook | None:
        """Return the first look at more samples than these."""
        return next((look for look in self.looks if look.samples > samples), None)


@dataclass(frozen=True)
class AllocationDecision:
    """What a file says at a look: what to do, from which chance, in which bin (from 1) of how many.

    `then` is `stop`, `more`, or `change:` and a strategy.
    """

    then: str
    chance: float
    difficulty: int
    bins: int


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """What was fitted.

    Attributes:
        kind: Which form of file it is.
        unit: What costs were counted in: samples, tokens, dollars or seconds.
        submissions: How many submissions a problem had.
        price: What a solved problem was worth in that unit.
        strategies: The first one is begun with; changes go to later ones.
        card: What it was fitted on, and what it was worth on problems left out.
    """

    kind: str = KIND
    unit: str
    submissions: int
    price: float
    strategies: tuple[AllocationStrategy, ...]
    card: Mapping[str, JsonValue] = field(default_factory=dict)

    def decide(self, strategy: AllocationStrategy, look: DifficultyLook) -> AllocationDecision:
        """Return what to do after `look.samples` samples of a strategy.

        At the last look there is nothing to go on to.
        """
        now = strategy.look_at(look.samples)
        solved = chance(strategy.weights, look)
        if now is None:
            return AllocationDecision(STOP, solved, 0, 0)
        place = now.bin_of(solved)
        return AllocationDecision(now.bins[place].then, solved, place + 1, len(now.bins))

    def named(self, name: str) -> AllocationStrategy:
        """Return a strategy by its name."""
        return next(strategy for strategy in self.strategies if strategy.name == name)

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Allocation:
        """Read it.

        Raises:
            BadInput: It is no allocation, one of another version, or malformed.
        """
        try:
            text = path.read_bytes()
        except OSError as error:
            raise BadInput(error.strerror or str(error), file=path, field="--allocate") from error
        hint = "`medalist train allocation` writes such files"
        try:
            result = TypeAdapter(Allocation).validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise BadInput(first["msg"], file=path, field=where or None, hint=hint) from error
        fault = result._fault()
        if fault is not None:
            raise BadInput(fault, file=path, hint=hint)
        return result

    def _fault(self) -> str | None:
        if self.kind != KIND:
            return f"{self.kind!r} is not an allocation of this version"
        names = [strategy.name for strategy in self.strategies]
        if not names or len(set(names)) != len(names):
            return "strategies: none, or a duplicate name"
        if len(names) > 1 and any(strategy.settings.get("search") == "feedback"
                                  for strategy in self.strategies):  # fmt: skip
            return "strategies: rounds with feedback cannot be changed from or to"
        if self.submissions < 0 or not math.isfinite(self.price):
            return "submissions or price is no such number"
        faults = (_fault_of(one, names[place + 1 :]) for place, one in enumerate(self.strategies))
        return next((fault for fault in faults if fault is not None), None)


def _fault_of(one: AllocationStrategy, later: list[str]) -> str | None:
    """Say what is wrong with a strategy that may change to these."""
    if one.weights.keys() != {*FIGURES, "constant"}:
        return f"{one.name}: weights are not those of {', '.join(FIGURES)}, constant"
    if not all(map(math.isfinite, one.weights.values())):
        return f"{one.name}: a weight is not finite"
    unknown = one.settings.keys() - {*STRATEGY_OPTIONS.values()}
    if unknown:
        return f"{one.name}: settings: {min(unknown)!r} is not an option of a strategy"
    counts = [look.samples for look in one.looks]
    if not counts or counts[0] < 1 or counts != sorted(set(counts)):
        return f"{one.name}: looks are not at growing numbers of samples"
    for look in one.looks:
        where = f"{one.name}: look at {look.samples}"
        ends = [each.below for each in look.bins]
        if not ends or ends != sorted(ends) or ends[-1] < 1 or look.submissions < 0:
            return f"{where}: bins do not grow up to 1"
        for each in look.bins:
            if each.then not in (STOP, MORE) and changed_to(each.then) not in later:
                return f"{where}: {each.then!r} is neither stop, more nor a change to a later one"
            if each.then == MORE and look is one.looks[-1]:
                return f"{where}: there is no look after the last one"
    return None
