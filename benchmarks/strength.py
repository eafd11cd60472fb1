"""Does evidence that is measured by mutants, and fixed where it is weak, change what is chosen?

    python benchmarks/strength.py FILE... [--ids ID ...] [--mutants 12]
        [--evidence 40] [--submissions 1] [--box auto] [--json]

Recorded answers (`problem, completion`, and where known `language`, `finish`) are solved as
`solve --pool` does, with mutants of the leader and without. `measured` is how many problems had a
leader that others behave like (else nothing is done), `weak` how many of these got more inputs,
`split` where that made more clusters, `changed` where another program is handed in. Seconds are of
the observing; with `--submissions 0` nothing is judged. `brier` is the mean squared difference of
the belief in what is submitted and what it gained (0 to 1), over the problems whose inputs were
measured: without mutants; with the inputs that these brought, as if nobody knew how strong they
are; and as the belief is.

The last line with `--json` is one object: `rows`, `measured`, `weak`, `split`, `changed`,
`solved` (off, on), `seconds` (off, on), `cost` (share of the observing), `brier` (three figures).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.model_words import trust_in_suite
from medalist.agent.journal import Journal
from medalist.agent.propose.candidate_file import PoolModel
from medalist.agent.solve import ProblemRun, RunProgress, RunSettings, Solution, Tools, solve
from medalist.agent.steps.timing import STAGES
from medalist.agent.submit.package_judge import local_judge, local_rules
from medalist.agent.types import Candidate
from medalist.problems.secret import Problem
from medalist.sandbox.pool import Pool, open_pool

sys.path.insert(0, str(Path(__file__).parent))
from prompts import find, rows


def given(answers: list[dict[str, Any]]) -> tuple[Candidate, ...]:
    """Turn recorded answers into candidates."""
    return tuple(
        Candidate(
            f"answer/{number}",
            row["completion"],
            finish=row.get("finish", "stop"),
            language=row.get("language"),
        )
        for number, row in enumerate(answers)
    )


def once(
    problem: Problem,
    candidates: tuple[Candidate, ...],
    pool: Pool,
    mutants: int,
    options: argparse.Namespace,
) -> tuple[Solution, float, int]:
    """Solve from nothing; return how it ended, the seconds of observing, and the inputs."""
    public = problem.public
    with tempfile.TemporaryDirectory() as folder, Journal.open(Path(folder)) as journal:
        tools = Tools(
            PoolModel(""),
            pool,
            journal,
            ExpectedGain(),
            judge=local_judge(problem, pool, journal, options.submissions),
            rules=local_rules(public, options.submissions),
            given=candidates,
        )
        settings = RunSettings(len(candidates), evidence=options.evidence, mutants=mutants)
        solution = solve(ProblemRun.of(public, tools, settings))
        stages = journal.get(STAGES, public.problem_id)
        assert stages is not None
        return solution, float(stages["observing"]), solution.progress.inputs


def chosen(solution: Solution) -> str | None:
    """The program that is handed in."""
    return None if solution.program is None else solution.program.program_id


def gained(solution: Solution) -> float:
    """The share of the points that was gained, 0 to 1."""
    if solution.solved or solution.feedback is None:
        return float(solution.solved)
    return (solution.feedback.score or 0.0) / 100


def beliefs(off: Solution, on: Solution) -> list[float]:
    """The belief without mutants, with their inputs but not their share, and with both."""
    known = on.belief or 0.0
    return [off.belief or 0.0, known / trust_in_suite(on.progress.mutants), known]


def brier(rows: list[dict[str, Any]]) -> list[float]:
    """The Brier score of the three beliefs over the rows whose inputs were measured."""
    measured = [row for row in rows if row["mutants"] is not None]
    return [
        round(
            sum((row["belief"][place] - row["gained"][min(place, 1)]) ** 2 for row in measured)
            / max(1, len(measured)),
            4,
        )
        for place in range(3)
    ]


def compared(name: str, off: tuple[Solution, float, int], on: tuple[Solution, float, int]) -> Any:
    """One row of the table."""
    tallies: tuple[RunProgress, RunProgress] = off[0].progress, on[0].progress
    return {
        "problem": name,
        "passing": tallies[0].pass_samples,
        "mutants": tallies[1].mutants,
        "inputs": [off[2], on[2]],
        "clusters": [tally.clusters for tally in tallies],
        "solved": [off[0].solved, on[0].solved],
        "belief": beliefs(off[0], on[0]),
        "gained": [gained(off[0]), gained(on[0])],
        "changed": chosen(off[0]) != chosen(on[0]),
        "seconds": [round(off[1], 2), round(on[1], 2)],
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--ids", nargs="*")
    parser.add_argument("--mutants", type=int, default=12)
    parser.add_argument("--evidence", type=int, default=40)
    parser.add_argument("--submissions", type=int, default=1)
    parser.add_argument("--box", default="auto")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    answers: dict[str, list[dict[str, Any]]] = {}
    for row in rows(options.files, ()):
        answers.setdefault(row["problem"], []).append(row)
    result = []
    with open_pool(options.box) as pool:
        for name in options.ids or answers:
            problem = find(name)
            if problem is None:
                print(f"{name}: not on this machine", file=sys.stderr)
                continue
            candidates = given(answers[name])
            off, on = (
                once(problem, candidates, pool, mutants, options)
                for mutants in (0, options.mutants)
            )
            result.append(compared(name, off, on))
            print(json.dumps(result[-1]), file=sys.stderr, flush=True)
    summary = {
        "rows": result,
        "measured": sum(row["mutants"] is not None for row in result),
        "weak": sum(row["inputs"][0] < row["inputs"][1] for row in result),
        "split": sum(row["clusters"][0] < row["clusters"][1] for row in result),
        "changed": sum(row["changed"] for row in result),
        "solved": [sum(row["solved"][place] for row in result) for place in (0, 1)],
        "seconds": [round(sum(row["seconds"][place] for row in result), 1) for place in (0, 1)],
    }
    summary["cost"] = round(summary["seconds"][1] / summary["seconds"][0] - 1, 2)
    summary["brier"] = brier(result)
    print(json.dumps(summary if options.json else {**summary, "rows": len(result)}))


if __name__ == "__main__":
    main()
