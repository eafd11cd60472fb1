"""The accuracy of an exported log is the run's, whatever became of its problems."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.agent.batch import packages
from tests.agent.command import medalist

from medalist.agent.export.inspect_log import inspect_log
from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

THINKS = Reply("<think>\nLet me see. " * 40, completion_tokens=9000, finish="length")
BAD: dict[str, Reply] = {
    "cut while thinking": THINKS,
    "without a program": Reply(packages.answer("sum", "nothing")),
    "refused": Reply("too long for this server", status=400),
    "wrong": Reply(packages.answer("negative", "wrong")),
}


@pytest.mark.local
@pytest.mark.parametrize("kind", BAD)
def test_what_is_not_solved_counts_as_not_solved(kind: str, tmp_path: Path) -> None:
    packages.make(tmp_path / "archive", len(packages.TASKS))

    def reply(seen: SeenRequest) -> Reply:
        said = json.dumps(seen.body["messages"])
        task = next(task for task in packages.TASKS if f"The {task} of" in said)
        return BAD[kind] if task == "negative" else Reply(packages.answer(task, "right"))

    with ScriptedEndpoint(reply, "llama-3-instruct") as endpoint:
        done = medalist(
            "batch", "archive", "-n", "2", "--lang", "cpp", "--schedule", "equal",
            "--max-tokens", "500", "--out", "run", cwd=tmp_path,
            OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
    assert "3 of 4 problems solved" in done.stderr, done.stderr
    with Journal.open(tmp_path / "run", readonly=True) as journal:
        log: dict[str, Any] = inspect_log(journal)
    (scores,) = log["results"]["scores"]
    assert scores["metrics"]["accuracy"]["value"] == 0.75
    assert scores["scored_samples"] == log["eval"]["dataset"]["samples"] == 4
    values = {sample["id"]: sample["scores"]["verdict"]["value"] for sample in log["samples"]}
    assert sorted(values.values()) == ["C", "C", "C", "I"]
