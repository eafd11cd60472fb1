"""Whether verdicts on a busy machine are those of a quiet one.

    python benchmarks/busy.py [--programs N] [--loops N] [--box docker|local] [--json]

N programs are compiled and judged twice, alone and beside busy loops that are bound to no core.
No compilation comes from the cache. Most programs, and the checker, are several processes one
after another or threads that take turns, as compilers and shell scripts are; some are wrong, crash,
loop, sleep or do not compile. The table shows how many compilations and runs were stopped as idle
or failed for another reason than their own, how many verdicts differ, and how long it took. The
last line with `--json` is one object with the same figures.

A machine is quiet enough for the first half if nothing but this runs.
"""

from __future__ import annotations

import argparse
import json
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice

from medalist.problems.helper import Helper
from medalist.problems.judging import Judgement, judge
from medalist.problems.model import ProblemLimits, PublicProblem
from medalist.problems.secret import Blob, Group, Problem, SecretProblem, TestCase
from medalist.problems.verdict import Verdict
from medalist.sandbox import languages
from medalist.sandbox.box import Source
from medalist.sandbox.pool import HostPool, open_pool

_BURN = """
import os, sys, time
def burn(s):
    pid = os.fork()
    if pid == 0:
        while time.process_time() < s: pass
        os._exit(0)
    os.waitpid(pid, 0)
"""
CHECKER = f"""{_BURN}
for _ in range(3): burn(0.1)
sys.exit(42 if sys.stdin.read().split() == open(sys.argv[2]).read().split() else 43)
"""
PROGRAMS: dict[str, tuple[str, str, Verdict]] = {
    "children": ("python3", f"{_BURN}\nfor _ in range(5): burn(0.12)\nprint(input())", Verdict.AC),
    "threads": (
        "python3",
        ("import threading, time\ndef burn():\n  end = time.thread_time() + 0.1\n"
        "  while time.thread_time() < end: pass\n"
        "for _ in range(5):\n  t = threading.Thread(target=burn); t.start(); t.join()\n"
        "print(input())"),
        Verdict.AC,
    ),
    "forks": (
        "cpp17",
        ("#include <bits/stdc++.h>\n#include <unistd.h>\n#include <sys/wait.h>\n"
        "int main() { int n; std::cin >> n; for (int i = 0; i < 40; i++) if (fork() == 0) {\n"
        "  while (clock() < CLOCKS_PER_SEC / 80) {} _exit(0); } else wait(nullptr);\n"
        "  std::cout << n; }"),
        Verdict.AC,
    ),
    "right": ("cpp17", ("#include <regex>\n#include <iostream>\nint main() { std::string s; "
              "std::cin >> s; if (std::regex_match(s, std::regex(\"[0-9]+\"))) std::cout << s; }"),
              Verdict.AC),
    "wrong": ("cpp17", "#include <iostream>\nint main() { std::cout << 4; }", Verdict.WA),
    "crashes": ("cpp17", "#include <cstdlib>\nint main() { abort(); }", Verdict.RTE),
    "loops": ("c17", "int main(void) { for (volatile int i = 0;;) i = 1; }", Verdict.TLE),
    "does not compile": ("cpp17", "#include <map>\nint main() { return y; }", Verdict.CE),
    "sleeps": ("python3", "import time; time.sleep(100)", Verdict.ILE),
    "many threads": (
        "cpp17",
        ("#include <iostream>\n#include <thread>\n#include <vector>\nint main() { int n;\n"
        "std::cin >> n; std::vector<std::thread> t; for (int i = 0; i < 8; i++) t.emplace_back([] {"
        "for (volatile long i = 0; i < 20000000; i++) {} }); for (auto &x : t) x.join();\n"
        "std::cout << n; }"),
        Verdict.AC,
    ),
}  # fmt: skip


def problem() -> Problem:
    """Print the number that is read, on two tests, by a checker of several processes."""
    tests = tuple(
        TestCase(f"secret/{n}", Blob.of(b"%d\n" % n), Blob.of(b"%d\n" % n)) for n in (5, 7)
    )
    checker = Helper("check.py", "python3", {"check.py": CHECKER.encode()}, "check.py")
    public = PublicProblem(
        problem_id="busy", statements={"en": "?"}, limits=ProblemLimits(time_s=1.0, memory_mb=256)
    )
    secret = SecretProblem((Group("secret", tests),), checker=checker, validation_s=2.0)
    return Problem(public, secret)


def sources(count: int) -> list[tuple[str, Source]]:
    """Take turns through the programs; no two texts are equal, and none was seen before."""
    made: list[tuple[str, Source]] = []
    while len(made) < count:
        for name, (language, text, _) in islice(PROGRAMS.items(), count - len(made)):
            mark = "#" if language == "python3" else "//"
            made.append(
                (name, languages.source(language, f"{text}\n{mark} {secrets.token_hex(8)}\n"))
            )
    return made


@contextmanager
def busy_loops(count: int) -> Iterator[None]:
    """So many processes that want a core each."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def judged(pool: HostPool, programs: Sequence[tuple[str, Source]]) -> list[Judgement]:
    asked = problem()
    with ThreadPoolExecutor(pool.size) as workers:
        return list(workers.map(lambda one: judge(asked, one[1], pool), programs))


def figures(programs: Sequence[tuple[str, Source]], judgements: Sequence[Judgement],
            seconds: float) -> dict[str, float]:  # fmt: skip
    """Count what happened to compilations and runs, against what each program is."""
    meant = [PROGRAMS[name][2] for name, _ in programs]
    pairs = list(zip(meant, judgements, strict=True))
    idle = [j for want, j in pairs if j.verdict is Verdict.ILE and want is not Verdict.ILE]
    return {
        "compilations": len(pairs),
        "wrong CE": sum(j.verdict is Verdict.CE is not want for want, j in pairs),
        "runs": sum(j.verdict is not Verdict.CE for _, j in pairs),
        "wrong ILE": len(idle),
        "JE": sum(j.verdict is Verdict.JE for _, j in pairs),
        "unexpected": sum(j.verdict is not want for want, j in pairs),
        "seconds": round(seconds, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=int, default=44)
    parser.add_argument("--loops", type=int, default=8)
    parser.add_argument("--box", choices=("docker", "local", "auto"), default="auto")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows: dict[str, dict[str, float]] = {}
    verdicts: dict[str, list[Verdict]] = {}
    with open_pool(options.box) as pool:
        print(f"{pool.note}; {pool.size} boxes, {options.programs} programs")
        for name, loops in (("quiet", 0), (f"{options.loops} busy loops", options.loops)):
            programs = sources(options.programs)
            start = time.monotonic()
            with busy_loops(loops):
                judgements = judged(pool, programs)
            rows[name] = figures(programs, judgements, time.monotonic() - start)
            verdicts[name] = [judgement.verdict for judgement in judgements]
            for (kind, _), one in zip(programs, judgements, strict=True):
                if one.verdict is not PROGRAMS[kind][2]:
                    print(f"  {name}: {kind}: {one.verdict} {one.message}")
    quiet, busy = verdicts.values()
    differing = sum(a is not b for a, b in zip(quiet, busy, strict=True))
    columns = list(next(iter(rows.values())))
    print(f"{'':16}" + "".join(f"{column:>14}" for column in columns))
    for name, row in rows.items():
        print(f"{name:16}" + "".join(f"{row[column]:14g}" for column in columns))
    print(f"verdicts: {dict(Counter(busy))}; {differing} differ from the quiet machine's")
    if options.json:
        print(json.dumps({"rows": rows, "differing": differing}))


if __name__ == "__main__":
    main()
