"""Record a model's answers: so many a problem, prompt and language, and what fixing makes of them.

    python benchmarks/corpus.py FILE [--ids ID ...] [--prompts P,...] [--languages python,cpp]
        [--answers N] [--fix] [--model embedded] [--seed N] [--box B]

FILE gets one answer a line: `id, problem, prompt, language, model, seed, finish, usage,
completion`. What is in it already is not asked for again, so the same command continues where it
was stopped, and a larger `--answers` only adds; so the members of a portfolio can be halved step by
step (`prompts.py` compares what was recorded).

With `--fix`, every answer so recorded whose program fails in public (compiler or samples) is
revised once, as `solve --search chains` would. The row of prompt `<prompt>+repair` holds what is
delivered then: the revision where it breaks nothing that passed, else the first answer; `usage`
counts both. Answers that have nothing to fix are there as they are, so that both prompts have
equally many and their tokens can be compared.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from medalist.agent.evidence.sample_trial import SampleTrials
from medalist.agent.extract.answer import Extracted, of_candidate
from medalist.agent.llm import Model, open_model
from medalist.agent.propose import Arm, Sampler
from medalist.agent.propose.public_result import Attempt, Failure, FailureKind, Trial
from medalist.agent.propose.repair import ask_to_repair
from medalist.agent.propose.sample import Ask, SampleSettings
from medalist.agent.propose.search import is_progress
from medalist.agent.types import Candidate, Usage
from medalist.errors import BadInput, MedalistError
from medalist.problems.secret import Problem
from medalist.sandbox.pool import Pool, open_pool

sys.path.insert(0, str(Path(__file__).parent))
from prompts import find

MAX_TOKENS = 700
MENDED = "+repair"


def main() -> int:
    """Ask for what is missing."""
    parser = argparse.ArgumentParser(description="Record a model's answers.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--ids", nargs="+", required=True, help="problems")
    parser.add_argument("--prompts", default="direct")
    parser.add_argument("--languages", default="python")
    parser.add_argument("--answers", type=int, default=4, help="answers a way to ask")
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    options = parser.parse_args()
    ways = [
        Arm(prompt, language)
        for prompt in options.prompts.split(",")
        for language in options.languages.split(",")
    ]
    try:
        model = open_model(options.model)
        try:
            for name in options.ids:
                problem = find(name)
                if problem is None:
                    raise BadInput(f"no problem {name} here", hint="set MEDALIST_SHARED")
                record(problem, name, ways, model, options)
        finally:
            model.close()
    except MedalistError as error:
        print(f"corpus: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def record(
    problem: Problem, name: str, ways: Sequence[Arm], model: Model, options: argparse.Namespace
) -> None:
    """Record what is missing of one problem."""
    known = {row["id"]: row for row in _rows(options.file) if row["problem"] == name}
    sampler = Sampler(
        problem.public, ways, SampleSettings(seed=options.seed, form="small", max_tokens=MAX_TOKENS)
    )
    requests = sampler.requests(way for way in ways for _ in range(options.answers))
    seeds = {request.request_id: request.seed for request in requests}
    with options.file.open("a", encoding="utf-8") as file:

        def keep(row: dict[str, Any]) -> None:
            known[row["id"]] = row
            file.write(json.dumps(row) + "\n")
            file.flush()

        missing = [request for request in requests if request.request_id not in known]
        for candidate in sampler.sample(model, missing):
            keep(_row(name, candidate, seeds.get(candidate.candidate_id)))
        print(f"{name}: {len(missing)} answers", file=sys.stderr, flush=True)
        if options.fix:
            firsts = [known[seed] for seed in seeds if seed + MENDED not in known]
            with open_pool(options.box) as pool:
                for row in fixed(problem, firsts, sampler, model, pool):
                    keep(row)


def fixed(
    problem: Problem, firsts: Sequence[dict[str, Any]], sampler: Sampler, model: Model, pool: Pool
) -> Iterator[dict[str, Any]]:
    """Yield what one revision makes of each answer."""
    trials = SampleTrials(problem.public, pool)
    asked: dict[str, tuple[dict[str, Any], Attempt]] = {}
    requests = []
    for row in firsts:
        attempt = _attempt(_candidate(row), problem, trials)
        ask = ask_to_repair(attempt)
        if ask is None:
            yield {**row, "id": row["id"] + MENDED, "prompt": row["prompt"] + MENDED}
        else:
            request = sampler.request(Ask(ask.arm, None, ask.values, ask.prefill))
            asked[request.request_id] = row, attempt
            requests.append(request)
    # All answers first: nothing is compiled on the cores on which the model generates.
    for revision in list(sampler.sample(model, requests)):
        row, first = asked[revision.candidate_id]
        second = _attempt(revision, problem, trials)
        best = second if is_progress(first, second) else first
        tokens = sum(
            item["completion_tokens"] or 0 for item in (row["usage"], asdict(revision.usage))
        )
        yield {
            **row,
            "id": row["id"] + MENDED,
            "prompt": row["prompt"] + MENDED,
            "finish": best.candidate.finish,
            "usage": {"completion_tokens": tokens},
            "completion": best.candidate.text,
            "failure": first.trial.failure.kind if first.trial.failure else None,
            "revised": best is second,
        }


def _attempt(candidate: Candidate, problem: Problem, trials: SampleTrials) -> Attempt:
    extraction = of_candidate(candidate, problem.public)
    if extraction.source is None:
        kind: FailureKind = "truncated" if extraction.found is Extracted.TRUNCATED else "none"
        return Attempt(candidate, extraction, Trial(failure=Failure(kind)))
    (trial,) = trials([(candidate, extraction)])
    return Attempt(candidate, extraction, trial)


def _candidate(row: dict[str, Any]) -> Candidate:
    return Candidate(
        candidate_id=row["id"],
        text=row["completion"],
        finish=row["finish"],
        prompt_id=row["prompt"],
        language=row["language"],
        usage=Usage(completion_tokens=row["usage"]["completion_tokens"]),
    )


def _row(name: str, candidate: Candidate, seed: int | None) -> dict[str, Any]:
    return {
        "id": candidate.candidate_id,
        "problem": name,
        "prompt": candidate.prompt_id,
        "language": candidate.language,
        "model": candidate.model,
        "seed": seed,
        "finish": candidate.finish,
        "usage": {
            "prompt_tokens": candidate.usage.prompt_tokens,
            "completion_tokens": candidate.usage.completion_tokens,
        },
        "completion": candidate.text,
    }


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


if __name__ == "__main__":
    sys.exit(main())
