"""What must not change while the house is rebuilt: submissions of every policy, verdicts.

`make` writes `benchmarks/golden/*.json` from the code as it is; `check` (the default) makes the
same again and says what differs. Submissions come from the recorded pools and runs in the
repository, verdicts from the bundled archive's labelled submissions in both boxes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args

from medalist.agent.choose.policies import POLICIES, policy_named
from medalist.agent.choose.policy import PolicyRules
from medalist.agent.choose.policy_replay import play
from medalist.agent.choose.recorded_pool import Recorded
from medalist.agent.commands.replay import load_recorded

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
POOL = HERE / "pools/humaneval-codegen16b.pool.jsonl.xz"
RUNS = HERE.parent / "tests/data/runs-0.1.0.tar.xz"
Kind = Literal["icpc", "ioi", "codeforces"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST = 20
"""Submissions a problem that are compared."""


def submissions() -> dict[str, Any]:
    """Return for each source, contest kind and policy what is submitted, in order, by a digest."""
    table: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, tarfile.open(RUNS) as archive:
        archive.extractall(folder, filter="data")
        for source in (POOL, Path(folder, "solve"), Path(folder, "batch")):
            problems, own = load_recorded(source, None)
            for kind in KINDS:
                for name in POLICIES:
                    table[f"{source.name} {kind} {name}"] = {
                        problem.problem_id: _played(name, kind, problem, own[problem.problem_id])
                        for problem in problems
                    }
    return table


def _played(policy: str, kind: Kind, problem: Recorded, own: PolicyRules) -> str:
    """Return how many submissions are made, and a digest of which in which order."""
    names = sorted({name for feedback in problem.truth.values() for name in feedback.subtasks})
    rules = PolicyRules(
        kind=kind,
        submissions=MOST,
        wrong_cost=0.05 if kind == "codeforces" else 0.0,
        subtasks=(own.subtasks or dict.fromkeys(names, 1.0)) if kind == "ioi" else {},
    )
    made = [submission.program_id for submission, _ in play(policy_named(policy), problem, rules)]
    return f"{len(made)} {hashlib.sha256(repr(made).encode()).hexdigest()[:12]}"


def verdicts(box: str) -> Iterator[tuple[str, str]]:
    """Yield each labelled submission of the bundled archive with its verdict and score."""
    report = subprocess.run(
        [
            sys.executable, "-m", "medalist", "problems", "check",
            str(HERE.parent / "problems/archive"), "--box", box, "--json", "--fresh",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    for line in report.stdout.splitlines():
        row = json.loads(line)
        name = f"{row['problem']} {row['submission']}"
        yield name, json.dumps({key: row.get(key) for key in ("verdict", "score", "agrees")})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=("make", "check"), default="check")
    parser.add_argument("--only", choices=("submissions", "local", "docker"), action="append")
    options = parser.parse_args()
    differing = 0
    for name in options.only or ("submissions", "local", "docker"):
        now = submissions() if name == "submissions" else dict(sorted(verdicts(name)))
        path = GOLDEN / f"{'submissions' if name == 'submissions' else 'verdicts'}.json"
        if options.what == "make" and name != "docker":
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(now, indent=0, sort_keys=True) + "\n", encoding="utf-8")
        known = json.loads(path.read_text(encoding="utf-8"))
        rows = sum(map(_count, now.values()))
        wrong = list(_differences(known, now))
        differing += len(wrong)
        print(f"{name}: {rows} compared, {len(wrong)} differ")
        for line in wrong[:20]:
            print(f"  {line}")
    sys.exit(bool(differing))


def _count(value: Any) -> int:
    return sum(map(_count, value.values())) if isinstance(value, dict) else 1


def _differences(known: Any, now: Any, path: str = "") -> Iterator[str]:
    if isinstance(known, dict) and isinstance(now, dict):
        for key in sorted({*known, *now}):
            yield from _differences(known.get(key), now.get(key), f"{path} {key}".strip())
    elif known != now:
        yield f"{path}: was {known}, is {now}"


if __name__ == "__main__":
    main()
