"""How `medalist solve` searches where nobody says: it ends early, and repairs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.problems.formats import find_bundled

pytestmark = pytest.mark.local

PROBLEM = "warmer"
WRONG = "for _ in range(2):\n    input()\nprint(-{})"


def fenced(program: str) -> Reply:
    return Reply(f"```python\n{program}\n```")


def right() -> str:
    return (find_bundled(PROBLEM) / "submissions/accepted/reference.py").read_text()


def asked(seen: SeenRequest) -> str:
    return str(seen.body["messages"][-1]["content"])


@pytest.mark.local
def test_an_easy_problem_ends_early_by_default(tmp_path: Path) -> None:
    def varied(seen: SeenRequest) -> Reply:
        return fenced(f"{right()}\nunused = {seen.index % 2}")

    with ScriptedEndpoint(varied) as endpoint:
        done = medalist("solve", PROBLEM, "--json", cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verdict"] == "AC"
    assert len(endpoint.log) == 8, "one round of 32 answers"


@pytest.mark.local
def test_what_fails_is_repaired_by_default(tmp_path: Path) -> None:
    def once_told(seen: SeenRequest) -> Reply:
        told = "wrong answer on a sample" in asked(seen)
        return fenced(right() if told else WRONG.format(seen.index))

    with ScriptedEndpoint(once_told) as endpoint:
        done = medalist(
            "solve", PROBLEM, "-n", "16", "--lang", "python", "--json", "--generators", "0",
            "--tests", "0", "--pair-generators", "0", "--evidence", "4",
            cwd=tmp_path,
            OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verdict"] == "AC"
    repairs = sum("wrong answer on a sample" in asked(seen) for seen in endpoint.log)
    assert 0 < repairs <= len(endpoint.log) / 2


@pytest.mark.local
def test_a_tree_of_the_default_size_repairs_and_says_what_it_ignores(tmp_path: Path) -> None:
    with ScriptedEndpoint(lambda seen: fenced(WRONG.format(seen.index))) as endpoint:
        done = medalist(
            "solve", PROBLEM, "--search", "tree", "--prompts", "direct", "--lang", "python",
            "--generators", "0", "--tests", "0", "--pair-generators", "0", "--evidence", "4",
            "--json", cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "--prompts is ignored" in done.stderr
    repairs = sum("wrong answer on a sample" in asked(seen) for seen in endpoint.log)
    assert repairs >= 8
    assert len(endpoint.log) == 32
