"""Six small questions that find out what an endpoint really takes and gives (`model check`).

The first has all that medalist ever sends, and what is refused is left out; the others look at
what comes back (`endpoint_probes.py`). The last one is asked once alone and then many times at
once, for the speed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from medalist.agent.llm import endpoint_probes as probes
from medalist.agent.llm.attempt import AttemptAnswer, AttemptFailed
from medalist.agent.llm.contract import Message, Request, ToolSpec
from medalist.agent.llm.endpoint import Endpoint
from medalist.agent.llm.endpoint_findings import EndpointFindings
from medalist.agent.llm.endpoint_probes import ANSWERS, CUT, MANY
from medalist.agent.llm.gate import claim_for
from medalist.agent.llm.patience import Patience, patiently
from medalist.agent.llm.prices import Price

_ROOM, _SHORT = 1024, 96
_TOOL = ToolSpec("clock", "Tells the time.", '{"type": "object", "properties": {}}')


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
        question(4, word, _ROOM),
        question(5, "What time is it? Use the tool.", _ROOM, tools=(_TOOL,)),
        question(6, "Write the numbers from 1 to 300, one a line.", _SHORT),
    ]


def most(price: Price | None) -> tuple[int, int, float | None]:
    """Return how many requests a check sends, and the most tokens and dollars that it takes."""
    first, plain, stop, word, tool, long = questions()
    # The last one alone and for many answers at once (or fewer, and fewer); of `word` its
    # log-probabilities, and a form.
    cut = replace(long, max_tokens=CUT)
    sent = [first, plain, stop, *[cut] * (2 * ANSWERS), *[word] * 2, tool, long, *[long] * MANY]
    claims = [claim_for(request, price, request.max_tokens or 0) for request in sent]
    usd = None if price is None else sum(claim.usd or 0.0 for claim in claims)
    return len(claims) - 2 * ANSWERS + 4, sum(claim.tokens for claim in claims), usd


async def ask_one(endpoint: Endpoint, patience: Patience = Patience()) -> EndpointFindings:  # noqa: B008 - frozen
    """Ask one question and say what it shows.

    Args:
        endpoint: Which one.
        patience: How long it is waited for while it loads its model.

    Raises:
        AttemptFailed: There was no answer.
    """
    result = EndpointFindings()
    await endpoint.prepare()
    first, *_ = questions()
    result.count(await patiently(lambda: endpoint.answer(first), patience))
    probes.parameters(result, endpoint)
    thinks = endpoint.room.thinks
    said = {True: "yes", False: "no", None: "not seen"}[thinks]
    result.add("thinks first", None, said)
    result.profile = endpoint.profile.model_copy(update={"thinking": thinks})
    context = endpoint.room.context
    result.add("context", None, f"{context} tokens" if context else "the endpoint does not say")
    return result


async def check(endpoint: Endpoint, patience: Patience = Patience()) -> EndpointFindings:  # noqa: B008 - frozen
    """Ask all six questions, one of them in several ways.

    Raises:
        AttemptFailed: The first of them had no answer: nothing can be said.
    """

    async def ask(request: Request) -> AttemptAnswer:
        return await patiently(lambda: endpoint.answer(request), patience, _comes_back)

    result = await ask_one(endpoint, patience)
    _, plain, stop, word, tool, long = questions()
    await probes.usage_and_thinking(result, endpoint, plain)
    if endpoint.profile.stop:
        await probes.stop(result, ask, stop)
    await probes.several(result, endpoint, long)
    await probes.logprobs(result, ask, word)
    await probes.structured(result, endpoint, word)
    await probes.tools(result, endpoint, ask, tool)
    await probes.limit_and_speed(result, endpoint, long)
    seen = {"thinking": endpoint.room.thinks, **result.seen}
    result.profile = endpoint.profile.model_copy(update=seen)
    return result


def _comes_back(error: AttemptFailed) -> bool:
    """Whether an endpoint that answered will answer again: it is away, or has too much to do."""
    return error.outage or error.busy
