"""Bodies of requests as JSON that can be passed on: whole characters, and no bottomless nesting.

Python's parser takes more than what can be written again: halves of characters (`"\\ud800"`), which
no text file can hold, and values nested so deep that whoever walks through them runs out of stack.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from medalist.errors import BadInput

MOST_NESTED = 200
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class UnfitJson(HTTPException):
    """A body that is not JSON, or none that can be passed on."""

    def __init__(self, message: str) -> None:
        super().__init__(422, message)


class JsonRoute(APIRoute):
    """A door whose bodies are read by `read_json`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See `APIRoute`."""
        answer = super().get_route_handler()

        async def read_strictly(request: Request) -> Response:
            return await answer(_StrictRequest(request.scope, request.receive))

        return read_strictly


class _StrictRequest(Request):
    async def json(self) -> Any:
        return read_json(await self.body())


def read_json(body: bytes) -> Any:
    """Parse a body.

    Raises:
        UnfitJson: It is not JSON, or holds what cannot be passed on.
    """
    try:
        text = body.decode(json.detect_encoding(body)).removeprefix("\ufeff")
        value = json.loads(text)
    except UnicodeDecodeError as error:
        raise UnfitJson(f"the body is not {error.encoding}: byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise UnfitJson(f"the body is not JSON: {error.msg} at character {error.pos}") from error
    except RecursionError as error:
        raise UnfitJson(f"the body is nested deeper than {MOST_NESTED} levels") from error
    except ValueError as error:  # an integer of thousands of digits
        raise UnfitJson("the body holds a number that is too long") from error
    if text.count("[") + text.count("{") > MOST_NESTED or _HALF.search(text):
        try:
            check_values(value)
        except BadInput as error:
            raise UnfitJson(f"the body {error}") from error
    return value


def check_values(value: Any) -> None:
    """See that parsed JSON can be written again.

    Raises:
        BadInput: It is nested too deep, or holds half of a character.
    """
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MOST_NESTED:
            raise BadInput(f"is nested deeper than {MOST_NESTED} levels")
        below: list[Any] = []
        for item in level:
            for text in _texts(item):
                if not text.isascii():
                    _check_whole(text)
            if isinstance(item, dict):
                below += item.values()
            elif isinstance(item, list):
                below += item
        level = below


def _texts(item: Any) -> Iterator[str]:
    if isinstance(item, str):
        yield item
    elif isinstance(item, dict):
        yield from item


def _check_whole(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        half = text[error.start]
        raise BadInput(f"holds half of a character ({half})") from error
