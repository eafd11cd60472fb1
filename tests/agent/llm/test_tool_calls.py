"""Calls of functions over the wire: both APIs, plain and streamed, and what servers do to them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from medalist.agent.journal import Journal
from medalist.agent.llm import Completion, Message, Request, open_model
from medalist.agent.llm.contract import ToolCall, ToolSpec, ToolsRefused
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.settings import EndpointSettings, ModelSettings

RUN = ToolSpec("run", "Runs a program.", '{"type": "object", "properties": {}}')
ASKED = (Message("system", "Be terse."), Message("user", "Which number?"))


def ask(
    endpoint: ScriptedEndpoint, *requests: Request, journal: Journal | None = None, **profile: Any
) -> list[Completion]:
    settings = ModelSettings(
        endpoints=[EndpointSettings(model="m", base_url=endpoint.base_url, profile=profile)],
        first_wait_s=0.001,
    )
    model = open_model("m", ModelResources(journal), settings=settings)
    try:
        return [next(iter(model.complete([request]))) for request in requests]
    finally:
        model.close()


def first(number: int = 0) -> Request:
    return Request(f"q/{number}", ASKED, max_tokens=4000, tools=(RUN,))


def second(answer: Completion, *, must_answer: bool = False) -> Request:
    said = Message("assistant", answer.text, calls=answer.calls, kept=answer.kept)
    results = [
        Message("tool", f"it printed {n}", call_id=c.call_id) for n, c in enumerate(answer.calls)
    ]
    turns = (*ASKED, said, *results)
    return Request(
        f"{answer.request_id}>2", turns, max_tokens=4000, tools=(RUN,), must_answer=must_answer
    )


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_call_comes_and_its_result_goes_back_with_the_thoughts(api: str, stream: bool) -> None:
    calls = (("run", json.dumps({"program": "print(1)\n" * 20})), ("run", '{"program": "2"}'))
    script = [Reply("", calls=calls, reasoning="I would like to see."), Reply("It is 7.")]
    with ScriptedEndpoint(script) as endpoint:
        answer = ask(endpoint, first(), api=api, stream=stream)[0]
        assert [(call.name, call.arguments) for call in answer.calls] == list(calls)
        assert not answer.cut_while_thinking
        final = ask(endpoint, second(answer, must_answer=True), api=api, stream=stream)[0]
    assert (final.text, final.calls, final.kept) == ("It is 7.", (), "")
    asked, told = (seen.body for seen in endpoint.log)
    assert "tool_choice" not in asked
    assert told["tool_choice"] == "none"
    assert asked["tools"] == told["tools"]
    if api == "chat":
        assert asked["tools"][0]["function"]["name"] == "run"
        said, *results = told["messages"][2:]
        assert said["reasoning_content"] == "I would like to see."
        assert [row["function"]["arguments"] for row in said["tool_calls"]] == [c[1] for c in calls]
        assert [result["tool_call_id"] for result in results] == [
            row["id"] for row in said["tool_calls"]
        ]
    else:
        assert asked["tools"][0]["name"] == "run"
        assert asked["include"] == ["reasoning.encrypted_content"]
        kinds = [item.get("type", item.get("role")) for item in told["input"]]
        assert kinds == [
            "system", "user", "reasoning", "function_call", "function_call",
            "function_call_output", "function_call_output",
        ]  # fmt: skip
        assert told["input"][2]["encrypted_content"] == "sealed-0"
        assert told["input"][-1] == {
            "type": "function_call_output", "call_id": "call_0_1", "output": "it printed 1"
        }  # fmt: skip


def test_calls_are_journalled_and_a_recording_gives_them_again(tmp_path: Path) -> None:
    script = [Reply("Look:", calls=(("run", "{}"),), reasoning="hm"), Reply("7")]
    with ScriptedEndpoint(script) as endpoint, Journal.open(tmp_path / "run") as journal:
        answer = ask(endpoint, first(), journal=journal)[0]
        final = ask(endpoint, second(answer), journal=journal)[0]
        assert ask(endpoint, first(), journal=journal) == [answer]
        assert len(endpoint.log) == 2, "an answer that is there is not asked for again"
    model = open_model(f"recorded:{tmp_path / 'run'}")
    again = [next(iter(model.complete([item]))) for item in (first(), second(answer))]
    model.close()
    assert [(a.text, a.calls, a.kept) for a in again] == [
        (a.text, a.calls, a.kept) for a in (answer, final)
    ]


@pytest.mark.parametrize(
    ("refused", "field"),
    [
        ("Unknown parameter: 'tool_choice'.", "tool_choice"),
        ("Extra inputs are not permitted: messages[2].reasoning_content", "reasoning_content"),
    ],
)
def test_what_a_server_refuses_of_them_is_left_out(refused: str, field: str) -> None:
    def script(seen: SeenRequest) -> Reply:
        if f'"{field}"' in json.dumps(seen.body):
            return Reply(refused, status=400)
        return Reply("7")

    call = ToolCall("a", "run", "{}")
    kept = json.dumps({"turn": {"reasoning_content": "hm"}, "calls": {}})
    answer = Completion("q", "", "", "stop", None, "m", 0.0, None, (call,), kept)  # type: ignore[arg-type]
    with ScriptedEndpoint(script) as endpoint:
        assert ask(endpoint, second(answer, must_answer=True))[0].text == "7"
    assert [seen.status for seen in endpoint.log] == [400, 200]


def test_a_server_that_takes_no_functions_is_not_asked_a_question_that_speaks_of_them() -> None:
    with ScriptedEndpoint([Reply("Unsupported parameter: tools", status=400)]) as endpoint:
        with pytest.raises(ToolsRefused, match="takes no functions"):
            ask(endpoint, first())
        assert len(endpoint.log) == 1


def test_a_signature_at_a_call_is_given_back_with_it() -> None:
    signed = {"id": "a", "type": "function", "function": {"name": "run", "arguments": "{}"}}
    signed["extra_content"] = {"google": {"thought_signature": "xyz"}}
    message = {"role": "assistant", "content": None, "tool_calls": [signed]}
    body = {"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]}
    script = [Reply(raw=json.dumps(body).encode()), Reply("7")]
    with ScriptedEndpoint(script) as endpoint:
        answer = ask(endpoint, first())[0]
        ask(endpoint, second(answer))
    assert endpoint.log[1].body["messages"][2]["tool_calls"] == [signed]


@pytest.mark.parametrize(
    "calls",
    [
        [{"function": {"name": "run", "arguments": {"program": "x"}}}],  # Ollama: an object, no id
        [{"id": 7, "function": {"name": "run", "arguments": '{"program": "x"}'}}],
        [None, {"id": "a", "function": {"name": "run", "arguments": '{"program": "x"}'}}, 3],
    ],
)
def test_calls_of_odd_form_are_read(calls: list[Any]) -> None:
    message = {"role": "assistant", "content": "", "tool_calls": calls}
    body = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    with ScriptedEndpoint([Reply(raw=json.dumps(body).encode())]) as endpoint:
        (call,) = ask(endpoint, first())[0].calls
    assert call.name == "run"
    assert json.loads(call.arguments) == {"program": "x"}
    assert call.call_id


def test_what_is_sent_of_calls_counts_for_the_caps() -> None:
    small, long = ToolCall("a", "run", "{}"), ToolCall("a", "run", "x" * 10_000)
    sizes = [
        Request("q", (Message("assistant", "", calls=(call,)),)).prompt_bytes
        for call in (small, long)
    ]
    assert sizes[1] - sizes[0] == 9_998
    assert first().prompt_bytes > Request("q", ASKED).prompt_bytes
