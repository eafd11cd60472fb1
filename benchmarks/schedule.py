"""Where a batch's budget goes: the adaptive schedule against equal shares, on recorded pools.

    python benchmarks/schedule.py [--pool FILE ...] [--shares 4,8,16] [--draws N] [--json]

Pools are those of `selection.py`: candidates that were generated, run and judged once. A batch of
all problems of a pool is played with either schedule: a problem that is granted n candidates gets
the first n of a random order, and its belief is the policy's, fitted without that problem. Both
have the same budget, in candidates, and the same number of submissions. Figures are means over
`--draws` orders; intervals are 95 %, problems resampled 2,000 times. With `--json` the last line is
one object: `pools` (name -> candidates a problem -> submissions -> `equal` and `adaptive`, shares
of problems solved; `difference`; `candidates_used`, a share of the budget).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from left_one_out import left_one_out
from selection_pools import default_pools, load_pools

from medalist.agent.batch.schedule import (
    Round,
    ScheduleTerms,
    early_submissions,
    is_over,
    next_wave,
    outlook,
)
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import History, PolicyRules, View
from medalist.agent.choose.recorded_pool import Recorded, resample
from medalist.agent.types import Submission
from medalist.errors import MedalistError

_WIDTH = 8
_RESAMPLES = 2000
SUBMISSIONS = (1, 3, 10)


def main() -> int:
    """Measure, print a table, and with --json one line."""
    parser = argparse.ArgumentParser(description="Adaptive against equal shares.")
    parser.add_argument("--pool", type=Path, action="append", help="a pool; may be repeated")
    parser.add_argument("--problems", type=Path, help="packages for pools of completions")
    parser.add_argument("--shares", default="4,8,16", help="candidates a problem")
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    shares = [int(word) for word in options.shares.split(",")]
    try:
        pools = load_pools(options.pool or default_pools(), options.problems)
    except MedalistError as error:
        print(f"schedule: {error}", file=sys.stderr)
        return error.exit_code
    policies = left_one_out(pools)
    result: dict[str, Any] = {}
    print("| pool | candidates | submissions | equal | adaptive | difference | used |")
    print("|---|---|---|---|---|---|---|")
    for name, rows in pools.items():
        for share, submissions in product(shares, SUBMISSIONS):
            cell = _measure(rows, policies, share, submissions, options.draws)
            result.setdefault(name, {}).setdefault(str(share), {})[str(submissions)] = cell
            lead = cell["difference"]
            print(
                f"| {name} | {share} | {submissions} | {cell['equal']:.3f} "
                f"| {cell['adaptive']:.3f} | {lead['mean']:+.3f} [{lead['lo']:+.3f}, "
                f"{lead['hi']:+.3f}] | {cell['candidates_used']:.2f} |",
                flush=True,
            )
    if options.json:
        print(json.dumps({"pools": result}))
    return 0


def _measure(
    rows: Sequence[Recorded],
    policies: dict[str, ExpectedGain],
    share: int,
    submissions: int,
    draws: int,
) -> dict[str, Any]:
    equal, adaptive = [0.0] * len(rows), [0.0] * len(rows)
    used = 0
    for draw in range(draws):
        replayed = Replay(rows, policies, ScheduleTerms.of(share, _WIDTH), submissions, draw)
        granted = replayed.adaptive()
        used += sum(one.asked for one, _ in granted)
        for place, (now, history) in enumerate(granted):
            equal[place] += replayed.solved(place, share, ()) / draws
            adaptive[place] += replayed.solved(place, now.wanted, history) / draws
    low, high = _interval([a - e for a, e in zip(adaptive, equal, strict=True)])
    return {
        "equal": sum(equal) / len(rows),
        "adaptive": sum(adaptive) / len(rows),
        "difference": {"mean": (sum(adaptive) - sum(equal)) / len(rows), "lo": low, "hi": high},
        "candidates_used": used / draws / (share * len(rows)),
    }


@dataclass(frozen=True)
class Replay:
    """One batch over a pool, with the candidates of each problem in one random order."""

    rows: Sequence[Recorded]
    policies: dict[str, ExpectedGain]
    terms: ScheduleTerms
    submissions: int
    draw: int

    def adaptive(self) -> list[tuple[Round, History]]:
        """Play the schedule to its end; return how each problem stands."""
        places = {one.problem_id: place for place, one in enumerate(self.rows)}
        by_name = {name: self.stands(place, self.terms.first, ()) for name, place in places.items()}
        over: set[str] = set()
        while granted := next_wave(
            {name: one for name, (one, _) in by_name.items()}, self.terms, over
        ):
            over |= {name for name, (now, _) in by_name.items() if is_over(now, self.terms)}
            for name, wanted in granted.items():
                by_name[name] = self.stands(places[name], wanted, by_name[name][1])
        return list(by_name.values())

    def stands(self, place: int, wanted: int, history: History) -> tuple[Round, History]:
        """Give a problem so many candidates, submit as a batch would, and say how it stands."""
        one = self.rows[place]
        policy = self.policies[one.problem_id]
        view = resample(one.view, self.draw, wanted)
        early = early_submissions(self.submissions, wanted, self.terms.share)
        history = self.submit(place, view, history, early)
        came = sum(view.votes.values())
        asked = Round(wanted, came, 0.0, 0.0, end=None if came == wanted else "search")
        return outlook(
            view, history, PolicyRules(submissions=self.submissions), policy, asked
        ), history

    def submit(self, place: int, view: View, history: History, upto: int) -> History:
        """Continue with a history until so many submissions were made."""
        one, made = self.rows[place], list(history)
        policy, rules = self.policies[one.problem_id], PolicyRules(submissions=upto)
        while isinstance(decision := policy.decide(view, made, rules), Submission):
            made.append((decision, one.truth[decision.program_id]))
        return made

    def solved(self, place: int, wanted: int, history: History) -> bool:
        """Whether a problem with so many candidates is solved when all submissions are made."""
        view = resample(self.rows[place].view, self.draw, wanted)
        made = self.submit(place, view, history, self.submissions)
        return any(feedback.solved for _, feedback in made)


def _interval(values: Sequence[float]) -> tuple[float, float]:
    rng = random.Random(0)
    means = sorted(sum(rng.choices(values, k=len(values))) / len(values) for _ in range(_RESAMPLES))
    return means[int(0.025 * _RESAMPLES)], means[int(0.975 * _RESAMPLES)]


if __name__ == "__main__":
    sys.exit(main())
