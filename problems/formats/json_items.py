"""The items of a JSON array, one at a time, with where each one is in the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from medalist.problems.python_values import decoder

_SPACES = re.compile(r"[ \t\n\r]*")


class Item(NamedTuple):
    """A value and its place: `text[start:end]`."""

    start: int
    end: int
    value: Any


def json_items(text: str) -> Iterator[Item]:
    """Yield the items of an array; a document that is not an array is its only item.

    Each item is parsed once, so that a caller that stops early has not paid for the rest.

    Raises:
        json.JSONDecodeError: Where the text stops being JSON.
        ValueError: An integer that is too long.
        RecursionError: Nested too deep.
    """
    parse = decoder(text).raw_decode
    at = _skip(text, 0)
    if text[at : at + 1] != "[":
        value, end = parse(text, at)
        _end(text, end)
        yield Item(at, end, value)
        return
    at = _skip(text, at + 1)
    if text[at : at + 1] == "]":
        _end(text, at + 1)
        return
    while True:
        value, end = parse(text, at)
        yield Item(at, end, value)
        at = _skip(text, end)
        mark = text[at : at + 1]
        if mark == "]":
            _end(text, at + 1)
            return
        if mark != ",":
            raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
        at = _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    match = _SPACES.match(text, at)
    return match.end() if match else at


def _end(text: str, at: int) -> None:
    at = _skip(text, at)
    if at != len(text):
        raise json.JSONDecodeError("Extra data", text, at)
