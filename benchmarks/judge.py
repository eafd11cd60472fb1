"""What a run costs: bare vfork and exec, our boxes, and the usual ways to run untrusted code.

    python benchmarks/judge.py [--rounds N] [--json]

All contenders execute the same static C program, which adds two numbers, and take turns in
rounds, so that a busy machine is unfair to none. "docker" and "local" are measured from
`run_many` to `Outcome`s in Python, with all limits on and outputs read. The last line with
`--json` is one object: `docker_ratio` and `local_ratio` (medians, against bare), and for every
contender median and minimum in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from medalist.errors import EngineError
from medalist.sandbox import languages
from medalist.sandbox.box import Run
from medalist.sandbox.docker_engine import connect
from medalist.sandbox.image_inputs import image_tag
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.pool import Kind, open_pool

ADD = r"""
#include <stdio.h>
int main(void) { long long a, b; if (scanf("%lld %lld", &a, &b) != 2) return 1;
                 printf("%lld\n", a + b); return 0; }
"""
BARE = r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
int main(int argc, char **argv) {
  (void)argc;
  for (int i = 0; i < atoi(argv[3]); i++) {
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    int in = open(argv[2], O_RDONLY), out = open("/dev/null", O_WRONLY);
    pid_t pid = vfork();
    if (pid == 0) { dup2(in, 0); dup2(out, 1); execl(argv[1], argv[1], (char *)0); _exit(127); }
    int status;
    waitpid(pid, &status, 0);
    close(in);
    close(out);
    clock_gettime(CLOCK_MONOTONIC, &b);
    if (status) return 1;
    printf("%ld\n", (b.tv_sec - a.tv_sec) * 1000000000L + b.tv_nsec - a.tv_nsec);
  }
  return 0;
}
"""
INPUT = b"20 22\n"
OUTPUT = b"42\n"
Contender = Callable[[], list[float]]
"""Runs a share of a round and returns milliseconds, one a run."""


def bare(folder: Path, runs: int) -> Contender:
    for name, text in (("bare", BARE), ("add", ADD)):
        (folder / f"{name}.c").write_text(text)
        flags = ["-O2", "-static", "-o", str(folder / name), str(folder / f"{name}.c")]
        subprocess.run(["gcc", *flags], check=True)
    (folder / "input").write_bytes(INPUT)
    argv = [str(folder / "bare"), str(folder / "add"), str(folder / "input"), str(runs)]

    def measure() -> list[float]:
        done = subprocess.run(argv, check=True, capture_output=True)
        return [int(line) / 1e6 for line in done.stdout.split()]

    return measure


@contextmanager
def our_box(kind: Kind, runs: int) -> Iterator[Contender]:
    with open_pool(kind) as pool, pool.box() as box:
        executable = pool.compile(languages.source("c17", ADD)).executable
        assert executable is not None

        def measure() -> list[float]:
            start = time.perf_counter()
            outcomes = list(box.run_many(executable, [Run(INPUT)] * runs, RunLimits()))
            elapsed = time.perf_counter() - start
            assert all(outcome.ok and outcome.stdout == OUTPUT for outcome in outcomes)
            return [elapsed / runs * 1e3]

        measure()  # the first use starts the box
        yield measure


def timed(argv: list[str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(argv, input=INPUT, check=True, capture_output=True)
    elapsed = time.perf_counter() - start
    assert done.stdout == OUTPUT
    return elapsed * 1e3


@contextmanager
def docker_exec(folder: Path) -> Iterator[Contender]:
    mount = f"{folder}:/bench:ro"
    base = ["docker", "run", "--rm", "-d", "--network", "none", "-v", mount]
    container = subprocess.run(
        [*base, "--entrypoint", "sleep", image_tag(), "3600"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    try:
        yield lambda: [timed(["docker", "exec", "-i", container, "/bench/add"])]
    finally:
        subprocess.run(["docker", "rm", "-f", container], check=True, capture_output=True)


def docker_run(folder: Path) -> Contender:
    argv = ["docker", "run", "--rm", "-i", "--network", "none", "-v", f"{folder}:/bench:ro"]
    return lambda: [timed([*argv, "--entrypoint", "/bench/add", image_tag()])]


def bubblewrap(folder: Path) -> Contender:
    argv = ["bwrap", "--unshare-all", "--ro-bind", "/usr", "/usr"]
    argv += ["--ro-bind", str(folder), "/bench", "--proc", "/proc", "--dev", "/dev"]
    argv += ["--tmpfs", "/tmp", "/bench/add"]
    return lambda: [timed(argv) for _ in range(5)]


def enter_contenders(stack: ExitStack, folder: Path, runs: int) -> dict[str, Contender]:
    contenders = {"bare": bare(folder, runs)}
    for kind in ("docker", "local"):
        try:
            contenders[kind] = stack.enter_context(our_box(kind, runs))
        except EngineError as error:
            print(f"{kind}: left out, {error}", file=sys.stderr)
    if shutil.which("bwrap"):
        contenders["bwrap a run"] = bubblewrap(folder)
    if "docker" in contenders and shutil.which("docker"):
        connect().close()
        contenders["docker exec"] = stack.enter_context(docker_exec(folder))
        contenders["docker run"] = docker_run(folder)
    return contenders


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--runs", type=int, default=50, help="runs a round of the fast contenders")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="medalist-bench-")))
        contenders = enter_contenders(stack, folder, options.runs)
        times: dict[str, list[float]] = {name: [] for name in contenders}
        for _ in range(options.rounds):
            for name, measure in contenders.items():
                times[name] += measure()
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"{'':12} {'n':>6} {'median ms':>10} {'min ms':>8} {'ratio':>7} {'added ms':>9}")
    for name, values in times.items():
        median = medians[name]
        print(
            f"{name:12} {len(values):6} {median:10.3f} {min(values):8.3f} "
            f"{median / medians['bare']:7.2f} {median - medians['bare']:9.3f}"
        )
    if options.json:
        result: dict[str, object] = {
            f"{kind}_ratio": round(medians[kind] / medians["bare"], 3) if kind in medians else None
            for kind in ("docker", "local")
        }
        result["median_ms"] = {name: round(value, 4) for name, value in medians.items()}
        result["min_ms"] = {name: round(min(values), 4) for name, values in times.items()}
        print(json.dumps(result))


if __name__ == "__main__":
    main()
