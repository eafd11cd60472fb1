"""What servers say when a limit is too high, and which one is asked for then."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from medalist.agent.llm.attempt import AttemptAnswer
from medalist.agent.llm.calls import JournalledModel
from medalist.agent.llm.contract import Message, Request
from medalist.agent.llm.profiles import profile_for
from medalist.agent.llm.refusals import AcceptedLimit, bound_of
from medalist.agent.llm.room import Room
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.types import Usage

WORDINGS = {
    "openai context": (
        (
            "This model's maximum context length is 8192 tokens. However, you requested "
            "33968 tokens "
            "(1200 in the messages, 32768 in the completion). Please reduce the length."
        ),
        AcceptedLimit(context=8192, prompt=1200),
    ),
    "openai output": (
        (
            "max_tokens is too large: 32768. This model supports at most 16384 completion tokens, "
            "whereas you provided 32768."
        ),
        AcceptedLimit(output=16384),
    ),
    "vllm": (
        (
            "'max_tokens' or 'max_completion_tokens' is too large: 32768. This model's "
            "maximum context "
            "length is 8192 tokens and your request has 1200 input tokens (32768 > 8192 - 1200)."
        ),
        AcceptedLimit(context=8192, prompt=1200),
    ),
    "sglang": (
        (
            "Requested token count exceeds the model's maximum context length of 8192 tokens. You "
            "requested a total of 33968 tokens: 1200 tokens from the input messages and "
            "32768 tokens "
            "for the completion."
        ),
        AcceptedLimit(context=8192, prompt=1200),
    ),
    "tgi": (
        (
            "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 1500 `inputs` tokens "
            "and 32768 "
            "`max_new_tokens`"
        ),
        AcceptedLimit(context=4096, prompt=1500),
    ),
    "anthropic output": (
        "max_tokens: 32768 > 8192, which is the maximum allowed number of output tokens",
        AcceptedLimit(output=8192),
    ),
    "anthropic context": (
        (
            "input length and `max_tokens` exceed context limit: 1900 + 32768 > 20000, "
            "decrease input "
            "length or `max_tokens` and try again"
        ),
        AcceptedLimit(context=20000, prompt=1900),
    ),
    "deepseek": (
        "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]",
        AcceptedLimit(output=8192),
    ),
    "alibaba": (
        "<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 16384]",
        AcceptedLimit(output=16384),
    ),
    "gemini": (
        (
            "Unable to submit request because it has a maxOutputTokens value of 32768 but the "
            "supported range is from 1 (inclusive) to 8193 (exclusive)."
        ),
        AcceptedLimit(output=8192),
    ),
    "groq": (
        (
            "`max_tokens` must be less than or equal to `8192`, the maximum value for "
            "`max_tokens` is "
            "less than the `context_window` for this model"
        ),
        AcceptedLimit(output=8192),
    ),
    "moonshot": (
        "Invalid request: Your request exceeded model token limit: 8192 (requested: 33968)",
        AcceptedLimit(context=8192),
    ),
    "cohere": (
        "too many tokens: max tokens must be less than or equal to 4096, received 32768",
        AcceptedLimit(output=4096),
    ),
    "thousands": (
        "The maximum context length is 8,192 tokens, you asked for 33,968.",
        AcceptedLimit(context=8192),
    ),
    "in words of its own": (
        "limit too large for this plan, max_tokens <= 2048",
        AcceptedLimit(output=2048),
    ),
}


@pytest.mark.parametrize("name", WORDINGS)
def test_the_bound_is_read_off_the_refusal(name: str) -> None:
    text, bound = WORDINGS[name]
    assert bound_of({"error": {"message": text}}, text, 32_768) == bound


@pytest.mark.parametrize(
    "text",
    [
        "bad field",
        "Invalid 'messages[1].content': string too long",
        (
            "This model's maximum context length is 8192 tokens. However, your messages "
            "resulted in "
            "9000 tokens in the messages."
        ),
    ],
)
def test_what_a_lower_limit_cannot_help_is_no_bound(text: str) -> None:
    assert bound_of({"error": {"message": text}}, text, 1024) is None


def test_counts_in_fields_of_their_own_are_read() -> None:
    text = "request (9000 tokens) exceeds the available context size (8192 tokens)"
    error = {"message": text, "n_prompt_tokens": 1200, "n_ctx": 8192}
    assert bound_of({"error": error}, text, 32_768) == AcceptedLimit(context=8192, prompt=1200)


@pytest.mark.parametrize(
    ("card", "context"),
    [
        ({"max_model_len": 8192}, 8192),
        ({"meta": {"n_ctx_train": 131_072, "n_ctx": 8192}}, 8192),
        ({"context_length": 9000, "top_provider": {"context_length": 8192}}, 8192),
        ({"max_context_length": 32_768, "loaded_context_length": 8192}, 8192),
        ({"context_window": "8192"}, 8192),
        ({"context_length": None, "max_model_len": True, "meta": "?"}, None),
    ],
)
def test_the_context_is_found_in_a_list_of_models(
    card: dict[str, Any], context: int | None
) -> None:
    room = Room(profile_for("m", {}))
    room.learn_list({"data": [None, {"id": "other", "max_model_len": 1}, {"id": "m", **card}]}, "m")
    assert room.context == context


@pytest.mark.parametrize(
    ("name", "thinks"),
    [
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B-AWQ", True),
        ("openai/gpt-oss-120b", True),
        ("Qwen/Qwen3-32B-FP8", True),
        ("qwen3:8b", True),
        ("Qwen/Qwen3-Coder-480B-A35B-Instruct", False),
        ("zai-org/GLM-4.6", True),
        ("moonshotai/Kimi-K2-Thinking", True),
        ("mistralai/Magistral-Small-2509", True),
        ("o3-mini-2025-01-31", True),
        ("gpt-5.4-mini", True),
        ("gpt-4o", False),
        ("meta-llama/Llama-3.3-70B-Instruct", False),
        ("deepseek-v3.2", None),
        ("scripted", None),
    ],
)
def test_names_as_the_hubs_write_them_say_whether_a_model_thinks(
    name: str, thinks: bool | None
) -> None:
    assert profile_for(name, {}).thinking is thinks


def test_prompt_and_limit_never_exceed_the_context() -> None:
    room = Room(profile_for("o3", {}), context=8192)
    for size in (10, 3000, 9000):
        request = Request("a", (Message("user", "x" * size),))
        assert room.prompt_tokens(request) + room.limit(request) <= 8192
    # Denser than was thought: half of the bytes are tokens.
    request = Request("a", (Message("user", "x" * 3000),))
    room.learn_answer(request, AttemptAnswer("y", "", "stop", Usage(2900, None, 1), "o3"))
    assert 2900 + room.limit(request) <= 8192


def test_a_refusal_inside_of_an_answer_is_learnt_from_too(
    make_model: Callable[..., JournalledModel], ask: Callable[..., Request]
) -> None:
    said = "This model's maximum context length is 4096 tokens"

    def script(seen: SeenRequest) -> Reply:
        if (seen.max_tokens or 0) > 4096:
            error = {"object": "error", "message": said, "code": 400}
            if seen.index % 2:
                return Reply(raw=json.dumps({"error": error}).encode())
            return Reply(raw=f"data: {json.dumps(error)}\n\n".encode(), kind="text/event-stream")
        if "seed" in seen.body:
            error = {"message": "Unknown parameter: 'seed'", "status": 400}
            return Reply(raw=json.dumps({"error": error}).encode())
        return Reply("fine")

    with ScriptedEndpoint(script) as endpoint:
        model = make_model(endpoint, concurrency=1)
        requests = [ask(f"{n}", max_tokens=9000, seed=n) for n in range(4)]
        assert [answer.text for answer in model.complete(requests)] == ["fine"] * 4
        assert len(endpoint.log) == 4 + 2
