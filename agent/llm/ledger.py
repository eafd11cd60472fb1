"""What the journal holds of model calls; from it a resumed run knows what it has and has spent.

Events, all with the request's id as key:

- `call.intent`: about to be sent. `attempt`, `model`, `messages` (content), `params`, and the
  most it can use (`tokens`, `usd`).
- `call.done`: answered. `text` and `reasoning` (contents), `finish`, `model`, `usage`,
  `latency_s`, `cost_usd`, and what it counts for (`tokens`, `usd`); `cut_while_thinking` where it
  never came to its answer.
- `call.failed`: an attempt that brought no answer: `message`, and what it counts for.
- `call.unknown`: it was in flight when the run was killed or stopped: counts at its maximum.
- `call.adapted`: what was changed because the server refused it; key is the model, `message`.
- `call.carried`: it was in flight in a batch, which goes on without us: counts in the session
  that fetches its answer.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from pydantic import JsonValue

from medalist.agent.journal import Event, Journal
from medalist.agent.llm.contract import Completion, Request, Spent
from medalist.agent.llm.gate import NOTHING, Reservation
from medalist.agent.types import Usage

INTENT, DONE, FAILED = "call.intent", "call.done", "call.failed"
UNKNOWN, CARRIED = "call.unknown", "call.carried"
ADAPTED = "call.adapted"


class Ledger:
    """The calls of one run. Without a journal nothing is kept and nothing is remembered.

    Writing is grouped: calls that come while the disk is busy become durable together.
    """

    def __init__(self, journal: Journal | None) -> None:
        self._journal = journal
        self._flushing = asyncio.Lock()
        self._appended = 0
        self._durable = 0
        self._done: set[str] = set()
        self.thinks: dict[str, bool] = {}
        """Of models that answered in earlier sessions, whether they think before they answer."""

    def open(self, asked: Collection[str] = ()) -> Spent:
        """Return what the run has used; charge calls that were in flight when it ended.

        `asked` are those of them that are in flight still (see `Backend.asked`).
        """
        if self._journal is None:
            return Spent()
        usd: float | None = 0.0
        tokens = requests = 0
        unsettled: Counter[str] = Counter()
        claims: dict[str, Reservation] = {}
        models: dict[str, str] = {}
        for event in self._journal.events(INTENT):
            requests += 1
            unsettled[event.key] += 1
            claims[event.key] = _claim(event.body)
            models[event.key] = str(event.body["model"])
        for kind in (DONE, FAILED, UNKNOWN, CARRIED):
            for event in self._journal.events(kind):
                if kind == DONE:
                    self._done.add(event.key)
                if event.key in models and (thinks := _thinks(kind, event.body)) is not None:
                    model = models[event.key]
                    self.thinks[model] = thinks or self.thinks.get(model, False)
                unsettled[event.key] -= 1
                charge = _claim(event.body)
                tokens += charge.tokens
                usd = None if usd is None or charge.usd is None else usd + charge.usd
        for request_id in (key for key, count in unsettled.items() if count > 0):
            carried = request_id in asked
            claim = NOTHING if carried else claims[request_id]
            kind = CARRIED if carried else UNKNOWN
            self._journal.append(kind, request_id, asdict(claim), durable=False)
            tokens += claim.tokens
            usd = None if usd is None or claim.usd is None else usd + claim.usd
        self._journal.flush()
        return Spent(usd=usd, tokens=tokens, requests=requests)

    def answered(self, request_id: str) -> Completion | None:
        """Return the journalled answer to a request, if there is one."""
        # Asking the journal makes it write first, which is too slow for each new request.
        if self._journal is None or request_id not in self._done:
            return None
        event = self._journal.get(DONE, request_id)
        assert event is not None
        return completion_of(self._journal, event)

    async def intent(self, request: Request, model: str, attempt: int, claim: Reservation) -> None:
        """Record, durably, that a request is about to be sent."""
        if self._journal:
            messages, params = question(request)
            body: dict[str, JsonValue] = {
                "attempt": attempt,
                "model": model,
                "messages": self._journal.put_blob(messages),
                "params": params,
            }
            try:
                await self._write(INTENT, request.request_id, body | asdict(claim))
            except asyncio.CancelledError:
                given_up: dict[str, JsonValue] = {"message": "given up before it was sent"}
                given_up |= asdict(NOTHING)
                self._journal.append(FAILED, request.request_id, given_up, durable=False)
                raise

    async def done(self, completion: Completion, charge: Reservation) -> None:
        """Record an answer."""
        if self._journal:
            put = self._journal.put_blob
            body: dict[str, JsonValue] = {
                "text": put(completion.text),
                "reasoning": put(completion.reasoning) if completion.reasoning else "",
                "finish": completion.finish,
                "model": completion.model,
                "usage": asdict(completion.usage),
                "latency_s": completion.latency_s,
                "cost_usd": completion.cost_usd,
            }
            if completion.cut_while_thinking:
                body["cut_while_thinking"] = True
            await self._write(DONE, completion.request_id, body | asdict(charge))
            self._done.add(completion.request_id)

    async def failed(
        self, request_id: str, message: str, charge: Reservation, *, thinks: bool = False
    ) -> None:
        """Record an attempt that brought no answer; with `thinks`, because of its thinking."""
        if self._journal:
            body: dict[str, JsonValue] = {"message": message} | asdict(charge)
            await self._write(FAILED, request_id, body | ({"thinks": True} if thinks else {}))

    def adapted(self, model: str, message: str) -> None:
        """Record, with the next durable event, what was changed for a server."""
        if self._journal:
            self._journal.append(ADAPTED, model, {"message": message}, durable=False)

    def unknown(self, request_id: str, claim: Reservation) -> None:
        """Record, with the next durable event, an attempt that was given up in flight."""
        if self._journal:
            self._journal.append(UNKNOWN, request_id, asdict(claim), durable=False)

    def flush(self) -> None:
        """Make everything durable that waits for it."""
        if self._journal:
            self._journal.flush()

    async def _write(self, kind: str, key: str, body: dict[str, JsonValue]) -> None:
        assert self._journal is not None
        self._journal.append(kind, key, body, durable=False)
        self._appended += 1
        mine = self._appended
        async with self._flushing:
            if self._durable < mine:
                newest = self._appended
                await asyncio.to_thread(self._journal.flush)
                self._durable = newest


def question(request: Request) -> tuple[str, dict[str, JsonValue]]:
    """Return what a request asks, without its id: its messages as JSON, and the parameters."""
    messages = [asdict(message) for message in request.messages]
    params: dict[str, JsonValue] = {
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "seed": request.seed,
        "stop": list(request.stop),
        "prefill": request.prefill,
    }
    return json.dumps(messages, ensure_ascii=False), params


def question_key(messages_digest: str, params: Mapping[str, JsonValue]) -> str:
    """Return a key that is equal for equal questions."""
    return f"{messages_digest} {json.dumps(params, sort_keys=True)}"


def completion_of(journal: Journal, event: Event) -> Completion:
    """Rebuild a completion from its `call.done`."""
    body: dict[str, Any] = event.body
    return Completion(
        request_id=event.key,
        text=_text(journal, body["text"]),
        reasoning=_text(journal, body["reasoning"]) if body["reasoning"] else "",
        finish=body["finish"],
        usage=Usage(**body["usage"]),
        model=body["model"],
        latency_s=body["latency_s"],
        cost_usd=body["cost_usd"],
    )


def _thinks(kind: str, body: dict[str, Any]) -> bool | None:
    """Whether an attempt showed a thinking model; None where it showed nothing."""
    if kind == DONE:
        reasoning = (body.get("usage") or {}).get("reasoning_tokens")
        return bool(body.get("reasoning") or reasoning)
    return True if body.get("thinks") else None


def _text(journal: Journal, digest: str) -> str:
    return journal.blob(digest).decode("utf-8", "surrogatepass")


def _claim(body: dict[str, Any]) -> Reservation:
    return Reservation(tokens=body["tokens"], usd=body["usd"])
