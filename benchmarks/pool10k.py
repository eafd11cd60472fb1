"""What it costs to judge a large pool of distinct programs, and where the time goes.

    python benchmarks/pool10k.py [--programs 300] [--problem modpairs] [--box B] [--json]

Half C++, half Python: a bundled problem's accepted solutions and mutants of them with one small
fault or more, so that they differ in what they do. Every program is compiled from nothing and run
on the same 20 tests until it fails, one thread a core, and every output is compared here.

CPU seconds: `compile` and `run` as the boxes measured them, `compare` and `overhead` (all the
rest of this process) as this process did. The last line with `--json` is one object:
`programs_per_minute_per_core` (by the clock), `cpu_hours_10k`, `peak_mb` (of this process),
`behaviours` (how many differ), and `growth`: programs done, seconds and peak at each step.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from medalist.agent.evidence.program_mutants import mutants
from medalist.problems.formats import load
from medalist.problems.judging.checkers import compare
from medalist.problems.model import Equality
from medalist.problems.secret import TestCase
from medalist.sandbox import languages
from medalist.sandbox.box import Executable, Run, Source
from medalist.sandbox.compile import Compiler, CompilerSettings
from medalist.sandbox.executables import ExecutableCache
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome
from medalist.sandbox.pool import Pool, open_pool

ARCHIVE = Path(__file__).parents[1] / "problems" / "archive"
TESTS = 20
FAULTS = (1, 2, 3, 4)
LIMITS = RunLimits(cpu_s=1.0, memory_bytes=256 * MIB)
STEPS = (100, 300, 1000, 3000, 10_000)
CACHE_BYTES = 1 << 30


def programs(accepted: Path, count: int) -> list[Source]:
    """Return `count` distinct programs, the two languages in turn."""
    families: tuple[tuple[str, str, str], ...] = (
        ("cpp", "cpp17", "reference.cpp"),
        ("python", "python3", "reference.py"),
    )
    half = (count + 1) // 2
    sources: list[list[Source]] = []
    for family, language, name in families:
        text = (accepted / name).read_text()
        if family == "cpp":  # as nearly all models begin theirs
            text = "#include <bits/stdc++.h>\n" + re.sub(r"(?m)^#include <.*\n", "", text)
        made: dict[str, None] = {text: None}
        for faults in FAULTS:
            variants = mutants(text, family, count=half, seed=1, faults=faults)
            made.update(dict.fromkeys(mutant.source for mutant in variants))
            if len(made) >= half:
                break
        assert len(made) >= half, f"{name} has only {len(made)} mutants"
        sources.append([languages.source(language, mutant) for mutant in islice(made, half)])
    return [source for pair in zip(*sources, strict=True) for source in pair][:count]


class Tally:
    """What all threads have spent so far, in CPU seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._start = time.monotonic()
        self.spent = dict.fromkeys(("compile", "run", "compare"), 0.0)
        self.behaviours: set[str] = set()
        self.done = self.accepted = self.refused = self.runs = 0
        self.growth: list[dict[str, float]] = []

    def add(self, compile_s: float, outcomes: list[Outcome] | None, right: int, s: float) -> None:
        with self._lock:
            self.done += 1
            self.spent["compile"] += compile_s
            self.spent["compare"] += s
            if outcomes is None:
                self.refused += 1
            else:
                self.runs += len(outcomes)
                self.accepted += right == TESTS
                self.spent["run"] += sum(outcome.cpu_s for outcome in outcomes)
                shown = [f"{o.status}{o.signal}".encode() + o.stdout for o in outcomes]
                self.behaviours.add(hashlib.sha256(b"\0".join(shown)).hexdigest())
            if self.done in STEPS:
                self.step()

    def step(self) -> None:
        seconds = round(time.monotonic() - self._start, 1)
        self.growth.append({"programs": self.done, "seconds": seconds, "peak_mb": peak_mb()})
        print(self.growth[-1], flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start


def peak_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def judge_one(
    pool: Pool,
    compiler: Compiler,
    source: Source,
    tests: list[tuple[TestCase, bytes, bytes]],
    equality: Equality,
    tally: Tally,
) -> None:
    compiled = compiler.compile(source)
    if compiled.executable is None:
        tally.add(compiled.cpu_s, None, 0, 0.0)
        return
    outcomes = list(run(pool, compiled.executable, tests))
    start = time.thread_time()
    right = sum(
        outcome.ok and compare(test, answer, outcome.stdout, equality).verdict == "AC"
        for outcome, (test, _, answer) in zip(outcomes, tests, strict=False)
    )
    tally.add(compiled.cpu_s, outcomes, right, time.thread_time() - start)


def run(
    pool: Pool, executable: Executable, tests: list[tuple[TestCase, bytes, bytes]]
) -> Iterator[Outcome]:
    with pool.box() as box:
        runs = (Run(given) for _, given, _ in tests)
        yield from box.run_many(executable, runs, LIMITS, stop_on_failure=True)


def measure(pool: Pool, package: Path, count: int) -> dict[str, object]:
    problem = load(package)
    assert problem.secret is not None
    tests = []
    for test in islice(problem.secret.all_tests(), TESTS):
        assert test.answer is not None
        tests.append((test, test.input.read(), test.answer.read()))
    assert len(tests) == TESTS
    sources = programs(package / "submissions" / "accepted", count)
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(pool.size) as threads:
        cache = ExecutableCache(Path(folder), bound_bytes=CACHE_BYTES)
        compiler = Compiler("pool", pool.lease_compiler, CompilerSettings(cache=cache))
        own = time.process_time()
        equality = problem.public.equality
        for _ in threads.map(
            lambda source: judge_one(pool, compiler, source, tests, equality, tally), sources
        ):
            pass
        own = time.process_time() - own
    if count not in STEPS:
        tally.step()
    spent = tally.spent | {"overhead": own - tally.spent["compare"]}
    return {
        "programs_per_minute_per_core": round(60 * count / tally.seconds / pool.size, 1),
        "cpu_hours_10k": round(sum(spent.values()) / count * 10_000 / 3600, 3),
        "peak_mb": peak_mb(),
        "programs": count,
        "runs": tally.runs,
        "accepted": tally.accepted,
        "refused": tally.refused,
        "behaviours": len(tally.behaviours),
        "cpu_s": {name: round(value, 2) for name, value in spent.items()},
        "growth": tally.growth,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=int, default=300)
    parser.add_argument("--problem", default="modpairs")
    parser.add_argument("--box", choices=("auto", "docker", "local"), default="auto")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with open_pool(options.box) as pool:
        print(pool.note)
        result = measure(pool, ARCHIVE / options.problem, options.programs)
    for key, value in result.items():
        print(f"{key:30} {value}")
    if options.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
