"""A request that a server refuses for what is in it is asked again without that, once.

What is learnt holds for the rest of the run and is said: a lower limit, a parameter that this
model does not take, a role that it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from medalist.agent.llm.api_requests import sampling
from medalist.agent.llm.contract import Request
from medalist.agent.llm.failures import full_message
from medalist.agent.llm.profiles import Profile
from medalist.agent.llm.refusals import STATUSES, AcceptedLimit, bound_of
from medalist.agent.llm.room import Room

_REFUSES = re.compile(
    r"unsupported|not supported|n[o']t support|unknown|unrecogni[sz]ed|unexpected|not permitted|"
    r"not allowed|cannot|can't|may not|only the default|only supports?|deprecated|not enabled|"
    r"forbidden|extra|invalid|must be|removed|does not exist",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    r"(?:system|developer)\W{0,3}\s*(?:role|prompt|message|instruction)|role\W{1,30}(?:system|developer)",
    re.IGNORECASE,
)
_STREAM = re.compile(
    r"must (?:have|set|use) \W?stream|only supports? stream|stream\w*\W{0,3} (?:is )?required|"
    r"enable the stream",
    re.IGNORECASE,
)
_OTHER_LIMIT = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
# A field of the body, and what of the profile leaves it out.
_FIELDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("stream_options", {"stream_usage": False}),
    ("reasoning_effort", {"reasoning_effort": None}),
    ("top_p", {"top_p": False}),
    ("top_k", {"top_k": False}),
    ("min_p", {"min_p": False}),
    ("temperature", {"temperature": False}),
    ("seed", {"seed": False}),
    ("stop", {"stop": False}),
    ("tool_choice", {"tool_choice": False}),
    ("tools", {"tools": False}),
    ("logprobs", {"logprobs": False}),
    ("response_format", {"structured": False}),
)
_THOUGHTS = re.compile(
    r"reasoning_(?:content|details)|encrypted_content|\binclude\b|messages\S*\breasoning\b"
)
_NO_PARSER = re.compile(
    r"enable-auto-tool-choice|tool[ _-]call(?:ing)?[ _-]parser|function calling"
)
_WANTED = re.compile(r"missing|must be (?:passed|provided|given|included)|is required")


_BLIND = re.compile(
    r"\bimages?\b|image_url|input_image|multi-?modal|\bvision\b|content\S* must be a string|"
    r"(?:expected|invalid type)[^.]{0,40}\bstring\b",
    re.IGNORECASE,
)
"""Refusals of pictures."""


class Adapter:
    """What one endpoint turned out to take. Used from one event loop."""

    def __init__(self, where: str, profile: Profile, room: Room) -> None:
        """`where` is the endpoint's address as it is named in messages."""
        self.profile = profile
        self.room = room
        self._where = where
        self._news: list[str] = []
        self._blind = False

    def news(self) -> list[str]:
        """Return, once, what was changed."""
        news, self._news = self._news, []
        return news

    def note(self, line: str) -> None:
        """Have a line said and journalled."""
        self._news.append(line)

    def not_shown(self, name: str) -> None:
        """Say, once, that pictures are there and that this model is not shown them."""
        if not self._blind:
            self._blind = True
            self._news.append(
                f"doubt: pictures of statements are missing from the questions: {name} is not "
                f"known to accept images (sees = true in profiles.toml if it does)"
            )

    def one_answer(self) -> None:
        """Take over that a request brings one answer, however many are asked for."""
        if self.profile.n > 1:
            self.profile = self.profile.model_copy(update={"n": 1})
            self._news.append(
                f"{self._where} returns one answer per request (n): one is requested from now on"
            )

    def learn(self, status: int, body: object, text: str, request: Request, sent: Profile) -> bool:
        """Take over what a refusal says; return whether the request is worth asking again.

        Args:
            status: The HTTP status.
            body: What came with it, as JSON where it was JSON.
            text: The same as text.
            request: The refused request, as it was sent.
            sent: The profile by which it was worded.
        """
        if status not in STATUSES:
            return False
        if self.profile != sent or self.room.limit(request) < _limit(request, sent):
            return True  # another request of the same moment has learnt it already
        said = full_message(body) or text[:4000]
        change = _change(said, _param(body), request, sent)
        if change is not None:
            name, fields = change
            self.profile = self.profile.model_copy(update=fields)
            otherwise = "asked in text" if "tools" in fields else "asked without"
            self._news.append(f"{self._where} refuses {name}: it is {otherwise}, from now on")
            return True
        bound = bound_of(body, said, _limit(request, sent))
        return bound is not None and self._lower(bound, request, sent)

    def _lower(self, bound: AcceptedLimit, request: Request, sent: Profile) -> bool:
        room = self.room
        if bound.prompt is not None:
            room.learn_prompt(request, bound.prompt)
        if bound.context is not None:
            room.context = min(bound.context, room.context or bound.context)
        if bound.output is not None:
            room.most = min(bound.output, room.most or bound.output)
        limit = room.limit(request)
        if limit >= _limit(request, sent):
            return False
        what = f"a context of {bound.context}" if bound.context else f"at most {bound.output}"
        self._news.append(
            f"{self._where} has {what} tokens: the limit of an answer is lowered from "
            f"{_limit(request, sent)} to {limit}"
        )
        return True


def _limit(request: Request, profile: Profile) -> int:
    return (request.max_tokens or 0) + profile.reasoning_allowance


def _param(body: object) -> str:
    """Return the parameter that an error object names in its own field (OpenAI)."""
    inner = body.get("error", body) if isinstance(body, Mapping) else None
    name = inner.get("param") if isinstance(inner, Mapping) else None
    return name if isinstance(name, str) else ""


def _change(
    said: str, param: str, request: Request, sent: Profile
) -> tuple[str, dict[str, Any]] | None:
    """Return what is refused, in words, and what to change in the profile; None if nothing is."""
    if _STREAM.search(said) and not sent.stream:
        return "answers in one piece", {"stream": True}
    if sent.sees and any(message.pictures for message in request.messages) and _BLIND.search(said):
        return "pictures", {"sees": False}
    if _is_sent("tools", request, sent) and _NO_PARSER.search(said):
        return "`tools`", {"tools": False}
    if not (param or _REFUSES.search(said)):
        return None
    if sent.api == "messages" and sent.thinking and (way := _other_way_to_think(said, sent)):
        return f"the way to think that was asked for ({sent.messages_thinking})", way
    other = _OTHER_LIMIT[sent.limit]
    if _names(said, sent.limit) and _names(said, other):
        unsupported = re.search(r"unsupported|not supported|use\b", said, re.IGNORECASE)
        if unsupported and not re.search(r"too (?:large|long)|context", said, re.IGNORECASE):
            return f"`{sent.limit}`", {"limit": other}
    if re.search(r"unknown|unrecogni[sz]ed|extra|unexpected|unsupported", said, re.IGNORECASE) and (
        param == sent.limit or _names(said, sent.limit)
    ):
        return f"`{sent.limit}`", {"limit": other}
    if sent.logprobs and "top_logprobs" in (param, *re.findall(r"\w+", said)):
        fewer = _fewer(said, min(request.logprobs or 0, sent.most_logprobs))
        if fewer:
            return f"more than {fewer} `top_logprobs`", {"most_logprobs": fewer}
        return "`top_logprobs`", {"logprobs": False}
    if request.along > 1 and "n" in (param, *re.findall(r"\bn\b", said)):
        fewer = max(1, _fewer(said, request.along))
        return f"more than {fewer} answers a request (`n`)", {"n": fewer}
    has_system = any(message.role == "system" for message in request.messages)
    if has_system and sent.system and _SYSTEM.search(said):
        return "system messages", {"system": False}
    keeps = sent.keep_thinking and bool(request.tools)
    if keeps and _THOUGHTS.search(said) and not _WANTED.search(said):
        return "its own thoughts", {"keep_thinking": False}
    for name, fields in _FIELDS:
        named = param == name or (not param and _names(said, name))
        if named and _is_sent(name, request, sent):
            return f"`{name}`", fields
    return None


def _other_way_to_think(said: str, sent: Profile) -> dict[str, Any]:
    """Return what a refusal of `thinking` in the Messages API says to change."""
    if not re.search(r"\bthinking\b|\bbudget_tokens\b", said):
        return {}
    wanted = re.search(r"[Uu]se\W+(?:thinking\W*type\W*)?(adaptive|enabled|budget)", said)
    old = sent.messages_thinking
    other = "budget" if old == "adaptive" else "adaptive"
    if wanted or re.search(
        rf"{'adaptive' if old == 'adaptive' else 'enabled|budget_tokens'}", said
    ):
        return {"messages_thinking": other}
    return {"messages_thinking": "no", "thinking": False}


def _fewer(said: str, asked: int) -> int:
    """Return how many of something a refusal allows, 0 where it says nothing of it."""
    numbers = [int(text) for text in re.findall(r"(?<![\w.])\d{1,2}(?![\w.]*\d)", said)]
    return max((number for number in numbers if number < asked), default=0)


def _names(said: str, name: str) -> bool:
    return re.search(rf"(?<![\w.])(?:body\.|request\.)?{name}(?!\w)", said) is not None


def _is_sent(name: str, request: Request, profile: Profile) -> bool:
    if name in ("temperature", "top_p", "top_k", "min_p"):
        return name in sampling(profile, request.temperature, request.top_p)
    return {
        "stream_options": profile.stream and profile.stream_usage,
        "reasoning_effort": profile.reasoning_effort is not None,
        "seed": profile.seed and request.seed is not None,
        "stop": profile.stop and bool(request.stop),
        "tool_choice": profile.tool_choice and request.must_answer and bool(request.tools),
        "tools": profile.tools is not False and bool(request.tools),
        "logprobs": profile.logprobs and request.logprobs is not None,
        "response_format": profile.structured and bool(request.choices),
    }[name]
