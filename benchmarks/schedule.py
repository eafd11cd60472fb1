"""Where a batch's budget goes: the adaptive schedule against equal shares, on recorded pools.

    python benchmarks/schedule.py [--pool FILE ...] [--shares 4,8,16] [--draws N] [--json]

Pools are those of `selection.py`: candidates that were generated, run and judged once. A batch of
all problems of a pool is played with either schedule: a problem that is granted n candidates gets
the first n of a random order, and its belief is the policy's, fitted without that problem. Then
the policy submits once. Both have the same budget, in candidates; the adaptive schedule may leave
some of it. Figures are means over `--draws` orders; intervals are 95 %, problems resampled 2,000
times. With `--json` the last line is one object: `pools` (name -> share -> `equal`, `adaptive`,
`difference`, `candidates_used`).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from selection import left_one_out
from selection_pools import default_pools, load_pools

from medalist.agent.choose.expected import ExpectedGain
from medalist.agent.choose.policy import Rules, View
from medalist.agent.choose.pool import Recorded, resample
from medalist.agent.choose.replay import gains, play
from medalist.agent.scale.schedule import Round, Terms, is_over, next_wave, outlook
from medalist.errors import MedalistError

_WIDTH = 8
_RESAMPLES = 2000
RULES = Rules()


def main() -> int:
    """Measure, print a table, and with --json one line."""
    parser = argparse.ArgumentParser(description="Adaptive against equal shares.")
    parser.add_argument("--pool", type=Path, action="append", help="a pool; may be repeated")
    parser.add_argument("--problems", type=Path, help="packages for pools of completions")
    parser.add_argument("--shares", default="4,8,16", help="candidates a problem")
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    shares = [int(one) for one in options.shares.split(",")]
    try:
        pools = load_pools(options.pool or default_pools(), options.problems)
    except MedalistError as error:
        print(f"schedule: {error}", file=sys.stderr)
        return error.exit_code
    policies = left_one_out(pools)
    found: dict[str, Any] = {}
    print(f"{'pool':28}{'share':>6}{'equal':>8}{'adaptive':>10}   difference         used")
    for name, rows in pools.items():
        found[name] = {
            str(share): _measure(name, rows, policies, share, options.draws) for share in shares
        }
    if options.json:
        print(json.dumps({"pools": found}))
    return 0


def _measure(
    name: str, rows: Sequence[Recorded], policies: dict[str, ExpectedGain], share: int, draws: int
) -> dict[str, Any]:
    equal, adaptive = [0.0] * len(rows), [0.0] * len(rows)
    used = 0
    for draw in range(draws):
        replayed = Replay(rows, policies, draw)
        asked = {one.problem_id: replayed.stands(place, share) for place, one in enumerate(rows)}
        granted = replayed.adaptive(Terms.of(share, _WIDTH))
        used += sum(one.asked for one in granted.values())
        for place, one in enumerate(rows):
            equal[place] += replayed.solved(place, asked[one.problem_id].wanted) / draws
            adaptive[place] += replayed.solved(place, granted[one.problem_id].wanted) / draws
    low, high = _interval([a - e for a, e in zip(adaptive, equal, strict=True)])
    result = {
        "equal": sum(equal) / len(rows),
        "adaptive": sum(adaptive) / len(rows),
        "difference": {"mean": (sum(adaptive) - sum(equal)) / len(rows), "lo": low, "hi": high},
        "candidates_used": used / draws / (share * len(rows)),
    }
    print(
        f"{name:28}{share:6}{result['equal']:8.3f}{result['adaptive']:10.3f}   "
        f"{result['difference']['mean']:+.3f} [{low:+.3f},{high:+.3f}]"
        f"{result['candidates_used']:7.2f}",
        flush=True,
    )
    return result


@dataclass(frozen=True)
class Replay:
    """One batch over a pool, with the candidates of each problem in one random order."""

    rows: Sequence[Recorded]
    policies: dict[str, ExpectedGain]
    draw: int

    def __hash__(self) -> int:
        return id(self)

    @cache  # noqa: B019 - one replay lives for one draw
    def view(self, place: int, wanted: int) -> View:
        """The first so many candidates of a problem."""
        return resample(self.rows[place].view, self.draw, wanted)

    @cache  # noqa: B019
    def stands(self, place: int, wanted: int) -> Round:
        """How a problem stands with so many candidates."""
        view = self.view(place, wanted)
        found = sum(view.votes.values())
        asked = Round(wanted, found, 0.0, 0.0, end=None if found == wanted else "search")
        return outlook(view, RULES, self.policies[self.rows[place].problem_id], asked)

    def adaptive(self, terms: Terms) -> dict[str, Round]:
        """Play the schedule to its end."""
        places = {one.problem_id: place for place, one in enumerate(self.rows)}
        rounds = {name: self.stands(place, terms.step) for name, place in places.items()}
        over: set[str] = set()
        while granted := next_wave(rounds, terms, over):
            over |= {name for name, now in rounds.items() if is_over(now, terms)}
            rounds |= {name: self.stands(places[name], n) for name, n in granted.items()}
        return rounds

    @cache  # noqa: B019
    def solved(self, place: int, wanted: int) -> float:
        """Whether one submission solves a problem with so many candidates."""
        one = self.rows[place]
        seen = Recorded(one.problem_id, self.view(place, wanted), one.truth)
        held = gains(play(self.policies[one.problem_id], seen, RULES), RULES)
        return held[-1] if held else 0.0


def _interval(values: Sequence[float]) -> tuple[float, float]:
    rng = random.Random(0)
    means = sorted(sum(rng.choices(values, k=len(values))) / len(values) for _ in range(_RESAMPLES))
    return means[int(0.025 * _RESAMPLES)], means[int(0.975 * _RESAMPLES)]


if __name__ == "__main__":
    sys.exit(main())
