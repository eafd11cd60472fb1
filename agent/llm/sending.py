"""Sending one request and taking in its answer, whole or piece by piece."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import httpx2
import openai

from medalist.agent.llm.apis import APIS
from medalist.agent.llm.clients import CONNECT_TIMEOUT_S
from medalist.agent.llm.profiles import Profile
from medalist.agent.llm.streaming import at_once, is_stream

_STREAMED = {"X-Stainless-Raw-Response": "stream"}
"""Makes the client hand out a body as it comes."""


async def send(
    client: openai.AsyncOpenAI,
    worded: tuple[str, dict[str, Any]],
    profile: Profile,
    *,
    limit: int,
    seconds: float,
) -> str | dict[str, Any]:
    """Send a request; return the body of the answer, put together where it was streamed.

    Args:
        client: Through which it goes.
        worded: Where to, below the base URL, and the body.
        profile: How the model is asked.
        limit: The most tokens of the answer; a stream that continues beyond it is left.
        seconds: How long a part of the answer is waited for.

    Raises:
        StreamCut: The stream ended in the middle.
        StreamOverrun: It continued beyond the limit.
    """
    path, body = worded
    gather = APIS[profile.api].gather
    options: Any = {"timeout": openai.Timeout(seconds, connect=CONNECT_TIMEOUT_S)}
    if not profile.stream:
        # The client's typed methods also rebuild every field, which takes more CPU.
        response = await client.post(path, body=body, cast_to=httpx2.Response, options=options)
        text = response.text
    else:
        options["headers"] = _STREAMED
        stream = await client.post(path, body=body, cast_to=httpx2.Response, options=options)
        try:
            if "event-stream" in stream.headers.get("content-type", ""):
                texts: Any = stream.aiter_text()
                async with aclosing(texts) as chunks:
                    return await gather(chunks, limit)
            text = (await stream.aread()).decode("utf-8", "replace")
        finally:
            await stream.aclose()
    # Some stream though nobody asked for it, or under another name.
    return await gather(at_once(text), limit) if is_stream(text) else text
