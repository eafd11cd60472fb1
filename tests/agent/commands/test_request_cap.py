"""`--max-requests`: the server itself counts what it was asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

WRONG = Reply("```python\nprint(0)\n```")
ASKED = ["-n", "8", "--search", "once", "--lang", "python", "--prompts", "direct", "--json"]
ASKED += [
    "--model",
    "writer",
    "--generators",
    "0",
    "--tests",
    "0",
    "--pair-generators",
    "0",
    "--validators",
    "0",
    "--subtask-share",
    "0",
]
ASKED += ["--evidence", "0"]

pytestmark = pytest.mark.local


def _solved(endpoint: ScriptedEndpoint, folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    done = medalist(
        "solve", "warmer", *ASKED, *options, "--out", "run",
        cwd=folder, OPENAI_BASE_URL=endpoint.base_url, MEDALIST_FIRST_WAIT_S="0.01",
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout) if done.stdout else {}


def test_repeated_requests_count_and_a_resumed_run_goes_on_with_what_is_left(
    tmp_path: Path,
) -> None:
    def script(seen: SeenRequest) -> Reply:
        return Reply(status=500) if seen.index % 2 == 0 else WRONG

    with ScriptedEndpoint(script, model="writer") as endpoint:
        code, result = _solved(endpoint, tmp_path, "--max-requests", "5")
        assert (code, len(endpoint.log)) == (4, 5)
        assert result["budget_ended"] == "the cap of 5 requests is reached"
        assert result["candidates"] == 2
        assert _solved(endpoint, tmp_path, "--max-requests", "5")[0] == 4
        assert len(endpoint.log) == 5
        _, result = _solved(endpoint, tmp_path, "--max-requests", "9")
        assert len(endpoint.log) == 9
        assert result["candidates"] == 4
        code, result = _solved(endpoint, tmp_path)
    assert (code, result["candidates"], result.get("budget_ended")) == (1, 8, None)


def test_a_cap_that_suffices_is_not_felt(tmp_path: Path) -> None:
    with ScriptedEndpoint([WRONG], model="writer") as endpoint:
        code, result = _solved(endpoint, tmp_path, "--max-requests", "8")
        assert len(endpoint.log) == 8
    assert (code, result["candidates"], result.get("budget_ended")) == (1, 8, None)


def test_all_problems_of_a_batch_share_the_cap(tmp_path: Path) -> None:
    (tmp_path / "batch.yaml").write_text("max_requests: 3\nschedule: equal\n")
    options = [question for question in ASKED if question != "--json"]
    with ScriptedEndpoint([WRONG], model="writer") as endpoint:
        done = medalist(
            "batch", "--filter", "id in ('warmer', 'climb')", *options, "--config", "batch.yaml",
            "--out", "run", cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
        assert len(endpoint.log) == 3, done.stderr
    assert done.returncode == 4, done.stderr
    assert "the cap of 3 requests is reached" in done.stderr.splitlines()[-1]


def test_a_dry_run_says_what_the_cap_may_end(tmp_path: Path) -> None:
    shown = [question for question in ASKED if question != "--json"]
    for cap, said in (("7", True), ("8", False)):
        done = medalist("solve", "warmer", *shown, "--max-requests", cap, "--dry-run",
                        cwd=tmp_path, OPENAI_BASE_URL="http://127.0.0.1:9/v1")  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert (f"{cap} requests may end it earlier" in done.stdout) is said
