"""The tools that a model may use while it answers: what each is for, what it takes and tells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from medalist.agent.llm.contract import ToolCall

MOST_ARGUMENTS = 131_072
"""Longest arguments of a call, in characters: a program has at most 65,536 bytes in a contest."""

MOST_RESULT = 4000
"""Longest result of a call, in characters."""

OPTIONAL = "language"

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

    def line(self, name: str) -> str:
        """Describe it in a list."""
        takes = ", ".join(f"`{take}`" for take in self.takes)
        return f"- `{name}`: {self.description} It takes {takes}."

    def schema(self, languages: tuple[str, ...]) -> str:
        """Return what it takes as a JSON schema."""
        properties: dict[str, object] = {
            name: {"type": "string", "description": _PARAMETERS[name]} for name in self.takes
        }
        properties[OPTIONAL] = {
            "type": "string",
            "enum": list(languages),
            "description": _PARAMETERS[OPTIONAL],
        }
        schema = {"type": "object", "properties": properties, "required": list(self.takes)}
        return json.dumps(schema)


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

SUBMIT = "submit"
_SUBMIT = Tool(
    "Submits a program to the judge, which counts as the contest counts it, and tells what the "
    "judge shows.",
    ("program",),
)
ALL_TOOLS: Mapping[str, Tool] = {**TOOLS, SUBMIT: _SUBMIT}
"""With the one that needs a judge: it is offered only where the model may submit."""


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


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


_BY_LETTERS = {_letters(name): name for name in ALL_TOOLS}
_ARGUMENTS: Mapping[str, str] = {
    **{_letters(name): name for name in _PARAMETERS},
    **dict.fromkeys(("code", "source", "sourcecode", "solution", "prog"), "program"),
    **dict.fromkeys(("stdin", "inputdata", "testinput", "inp"), "input"),
    **dict.fromkeys(("bruteforce", "brutecode", "bruteprogram", "naive"), "brute"),
    **dict.fromkeys(("gen", "inputgenerator", "generatorcode"), "generator"),
    "lang": "language",
}


def tool_named(name: str) -> str | None:
    """Return the tool that a model means by a name (`functions.Test-Samples`); None if none is."""
    return _BY_LETTERS.get(_letters(name.rpartition(".")[2]))


def argument_named(name: str) -> str:
    """Return which argument a model means by a name; the name itself if none is."""
    return _ARGUMENTS.get(_letters(name), name)


def distinct(calls: tuple[ToolCall, ...]) -> Iterator[ToolCall]:
    """Give calls of the same id ids of their own: results are found by them."""
    seen: set[str] = set()
    for number, call in enumerate(calls):
        fresh = call.call_id not in seen
        seen.add(call.call_id)
        yield call if fresh else replace(call, call_id=f"{call.call_id}_{number}")
