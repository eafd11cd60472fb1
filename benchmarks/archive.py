"""How fast and in how much memory a large archive is listed.

Writes synthetic archives of growing size (each problem with 4 tests whose files are sparse, 16 MiB
each, so that reading them would show), lists them in a fresh process each, and prints time
and memory. The last line is one JSON object: `rows` (problems, seconds, cpu_s, peak_mb, grown_mb,
us_per_problem of CPU time, tests_gb) and `linear` (CPU time a problem of the largest archive over
that of the smallest).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS, TEST_BYTES = 4, 16 << 20

_LIST = """
import resource, sys, time
from medalist.problems.formats import load_archive
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start, cpu = time.perf_counter(), time.process_time()
count = sum(1 for entry in load_archive(sys.argv[1]) if entry.brief().title)
seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(count, seconds, cpu, peak / 1024, (peak - before) / 1024)
"""


def make(folder: Path, first: int, last: int) -> None:
    """Write problems with the numbers `first` to `last` - 1."""
    for number in range(first, last):
        package = folder / f"p{number:05}"
        (package / "problem_statement").mkdir(parents=True)
        (package / "data/secret").mkdir(parents=True)
        (package / "problem.yaml").write_text(f"name: Problem {number}\nlimits:\n  memory: 256\n")
        (package / "problem_statement/problem.en.tex").write_text(
            f"\\problemname{{Problem {number}}}\n" + "Some text. " * 200
        )
        for test in range(TESTS):
            for ending in ("in", "ans"):
                path = package / f"data/secret/{test:02}.{ending}"
                with path.open("wb") as file:
                    file.truncate(TEST_BYTES)


def measure(folder: Path, rounds: int) -> tuple[int, float, float, float, float]:
    """Return problems, seconds, CPU seconds, peak MiB, and MiB above those of the imports.

    Of several rounds the one with the least CPU time counts.
    """
    runs = []
    for _ in range(rounds):
        done = subprocess.run(
            [sys.executable, "-c", _LIST, str(folder)], check=True, capture_output=True, text=True
        )
        runs.append([float(word) for word in done.stdout.split()])
    best = min(runs, key=lambda run: run[2])
    return int(best[0]), best[1], best[2], best[3], best[4]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="100,1000,10000", help="numbers of problems")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="only the JSON line")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    root = Path(tempfile.mkdtemp(prefix="medalist-archive-"))
    rows = []
    try:
        done = 0
        for size in sizes:
            start = time.perf_counter()
            make(root, done, size)
            done = size
            made = time.perf_counter() - start
            count, seconds, cpu, peak, grown = measure(root, options.rounds)
            apparent = count * TESTS * 2 * TEST_BYTES / (1 << 30)
            rows.append(
                {
                    "problems": count,
                    "seconds": round(seconds, 3),
                    "cpu_s": round(cpu, 3),
                    "peak_mb": round(peak, 1),
                    "grown_mb": round(grown, 1),
                    "us_per_problem": round(cpu / count * 1e6),
                    "tests_gb": round(apparent, 1),
                }
            )
            if not options.json:
                print(
                    f"{count:6} problems, {apparent:7.1f} GiB of tests: listed in "
                    f"{seconds:7.2f} s ({cpu:.2f} s of CPU, "
                    f"{cpu / count * 1e6:.0f} us each), peak {peak:6.1f} MiB "
                    f"(+{grown:.1f}); written in {made:.1f} s",
                    flush=True,
                )
    finally:
        shutil.rmtree(root)
    linear = rows[-1]["us_per_problem"] / rows[0]["us_per_problem"]
    print(json.dumps({"rows": rows, "linear": round(linear, 2), "cpus": os.cpu_count()}))


if __name__ == "__main__":
    main()
