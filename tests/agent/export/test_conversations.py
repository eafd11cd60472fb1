"""`medalist export --as conversations`: answers with all their turns, as trainers read them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam
from pydantic import TypeAdapter
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


CHATML = """\
{%- if tools %}{{ '<|im_start|>tools\n' }}
{%- for tool in tools %}{{ tool | tojson }}{{ '\n' }}{% endfor %}{{ '<|im_end|>\n' }}{% endif %}
{%- for said in messages %}{{ '<|im_start|>' ~ said.role ~ '\n' ~ said.content }}
{%- for call in said.tool_calls or [] %}
{{- '<call>' ~ call.function.name ~ ' ' ~ call.function.arguments ~ '</call>' }}{% endfor %}
{{- '<|im_end|>\n' }}{% endfor %}"""
"""As templates of chat models have it; arguments are text, as in OpenAI's format."""


class Exported(NamedTuple):
    """A run's folder, its conversations, and the turns of each request that the model got."""

    protocol: str
    folder: Path
    rows: list[dict[str, Any]]
    asked: Sequence[Sequence[Any]]

    @property
    def file(self) -> Path:
        return self.folder / "run/export/conversations.jsonl"


@pytest.fixture(scope="module", params=["native", "text"])
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp(request.param)
    package = sum_package(folder)
    rounds = ["--search", "feedback", "--rounds", "2", "--width", "2", "-n", "4"]
    with ScriptedEndpoint(script) as endpoint:
        solve(endpoint, package, "--tools", request.param, *rounds, "--submissions", "2")
        asked = [turns(seen) for seen in endpoint.log]
    done = medalist("export", "run", "--as", "conversations", cwd=folder)
    assert "4 conversations are in run/export/conversations.jsonl" in done.stderr + done.stdout
    lines = (folder / "run/export/conversations.jsonl").read_text().splitlines()
    return Exported(request.param, folder, list(map(json.loads, lines)), asked)


def test_openai_types_accept_each_turn_and_tool(exported: Exported) -> None:
    messages = TypeAdapter(list[ChatCompletionMessageParam])
    tools = TypeAdapter(list[ChatCompletionToolParam])
    for row in exported.rows:
        messages.validate_python(row["messages"])
        tools.validate_python(row.get("tools", []))
        roles = [turn["role"] for turn in row["messages"]]
        assert roles[-1] == "assistant", "what is to be learnt comes last"


def test_datasets_loads_the_file_and_a_chat_template_renders_each_row(
    exported: Exported, tmp_path: Path
) -> None:
    datasets = pytest.importorskip("datasets", reason="no datasets: make trainers")
    transformers = pytest.importorskip("transformers", reason="no transformers: make trainers")
    tokenizers = pytest.importorskip("tokenizers", reason="no tokenizers: make trainers")
    # No model's tokenizer: only its template is asked.
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel({"?": 0}, unk_token="?"))
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=words, chat_template=CHATML)
    files = str(exported.file)
    loaded = datasets.load_dataset(
        "json", data_files=files, split="train", cache_dir=str(tmp_path / "cache")
    )
    assert len(loaded) == len(exported.rows)
    for row, written in zip(loaded, exported.rows, strict=True):
        # What a row lacks and another has is null after loading.
        assert filled_only(row) == filled_only(written)
        text = tokenizer.apply_chat_template(
            row["messages"], tools=filled_only(row.get("tools")), tokenize=False
        )
        parts = text.split("<|im_start|>")[1:]
        said = [part for part in parts if not part.startswith("tools")]
        assert [part.split("\n")[0] for part in said] == [
            turn["role"] for turn in written["messages"]
        ]
        for part, turn in zip(said, written["messages"], strict=True):
            assert str(turn["content"]) in part
            for made in turn.get("tool_calls", ()):
                assert made["function"]["arguments"] in part
        for tool in written.get("tools", ()):
            assert f'"name": "{tool["function"]["name"]}"' in parts[0]


def filled_only(value: Any) -> Any:
    """A value without the fields that hold nothing."""
    if isinstance(value, dict):
        return {key: filled_only(one) for key, one in value.items() if one is not None}
    return [filled_only(item) for item in value] if isinstance(value, list) else value


def test_each_answer_is_a_conversation_with_its_calls_and_results(exported: Exported) -> None:
    protocol, tmp_path, rows, asked = exported
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
