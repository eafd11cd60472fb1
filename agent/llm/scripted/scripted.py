"""A scripted endpoint: a real HTTP server on loopback that answers, and misbehaves, on demand.

For tests and benchmarks of anything that talks to an OpenAI-compatible endpoint, and to try
medalist without a model. It knows chat completions and responses, plain, streamed and in batches,
and lists its model. Its log holds what it really saw and did, which a client cannot dispute::

    with ScriptedEndpoint([Reply("a"), Reply(status=429, retry_after_s=1)]) as endpoint:
        ...  # point a client at endpoint.base_url
        assert endpoint.log[0].completion_tokens == 1
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from medalist.agent.llm.scripted.scripted_batches import ScriptedBatches
from medalist.agent.llm.scripted.scripted_maker_batches import ScriptedMakerBatches
from medalist.agent.llm.scripted.scripted_messages import message_events, message_of
from medalist.agent.llm.scripted.scripted_replies import (
    Reply,
    ScriptedText,
    SeenRequest,
    body_of,
    events_of,
)

__all__ = ["Reply", "ScriptedEndpoint", "SeenRequest"]

Script = Callable[[SeenRequest], Reply] | Sequence[Reply]


@dataclass
class ScriptedEndpoint:
    """The server, in its own thread. A sequence of replies repeats its last one."""

    script: Script = (Reply(),)
    model: str = "scripted"
    card: Mapping[str, Any] = field(default_factory=dict)
    """What `/models` says of the model beside its name."""
    context: int | None = None
    """Most tokens of prompt and limit together; a request for more is refused."""
    listed: Callable[[str], Reply | None] = lambda _: None
    """What is answered instead of the list of models, by the request's path; None for the list."""
    most_answers: int = 128
    """Most answers to one request, however many it asks for (`n`)."""
    port: int = 0
    log: list[SeenRequest] = field(default_factory=list)
    batches: ScriptedBatches = field(default_factory=ScriptedBatches)
    maker_batches: ScriptedMakerBatches = field(default_factory=ScriptedMakerBatches)
    most_in_flight: int = 0
    _in_flight: int = 0
    _cached: set[str] = field(default_factory=set)

    @property
    def base_url(self) -> str:
        """The address to give to a client."""
        return f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> Self:
        """Listen."""
        self._loop = asyncio.new_event_loop()
        self._connections: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        listen = asyncio.start_server(self._connection, "127.0.0.1", self.port, backlog=4096)
        self._server = asyncio.run_coroutine_threadsafe(listen, self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def close(self) -> None:
        """Stop listening and drop all connections."""
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def _stop(self) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await asyncio.sleep(0)  # closed connections are released in the loop's next turn

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client has gone, or the server is being stopped
        finally:
            self._connections.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Serve one request; return whether the connection may be used again."""
        line, headers = await _head(reader)
        if not line:
            return False
        method, path, _ = line.split(" ", 2)
        raw = await reader.readexactly(int(headers.get("content-length", 0)))
        if self.maker_batches.knows(path):
            content = self.maker_batches.handle(method, path, raw, self._in_batch)
            return content is not None and await self._send(writer, Reply(), content)
        below = path.removeprefix("/v1")
        if below.startswith(("/files", "/batches")):
            content = self.batches.handle(method, below, headers, raw, self._in_batch)
            return content is not None and await self._send(writer, Reply(), content)
        if method == "GET" and (reply := self.listed(path)) is not None:
            content = reply.raw or json.dumps({"error": {"message": reply.text}}).encode()
            return await self._send(writer, reply, content)
        if method == "GET":
            card = {"id": self.model, "object": "model", **self.card}
            models = {"object": "list", "data": [card]}
            return await self._send(writer, Reply(), json.dumps(models).encode())
        seen = SeenRequest(len(self.log), path, headers, json.loads(raw), time.time())
        self.log.append(seen)
        self._in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight)
        try:
            return await self._answer(seen, writer)
        finally:
            self._in_flight -= 1
            seen.finished = time.time()

    async def _answer(self, seen: SeenRequest, writer: asyncio.StreamWriter) -> bool:
        reply = self._reply(seen)
        if reply.delay_s:
            await asyncio.sleep(reply.delay_s)
        seen.status = reply.status
        if reply.fault == "disconnect":
            return False
        if reply.raw is not None:
            return await self._send(writer, reply, reply.raw, kind=reply.kind)
        if reply.status != 200:
            error = {"error": {"message": reply.text, "type": "scripted"}}
            return await self._send(writer, reply, json.dumps(error).encode())
        if reply.fault == "html":
            page = b"<!doctype html><html><body>It works!</body></html>"
            return await self._send(writer, reply, page, kind="text/html")
        if (refusal := self._beyond_context(seen, reply)) is not None:
            seen.status = 400
            error = {"error": {"message": refusal, "type": "BadRequestError"}}
            return await self._send(writer, Reply(status=400), json.dumps(error).encode())
        # From here on work is done, and billed, even if the client never gets it whole.
        done = self._all_work(seen, reply)
        marked = seen.path.endswith("/messages") and '"cache_control"' in json.dumps(seen.body)
        prompt = json.dumps([seen.body.get("system"), seen.body.get("messages")])
        if marked and prompt in self._cached:
            seen.cache_read = seen.prompt_tokens
        elif marked:
            seen.cache_written = seen.prompt_tokens
        if seen.body.get("stream"):
            content = b"".join(self._events(seen, done))
            sent = await self._send(writer, reply, content, kind="text/event-stream")
        else:
            sent = await self._send(writer, reply, json.dumps(self._body(seen, done)).encode())
        if marked:
            self._cached.add(prompt)
        return sent

    def _events(self, seen: SeenRequest, done: list[ScriptedText]) -> Iterable[bytes]:
        if seen.path.endswith("/messages"):
            return message_events(self.model, seen, done[0])
        return events_of(self.model, seen, done)

    def _body(self, seen: SeenRequest, done: list[ScriptedText]) -> dict[str, Any]:
        if seen.path.endswith("/messages"):
            return message_of(self.model, seen, done[0])
        return body_of(self.model, seen, done)

    def _all_work(self, seen: SeenRequest, reply: Reply) -> list[ScriptedText]:
        """Do the work of a request, which may ask for several answers (`n`)."""
        done = [self._work(seen, reply)]
        tokens = seen.completion_tokens
        for choice in range(1, min(int(seen.body.get("n") or 1), self.most_answers)):
            seen.choice = choice
            done.append(self._work(seen, self._reply(seen)))
            tokens += seen.completion_tokens
        seen.completion_tokens = tokens
        return done

    def _in_batch(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Answer one request of a batch, at once."""
        seen = SeenRequest(len(self.log), path, {}, body, time.time())
        self.log.append(seen)
        reply = self._reply(seen)
        seen.status, seen.finished = reply.status, seen.started
        if reply.status != 200:
            return reply.status, {"error": {"message": reply.text, "type": "scripted"}}
        return 200, self._body(seen, self._all_work(seen, reply))

    def _reply(self, seen: SeenRequest) -> Reply:
        if callable(self.script):
            return self.script(seen)
        return self.script[min(seen.index + seen.choice, len(self.script) - 1)]

    def _beyond_context(self, seen: SeenRequest, reply: Reply) -> str | None:
        """Return why a request is refused, in vLLM's words, if it is."""
        prompt, limit = _prompt_tokens(seen, reply), seen.max_tokens or 0
        if self.context is None or prompt + limit <= self.context:
            return None
        return (
            f"'max_tokens' or 'max_completion_tokens' is too large: {limit}. This model's maximum "
            f"context length is {self.context} tokens and your request has {prompt} input tokens "
            f"({limit} > {self.context} - {prompt})."
        )

    def _work(self, seen: SeenRequest, reply: Reply) -> ScriptedText:
        """Count the work of a reply, cutting it at the limit as an honest server does."""
        seen.prompt_tokens = _prompt_tokens(seen, reply)
        tokens = reply.completion_tokens
        if tokens is None:
            called = sum(len(name) + len(arguments) for name, arguments in reply.calls)
            tokens = -(-(len(reply.text) + called) // 4) + reply.reasoning_tokens
        text, finish = reply.text, reply.finish or "stop"
        limit = seen.max_tokens
        if limit is not None and tokens > limit and not reply.ignores_limit:
            left = max(0, limit - reply.reasoning_tokens)
            text, finish, tokens = reply.text[: 4 * left], "length", limit
        seen.completion_tokens = tokens
        return ScriptedText(reply, text, finish)

    async def _send(
        self,
        writer: asyncio.StreamWriter,
        reply: Reply,
        content: bytes,
        kind: str = "application/json",
    ) -> bool:
        length = len(content)
        if reply.fault in ("truncated_json", "cut"):
            content = content[: length // 2]
        if reply.fault == "truncated_json":
            length = len(content)
        if reply.fault == "short_length":
            length //= 2
        if reply.fault == "long_length":
            length += 100
        head = f"HTTP/1.1 {reply.status} Scripted\r\nContent-Type: {kind}\r\n"
        head += f"Content-Length: {length}\r\n"
        if reply.retry_after_s is not None:
            head += f"Retry-After: {reply.retry_after_s:g}\r\n"
        if reply.location is not None:
            head += f"Location: {reply.location}\r\n"
        writer.write(f"{head}\r\n".encode())
        if reply.fault == "drip":
            for byte in content:
                await asyncio.sleep(reply.drip_s)
                writer.write(bytes([byte]))
                await writer.drain()
        else:
            writer.write(content)
        await writer.drain()
        return reply.fault not in ("cut", "short_length", "long_length")


def _prompt_tokens(seen: SeenRequest, reply: Reply) -> int:
    if reply.prompt_tokens is not None:
        return reply.prompt_tokens
    messages = seen.body.get("messages") or seen.body.get("input") or ""
    if seen.body.get("tools"):
        messages = [messages, seen.body["tools"]]
    return len(json.dumps(messages, ensure_ascii=False).encode()) // 4 + 1


async def _head(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
    """Read a request's first line and its headers (names in lower case)."""
    first = (await reader.readline()).decode().strip()
    headers: dict[str, str] = {}
    while line := (await reader.readline()).decode().strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return first, headers
