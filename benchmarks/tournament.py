"""What a tournament adds: a model judges pairs of programs of different clusters, in both orders.

    python benchmarks/tournament.py --run DIR [--model M] [--clusters N] [--pairs N]
        [--problems N] [--box B] [--core N] [--json]

The candidates are the recorded answers of the embedded models (`selection_pools.py`). On each of
the first `--problems` (12) problems on which a right and a wrong program are among the
representatives of the `--clusters` (6) largest clusters, every pair meets twice (of `--pairs` the
first so many, in rounds in which everybody plays once). An answer is one letter; each pair is shown
with an input on which the two differ, and with what both print. Answers are journalled in `--run`:
a call that was stopped continues, and asks nothing twice.

Printed are the share of pairs with the same winner in both orders, how often the winner is the
right one where one of the two is right (always guessing gives 0.5), how often the first place
wins, and the problems whose first submission is right: largest cluster, GenCluster and S* with
these duels, medalist without them; and the same with so many candidates less as the duels' tokens
would have paid for, which is the comparison at equal cost. With `--json` the last line is one
object with these figures.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import completion_pool
from left_one_out import left_one_out
from selection_pools import embedded_pool, problem_folders

from medalist.agent.choose.baselines import LargestCluster
from medalist.agent.choose.policy import Policy, PolicyRules, View
from medalist.agent.choose.policy_replay import play
from medalist.agent.choose.published import GenCluster, SStar
from medalist.agent.choose.recorded_pool import Recorded, resample
from medalist.agent.choose.rivals import contestants
from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.journal import Journal
from medalist.agent.llm import open_model
from medalist.agent.llm.resources import ModelResources
from medalist.agent.propose.tournament import Disagreement, Pairing, consistent, play_tournament
from medalist.agent.types import Duel, Program
from medalist.errors import MedalistError
from medalist.problems.model import PublicProblem
from medalist.sandbox.pool import Pool, open_pool

DRAWS = 20
TOKENS_A_CANDIDATE = 330  # prompt once and answer: mean over the recorded answers


def main() -> int:
    """Play, measure and print."""
    parser = argparse.ArgumentParser(description="What a tournament adds.")
    parser.add_argument("--run", type=Path, required=True, help="where answers are kept")
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--clusters", type=int, default=6)
    parser.add_argument("--pairs", type=int, default=1000, help="of a problem that meet, at most")
    parser.add_argument("--problems", type=int, default=12)
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--core", type=int, action="append", help="cores to use; all")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        rows = embedded_pool(options.box, options.core)
        chosen = list(_worth_playing(rows, options.clusters))[: options.problems]
        played: list[tuple[Recorded, tuple[Duel, ...]]] = []
        with (
            Journal.open(options.run) as journal,
            closing(open_model(options.model, ModelResources(journal))) as model,
            open_pool(options.box, cores=options.core) as pool,
        ):
            for one, programs in chosen:
                public = completion_pool.problem_named(one.problem_id, problem_folders()).public
                duels, _ = play_tournament(
                    public,
                    programs,
                    model,
                    Pairing(options.pairs, _differences(public, programs, pool)),
                )
                played.append((one, tuple(duels)))
                print(f"{one.problem_id}: {len(duels)} answers", flush=True)
            tokens = model.spent.tokens
        result = report(played, rows, tokens)
    except MedalistError as error:
        print(f"tournament: {error}", file=sys.stderr)
        return error.exit_code
    if options.json:
        print(json.dumps(result))
    return 0


def _worth_playing(rows: Sequence[Recorded], most: int) -> Iterator[tuple[Recorded, list[Program]]]:
    """Problems on which the representatives are right and wrong, with these."""
    for row in rows:
        programs = contestants(row.view, most)
        if len({row.truth[program.program_id].solved for program in programs}) == 2:
            yield row, programs


def _differences(
    public: PublicProblem, programs: Sequence[Program], pool: Pool
) -> dict[tuple[str, str], Disagreement]:
    """The smallest input on which two programs differ, with what they print."""
    table, _ = completion_pool.table_of(public, programs, pool)
    result = {}
    for first, second in combinations(programs, 2):
        rows = [table.behaviour(program.program_id).keys for program in (first, second)]
        places = [place for place, keys in enumerate(zip(*rows, strict=True)) if len(set(keys)) > 1]
        if places:
            place = min(places, key=lambda place: len(table.inputs[place]))
            result[first.program_id, second.program_id] = Disagreement(
                table.inputs[place].decode("utf-8", "replace"),
                *(_printed(table, keys[place]) for keys in rows),
            )
    return result


def _printed(table: BehaviourTable, key: str | None) -> str:
    if key is None or key[0] == "!":
        return f"(nothing: {key[1:] if key else 'it was given up'})"
    return (table.output(key) or b"(a long output)").decode("utf-8", "replace")


def report(
    played: Sequence[tuple[Recorded, tuple[Duel, ...]]], rows: Sequence[Recorded], tokens: int
) -> dict[str, Any]:
    """Return the figures, and print them."""
    answers = [(one, duel) for one, duels in played for duel in duels]
    agreed = [(one, duel) for one, duels in played for duel in consistent(duels)]
    told = [
        one.truth[duel.winner].solved
        for one, duel in agreed
        if duel.winner and one.truth[duel.first].solved != one.truth[duel.second].solved
    ]
    ours = left_one_out({"embedded": list(rows)})
    less = round(tokens / max(1, len(played)) / TOKENS_A_CANDIDATE)
    policies: dict[str, tuple[bool, Policy | None]] = {
        "largest cluster": (False, LargestCluster()),
        "medalist": (False, None),
        "gencluster, duels": (True, GenCluster()),
        "s-star, duels": (True, SStar()),
    }
    first: dict[str, float] = {}
    for name, (duels_too, policy) in policies.items():
        for fewer in {0, less if duels_too else 0}:
            label = f"{name}, {fewer} candidates less" if fewer else name
            shares = [
                _first_right(one, duels if duels_too else (), policy or ours[one.problem_id], fewer)
                for one, duels in played
            ]
            first[label] = sum(shares) / max(1, len(shares))
    result = {
        "problems": len(played),
        "answers": len(answers),
        "unreadable": sum(duel.winner is None for _, duel in answers),
        "first_place_wins": _share([duel.winner == duel.first for _, duel in answers]),
        "same_in_both_orders": len(agreed) / max(1, len(answers)),
        "right_where_one_is": _share(told),
        "right_where_one_is_pairs": len(told) // 2,
        "tokens": tokens,
        "first_submission_right": first,
    }
    for name, value in result.items():
        print(f"{name}: {value}")
    return result


def _share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None


def _first_right(one: Recorded, duels: tuple[Duel, ...], policy: Policy, fewer: int) -> float:
    """How often the first submission is right, over draws of the candidates."""
    count = max(1, sum(one.view.votes.values()) - fewer)
    right = 0
    for draw in range(DRAWS):
        view: View = replace(resample(one.view, draw, count), duels=duels)
        history = play(
            policy, Recorded(one.problem_id, view, one.truth), PolicyRules(submissions=1)
        )
        right += any(feedback.solved for _, feedback in history)
    return right / DRAWS


if __name__ == "__main__":
    sys.exit(main())
