"""What a reviewer knows: a model reads programs that pass the samples, and truth is known.

    python benchmarks/reviewer.py --run DIR [--model M] [--box B] [--core N] [--json]

The candidates are the recorded answers of the embedded models (`selection_pools.py`). On each
problem on which right and wrong programs are among those that `solve --reviewer` would show (one
that passes the samples of each cluster), each is read once. Answers are journalled in `--run`: a
call that was stopped continues, and asks nothing twice.

Printed are the mean opinions of right and of wrong programs, the share of pairs of a right and a
wrong program of one problem in which the right one has the higher opinion (equal ones count half),
the problems whose first submission is right without and with the opinions (weights are fitted
without the problem), tokens and seconds. With `--json` the last line is one object with these.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import completion_pool
from left_one_out import left_one_out
from selection_pools import embedded_pool, problem_folders

from medalist.agent.choose.policy import PolicyRules
from medalist.agent.choose.policy_replay import play
from medalist.agent.choose.recorded_pool import Recorded
from medalist.agent.journal import Journal
from medalist.agent.llm import open_model
from medalist.agent.llm.resources import ModelResources
from medalist.agent.propose.review import review
from medalist.agent.steps.reviewing import representatives
from medalist.errors import MedalistError


def main() -> int:
    """Ask, measure and print."""
    parser = argparse.ArgumentParser(description="What a reviewer knows.")
    parser.add_argument("--run", type=Path, required=True, help="where answers are kept")
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--core", type=int, action="append", help="cores to use; all")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        rows = embedded_pool(options.box, options.core)
        read: list[tuple[Recorded, dict[str, float]]] = []
        started = time.monotonic()
        with (
            Journal.open(options.run) as journal,
            closing(open_model(options.model, ModelResources(journal))) as model,
        ):
            for row in rows:
                shown = representatives(row.view)
                if len({row.truth[program.program_id].solved for program in shown}) < 2:
                    continue
                public = completion_pool.problem_named(row.problem_id, problem_folders()).public
                outcome = dict(review(public, shown, model, seed=row.view.seed))
                read.append((row, outcome))
                print(f"{row.problem_id}: {len(outcome)} programs read", flush=True)
            tokens = model.spent.tokens
        result = report(read, rows)
        result |= {"tokens": tokens, "seconds": round(time.monotonic() - started)}
    except MedalistError as error:
        print(f"reviewer: {error}", file=sys.stderr)
        return error.exit_code
    for name, value in result.items():
        print(f"{name}: {value}")
    if options.json:
        print(json.dumps(result))
    return 0


def report(
    read: Sequence[tuple[Recorded, Mapping[str, float]]], rows: Sequence[Recorded]
) -> dict[str, Any]:
    """Return the figures."""
    ours = left_one_out({"embedded": list(rows)})
    opinions: dict[bool, list[float]] = {True: [], False: []}
    wins: list[float] = []
    solved: dict[str, dict[str, bool]] = {}
    for one, result in read:
        sides: dict[bool, list[float]] = {True: [], False: []}
        for name, opinion in result.items():
            sides[one.truth[name].solved].append(opinion)
        for side, values in sides.items():
            opinions[side] += values
        wins += [(a > b) + (a == b) / 2 for a in sides[True] for b in sides[False]]
        solved[one.problem_id] = {
            label: _first_right(one, known, ours)
            for label, known in (("without", {}), ("with", result))
        }
    return {
        "problems": len(read),
        "opinion_of_right": statistics.fmean(opinions[True]) if opinions[True] else None,
        "opinion_of_wrong": statistics.fmean(opinions[False]) if opinions[False] else None,
        "right_above_wrong": statistics.fmean(wins) if wins else None,
        "pairs": len(wins),
        "first_right_without": sum(row["without"] for row in solved.values()),
        "first_right_with": sum(row["with"] for row in solved.values()),
        "by_problem": solved,
    }


def _first_right(one: Recorded, opinions: Mapping[str, float], ours: Mapping[str, Any]) -> bool:
    told = replace(one, view=replace(one.view, opinions=opinions))
    history = play(ours[one.problem_id], told, PolicyRules(submissions=1))
    return any(feedback.solved for _, feedback in history)


if __name__ == "__main__":
    sys.exit(main())
