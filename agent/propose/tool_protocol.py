"""The tools that a model may use while it answers, and how they are offered and called.

Where an endpoint has calls of functions (`tools`), these are used; elsewhere a call is a block of
text that ends the answer's turn, and the result is the next turn. What a model writes into a call
is hostile text, and so is what a program prints: a call is read leniently, a result is bounded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from medalist.agent.extract.blocks import blocks
from medalist.agent.llm.contract import Message, PromptForm, ToolCall, ToolSpec
from medalist.agent.prompts.render import section_of
from medalist.agent.quote import cut_middle

Protocol = Literal["native", "text"]

MOST_ARGUMENTS = 131_072
"""Longest arguments of a call, in characters: a program has at most 65,536 bytes in a contest."""

MOST_RESULT = 4000
"""Longest result of a call, in characters."""

_MOST_TOLD: Mapping[PromptForm, int] = {"full": MOST_RESULT + 200, "small": 1200}
"""What of it is told; the embedded model has 6,144 tokens for everything."""

MOST_AT_ONCE = 8
"""Calls of one turn that are answered; more are left out."""

_MOST_SAID = 16_000  # characters of a turn that the model gets to see again
_WHOLE = "the complete source of a program for this problem"
_PARAMETERS: Mapping[str, str] = {
    "program": _WHOLE,
    "input": "what the program reads, as the statement describes it",
    "brute": f"{_WHOLE}: slow, but so simple that it is surely right",
    "generator": "a Python 3 program that reads a seed (an integer) from standard input and prints "
    "one small random input of this problem",
    "language": "of program and brute, where it is not the one that was asked for",
}


@dataclass(frozen=True)
class Tool:
    """A tool: what it is for, and what it takes (each a text, in this order)."""

    description: str
    takes: tuple[str, ...]


TOOLS: Mapping[str, Tool] = {
    "test_samples": Tool(
        "Runs a program on the samples of the statement and tells which it passes.", ("program",)
    ),
    "run": Tool(
        "Runs a program on an input and tells what it prints and how long it takes.",
        ("program", "input"),
    ),
    "stress": Tool(
        "Compares a program with a brute force on many inputs of a generator, and shows the first "
        "input on which they differ.",
        ("program", "brute", "generator"),
    ),
    "time_at_bounds": Tool(
        "Runs a program on inputs as large as the statement allows and tells how long it takes.",
        ("program",),
    ),
}
"""All of them work on the public half of a problem, and on what the model gives."""

OPTIONAL = "language"


@dataclass(frozen=True)
class ToolResult:
    """What came of a call.

    Attributes:
        text: The result for the model, bounded; what programs wrote is quoted in it.
        seconds: Seconds of running and compiling that it took.
        language: Of the program, where it passed all samples.
        source: That program; None where none did.
        failed: Whether a program failed a sample.
    """

    text: str
    seconds: float = 0.0
    language: str | None = None
    source: str | None = None
    failed: bool = False


@dataclass(frozen=True)
class ToolOffer:
    """How tools are offered to one model.

    Attributes:
        protocol: Calls of functions, or blocks of text.
        form: Of the prompts.
        languages: The languages that are judged.
        calls: How many calls an answer may have.
    """

    protocol: Protocol
    form: PromptForm
    languages: tuple[str, ...]
    calls: int

    @property
    def text(self) -> str:
        """What is added to a question."""
        tools = "\n".join(_line(name, tool) for name, tool in TOOLS.items())
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
            ToolSpec(name, tool.description, _schema(tool, self.languages))
            for name, tool in TOOLS.items()
        )

    def calls_in(self, text: str, calls: tuple[ToolCall, ...]) -> tuple[str, tuple[ToolCall, ...]]:
        """Return what an answer says up to its calls, and these.

        Args:
            text: The answer's text.
            calls: The functions that it calls, where the endpoint has such calls.
        """
        if calls or self.protocol == "native":
            return text, calls
        return written_calls(text)

    def turns(
        self, said: str, kept: str, results: list[tuple[ToolCall, str]], *, over: bool
    ) -> list[Message]:
        """Return a turn with calls and its results as the model gets to see them again.

        Args:
            said: What the model wrote beside its calls.
            kept: What the endpoint wants back with them.
            results: The calls, and what came of each.
            over: Whether no more calls are possible.
        """
        last = section_of("tools", "over") if over else ""
        said = _plain(cut_middle(said, _MOST_SAID))
        results = [(call, cut_middle(text, _MOST_TOLD[self.form])) for call, text in results]
        if self.protocol == "text":
            told = [f"Result of `{_shown(call.name)}`:\n{text}" for call, text in results]
            return [
                Message("assistant", said),
                Message("user", "\n\n".join([*told, *([last] if last else [])])),
            ]
        calls = tuple(_again(call) for call, _ in results)
        texts = [text for _, text in results]
        if last:
            texts[-1] += f"\n\n{last}"
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


_CALL = re.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[ \t]*tool(?:_call|_code|s)?[ \t]*\n(?P<body>.*?)"
    r"(?:^[ \t]*(?P=fence)[`~]*[ \t]*$\n?|\Z)"
    r"|<tool_call>(?P<tag>.*?)(?:</tool_call>|\Z)",
    re.MULTILINE | re.DOTALL,
)


def written_calls(text: str) -> tuple[str, tuple[ToolCall, ...]]:
    """Return a text up to the end of its first calls, and these.

    Calls in a row belong together; what stands behind them was written without their results.
    Where a call names no program, it is about the last code block before it.
    """
    found: list[ToolCall] = []
    end = None
    for match in _CALL.finditer(text):
        if end is not None and text[end : match.start()].strip():
            break
        body = match["tag"] if match["body"] is None else match["body"]
        before = text[: match.start()] if end is None else ""
        found.append(_written(body, len(found), _last_block(before)))
        end = match.end()
    return (text if end is None else text[:end]), tuple(found)


def arguments_of(call: ToolCall) -> dict[str, str] | str:
    """Return a call's arguments as texts, or what is wrong with them."""
    if len(call.arguments) > MOST_ARGUMENTS:
        length = len(call.arguments)
        return f"the arguments have {length} characters; at most {MOST_ARGUMENTS} are read"
    try:
        value = json.loads(call.arguments or "{}", strict=False)
    except (ValueError, RecursionError) as error:
        return f"the arguments are not valid JSON: {getattr(error, 'msg', 'nested too deeply')}"
    if not isinstance(value, dict):
        return "the arguments are not a JSON object"
    return {str(name): _plain(one) for name, one in value.items() if one is not None}


def about(call: ToolCall, program: str | None) -> tuple[ToolCall, str | None]:
    """Return a call with the program of the call before it, where it names none, and its program.

    Args:
        call: The call.
        program: What the call before it was about; None if there was none.
    """
    arguments = arguments_of(call)
    if isinstance(arguments, str) or call.name not in TOOLS:
        return call, program
    if program is None or arguments.get("program"):
        return call, arguments.get("program") or program
    told = json.dumps({**arguments, "program": program}, ensure_ascii=False)
    return ToolCall(call.call_id, call.name, told), program


def _written(body: str, number: int, program: str | None) -> ToolCall:
    """Read a call off the text of its block; one that cannot be read is passed on as it is."""
    body = body.strip()
    try:
        value = json.loads(body, strict=False) if len(body) <= MOST_ARGUMENTS else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        return ToolCall(f"call_{number}", "", body)
    name = next((str(value[key]) for key in ("tool", "name", "call") if value.get(key)), None)
    inner = next((value[key] for key in ("arguments", "parameters") if key in value), None)
    if name is None:
        name = _meant(inner if isinstance(inner, dict) else value)
    if isinstance(inner, str):
        return ToolCall(f"call_{number}", name, inner)
    rest = {key: one for key, one in value.items() if key not in ("tool", "name", "call")}
    arguments = dict(inner) if isinstance(inner, dict) else rest
    if program is not None:
        arguments.setdefault("program", program)
    return ToolCall(f"call_{number}", name, json.dumps(arguments, ensure_ascii=False))


def _meant(given: Mapping[str, object]) -> str:
    """Tell a tool that is not named by what it is given: small models leave the name out."""
    if "generator" in given or "brute" in given:
        return "stress"
    return "run" if "input" in given else "test_samples" if "program" in given else ""


def _last_block(text: str) -> str | None:
    code = [block.code for block in blocks(text) if block.fenced and block.code.strip()]
    return code[-1] if code else None


def _plain(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode("utf-8")


def _again(call: ToolCall) -> ToolCall:
    """A call as the model sees it again: servers choke on names and JSON that are none."""
    name = call.name if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", call.name) else "unknown"
    problem = arguments_of(call)
    if isinstance(problem, dict):
        return ToolCall(call.call_id, name, _plain(call.arguments or "{}"))
    beginning = _plain(call.arguments[:200])
    return ToolCall(call.call_id, name, json.dumps({"unreadable": beginning}))


def code_block(source: str, language: str) -> str:
    """Put a program into a fence that is longer than any in it."""
    longest = max(map(len, re.findall(r"^[ \t]*(`{3,})", source, re.MULTILINE)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{source.rstrip()}\n{fence}\n"


def _shown(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "", name)[:64] or "unknown"


def _line(name: str, tool: Tool) -> str:
    return f"- `{name}`: {tool.description} It takes {', '.join(f'`{one}`' for one in tool.takes)}."


def _schema(tool: Tool, languages: tuple[str, ...]) -> str:
    properties: dict[str, object] = {
        name: {"type": "string", "description": _PARAMETERS[name]} for name in tool.takes
    }
    properties[OPTIONAL] = {
        "type": "string",
        "enum": list(languages),
        "description": _PARAMETERS[OPTIONAL],
    }
    schema = {"type": "object", "properties": properties, "required": list(tool.takes)}
    return json.dumps(schema)
