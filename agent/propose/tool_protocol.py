"""The tools that a model may use while it answers, and how they are offered and called.

Where an endpoint has calls of functions (`tools`), these are used; elsewhere a call is a block of
text that ends the answer's turn, and the result is the next turn. What a model writes into a call
is hostile text, and so is what a program prints: a call is read leniently, a result is bounded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from medalist.agent.llm.contract import Message, PromptForm, ToolCall, ToolSpec
from medalist.agent.prompts.render import section_of
from medalist.agent.propose.lenient_json import NotJson, value_at
from medalist.agent.propose.tool_list import (
    ALL_TOOLS,
    MOST_ARGUMENTS,
    MOST_RESULT,
    SUBMIT,
    TOOLS,
    Tool,
    argument_named,
    tool_named,
)
from medalist.agent.propose.written_calls import WrittenCalls, written_calls
from medalist.agent.quote import cut_middle

Protocol = Literal["native", "text"]

_MOST_TOLD: Mapping[PromptForm, int] = {"full": MOST_RESULT + 200, "small": 1200}
"""What of it is told; the embedded model has 6,144 tokens for everything."""

MOST_AT_ONCE = 8
"""Calls of one turn that are answered; more are left out."""

_MOST_SAID = 16_000  # characters of a turn that the model gets to see again


@dataclass(frozen=True)
class CallTurn:
    """The calls in a turn of an answer.

    Attributes:
        said: What the answer says up to them.
        calls: The calls.
        written: Whether they are in the text, so that their results are told as text, too.
        note: What else the model is told; empty for nothing.
    """

    said: str
    calls: tuple[ToolCall, ...] = ()
    written: bool = False
    note: str = ""


@dataclass(frozen=True)
class ToolOffer:
    """How tools are offered to one model.

    Attributes:
        protocol: Calls of functions, or blocks of text.
        form: Of the prompts.
        languages: The languages that are judged.
        calls: How many calls an answer may have.
        submissions: How many submissions the model may make itself, of all answers together.
    """

    protocol: Protocol
    form: PromptForm
    languages: tuple[str, ...]
    calls: int
    submissions: int = 0

    @property
    def tools(self) -> Mapping[str, Tool]:
        """The tools that are offered."""
        if not self.submissions:
            return TOOLS
        most = f" At most {self.submissions} are made so, of all answers together."
        tool = ALL_TOOLS[SUBMIT]
        return {**TOOLS, SUBMIT: replace(tool, description=tool.description + most)}

    @property
    def text(self) -> str:
        """What is added to a question."""
        tools = "\n".join(tool.line(name) for name, tool in self.tools.items())
        values = {"tools": tools, "calls": str(self.calls)}
        if self.protocol == "native":
            return section_of("tools", "native", values=values)
        return section_of("tools", "user", form=self.form, values=values)

    @property
    def specs(self) -> tuple[ToolSpec, ...]:
        """The functions that are declared to the endpoint; none where calls are text."""
        if self.protocol == "text":
            return ()
        return tuple(
            ToolSpec(name, tool.description, tool.schema(self.languages))
            for name, tool in self.tools.items()
        )

    def calls_in(self, text: str, calls: tuple[ToolCall, ...]) -> CallTurn:
        """Return what an answer says up to its calls, and these.

        Servers that do not know how a model writes its calls leave them in the text.

        Args:
            text: The answer's text.
            calls: The functions that it calls, where the endpoint has such calls.
        """
        read = WrittenCalls(text) if calls else written_calls(text)
        offered: list[ToolCall] = []
        program, lacking = read.program, False
        for item in calls or read.calls:
            call = replace(item, name=tool_named(item.name) or item.name)
            with_it = call if any(map(_names_program, offered)) else _with_program(call, program)
            lacking = lacking or with_it is not call
            offered.append(with_it)
        if calls or not offered:
            return CallTurn(text, tuple(offered))
        # A program that only follows the calls was meant for them.
        note = "" if lacking and read.program_is_behind else read.note
        return CallTurn(read.said, tuple(offered), written=True, note=note)

    def turns(
        self, turn: CallTurn, kept: str, results: list[tuple[ToolCall, str]], *, over: bool
    ) -> list[Message]:
        """Return a turn with calls and its results as the model gets to see them again.

        Args:
            turn: The turn.
            kept: What the endpoint wants back with it.
            results: The calls, and what came of each.
            over: Whether no more calls are possible.
        """
        last = [item for item in (turn.note, section_of("tools", "over") if over else "") if item]
        said = _plain(cut_middle(turn.said, _MOST_SAID))
        results = [(call, cut_middle(text, _MOST_TOLD[self.form])) for call, text in results]
        if turn.written:
            told = [result_text(call.name, text) for call, text in results]
            return [
                Message("assistant", said, kept=kept if self.protocol == "native" else ""),
                Message("user", "\n\n".join([*told, *last])),
            ]
        calls = tuple(_again(call) for call, _ in results)
        texts = [text for _, text in results]
        texts[-1] = "\n\n".join([texts[-1], *last])
        return [
            Message("assistant", said, calls=calls, kept=kept),
            *(
                Message("tool", text, call_id=call.call_id)
                for call, text in zip(calls, texts, strict=True)
            ),
        ]

    def failing(self, said: str, kept: str, result: str, *, over: bool) -> list[Message]:
        """Return an answer whose program fails a sample, and how that is told.

        Args:
            said: The answer.
            kept: What the endpoint wants back with it.
            result: What came of running the program on the samples.
            over: Whether no calls are possible after this.
        """
        told = cut_middle(result, _MOST_TOLD[self.form])
        parts = [section_of("tools", "failing", values={"result": told})]
        return [
            Message("assistant", _plain(cut_middle(said, _MOST_SAID)), kept=kept),
            Message(
                "user", "\n\n".join([*parts, *([section_of("tools", "over")] if over else [])])
            ),
        ]


def arguments_of(call: ToolCall) -> dict[str, str] | str:
    """Return a call's arguments as texts, by their proper names, or what is wrong with them."""
    if len(call.arguments) > MOST_ARGUMENTS:
        length = len(call.arguments)
        return f"the arguments have {length} characters; at most {MOST_ARGUMENTS} are read"
    text = call.arguments.strip() or "{}"
    try:
        value, end = value_at(text)
        if isinstance(value, str):  # JSON in JSON
            text = value.strip()
            value, end = value_at(text)
    except NotJson as error:
        return f"the arguments are not valid JSON: {error}"
    if not isinstance(value, dict):
        return "the arguments are not a JSON object"
    if text[end:].strip(" \n\t}]),;`"):
        return "the arguments are not valid JSON: there is text behind the object"
    arguments: dict[str, str] = {}
    for name, one in value.items():
        if one is not None:
            arguments.setdefault(argument_named(name), _text_of(one))
    return arguments


def _text_of(value: object) -> str:
    """Return an argument as a text; a list of texts is its lines."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return _plain("\n".join(item.removesuffix("\n") for item in value))
    return _plain(value)


def _with_program(call: ToolCall, program: str | None) -> ToolCall:
    """Return a call with a program, where there is one and the call names none."""
    arguments = arguments_of(call)
    if program is None or isinstance(arguments, str) or call.name not in ALL_TOOLS:
        return call
    if arguments.get("program"):
        return call
    told = json.dumps({**arguments, "program": program}, ensure_ascii=False)
    return replace(call, arguments=told)


def _names_program(call: ToolCall) -> bool:
    arguments = arguments_of(call)
    return not isinstance(arguments, str) and bool(arguments.get("program"))


def about(call: ToolCall, program: str | None) -> tuple[ToolCall, str | None]:
    """Return a call with the program of the call before it, where it names none, and its program.

    Args:
        call: The call.
        program: What the call before it was about; None if there was none.
    """
    arguments = arguments_of(call)
    if isinstance(arguments, str) or call.name not in ALL_TOOLS:
        return call, program
    return _with_program(call, program), arguments.get("program") or program


def _plain(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode("utf-8")


def _again(call: ToolCall) -> ToolCall:
    """A call as the model sees it again: servers choke on names and JSON that are none."""
    name = call.name if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", call.name) else "unknown"
    arguments = arguments_of(call)
    if isinstance(arguments, dict):
        return ToolCall(call.call_id, name, _plain(_strict(call.arguments, arguments)))
    beginning = _plain(call.arguments[:200])
    return ToolCall(call.call_id, name, json.dumps({"unreadable": beginning}))


def _strict(text: str, arguments: Mapping[str, str]) -> str:
    """Return arguments as the model wrote them, or, where that is not JSON, as they were read."""
    try:
        if isinstance(json.loads(text or "{}", strict=False), dict):
            return text or "{}"
    except (ValueError, RecursionError):
        pass
    return json.dumps(arguments, ensure_ascii=False)


def code_block(source: str, language: str) -> str:
    """Put a program into a fence that is longer than any in it."""
    longest = max(map(len, re.findall(r"^[ \t]*(`{3,})", source, re.MULTILINE)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{source.rstrip()}\n{fence}\n"


def fenced_once(text: str, language: str) -> str:
    """Put a program that a call names into a fence, unless it came in one."""
    came_fenced = re.match(r"\s*(?:`{3,}|~{3,})", text)
    return text if came_fenced else code_block(text, language)


def result_text(name: str, text: str) -> str:
    """Word the result of a call of the tool of this name."""
    return f"Result of `{shown_name(name)}`:\n{text}"


def shown_name(name: str) -> str:
    """Return a tool's name as it is shown: what a model writes may be anything."""
    return re.sub(r"[^A-Za-z0-9_-]", "", name)[:64] or "unknown"
