"""What the journal holds of model calls; from it a resumed run knows what it has and has spent.

The kinds are declared in `call_records`. Every attempt has a `call.intent`, and then one of
`call.done`, `call.failed`, `call.unknown` and `call.carried`, all with the request's id as key.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from typing import TypeVar

from pydantic import JsonValue

from medalist.agent.journal import EventKind, Journal
from medalist.agent.llm.call_records import (
    ADAPTED,
    CARRIED,
    DONE,
    FAILED,
    INTENT,
    UNKNOWN,
    AdaptedRecord,
    AnswerRecord,
    FailedRecord,
    IntentRecord,
    attempts_ended,
)
from medalist.agent.llm.contract import Completion, Message, Request, Spent, ToolCall
from medalist.agent.llm.gate import NOTHING, Reservation
from medalist.agent.llm.logprobs import packed, unpacked

T = TypeVar("T")


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
        for intent in self._journal.events(INTENT):
            requests += 1
            unsettled[intent.key] += 1
            claims[intent.key] = Reservation(intent.value.tokens, intent.value.usd)
            models[intent.key] = intent.value.model
        for end in attempts_ended(self._journal, carried=True):
            if isinstance(end.value, AnswerRecord):
                self._done.add(end.key)
                requests -= end.value.along
            thinks = _thinks(end.value)
            if end.key in models and thinks is not None:
                model = models[end.key]
                self.thinks[model] = thinks or self.thinks.get(model, False)
            unsettled[end.key] -= 1
            tokens += end.value.tokens
            usd = None if usd is None or end.value.usd is None else usd + end.value.usd
        for request_id in (key for key, count in unsettled.items() if count > 0):
            carried = request_id in asked
            claim = NOTHING if carried else claims[request_id]
            self._journal.append(CARRIED if carried else UNKNOWN, request_id, claim, durable=False)
            tokens += claim.tokens
            usd = None if usd is None or claim.usd is None else usd + claim.usd
        self._journal.flush()
        return Spent(usd=usd, tokens=tokens, requests=requests)

    def answered(self, request_id: str) -> Completion | None:
        """Return the journalled answer to a request, if there is one."""
        # Asking the journal makes it write first, which is too slow for each new request.
        if self._journal is None or request_id not in self._done:
            return None
        answer = self._journal.get(DONE, request_id)
        assert answer is not None
        return completion_of(self._journal, request_id, answer)

    async def intent(self, request: Request, model: str, attempt: int, claim: Reservation) -> None:
        """Record, durably, that a request is about to be sent."""
        if self._journal:
            messages, params = question(request)
            intent = IntentRecord(
                attempt=attempt,
                model=model,
                messages=self._journal.put_blob(messages),
                params=params,
                tokens=claim.tokens,
                usd=claim.usd,
            )
            try:
                await self._write(INTENT, request.request_id, intent)
            except asyncio.CancelledError:
                given_up = FailedRecord(
                    message="given up before it was sent", tokens=NOTHING.tokens, usd=NOTHING.usd
                )
                self._journal.append(FAILED, request.request_id, given_up, durable=False)
                raise

    async def done(
        self, completion: Completion, charge: Reservation, *, along: bool = False
    ) -> None:
        """Record an answer; one that came `along` with another is not a request of its own."""
        if self._journal:
            put = self._journal.put_blob
            answer = AnswerRecord(
                text=put(completion.text),
                reasoning=put(completion.reasoning) if completion.reasoning else "",
                finish=completion.finish,
                model=completion.model,
                usage=completion.usage,
                latency_s=completion.latency_s,
                cost_usd=completion.cost_usd,
                cut_while_thinking=completion.cut_while_thinking,
                along=along,
                calls=put(_calls_text(completion.calls)) if completion.calls else "",
                kept=put(completion.kept) if completion.kept else "",
                logprobs=put(packed(completion.logprobs)) if completion.logprobs else "",
                tokens=charge.tokens,
                usd=charge.usd,
            )
            await self._write(DONE, completion.request_id, answer)
            self._done.add(completion.request_id)

    async def failed(
        self, request_id: str, message: str, charge: Reservation, *, thinks: bool = False
    ) -> None:
        """Record an attempt that brought no answer; with `thinks`, because of its thinking."""
        if self._journal:
            failed = FailedRecord(
                message=message, thinks=thinks, tokens=charge.tokens, usd=charge.usd
            )
            await self._write(FAILED, request_id, failed)

    def adapted(self, model: str, message: str) -> None:
        """Record, with the next durable event, what was changed for a server."""
        if self._journal:
            self._journal.append(ADAPTED, model, AdaptedRecord(message), durable=False)

    def unknown(self, request_id: str, claim: Reservation) -> None:
        """Record, with the next durable event, an attempt that was given up in flight."""
        if self._journal:
            self._journal.append(UNKNOWN, request_id, claim, durable=False)

    def flush(self) -> None:
        """Write all pending events to disk."""
        if self._journal:
            self._journal.flush()

    async def _write(self, kind: EventKind[T], key: str, value: T) -> None:
        assert self._journal is not None
        self._journal.append(kind, key, value, durable=False)
        self._appended += 1
        mine = self._appended
        async with self._flushing:
            if self._durable < mine:
                newest = self._appended
                await asyncio.to_thread(self._journal.flush)
                self._durable = newest


def question(request: Request) -> tuple[str, dict[str, JsonValue]]:
    """Return what a request asks, without its id: its messages as JSON, and the parameters."""
    messages = [_turn(message) for message in request.messages]
    params: dict[str, JsonValue] = {
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "seed": request.seed,
        "stop": list(request.stop),
        "prefill": request.prefill,
    }
    if request.tools:
        told = json.dumps([asdict(tool) for tool in request.tools], ensure_ascii=False)
        params["tools"] = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    if request.must_answer:
        params["must_answer"] = True
    if request.at_most is not None:
        params["at_most"] = request.at_most
    if request.logprobs is not None:  # what was asked before there were any reads as before
        params["logprobs"] = request.logprobs
    return json.dumps(messages, ensure_ascii=False), params


def _turn(message: Message) -> dict[str, JsonValue]:
    """Return a turn as it is kept; most have a role and a content and nothing else."""
    fields = asdict(replace(message, pictures=()))  # known by the problem; a question without
    return {name: value for name, value in fields.items() if value or name in ("role", "content")}


def _calls_text(calls: Sequence[ToolCall]) -> str:
    return json.dumps([asdict(call) for call in calls], ensure_ascii=False)


def question_key(messages_digest: str, params: Mapping[str, JsonValue]) -> str:
    """Return a key that is equal for equal questions."""
    return f"{messages_digest} {json.dumps(params, sort_keys=True)}"


def completion_of(journal: Journal, request_id: str, answer: AnswerRecord) -> Completion:
    """Rebuild a completion from what the journal holds of it."""
    return Completion(
        request_id=request_id,
        text=_text(journal, answer.text),
        reasoning=_text(journal, answer.reasoning) if answer.reasoning else "",
        finish=answer.finish,
        usage=answer.usage,
        model=answer.model,
        latency_s=answer.latency_s,
        cost_usd=answer.cost_usd,
        calls=tuple(ToolCall(**call) for call in json.loads(_text(journal, answer.calls)))
        if answer.calls
        else (),
        kept=_text(journal, answer.kept) if answer.kept else "",
        logprobs=unpacked(_text(journal, answer.logprobs)) if answer.logprobs else None,
    )


def _thinks(end: Reservation) -> bool | None:
    """Whether an attempt showed a thinking model; None where it showed nothing."""
    if isinstance(end, AnswerRecord):
        return bool(end.reasoning or end.usage.reasoning_tokens)
    return True if isinstance(end, FailedRecord) and end.thinks else None


def _text(journal: Journal, digest: str) -> str:
    return journal.blob(digest).decode("utf-8", "surrogatepass")
