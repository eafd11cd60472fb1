"""Write the pools of two models that answered the same problems: 0.5 and 1.5 billion parameters.

    python benchmarks/model_answers.py [--box B]

Eight recorded answers a problem and model to the prompt `direct` in Python, on bundled problems
(`benchmarks/data/*.jsonl`, see the card there), run on samples and a few generated inputs and
judged on the packages' tests. Programs keep how many tokens their answers took, of prompt and
answer, and no source. Answers without a program that runs are not in a pool: each problem had
eight (`medalist train allocation --samples 8`).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import completion_pool
from labelled_pool import without_sources

from medalist.agent.choose.recorded_pool import Recorded, write_pool
from medalist.agent.extract.answer import extract
from medalist.agent.extract.identity import merge
from medalist.agent.types import AnswerFigures, Candidate
from medalist.errors import MedalistError
from medalist.problems.model import Kind
from medalist.problems.secret import Problem
from medalist.sandbox.pool import Pool, open_pool

DATA = Path(__file__).parent / "data"
ARCHIVE = Path(__file__).resolve().parents[1] / "problems" / "archive"
ANSWERS = 8
INPUTS = 12
MODELS = {
    "0.5b": ("bundled-0.5b.jsonl", "corpus-0.5b.jsonl"),
    "1.5b": ("bundled-completions.jsonl", "corpus-1.5b.jsonl"),
}


def file_of(size: str) -> Path:
    """Where the pool of a model is."""
    return DATA / f"answers-{size}.pool.jsonl.xz"


def main() -> int:
    """Write them."""
    parser = argparse.ArgumentParser(description="Pools of two models on the same problems.")
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    options = parser.parse_args()
    completion_pool._INPUTS = INPUTS
    try:
        with open_pool(options.box) as pool:
            for size in MODELS:
                write_pool(file_of(size), _rows(size, pool))
                print(f"{file_of(size)}: {file_of(size).stat().st_size} bytes")
    except MedalistError as error:
        print(f"model_answers: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _rows(size: str, pool: Pool) -> Iterator[Recorded]:
    answers: dict[str, list[dict[str, Any]]] = {}
    for name in MODELS[size]:
        for line in (DATA / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if (row["prompt"], row["language"]) == ("direct", "python"):
                answers.setdefault(row["problem"], []).append(row)
    for name in sorted(answers):
        rows = answers[name][:ANSWERS]
        if len(rows) == ANSWERS and (ARCHIVE / name).is_dir():
            problem = completion_pool.problem_named(name, [ARCHIVE])
            if problem.public.kind == Kind.BATCH:
                print(f"{size}: {name}", file=sys.stderr)
                yield _recorded(problem, rows, pool)


def _recorded(problem: Problem, rows: Sequence[dict[str, Any]], pool: Pool) -> Recorded:
    candidates = [
        Candidate(str(number), row["completion"], finish=row["finish"], language="python")
        for number, row in enumerate(rows)
    ]
    public = problem.public
    programs = merge(
        (answer, extract(answer.text, language="python", public=public, finish=answer.finish))
        for answer in candidates
    )
    made = completion_pool.observe(problem, programs, pool)
    tokens = {
        str(number): row["usage"]["prompt_tokens"] + row["usage"]["completion_tokens"]
        for number, row in enumerate(rows)
    }
    answers = {
        program.program_id: AnswerFigures(0.0, fmean(tokens[name] for name in program.candidates))
        for program in made.view.programs
    }
    return without_sources(replace(made, view=replace(made.view, answers=answers)))


if __name__ == "__main__":
    sys.exit(main())
