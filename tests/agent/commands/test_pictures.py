"""Pictures of statements: shown to a model that sees, and named as missing to others."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.errors import EngineError
from medalist.problems.formats.statement_pictures import MOST_BYTES, MOST_PICTURES, pictures_of
from medalist.sandbox.local import LocalBackend

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
ADD = (
    "# Sum\n\nPrint a + b, as shown: ![two numbers](figures/sum.png) ![no](gone.png)\n\n"
    "## Sample Input 1\n\n1 2\n\n## Sample Output 1\n\n3\n"
)
PROGRAM = "```python\na, b = map(int, input().split())\nprint(a + b)\n```"


def solved(tmp_path: Path, script: Any, model: str, *more: str) -> tuple[ScriptedEndpoint, str]:
    try:
        LocalBackend().close()
    except EngineError as error:
        pytest.skip(f"no local sandbox: {error}")
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures/sum.png").write_bytes(PNG)
    (tmp_path / "add.md").write_text(ADD)
    with ScriptedEndpoint(script, model) as endpoint:
        done = medalist(
            "solve", "add.md", "-n", "1", "--lang", "python", "--model", model, "--search", "once",
            "--generators", "0", "--validators", "0", "--box", "local", *more, cwd=tmp_path,
            XDG_CONFIG_HOME=str(tmp_path), OPENAI_BASE_URL=endpoint.base_url, OPENAI_API_KEY="k",
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return endpoint, done.stderr


@pytest.mark.local
@pytest.mark.parametrize(
    ("model", "api", "part"),
    [("gpt-4o", "chat", "image_url"), ("openai/gpt-5.4", "responses", "input_image"),
     ("claude-opus-4-6", "messages", "image")],
)  # fmt: skip
def test_a_model_that_sees_is_shown_them(model: str, api: str, part: str, tmp_path: Path) -> None:
    endpoint, said = solved(tmp_path, [Reply(PROGRAM)], model, "--api", api)
    body = endpoint.log[-1].body
    content = (body.get("messages") or body["input"])[-1]["content"]
    kinds = [row["type"] for row in content]
    assert kinds[0] == part
    assert len(kinds) == 2
    assert base64.b64encode(PNG).decode() in json.dumps(content[0])
    assert "pictures of statements are missing" not in said


@pytest.mark.local
def test_of_one_that_does_not_see_it_is_said(tmp_path: Path) -> None:
    endpoint, said = solved(tmp_path, [Reply(PROGRAM)], "deepseek-chat")
    assert isinstance(endpoint.log[-1].body["messages"][-1]["content"], str)
    assert said.count("doubt: pictures of statements are missing from the questions") == 1


@pytest.mark.local
def test_one_that_refuses_them_is_asked_without(tmp_path: Path) -> None:
    def blind(seen: SeenRequest) -> Reply:
        if "image_url" in json.dumps(seen.body):
            return Reply("gpt-4o is not a multimodal model", status=400)
        return Reply(PROGRAM)

    _, said = solved(tmp_path, blind, "gpt-4o")
    assert "refuses pictures: it is asked without" in said


def test_what_is_no_picture_too_large_or_too_many_is_left_out() -> None:
    files = {
        "a": PNG, "b.jpg": b"\xff\xd8\xff" + bytes(9), "svg.svg": b"<svg/>", "text.png": b"hello",
        "large.png": PNG + bytes(MOST_BYTES), "c": b"RIFF0000WEBPVP8 ",
    }  # fmt: skip
    shown = pictures_of(["a", "b", "svg.svg", "text.png", "large.png", "gone", "c", "a"], files.get)
    assert [(item.name, item.kind) for item in shown] == [
        ("a", "image/png"), ("b.jpg", "image/jpeg"), ("c", "image/webp")
    ]  # fmt: skip
    assert len(pictures_of(map(str, range(50)), lambda name: PNG)) == MOST_PICTURES
