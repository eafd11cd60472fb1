"""From recorded runs and pools to an allocation with its card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from medalist.agent.choose.allocation import Allocation
from medalist.agent.choose.policy import Policy
from medalist.agent.scale.allocation_fit import StrategyPlays
from medalist.agent.scale.allocation_plays import (
    AllocationProblem,
    PlayTerms,
    early_submissions,
    play_all,
)
from medalist.agent.scale.allocation_result import (
    AllocationStudy,
    UniformPoint,
    matched,
    price_like,
    study_result,
)
from medalist.agent.scale.allocation_source import RecordedStrategy, common_unit
from medalist.errors import BadInput

LEAST_PROBLEMS = 8
"""With fewer no fold says anything."""


@dataclass(frozen=True)
class AllocationTerms:
    """How an allocation is fitted.

    Attributes:
        unit: What costs are counted in; None for tokens where they are known, else samples.
        first: Samples before the first look; each further look is at twice as many.
        most: Samples at the last look; None for what half of a strategy's problems have.
        submissions: How many a problem has.
        verdicts: Whether some may be made between looks, where one strategy is all there is.
        plays: Orders of the samples that are drawn for each problem.
        folds: How many folds measure what it is worth.
        like: As much is wanted as uniform sampling holds with so many samples, `N` or `NAME:N`;
            None for the most that it holds.
        price: What a solved problem is worth instead, in the unit.
        policy: Who chooses.
    """

    policy: Policy
    unit: str | None = None
    first: int = 4
    most: int | None = None
    submissions: int = 1
    verdicts: bool = True
    plays: int = 8
    folds: int = 2
    like: str | None = None
    price: float | None = None


def train_allocation(
    recorded: Sequence[RecordedStrategy], terms: AllocationTerms, say: Callable[[str], None]
) -> tuple[Allocation, dict[str, Any]]:
    """Fit an allocation and measure it in folds.

    Args:
        recorded: What was recorded of each strategy.
        terms: How it is fitted.
        say: Is told what is left out.

    Returns:
        The allocation, and all that was measured.

    Raises:
        BadInput: Too few problems are left, or an option asks for what is not there.
    """
    unit = common_unit(recorded, terms.unit)
    order = sorted(recorded, key=lambda one: one.mean_cost(unit))
    kept = _common(
        [(strategy, *_long_enough(strategy, unit, terms, say)) for strategy in order], terms, say
    )
    plays = tuple(
        _played(one, problems, most, terms, alone=len(order) == 1) for one, problems, most in kept
    )
    study = AllocationStudy(plays, terms.folds)
    point = _wanted(study, terms.like)
    price = terms.price
    if price is None:
        price = price_like(study.curve, study.problems, point)
    fitted = study.fitted(price)
    result = {
        "unit": unit,
        "submissions": terms.submissions,
        "looks": {play.name: list(play.terms.looks) for play in plays},
        "strategies": [
            {
                "name": strategy.name,
                "settings": dict(strategy.settings),
                "recorded_problems": len(strategy.problems),
                "cost_of_a_sample": strategy.mean_cost(unit),
                "sources": [asdict(source) for source in strategy.sources],
            }
            for strategy in order
        ],
        **study_result(study),
        "chosen": {"price": price, "like": f"{point.strategy}:{point.samples}"},
    }
    worth = matched(study, point) if terms.price is None else _at_price(result, price)
    card = {
        "fitted": datetime.now(UTC).date().isoformat(),
        "strategies": result["strategies"],
        "problems": result["problems"],
        "plays": terms.plays,
        "folds": result["folds"],
        "chosen": result["chosen"],
        "on_problems_left_out": worth,
        "compared": _compared(order),
    }
    allocation = Allocation(
        unit=unit, submissions=terms.submissions, price=price, strategies=fitted, card=card
    )
    return allocation, {**result, "card": card}


def _at_price(result: dict[str, Any], price: float) -> dict[str, Any] | None:
    """Return the row of the curve whose price is nearest, which says it."""
    return min(result["allocated"], key=lambda row: abs(row["price"] - price), default=None)


def _compared(order: Sequence[RecordedStrategy]) -> dict[str, list[Any]]:
    """Return the options in which the strategies differ, with their values."""
    names = {name for strategy in order for name in strategy.settings}
    values = {name: [strategy.settings.get(name) for strategy in order] for name in sorted(names)}
    return {
        "strategies": [strategy.name for strategy in order],
        **{name: row for name, row in values.items() if any(item != row[0] for item in row)},
    }


def _long_enough(
    one: RecordedStrategy, unit: str, terms: AllocationTerms, say: Callable[[str], None]
) -> tuple[list[AllocationProblem], int]:
    """Return the problems with enough samples, and how many these are."""
    problems = one.priced(unit)
    counts = sorted(len(each.order) for each in problems)
    most = terms.most or counts[len(counts) // 2]
    kept = [each for each in problems if len(each.order) >= most]
    if len(kept) < len(problems):
        say(
            f"{one.name}: {len(problems) - len(kept)} of {len(problems)} problems have fewer than "
            f"{most} samples and are left out"
        )
    return kept, most


Long = tuple[RecordedStrategy, list[AllocationProblem], int]


def _common(rows: Sequence[Long], terms: AllocationTerms, say: Callable[[str], None]) -> list[Long]:
    """Return the strategies with those problems alone that all of them were tried on."""
    common = set.intersection(*({each.problem_id for each in row[1]} for row in rows))
    if len(common) < max(LEAST_PROBLEMS, 4 * terms.folds):
        raise BadInput(
            f"{len(common)} problems with enough samples"
            + (" that all strategies were tried on" if len(rows) > 1 else ""),
            hint=f"{max(LEAST_PROBLEMS, 4 * terms.folds)} at least; --most lowers what is enough",
        )
    for one, problems, _ in rows:
        others = len({each.problem_id for each in problems}) - len(common)
        if others:
            say(f"{one.name}: {others} problems are left out: not tried with every strategy")
    return [
        (one, [each for each in problems if each.problem_id in common], most)
        for one, problems, most in rows
    ]


def _played(
    one: RecordedStrategy,
    problems: Sequence[AllocationProblem],
    most: int,
    terms: AllocationTerms,
    *,
    alone: bool,
) -> StrategyPlays:
    looks = looks_up_to(terms.first, most)
    early = (
        early_submissions(terms.submissions, len(looks))
        if alone and terms.verdicts
        else (0,) * len(looks)
    )
    how = PlayTerms(looks, early, terms.submissions, terms.plays, terms.policy)
    costs = {unit: round(one.mean_cost(unit), 9) for unit in one.units}
    return StrategyPlays(one.name, one.settings, costs, how, tuple(play_all(problems, how)))


def looks_up_to(first: int, most: int) -> tuple[int, ...]:
    """Return `first`, twice that, and so on below `most`, and `most`."""
    counts = [first]
    while counts[-1] * 2 < most:
        counts.append(counts[-1] * 2)
    return (*(count for count in counts if count < most), most)


def _wanted(study: AllocationStudy, like: str | None) -> UniformPoint:
    """Return the uniform sampling of which as much is wanted."""
    if like is None:
        return study.frontier[-1]
    name, _, count = like.rpartition(":")
    for row in study.uniform:
        if str(row.samples) == count and name in ("", row.strategy):
            return row
    there = ", ".join(f"{row.strategy}:{row.samples}" for row in study.uniform)
    raise BadInput(f"{like!r} is not a number of samples at a look", field="--like", hint=there)
