"""How fast and in how much memory a large archive is listed.

Writes synthetic archives of growing size (each problem with 4 tests whose files are sparse, 16 MiB
each, so that reading them would show), lists them in a fresh process each, and prints time
and memory. The last line is one JSON object: `rows` (problems, seconds, cpu_s, peak_mb, grown_mb,
us_per_problem of CPU time, tests_gb) and `linear` (CPU time a problem of the largest archive over
that of the smallest).

With `--formats` archives of `--sizes` problems (300,900 unless given) of every format are listed,
and every problem is loaded by its address; what is counted is work, not time: calls of functions
and bytes read, a problem. Linear is a ratio near 1.
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

from archive_formats import NAMES
from archive_formats import make as make_format

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


_COUNT = """
import sys
from medalist.problems.formats import load, load_archive

def read():
    with open("/proc/self/io") as file:
        return int(file.readline().split()[1])

def work(path):
    entries = list(load_archive(path))
    for entry in entries:
        entry.brief()
    for entry in entries:
        load(entry.path)
    return len(entries)

work(sys.argv[1])  # imports
calls = 0
def called(frame, event, argument):
    global calls
    calls += event in ("call", "c_call")
before = read()
sys.setprofile(called)
count = work(sys.argv[2])
sys.setprofile(None)
print(count, calls, read() - before)
"""


def count_formats(root: Path, sizes: list[int], names: list[str]) -> dict[str, dict[str, float]]:
    """Return, by format, calls and bytes read a problem for the largest size, and the ratios of
    both to those of the smallest."""
    result = {}
    for name in names:
        figures = []
        warm = make_format(name, root, 2)
        for size in (sizes[0], sizes[-1]):
            path = make_format(name, root, size)
            done = subprocess.run(
                [sys.executable, "-c", _COUNT, str(warm), str(path)],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            count, calls, read = map(int, done.stdout.split())
            assert count == size, (name, count)
            figures.append((calls / count, read / count))
        (calls_few, read_few), (calls, read) = figures
        result[name] = {
            "calls": round(calls),
            "read_bytes": round(read),
            "calls_ratio": round(calls / calls_few, 2),
            "read_ratio": round(read / read_few, 2),
        }
        print(f"{name:12} {result[name]}", flush=True)
    return result


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
    parser.add_argument("--sizes", help="numbers of problems (default: 100,1000,10000)")
    parser.add_argument(
        "--formats",
        nargs="?",
        const=",".join(NAMES),
        help=f"count work for these formats (default: all of {', '.join(NAMES)})",
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="only the JSON line")
    options = parser.parse_args()
    default = "300,900" if options.formats else "100,1000,10000"
    sizes = sorted(int(size) for size in (options.sizes or default).split(","))
    root = Path(tempfile.mkdtemp(prefix="medalist-archive-"))
    if options.formats:
        try:
            formats = count_formats(root, sizes, options.formats.split(","))
        finally:
            shutil.rmtree(root)
        worst = max(max(row["calls_ratio"], row["read_ratio"]) for row in formats.values())
        print(json.dumps({"formats": formats, "sizes": sizes, "worst_ratio": worst}))
        return
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
