"""Ending early on easy problems: what it saves and what it costs; and searches side by side.

    python benchmarks/early.py --model embedded [--ids ID ...]
    python benchmarks/early.py --recorded FILE... [--ids ID ...] [--draws 20]
        [--asked direct] [--search rounds,chains] [--prompts direct] [--languages python]
        [--early on|off] [-n 32]
        [--width 8] [--cache FILE] [--box B] [--json]

Each search runs on each problem with the early end on and off, with the same budget of answers.
With `--model` it asks a model, once. With `--recorded` each question is answered by a recorded
answer to the same problem (`problem, completion, finish` and, where known, `language` and
`usage`), drawn without return; the draws are repeated with other seeds. Then a prompt makes no
difference to its answer, and seconds are the answers' tokens at `--tokens-per-second`. A revision
is answered by the recorded revision of that answer (`corpus.py --fix`), or, where it has none, by
one of another failed answer to the same problem; one that was no progress leaves the program as it
was. Plans are not recorded: leave the tree to a live model.

`solved` says that a right program was among the answers when the search ended; that is what an
early end can lose. The last line with `--json` is one object: `rows` (search, early, problem,
solved, calls, tokens, seconds: means over draws), `median_calls` and `median_seconds` (on, off),
`solved` (on, off), and `searches`: of each its problems solved, calls and tokens a problem, and
problems solved per 1,000 tokens of answers.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from medalist.agent.evidence.brute_force_trial import OracleTrials
from medalist.agent.evidence.inputs import InputSuite
from medalist.agent.llm import Completion, Model, ModelTraits, Request, Spent, open_model
from medalist.agent.propose import Arm, Sampler, arms
from medalist.agent.propose.public_result import Attempt
from medalist.agent.propose.sample import SampleSettings
from medalist.agent.propose.search import BestOfN, Chains, Mixed, Strategy, search
from medalist.agent.propose.tree_search import SearchTree
from medalist.agent.steps.run_settings import usual_ways
from medalist.agent.types import Usage
from medalist.errors import BudgetExhausted
from medalist.problems.secret import Problem
from medalist.sandbox.pool import open_pool

sys.path.insert(0, str(Path(__file__).parent))
from prompts import Judged, find, rows

MAX_TOKENS = 700
REVISED = "+repair"
EARLY = {"both": (True, False), "on": (True,), "off": (False,)}


class Recorded:
    """A model that answers any question about a problem with a recorded answer to it."""

    def __init__(self, answers: Sequence[dict[str, Any]], seed: int) -> None:
        self.name = "recorded"
        self.spent = Spent()
        self.traits = ModelTraits()
        self.tokens = 0
        self._left = [row for row in answers if not row.get("prompt", "").endswith(REVISED)]
        self._rng = random.Random(seed)
        self._rng.shuffle(self._left)
        known = {row["id"]: row for row in self._left if "id" in row}
        self._revisions = {
            row["id"].removesuffix(REVISED): row
            for row in answers
            if row.get("prompt", "").endswith(REVISED)
            and row.get("failure")
            and row["id"].removesuffix(REVISED) in known
        }
        self._first = {name: _tokens(known[name]) for name in self._revisions}
        self._given: dict[str, dict[str, Any]] = {}

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Answer, until there is no answer left."""
        for request in requests:
            row, tokens = self._answer(request.request_id)
            self._given[request.request_id] = row
            self.tokens += tokens
            yield Completion(
                request_id=request.request_id,
                text=row["completion"],
                reasoning="",
                finish=row.get("finish", "stop"),
                usage=Usage(completion_tokens=tokens),
                model=self.name,
                latency_s=0.0,
                cost_usd=0.0,
            )

    def _answer(self, request_id: str) -> tuple[dict[str, Any], int]:
        """Return a recorded answer and the tokens that it took."""
        parent, revises, _ = request_id.rpartition(">")
        if revises:
            before = self._given[parent]
            name = before.get("id", "")
            if name not in self._revisions:
                if not self._revisions:
                    return before, _tokens(before)
                name = self._rng.choice(sorted(self._revisions))
            revision = self._revisions[name]
            tokens = max(1, _tokens(revision) - self._first[name])
            after = {**revision, "id": ""} if revision["revised"] else before
            return after, tokens
        if not self._left:
            raise BudgetExhausted("no recorded answer is left")
        row = self._left.pop()
        return row, _tokens(row)

    def close(self) -> None:
        """Nothing was opened."""


def _tokens(row: dict[str, Any]) -> int:
    return (row.get("usage") or {}).get("completion_tokens") or len(row["completion"]) // 3


def strategy(
    name: str, ways: Sequence[Arm], count: int, width: int, *, early: bool, seed: int
) -> Strategy:
    """Make a search by its name."""
    if name == "mixed":
        return Mixed(ways, count, width=width, seed=seed, early=early)
    if name == "once":
        return BestOfN(ways, count, width=count, seed=seed, early=early)
    if name == "chains":
        return Chains(ways, count, chains=width, seed=seed, early=early)
    if name == "tree":
        languages = list(dict.fromkeys(way.language for way in ways))
        return SearchTree(languages, count, width=width, early=early)
    return BestOfN(ways, count, width=width, seed=seed, early=early)


def run(
    plan: Strategy,
    problem: Problem,
    sampler: Sampler,
    model: Model,
    trials: OracleTrials,
    judged: Judged,
) -> dict[str, float]:
    """Search once; judge afterwards."""
    started = time.monotonic()
    attempts: list[Attempt] = []
    with suppress(BudgetExhausted):
        attempts.extend(
            search(plan, sampler, model, trials, trials.again)
        )  # keeps what came before an error
    seconds = time.monotonic() - started
    right = any(
        judged.right(
            {
                "problem": problem.public.problem_id,
                "completion": attempt.candidate.text,
                "language": attempt.candidate.language,
                "finish": attempt.candidate.finish,
            }
        )
        for attempt in attempts
        if attempt.trial.failure is None or attempt.trial.reward > 0
    )
    return {"solved": float(right), "calls": len(attempts), "seconds": seconds}


def main() -> None:
    """Run all searches and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", help="ask this model")
    parser.add_argument("--recorded", nargs="*", type=Path, default=[], metavar="FILE")
    parser.add_argument("--ids", nargs="*")
    parser.add_argument("--leave-out", default="")
    parser.add_argument("--asked", help="of the recorded answers only those to this prompt")
    parser.add_argument("--search", default="rounds")
    parser.add_argument("--prompts", default=",".join(usual_ways("small")[1]))
    parser.add_argument("--languages", default=",".join(usual_ways("small")[0]))
    parser.add_argument("--early", choices=list(EARLY), default="both")
    parser.add_argument("-n", type=int, default=32)
    parser.add_argument("--width", type=int, default=8)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--tokens-per-second", type=float, default=30.0)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    prompts = options.prompts.split(",")
    ways = arms(prompts, options.languages.split(","))
    answers: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(options.recorded, options.leave_out.split(",")):
        if not options.asked or row["prompt"].removesuffix(REVISED) == options.asked:
            answers[row["problem"]].append(row)
    names = options.ids or sorted(answers)
    result: list[dict[str, Any]] = []
    with open_pool(options.box) as pool:
        judged = Judged(options.cache, pool)
        for name in names:
            problem = find(name)
            if problem is None:
                print(f"{name} is not here", file=sys.stderr)
                continue
            # Shared by all draws: without the prompt `brute` there are no oracles to remember.
            trials = OracleTrials(InputSuite(problem.public), pool)
            for kind in options.search.split(","):
                for early in EARLY[options.early]:
                    draws = []
                    for seed in range(1 if options.model else options.draws):
                        if "brute" in prompts:
                            trials = OracleTrials(InputSuite(problem.public), pool)
                        plan = strategy(
                            kind, ways, options.n, options.width, early=early, seed=seed
                        )
                        sampler = Sampler(
                            problem.public,
                            ways,
                            SampleSettings(seed=seed, form="small", max_tokens=MAX_TOKENS),
                        )
                        model: Any = (
                            open_model(options.model)
                            if options.model
                            else Recorded(answers[name], seed)
                        )
                        try:
                            one = run(plan, problem, sampler, model, trials, judged)
                        finally:
                            model.close()
                        if not options.model:
                            one["seconds"] = model.tokens / options.tokens_per_second
                            one["tokens"] = model.tokens
                        draws.append(one)
                    means = {key: statistics.fmean(draw[key] for draw in draws) for key in draws[0]}
                    result.append({"search": kind, "early": early, "problem": name, **means})
                    print(result[-1], file=sys.stderr, flush=True)
    table(result)
    if options.json:
        print(json.dumps({"rows": result, **summary(result), "searches": by_search(result)}))


def summary(result: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Medians over problems, and problems solved, with the early end on and off."""
    parts = {
        word: [row for row in result if row["early"] is early]
        for word, early in (("on", True), ("off", False))
        if any(row["early"] is early for row in result)
    }
    return {
        "median_calls": {w: statistics.median(r["calls"] for r in p) for w, p in parts.items()},
        "median_seconds": {
            w: round(statistics.median(r["seconds"] for r in p), 2) for w, p in parts.items()
        },
        "solved": {w: round(sum(r["solved"] for r in p), 3) for w, p in parts.items()},
    }


def by_search(result: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Of each search, with and without the early end: what it solved, and for how much."""
    parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in result:
        if "tokens" in row:
            parts[f"{row['search']}, {'early end' if row['early'] else 'to the end'}"].append(row)
    sums = {
        name: {key: sum(row[key] for row in part) for key in ("solved", "calls", "tokens")}
        for name, part in parts.items()
    }
    return {
        name: {
            "solved": round(one["solved"], 2),
            "calls": round(one["calls"] / len(parts[name]), 1),
            "tokens": round(one["tokens"] / len(parts[name])),
            "solved_a_1000_tokens": round(1000 * one["solved"] / one["tokens"], 3),
        }
        for name, one in sums.items()
    }


def table(result: Sequence[dict[str, Any]]) -> None:
    """Print a Markdown table."""
    print("| problem | search | early end | solved | calls | seconds |")
    print("|---|---|---|---|---|---|")
    for row in result:
        print(
            f"| {row['problem']} | {row['search']} | {'on' if row['early'] else 'off'} | "
            f"{row['solved']:.2f} | {row['calls']:.1f} | {row['seconds']:.1f} |"
        )
    for name, values in {**summary(result), **by_search(result)}.items():
        print(f"{name:15} {', '.join(f'{word} {value:g}' for word, value in values.items())}")


if __name__ == "__main__":
    main()
