"""`medalist stress` on bundled problems: each wrong submission against an accepted one.

    python benchmarks/stress.py [--problems a,b] [--seconds 60] [--json]

Says, for each, whether a counterexample was found, how long that took (to the first difference, and
in all: sandbox, compiling, cutting down), and how far it was cut down.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from medalist.problems.formats import bundled_archive

PROBLEMS = "turnstile,meetings,climb,decode,modpairs"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--problems", default=PROBLEMS)
    parser.add_argument("--seconds", default="60")
    parser.add_argument("--box", default="local")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = [
        {"problem": name, "program": wrong.name, **stressed(name, wrong, right, options)}
        for name in options.problems.split(",")
        for wrong, right in pairs(bundled_archive() / name / "submissions")
    ]
    if options.json:
        print(json.dumps(rows))
        return 0
    print("| problem | wrong submission | verdict | inputs | to the first, s | in all, s | bytes |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        cells = [row["problem"], row["program"], row.get("verdict", "none")]
        cells += [row["compared"], f"{row['seconds']:.1f}", f"{row['all_s']:.1f}"]
        cells.append(f"{row['found_bytes']} -> {row['bytes']}" if row["difference"] else "")
        print(f"| {' | '.join(map(str, cells))} |")
    return 0


def pairs(folder: Path) -> Iterator[tuple[Path, Path]]:
    right = sorted((folder / "accepted").iterdir())[0]
    for wrong in sorted((folder / "wrong_answer").iterdir()):
        yield wrong, right


def stressed(name: str, wrong: Path, right: Path, options: argparse.Namespace) -> dict[str, Any]:
    started = time.monotonic()
    command = [sys.executable, "-m", "medalist", "stress", str(wrong), str(right), "-p", name]
    command += ["--seconds", options.seconds, "--box", options.box, "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if not done.stdout.strip():
        raise SystemExit(done.stderr)
    result: dict[str, Any] = json.loads(done.stdout)
    return {**result, "all_s": time.monotonic() - started}


if __name__ == "__main__":
    sys.exit(main())
