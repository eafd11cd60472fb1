"""How models differ in what they accept: found by name, overridden in the config file."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Profile(BaseModel):
    """What a model takes. In the config file: `[endpoints.profile]` below an endpoint."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api: Literal["chat", "responses"] = "chat"
    system: bool = True
    """Takes system messages; otherwise they are put before the first user message."""
    sampling: bool = True
    """Takes temperature and top_p."""
    temperature: bool = True
    """Takes a temperature; `top_p` likewise."""
    top_p: bool = True
    seed: bool = True
    stop: bool = True
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """What the token limit is called (chat completions)."""
    reasoning_effort: str | None = None
    reasoning_allowance: Annotated[int, Field(ge=0)] = 0
    """Tokens for (hidden) reasoning on top of those that a request grants its answer."""
    thinking: bool | None = None
    """Thinks before it answers, if not told otherwise; None where its first answers show it."""
    prefill: bool = False
    """Continues an answer that is begun in a last assistant message."""
    stream: bool = False
    """Ask for the answer piece by piece: long answers survive proxies that dislike silence."""
    stream_usage: bool = True
    """Takes `stream_options`, by which the pieces end with the number of tokens."""


# Sources: OpenAI's "Reasoning models" guide (parameters that reasoning models refuse) and its
# model pages; llama.cpp's server for the prefill. The last fitting row wins.
_REASONING = {"sampling": False, "seed": False, "stop": False, "limit": "max_completion_tokens"}
_PROFILES: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("o[134]*", _REASONING),
    ("o1-preview*", _REASONING | {"system": False}),
    ("o1-mini*", _REASONING | {"system": False}),
    ("gpt-5*", _REASONING),
    ("deepseek-reasoner*", {"sampling": False}),
    ("qwen2.5-coder-*-instruct-q4_k_m", {"prefill": True}),
)

# What the makers' model cards say of thinking by default. The last fitting row wins; of all other
# models the first answers show it.
_PLAIN = (
    *("gpt-3.5*", "gpt-4*", "*llama*", "codellama*", "gemma*", "codestral*", "mixtral*", "phi-3*"),
    *(
        "phi-4*",
        "qwen2*",
        "deepseek-coder*",
        "deepseek-chat*",
        "claude*",
        "starcoder*",
        "*instruct*",
    ),
)
_THINKING = (
    *("o[134]", "o[134]-*", "gpt-5*", "gpt-oss*", "*thinking*", "*think", "*think-*", "*reason*"),
    *("*-r1", "*-r1-*", "r1-*", "*deepseek-r1*", "qwq*", "qwen3*", "qwen-3*", "glm-4.[5-9]*"),
    *("glm-5*", "glm-z1*", "magistral*", "minimax-m[12]*", "grok-3-mini*", "grok-4*", "seed-oss*"),
    *(
        "gemini-2.5*",
        "gemini-3*",
        "nemotron-cascade*",
        "exaone-deep*",
        "mimo*",
        "ernie-x1*",
        "ring-*",
    ),
    *("intellect-3*", "openthinker*", "skywork-or1*", "deepcoder*", "acereason*", "*-cot"),
)
_PLAIN_AFTER_ALL = (
    "gpt-5*chat*",
    "qwen3-coder*",
    "qwen3*instruct*",
    "*non-thinking*",
    "*non-reason*",
)


def profile_for(model: str, overrides: Mapping[str, Any]) -> Profile:
    """Return the profile of a model: the known one, with the user's own fields on top.

    The name may have a vendor's prefix, capitals, and a size or a quantisation behind it.
    """
    name = model.lower().rpartition("/")[2].replace(":", "-").replace("_", "-")
    known: dict[str, Any] = {}
    for pattern, fields in _PROFILES:
        if fnmatchcase(name, pattern.replace("_", "-")):
            known = dict(fields)
    for patterns, thinks in ((_PLAIN, False), (_THINKING, True), (_PLAIN_AFTER_ALL, False)):
        if any(fnmatchcase(name, pattern) for pattern in patterns):
            known["thinking"] = thinks
    return Profile.model_validate({**known, **overrides})
