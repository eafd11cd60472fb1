"""The embedded model's chance a sample to solve each bundled problem, measured.

    python benchmarks/chance.py FILE... [--ids ID ...] [--prompt P] [--samples N] [--model M]
        [--box B] [--json]

Judges the completions in JSON Lines files (`problem, prompt, language, completion, finish`) with
the packages' own tests and prints a Markdown table. With `--samples N` that many are first drawn
from the model for each problem (the prompts `direct` and `reason`, C++ and Python in turn) and
appended to the first file. The chance is right / drawn; an answer without a program counts as
drawn. With `--json` the last line is one object: `problems`, a list of `problem, kind,
difficulty, drawn, right, partial, chance`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from medalist.agent.extract.answer import extract
from medalist.agent.llm import open_model
from medalist.agent.propose import Sampler, arms, evenly
from medalist.agent.propose.sample import SampleSettings
from medalist.problems.assemble import submission
from medalist.problems.formats import load
from medalist.problems.formats.bundled import bundled_archive
from medalist.problems.judging import judge
from medalist.problems.secret import Problem
from medalist.problems.verdict import Verdict
from medalist.sandbox.pool import Pool, open_pool

MAX_TOKENS = 700


def main() -> None:
    """Sample where asked, judge, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--ids", nargs="*", help="problems (default: all)")
    parser.add_argument("--prompt", help="only answers to this prompt")
    parser.add_argument("--samples", type=int, default=0)
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    folders = sorted(path.parent for path in bundled_archive().glob("*/problem.yaml"))
    problems = {
        folder.name: load(folder)
        for folder in folders
        if args.ids is None or folder.name in args.ids
    }
    if args.samples:
        draw(problems, args)
    with open_pool(args.box) as pool:
        records = [
            completion
            for completion in completions(args.files)
            if completion["problem"] in problems and args.prompt in (None, completion.get("prompt"))
        ]
        rows = measure(problems, records, pool)
    print("| problem | kind | difficulty | samples drawn | right | partly right | chance |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        chance = "" if row["chance"] is None else f"{row['chance']:.2f}"
        cells = [row[key] for key in ("problem", "kind", "difficulty", "drawn", "right", "partial")]
        print("|", " | ".join(map(str, [*cells, chance])), "|")
    if args.json:
        print(json.dumps({"problems": rows}))


def draw(problems: dict[str, Problem], args: argparse.Namespace) -> None:
    """Draw samples from the model and append them to the first file."""
    model = open_model(args.model)
    try:
        with args.files[0].open("a", encoding="utf-8") as file:
            for problem_id, problem in problems.items():
                ways = arms(("direct", "reason"), ("python", "cpp"))
                sampler = Sampler(
                    problem.public,
                    ways,
                    SampleSettings(seed=args.seed, form="small", max_tokens=MAX_TOKENS),
                )
                requests = sampler.requests(evenly(ways, args.samples))
                for candidate in sampler.sample(model, requests):
                    record = {
                        "problem": problem_id,
                        "prompt": candidate.prompt_id,
                        "language": candidate.language,
                        "completion": candidate.text,
                        "finish": candidate.finish,
                    }
                    file.write(json.dumps(record) + "\n")
                    file.flush()
    finally:
        model.close()


def completions(files: list[Path]) -> Iterator[dict[str, str]]:
    """Read the recorded completions."""
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def measure(
    problems: dict[str, Problem], records: list[dict[str, str]], pool: Pool
) -> list[dict[str, Any]]:
    """Judge all completions; the rows come in the order of falling chance."""
    rows: list[dict[str, Any]] = []
    for problem_id, problem in problems.items():
        verdicts = [
            verdict_of(problem, record, pool)
            for record in records
            if record["problem"] == problem_id
        ]
        right = verdicts.count(Verdict.AC)
        rows.append(
            {
                "problem": problem_id,
                "kind": kind_of(problem),
                "difficulty": problem.public.difficulty or "",
                "drawn": len(verdicts),
                "right": right,
                "partial": verdicts.count(Verdict.PAC),
                "chance": right / len(verdicts) if verdicts else None,
            }
        )
        print(f"{problem_id}: {right} right of {len(verdicts)}", file=sys.stderr, flush=True)
    return sorted(rows, key=lambda row: -1.0 if row["chance"] is None else -row["chance"])


def verdict_of(problem: Problem, record: dict[str, str], pool: Pool) -> Verdict | None:
    """Judge the program in a completion; None where there is none."""
    extraction = extract(
        record["completion"],
        language=record["language"],
        public=problem.public,
        finish=record["finish"],
    )
    if extraction.source is None or extraction.language is None:
        return None
    judgement = judge(
        problem, submission(problem.public, extraction.language, extraction.source), pool
    )
    assert judgement.verdict is not Verdict.JE, judgement.message
    return judgement.verdict


def kind_of(problem: Problem) -> str:
    """Say what is special about a problem."""
    if problem.public.subtasks:
        return f"{problem.public.kind}, {len(problem.public.subtasks)} subtasks"
    return (
        f"{problem.public.kind}, checker" if problem.public.special_checker else problem.public.kind
    )


if __name__ == "__main__":
    main()
