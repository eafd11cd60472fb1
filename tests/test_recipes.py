"""The diffs of docs/extending.md apply to the source as it stands, and what they add works."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from medalist.agent.choose.policy import View
from medalist.agent.choose.recorded_pool import Recorded, write_pool
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint
from medalist.agent.types import Behaviour, Feedback, Program
from medalist.problems.formats import find_bundled
from medalist.problems.verdict import Verdict
from tests.agent.command import environment

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/extending.md"
PERL = 'use strict;\nmy ($a, $b) = split " ", scalar <STDIN>;\nprint $a + $b, "\\n";\n'


@pytest.fixture(scope="module")
def patched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source with all diffs of the page applied, each to the letter."""
    copy = tmp_path_factory.mktemp("source")
    for name in ("agent", "problems", "sandbox", "src"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, copy / name, symlinks=True, ignore=ignored)
    for name in ("Dockerfile.runner", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    for diff in _diffs():
        subprocess.run(["git", "apply", "-C1"], cwd=copy, input=diff, text=True, check=True)
    return copy


def _diffs() -> list[str]:
    return re.findall(r"^```diff\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)


def _medalist(source: Path, *args: str | Path, **extra: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "medalist", *map(str, args)],
        env=environment(PYTHONPATH=str(source / "src"), **extra),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_table_counts_the_files_of_each_diff() -> None:
    rows = re.findall(r"^\| \[.*?\| (\d) \| (\d) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    counted = [(diff.count("\n+++ "), diff.count("--- /dev/null")) for diff in _diffs()]
    assert [(int(files), int(new)) for files, new in rows] == counted


def test_the_diffs_keep_the_rules_of_the_house(patched: Path) -> None:
    names = re.findall(r"^\+\+\+ b/(\S+\.py)$", "\n".join(_diffs()), re.M)
    for check in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *check, *names],
            cwd=patched,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.local
@pytest.mark.skipif(not Path("/usr/bin/perl").exists(), reason="no perl on this machine")
def test_a_new_language_solves_a_problem_of_a_new_format(patched: Path, tmp_path: Path) -> None:
    package = tmp_path / "sum"
    (package / "tests").mkdir(parents=True)
    (package / "tests/1.in").write_text("3 4\n")
    (package / "tests/1.out").write_text("7\n")
    problem = {
        "title": "Sum",
        "statement": "Print the sum of two numbers.",
        "samples": [{"input": "1 2\n", "output": "3\n"}],
        "tests": ["1"],
    }
    (package / "bundle.json").write_text(json.dumps(problem))
    args = ("--lang", "perl", "-n", "2", "--evidence", "0", "--search", "once", "--json")
    with ScriptedEndpoint(lambda _: Reply(f"```perl\n{PERL}```")) as endpoint:
        url = endpoint.base_url
        out = tmp_path / "run"
        shown = _medalist(patched, "solve", package, *args, "--out", out, OPENAI_BASE_URL=url)
    result = json.loads(shown)
    assert (result["solved"], result["verdict"]) == (True, "AC")
    assert Path(result["source"]).read_text() == PERL


def test_a_new_policy_plays_a_pool_under_the_rules_of_a_new_kind(
    patched: Path, tmp_path: Path
) -> None:
    programs = tuple(Program(name, "python", name, (name,)) for name in ("longer", "short"))
    behaviours = {
        program.program_id: Behaviour.of(program.program_id, (program.source,), (0.0,))
        for program in programs
    }
    truth = {"short": Feedback(Verdict.AC), "longer": Feedback(Verdict.WA)}
    pool = tmp_path / "pool.jsonl"
    write_pool(pool, [Recorded("p", View(programs, behaviours), truth)])
    args = ("--policy", "shortest", "--submissions", "1", "--rules", "leetcode", "--json")
    assert "shortest" in _medalist(patched, "replay", pool, *args)


def test_a_new_model_has_its_price(patched: Path) -> None:
    assert "models.example/prices" in _medalist(patched, "model", "prices", "house-coder-2")


@pytest.mark.local
def test_a_contest_of_a_new_kind_is_played_to_its_standings(patched: Path, tmp_path: Path) -> None:
    folder = find_bundled("warmer") / "submissions"
    wrong = (folder / "wrong_answer/from_zero.py").read_text(encoding="utf-8")
    right = (folder / "accepted/reference.py").read_text(encoding="utf-8")
    contest = tmp_path / "round.yaml"
    contest.write_text(
        "name: Weekly\nrules: leetcode\nduration: 1:30:00\nproblems: [warmer]\n"
        "participants: [{id: a, effort: low, candidates: 4, width: 2, evidence: 0, lang: python}]\n"
    )
    answers = itertools.chain([wrong] * 2, itertools.repeat(right))
    run = tmp_path / "run"
    with ScriptedEndpoint(lambda _: Reply(f"```python\n{next(answers)}```")) as endpoint:
        url = endpoint.base_url
        board = _medalist(patched, "contest", "run", contest, "--out", run, OPENAI_BASE_URL=url)
    assert re.search(r"\d:\d\d:\d\d", board.partition("participant")[2]), board
    row = json.loads(_medalist(patched, "contest", "standings", run, "--json"))["rows"][0]
    cell = row["problems"]["A"]
    assert (row["total"], cell["rejected"]) == (3, 1)
    assert row["penalty"] == int(cell["time_s"]) + 5 * 60
