"""All that is measured of strategies, as JSON holds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from medalist.agent.choose.policy import Policy
from medalist.agent.report.estimates import IntervalEstimate
from medalist.agent.scale.compute_curves import (
    ComputeCurve,
    Playing,
    common_units,
    compute_curves,
)
from medalist.agent.scale.coverage_law import (
    FittedLaw,
    HeldOut,
    Ranged,
    fitted_law,
    held_out,
)
from medalist.agent.scale.frontier import frontier, matched
from medalist.agent.scale.scale_source import SampledProblem, SampledStrategy
from medalist.agent.scale.three_numbers import ThreeNumbers, three_numbers


@dataclass(frozen=True)
class MeasuredStrategy:
    """A strategy with its curves and law, on those problems that have `most` samples.

    Attributes:
        strategy: With these problems alone.
        left_out: How many problems had fewer samples.
        most: The number of samples up to which it was measured.
    """

    strategy: SampledStrategy
    left_out: int
    most: int
    curves: tuple[ComputeCurve, ...]
    law: FittedLaw | None
    held_out: HeldOut | None


def scale_result(
    strategies: Sequence[SampledStrategy],
    most: int | None,
    playing: Playing,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Measure strategies: laws, curves, frontiers and the three numbers.

    Args:
        strategies: The strategies.
        most: Samples up to which curves go; None: what half of a strategy's problems have.
        playing: Who chooses.
        say: Is told what is left out.
    """
    measured = [one for each in strategies if (one := _measured(each, most, playing, say))]
    kept = [row.strategy for row in measured]
    units = common_units(kept) if kept else []
    alone = {item.name for item in kept if len(item.problems) == 1}
    every = [curve for row in measured for curve in row.curves]
    groups = [
        (n, [curve for curve in every if curve.submissions == n])
        for n in dict.fromkeys(curve.submissions for curve in every)
    ]
    return {
        "strategies": [_strategy(row) for row in measured],
        "units": units,
        "matched": [
            {
                "unit": unit,
                "submissions": n,
                "curves": [curve.name for curve in curves],
                "rows": [
                    {"cost": row.cost, "points": list(row.points)} for row in matched(curves, unit)
                ],
            }
            for unit in units
            for n, curves in groups
        ],
        "frontier": [
            {"unit": unit, "submissions": n, "rows": _frontier(curves, unit, alone)}
            for unit in units
            for n, curves in groups
        ],
        "three_numbers": three_result(strategies, playing.policies, playing.plays),
    }


def three_result(
    strategies: Sequence[SampledStrategy], policies: Sequence[Policy], plays: int
) -> list[dict[str, Any]]:
    """Return the three numbers of each strategy, over all of its problems."""
    return [
        _three(row) for strategy in strategies for row in three_numbers(strategy, policies, plays)
    ]


def _measured(
    strategy: SampledStrategy, most: int | None, playing: Playing, say: Callable[[str], None]
) -> MeasuredStrategy | None:
    reach = most or strategy.usual_samples()
    kept = strategy.up_to(reach)
    left_out = len(strategy.problems) - len(kept.problems)
    if left_out:
        say(
            f"{strategy.name}: {left_out} of {len(strategy.problems)} problems have fewer than "
            f"{reach} samples and are left out of curves and law"
        )
    if not kept.problems:
        return None
    problems: Sequence[SampledProblem] = kept.problems
    return MeasuredStrategy(
        kept,
        left_out,
        reach,
        tuple(compute_curves(kept, reach, playing)),
        fitted_law(problems, reach),
        held_out(problems, reach),
    )


def _strategy(one: MeasuredStrategy) -> dict[str, Any]:
    alone = len(one.strategy.problems) == 1
    return {
        "name": one.strategy.name,
        "problems": len(one.strategy.problems),
        "left_out": one.left_out,
        "never_judged": sum(problem.unknown for problem in one.strategy.problems),
        "most": one.most,
        "law": _law(one.law),
        "held_out": _held_out(one.held_out),
        "curves": [
            {
                "name": curve.name,
                "policy": curve.policy,
                "submissions": curve.submissions,
                "points": [
                    {"k": point.k, **_interval(point.points, alone), "costs": {**point.costs}}
                    for point in curve.along
                ],
            }
            for curve in one.curves
        ],
    }


def _law(law: FittedLaw | None) -> dict[str, Any] | None:
    if law is None:
        return None
    return {
        "form": "exp(-a * k ** -b)",
        "a": _ranged(law.a),
        "b": _ranged(law.b),
        "error": law.error,
        "fitted_up_to": law.most,
        "beyond": [{"k": k, **_ranged(one), "extrapolated": True} for k, one in law.beyond],
    }


def _held_out(test: HeldOut | None) -> dict[str, Any] | None:
    if test is None:
        return None
    return {
        "seen": test.seen,
        "most": test.most,
        "error": _ranged(test.error),
        "bias": test.bias,
        "error_of_a_flat_line": test.flat_error,
        "predicted": _ranged(test.predicted),
        "measured": test.measured,
    }


def _frontier(curves: Sequence[ComputeCurve], unit: str, alone: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "from": point.cost,
            "curve": point.curve.name,
            "k": point.point.k,
            **_interval(point.point.points, point.curve.strategy in alone),
        }
        for point in frontier(curves, unit)
    ]


def _three(row: ThreeNumbers) -> dict[str, Any]:
    alone = row.problems == 1
    return {
        "strategy": row.strategy,
        "submissions": row.allowed,
        "problems": row.problems,
        "random": _interval(row.at_random, alone),
        "chosen": {name: _interval(one, alone) for name, one in row.chosen.items()},
        "all": _interval(row.everything, alone),
    }


def _interval(one: IntervalEstimate, alone: bool) -> dict[str, float | None]:
    if alone:
        return {"mean": one.low, "lo": None, "hi": None}
    return {"mean": one.low, "lo": one.interval_low, "hi": one.interval_high}


def _ranged(one: Ranged) -> dict[str, float | None]:
    return {"value": one.value, "lo": one.low, "hi": one.high}
