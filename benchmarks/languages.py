"""What compiling and running cost in each language, and how large the runner images are.

    python benchmarks/languages.py [--rounds N] [--json]

The program is the smallest of each language (`known_good` of the sandbox's table). `bare` is one
start of the same command on this machine, on one core; `local` and `docker` are a run in a box,
with all limits on. All take turns in rounds. `ms` is wall time from start to end, which other work
on the machine lengthens, `cpu_ms` the CPU time of the process, with what is allowed for a start;
`ratio` is that of wall times. A language that is missing in a box, or on this machine, is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from medalist.errors import EngineError, MissingPrerequisite
from medalist.sandbox import languages
from medalist.sandbox.box import Executable, Run
from medalist.sandbox.docker_engine import connect
from medalist.sandbox.image_inputs import ALL_LANGUAGES, image_tag
from medalist.sandbox.language import Machine
from medalist.sandbox.languages import FAMILIES, LANGUAGES
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.pool import HostPool, open_pool

ROWS = ("c17", "cpp20", "python3", "pypy3", "java", "kotlin", "rust", "go", "csharp", "javascript")
RUNS = 2
MEMORY_MB = 256


def bare_ms(executable: Executable, folder: Path, core: int) -> tuple[float, float]:
    """Return the wall time and the CPU time of one start, milliseconds."""
    command = LANGUAGES[executable.language].command(executable, MEMORY_MB)
    for name, content in executable.files.items():
        path = folder / name
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        path.chmod(0o755)
    argv = ["./" + executable.main if command.binary else command.argv[0], *command.argv[1:]]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), **command.env}
    mask = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        start, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(argv, cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)
        wall, now = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
        return wall * 1e3, cpu * 1e3
    finally:
        os.sched_setaffinity(0, mask)


class Contender:
    """One language in one pool: times of runs there, and of the same program without a box."""

    def __init__(self, pool: HostPool, name: str) -> None:
        text = FAMILIES[LANGUAGES[name].family].known_good
        # A comment that no cache has seen: what compiling costs is to be seen.
        mark = "#" if LANGUAGES[name].family == "python" else "//"
        source = languages.source(name, f"{mark} {time.time_ns()}\n{text}")
        result = pool.compile(source)
        assert result.executable is not None, result.message
        self.pool, self.name, self.executable = pool, name, result.executable
        self.compile_s, self.times = result.cpu_s, list[float]()
        self.memory_mb, self.bare = 0.0, list[tuple[float, float]]()
        self.cpu = list[float]()

    def round(self, folder: Path) -> None:
        row = LANGUAGES[self.name]
        spare = row.machine or Machine(0, 16)
        limits = RunLimits(
            cpu_s=5.0,
            memory_bytes=(MEMORY_MB + spare.spare_mb) * MIB,
            processes=max(16, spare.threads),
        )
        command = row.command(self.executable, MEMORY_MB)
        with self.pool.box() as box:
            list(box.session.run(command, [Run()], limits))
            start = time.perf_counter()
            outcomes = list(box.session.run(command, [Run()] * RUNS, limits))
            self.times.append((time.perf_counter() - start) / RUNS * 1e3)
        self.cpu += [outcome.cpu_s * 1e3 for outcome in outcomes]
        assert all(outcome.ok and outcome.stdout.strip() == b"1" for outcome in outcomes)
        self.memory_mb = max(outcome.memory_bytes for outcome in outcomes) / MIB
        if self.pool.name == "local":
            core = self.pool.cores[0]
            self.bare += [bare_ms(self.executable, folder, core) for _ in range(RUNS)]

    def line(self) -> dict[str, object]:
        here = statistics.median(self.times)
        bare = statistics.median(wall for wall, _ in self.bare) if self.bare else None
        bare_cpu = statistics.median(cpu for _, cpu in self.bare) if self.bare else None
        return {
            "box": self.pool.name,
            "language": self.name,
            "compile_cpu_s": round(self.compile_s, 3),
            "run_ms": round(here, 2),
            "bare_ms": bare and round(bare, 2),
            "ratio": bare and round(here / bare, 2),
            "cpu_ms": round(statistics.median(self.cpu), 2),
            "bare_cpu_ms": bare_cpu and round(bare_cpu, 2),
            "memory_mb": round(self.memory_mb, 1),
        }


def image_sizes() -> dict[str, int | None]:
    client = connect()
    result = {tag for image in client.images.list() for tag in image.tags}
    return {
        tag: client.images.get(tag).attrs["Size"] // 10**6 if tag in result else None
        for tag in (image_tag(), image_tag(ALL_LANGUAGES))
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    contenders: list[Contender] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="medalist-bench-")))
        for kind in ("local", "docker"):
            try:
                pool = stack.enter_context(open_pool(kind))
            except EngineError as error:
                print(f"{kind}: left out, {error}", file=sys.stderr)
                continue
            for name in ROWS:
                try:
                    contenders.append(Contender(pool, name))
                except MissingPrerequisite as error:
                    print(f"{kind}: {error}", file=sys.stderr)
        for _ in range(options.rounds):
            for contender in contenders:
                contender.round(folder)
    lines = [contender.line() for contender in contenders]
    for line in lines:
        print(json.dumps(line) if options.json else "  ".join(map(str, line.values())))
    sizes = image_sizes()
    print(json.dumps({"images_mb": sizes}) if options.json else sizes)


if __name__ == "__main__":
    main()
