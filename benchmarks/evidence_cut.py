"""What more evidence is worth: the recorded pools with their inputs, or claims of tests, cut short.

    python benchmarks/evidence_cut.py [POOL ...] [--only NAME ...] [--cuts N,N,...]

POOLs are as for `unseen.py`. On each pool weights fitted on the others, with all their evidence,
choose on the first N inputs alone (claims on these), and on all inputs with the first N claimed
outputs. Shown is the share of problems solved within 1, 3 and 10 submissions.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from left_one_out import describe, pool_left_out
from unseen import FOLDER, read_pools

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import PolicyRules, View
from medalist.agent.choose.policy_replay import Draws, measure
from medalist.agent.choose.recorded_pool import Recorded
from medalist.agent.types import Behaviour
from medalist.errors import MedalistError

SUBMISSIONS = (1, 3, 10)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What more evidence is worth.")
    parser.add_argument("pools", nargs="*", type=Path)
    parser.add_argument("--only", action="append", help="measure on this pool only; repeatable")
    parser.add_argument("--cuts", default="1,2,4,8,16,32,64")
    options = parser.parse_args()
    cuts = [int(word) for word in options.cuts.split(",")]
    try:
        pools = read_pools(options.pools or sorted(FOLDER.glob("*.pool.jsonl.xz")))
    except MedalistError as error:
        print(f"evidence_cut: {error}", file=sys.stderr)
        return error.exit_code
    described = describe(pools)
    for name in options.only or pools:
        rows = pools[name]
        weights = pool_left_out(described, name, {row.problem_id for row in rows})
        policy = ExpectedGain(weights)
        most = max(row.view.inputs for row in rows)
        claims = max(len(row.view.claims) for row in rows)
        for cut in [*(cut for cut in cuts if cut < most), most]:
            show(f"{name}: {cut} inputs", policy, [with_inputs(row, cut) for row in rows])
        for cut in [0, *(cut for cut in cuts if cut < claims), claims] if claims else []:
            show(f"{name}: {cut} claims", policy, [with_claims(row, cut) for row in rows])
    return 0


def with_inputs(row: Recorded, count: int) -> Recorded:
    """Return the problem with its first inputs alone."""
    view = row.view
    behaviours = {
        name: Behaviour.of(name, behaviour.keys[:count], behaviour.cpu_s[:count])
        for name, behaviour in view.behaviours.items()
    }
    cut: View = replace(
        view,
        behaviours=behaviours,
        claims=tuple(claim for claim in view.claims if claim.input_index < count),
        input_subtasks=view.input_subtasks[:count],
        origins=view.origins[:count],
        alike=view.alike[:count],
        known={index: key for index, key in view.known.items() if index < count},
        set_aside={index: why for index, why in view.set_aside.items() if index < count},
    )
    return replace(row, view=cut)


def with_claims(row: Recorded, count: int) -> Recorded:
    """Return the problem with its first claims alone."""
    return replace(row, view=replace(row.view, claims=row.view.claims[:count]))


def show(title: str, policy: ExpectedGain, rows: Sequence[Recorded]) -> None:
    """Print the share of problems that are solved."""
    scores = measure(rows, [policy], lambda _: PolicyRules(), Draws(SUBMISSIONS, resamples=2))
    cells = scores.by_problem[policy.name]
    figures = (sum(cells[k]) / len(cells[k]) for k in SUBMISSIONS)
    print(f"{title:<36}" + " / ".join(f"{figure:.3f}" for figure in figures), flush=True)


if __name__ == "__main__":
    sys.exit(main())
