"""How a model is asked: by its makers' advice, and by option, variable and file on top of that."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint

ADD = "# Sum\n\nPrint a + b.\n\n## Sample Input 1\n\n1 2\n\n## Sample Output 1\n\n3\n"
PROGRAM = "```python\na, b = map(int, input().split())\nprint(a + b)\n```"
SOLVE = ("solve", "add.md", "-n", "2", "--lang", "python", "--search", "once")


@pytest.mark.local
def test_advice_and_what_is_set_on_top_of_it(tmp_path: Path) -> None:
    (tmp_path / "add.md").write_text(ADD)
    (tmp_path / "config/medalist").mkdir(parents=True)
    env = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    reply = Reply(PROGRAM, reasoning="Hm.")
    with ScriptedEndpoint([reply], "Qwen/Qwen3-8B", card={"max_model_len": 131_072}) as endpoint:
        env["OPENAI_BASE_URL"] = endpoint.base_url
        plain = medalist(*SOLVE, cwd=tmp_path, **env)
        assert plain.returncode == 0, plain.stderr
        body = endpoint.log[-1].body
        drawn = {name: body.get(name) for name in ("temperature", "top_p", "top_k", "min_p")}
        assert drawn == {"temperature": 0.6, "top_p": 0.95, "top_k": 20, "min_p": None}
        assert body["max_tokens"] == 38_912
        said = [line for line in plain.stderr.splitlines() if "thinks first" in line]
        assert len(said) == 1
        assert "in a context of 131072 (as the endpoint says)" in said[0]
        assert "(profile qwen3*" in said[0]
        asked = len(endpoint.log)
        (tmp_path / "config/medalist/config.toml").write_text(
            'top_k = 1\nmin_p = 0.1\nextra_body = { seed_kind = "file" }\n[[endpoints]]\n'
            f'model = "Qwen/Qwen3-8B"\nbase_url = "{endpoint.base_url}"\ntop_k = 30\n'
            'headers = { X-Team = "ours" }\nquery = { "api-version" = "7" }\n'
        )
        env |= {"MEDALIST_MIN_P": "0.2", "MEDALIST_REASONING_EFFORT": "low"}
        body_text = '{"chat_template_kwargs": {"enable_thinking": true}, "top_p": 0.5}'
        more = ("--reasoning-effort", "high", "--context", "9000", "--extra-body", body_text)
        given = medalist(*SOLVE, *more, cwd=tmp_path, **env)
        assert given.returncode == 0, given.stderr
        assert len(endpoint.log) == asked + 2, "another way to draw is another run"
        seen = endpoint.log[-1]
    assert (seen.body["top_k"], seen.body["min_p"]) == (30, 0.2)
    assert seen.body["reasoning_effort"] == "high"
    assert seen.body["chat_template_kwargs"] == {"enable_thinking": True}
    assert seen.body["top_p"] == 0.5
    assert seen.prompt_tokens + (seen.max_tokens or 0) <= 9000
    assert seen.headers["x-team"] == "ours"
    assert seen.path.endswith("?api-version=7")
    assert "in a context of 9000 (as set)" in given.stderr
    assert "min-p 0.2 (as set)" in given.stderr


@pytest.mark.parametrize("text", ["[1]", "{", '"x"', "[" * 5000])
def test_what_is_no_json_object_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "add.md").write_text(ADD)
    done = medalist(*SOLVE, "--extra-body", text, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("medalist: --extra-body: ")
    assert "is not a JSON object" in done.stderr
    assert len(done.stderr.splitlines()) == 1
