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
    seed: bool = True
    stop: bool = True
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """What the token limit is called (chat completions)."""
    reasoning_effort: str | None = None
    reasoning_allowance: Annotated[int, Field(ge=0)] = 0
    """Tokens for (hidden) reasoning on top of those that a request grants its answer."""
    prefill: bool = False
    """Continues an answer that is begun in a last assistant message."""
    stream: bool = False
    """Ask for the answer piece by piece: long answers survive proxies that dislike silence."""


# Sources: OpenAI's "Reasoning models" guide (parameters that reasoning models refuse) and its
# model pages; llama.cpp's server for the prefill. The last fitting row wins.
_REASONING = {"sampling": False, "seed": False, "stop": False, "limit": "max_completion_tokens"}
_PROFILES: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("o[134]*", _REASONING | {"reasoning_allowance": 16_000}),
    ("o1-preview*", _REASONING | {"system": False, "reasoning_allowance": 24_000}),
    ("o1-mini*", _REASONING | {"system": False, "reasoning_allowance": 24_000}),
    ("gpt-5*", _REASONING | {"reasoning_allowance": 16_000}),
    ("deepseek-reasoner*", {"sampling": False, "reasoning_allowance": 16_000}),
    ("qwen2.5-coder-*-instruct-q4_k_m", {"prefill": True}),
)


def profile_for(model: str, overrides: Mapping[str, Any]) -> Profile:
    """Return the profile of a model: the known one, with the user's own fields on top."""
    known: Mapping[str, Any] = {}
    for pattern, fields in _PROFILES:
        if fnmatchcase(model.lower(), pattern):
            known = fields
    return Profile.model_validate({**known, **overrides})
