"""How long evidence and choosing take, how much memory, and how both grow.

    python benchmarks/choosing.py [--box B] [--core N] [--largest N] [--no-runs] [--json]

First 1,000 programs x 100 inputs are really run (one small C program under many names: what is
measured is the runs, the outcomes' table and its journal), then choosing is timed on recorded
outcomes of up to 10,000 programs x 256 inputs: reading them into a table, clusters, beliefs with
the first decision, and 50 submissions, all rejected. The outcomes are made so that a tenth of the
programs agree everywhere, half differ from them on a few inputs, and the rest on many. With
`--json` the last line is one object: `runs` (programs, inputs, seconds, runs a second), `choosing`
(a list of `programs, inputs, table_s, clusters_s, first_s, fifty_s, peak_mb`, the last for the
whole process so far) and `growth` (the exponent of time in the number of programs, over the largest
step).
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import PolicyRules, View
from medalist.agent.choose.policy_replay import play
from medalist.agent.choose.recorded_pool import Recorded
from medalist.agent.evidence.behaviour_table import BehaviourTable, OutcomeCell
from medalist.agent.evidence.matrix import FillOptions, fill
from medalist.agent.journal import Journal
from medalist.agent.types import Feedback, Program
from medalist.errors import MedalistError
from medalist.problems.model import Equality
from medalist.problems.verdict import Verdict
from medalist.sandbox import languages
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.pool import open_pool

INPUTS = 256
ADDER = '#include <stdio.h>\nint main(void) { int a; scanf("%d", &a); printf("%d\\n", a / 7); }\n'


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Speed of evidence and choosing.")
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--core", type=int, action="append", help="cores to use; all")
    parser.add_argument("--largest", type=int, default=10_000, help="programs")
    parser.add_argument("--no-runs", action="store_true", help="recorded outcomes only")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        runs = None if options.no_runs else measure_runs(options.box, options.core)
        sizes = [size for size in (1000, 2500, 5000, 10_000, 20_000) if size <= options.largest]
        rows = [measure_choosing(size) for size in sizes]
    except MedalistError as error:
        print(f"choosing: {error}", file=sys.stderr)
        return error.exit_code
    growth = None
    if len(rows) > 1:
        step = rows[-1]["programs"] / rows[-2]["programs"]
        growth = math.log(_seconds(rows[-1]) / _seconds(rows[-2])) / math.log(step)
        print(f"time grows with programs to the power of {growth:.2f}")
    if options.json:
        print(json.dumps({"runs": runs, "choosing": rows, "growth": growth}))
    return 0


def measure_runs(box: str, cores: list[int] | None) -> dict[str, float]:
    """Run 1,000 programs on 100 inputs each, outcomes journalled."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Journal.open(Path(folder)) as journal,
        open_pool(box, cores=cores) as pool,  # type: ignore[arg-type]
    ):
        executable = pool.compile(languages.source("c17", ADDER)).executable
        assert executable is not None
        table = BehaviourTable("speed", Equality(), journal)
        table.add_inputs(f"{number}\n".encode() for number in range(100))
        started = time.perf_counter()
        programs = ((f"p{number}", executable) for number in range(1000))
        for _ in fill(table, programs, pool, FillOptions(RunLimits(), workers=pool.size)):
            pass
        seconds = time.perf_counter() - started
        cores_used = pool.size
    print(f"1,000 programs x 100 inputs: {seconds:.1f} s on {cores_used} cores")
    return {"programs": 1000, "inputs": 100, "seconds": seconds, "runs_per_s": 100_000 / seconds}


def measure_choosing(programs: int) -> dict[str, Any]:
    """Choose among so many programs from recorded outcomes."""
    cells = _outcomes(programs)
    marks = [time.perf_counter()]
    table = BehaviourTable("speed", Equality())
    table.add_inputs(str(number).encode() for number in range(INPUTS))
    for name, keys in cells.items():
        table.add_cells(name, [OutcomeCell(key, None, 0.01) for key in keys])
    view = View(
        tuple(Program(name, "cpp", "", (name,)) for name in cells),
        {name: table.behaviour(name) for name in cells},
    )
    marks.append(time.perf_counter())
    clusters = len(view.clusters)
    marks.append(time.perf_counter())
    policy = ExpectedGain()
    policy.decide(view, [], PolicyRules(submissions=50))
    marks.append(time.perf_counter())
    wrong = {name: Feedback(Verdict.WA) for name in cells}
    play(policy, Recorded("speed", view, wrong), PolicyRules(submissions=50))
    marks.append(time.perf_counter())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    spent = [after - before for before, after in pairwise(marks)]
    print(
        f"{programs:>6} programs x {INPUTS} inputs, {clusters} clusters: table {spent[0]:.2f} s, "
        f"clusters {spent[1]:.2f} s, first decision {spent[2]:.2f} s, 50 submissions "
        f"{spent[3]:.2f} s, peak {peak:.0f} MB",
        flush=True,
    )
    names = ("table_s", "clusters_s", "first_s", "fifty_s")
    return {
        "programs": programs,
        "inputs": INPUTS,
        "clusters": clusters,
        **dict(zip(names, spent, strict=True)),
        "peak_mb": peak,
    }


def _outcomes(programs: int) -> dict[str, list[str]]:
    rng = random.Random(1)
    right = [f"={rng.getrandbits(64):016x}" for _ in range(INPUTS)]
    result = {}
    for number in range(programs):
        keys = list(right)
        if number % 10:
            for _ in range(rng.randint(1, 8) if number % 2 else rng.randint(40, 200)):
                keys[rng.randrange(INPUTS)] = f"={rng.randrange(40):016x}"
        result[f"p{number}"] = keys
    return result


def _seconds(row: dict[str, Any]) -> float:
    return sum(row[name] for name in ("table_s", "clusters_s", "first_s", "fifty_s"))


if __name__ == "__main__":
    sys.exit(main())
