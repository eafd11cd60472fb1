"""What each question of `model check` shows: a line of the table, and fields of the profile.

A "no" is what was seen. What could not be seen (an answer that ended before the limit, one that
was cut while thinking, a server that failed for another reason) is "not seen", and leaves the
profile as it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from medalist.agent.llm.apis import APIS
from medalist.agent.llm.attempt import AttemptAnswer, AttemptFailed
from medalist.agent.llm.contract import Request
from medalist.agent.llm.endpoint import Endpoint
from medalist.agent.llm.endpoint_findings import EndpointFindings
from medalist.agent.llm.forms import schema_of, unwrapped
from medalist.agent.llm.profiles import Profile
from medalist.agent.llm.usage import read_usage

MANY = 16
"""Requests in flight when the speed is measured."""

ANSWERS = 8
"""So many answers a request are asked for where the prompt is computed once."""

CUT = 16
"""The limit of answers that should be cut by it."""

_PLACES = ("reasoning_content", "reasoning", "reasoning_details", "thinking")

Ask = Callable[[Request], Awaitable[AttemptAnswer]]


def parameters(result: EndpointFindings, endpoint: Endpoint) -> None:
    """Say what was taken of all that medalist sends, and what was left out, and why."""
    known, profile = endpoint.settings.known, endpoint.profile
    result.add("system messages", *_taken(known.system, profile.system))
    for name in ("temperature", "top_p", "seed", "stop"):
        result.add(name, *_taken(_sends(known, name), _sends(profile, name)))
    result.add("limit's name", None, APIS[profile.api].limit or profile.limit)
    for line in endpoint.news():
        result.add("learnt", None, line)


def _sends(profile: Profile, name: str) -> bool:
    return bool(getattr(profile, name)) and (profile.sampling or name in ("seed", "stop"))


def _taken(before: bool, now: bool) -> tuple[bool | None, str]:
    if now:
        return True, "taken"
    return (False, "refused") if before else (None, "not tried: left out as its profile says")


async def raw(
    result: EndpointFindings, endpoint: Endpoint, request: Request, **more: Any
) -> Mapping[str, Any]:
    """Ask and return the body as it came.

    Raises:
        AttemptFailed: There was none.
    """
    body = await endpoint.body(request, more)
    with contextlib.suppress(AttemptFailed):
        result.count(endpoint.read(dict(body), request))
    return body


async def usage_and_thinking(
    result: EndpointFindings, endpoint: Endpoint, request: Request
) -> None:
    """Ask a plain question, and look where the tokens and the thoughts are in the answer."""
    try:
        body = await raw(result, endpoint, request)
    except AttemptFailed as error:
        result.add("usage", None, f"not seen: {error.message}")
        result.add("thinking's place", None, "not seen")
        return
    usage = body.get("usage")
    named = sorted(map(str, usage)) if isinstance(usage, Mapping) else []
    counted = {"prompt_tokens", "completion_tokens"} <= set(named) or {
        "input_tokens",
        "output_tokens",
    } <= set(named)
    result.add("usage", counted, ", ".join(named) or "none: answers are charged at their most")
    result.add("thinking's place", None, ", ".join(_places(body)) or "none seen")


def _places(body: Mapping[str, Any]) -> list[str]:
    message = _choices(body)[0].get("message") if _choices(body) else None
    if not isinstance(message, Mapping):
        return []
    places = [name for name in _PLACES if message.get(name)]
    content = message.get("content")
    if isinstance(content, list):
        places.append("parts of the content")
    elif isinstance(content, str) and ("<think" in content or "</think" in content):
        places.append("tags in the content")
    return places


def _choices(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    choices = body.get("choices")
    given = choices if isinstance(choices, list) else []
    return [item for item in given if isinstance(item, Mapping)]


async def stop(result: EndpointFindings, ask: Ask, request: Request) -> None:
    """Ask for something in which the stop must come, and look whether the answer continues."""
    about = "stop ends an answer"
    try:
        answer = await ask(request)
    except AttemptFailed as error:
        result.add(about, None, f"not seen: {error.message}")
        return
    result.count(answer)
    lines = answer.text.split()
    if "5" not in lines:
        result.add(about, None, "not seen: the answer did not come so far")
        return
    good = not {"7", "8", "9"} & set(lines)
    result.add(about, good, "yes" if good else "no: it goes on")


async def several(result: EndpointFindings, endpoint: Endpoint, request: Request) -> None:
    """Ask for many answers at once, else for fewer; all are cut: so their tokens are known."""
    about = "several answers a request (n)"
    if endpoint.profile.api != "chat":
        return
    request = replace(request, max_tokens=CUT)
    count, works = ANSWERS, False
    body: Mapping[str, Any] = {}
    refused: AttemptFailed | None = None
    try:
        alone = await raw(result, endpoint, request)
    except AttemptFailed as error:
        result.add(about, None, f"not seen: {error.message}")
        return
    while count > 1 and not works:
        try:
            body = await raw(result, endpoint, request, n=count)
        except AttemptFailed as error:
            refused = error
        else:
            refused, works = None, len(_choices(body)) == count
        count = count if works else count // 2
    if refused is not None:
        result.add_failure(about, refused, n=1)
        return
    if not works:
        result.add(about, False, f"no: {len(_choices(body))} came", n=1)
        return
    said, once = _counted(alone, body)
    result.add(about, True, f"yes, {count}{said}", n=count if once else 1)


def _counted(alone: Mapping[str, Any], body: Mapping[str, Any]) -> tuple[str, bool]:
    """Say how the tokens of several answers are counted; whether it is worth asking for them."""
    before, usage = read_usage(alone.get("usage")), read_usage(body.get("usage"))
    cut = sum(choice.get("finish_reason") == "length" for choice in _choices(body))
    if usage.completion_tokens is not None and usage.completion_tokens < CUT * cut:
        return ", but usage does not count all of them: one a request is asked for", False
    if before.prompt_tokens is None or usage.prompt_tokens is None:
        return "", False
    once = usage.prompt_tokens < 1.5 * before.prompt_tokens
    return ", their prompt is counted once" if once else ", each with a prompt of its own", once


async def logprobs(result: EndpointFindings, ask: Ask, request: Request) -> None:
    """Ask for the log-probabilities of an answer's tokens."""
    about = "log-probabilities"
    try:
        answer = await ask(replace(request, logprobs=5))
    except AttemptFailed as error:
        result.add_failure(about, error, logprobs=False)
        return
    result.count(answer)
    rivals = max((len(logprob.likeliest) for logprob in answer.logprobs or ()), default=0)
    if answer.logprobs is not None:
        said = f", with the {rivals} likeliest tokens of each place" if rivals else ""
        result.add(about, True, f"yes{said}", logprobs=True)
    elif answer.text.strip():
        result.add(about, False, "no", logprobs=False)
    else:
        result.add(about, None, "not seen: the answer was cut before its text")


async def structured(result: EndpointFindings, endpoint: Endpoint, request: Request) -> None:
    """Ask for a word, and hold the answer to a form in which only other ones are allowed."""
    about = "answers in a form"
    form = {"name": "answer", "strict": True, "schema": schema_of(("Q", "Z"))}
    more: dict[str, Any] = {"response_format": {"type": "json_schema", "json_schema": form}}
    if endpoint.profile.api == "messages":
        more = {"output_config": {"format": {"type": "json_schema", "schema": form["schema"]}}}
    if endpoint.profile.api == "responses":
        more = {"text": {"format": {"type": "json_schema", **form}}}
    try:
        body = await raw(result, endpoint, request, **more)
        answer = endpoint.read(dict(body), request)
    except AttemptFailed as error:
        result.add_failure(about, error, structured=False)
        return
    if unwrapped(answer.text, ("Q", "Z")) in ("Q", "Z"):
        result.add(about, True, "yes", structured=True)
    elif answer.finish == "stop" and answer.text.strip():
        result.add(about, False, "no", structured=False)
    else:
        result.add(about, None, "not seen: the answer was cut")


async def tools(result: EndpointFindings, endpoint: Endpoint, ask: Ask, request: Request) -> None:
    """Ask for something that only a call can find out."""
    if endpoint.profile.tools is False:
        result.add("tools", None, "not tried: left out as its profile says")
        return
    try:
        answer = await ask(request)
    except AttemptFailed as error:
        if error.tools_refused:
            result.add("tools", False, "refused", tools=False)
        else:
            result.add_failure("tools", error, tools=False)
        return
    result.count(answer)
    if answer.calls:
        result.add("tools", True, "called", tools=True)
    else:
        result.add("tools", None, "taken, not called", tools=None)


async def limit_and_speed(result: EndpointFindings, endpoint: Endpoint, request: Request) -> None:
    """Ask the long question once, then many times at once."""
    for count in (1, MANY):
        started = time.monotonic()
        same = [replace(request, request_id=f"check/6/{count}/{n}") for n in range(count)]
        got = await asyncio.gather(*map(endpoint.answer, same), return_exceptions=True)
        seconds = time.monotonic() - started
        answers = [item for item in got if isinstance(item, AttemptAnswer)]
        failures = [item for item in got if isinstance(item, BaseException)]
        for answer in answers:
            result.count(answer)
        if count == 1:
            limit(result, request.max_tokens or 0, answers[0] if answers else failures[0])
        _speed(result, answers, failures, seconds)


def limit(result: EndpointFindings, allowed: int, answer: AttemptAnswer | BaseException) -> None:
    """Say whether an answer to a question for more than the limit allows kept it."""
    about = "limit is kept"
    if isinstance(answer, BaseException):
        result.add(about, None, f"not seen: {answer}")
        return
    tokens = answer.usage.completion_tokens
    if tokens is None:
        cut = answer.finish == "length"
        said = "not seen: no tokens are counted" + (", but the answer says that it was cut" * cut)
        result.add(about, None, said)
    elif tokens > allowed:
        result.add(about, False, f"no: {tokens} tokens where {allowed} were allowed")
    elif answer.finish == "length":
        result.add(about, True, f"yes: cut after {tokens} tokens where {allowed} were allowed")
    elif tokens == allowed:
        said = f"yes, but an answer cut after {tokens} tokens is said to have ended by itself"
        result.add(about, True, said)
    else:
        said = f"not reached: it ended by itself after {tokens} of {allowed} tokens"
        result.add(about, None, said)


def _speed(
    result: EndpointFindings,
    answers: list[AttemptAnswer],
    failures: list[BaseException],
    seconds: float,
) -> None:
    about = f"speed, {len(answers) + len(failures)} in flight"
    failed = f"{len(failures)} failed: {failures[0]}" if failures else ""
    if not answers:
        result.add(about, False, failed)
        return
    counts = [answer.usage.completion_tokens for answer in answers]
    said = f"{len(answers)} answers in {seconds:.2f} s; their tokens are not counted"
    if None not in counts:
        rate = sum(filter(None, counts)) / max(seconds, 1e-3)
        said = f"{rate:.0f} tokens a second, {seconds:.2f} s"
    result.add(about, not failed, f"{said}, {failed}" if failed else said)
