"""What the journal holds of model calls."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from medalist.agent.journal import Entry, EventKind, Journal
from medalist.agent.llm.contract import Finish
from medalist.agent.llm.gate import Reservation
from medalist.agent.types import Usage


@dataclass(frozen=True, kw_only=True)
class IntentRecord(Reservation):
    """An attempt, and the most that it can use.

    Attributes:
        attempt: 1 for the first attempt.
        model: The model that is asked.
        messages: The digest of the conversation, a JSON array of `role` and `content`; turns with
            calls of functions also have `calls`, `call_id` and `kept`.
        params: `max_tokens`, `temperature`, `top_p`, `seed`, `stop`, `prefill`; where
            functions may be called also `tools` (a digest), `must_answer`, `at_most`;
            where they were asked for, `logprobs`.
    """

    attempt: int
    model: str
    messages: str
    params: Mapping[str, JsonValue]


@dataclass(frozen=True, kw_only=True)
class AnswerRecord(Reservation):
    """An answer, and what it counts for.

    Attributes:
        text: The digest of what the model wrote.
        reasoning: The digest of reasoning that came apart from it; empty where none did.
        finish: How it ended.
        model: The model that answered.
        usage: Tokens as far as the endpoint said: `prompt_tokens`, `cached_tokens` (of these),
            `completion_tokens`, `reasoning_tokens` (of these), `cache_written_tokens` (of the
            prompt's). Answers to one request share what it took.
        latency_s: Seconds until the whole answer was there.
        cost_usd: What it cost; null where no price is known.
        cut_while_thinking: Whether it ended before the answer began.
        along: Whether it came along with another answer to the same request, which counts there.
        calls: The digest of the functions that it calls, a JSON array of `call_id`, `name` and
            `arguments`; empty where it calls none.
        kept: The digest of what the endpoint wants back with their results; likewise.
        logprobs: The digest of its tokens, a JSON array of `[token, log-probability, [[token,
            log-probability], ...]]`; empty where there are none.
    """

    text: str
    reasoning: str = ""
    finish: Finish = "stop"
    model: str
    usage: Usage = field(default_factory=Usage)
    latency_s: float
    cost_usd: float | None = None
    cut_while_thinking: bool = False
    along: bool = False
    calls: str = ""
    kept: str = ""
    logprobs: str = ""


@dataclass(frozen=True, kw_only=True)
class FailedRecord(Reservation):
    """An attempt that brought no answer, and what it counts for.

    Attributes:
        message: Why.
        thinks: Whether it failed because of the model's thinking.
    """

    message: str
    thinks: bool = False


@dataclass(frozen=True)
class AdaptedRecord:
    """A change of what is sent.

    Attributes:
        message: What was changed.
    """

    message: str


_KEY = "<request>"

INTENT = EventKind("call.intent", IntentRecord, key=_KEY, doc="A request is about to be sent.")
DONE = EventKind("call.done", AnswerRecord, key=_KEY, doc="A request was answered.")
FAILED = EventKind("call.failed", FailedRecord, key=_KEY, doc="An attempt brought no answer.")
UNKNOWN = EventKind(
    "call.unknown",
    Reservation,
    key=_KEY,
    doc="An attempt was in flight when the session ended: it counts at its maximum.",
)
CARRIED = EventKind(
    "call.carried",
    Reservation,
    key=_KEY,
    doc="An attempt is in flight in a batch, which continues without this process: it counts in "
    "the session "
    "that fetches its answer.",
)
ADAPTED = EventKind(
    "call.adapted",
    AdaptedRecord,
    key="<model>",
    doc="What is sent was changed because the server refused it.",
)


def attempts_ended(
    journal: Journal, key_prefix: str = "", *, carried: bool = False
) -> Iterator[Entry[Reservation]]:
    """Yield how attempts ended, in order: `AnswerRecord`, `FailedRecord`, else it is not known.

    Of requests whose id begins with the prefix; of those that continue in a batch only if `carried`
    are asked for.
    """
    answered, failed = journal.events(DONE, key_prefix), journal.events(FAILED, key_prefix)
    kinds = (UNKNOWN, CARRIED) if carried else (UNKNOWN,)
    unknown = [journal.events(kind, key_prefix) for kind in kinds]
    streams: list[Iterator[Entry[Reservation]]] = [answered, failed, *unknown]
    return heapq.merge(*streams, key=lambda entry: entry.seq)
