"""`medalist export --as conversations`: answers with all their turns, as trainers read them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.agent.command import medalist
from tests.agent.tool_package import RIGHT, WRONG, call, fenced, results, solve, sum_package, turns

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

pytestmark = pytest.mark.local

FIRST = "n = int(input())\na = list(map(int, input().split()))\nprint(sum(a[:3]))\n"


def script(seen: SeenRequest) -> Reply:
    """Tests a wrong program, then answers; a revision is right at once."""
    if "judged so far" in json.dumps(seen.body):
        return Reply(fenced(RIGHT))
    if not results(seen):
        return call(seen, ("test_samples", {"program": WRONG}), text="I test it.")
    return Reply(fenced(FIRST), reasoning="It needs all numbers.", reasoning_tokens=4)


@pytest.mark.parametrize("protocol", ["native", "text"])
def test_each_answer_is_a_conversation_with_its_calls_and_results(
    protocol: str, tmp_path: Path
) -> None:
    package = sum_package(tmp_path)
    rounds = ["--search", "feedback", "--rounds", "2", "--width", "2", "-n", "4"]
    with ScriptedEndpoint(script) as endpoint:
        solve(endpoint, package, "--tools", protocol, *rounds, "--submissions", "2")
        asked = [turns(seen) for seen in endpoint.log]
    done = medalist("export", "run", "--as", "conversations", cwd=tmp_path)
    assert "4 conversations are in run/export/conversations.jsonl" in done.stderr + done.stdout
    lines = (tmp_path / "run/export/conversations.jsonl").read_text().splitlines()
    rows = list(map(json.loads, lines))
    first, second = rows[0], next(row for row in rows if row["prompt_id"] == "revise")

    roles = [turn["role"] for turn in first["messages"]]
    result = "tool" if protocol == "native" else "user"
    assert roles[-4:] == ["user", "assistant", result, "assistant"]
    assert "It passes 0 of 1 samples." in first["messages"][-2]["content"]
    seen = [said[1]["content"] for said in asked if len(said) == 2]
    assert first["messages"][-2]["content"] in seen, "as the model saw it"
    assert FIRST.strip() in first["messages"][-1]["content"]
    assert first["messages"][-1]["reasoning_content"] == "It needs all numbers."
    assert (first["verdict"], first["program"].strip()) == ("WA", FIRST.strip())
    if protocol == "native":
        (made,) = first["messages"][-3]["tool_calls"]
        assert first["messages"][-2]["tool_call_id"] == made["id"]
        assert json.loads(made["function"]["arguments"])["program"] == WRONG
        names = {tool["function"]["name"] for tool in first["tools"]}
        assert made["function"]["name"] in names
    else:
        assert '"tool": "test_samples"' in first["messages"][-3]["content"]
        assert "tools" not in first

    # A revision's row holds what it was asked: the program shown, and the verdict on it.
    assert second["verdict"] == "AC"
    assert second["parent"] == first["candidate_id"]
    question = second["messages"][-2]["content"]
    assert FIRST.strip() in question
    assert "The judge showed: WA" in question
    medalist("export", "run", "--as", "jsonl", cwd=tmp_path)
    table = (tmp_path / "run/export/candidates.jsonl").read_text().splitlines()
    (row,) = [row for row in map(json.loads, table) if row["prompt_id"] == "revise"]
    assert json.loads(row["question"]) == [
        {"role": turn["role"], "content": turn["content"]} for turn in second["messages"][:-1]
    ]
