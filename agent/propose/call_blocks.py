"""The calls in the text of one block: JSON objects, tags of parameters, or calls as in Python.

What cannot be parsed is passed on unchanged: the executor of the call reports what is wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from medalist.agent.llm.contract import ToolCall
from medalist.agent.propose.lenient_json import LooseReader, NotJson, Value, value_at
from medalist.agent.propose.tool_list import ALL_TOOLS, MOST_ARGUMENTS, argument_named, tool_named

_NAMES = ("tool", "name", "call", "action", "tool_name", "function_name", "function")
_INNER = ("arguments", "parameters", "args", "params", "action_input", "kwargs")
_LISTS = ("tool_calls", "calls", "tools")
_KEYS = frozenset((*_NAMES, *_INNER, *_LISTS))

_NAMED = re.compile(
    rf"[\"'`]?(?:{'|'.join(_NAMES)})[\"'`]?\s*:\s*[\"'`](?P<name>[\w. -]{{1,60}})[\"'`]"
    r"|\{\s*[\"'`](?P<key>\w{1,30})[\"'`]\s*:\s*\{",
    re.IGNORECASE,
)
_INVOKED = re.compile(
    r"<(?:function=|invoke\s+name=|function\s+name=)[\"']?(?P<name>[\w.-]+)[\"']?\s*>"
    r"(?P<body>.*?)(?:</(?:function|invoke)>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_PARAMETER = re.compile(
    r"<parameter(?:=|\s+name=)[\"']?(?P<name>[\w.-]+)[\"']?\s*>\n?(?P<value>.*?)\n?</parameter>",
    re.DOTALL | re.IGNORECASE,
)
_AS_CODE = re.compile(r"\s*(?:print\s*\(\s*)?(?:\w+\s*=\s*)?(?P<name>[\w.]{1,60})\s*\(")
_ASSIGNED = re.compile(r"\s*(?P<name>\w+)\s*=\s*(?=[rR]?[\"'`])")
_NAMED_ARGUMENT = re.compile(
    r"\{\s*[\"'`]?(?:tool|name|arguments|program|code|input|stdin|brute|generator)[\"'`]?\s*:"
)
_MOST_CALLS = 64


def tool_in(text: str, start: int, end: int) -> tuple[str, int] | None:
    """Return the first tool that an object in a stretch of text names, and where it does."""
    for match in _NAMED.finditer(text, start, end):
        name = tool_named(match["name"] or match["key"])
        if name is not None:
            return name, match.start()
    return None


def calls_of(body: str, name: str | None) -> Iterator[ToolCall]:
    """Yield the calls in the text of a block, one at least.

    Args:
        body: The text.
        name: The tool that the block's head names, if any.
    """
    body = body.strip()
    if len(body) > MOST_ARGUMENTS:
        yield ToolCall("", name or "", body)
        return
    invoked = list(_INVOKED.finditer(body))
    if invoked:
        for row in invoked[:_MOST_CALLS]:
            yield _invoked(row["name"], row["body"])
        return
    as_code = _AS_CODE.match(body) or _ASSIGNED.match(body)
    if as_code is not None and (calls := list(_as_code(body))):
        yield from calls
        return
    yield from _objects(body, name)


def _objects(body: str, name: str | None) -> Iterator[ToolCall]:
    begin = next((place for place, letter in enumerate(body) if letter in "{["), None)
    if begin is None or (name is not None and begin > 0 and not _NAMED_ARGUMENT.search(body)):
        yield _alone(body, name)
        return
    for _ in range(_MOST_CALLS):
        try:
            value, end = value_at(body, begin)
        except NotJson:
            called = tool_in(body, begin, len(body))
            yield ToolCall("", name or (called[0] if called is not None else ""), body[begin:])
            return
        yield from _of_value(value, name, body[begin:end])
        begin = body.find("{", end)
        if begin < 0:
            return


def _alone(body: str, name: str | None) -> ToolCall:
    """A block without an object: a tool's name; or, in a tool's own block, what it is to take."""
    named = tool_named(body)
    if named is not None or name is None:
        return ToolCall("", named or "", "{}" if named is not None else body)
    takes = ALL_TOOLS[name].takes
    given = {takes[-1]: body} if body and len(takes) < 3 else {}
    return ToolCall("", name, _dumped(given))


def _of_value(value: Value, name: str | None, text: str) -> Iterator[ToolCall]:
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for item in value[:_MOST_CALLS]:
            yield from _of_value(item, name, text)
        return
    if not isinstance(value, dict):
        yield ToolCall("", name or "", text)
        return
    many = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)
    if many is not None:
        yield from _of_value(many, name, text)
        return
    yield _of_object(value, name)


def _of_object(value: dict[str, Value], name: str | None) -> ToolCall:
    value = {key.lower() if key.lower() in _KEYS else key: one for key, one in value.items()}
    inner = value.get("function")
    if isinstance(inner, dict):
        return _of_object(inner, name)
    if len(value) == 1:  # {"run": {...}}
        ((key, inner),) = value.items()
        if tool_named(key) is not None and isinstance(inner, dict):
            return ToolCall("", tool_named(key) or "", _dumped(inner))
    told = next((str(value[key]) for key in _NAMES if value.get(key)), name or "")
    told = tool_named(told) or told
    within = next((key for key in _INNER if key in value), None)
    if within is None and isinstance(value.get("input"), dict):
        within = "input"
    if within is None:
        rest = {key: one for key, one in value.items() if key not in _NAMES}
        return ToolCall("", told or _meant(rest), _dumped(rest))
    inner = value[within]
    if isinstance(inner, dict):
        return ToolCall("", told or _meant(inner), _dumped(inner))
    text = inner if isinstance(inner, str) else _dumped(inner)
    takes = ALL_TOOLS[told].takes if told in ALL_TOOLS else ()
    if len(takes) == 1 and not text.lstrip().startswith("{") and text.strip():
        text = _dumped({takes[0]: text})
    return ToolCall("", told, text)


def _meant(given: Mapping[str, Value]) -> str:
    """Tell a tool that is not named by what it is given: small models leave the name out."""
    names = {argument_named(key) for key in given}
    if names & {"generator", "brute"}:
        return "stress"
    return "run" if "input" in names else "test_samples" if "program" in names else ""


def _invoked(name: str, body: str) -> ToolCall:
    given = {match["name"]: match["value"] for match in _PARAMETER.finditer(body)}
    told = tool_named(name) or name
    if given or not body.strip():
        return ToolCall("", told, json.dumps(given, ensure_ascii=False))
    return ToolCall("", told, body.strip())


def _as_code(body: str) -> Iterator[ToolCall]:
    """Read calls that are written as in Python: `run(program, input="1 2")`.

    A name stands for the text that was assigned to it before, if any; `program` for the program.
    """
    known: dict[str, Value] = {}
    reader = LooseReader(body)
    while not reader.at_end:
        called = _AS_CODE.match(body, reader.place)
        tool = None if called is None else tool_named(called["name"])
        assigned = _ASSIGNED.match(body, reader.place)
        try:
            if called is not None and tool is not None:
                reader.place = called.end()
                yield ToolCall("", tool, _dumped(_given(reader, ALL_TOOLS[tool].takes, known)))
                while reader.takes(")") or reader.takes(";"):
                    pass
            elif assigned is not None:
                reader.place = assigned.end()
                known[assigned["name"]] = reader.value()
            else:
                return
        except NotJson as error:
            yield ToolCall("", tool or "", f"{body[:200]} ({error})")
            return


def _given(
    reader: LooseReader, takes: tuple[str, ...], known: Mapping[str, Value]
) -> dict[str, Value]:
    given: dict[str, Value] = {}
    place = 0
    while not reader.takes(")"):
        if reader.at_end:
            raise NotJson("a call has no end")
        before = reader.place
        word = reader.word()
        key = None
        if word is not None and reader.takes("="):
            key, before = argument_named(word), reader.place
            word = reader.word()
        if word is None or word in ("r", "R", "True", "False", "None"):
            reader.place = before
            value: Value = reader.value()
        else:
            value = known.get(word)
        if key is None and place < len(takes):
            key = takes[place]
        place += 1
        if key is not None and value is not None:
            given[key] = value
        reader.takes(",")
    return given


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
