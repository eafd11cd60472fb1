"""What compiling costs: plain `g++ -O2` against ours, cold and from the cache.

    python benchmarks/compile.py [--box auto|docker|local] [--programs N] [--json]

The programs are the C++ submissions of the bundled problems, in the ways that contestants and
models begin theirs: with `bits/stdc++.h` (two fifths), with pragmas before it (one fifth), with
the headers they need (two fifths). Every program is distinct. Plain and ours take turns in the
same box; times are CPU seconds as the box measured them, for a hit those of this process.

The last line with `--json` is one object: `cold_ratio` and `hit_ratio` (sums, against plain),
`identical` (how many binaries equal, byte for byte, those made without precompiled headers, of
`programs`), the cost of making the headers, and a table for each way to begin and each linker.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from medalist.sandbox import languages
from medalist.sandbox.box import Command, Run
from medalist.sandbox.compile import LIMITS, Compiler, CompilerSettings
from medalist.sandbox.executables import ExecutableCache
from medalist.sandbox.headers import LIMITS as HEADER_LIMITS
from medalist.sandbox.headers import Headers
from medalist.sandbox.languages import LANGUAGES, OUTPUT
from medalist.sandbox.outcome import Outcome
from medalist.sandbox.pool import Pool, open_pool
from medalist.sandbox.preamble import Preamble, preamble_of
from medalist.sandbox.session import Session

ARCHIVE = Path(__file__).parents[1] / "problems" / "archive"
CPP = LANGUAGES["cpp17"]
PLAIN = ("/usr/bin/g++", "-std=gnu++17", "-O2", "./main.cpp", "-o", OUTPUT)
EVERYTHING = "#include <bits/stdc++.h>\n"
PRAGMAS = '#pragma GCC optimize("O3,unroll-loops")\n#pragma GCC target("avx2")\n'
LINKERS = ("bfd", "gold", "mold", "lld")


@dataclass(frozen=True)
class Program:
    style: str
    text: str


def programs() -> Iterator[Program]:
    """Yield distinct programs for ever, the styles in turn."""
    bodies = []
    for path in sorted(ARCHIVE.glob("*/submissions/*/*.cpp")):
        text = path.read_text()
        if '#include "' not in text:
            bodies.append(text)
    number = 0
    while True:
        for body in bodies:
            without = re.sub(r"(?m)^#include <.*\n", "", body)
            for style, text in (
                ("bits", EVERYTHING + without),
                ("lists", body),
                ("pragmas", PRAGMAS + EVERYTHING + without),
                ("bits", EVERYTHING + "using namespace std;\n" + without),
                ("lists", body),
            ):
                number += 1
                yield Program(style, f"{text}\nint program_{number} = {number};\n")


def execute(session: Session, argv: tuple[str, ...], files: dict[str, bytes]) -> Outcome:
    (outcome,) = session.run(Command(argv, files=files), [Run(collect=(OUTPUT,))], LIMITS)
    return outcome


def compile_in_box(pool: Pool, argv: tuple[str, ...], program: Program) -> Outcome:
    with pool.lease_compiler() as session:
        outcome = execute(session, argv, {"main.cpp": program.text.encode()})
    assert outcome.ok, outcome
    return outcome


def make_headers(pool: Pool, chosen: list[Program], folder: Path) -> dict[str, float]:
    """Make every header that the programs can use; say how many and what the largest costs."""
    eager = Headers(pays_after=1)
    maker = Compiler(
        "eager", pool.lease_compiler, CompilerSettings(cache=ExecutableCache(folder), headers=eager)
    )
    preambles: dict[Preamble | None, Program] = {}
    for program in chosen:
        preambles.setdefault(preamble_of(program.text.encode()), program)
    for program in preambles.values():
        maker.compile(languages.source("cpp17", program.text))
    flags = CPP.compile[: CPP.compile.index("{sources}")]
    with pool.lease_compiler() as session:
        argv = (*flags, "-x", "c++-header", "./main.h", "-o", OUTPUT)
        command = Command(argv, files={"main.h": EVERYTHING.encode()})
        (outcome,) = session.run(command, [Run()], HEADER_LIMITS)
    return {"distinct": len(preambles), "largest_cpu_s": round(outcome.cpu_s, 2)}


def linkers(pool: Pool, program: Program) -> dict[str, float | None]:
    """CPU seconds of linking one object file statically with each linker; None if not there."""
    files = {"main.cpp": program.text.encode()}
    result: dict[str, float | None] = {}
    with pool.lease_compiler() as session:
        object_argv = ("/usr/bin/g++", "-std=gnu++17", "-O2", "-c", "./main.cpp", "-o", OUTPUT)
        object_file = execute(session, object_argv, files).files[OUTPUT]
        for linker in LINKERS:
            argv = ("/usr/bin/g++", "-static", "-s", f"-fuse-ld={linker}", "./main.o", "-o", OUTPUT)
            outcomes = [execute(session, argv, {"main.o": object_file}) for _ in range(7)]
            times = [outcome.cpu_s for outcome in outcomes if outcome.ok]
            result[linker] = statistics.median(times) if times else None
    return result


def measure(pool: Pool, count: int) -> dict[str, object]:
    chosen = list(islice(programs(), count))
    plain: dict[str, list[float]] = defaultdict(list)
    cold: dict[str, list[float]] = defaultdict(list)
    hits: list[float] = []
    identical = 0
    with tempfile.TemporaryDirectory() as folder:
        headers = make_headers(pool, chosen, Path(folder, "eager"))
        cache = ExecutableCache(Path(folder, "ours"))
        ours = Compiler("benchmark", pool.lease_compiler, CompilerSettings(cache=cache))
        for program in chosen:
            source = languages.source("cpp17", program.text)
            plain[program.style].append(compile_in_box(pool, PLAIN, program).cpu_s)
            result = ours.compile(source)
            cold[program.style].append(result.cpu_s)
            start = time.thread_time()
            again = ours.compile(source)
            hits.append(time.thread_time() - start)
            assert again.cached
            assert again.executable == result.executable
            without = compile_in_box(pool, CPP.compile_argv(source), program)
            assert result.executable is not None, result.message
            identical += without.files == result.executable.files
    total = sum(map(sum, plain.values()))
    return {
        "cold_ratio": round(sum(map(sum, cold.values())) / total, 3),
        "hit_ratio": round(sum(hits) / total, 4),
        "programs": count,
        "identical": identical,
        "plain_s": round(total / count, 3),
        "headers": headers,
        "styles": {
            style: {
                "programs": len(plain[style]),
                "plain_s": round(statistics.median(plain[style]), 3),
                "ours_s": round(statistics.median(cold[style]), 3),
                "ratio": round(sum(cold[style]) / sum(plain[style]), 3),
            }
            for style in plain
        },
        "link_s": linkers(pool, chosen[0]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--box", choices=("auto", "docker", "local"), default="auto")
    parser.add_argument("--programs", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with open_pool(options.box) as pool:
        print(pool.note)
        result = measure(pool, options.programs)
    for key, value in result.items():
        if isinstance(value, dict):
            for name, row in value.items():
                print(f"{key:12} {name:14} {row}")
        else:
            print(f"{key:12} {value}")
    if options.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
