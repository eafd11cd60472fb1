"""An answer with tools while it is in work: its turns, what it may still take, what was tested."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from medalist.agent.llm.contract import Completion, Message, Request, ToolCall
from medalist.agent.propose.tool_list import ToolResult
from medalist.agent.propose.tool_protocol import fenced_once


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


Afresh = Callable[[Request, str, str | None, str], Request]
"""Words a program that fails a sample as a separate question: the question that it answers, the
id of the new one, the program in its fence (None: one was shown before), and how it failed."""

CarryOut = Callable[[str, ToolCall, str, float], ToolResult]
"""Carries out a call: its key, the call, the language of the answer, the seconds that are left."""


@dataclass(frozen=True)
class ToolHooks:
    """What answers with tools need others for.

    Attributes:
        carry_out: Carries out a call.
        language_of: The language that a request asks for, None for one that offers no tools.
        program_of: The program that is found in an answer, with its language; None if there is
            none.
        refused: Told, once, that calls are text from now on, because the endpoint takes no
            functions, in its words.
        afresh: Words a failing program as a separate question; None where the conversation
        continues. A small model that has its own wrong program before it says the same again.
    """

    carry_out: CarryOut
    language_of: Callable[[str], str | None]
    program_of: Callable[[Completion], tuple[str, str] | None]
    refused: Callable[[str], None] = lambda _: None
    afresh: Afresh | None = None


UNASKED = "/samples"
"""The end of a call's key: the program of that answer was run on the samples without a call."""


MOST_UNASKED = 3
"""So often the program of one answer is run on the samples without a call of the model, and so
often a failing one is asked about afresh."""


def turn_id(request_id: str, number: int) -> str:
    """Return the id of a further turn of an answer; the first one has number 1."""
    return f"{request_id}>tool/{number}"


def answer_of(call_key: str) -> str:
    """Return the id of the answer in which a call stands."""
    return call_key.rpartition("/")[0].partition(">tool/")[0]


@dataclass
class AnswerInWork:
    """An answer in work.

    Attributes:
        request: The question.
        left: What the answer may still take.
        turns: What the model has said.
        messages: Of the next turn's request; empty before the first one.
        program: What the last call was about, for calls that name none.
        passing: Language and source of the last program that passed the samples.
        failing: Programs that were answered and fail a sample.
        over: Whether no more calls are possible.
        afresh: The next turn, where it is a separate question.
        repairs: How many of those there were.
        shown: The program that one of them showed last; None if none did.
        failure: How it failed.
    """

    request: Request
    left: ToolLimits
    turns: list[Completion] = field(default_factory=list)
    messages: tuple[Message, ...] = ()
    program: str | None = None
    passing: tuple[str, str] | None = None
    failing: list[tuple[str, str]] = field(default_factory=list)
    over: bool = False
    afresh: Request | None = None
    repairs: int = 0
    shown: tuple[str, str] | None = None
    failure: str = ""

    def asks_afresh(
        self, hooks: ToolHooks, language: str, program: str | None, failure: str
    ) -> bool:
        """Make the next turn a question about a failing program, if that is how it is done.

        Args:
            hooks: What words the question.
            language: The program's.
            program: None where the model said again what it had been told to repair.
            failure: How it failed.
        """
        if hooks.afresh is None or self.repairs >= MOST_UNASKED:
            return False
        # Shown once: whoever did not repair it then is held by its mistake.
        again = self.repairs > 0 or program is None
        self.repairs, self.failure = self.repairs + 1, failure
        shown = None if again or program is None else fenced_once(program, language)
        if shown is not None:
            name = self.request.request_id
            self.shown = hooks.program_of(replace(self.turns[-1], request_id=name, text=shown))
        self.afresh = hooks.afresh(self.request, self.next_id, shown, failure)
        return True

    @property
    def next_id(self) -> str:
        """The id of its next turn, which is not the first one."""
        return turn_id(self.request.request_id, len(self.turns))

    @property
    def next(self) -> Request:
        """The request for its next turn."""
        if not self.turns:
            return replace(self.request, at_most=self.left.tokens)
        if self.afresh is not None:
            return replace(self.afresh, at_most=self.left.tokens)
        return replace(
            self.request,
            request_id=self.next_id,
            messages=self.messages,
            prefill="",
            at_most=self.left.tokens,
            must_answer=self.over,
        )
