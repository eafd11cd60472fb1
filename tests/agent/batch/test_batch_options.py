"""Options of `solve` in a batch: a reviewer, mutants, more candidates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from tests.agent.command import medalist
from tests.agent.commands.test_solve_options import almost, right

OPTIONS = (
    "batch", "--filter", 'id == "warmer"', "--model", "writer", "--lang", "python",
    "--prompts", "direct", "--schedule", "equal", "--generators", "0",
    "--tests", "0", "--pair-generators", "0", "--validators", "0",
    "--duels", "0", "--json",
)  # fmt: skip


@pytest.mark.local
def test_a_batch_has_a_reviewer_and_measures_its_inputs(tmp_path: Path) -> None:
    def reply(seen: SeenRequest) -> Reply:
        if seen.body["model"] == "reader":
            return Reply("90")
        return Reply(f"```python\n{right() if seen.body['seed'] % 2 else almost()}```")

    options = ("-n", "8", "--reviewer", "reader", "--mutants", "2", "--evidence", "6")
    with ScriptedEndpoint(reply) as endpoint:
        command = (*OPTIONS, *options, "--out", "run")
        done = medalist(*command, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        models = [seen.body["model"] for seen in endpoint.log]
        assert done.returncode == 0, done.stderr
        # One question about each of two behaviours.
        assert (models.count("writer"), models.count("reader")) == (8, 2)
        other = medalist(
            *OPTIONS, "-n", "8", "--mutants", "2", "--evidence", "6", "--out", "run",
            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
    assert other.returncode == 2
    assert "reviewer: this run was started with a different reviewer" in other.stderr
    result = json.loads(done.stdout)
    assert result["candidates"] == 8
    assert result["tokens"] == sum(
        seen.prompt_tokens + seen.completion_tokens for seen in endpoint.log
    )


@pytest.mark.local
def test_a_batch_goes_on_past_its_candidates(tmp_path: Path) -> None:
    with ScriptedEndpoint(lambda _: Reply("```python\nprint(0)\n```")) as endpoint:
        done = medalist(
            *OPTIONS, "-n", "2", "--most", "4", "--width", "2", "--out", "run",
            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["candidates"] == 4
    refused = medalist(*OPTIONS, "-n", "8", "--most", "4", cwd=tmp_path)
    assert refused.returncode == 2
    assert "--most: 4 is below the 8 candidates" in refused.stderr


@pytest.mark.parametrize("given", ["file", "option"])
def test_tools_are_off_where_yaml_reads_a_truth_value(given: str, tmp_path: Path) -> None:
    (tmp_path / "run.yaml").write_text("tools: off\n")
    config = ("--config", "run.yaml") if given == "file" else ("-c", "tools=off")
    batch = ("batch", "warmer", "--model", "writer", "--effort", "high", "--dry-run", "--json")
    where = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}  # nobody listens there
    done = medalist(*batch, *config, cwd=tmp_path, **where)
    assert done.returncode == 0, done.stderr
    assert "tools" not in json.loads(done.stdout)["stages"]
    assert "tools" in json.loads(medalist(*batch, cwd=tmp_path, **where).stdout)["stages"]
