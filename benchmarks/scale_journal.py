"""The part `journal` of `scale.py`."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from medalist.agent.choose.policy import PolicyRules, View
from medalist.agent.choose.recorded_choice import ChoiceTerms, each_choice, record
from medalist.agent.evidence.behaviour_table import BehaviourTable, OutcomeCell
from medalist.agent.evidence.canonical import canonical, output_key
from medalist.agent.journal import Journal
from medalist.agent.types import Program
from medalist.problems.model import Equality

INPUTS, PROGRAMS, BEHAVIOURS = 40, 100, 8
EQUALITY = Equality()


def measure(outcomes: int) -> dict[str, object]:
    """Return the keys of this part."""
    problems = max(1, round(outcomes / INPUTS / PROGRAMS))
    written = problems * PROGRAMS * INPUTS
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder)
        write_s = write_cpu_s = 0.0
        with Journal.open(run) as journal:
            for number in range(problems):
                made = _make(f"problem{number:05}", random.Random(number))
                started, cpu = time.monotonic(), time.process_time()
                _write(journal, made)
                write_s += time.monotonic() - started
                write_cpu_s += time.process_time() - cpu
            started = time.monotonic()
        write_s += time.monotonic() - started
        size = sum(path.stat().st_size for path in run.iterdir())
        started = time.monotonic()
        with Journal.open(run) as journal:
            open_s = time.monotonic() - started
            for number in range(problems):
                table = BehaviourTable(f"problem{number:05}/evidence", EQUALITY, journal)
                assert sum(1 for name in table.programs if not table.missing(name)) == PROGRAMS
            resume_s = time.monotonic() - started
            started = time.monotonic()
            assert sum(1 for _ in each_choice(journal)) == problems
            read_s = time.monotonic() - started
        started = time.monotonic()
        command = [sys.executable, "-m", "medalist", "report", str(run), "--out", f"{run}/r.html"]
        subprocess.run(command, check=True, capture_output=True)
        report_s = time.monotonic() - started
    return {
        "journal_outcomes": written,
        "journal_outcomes_per_s": round(written / write_s),
        "journal_outcomes_per_cpu_s": round(written / write_cpu_s),
        "bytes_per_outcome": round(size / written, 2),
        "journal_mb": round(size / 1e6, 1),
        "open_s": round(open_s, 3),
        "resume_s": round(resume_s, 2),
        "read_s": round(read_s, 2),
        "report_s": round(report_s, 2),
    }


@dataclass(frozen=True)
class Made:
    """What a run over one problem finds: inputs, programs, and a row of cells for each."""

    problem_id: str
    inputs: list[bytes]
    programs: list[Program]
    rows: list[list[OutcomeCell]]


def _make(problem_id: str, rng: random.Random) -> Made:
    behaviours = [list(_behaviour(rng)) for _ in range(BEHAVIOURS)]
    common = [f"x{rng.randrange(1000)} = {rng.randrange(10**6)}\n" for _ in range(40)]
    programs, rows = [], []
    for number in range(PROGRAMS):
        own = "".join(f"y{number} = {rng.getrandbits(64)}\n" for _ in range(4))
        votes = (f"{problem_id}/direct/python/{number}",)
        programs.append(
            Program(f"{rng.getrandbits(64):016x}", "python", own + "".join(common), votes)
        )
        behaviour = rng.choices(behaviours, weights=range(BEHAVIOURS, 0, -1))[0]
        seconds = rng.choices([0.012, 0.013, 0.014, 0.015, 0.02, 0.05], k=INPUTS)
        rows.append(
            [
                OutcomeCell(key, output, cpu_s)
                for (key, output), cpu_s in zip(behaviour, seconds, strict=True)
            ]
        )
    return Made(
        problem_id, [rng.randbytes(60).hex().encode() for _ in range(INPUTS)], programs, rows
    )


def _write(journal: Journal, made: Made) -> None:
    suite = f"{made.problem_id}/evidence"
    table = BehaviourTable(suite, EQUALITY, journal)
    table.add_inputs(made.inputs)
    behaviours = {
        program.program_id: table.add_cells(program.program_id, row)
        for program, row in zip(made.programs, made.rows, strict=True)
    }
    view = View(tuple(made.programs), behaviours)
    record(
        journal,
        made.problem_id,
        view,
        ChoiceTerms(suite=suite, rules=PolicyRules(), policy="first"),
    )


def _behaviour(rng: random.Random) -> Iterator[tuple[str, bytes | None]]:
    for _ in range(INPUTS):
        if rng.random() < 0.1:
            yield rng.choice(["!runtime", "!time"]), None
        else:
            output = str(rng.randrange(10**9)).encode()
            yield output_key(output, EQUALITY), canonical(output, EQUALITY)
