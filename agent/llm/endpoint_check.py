"""Six small questions that find out what an endpoint really takes and gives (`model check`).

The first has all that medalist ever sends, and what is refused is left out; the others look at
what comes back. The last one is asked once alone and then `MANY` times at once, for the speed.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from medalist.agent.llm.apis import APIS
from medalist.agent.llm.attempt import AttemptAnswer, AttemptFailed
from medalist.agent.llm.contract import Message, Request, ToolSpec
from medalist.agent.llm.endpoint import Endpoint
from medalist.agent.llm.forms import schema_of, unwrapped
from medalist.agent.llm.gate import claim_for
from medalist.agent.llm.prices import Price
from medalist.agent.llm.profiles import Profile
from medalist.agent.llm.usage import read_usage

MANY = 16
"""Requests in flight when the speed is measured."""

ANSWERS = 8
"""So many answers a request are asked for where the prompt is computed once."""

_ROOM, _SHORT, _CUT = 1024, 96, 16
_PLACES = ("reasoning_content", "reasoning", "reasoning_details", "thinking")
_TOOL = ToolSpec("clock", "Tells the time.", '{"type": "object", "properties": {}}')


@dataclass(frozen=True)
class EndpointFinding:
    """A line of the table: what was looked at, whether it is there (None: not known), in words."""

    about: str
    good: bool | None
    detail: str


@dataclass
class EndpointFindings:
    """What came out: the table, the profile that holds from now on, and the tokens used."""

    rows: list[EndpointFinding] = field(default_factory=list)
    profile: Profile = field(default_factory=Profile)
    tokens: int = 0

    def add(self, about: str, good: bool | None, detail: str) -> None:
        """Add a line."""
        self.rows.append(EndpointFinding(about, good, detail))


def question(number: int, text: str, limit: int, **more: Any) -> Request:
    """Make one of the questions."""
    system = Message("system", "You are a terse assistant.")
    messages = (system, Message("user", text))
    return Request(f"check/{number}", messages, max_tokens=limit, seed=7, **more)


def questions() -> list[Request]:
    """All six, in order."""
    word = "Answer with the single word pong."
    return [
        question(1, word, _ROOM, temperature=0.7, top_p=0.9, stop=("###",)),
        question(2, word, _ROOM),
        question(3, "Write the numbers 1 to 9, one a line.", _ROOM, stop=("6",)),
        question(4, word, _SHORT),
        question(5, "What time is it? Use the tool.", _SHORT),
        question(6, "Write the numbers from 1 to 300, one a line.", _SHORT),
    ]


def most(price: Price | None) -> tuple[int, int, float | None]:
    """Return how many requests a check sends, and the most tokens and dollars that it takes."""
    first, plain, stop, several, tool, long = questions()
    # The last one alone and for many answers at once (or fewer, and fewer); of `several` its
    # log-probabilities, and a form.
    cut = replace(long, max_tokens=_CUT)
    sent = [first, plain, stop, *[cut] * (2 * ANSWERS), *[several] * 2, tool, long, *[long] * MANY]
    claims = [claim_for(one, price, one.max_tokens or 0) for one in sent]
    usd = None if price is None else sum(claim.usd or 0.0 for claim in claims)
    return len(claims) - 2 * ANSWERS + 4, sum(claim.tokens for claim in claims), usd


async def ask_one(endpoint: Endpoint) -> EndpointFindings:
    """Ask one question and say what it shows.

    Raises:
        AttemptFailed: There was no answer.
    """
    result = EndpointFindings()
    await endpoint.prepare()
    first, *_ = questions()
    answer = await endpoint.answer(first)
    _count(result, answer)
    _parameters(result, endpoint)
    thinks = endpoint.room.thinks
    result.add("thinks first", None, _yes(thinks))
    result.profile = endpoint.profile.model_copy(update={"thinking": thinks})
    context = endpoint.room.context
    result.add("context", None, f"{context} tokens" if context else "the endpoint does not say")
    return result


async def check(endpoint: Endpoint) -> EndpointFindings:
    """Ask all six questions, one of them in several ways.

    Raises:
        AttemptFailed: The first of them had no answer: nothing can be said.
    """
    result = await ask_one(endpoint)
    _, plain, stop, several, tool, long = questions()
    body = await _raw(endpoint, plain, result)
    _usage(result, body)
    _thinking(result, body)
    await _stop(result, endpoint, stop)
    await _several(result, endpoint, long)
    await _logprobs(result, endpoint, several)
    await _structured(result, endpoint, several)
    await _tools(result, endpoint, tool)
    await _speed(result, endpoint, long)
    result.profile = endpoint.profile.model_copy(
        update={
            "thinking": endpoint.room.thinks,
            "stop": result.profile.stop,
            "tools": result.profile.tools,
            "n": result.profile.n,
            "logprobs": result.profile.logprobs,
            "structured": result.profile.structured,
        }
    )
    return result


def _yes(value: bool | None) -> str:
    return {True: "yes", False: "no", None: "not seen"}[value]


def _count(result: EndpointFindings, answer: AttemptAnswer) -> None:
    usage = answer.usage
    result.tokens += (usage.prompt_tokens or 0) + (usage.completion_tokens or 0)


def _parameters(result: EndpointFindings, endpoint: Endpoint) -> None:
    profile = endpoint.profile
    result.add("system messages", profile.system, "taken" if profile.system else "refused")
    for name in ("temperature", "top_p", "seed", "stop"):
        taken = getattr(profile, name) and (profile.sampling or name in ("seed", "stop"))
        result.add(name, taken, "taken" if taken else "refused, or left out as known of the name")
    result.add("limit's name", None, APIS[profile.api].limit or profile.limit)
    for line in endpoint.news():
        result.add("learnt", None, line)


async def _raw(
    endpoint: Endpoint, request: Request, result: EndpointFindings, **more: Any
) -> Mapping[str, Any]:
    """Ask and return the body as it came; empty where there was none."""
    try:
        body = await endpoint.body(request, more)
    except AttemptFailed:
        return {}
    with contextlib.suppress(AttemptFailed):
        _count(result, endpoint.read(dict(body), request))
    return body


def _choices(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    choices = body.get("choices")
    found = choices if isinstance(choices, list) else []
    return [one for one in found if isinstance(one, Mapping)]


def _message(body: Mapping[str, Any]) -> Mapping[str, Any]:
    message = _choices(body)[0].get("message") if _choices(body) else None
    return message if isinstance(message, Mapping) else {}


def _usage(result: EndpointFindings, body: Mapping[str, Any]) -> None:
    usage = body.get("usage")
    named = sorted(usage) if isinstance(usage, Mapping) else []
    counted = {"prompt_tokens", "completion_tokens"} <= set(named) or {
        "input_tokens",
        "output_tokens",
    } <= set(named)
    result.add("usage", counted, ", ".join(named) or "none: answers are charged at their most")


def _thinking(result: EndpointFindings, body: Mapping[str, Any]) -> None:
    message = _message(body)
    places = [name for name in _PLACES if message.get(name)]
    content = message.get("content")
    if isinstance(content, list):
        places.append("parts of the content")
    elif isinstance(content, str) and ("<think" in content or "</think" in content):
        places.append("tags in the content")
    result.add("thinking's place", None, ", ".join(places) or "none seen")


async def _stop(result: EndpointFindings, endpoint: Endpoint, request: Request) -> None:
    if not endpoint.profile.stop:
        return
    try:
        answer = await endpoint.answer(request)
    except AttemptFailed as error:
        result.add("stop ends an answer", None, error.message)
        return
    _count(result, answer)
    lines = answer.text.split()
    if "5" not in lines:
        result.add("stop ends an answer", None, "not seen")
        return
    good = not {"7", "8", "9"} & set(lines)
    result.add("stop ends an answer", good, "yes" if good else "no: it goes on")


async def _several(result: EndpointFindings, endpoint: Endpoint, request: Request) -> None:
    """Ask for many answers at once, else for fewer; all are cut: so their tokens are known."""
    if endpoint.profile.api != "chat":
        return
    count, works = ANSWERS, False
    request = replace(request, max_tokens=_CUT)
    body = await _raw(endpoint, request, result)
    alone = read_usage(body.get("usage")).prompt_tokens
    while count > 1 and not works:
        body = await _raw(endpoint, request, result, n=count)
        works = len(_choices(body)) == count
        count = count if works else count // 2
    prompt = read_usage(body.get("usage")).prompt_tokens
    once = works and alone is not None and prompt is not None and prompt < 1.5 * alone
    tokens = read_usage(body.get("usage")).completion_tokens
    cut = sum(choice.get("finish_reason") == "length" for choice in _choices(body))
    counted = tokens is None or tokens >= _CUT * cut
    said = f"yes, {count}" if works else "no"
    if works and alone is not None and prompt is not None:
        said += ", their prompt is counted once" if once else ", each with a prompt of its own"
    if works and not counted:
        said += ", but usage does not count all of them: one a request is asked for"
        once = False
    result.add("several answers a request (n)", works, said)
    result.profile = result.profile.model_copy(update={"n": count if once else 1})


async def _logprobs(result: EndpointFindings, endpoint: Endpoint, request: Request) -> None:
    try:
        answer = await endpoint.answer(replace(request, logprobs=5))
    except AttemptFailed as error:
        result.add("log-probabilities", False, error.message)
        return
    _count(result, answer)
    rivals = max((len(one.likeliest) for one in answer.logprobs or ()), default=0)
    given = answer.logprobs is not None
    said = f"yes, with the {rivals} likeliest tokens of each place" if rivals else "yes"
    result.add("log-probabilities", given, said if given else "no")
    result.profile = result.profile.model_copy(update={"logprobs": given})


async def _structured(result: EndpointFindings, endpoint: Endpoint, request: Request) -> None:
    """Ask for a word, and hold the answer to a form in which only other ones are allowed."""
    form = {"name": "answer", "strict": True, "schema": schema_of(("Q", "Z"))}
    more: dict[str, Any] = {"response_format": {"type": "json_schema", "json_schema": form}}
    if endpoint.profile.api == "messages":
        more = {"output_config": {"format": {"type": "json_schema", "schema": form["schema"]}}}
    if endpoint.profile.api == "responses":
        more = {"text": {"format": {"type": "json_schema", **form}}}
    body = await _raw(endpoint, request, result, **more)
    text = ""
    with contextlib.suppress(AttemptFailed):
        text = endpoint.read(dict(body), request).text if body else ""
    kept = unwrapped(text, ("Q", "Z")) in ("Q", "Z")
    result.add("answers in a form", kept, "yes" if kept else "no" if body else "refused")
    result.profile = result.profile.model_copy(update={"structured": kept})


async def _tools(result: EndpointFindings, endpoint: Endpoint, request: Request) -> None:
    try:
        answer = await endpoint.answer(replace(request, tools=(_TOOL,)))
    except AttemptFailed:
        taken, called = False, False
    else:
        _count(result, answer)
        taken, called = endpoint.profile.tools is not False, bool(answer.calls)
    said = "called" if called else "taken, not called" if taken else "refused"
    result.add("tools", taken, said)
    works = True if called else None if taken else False
    result.profile = result.profile.model_copy(update={"tools": works})


async def _speed(result: EndpointFindings, endpoint: Endpoint, request: Request) -> None:
    """Ask the long question once, then many times at once."""
    for count in (1, MANY):
        started = time.monotonic()
        same = [replace(request, request_id=f"check/6/{count}/{n}") for n in range(count)]
        got = await asyncio.gather(*map(endpoint.answer, same), return_exceptions=True)
        seconds = time.monotonic() - started
        answers = [one for one in got if isinstance(one, AttemptAnswer)]
        for answer in answers:
            _count(result, answer)
        tokens = sum(answer.usage.completion_tokens or 0 for answer in answers)
        if count == 1 and answers:
            usage = answers[0].usage.completion_tokens
            kept = usage is not None and usage <= _SHORT and answers[0].finish == "length"
            said = f"{usage} tokens where {_SHORT} were allowed, end: {answers[0].finish}"
            result.add("limit is kept", kept if usage is not None else None, said)
        failed = f", {count - len(answers)} failed" if len(answers) < count else ""
        result.add(
            f"speed, {count} in flight",
            not failed,
            f"{tokens / max(seconds, 1e-3):.0f} tokens a second, {seconds:.2f} s{failed}",
        )
