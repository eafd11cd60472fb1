"""The HTTP clients of an endpoint."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import openai

from medalist.agent.llm.apis import key_headers
from medalist.agent.llm.settings import EndpointSettings
from medalist.agent.llm.surroundings import certificates, check_network

CONNECT_TIMEOUT_S = 10.0
CONNECTIONS = 8  # requests in flight that share a connection pool


def clients_for(settings: EndpointSettings, timeout_s: float) -> list[openai.AsyncOpenAI]:
    """Make the clients that requests take in turns, each with its own connection pool.

    A pool looks at all its connections whenever a request comes or goes, so in a single one the
    CPU time of a request would grow with the number in flight.
    """
    timeout = openai.Timeout(timeout_s, connect=CONNECT_TIMEOUT_S)
    limits = httpx2.Limits(
        max_connections=settings.concurrency, max_keepalive_connections=settings.concurrency
    )
    api = settings.known.api
    headers = {**key_headers(api, settings.key()), **settings.headers}
    hooks: dict[str, list[Any]] = {}
    if api == "messages" and "authorization" not in map(str.lower, settings.headers):
        hooks = {"request": [_without_token]}
    check_network()
    known = certificates(settings.base_url)  # loading them takes a while: once for all
    return [
        openai.AsyncOpenAI(
            # Local servers want no key, but the client insists on one.
            api_key=settings.key() or "none",
            base_url=settings.base_url.partition("?")[0],
            default_query={**dict(parse_qsl(urlsplit(settings.base_url).query)), **settings.query},
            default_headers=headers,
            max_retries=0,
            timeout=timeout,
            http_client=openai.DefaultAsyncHttpxClient(
                # A redirect would turn a question into a GET.
                limits=limits,
                timeout=timeout,
                verify=known,
                follow_redirects=False,
                event_hooks=hooks,
            ),
        )
        for _ in range(math.ceil(settings.concurrency / CONNECTIONS))
    ]


async def _without_token(request: httpx2.Request) -> None:
    """Take out the header that OpenAI's client insists on: Anthropic's has the key elsewhere."""
    request.headers.pop("Authorization", None)
