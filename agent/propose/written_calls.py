"""Calls that are in an answer's text, in the forms in which models write them.

Asked for is a fence named `tool` with a JSON object. Read are also other fences and lines whose
object names a tool, fences named by a tool, the tags and marks that open models were trained on,
calls written as in Python, and several calls in one block. What cannot be read is passed on with
what is wrong with it: the model is told in one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from medalist.agent.extract.blocks import blocks
from medalist.agent.llm.contract import ToolCall
from medalist.agent.propose.call_blocks import calls_of, tool_in
from medalist.agent.propose.lenient_json import NotJson, value_at
from medalist.agent.propose.tool_list import MOST_ARGUMENTS, tool_named

_FENCE = re.compile(r"(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^\n{\[(]*)(?P<rest>[^\n]*)")
_LABEL = re.compile(
    r"(?:tools?(?:[_ -]?(?:calls?|code|use))?|function[_ -]?calls?)\b", re.IGNORECASE
)
_OPENING = re.compile(
    r"^[ \t>]*(?:(?:[-*]|\d+[.)])[ \t]+)?(?P<fence>`{3,}|~{3,})|(?P<late>`{3,})(?=[ \t]*tool)"
    r"|<(?P<tag>tool_calls?|function_calls?|tool_use|tool(?=[ >])|invoke(?=[ ])|function(?==))"
    r"(?P<attributes>[^>\n]*)>"
    r"|(?P<mark>\[TOOL_CALLS?\])"
    r"|(?P<bare>\{(?=\s*[\"'`]?[a-z_]{1,30}[\"'`]?\s*:)|\[(?=\s*\{))",
    re.MULTILINE | re.IGNORECASE,
)
_HEAD = re.compile(
    r"[\s{\[]*(?:[\"'`]?(?:tool_calls|calls|tools|type|id|function)[\"'`]?\s*:\s*"
    r"(?:[\"'`][\w.-]*[\"'`]\s*,)?[\s{\[]*)*",
    re.IGNORECASE,
)
_TAGGED = re.compile(r"\s*<(?:tool_call|function_call|invoke |function=)", re.IGNORECASE)
_MOST_BLOCKS = 64
_NOT_READ = "What you wrote behind the calls was not read: answer when you know their results."


@dataclass(frozen=True)
class WrittenCalls:
    """What an answer says up to the end of its calls, these, and what follows them."""

    said: str
    calls: tuple[ToolCall, ...] = ()
    behind: str = ""

    @property
    def note(self) -> str:
        """What the model is told of what follows its calls; empty where nothing does."""
        more = "`" * 3 in self.behind or any(place.calls for place in _places(self.behind))
        return _NOT_READ if more and self.calls else ""

    @property
    def program(self) -> str | None:
        """The program that the calls are about where they name none: the last code block before
        them, or else the first behind them."""
        before = self._before
        if before:
            return before[-1]
        behind = _code(self.behind)
        return behind[0] if behind else None

    @property
    def program_is_behind(self) -> bool:
        """Whether it follows the calls."""
        return not self._before

    @property
    def _before(self) -> list[str]:
        begin = next((place.start for place in _places(self.said) if place.calls), len(self.said))
        return _code(self.said[:begin])


@dataclass(frozen=True)
class _Place:
    """A stretch of an answer, with the calls in it; a fence of something else has none."""

    start: int
    end: int
    calls: tuple[ToolCall, ...] = ()


def written_calls(text: str) -> WrittenCalls:
    """Return the first calls of a text, and what is before and behind them.

    Calls in a row belong together; what follows them was written without their results.
    """
    calls: list[ToolCall] = []
    end: int | None = None
    for place in _places(text):
        if end is not None and text[end : place.start].strip():
            break
        if place.calls:
            calls += place.calls
            end = place.end
        elif end is not None:
            break
    if end is None:
        return WrittenCalls(text)
    numbered = tuple(
        ToolCall(f"call_{number}", one.name, one.arguments) for number, one in enumerate(calls)
    )
    return WrittenCalls(text[:end], numbered, text[end:])


def _places(text: str) -> Iterator[_Place]:
    place = 0
    for _ in range(_MOST_BLOCKS * 16):
        match = _OPENING.search(text, place)
        if match is None:
            return
        opened = _opened(text, match)
        if opened is not None:
            yield opened
        place = max(match.end(), opened.end if opened is not None else 0)


def _opened(text: str, match: re.Match[str]) -> _Place | None:
    if match["fence"] or match["late"]:
        return _fence(text, match.start("fence" if match["fence"] else "late"))
    if match["bare"]:
        return _bare(text, match.start("bare"))
    if match["mark"]:
        return _valued(text, match.start(), match.end())
    tag = match["tag"].lower()
    end = re.compile(rf"</{tag}>|(?=<{tag}[ >=])", re.IGNORECASE).search(text, match.end())
    stop, after = (len(text), len(text)) if end is None else (end.start(), end.end())
    if tag in ("invoke", "function"):  # the tag itself says which
        return _Place(match.start(), after, tuple(calls_of(text[match.start() : after], None)))
    name = tool_named(match["attributes"].rpartition("=")[2])
    return _Place(match.start(), after, tuple(calls_of(text[match.end() : stop], name)))


def _bare(text: str, start: int) -> _Place | None:
    """An object in the open, if it begins with the name of a tool."""
    named = tool_in(text, start, start + 300)
    if named is None or _HEAD.fullmatch(text, start, named[1]) is None:
        return None
    line = text[text.rfind("\n", 0, start) + 1 : (text + "\n").find("\n", start)]
    if text[start - 1 : start] == "`" and not re.fullmatch(r"[ \t]*`[^`]*`[ \t.:]*", line):
        return None  # it is only spoken of
    return _valued(text, start, start)


def _valued(text: str, start: int, begin: int) -> _Place:
    """A value in the open: it ends where it ends, or, if it cannot be read, with its line."""
    try:
        _, end = value_at(text[: begin + MOST_ARGUMENTS], begin)
    except NotJson:
        end = text.find("\n", begin) + 1 or len(text)
    return _Place(start, end, tuple(calls_of(text[begin:end], None)))


def _fence(text: str, start: int) -> _Place:
    """A fence and the calls in it, if it is one of calls."""
    opening = _FENCE.match(text, start)
    assert opening is not None
    info, mark = opening["info"].strip(), opening["fence"]
    label = _LABEL.match(info)
    words = re.split(r"[\s:=,]+", info[label.end() :] if label is not None else info)
    names = [one for word in words if (one := tool_named(word)) is not None]
    name = names[0] if names and (label is not None or len(words) == 1) else None
    for_calls = name is not None or label is not None
    begin = opening.end("info") if opening["rest"] else min(len(text), opening.end() + 1)
    if label is not None and opening["rest"].startswith("("):
        begin = opening.start("info") + label.end()
    if not for_calls and text[begin : begin + 200].lstrip()[:1] in ("{", "["):
        named = tool_in(text, begin, begin + MOST_ARGUMENTS)
        for_calls = named is not None and mark not in text[begin : named[1]]
    for_calls = for_calls or _TAGGED.match(text, begin) is not None
    stop, end = _end_of_fence(text, mark, begin, for_calls=for_calls)
    return _Place(start, end, tuple(calls_of(text[begin:stop], name)) if for_calls else ())


def _end_of_fence(text: str, mark: str, begin: int, *, for_calls: bool) -> tuple[int, int]:
    """Return where the content of a fence ends, and where the fence does.

    A fence in a call's own texts ends nothing; one of calls ends any other that was left open.
    """
    place = begin
    if for_calls and text[begin : begin + 200].lstrip()[:1] == "{":
        with suppress(NotJson):
            _, place = value_at(text[: begin + MOST_ARGUMENTS], begin)
    also = rf"|{mark}[ \t]*(?:\n|\Z)" if for_calls else rf"|(?=^[ \t]*{mark}[ \t]*tool)"
    close = re.compile(rf"^[ \t>]*{mark}{mark[0]}*[ \t]*(?:\n|\Z){also}", re.MULTILINE)
    match = close.search(text, place)
    return (len(text), len(text)) if match is None else (match.start(), match.end())


def _code(text: str) -> list[str]:
    return [
        block.code
        for block in blocks(text)
        if block.fenced and block.code.strip() and not _LABEL.match(block.info)
    ]
