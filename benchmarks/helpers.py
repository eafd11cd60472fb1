"""What bad helpers do to a choice: generators and validators of all kinds, on the same candidates.

    python benchmarks/helpers.py [--seeds N] [--problems ID,ID] [-n N] [--json]

A scripted endpoint plays the model: its programs are the bundled packages' own right and wrong
submissions, its generators and validators those of `tests/data/player`, or bad ones. For each
problem, seed and kind of helpers one `medalist solve` chooses one program among the same `-n` (8)
candidates and submits it. Printed are the mean score over problems and seeds (0 to 1) by kind, and
how often a kind ended worse, or better, than no helpers at all. The exit code is 1 if a bad kind
ended worse in sum.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from medalist.agent.llm.scripted.scripted import ScriptedEndpoint
from medalist.agent.llm.scripted.scripted_answers import (
    FAULTS,
    Fault,
    Repertoire,
    ScriptedAnswers,
    read_repertoires,
)

ROOT = Path(__file__).resolve().parent.parent
PLAYER = ROOT / "tests" / "data" / "player"
ARCHIVE = ROOT / "problems" / "archive"
KINDS: dict[str, tuple[Fault, ...] | None] = {
    "no helpers": None,
    "good helpers": (),
    **{fault: (fault,) for fault in FAULTS if fault != "the judge says A"},
    "all faults": FAULTS,
}


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description="What bad helpers do to a choice.")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument(
        "--problems", default=",".join(sorted(one.name for one in PLAYER.iterdir()))
    )
    parser.add_argument("-n", type=int, default=8, dest="count")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    known = read_repertoires(ARCHIVE, PLAYER)
    scores: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for problem in options.problems.split(","):
        for seed in range(options.seeds):
            for kind, faults in KINDS.items():
                scores[kind].append(_score(known, problem, seed, options.count, faults))
        print(f"{problem}: done", file=sys.stderr, flush=True)
    rows = {kind: _row(found, scores["no helpers"]) for kind, found in scores.items()}
    print("| helpers | mean score | worse | better |\n|---|---|---|---|")
    for kind, (mean, worse, better) in rows.items():
        print(f"| {kind} | {mean:.3f} | {worse} | {better} |")
    if options.json:
        print(json.dumps({kind: list(row) for kind, row in rows.items()}))
    return int(any(row[0] < rows["no helpers"][0] for row in rows.values()))


def _score(
    known: list[Repertoire], problem: str, seed: int, count: int, faults: tuple[Fault, ...] | None
) -> float:
    """Solve once; return the share of the points."""
    player = ScriptedAnswers(known, seed=seed, faults=faults or ())
    with ScriptedEndpoint(player) as endpoint, tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "medalist", "solve", problem, "-n", str(count), "--json"]
        command += ["--search", "once", "--model", "writer", "--out", f"{folder}/run"]
        command += ["--always-submit"]
        command += ["--generators", "0"] if faults is None else []
        environment = os.environ | {"OPENAI_BASE_URL": endpoint.base_url}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if not done.stdout:
        raise RuntimeError(done.stderr)
    result = json.loads(done.stdout)
    return float(result["solved"]) if result["score"] is None else float(result["score"]) / 100


def _row(found: list[float], without: list[float]) -> tuple[float, int, int]:
    pairs = list(zip(found, without, strict=True))
    worse = sum(one < other for one, other in pairs)
    better = sum(one > other for one, other in pairs)
    return sum(found) / max(1, len(found)), worse, better


if __name__ == "__main__":
    sys.exit(main())
