"""`--api messages`: a problem is solved through Anthropic's own API."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint

ADD = "# Sum\n\nPrint a + b.\n\n## Sample Input 1\n\n1 2\n\n## Sample Output 1\n\n3\n"
PROGRAM = "```python\na, b = map(int, input().split())\nprint(a + b)\n```"


@pytest.mark.local
def test_a_problem_is_solved_and_its_cost_is_known(tmp_path: Path) -> None:
    (tmp_path / "add.md").write_text(ADD)
    env = {"XDG_CONFIG_HOME": str(tmp_path), "ANTHROPIC_API_KEY": "sk-ant-1"}
    reply = Reply(PROGRAM, reasoning="Add them.", prompt_tokens=100, completion_tokens=50)
    with ScriptedEndpoint([reply], "claude-opus-4-6") as endpoint:
        env["ANTHROPIC_BASE_URL"] = endpoint.base_url.removesuffix("/v1")
        done = medalist(
            "solve", "add.md", "-n", "2", "--lang", "python", "--model", "claude-opus-4-6",
            "--api", "messages", "--search", "once", "--generators", "0", "--validators", "0",
            "--box", "local", "--json", cwd=tmp_path, **env,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "thinks first" in done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["cost_usd"] == pytest.approx(2 * (100 * 5 + 50 * 25) / 1e6)
    assert {seen.path for seen in endpoint.log} == {"/v1/messages"}
    assert {seen.headers["x-api-key"] for seen in endpoint.log} == {"sk-ant-1"}
