"""Answers with tools: a model calls, gets the results, and goes on, until it answers.

Every turn is a request of its own, so it passes the gate, is journalled, and is given again by a
recording like any other. An answer's turns come one after the other; several answers go on side by
side, each in a thread.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from medalist.agent.llm.contract import (
    Completion,
    Message,
    Model,
    ModelTraits,
    Request,
    Spent,
    ToolCall,
)
from medalist.agent.propose.tool_protocol import (
    MOST_AT_ONCE,
    ToolOffer,
    ToolResult,
    about,
    code_block,
)
from medalist.agent.propose.whole_answer import tokens_written, whole_of
from medalist.errors import BudgetExhausted, ModelFailure

log = logging.getLogger(__name__)

_SIDE_BY_SIDE, _ON_THE_CORES = 32, 4
"""Answers in work at once: at an endpoint; of a model that shares the cores with the judge."""

_LEAST_TOKENS = 64
"""An answer with fewer tokens left is not gone on with."""

_FRUITLESS = 3
"""So many answers in a row that fail for good end the asking: the endpoint is of no use."""


@dataclass(frozen=True)
class ToolLimits:
    """What one answer may take, in all its turns.

    Attributes:
        calls: Calls of tools.
        seconds: Seconds in which they run.
        tokens: Tokens that the model writes, thinking included.
    """

    calls: int
    seconds: float
    tokens: int


CarryOut = Callable[[str, ToolCall, str, float], ToolResult]
"""Carries out a call: its key, the call, the language of the answer, the seconds that are left."""


def turn_id(request_id: str, number: int) -> str:
    """Return the id of a further turn of an answer; the first one has number 1."""
    return f"{request_id}>tool/{number}"


@dataclass
class _Answer:
    """An answer in work."""

    request: Request
    left: ToolLimits
    turns: list[Completion] = field(default_factory=list)
    messages: tuple[Message, ...] = ()
    program: str | None = None
    passing: tuple[str, str] | None = None
    over: bool = False

    @property
    def next(self) -> Request:
        """The request for its next turn."""
        if not self.turns:
            return replace(self.request, at_most=self.left.tokens)
        return replace(
            self.request,
            request_id=turn_id(self.request.request_id, len(self.turns)),
            messages=self.messages,
            prefill="",
            at_most=self.left.tokens,
            must_answer=self.over,
        )


@dataclass(frozen=True)
class ToolHooks:
    """What answers with tools need others for.

    Attributes:
        carry_out: Carries out a call.
        language_of: The language that a request asks for, None for one that offers no tools.
        has_program: Whether a program is found in an answer.
    """

    carry_out: CarryOut
    language_of: Callable[[str], str | None]
    has_program: Callable[[Completion], bool]


class ModelWithTools:
    """A `Model` whose answers may come in several turns, with calls between them.

    What it yields for a request is the whole answer: the text of the last turn, and the tokens of
    all. Where that text holds no program, the last one that passed the samples in a call stands in
    its place.
    """

    def __init__(
        self,
        model: Model,
        offer: ToolOffer,
        limits: ToolLimits,
        hooks: ToolHooks,
    ) -> None:
        """Wrap a model.

        Args:
            model: The model.
            offer: How tools are offered.
            limits: What an answer may take.
            hooks: What it needs others for.
        """
        self.name = model.name
        self._model = model
        self._offer = offer
        self._limits = limits
        self._hooks = hooks

    @property
    def traits(self) -> ModelTraits:
        """The model's."""
        return self._model.traits

    @property
    def spent(self) -> Spent:
        """The model's."""
        return self._model.spent

    def close(self) -> None:
        """Close the model."""
        self._model.close()

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """See `Model.complete`; each answer is yielded when its last turn is there."""
        todo = deque(requests)
        count, stopped = len(todo), threading.Event()
        finished: queue.SimpleQueue[Completion | BaseException | None] = queue.SimpleQueue()

        def work() -> None:
            while not stopped.is_set():
                try:
                    request = todo.popleft()
                except IndexError:
                    return
                for one in self._outcome(request, stopped):
                    finished.put(one)
                finished.put(None)  # this answer has ended

        most = _ON_THE_CORES if self.traits.shares_cores else _SIDE_BY_SIDE
        for _ in range(min(most, count)):
            # Not waited for by anybody: closing the model and the boxes ends them.
            threading.Thread(target=work, daemon=True, name="answer").start()
        trouble: ModelFailure | BudgetExhausted | None = None
        succeeded, fruitless = False, 0
        try:
            while count:
                one = finished.get()
                if one is None:
                    count -= 1
                elif isinstance(one, Completion):
                    succeeded, fruitless = True, 0
                    yield one
                elif isinstance(one, BudgetExhausted):
                    trouble = one
                elif isinstance(one, ModelFailure):
                    fruitless += 1
                    trouble = trouble or one
                else:
                    raise one
                if isinstance(trouble, BudgetExhausted) or fruitless >= _FRUITLESS:
                    count -= _emptied(todo)
        finally:
            stopped.set()
        ended = isinstance(trouble, BudgetExhausted) or fruitless >= _FRUITLESS
        if trouble is not None and (ended or not succeeded):
            raise trouble

    def _outcome(
        self, request: Request, stopped: threading.Event
    ) -> Iterator[Completion | BaseException]:
        """Yield the answer to a request, or what ended it, or both."""
        language = self._hooks.language_of(request.request_id)
        answer = _Answer(request, self._limits)
        try:
            if language is None:
                yield from self._model.complete([request])
                return
            while not stopped.is_set() and self._turn(answer, language):
                pass
        except (ModelFailure, BudgetExhausted) as error:
            # What is there is delivered, whatever ended the turns after it.
            ended = isinstance(error, BudgetExhausted)
            whole = self._whole(answer) if answer.turns else None
            delivered = whole is not None and (ended or self._hooks.has_program(whole))
            if whole is not None and delivered:
                yield whole
            if ended or not delivered:
                yield error
            else:
                log.warning("an answer was not gone on with: %s", error)
        except BaseException as error:
            yield error
        else:
            if answer.turns:
                yield self._whole(answer)

    def _turn(self, answer: _Answer, language: str) -> bool:
        """Ask for an answer's next turn and carry out its calls; return whether it goes on."""
        asked = answer.next
        completion = next(iter(self._model.complete([asked])))
        answer.turns.append(completion)
        said, calls = self._offer.calls_in(completion.text, completion.calls)
        if answer.over or not calls or completion.finish in ("refusal", "content_filter"):
            return False
        results = []
        for number, call in enumerate(_distinct(calls[:MOST_AT_ONCE])):
            left = answer.left
            if left.calls < 1 or left.seconds <= 0:
                results.append((call, "Not carried out: there are no calls left."))
                continue
            whole, answer.program = about(call, answer.program)
            result = self._hooks.carry_out(
                f"{asked.request_id}/{number}", whole, language, left.seconds
            )
            answer.left = replace(left, calls=left.calls - 1, seconds=left.seconds - result.seconds)
            if result.source is not None and result.language is not None:
                answer.passing = result.language, result.source
            results.append((call, result.text))
        if len(calls) > MOST_AT_ONCE:
            call, text = results[-1]
            results[-1] = (
                call,
                f"{text}\n\n{len(calls) - MOST_AT_ONCE} further calls were left out.",
            )
        tokens = answer.left.tokens - tokens_written(completion)
        answer.left = replace(answer.left, tokens=tokens)
        answer.over = (
            answer.left.calls < 1 or answer.left.seconds <= 0 or tokens < self._limits.tokens / 4
        )
        more = self._offer.turns(said, completion.kept, results, over=answer.over)
        answer.messages = (*asked.messages, *more)
        return tokens >= _LEAST_TOKENS

    def _whole(self, answer: _Answer) -> Completion:
        """Make one completion of an answer's turns."""
        whole = whole_of(answer.request.request_id, answer.turns)
        if answer.passing is None or self._hooks.has_program(whole):
            return whole
        language, source = answer.passing
        return replace(whole, text=code_block(source, language), finish="stop")


def _emptied(todo: deque[Request]) -> int:
    """Take out everything that nobody has begun, and return how much that was."""
    count = 0
    while True:
        try:
            todo.pop()
        except IndexError:
            return count
        count += 1


def _distinct(calls: tuple[ToolCall, ...]) -> Iterator[ToolCall]:
    """Give calls of the same id ids of their own: results are found by them."""
    seen: set[str] = set()
    for number, call in enumerate(calls):
        fresh = call.call_id not in seen
        seen.add(call.call_id)
        yield call if fresh else replace(call, call_id=f"{call.call_id}_{number}")
