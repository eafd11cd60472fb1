"""The embedded model beside the judge: in turns on all cores, or each on cores of its own.

    python benchmarks/cores.py [--size 0.5b] [--answers 8] [--runs 400] [--box local] [--json]

The same work both ways: `answers` answers of 96 tokens, and `runs` runs of a small C++ program in
boxes. In turns: first all answers with a thread on every core, then all runs with a box on every
core. Split: answers on the first half of the cores and runs on the second, at the same time. Needs
a machine with nothing else to do. The last line with `--json` is one object: `turns_s`, `split_s`,
`turns` and `split` (seconds of answers and of runs apart), `cores`.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from medalist.agent.llm import Message, Request, open_model
from medalist.sandbox import languages
from medalist.sandbox.box import Run
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.pool import open_pool

PROGRAM = b"""#include <cstdio>
int main() { unsigned x = 1; for (int i = 0; i < 60000000; ++i) x = x * 1664525 + 1013904223;
std::printf("%u", x); }
"""
ROW = 20  # runs that share a box
TOKENS = 96


def answer(size: str, count: int, cores: Sequence[int]) -> float:
    """Generate; return seconds without the model's start."""
    os.sched_setaffinity(0, cores)  # of this thread; the server's process inherits it
    model = open_model(f"embedded:{size}")
    message = (Message("user", "Count upwards from 1 in words."),)
    try:
        list(model.complete([Request("warm-up", message, max_tokens=1)]))
        requests = [Request(f"r{n}", message, max_tokens=TOKENS, seed=n) for n in range(count)]
        started = time.monotonic()
        list(model.complete(requests))
        return time.monotonic() - started
    finally:
        model.close()


def run(box: str, count: int, cores: Sequence[int]) -> float:
    """Run programs in boxes; return seconds without the boxes' start."""
    with open_pool(box, cores=cores) as pool:  # type: ignore[arg-type]
        built = pool.compile(languages.source("cpp17", PROGRAM)).executable
        assert built is not None

        def row(_: int) -> None:
            with pool.box() as one:
                for outcome in one.run_many(built, [Run()] * ROW, RunLimits(cpu_s=5.0)):
                    assert outcome.ok, outcome

        with ThreadPoolExecutor(len(cores)) as workers:
            list(workers.map(row, range(len(cores))))
            started = time.monotonic()
            list(workers.map(row, range(count // ROW)))
            return time.monotonic() - started


def together(*jobs: Callable[[], float]) -> list[float]:
    """Do jobs at the same time; return what each returned."""
    result = [0.0] * len(jobs)

    def do(place: int) -> None:
        result[place] = jobs[place]()

    threads = [threading.Thread(target=do, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", default="0.5b")
    parser.add_argument("--answers", type=int, default=8)
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    half = len(cores) // 2
    assert half, "one core cannot be split"
    # Each way in its own threads: a thread's cores stay as they were set.
    turns = [
        *together(lambda: answer(options.size, options.answers, cores)),
        *together(lambda: run(options.box, options.runs, cores)),
    ]
    split = together(
        lambda: answer(options.size, options.answers, cores[:half]),
        lambda: run(options.box, options.runs, cores[half:]),
    )
    result = {
        "cores": len(cores),
        "turns_s": round(sum(turns), 2),
        "split_s": round(max(split), 2),
        "turns": [round(turn, 2) for turn in turns],
        "split": [round(word, 2) for word in split],
    }
    for name, value in result.items():
        print(f"{name:8} {value}")
    if options.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
