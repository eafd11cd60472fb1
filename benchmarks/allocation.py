"""What an allocation saves: `python benchmarks/allocation.py [STUDY ...] [--plays N]`.

Studies, each with what it costs to solve as many as N samples for every problem, for every N that
nothing cheaper reaches, and the whole curve of prices; two folds by problem, 95 % intervals over
problems, nothing measured on what it was fitted on:

- `humaneval-1`, `-10`, `-50`: 82 problems with 100 completions of CodeGen-16B, and so many
  submissions; `-10-blind`: without verdicts between looks;
- `people-1`, `-10`: programs that people submitted (Codeflaws), drawn as if they were samples;
- `embedded-1`, `-10`: recorded answers of the embedded models;
- `two-models`: the embedded models of 0.5 and 1.5 billion parameters on the same bundled problems
  (`model_answers.py`); a token of the larger one costs three of the smaller one's.

Beliefs are fitted without the pool that is measured on, and without its problems in other pools
(`unseen.py`). It is what `medalist train allocation` does, but for these weights.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from left_one_out import Described, describe, pool_left_out
from model_answers import ANSWERS, file_of
from unseen import FOLDER, read_pools

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.recorded_pool import read_pool
from medalist.agent.scale.allocation_source import read_recorded
from medalist.agent.scale.allocation_training import AllocationTerms, train_allocation
from medalist.errors import MedalistError

LARGER = 3.0
"""What a token of the larger model costs: 1.5 against 0.5 billion parameters."""


@dataclass(frozen=True)
class Study:
    """A pool and how it is played."""

    pool: str
    submissions: int
    samples: int | None = None
    most: int | None = None
    first: int = 4
    verdicts: bool = True


STUDIES = {
    "humaneval-1": Study("humaneval-codegen16b", 1, samples=100),
    "humaneval-10": Study("humaneval-codegen16b", 10, samples=100),
    "humaneval-10-blind": Study("humaneval-codegen16b", 10, samples=100, verdicts=False),
    "humaneval-50": Study("humaneval-codegen16b", 50, samples=100, first=2),
    "people-1": Study("codeflaws-even", 1, most=16, first=2),
    "people-10": Study("codeflaws-even", 10, most=16, first=2),
    "embedded-1": Study("embedded", 1, most=16),
    "embedded-10": Study("embedded", 10, most=16),
    "two-models": Study("embedded", 1, samples=ANSWERS, first=2),
}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What an allocation saves.")
    parser.add_argument("studies", nargs="*", help=f"{', '.join(STUDIES)}; all")
    parser.add_argument("--plays", type=int, default=4)
    parser.add_argument("--folds", type=int, default=2)
    parser.add_argument("--json", type=Path, help="write the figures there")
    options = parser.parse_args()
    try:
        described = describe(read_pools(sorted(FOLDER.glob("*.pool.jsonl.xz"))))
        result: dict[str, Any] = {}
        for name in options.studies or STUDIES:
            result[name] = measured(name, described, options.plays, options.folds)
            show(name, result[name])
    except MedalistError as error:
        print(f"allocation: {error}", file=sys.stderr)
        return error.exit_code
    if options.json is not None:
        options.json.write_text(json.dumps(result) + "\n", encoding="utf-8")
    return 0


def measured(name: str, described: Described, plays: int, folds: int) -> dict[str, Any]:
    """Fit and measure a study."""
    study = STUDIES[name]
    path = FOLDER / f"{study.pool}.pool.jsonl.xz"
    sources, weights = [str(path)], {}
    problems = {row.problem_id for row in read_pool(path)}
    if name == "two-models":
        sources = [f"{size}={file_of(size)}" for size in ("0.5b", "1.5b")]
        weights = {"1.5b": LARGER}
        problems |= {row.problem_id for row in read_pool(file_of("0.5b"))}
    policy = ExpectedGain(pool_left_out(described, study.pool, problems))
    terms = AllocationTerms(
        policy=policy,
        first=study.first,
        most=study.most,
        submissions=study.submissions,
        verdicts=study.verdicts,
        plays=plays,
        folds=folds,
    )
    _, result = train_allocation(
        read_recorded(sources, study.samples, weights),
        terms,
        lambda text: print(text, file=sys.stderr),
    )
    return result


def show(name: str, result: Mapping[str, Any]) -> None:
    """Print a study as tables."""
    unit = result["unit"]
    print(f"\n## {name}: {result['problems']} problems, {result['submissions']} submissions\n")
    print(f"| samples for all | solved | {unit} | allocated: solved | difference | {unit} | ratio "
          "| at equal solved |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|")
    for row in result["like_uniform"]:
        mine, theirs = row["allocated"], row["uniform"]
        print(
            f"| {row['strategy']}: {row['samples']} | {ranged(theirs['solved'])} "
            f"| {theirs['cost']:.4g} | {ranged(mine['solved'])} | {ranged(row['difference'])} "
            f"| {mine['cost']['mean']:.4g} | {ranged(row['cost_ratio'])} "
            f"| {ranged(row['against_uniform'])} |"
        )
    print(f"\n| a solved problem is worth | solved | {unit} | at equal solved |\n|---|---|---|---|")
    for row in result["allocated"]:
        print(f"| {row['price']:.4g} | {ranged(row['solved'])} | {row['cost']['mean']:.4g} "
              f"| {ranged(row['against_uniform'])} |")  # fmt: skip


def ranged(row: Mapping[str, float] | None) -> str:
    """Say a mean with its interval."""
    return "-" if row is None else f"{row['mean']:.2f} [{row['low']:.2f}, {row['high']:.2f}]"


if __name__ == "__main__":
    sys.exit(main())
