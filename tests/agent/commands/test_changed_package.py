"""A run whose package has changed since says so and judges again, without asking again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.agent.batch import packages
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

pytestmark = pytest.mark.local


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[ScriptedEndpoint]:
    packages.make(tmp_path / "archive", 2)

    def reply(seen: SeenRequest) -> Reply:
        said = json.dumps(seen.body["messages"])
        task = next(task for task in packages.TASKS if f"The {task} of" in said)
        return Reply(packages.answer(task, "right"))

    with ScriptedEndpoint(reply, "llama-3-instruct") as server:
        yield server


def test_solve_judges_again_by_other_tests(endpoint: ScriptedEndpoint, tmp_path: Path) -> None:
    solve = ("solve", "archive/sum-00", "-n", "2", "--lang", "cpp", "--out", "run", "--json")
    env = {"OPENAI_BASE_URL": endpoint.base_url}
    first = medalist(*solve, cwd=tmp_path, **env)
    assert json.loads(first.stdout)["verdict"] == "AC", first.stderr
    asked = len(endpoint.log)
    answers = sorted((tmp_path / "archive/sum-00/data/secret").glob("*.ans"))
    before = answers[0].read_text()
    answers[0].write_text("12345\n")
    second = medalist(*solve, cwd=tmp_path, **env)
    assert "its tests have changed since this run judged it: 1 submissions" in second.stderr
    assert json.loads(second.stdout)["verdict"] == "WA"
    assert second.returncode == 1
    answers[0].write_text(before)
    third = medalist(*solve, cwd=tmp_path, **env)
    assert json.loads(third.stdout)["verdict"] == "AC", third.stderr
    assert len(endpoint.log) == asked
    told = medalist("explain", "run", cwd=tmp_path)
    assert "WA" not in told.stdout


def test_batch_judges_those_again_whose_packages_changed(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    batch = (
        "batch", "archive", "-n", "2", "--lang", "cpp", "--schedule", "equal", "--out", "run",
        "--json",
    )  # fmt: skip
    env = {"OPENAI_BASE_URL": endpoint.base_url}
    first = medalist(*batch, cwd=tmp_path, **env)
    assert "2 of 2 problems solved" in first.stderr, first.stderr
    asked = len(endpoint.log)
    # One gets another answer, the other one another limit.
    answers = sorted((tmp_path / "archive/sum-00/data/secret").glob("*.ans"))
    answers[0].write_text("12345\n")
    yaml = tmp_path / "archive/largest-01/problem.yaml"
    yaml.write_text(yaml.read_text().replace("time_limit: 1", "time_limit: 2"))
    second = medalist(*batch, cwd=tmp_path, **env)
    assert "sum-00: its tests have changed" in second.stderr
    assert "largest-01: its limits have changed" in second.stderr
    assert "1 of 2 problems solved" in second.stderr
    third = medalist(*batch, cwd=tmp_path, **env)
    assert "changed" not in third.stderr
    assert "1 of 2 problems solved" in third.stderr
    assert len(endpoint.log) == asked
