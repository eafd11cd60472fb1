"""Beliefs fitted without what they are measured on: without a problem, or without a whole pool."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from medalist.agent.choose.belief import BeliefWeights
from medalist.agent.choose.examples import Examples, examples
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.fitting import fit, fit_pools
from medalist.agent.choose.recorded_pool import Recorded

Described = Mapping[str, Mapping[str, Sequence[Examples]]]
"""Pool -> problem id -> its examples."""


def left_one_out(pools: Mapping[str, Sequence[Recorded]]) -> dict[str, ExpectedGain]:
    """Return the policy for each problem id, fitted without any pool's rows of that problem."""
    described = [(row.problem_id, examples(row)) for rows in pools.values() for row in rows]
    names = {name for name, _ in described}
    return {
        name: ExpectedGain(fit([known for other, known in described if other != name]))
        for name in names
    }


def describe(pools: Mapping[str, Sequence[Recorded]]) -> Described:
    """Return the examples of all pools."""
    return {name: {row.problem_id: examples(row) for row in rows} for name, rows in pools.items()}


def pool_left_out(
    described: Described,
    name: str,
    problems: Collection[str],
    without: Sequence[str] = (),
) -> BeliefWeights:
    """Return weights fitted on all pools but one, and on none of some problems.

    Args:
        described: The examples of all pools.
        name: The pool that is left out.
        problems: Problem ids that are left out of the other pools, too.
        without: Features that are left out.
    """
    return fit_pools(
        {
            pool: [parts for problem, parts in rows.items() if problem not in problems]
            for pool, rows in described.items()
            if pool != name and any(problem not in problems for problem in rows)
        },
        without=without,
    )
