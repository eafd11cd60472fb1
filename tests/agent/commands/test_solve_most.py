"""`medalist solve --most`: more candidates than -n, as long as the policy expects that they pay."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.problems.formats import find_bundled

pytestmark = pytest.mark.local

PROBLEM = "warmer"


def right(_: SeenRequest) -> Reply:
    source = (find_bundled(PROBLEM) / "submissions/accepted/reference.py").read_text()
    return Reply(f"```python\n{source}\n```")


def nothing(_: SeenRequest) -> Reply:
    return Reply("I do not know.")


def mostly_nothing(seen: SeenRequest) -> Reply:
    """Nothing in the first 16 answers, the right program in all others."""
    return right(seen) if seen.index >= 16 else nothing(seen)


def solve(endpoint: ScriptedEndpoint, folder: Path, *more: str) -> CompletedProcess[str]:
    return medalist(
        "solve", PROBLEM, "--lang", "python", "--model", "writer", "--json", "--out", "run",
        "--generators", "0", "--tests", "0", "--pair-generators", "0",
        *more, cwd=folder, OPENAI_BASE_URL=endpoint.base_url,
    )  # fmt: skip


@pytest.mark.local
def test_where_nothing_is_found_it_asks_up_to_the_most_and_no_further(tmp_path: Path) -> None:
    options = ["-n", "4", "--most", "13", "--width", "4", "--search", "rounds"]
    with ScriptedEndpoint(nothing) as endpoint:
        done = solve(endpoint, tmp_path, *options)
        assert done.returncode == 1, done.stderr
        assert json.loads(done.stdout)["candidates"] == 13
        assert len(endpoint.log) == 13
        solve(endpoint, tmp_path, *options)
        assert len(endpoint.log) == 13, "the same command asks nothing again"
        solve(endpoint, tmp_path, *options, "--most", "15")
        assert len(endpoint.log) == 15


@pytest.mark.local
def test_what_all_candidates_agree_on_ends_the_asking(tmp_path: Path) -> None:
    with ScriptedEndpoint(right) as endpoint:
        done = solve(endpoint, tmp_path, "-n", "128", "--most", "400")
        assert done.returncode == 0, done.stderr
        assert len(endpoint.log) == 128


@pytest.mark.local
def test_it_goes_on_until_something_is_found(tmp_path: Path) -> None:
    options = ["-n", "16", "--submissions", "0"]
    with ScriptedEndpoint(mostly_nothing) as endpoint:
        alone = solve(endpoint, tmp_path, *options)
        assert alone.returncode == 1, alone.stderr
        done = solve(endpoint, tmp_path, *options, "--most", "400")
        assert done.returncode == 0, done.stderr
        assert 16 < len(endpoint.log) < 400
        assert json.loads(done.stdout)["candidates"] == len(endpoint.log)


def test_fewer_than_the_candidates_are_refused(tmp_path: Path) -> None:
    with ScriptedEndpoint(nothing) as endpoint:
        done = solve(endpoint, tmp_path, "-n", "8", "--most", "7")
    assert done.returncode == 2
    assert "--most: 7 is below the 8 candidates that are asked for in any case" in done.stderr
    row = {"problem_id": PROBLEM, "candidate_id": "1", "source": "int x;", "language": "cpp"}
    (tmp_path / "pool.jsonl").write_text(json.dumps(row))
    done = medalist("solve", PROBLEM, "--pool", "pool.jsonl", "--most", "99", cwd=tmp_path)
    assert done.returncode == 2
    assert "a pool asks no model" in done.stderr


@pytest.mark.parametrize(("search", "least"), [("once", 8), ("tree", 2)])
def test_a_dry_run_says_the_range(search: str, least: int, tmp_path: Path) -> None:
    options = ["-n", "8", "--most", "24", "--search", search, "--dry-run"]
    with ScriptedEndpoint(nothing) as endpoint:
        done = solve(endpoint, tmp_path, *options)
        assert not endpoint.log
    result = json.loads(done.stdout)
    assert result["calls"] == [least, 24]
    assert result["tokens"][1] > 2 * result["tokens"][0]
