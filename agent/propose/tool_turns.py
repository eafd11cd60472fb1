"""Answers with tools: a model calls, gets the results, and continues, until it answers.

Every turn is a separate request, so it passes the gate, is journalled, and is given again by a
recording like any other. An answer's turns come one after the other; several answers continue side
by side, each in a thread.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

from medalist.agent.llm.contract import (
    Completion,
    Model,
    ModelTraits,
    Request,
    Spent,
    ToolCall,
    ToolsRefused,
)
from medalist.agent.propose.tool_answer import (
    MOST_UNASKED,
    UNASKED,
    AnswerInWork,
    ToolHooks,
    ToolLimits,
)
from medalist.agent.propose.tool_fallback import in_text, request_in_text
from medalist.agent.propose.tool_list import distinct
from medalist.agent.propose.tool_protocol import MOST_AT_ONCE, ToolOffer, about, code_block
from medalist.agent.propose.whole_answer import tokens_written, whole_of
from medalist.errors import BudgetExhausted, ModelFailure

log = logging.getLogger(__name__)

_SIDE_BY_SIDE, _ON_THE_CORES = 32, 4
"""Answers in work at once: at an endpoint; of a model that shares the cores with the judge."""

_LEAST_TOKENS = 64  # with fewer left an answer is not continued

_FRUITLESS = 3  # answers in a row that fail permanently: the endpoint is of no use


class ModelWithTools:
    """A `Model` whose answers may come in several turns, with calls between them.

    What it yields for a request is the whole answer: the text of the last turn, and the tokens of
    all. Where that text holds no program, the last one that passed the samples in a call is in
    its place, or else the last turn before it that holds one. A program that is answered without
    having passed the samples is run on them, as if the model had called for it; if it fails, the
    model is told and continues, at most `MOST_UNASKED` times: weak models rarely call by
    themselves.
    Where `hooks.afresh` is given, a program that fails a sample is not talked about any further:
    the next turn asks for its repair as if nothing had been said, as often at most.
    """

    def __init__(
        self,
        model: Model,
        offer: ToolOffer,
        limits: ToolLimits,
        hooks: ToolHooks,
        *,
        refused: bool = False,
    ) -> None:
        """Wrap a model.

        Args:
            model: The model.
            offer: How tools are offered.
            limits: What an answer may take.
            hooks: What it needs others for.
            refused: Whether the endpoint is known to take no functions: calls are text then.
        """
        self.name = model.name
        self._model = model
        self._offered = offer
        self._offer = in_text(offer) if refused else offer
        self._changing = threading.Lock()
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
                for item in self._outcome(request, stopped):
                    finished.put(item)
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
        answer = AnswerInWork(request, self._limits)
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
            delivered = whole is not None and (ended or self._hooks.program_of(whole) is not None)
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

    def _turn(self, answer: AnswerInWork, language: str) -> bool:
        """Ask for an answer's next turn and carry out its calls; return whether it continues."""
        asked, completion = self._next(answer)
        answer.turns.append(completion)
        answer.afresh = None
        turn = self._offer.calls_in(completion.text, completion.calls)
        calls = turn.calls
        if answer.over or completion.finish in ("refusal", "content_filter"):
            return False
        if not calls:
            return self._unasked(answer, asked, completion)
        results, failed = [], None
        for number, call in enumerate(distinct(calls[:MOST_AT_ONCE])):
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
            failed = result.text if result.failed else failed
        if len(calls) > MOST_AT_ONCE:
            call, text = results[-1]
            results[-1] = (
                call,
                f"{text}\n\n{len(calls) - MOST_AT_ONCE} further calls were left out.",
            )
        self._count(answer, completion)
        if failed is not None and answer.asks_afresh(self._hooks, language, answer.program, failed):
            return answer.left.tokens >= _LEAST_TOKENS
        more = self._offer.turns(turn, completion.kept, results, over=answer.over)
        answer.messages = (*asked.messages, *more)
        return answer.left.tokens >= _LEAST_TOKENS

    def _unasked(self, answer: AnswerInWork, asked: Request, completion: Completion) -> bool:
        """Run an answer's program on the samples; return whether the model is to continue."""
        left = answer.left
        named = replace(completion, request_id=answer.request.request_id)
        program = self._hooks.program_of(named)
        if program is None or program == answer.passing:
            return False
        if program == answer.shown or program in answer.failing:
            self._count(answer, completion)
            again = answer.asks_afresh(self._hooks, program[0], None, answer.failure)
            return again and answer.left.tokens >= _LEAST_TOKENS
        if left.seconds <= 0 or len(answer.failing) >= MOST_UNASKED:
            return False
        language, source = program
        given = json.dumps({"program": source, "language": language}, ensure_ascii=False)
        call = ToolCall("samples", "test_samples", given)
        result = self._hooks.carry_out(f"{asked.request_id}{UNASKED}", call, language, left.seconds)
        answer.left = replace(left, seconds=left.seconds - result.seconds)
        answer.program = source
        if not result.failed:
            return False
        answer.failing.append(program)
        self._count(answer, completion)
        if answer.asks_afresh(self._hooks, language, source, result.text):
            return answer.left.tokens >= _LEAST_TOKENS
        more = self._offer.failing(completion.text, completion.kept, result.text, over=answer.over)
        answer.messages = (*asked.messages, *more)
        return answer.left.tokens >= _LEAST_TOKENS

    def _count(self, answer: AnswerInWork, completion: Completion) -> None:
        """Charge an answer with a turn."""
        tokens = answer.left.tokens - tokens_written(completion)
        left = answer.left = replace(answer.left, tokens=tokens)
        answer.over = left.calls < 1 or left.seconds <= 0 or tokens < self._limits.tokens / 4

    def _next(self, answer: AnswerInWork) -> tuple[Request, Completion]:
        """Ask for an answer's next turn; in text from now on, where no functions are taken."""
        asked = self._worded(answer.next)
        try:
            return asked, next(iter(self._model.complete([asked])))
        except ToolsRefused as error:
            self._fall_back(error.message)
        asked = self._worded(asked)
        return asked, next(iter(self._model.complete([asked])))

    def _worded(self, request: Request) -> Request:
        """Return a request as tools are called now."""
        if request.tools and self._offer.protocol == "text":
            return request_in_text(request, self._offered)
        return request

    def _fall_back(self, why: str) -> None:
        with self._changing:
            if self._offer.protocol == "native":
                self._offer = in_text(self._offer)
                self._hooks.refused(why)

    def _whole(self, answer: AnswerInWork) -> Completion:
        """Make one completion of an answer's turns."""
        whole = whole_of(answer.request.request_id, answer.turns)
        program = self._hooks.program_of(whole)
        if program is not None and (answer.passing is None or program not in answer.failing):
            return whole
        if answer.passing is not None:
            language, source = answer.passing
            return replace(whole, text=code_block(source, language), finish="stop")
        for turn in reversed(answer.turns[:-1]):
            earlier = replace(whole, text=turn.text, finish="stop")
            if self._hooks.program_of(earlier) is not None:
                return earlier
        return whole


def _emptied(todo: deque[Request]) -> int:
    """Take out everything that nobody has begun, and return how much that was."""
    count = 0
    while True:
        try:
            todo.pop()
        except IndexError:
            return count
        count += 1
