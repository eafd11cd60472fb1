"""What is asked of a language model and what it answers: the contract of this room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from medalist.agent.types import Usage
from medalist.errors import ModelFailure
from medalist.problems.model import Picture

Finish = Literal["stop", "length", "content_filter", "refusal"]
PromptForm = Literal["full", "small"]
"""The form of a template: `small` is for models of a few billion parameters (`prompts.render`)."""


PICTURE_TOKENS = 3000
"""A picture takes at most so many: makers scale down what is larger."""


@dataclass(frozen=True)
class ModelTraits:
    """What others must know of a model to ask it well and to share the machine with it.

    Attributes:
        prompt_form: The form of the prompts that it is asked with.
        shares_cores: Whether it runs on the cores on which programs are judged.
        recorded: The directory of the run whose answers it gives again; None for a model that
            answers again.
    """

    prompt_form: PromptForm = "full"
    shares_cores: bool = False
    recorded: Path | None = None


class ToolsRefused(ModelFailure):
    """The endpoint takes no functions (`Request.tools`): what they are for can be asked in text."""


@dataclass(frozen=True)
class ToolSpec:
    """A function that a model may call while it answers.

    Attributes:
        name: Its name, letters and `_`.
        description: What it does, for the model.
        parameters: What it takes, as JSON text of a JSON schema of an object.
    """

    name: str
    description: str
    parameters: str


@dataclass(frozen=True)
class ToolCall:
    """A call of a function that is in an answer; all of it is hostile text.

    Attributes:
        call_id: What the endpoint calls the call; its result is given back under this.
        name: The function, as the model wrote it.
        arguments: JSON text as the model wrote it, which may be broken.
    """

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class Message:
    """One turn of a conversation.

    Attributes:
        role: Who speaks; `tool` is the result of a call.
        content: What is said.
        calls: Of an assistant's turn: the calls in it.
        call_id: Of a result: the call that it answers.
        kept: Of an assistant's turn: `Completion.kept` of the answer that it was, which the
            endpoint wants back.
        pictures: Shown before it to a model that sees; others are not told of them.
    """

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    calls: tuple[ToolCall, ...] = ()
    call_id: str = ""
    kept: str = ""
    pictures: tuple[Picture, ...] = ()

    @property
    def bytes(self) -> int:
        """How long it is, all that is sent of it; a picture has at most so many tokens."""
        texts = [self.content, self.call_id, self.kept]
        texts += [text for call in self.calls for text in (call.call_id, call.name, call.arguments)]
        said = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
        return said + PICTURE_TOKENS * len(self.pictures)


@dataclass(frozen=True)
class Request:
    """One completion to ask for.

    Attributes:
        request_id: Unique in its run and the same after a restart; an id that was answered is
            never sent again.
        messages: The conversation; requests that share its beginning share prompt caches.
        max_tokens: The most tokens the model may write, thinking included; None for what suits the
            model.
        think_apart: `max_tokens` is meant for the answer alone: a model that thinks first gets
            the room for that on top.
        temperature, top_p: How the answer is drawn; None for what suits the model.
        seed: Passed on where the endpoint takes one.
        stop: Strings before which the answer ends.
        prefill: How the answer should begin. A model that can continue an answer does so;
            for others it is dropped.
        tools: Functions that the model may call (the endpoint's own way to call functions).
        must_answer: No more calls: it should answer now, though `tools` are still declared.
        at_most: Another limit on what it may write, where `max_tokens` leaves more.
        logprobs: Ask for the log-probabilities of the answer's tokens, and at each place for so
            many of the likeliest ones (0 to 20). Not all endpoints give them: see
            `Completion.logprobs`.
        leave: The share of every cap of the run, 0 to 1, that it leaves to other requests.
        choices: What the answer can be, where it is one of few texts: an endpoint that is known to
            hold answers to a form is made to say one of them.
        along: How many requests with the same question, but for id and seed, are asked at this
            moment, this one included: an endpoint that gives several answers a request joins them.
    """

    request_id: str
    messages: tuple[Message, ...]
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    prefill: str = ""
    think_apart: bool = False
    leave: float = 0.0
    tools: tuple[ToolSpec, ...] = ()
    must_answer: bool = False
    at_most: int | None = None
    logprobs: int | None = None
    choices: tuple[str, ...] = ()
    along: int = 1

    @property
    def prompt_bytes(self) -> int:
        """How long everything is that is sent for the model to read."""
        tools = (
            text for tool in self.tools for text in (tool.name, tool.description, tool.parameters)
        )
        told = sum(len(text.encode("utf-8", "surrogatepass")) for text in (self.prefill, *tools))
        return told + sum(message.bytes for message in self.messages)


@dataclass(frozen=True)
class TokenLogprob:
    """A token of an answer, and how likely the model took it to be.

    Attributes:
        token: Its text; hostile text.
        logprob: The natural logarithm of its probability.
        likeliest: The likeliest tokens at its place with theirs, as many as were asked for.
    """

    token: str
    logprob: float
    likeliest: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Completion:
    """One answer.

    Attributes:
        text: What the model wrote, with the prefill where it was honoured; hostile text.
        reasoning: Reasoning that the endpoint returned apart from the text, if any.
        finish: `stop`; `length` (cut at `max_tokens`); `content_filter` and `refusal`, which
            are paid for and hold no program.
        usage: Tokens, as far as the endpoint said.
        latency_s: Seconds from the (last) sending to the end of the answer.
        cost_usd: What it cost, 0 for a model on this machine, None where no price is known.
        calls: The functions that it calls before it continues.
        kept: What the endpoint wants back with the results of these calls (thoughts, signatures),
            as JSON text that only the APIs' own modules read; empty where it wants nothing.
        logprobs: The answer's tokens with their log-probabilities (see `logprobs.py`), those of
            its thoughts too where the endpoint gives them; None where they were not asked for or
            not given.
    """

    request_id: str
    text: str
    reasoning: str
    finish: Finish
    usage: Usage
    model: str
    latency_s: float
    cost_usd: float | None
    calls: tuple[ToolCall, ...] = ()
    kept: str = ""
    logprobs: tuple[TokenLogprob, ...] | None = None

    @property
    def cut_while_thinking(self) -> bool:
        """Whether it ended before the answer began: all its tokens went into thinking."""
        empty = not self.text.strip() and not self.calls
        return empty and self.finish in ("length", "stop")


@dataclass(frozen=True)
class Budget:
    """Caps of one run; None is not a cap.

    Money, tokens and requests are counted over all sessions of a run (a resumed run continues
    with what is left), seconds in each session.

    Attributes:
        usd: Most US dollars.
        tokens: Most tokens, of prompts and answers together.
        requests: Most requests sent, repeated ones included.
        seconds: Most seconds between opening the model and sending a request; an answer that
            is not there at that time is given up.
    """

    usd: float | None = None
    tokens: int | None = None
    requests: int | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Spent:
    """What a run has used so far, and what is promised to requests in flight at their maximum.

    `usd` is None as soon as one paid answer had no known price.
    """

    usd: float | None = 0.0
    tokens: int = 0
    requests: int = 0
    in_flight: int = 0
    in_flight_usd: float = 0.0


class Model(Protocol):
    """Answers requests, several at a time, within a budget. Close it when done."""

    name: str

    @property
    def traits(self) -> ModelTraits:
        """What others must know of it."""
        ...

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Yield the answers as they come, in any order.

        `requests` is drawn from lazily, no further ahead than the model works at once. When
        the caller stops early (closes the iterator, or Ctrl-C), what is in flight is cancelled.

        Raises:
            ModelFailure: The endpoint cannot be used. Answers that came are journalled.
            BudgetExhausted: A cap was reached; raised after every answer that was still in
                flight has been yielded.
        """
        ...

    @property
    def spent(self) -> Spent:
        """What the run has used so far."""
        ...

    def close(self) -> None:
        """Stop what this model started. Idempotent."""
        ...
