"""Whether a model may call tools while it answers, how, and what an answer may take with them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from medalist.agent.llm import ModelTraits, terms
from medalist.agent.llm.attempt import SMALL_TOKENS
from medalist.agent.llm.profiles import Profile
from medalist.agent.llm.room import PLAIN_TOKENS
from medalist.agent.llm.settings import ModelSettings
from medalist.agent.run.options import RunOptions
from medalist.errors import BadInput

log = logging.getLogger(__name__)

TOOL_SETTINGS = (
    "tools", "tool_calls", "tool_seconds", "tool_tokens", "tool_submissions", "tool_repair"
)  # fmt: skip

_OFF: Mapping[str, Any] = {
    "tools": "", "tool_calls": 0, "tool_seconds": 0.0, "tool_tokens": 0, "tool_submissions": 0,
    "tool_repair": "",
}  # fmt: skip

_SMALL = Profile(tools=False, tool_calls=4, tool_seconds=20.0, tool_repair="afresh")
"""What suits the embedded model, which has no profile of its own."""

_ANSWERS, _THOUGHTS = 4, 2
"""So many times what an answer may have at most, all turns together: of a model that answers at
once, and of one that thinks first."""


def tool_settings(
    options: RunOptions,
    configured: ModelSettings,
    traits: ModelTraits,
    asked: Mapping[str, Any],
    usual: str,
) -> dict[str, Any]:
    """Return the settings about tools, by their names.

    Args:
        options: What was given.
        configured: The user's settings of models, with the options on top.
        traits: Of the model that writes.
        asked: The settings of the run whose answers are given again, if it is a recording.
        usual: What `--tools` is where nobody says.

    Raises:
        BadInput: Tools through the Batch API, submissions without tools, or no such model is
            configured.
        ModelFailure: The endpoint was asked for its models and did not answer.
    """
    if traits.recorded is not None:
        return {name: asked.get(name) or off for name, off in _OFF.items()}
    wanted = options.tools or usual
    if options.batch_api and wanted not in ("", "off"):
        raise BadInput(
            "the Batch API answers within a day, and each call waits for an answer",
            field="--tools",
            hint="leave out --batch-api, or --tools",
        )
    if wanted in ("", "off"):
        if options.tool_submissions:
            raise BadInput(
                "no tool is offered", field="--tool-submissions", hint="give --tools auto, too"
            )
        return dict(_OFF)
    small = traits.prompt_form == "small"
    profiles = [term.profile or _SMALL for term in terms(options.model, settings=configured)]
    if wanted == "auto":
        wanted = "native" if all(profile.tools for profile in profiles) else "text"
    if wanted == "native" and any(profile.tools is False for profile in profiles):
        log.warning("the model is known to take no functions: its calls of tools are text")
        wanted = "text"
    return {
        "tools": wanted,
        "tool_calls": options.tool_calls or min(profile.tool_calls for profile in profiles),
        "tool_seconds": options.tool_seconds or min(profile.tool_seconds for profile in profiles),
        "tool_tokens": options.tool_tokens
        or min(_tokens(profile, configured.max_tokens, small=small) for profile in profiles),
        "tool_submissions": options.tool_submissions or 0,
        "tool_repair": options.tool_repair or _repair(profiles),
    }


def _repair(profiles: Sequence[Profile]) -> str:
    afresh = all(profile.tool_repair == "afresh" for profile in profiles)
    return "afresh" if afresh else "conversation"


def _tokens(profile: Profile, max_tokens: int | None, *, small: bool) -> int:
    """Return how many tokens an answer may have in all its turns."""
    if profile.thinking:
        return _THOUGHTS * (max_tokens or profile.thinking_tokens)
    return _ANSWERS * (max_tokens or (SMALL_TOKENS if small else PLAIN_TOKENS))
