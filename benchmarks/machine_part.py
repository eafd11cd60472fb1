"""Time and memory of the machine's part of one problem at `--effort high`.

    python benchmarks/machine_part.py [PROBLEM] [--candidates N] [--evidence N] [--cores N] [--json]

A scripted endpoint answers at once, so what is left is the machine's part: compiling, running
generators, validators and programs, comparing, choosing, judging. Candidates are the package's own
submissions and mutants of them (as many different ones as are asked for), helpers those of
`tests/data/player`; the problem is one of these, by default with subtasks. Nothing is taken from
the cache of compiled programs: it begins empty. All answers are asked for at once, so that each is
looked at; `--search feedback`, as `high` has it, ends when a submission (50, `--always-submit`)
solves the problem.

Prints seconds by stage (the journal's clock), CPU seconds of this process and of all that it
started, the peak resident memory of this process and of the largest other one, and how many
programs, inputs and clusters there were.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers import ARCHIVE, PLAYER

from medalist.agent.choose.recorded_choice import newest_choice
from medalist.agent.evidence.program_mutants import mutants
from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import ScriptedEndpoint
from medalist.agent.llm.scripted.scripted_answers import (
    Repertoire,
    ScriptedAnswers,
    prompt_of,
    question_of,
    read_repertoires,
)
from medalist.agent.llm.scripted.scripted_replies import Reply, SeenRequest
from medalist.agent.run.options import RunOptions
from medalist.agent.run.solving import Assignment
from medalist.agent.steps.timing import STAGES
from medalist.problems.formats import load
from medalist.sandbox.pool import open_pool

_ASKS_FOR_A_PROGRAM = ("solution", "repair", "plan", "brute")


@dataclass
class Dealer:
    """Gives every question for a program another one; all else is answered as usual."""

    answers: ScriptedAnswers
    programs: list[tuple[str, str]]
    _turn: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, seen: SeenRequest) -> Reply:
        """Answer a request."""
        if question_of(prompt_of(seen)) not in _ASKS_FOR_A_PROGRAM:
            return self.answers(seen)
        with self._guard:
            language, source = self.programs[self._turn % len(self.programs)]
            self._turn += 1
        return Reply(f"```{language}\n{source.rstrip()}\n```\n")


def programs_of(known: Repertoire, count: int, languages: Sequence[str]) -> list[tuple[str, str]]:
    """Return `count` different programs with their languages: the known ones, then mutants."""
    programs = [program for program in known.programs if program.language in languages]
    result = dict.fromkeys((program.language, program.source) for program in programs)
    each = -(-count // len(programs))
    for faults in (1, 2, 3):
        for program in programs:
            for mutant in mutants(
                program.source, program.language, count=each, seed=0, faults=faults
            ):
                result.setdefault((program.language, mutant.source))
        if len(result) >= count:
            break
    return list(result)[:count]


def main() -> int:
    """Measure one run."""
    parser = argparse.ArgumentParser(description="The machine's part of one problem.")
    parser.add_argument("problem", nargs="?", default="meetings")
    parser.add_argument("--candidates", type=int, default=200)
    parser.add_argument("--evidence", type=int, default=256)
    parser.add_argument("--search", default="once")
    parser.add_argument("--languages", default="cpp,python")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    known = {
        read_repertoire.title: read_repertoire
        for read_repertoire in read_repertoires(ARCHIVE, PLAYER)
    }
    problem = load(ARCHIVE / options.problem)
    repertoire = known[problem.public.title]
    languages = options.languages.split(",")
    dealt = programs_of(repertoire, options.candidates, languages)
    dealer = Dealer(ScriptedAnswers([repertoire]), dealt)
    given: dict[str, Any] = {
        "model": "writer",
        "effort": "high",
        "candidates": options.candidates,
        "evidence": options.evidence,
        "search": options.search,
        "lang": options.languages,
        "submissions": 50,
        "always_submit": True,
        "tools": "off",
    }
    with tempfile.TemporaryDirectory() as folder, ScriptedEndpoint(dealer) as endpoint:
        # Nothing that was compiled before; the headers of this machine are taken.
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
        os.environ["OPENAI_BASE_URL"] = endpoint.base_url
        run = Path(folder) / "run"
        chosen = RunOptions.given(given)
        began = time.monotonic()
        with open_pool(cores=range(options.cores)) as pool:
            result = Assignment(problem, chosen, chosen.configured(), out=run).solve(pool).result
        seconds = time.monotonic() - began
        measured = _measured(run, problem.public.problem_id)
    measured |= {
        "problem": options.problem,
        "cores": options.cores,
        "seconds": round(seconds, 1),
        "answers": result.candidates,
        "programs": result.programs,
        "submissions": result.submissions,
        "score": result.score,
    }
    if options.json:
        print(json.dumps(measured))
    else:
        for name, value in measured.items():
            print(f"{name:24} {value}")
    return 0


def _measured(run: Path, problem_id: str) -> dict[str, Any]:
    """Return what the journal and the system say of a run."""
    with Journal.open(run, readonly=True) as journal:
        stages = journal.get(STAGES, problem_id) or {}
        choice = newest_choice(journal, problem_id)
        size = (run / "journal.sqlite").stat().st_size
    own = resource.getrusage(resource.RUSAGE_SELF)
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "stages_s": {name: round(spent, 1) for name, spent in stages.items()},
        "cpu_s": round(own.ru_utime + own.ru_stime, 1),
        "started_cpu_s": round(others.ru_utime + others.ru_stime, 1),
        "peak_mb": own.ru_maxrss // 1024,
        "largest_started_mb": others.ru_maxrss // 1024,
        "inputs": None if choice is None else choice.view.inputs,
        "clusters": None if choice is None else len(choice.view.clusters),
        "journal_mb": round(size / 1e6, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
