"""A run of the command line, told by the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from medalist.agent.report.facts import read_facts
from medalist.problems.formats import find_bundled
from tests.agent.command import medalist

PROBLEM = "warmer"


@pytest.mark.local
def test_a_run_is_judged_in_full_and_told(tmp_path: Path) -> None:
    package = find_bundled(PROBLEM)
    sources = {path: path.read_text() for path in sorted(package.glob("submissions/*/*.py"))}
    rows = [
        {"problem_id": PROBLEM, "candidate_id": f"c{number}", "language": "python", "source": text}
        for number, text in enumerate([*sources.values(), "print('unfinished"])
    ]
    pool = tmp_path / "pool.jsonl"
    pool.write_text("".join(json.dumps(row) + "\n" for row in rows))
    solved = medalist("solve", PROBLEM, "--pool", pool, "--out", "run", cwd=tmp_path)
    assert solved.returncode in (0, 1), solved.stderr

    judged = medalist("regret", "run", "--problem", package, cwd=tmp_path)
    assert judged.returncode == 0, judged.stderr
    told = medalist("report", "run", cwd=tmp_path)
    assert told.returncode == 0, told.stderr

    page = (tmp_path / "report.html").read_text("utf-8")
    assert str(tmp_path) not in page
    (problem,) = read_facts([tmp_path / "run"]).problems
    labels = [path.parent.name for path in sources]
    assert problem.right == labels.count("accepted")
    assert problem.unknown == 0
    assert problem.fates["does not compile"] == 1
    assert problem.fates["WA"] == labels.count("wrong_answer")
    assert set(problem.stages) == {"compiling", "observing", "submitting"}  # nothing was sampled
    assert problem.title in page
