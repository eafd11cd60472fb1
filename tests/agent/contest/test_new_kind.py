"""A kind of contest is one class and one line in the table: every command then knows it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from medalist.agent.choose.policy import View
from medalist.agent.choose.recorded_pool import Recorded, write_pool
from medalist.agent.contest.events import ContestOpened
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint
from medalist.agent.types import Behaviour, Feedback, Program
from medalist.problems.formats import find_bundled
from medalist.problems.verdict import Verdict
from tests.agent.command import environment

COMMAND = Path(__file__).with_name("leetcode.py")
ROOT = Path(__file__).parents[3]


def _start(*args: str | Path, **extra: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(COMMAND), *map(str, args)],
        env=environment(PYTHONPATH=str(ROOT), **extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def _run(*args: str | Path, **extra: str) -> str:
    process = _start(*args, **extra)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out


def _answers() -> Iterator[Reply]:
    """Two answers that pass the samples and no more, then right ones."""
    folder = find_bundled("warmer") / "submissions"
    wrong = (folder / "wrong_answer" / "from_zero.py").read_text()
    right = (folder / "accepted" / "reference.py").read_text()
    yield from [Reply(f"```python\n{wrong}```")] * 2
    while True:
        yield Reply(f"```python\n{right}```")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("leetcode")
    entry = {"candidates": 4, "width": 2, "evidence": 0}
    contest = {
        "name": "Weekly",
        "rules": {"kind": "leetcode", "penalty_min": 6},
        "duration": 5400,
        "problems": ["warmer"],
        "participants": [{"id": "a", **entry}],
    }
    (folder / "contest.yaml").write_text(json.dumps(contest))
    answers = _answers()
    with ScriptedEndpoint(lambda _: next(answers)) as endpoint:
        run = folder / "run"
        args = ("contest", "run", folder / "contest.yaml", "--out", run, "--box", "local")
        _run(*args, OPENAI_BASE_URL=endpoint.base_url)
    return run


@pytest.mark.local
def test_a_contest_of_a_new_kind_is_played_and_its_standings_are_shown(played: Path) -> None:
    shown = json.loads(_run("contest", "standings", played, "--json"))
    assert shown["kind"] == "leetcode"
    row = shown["rows"][0]
    assert row["total"] == 3
    cell = row["problems"]["A"]
    assert cell["rejected"] == 1
    assert row["penalty"] == int(cell["time_s"]) + 6 * 60 * cell["rejected"]
    screen = _run("contest", "standings", played)
    assert re.search(r"\d:\d\d:\d\d", screen.partition("participant")[2]), screen


@pytest.mark.local
def test_a_new_kind_is_served_and_exported(played: Path, tmp_path: Path) -> None:
    _run("contest", "export", played, tmp_path / "package", "--as", "contest-package")
    package = tmp_path / "package"
    assert json.loads((package / "contest.json").read_text())["scoreboard_type"] == "score"
    board = json.loads((package / "scoreboard.json").read_text())
    assert board["rows"][0]["score"]["score"] == 3
    process = _start("contest", "serve", played, "--port", "0")
    try:
        assert process.stderr is not None
        address = re.search(r"http\S+", process.stderr.readline())
        assert address is not None
        contest: dict[str, Any] = httpx.get(f"{address[0]}data/contest").json()
    finally:
        process.kill()
        process.communicate()
    assert contest["kind"] == "leetcode"
    assert contest["totals"] == [{"name": "Points", "as": None}, {"name": "Finish", "as": "clock"}]
    assert (contest["scored"], contest["times"]) == (True, "clock")


def test_a_pool_is_replayed_under_the_rules_of_a_new_kind(tmp_path: Path) -> None:
    programs = tuple(Program(name, "python", name, (name,)) for name in ("right", "wrong"))
    behaviours = {
        program.program_id: Behaviour.of(program.program_id, (f"={program.program_id}",), (0.0,))
        for program in programs
    }
    truth = {"right": Feedback(Verdict.AC), "wrong": Feedback(Verdict.WA)}
    pool = tmp_path / "pool.jsonl"
    write_pool(pool, [Recorded("p", View(programs, behaviours), truth)])
    args = ("replay", pool, "--policy", "random", "--submissions", "1,2", "--json")
    assert json.loads(_run(*args, "--rules", "leetcode"))["problems"] == 1
    process = _start(*args, "--rules", "chess")
    _, error = process.communicate(timeout=300)
    assert process.returncode == 2
    assert "leetcode" in error


def test_the_parameters_of_a_kind_are_checked_where_they_stand() -> None:
    opened = {"contest_id": "x", "name": "x", "duration_s": 60}
    for rules, field in (
        ({"kind": "icpc", "penalty": 20}, ("rules", "penalty")),
        ({"kind": "chess"}, ("rules",)),
        ({"penalty_min": 20}, ("rules",)),
        (7, ("rules",)),
    ):
        with pytest.raises(ValueError, match=r"rules") as caught:
            ContestOpened.model_validate({**opened, "rules": rules})
        assert caught.value.errors()[0]["loc"] == field  # type: ignore[attr-defined]
