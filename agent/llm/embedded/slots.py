"""Slots of the embedded model's server: a prompt is computed once, however many answers it gets.

Each slot of a llama.cpp server answers one request at a time and has its own cache: four
equal prompts that come together would be computed four times. So a new prompt is computed in
one slot, its state is saved, and the other slots load it, which takes milliseconds.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from medalist.agent.llm.attempt import AttemptFailed
from medalist.agent.llm.contract import Message, Request
from medalist.agent.llm.endpoint import Endpoint

KEPT_PROMPTS = 4
TIMEOUT_S = 60.0


def _key(messages: Sequence[Message], prefill: str) -> str:
    content = f"{tuple(messages)!r} {prefill!r}"
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _earlier_turns(request: Request) -> list[str]:
    """Return the keys of the prompts of a conversation's earlier turns; none for its first."""
    messages = request.messages
    places = [place for place, one in enumerate(messages) if one.role == "assistant"]
    return [_key(messages[:place], "") for place in places]


class Slots:
    """Hands out slots that hold the prompt of a request. Used from one event loop."""

    def __init__(self, endpoint: Endpoint, server_url: str, count: int, directory: Path) -> None:
        """`directory` is where the server saves states (its `slot_save_path`)."""
        self._endpoint = endpoint
        self._http = httpx.AsyncClient(base_url=server_url, timeout=TIMEOUT_S)
        self._directory = directory
        self._holds: dict[int, str] = dict.fromkeys(range(count), "")
        self._free = set(self._holds)
        self._room = asyncio.Semaphore(count)
        self._saved: OrderedDict[str, None] = OrderedDict()
        self._saving = asyncio.Lock()

    @asynccontextmanager
    async def hold(self, request: Request) -> AsyncIterator[int]:
        """Hold a slot for one request; its prompt is in it, unless the server refused."""
        key = _key(request.messages, request.prefill)
        before = _earlier_turns(request)
        async with self._room:
            # A conversation continues best where its earlier turns are.
            worth = {key: 2, **dict.fromkeys(before, 1)}
            slot = max(self._free, key=lambda free: worth.get(self._holds[free], 0))
            self._free.remove(slot)
            try:
                if before:
                    self._holds[slot] = key  # nobody else asks this: it is not worth saving
                elif self._holds[slot] != key:
                    self._holds[slot] = ""
                    await self._load(slot, key, request)
                    self._holds[slot] = key
                yield slot
            finally:
                self._free.add(slot)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _load(self, slot: int, key: str, request: Request) -> None:
        """Get the prompt's state into a slot: from a saved one, or by computing it.

        What fails here only costs time: the request itself then computes its prompt, or shows
        what is wrong.
        """
        # One at a time: who waits here for the same prompt finds it saved.
        async with self._saving:
            try:
                if key in self._saved:
                    self._saved.move_to_end(key)
                    await self._act(slot, "restore", key)
                    return
                await self._endpoint.answer(replace(request, max_tokens=1), slot=slot)
                await self._act(slot, "save", key)
            except (AttemptFailed, httpx.HTTPError):
                return
            self._saved[key] = None
            while len(self._saved) > KEPT_PROMPTS:
                oldest, _ = self._saved.popitem(last=False)
                (self._directory / oldest).unlink(missing_ok=True)

    async def _act(self, slot: int, action: str, file: str) -> None:
        answer = await self._http.post(
            f"/slots/{slot}", params={"action": action}, json={"filename": file}
        )
        answer.raise_for_status()
