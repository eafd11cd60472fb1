"""Anthropic's Messages API: thinking, signatures, calls, caches, stops and failures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from medalist.agent.llm.contract import (
    Completion,
    Message,
    Request,
    Spent,
    ToolCall,
    ToolSpec,
)
from medalist.agent.llm.open import open_model
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.settings import EndpointSettings, ModelSettings
from medalist.errors import ModelFailure

HELLO = (Message("system", "Be brief."), Message("user", "Hello."))


def asked(
    endpoint: ScriptedEndpoint,
    requests: Sequence[Request],
    *,
    name: str = "claude-opus-4-6",
    **more: Any,
) -> tuple[list[Completion], Spent]:
    one = EndpointSettings.model_validate(
        {"model": name, "base_url": endpoint.base_url, "api_key": "sk-1", "api": "messages", **more}
    )
    settings = ModelSettings(endpoints=(one,), first_wait_s=0.01)
    model = open_model(None, ModelResources(), settings=settings)
    try:
        return list(model.complete(requests)), model.spent
    finally:
        model.close()


@pytest.mark.parametrize("stream", [True, False])
def test_thinking_and_text_are_kept_apart_and_counted(stream: bool) -> None:
    reply = Reply("Hi.", reasoning="Hm, hello.", completion_tokens=9, prompt_tokens=12)
    with ScriptedEndpoint([reply]) as endpoint:
        request = Request("q", HELLO, temperature=0.7, seed=3)
        (answer,), spent = asked(endpoint, [request], profile={"stream": stream})
        seen = endpoint.log[0]
    assert (answer.text, answer.reasoning, answer.finish) == ("Hi.", "Hm, hello.", "stop")
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (12, 9)
    assert spent.tokens == 21
    assert seen.path == "/v1/messages"
    assert seen.headers["x-api-key"] == "sk-1"
    assert seen.headers["anthropic-version"] == "2023-06-01"
    assert "authorization" not in seen.headers
    assert seen.body["system"] == [{"type": "text", "text": "Be brief."}]
    assert seen.body["messages"] == [
        {"role": "user", "content": [{"type": "text", "text": "Hello."}]}
    ]
    assert seen.body["thinking"] == {"type": "adaptive"}
    assert not {"temperature", "top_p", "seed", "n"} & set(seen.body)


@pytest.mark.parametrize(
    ("name", "thinking"),
    [
        ("claude-opus-4-5-20251101", {"type": "enabled", "budget_tokens": 28672}),
        ("anthropic/claude-3.7-sonnet", {"type": "enabled", "budget_tokens": 28672}),
        ("claude-sonnet-5", {"type": "adaptive"}),
        ("claude-3-5-haiku-20241022", None),
        ("some-proxy", None),
    ],
)
def test_each_model_thinks_in_its_own_way(name: str, thinking: dict[str, Any] | None) -> None:
    with ScriptedEndpoint([Reply("Hi.")]) as endpoint:
        asked(endpoint, [Request("q", HELLO)], name=name)
        assert endpoint.log[0].body.get("thinking") == thinking


def test_effort_none_lets_it_answer_at_once() -> None:
    with ScriptedEndpoint([Reply("Hi.")]) as endpoint:
        asked(endpoint, [Request("q", HELLO)], reasoning_effort="none")
        assert "thinking" not in endpoint.log[0].body
        assert "output_config" not in endpoint.log[0].body


def test_a_model_that_knows_the_other_way_to_think_only_is_asked_so() -> None:
    def strict(seen: SeenRequest) -> Reply:
        if seen.body.get("thinking", {}).get("type") == "enabled":
            return Reply(
                '"thinking.type.enabled" is not supported for this model. Use '
                '"thinking.type.adaptive" and "output_config.effort" to control it.', status=400
            )  # fmt: skip
        return Reply("Hi.")

    with ScriptedEndpoint(strict) as endpoint:
        (answer,), _ = asked(endpoint, [Request("q", HELLO)], name="claude-opus-4-5")
    assert answer.text == "Hi."
    assert endpoint.log[1].body["thinking"] == {"type": "adaptive"}


@pytest.mark.parametrize("stream", [True, False])
def test_calls_come_with_the_signature_that_is_given_back(stream: bool) -> None:
    reply = Reply("", reasoning="I look.", calls=(("clock", '{"zone": "UTC"}'),))
    tool = ToolSpec("clock", "Tells the time.", '{"type": "object", "properties": {}}')
    with ScriptedEndpoint([reply, Reply("Noon.")]) as endpoint:
        first = Request("q", HELLO, tools=(tool,))
        (called,), _ = asked(endpoint, [first], profile={"stream": stream})
        turns = (
            *HELLO,
            Message("assistant", "", calls=called.calls, kept=called.kept),
            Message("tool", "12:00", call_id=called.calls[0].call_id),
        )
        (answer,), _ = asked(endpoint, [Request("r", turns, tools=(tool,))])
        sent = endpoint.log[1].body["messages"]
    assert called.calls == (ToolCall("toolu_0_0", "clock", '{"zone": "UTC"}'),)
    assert answer.text == "Noon."
    assert sent[1]["content"] == [
        {"type": "thinking", "thinking": "I look.", "signature": "sig-0"},
        {"type": "tool_use", "id": "toolu_0_0", "name": "clock", "input": {"zone": "UTC"}},
    ]
    assert sent[2]["content"] == [
        {"type": "tool_result", "tool_use_id": "toolu_0_0", "content": "12:00"}
    ]


@pytest.mark.parametrize(
    ("stop", "finish"),
    [("end_turn", "stop"), ("stop_sequence", "stop"), ("max_tokens", "length"),
     ("model_context_window_exceeded", "length"), ("refusal", "refusal"), ("tool_use", "stop"),
     ("pause_turn", "stop")],
)  # fmt: skip
def test_every_stop_reason_is_known(stop: str, finish: str) -> None:
    with ScriptedEndpoint([Reply("Hi.", finish=stop)]) as endpoint:
        (answer,), _ = asked(endpoint, [Request("q", HELLO)])
    assert answer.finish == finish


def test_a_shared_prompt_is_marked_written_once_and_read_by_the_others() -> None:
    long = (Message("user", "Solve this. " + "x" * 8000),)
    requests = [Request(f"q/{number}", long, seed=number) for number in range(6)]
    with ScriptedEndpoint([Reply("Hi.", delay_s=0.05)]) as endpoint:
        answers, spent = asked(endpoint, requests, name="claude-opus-4-6")
        log = endpoint.log
    assert [bool(seen.cache_written) for seen in log] == [True] + 5 * [False]
    assert all(seen.cache_read for seen in log[1:])
    prompt = log[0].prompt_tokens
    read = sum(answer.usage.cached_tokens or 0 for answer in answers)
    written = sum(answer.usage.cache_written_tokens or 0 for answer in answers)
    assert (read, written) == (5 * prompt, prompt)
    assert {answer.usage.prompt_tokens for answer in answers} == {prompt}
    completion = sum(seen.completion_tokens for seen in log)
    assert spent.usd == pytest.approx((written * 6.25 + read * 0.5 + completion * 25) / 1e6)


def test_a_prompt_that_nobody_shares_is_not_marked() -> None:
    long = (Message("user", "Solve this. " + "x" * 8000),)
    with ScriptedEndpoint([Reply("Hi.")]) as endpoint:
        asked(endpoint, [Request("q", long), Request("r", HELLO)])
        assert not any("cache_control" in json.dumps(seen.body) for seen in endpoint.log)


@pytest.mark.parametrize(
    ("raw", "kind", "said"),
    [
        ({"type": "error", "error": {"type": "invalid_request_error", "message": "No."}},
         "application/json", "No."),
        ({"type": "error", "error": {"type": "authentication_error", "message": "bad key"}},
         "application/json", "bad key"),
        ({"type": "message", "content": "text"}, "application/json", "without an answer"),
        ({"type": "message", "content": None}, "application/json", "without an answer"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_said(raw: dict[str, Any], kind: str, said: str) -> None:
    with (
        ScriptedEndpoint([Reply(raw=json.dumps(raw).encode(), kind=kind)]) as endpoint,
        pytest.raises(ModelFailure) as failure,
    ):
        asked(endpoint, [Request("q", HELLO)])
    assert said in str(failure.value) or "holds no answer" in str(failure.value)


def events(*bodies: object) -> bytes:
    return b"".join(b"data: " + json.dumps(body).encode() + b"\n\n" for body in bodies)


def test_an_error_inside_a_stream_is_said_and_odd_events_are_no_harm() -> None:
    overloaded = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    start = {"type": "message_start", "message": {"usage": {"input_tokens": 5}}}
    odd = [
        {"type": "content_block_start", "index": 0, "content_block": None},
        {"type": "content_block_delta", "index": 0, "delta": {"text": 7}},
        {"type": "content_block_delta", "index": [1], "delta": {"text": "a"}} if False else {},
        {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "Hi"}},
        {"type": "message_delta", "delta": None, "usage": {"output_tokens": 3}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}},
        {"type": "message_stop"},
    ]
    replies = [
        Reply(raw=events(start, overloaded), kind="text/event-stream"),
        Reply(raw=events(start, *odd), kind="text/event-stream"),
    ]
    with ScriptedEndpoint(replies) as endpoint:
        (answer,), _ = asked(endpoint, [Request("q", HELLO)])
    assert answer.text == "Hi"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (5, 3)
