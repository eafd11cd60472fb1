"""What each stage is worth: the same answers played end to end with one stage left out.

    python benchmarks/stages.py [--seeds N] [--problems ID,ID] [--rows FILE] [--memory FILE]
    python benchmarks/stages.py --recorded RUN=PACKAGE [--recorded ...] [--rows FILE]
    python benchmarks/stages.py --rows FILE --table

Without `--recorded` a scripted endpoint plays the model: for the problems of `tests/data/player`,
`helpers.py` deals programs of the bundled packages (all pass the samples, a wrong one has most
votes), and its helpers are right nine times in ten. With `--recorded`, the answers are those of a
run (`RUN`, a directory of `medalist solve`) of a model, played again on its package: what that run
did not ask, nobody answers, and stages that it did not have are left out of the comparison. Without
a stage other pairs of programs may be strongest: where the recording holds no answer about these,
nobody is asked about pairs (the table says in how many runs).

Every run takes 50 submissions of the local judge, whatever its belief (`--always-submit`); the
points within k submissions are the best of each subtask, or whether one was accepted. Each run is
a row of `--rows` as soon as it has ended, and the same command continues behind the rows that are
there. The table shows, for each stage left out, the mean points within 1, 3, 10 and 50 submissions
(0 to 1), the difference to all stages within 1 with a bootstrap interval over problems, tokens, and
seconds of the run's own part (answers come at once). Left out are: the model's generators (and
with them its validators), validators, predicted tests, checkers, generators for pairs, duels,
reviews, brute force, statements of single subtasks, mutants of the leader, and the machine's own
inputs (`--evidence 0`).
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from helpers import (
    ARCHIVE,
    GOOD,
    PLAYER,
    RUN_SEEDS,
    dealt_player,
    interval,
    passing_programs,
    whole_rows,
)
from remembering import RememberingPool

from medalist.agent.journal import Journal
from medalist.agent.journal.plans import SOLVE, SOLVE_PLAN
from medalist.agent.llm.scripted.scripted import ScriptedEndpoint
from medalist.agent.llm.scripted.scripted_answers import read_repertoires
from medalist.agent.run.options import RunOptions
from medalist.agent.run.solving import Assignment
from medalist.agent.steps.solution_output import SOLUTION
from medalist.agent.types import JudgedSubmission
from medalist.errors import ModelFailure
from medalist.problems.formats import load
from medalist.problems.secret import Problem
from medalist.sandbox.pool import Pool, open_pool

NOTHING = "nothing"
LEFT_OUT: Mapping[str, Mapping[str, Any]] = {
    NOTHING: {},
    "generators": {"generators": 0, "validators": 0},
    "validators": {"validators": 0},
    "predicted tests": {"tests": 0},
    "checkers": {"checkers": 0},
    "generators for pairs": {"pair_generators": 0},
    "duels": {"duels": 0},
    "reviews": {"reviewer": None},
    "brute force": {"brute": 0},
    "statements of subtasks": {"subtask_share": 0.0},
    "mutants": {"mutants": 0},
    "the machine's inputs": {"evidence": 0},
}
"""What is off, by the words of the table."""

WITHIN = (1, 3, 10, 50)
AMOUNTS = {
    "generators": 2,
    "validators": 3,
    "tests": 2,
    "checkers": 3,
    "pair_generators": 2,
    "duels": 6,
    "brute": 2,
    "mutants": 8,
    "evidence": 16,
    "reviewer": "reader",
    # Dealt programs are for the whole problem: a statement of one subtask would change nothing.
    "subtask_share": 0.0,
}
"""What the scripted model is asked for: few, since its helpers are mostly right."""


@dataclass(frozen=True)
class Played:
    """One run to be made.

    Attributes:
        source: `scripted`, or the recorded run.
        problem: The problem.
        seed: Of the deal.
        without: What is left out.
    """

    source: str
    problem: str
    seed: int
    without: str

    @property
    def key(self) -> tuple[str, str, int, str]:
        """What identifies its row."""
        return self.source, self.problem, self.seed, self.without


def main() -> int:
    """Run what is missing, and print the table."""
    parser = argparse.ArgumentParser(description="What each stage is worth, one left out.")
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument(
        "--problems", default=",".join(sorted(path.name for path in PLAYER.iterdir()))
    )
    parser.add_argument("--recorded", action="append", default=[], metavar="RUN=PACKAGE")
    parser.add_argument("--without", default=",".join(LEFT_OUT))
    parser.add_argument("--rows", type=Path, default=Path("stages.jsonl"))
    parser.add_argument("--memory", type=Path, help="A file that remembers what programs did.")
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--table", action="store_true", help="Print the table; run nothing.")
    options = parser.parse_args()
    if not options.table:
        logging.getLogger("medalist").setLevel(logging.ERROR)
        done = {
            Played(row["source"], row["problem"], row["seed"], row["without"]).key
            for row in whole_rows(options.rows)
        }
        with (
            open_pool(cores=range(options.cores)) as host,
            RememberingPool(host, options.memory) as pool,
            options.rows.open("a") as rows,
        ):
            play = _recorded if options.recorded else _scripted
            for row in play(options, cast("Pool", pool), done):
                rows.write(json.dumps(row) + "\n")
                rows.flush()
    _show(whole_rows(options.rows))
    return 0


def _scripted(
    options: argparse.Namespace, pool: Pool, done: set[tuple[str, str, int, str]]
) -> Iterator[dict[str, Any]]:
    """Play the bundled problems; yields a row a run."""
    known = {
        read_repertoire.title: read_repertoire
        for read_repertoire in read_repertoires(ARCHIVE, PLAYER)
    }
    for seed in range(options.seeds):
        for name in options.problems.split(","):
            problem = load(ARCHIVE / name)
            repertoire = known[problem.public.title]
            passing = passing_programs(problem, repertoire.programs, pool)
            for without in options.without.split(","):
                played = Played("scripted", name, seed, without)
                if played.key in done or not _matters(problem, without, AMOUNTS):
                    continue
                player = dealt_player(repertoire, passing, seed, GOOD)
                given = _given(len(player.dealt), seed)
                with ScriptedEndpoint(player) as endpoint, _endpoint(endpoint.base_url):
                    yield _row(problem, given, played, pool)


def _given(candidates: int, seed: int) -> dict[str, Any]:
    """Return the options of a scripted run with all stages on."""
    fixed = {"model": "writer", "search": "once", "prompts": "direct"}
    return {**fixed, **AMOUNTS, "candidates": candidates, "seed": seed % RUN_SEEDS}


def _recorded(
    options: argparse.Namespace, pool: Pool, done: set[tuple[str, str, int, str]]
) -> Iterator[dict[str, Any]]:
    """Play recorded runs again; yields a row a run."""
    for pair in options.recorded:
        run, _, package = pair.partition("=")
        problem = load(Path(package))
        asked = _settings(Path(run), problem.public.problem_id)
        for without in options.without.split(","):
            played = Played(run, problem.public.problem_id, 0, without)
            if played.key not in done and _matters(problem, without, asked):
                given = {"model": f"recorded:{run}", "candidates": asked["candidates"]}
                yield _as_far_as_recorded(problem, given, played, pool)


def _as_far_as_recorded(
    problem: Problem, given: Mapping[str, Any], played: Played, pool: Pool
) -> dict[str, Any]:
    """Solve once; what asks of pairs that the recording never compared is left out, too."""
    try:
        return _row(problem, given, played, pool)
    except ModelFailure:
        off: Mapping[str, Any] = {"pair_generators": 0, "duels": 0}
        return {**_row(problem, {**given, **off}, played, pool), "also": sorted(off)}


def _settings(run: Path, problem_id: str) -> Mapping[str, Any]:
    """Return what a run of `medalist solve` was asked for, and how many candidates came."""
    with Journal.open(run, readonly=True) as journal:
        plan = journal.get(SOLVE_PLAN, SOLVE)
        ended = journal.get(SOLUTION, problem_id)
    if plan is None or ended is None:
        raise SystemExit(f"{run}: no run of `medalist solve` on {problem_id} that ended")
    return {**plan.given(), "candidates": ended.candidates}


def _matters(problem: Problem, without: str, asked: Mapping[str, Any]) -> bool:
    """Whether leaving this out changes anything: the stage is on, and has its place here."""
    names = LEFT_OUT[without]
    if not names:
        return True
    public = problem.public
    if without == "checkers" and not public.special_checker:
        return False
    one_answer = {"predicted tests", "generators for pairs", "brute force"}
    if without in one_answer and public.special_checker:
        return False
    # What a plan does not hold (the evidence has a default) was on.
    usual = {"evidence": 40}
    return any(asked.get(name, usual.get(name)) for name in names)


@contextmanager
def _endpoint(base_url: str) -> Iterator[None]:
    os.environ["OPENAI_BASE_URL"] = base_url
    yield


def _row(problem: Problem, given: Mapping[str, Any], played: Played, pool: Pool) -> dict[str, Any]:
    """Solve once, with a stage left out."""
    options = RunOptions.given(
        {**given, "submissions": max(WITHIN), "always_submit": True, **LEFT_OUT[played.without]}
    )
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        run = Assignment(problem, options, options.configured(), out=Path(folder) / "run")
        solved = run.solve(pool)
    stages = solved.result.stages
    return {
        "source": played.source,
        "problem": played.problem,
        "seed": played.seed,
        "without": played.without,
        "points": {count: points(problem, solved.solution.history[:count]) for count in WITHIN},
        "tokens": sum(stage.tokens for stage in stages.values()),
        "stage_tokens": {name: one.tokens for name, one in stages.items()},
        "seconds": round(time.monotonic() - began, 2),
        "ended": solved.result.budget_ended,
    }


def points(problem: Problem, history: Sequence[JudgedSubmission]) -> float:
    """Return the share of the points that some submissions hold together, 0 to 1."""
    if any(feedback.solved for _, feedback in history):
        return 1.0
    subtasks = problem.public.subtasks
    total = sum(subtask.points for subtask in subtasks)
    if not total:
        return 0.0
    best = {
        subtask.subtask_id: max(
            (feedback.subtasks.get(subtask.subtask_id, 0.0) for _, feedback in history), default=0.0
        )
        for subtask in subtasks
    }
    return sum(subtask.points * best[subtask.subtask_id] for subtask in subtasks) / total


def _show(rows: Sequence[Mapping[str, Any]]) -> None:
    for scripted in (True, False):
        some = [row for row in rows if (row["source"] == "scripted") == scripted]
        if some:
            print(f"\n{'scripted answers' if scripted else 'recorded answers'}\n")
            _table(some)


def _table(rows: Sequence[Mapping[str, Any]]) -> None:
    heads = " | ".join(f"within {count}" for count in WITHIN)
    print(f"| left out | runs | {heads} | beside nothing, within 1 (95 %) | worse | better "
          "| tokens | seconds |")  # fmt: skip
    print("|---" * (8 + len(WITHIN)) + "|")
    by_kind: dict[str, dict[tuple[str, str, int], Mapping[str, Any]]] = {}
    for row in rows:
        place = row["source"], row["problem"], row["seed"]
        by_kind.setdefault(row["without"], {})[place] = row
    whole = by_kind.get(NOTHING, {})
    for without in LEFT_OUT:
        runs = {place: row for place, row in by_kind.get(without, {}).items() if place in whole}
        if not runs:
            continue
        gains = {
            (place[1], place[2]): row["points"]["1"] - whole[place]["points"]["1"]
            for place, row in runs.items()
        }
        low, high = interval(gains)
        cells = [_mean([row["points"][str(count)] for row in runs.values()]) for count in WITHIN]
        tokens = sum(row["tokens"] for row in runs.values()) / len(runs)
        of_all = sum(whole[place]["tokens"] for place in runs) / len(runs)
        seconds = sum(row["seconds"] for row in runs.values()) / len(runs)
        also = sum("also" in row for row in runs.values())
        told = f"{len(runs)} ({also} without pairs)" if also else str(len(runs))
        print(
            f"| {without} | {told} | {' | '.join(cells)} "
            f"| {sum(gains.values()) / len(gains):+.3f} ({low:+.3f} to {high:+.3f}) "
            f"| {sum(gain < 0 for gain in gains.values())} "
            f"| {sum(gain > 0 for gain in gains.values())} "
            f"| {tokens:,.0f} ({tokens - of_all:+,.0f}) | {seconds:.1f} |"
        )


def _mean(values: Sequence[float]) -> str:
    return f"{sum(values) / len(values):.3f}"


if __name__ == "__main__":
    sys.exit(main())
