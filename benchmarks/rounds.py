"""What rounds with feedback bring where a model makes use of feedback, and where it has none.

    python benchmarks/rounds.py [--problems ID,ID] [--rounds N] [--width N] [--seeds N] [--json]

A scripted endpoint plays the model (`ScriptedAnswers.learns`): its first answers get no points, or
as few as any program known; of a program that a prompt shows together with what the judge showed of
it, it writes one that gets the next more points. The programs are those of the packages and of
`benchmarks/data/programs`, ranked by judging them. So the table says whether what a judge shows
comes to the model, in time, within 50 submissions, and nothing about a real model.

Each problem is solved with the same number of answers in these ways:

- once: all at once; mixed: the default search, which repairs what fails in public;
- rounds: independent answers in rounds (`--search rounds`);
- feedback: `--search feedback`;
- no feedback: the same, but all that the judge showed is cut out of the prompts on their way.

Problems are those with subtasks for which there are programs: four bundled ones and, in shared data
(`MEDALIST_SHARED`), two more. The table holds the points after 1, 10 and 50 submissions.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from selection_pools import subtask_problems

from medalist.agent.choose.policy_replay import gains
from medalist.agent.llm.scripted.scripted import ScriptedEndpoint
from medalist.agent.llm.scripted.scripted_answers import (
    LabelledProgram,
    Repertoire,
    ScriptedAnswers,
)
from medalist.agent.llm.scripted.scripted_replies import Reply, SeenRequest
from medalist.agent.llm.settings import EndpointSettings, ModelSettings
from medalist.agent.run.options import RunOptions
from medalist.agent.run.solving import Assignment
from medalist.agent.submit.contest_judge import ContestJudge
from medalist.agent.submit.package_judge import local_rules, package_feedback
from medalist.agent.types import Program
from medalist.problems.formats import load
from medalist.problems.secret import Problem
from medalist.sandbox.pool import Pool, open_pool

HERE = Path(__file__).parent
AFTER = (1, 10, 50)
LANGUAGE = "cpp"
OPTIONS: dict[str, Any] = {
    "lang": LANGUAGE,
    "prompts": "direct",
    "evidence": 12,
    "generators": 0,
    "validators": 0,
    "duels": 0,
    "subtask_share": 0.0,
    "submissions": AFTER[-1],
    "model": "player",
}


@dataclass(frozen=True)
class Blind:
    """A player that does not get to see what a judge showed."""

    player: ScriptedAnswers

    def __call__(self, seen: SeenRequest) -> Reply:
        """Answer the request without the judge's words."""
        messages = [
            {**node, "content": _without_feedback(str(node.get("content", "")))}
            for node in seen.body.get("messages", [])
        ]
        return self.player(replace(seen, body={**seen.body, "messages": messages}))


def _without_feedback(text: str) -> str:
    text = re.sub(r"The judge showed: [^\n]*?\.(?=\s)", "It was not judged.", text)
    return re.sub(r"^The best share of .*\n(- .*\n?)*", "", text, flags=re.MULTILINE)


WAYS: dict[str, tuple[str, Callable[[ScriptedAnswers], Callable[[SeenRequest], Reply]]]] = {
    "once": ("once", lambda player: player),
    "mixed": ("mixed", lambda player: player),
    "rounds": ("rounds", lambda player: player),
    "no feedback": ("feedback", Blind),
    "feedback": ("feedback", lambda player: player),
}


def repertoire(problem: Problem, folder: Path, pool: Pool) -> Repertoire:
    """Return the programs for a problem, each with its place by the points that it gets."""
    paths = sorted((folder / "submissions").glob("*/*.cpp"))
    paths += sorted((HERE / "data" / "programs" / folder.name).glob("*.c"))
    judge = ContestJudge(problem, package_feedback(problem.public), pool)
    scores: dict[str, float] = {}
    for path in paths:
        feedback = judge.submit(Program(path.stem, LANGUAGE, path.read_text(), (path.stem,)))
        if feedback.verdict != "CE":
            scores[path.read_text()] = feedback.score or 0.0
    levels = sorted(set(scores.values()))
    full = sum(subtask.points for subtask in problem.public.subtasks)
    programs = [
        LabelledProgram(LANGUAGE, source, score >= full, level=levels.index(score))
        for source, score in scores.items()
    ]
    return Repertoire(problem.public.title, tuple(programs))


def points(
    problem: Problem,
    known: Repertoire,
    way: str,
    options: argparse.Namespace,
    seed: int,
    pool: Pool,
) -> list[float]:
    """Return the points, of 100, after each number of submissions of `AFTER`."""
    search, seeing = WAYS[way]
    script = seeing(ScriptedAnswers([known], seed=seed, learns=True))
    with ScriptedEndpoint(script) as endpoint, tempfile.TemporaryDirectory() as folder:
        asked = RunOptions.given(
            {
                **OPTIONS,
                "search": search,
                "seed": seed,
                "width": options.width,
                "candidates": options.width * options.rounds,
            }
        )
        settings = ModelSettings(
            endpoints=[EndpointSettings(model="player", base_url=endpoint.base_url)]
        )
        done = Assignment(problem, asked, settings, out=Path(folder)).solve(pool)
    rules = local_rules(problem.public, AFTER[-1])
    held = gains(done.solution.history, rules)
    return [100 * held[min(count, len(held)) - 1] if held else 0.0 for count in AFTER]


def main() -> int:
    """Play and print the table."""
    parser = argparse.ArgumentParser(description="What rounds with feedback bring.")
    parser.add_argument("--problems", help="Ids; all.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--width", type=int, default=8)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    logging.getLogger("medalist").setLevel(logging.ERROR)
    wanted = options.problems.split(",") if options.problems else None
    folders = [
        subtask_problem
        for subtask_problem in subtask_problems()
        if wanted is None or subtask_problem.name in wanted
    ]
    table: dict[str, dict[str, list[float]]] = {}
    with open_pool(options.box) as pool:
        for folder in folders:
            problem = load(folder)
            known = repertoire(problem, folder, pool)
            row = table[folder.name] = {}
            for way in WAYS:
                played = [
                    points(problem, known, way, options, seed, pool)
                    for seed in range(options.seeds)
                ]
                row[way] = _means(played)
            _print(folder.name, row)
    _print("mean", {way: _means([row[way] for row in table.values()]) for way in WAYS})
    if options.json:
        print(json.dumps(table))
    return 0


def _means(rows: Sequence[Sequence[float]]) -> list[float]:
    return [sum(column) / len(column) for column in zip(*rows, strict=True)]


def _print(name: str, row: dict[str, list[float]]) -> None:
    cells = "  ".join(
        f"{way} {' '.join(f'{value:.0f}' for value in values)}" for way, values in row.items()
    )
    print(f"{name:<16}{cells}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
