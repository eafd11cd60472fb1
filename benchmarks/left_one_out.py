"""Beliefs fitted for every problem on all others, for benchmarks that have pools of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.fitting import examples, fit
from medalist.agent.choose.recorded_pool import Recorded


def left_one_out(pools: Mapping[str, Sequence[Recorded]]) -> dict[str, ExpectedGain]:
    """Return the policy for each problem id, fitted without any pool's rows of that problem."""
    described = [(one.problem_id, examples(one)) for rows in pools.values() for one in rows]
    names = {name for name, _ in described}
    return {
        name: ExpectedGain(fit([known for other, known in described if other != name]))
        for name in names
    }
