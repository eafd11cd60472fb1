"""Hostile and honest programs mixed at full load, for minutes: nothing may leak, no verdict err.

    python benchmarks/soak.py [--minutes 10] [--box auto|docker|local] [--seed 1] [--json]

One thread a core takes hostile programs of the suite in random order (those that ask for what
cannot compile are left out, the others are each checked as the suite does) and, between them,
honest programs whose output is known. At the end the descriptors, threads, memory, processes
and, with Docker, containers of this process are compared with those at the start.

Exit code 1 if anything was wrong. The last line with `--json` is one object: `checks, honest,
wrong` and what was counted at `start` and `end`.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from medalist.sandbox import languages, selftest
from medalist.sandbox.box import Executable, Run
from medalist.sandbox.docker_engine import connect
from medalist.sandbox.languages import LANGUAGES
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.owner import LABEL, owner_prefix
from medalist.sandbox.pool import Pool, open_pool

HONEST = {
    "cpp17": "#include <iostream>\nint main() { long n; std::cin >> n; std::cout << n * n; }\n",
    "python3": "n = int(input())\nprint(n * n)\n",
}
LIMITS = RunLimits(cpu_s=2.0, memory_bytes=128 * MIB)
MAX_GROWTH_MB = 64.0


class Soak:
    """What all threads share."""

    def __init__(self, pool: Pool, seconds: float, seed: int) -> None:
        self._pool = pool
        self._seconds = seconds
        self._until = 0.0
        self._seed = seed
        self._lock = threading.Lock()
        self._tester = selftest.Tester(pool)
        self._cases = [
            case
            for case in selftest.cases()
            if not case.compile_error and self._tester.excuse(case) is None
        ]
        self._honest = {language: self._compiled(language) for language in HONEST}
        self.checks = self.honest = 0
        self.wrong: list[str] = []

    def _compiled(self, language: str) -> Executable:
        executable = self._pool.compile(languages.source(language, HONEST[language])).executable
        assert executable is not None
        return executable

    def start_every_box(self) -> None:
        """Boxes are started when they are first needed: what they hold is not a leak."""
        command = LANGUAGES["python3"].command(self._honest["python3"])
        with ExitStack() as held:
            for _ in range(self._pool.size):
                for session in (
                    held.enter_context(self._pool.box()).session,
                    held.enter_context(self._pool.box(secret=True)).session,
                    held.enter_context(self._pool.lease_compiler()),
                ):
                    assert all(outcome.ok for outcome in session.run(command, [Run(b"1")], LIMITS))

    def run(self) -> None:
        self._until = time.monotonic() + self._seconds
        threads = [threading.Thread(target=self._work, args=(n,)) for n in range(self._pool.size)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self, number: int) -> None:
        rng = random.Random(self._seed + number)
        while time.monotonic() < self._until:
            self._one_hostile(rng)
            self._some_honest(rng)

    def _one_hostile(self, rng: random.Random) -> None:
        case = rng.choice(self._cases)
        promise = self._tester.check(case)
        with self._lock:
            self.checks += 1
            if not promise.kept:
                self.wrong.append(f"{case.name}: {promise.detail}")
                print(self.wrong[-1], flush=True)

    def _some_honest(self, rng: random.Random) -> None:
        executable = self._honest[rng.choice(sorted(self._honest))]
        numbers = [rng.randrange(10**6) for _ in range(10)]
        with self._pool.box() as box:
            outcomes = list(box.run_many(executable, [Run(b"%d\n" % n) for n in numbers], LIMITS))
        right = [
            int(o.stdout) == n * n if o.ok else False
            for o, n in zip(outcomes, numbers, strict=False)
        ]
        with self._lock:
            self.honest += len(right)
            if not all(right) or len(right) < len(numbers):
                self.wrong.append(f"honest: {outcomes}")
                print(self.wrong[-1], flush=True)


def count(pool: Pool) -> dict[str, float]:
    """Count what a leak would make more of."""
    gc.collect()
    status = Path("/proc/self/status").read_text()
    (rss,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    children = Path(f"/proc/self/task/{threading.main_thread().native_id}/children").read_text()
    counts: dict[str, float] = {
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "threads": threading.active_count(),
        "children": len(children.split()),
        "rss_mb": round(int(rss) / 1024, 1),
    }
    if pool.name == "docker":
        client = connect()
        all_boxes = client.containers.list(all=True, filters={"label": LABEL})
        counts["containers"] = sum(box.labels[LABEL] == owner_prefix() for box in all_boxes)
        client.close()
    return counts


def leaks(start: dict[str, float], end: dict[str, float]) -> list[str]:
    return [
        f"{what}: {start[what]} at the start, {end[what]} at the end"
        for what in start
        if end[what] > start[what] + (MAX_GROWTH_MB if what == "rss_mb" else 0)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--box", choices=("auto", "docker", "local"), default="auto")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with open_pool(options.box) as pool:
        print(pool.note)
        soak = Soak(pool, 60 * options.minutes, options.seed)
        soak.start_every_box()
        start = count(pool)
        soak.run()
        end = count(pool)
    wrong = soak.wrong + leaks(start, end)
    result = {
        "checks": soak.checks,
        "honest": soak.honest,
        "wrong": wrong,
        "start": start,
        "end": end,
    }
    for key, value in result.items():
        print(f"{key:8} {value}")
    if options.json:
        print(json.dumps(result))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
