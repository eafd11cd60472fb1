"""Asking for JSON and reading it, as the Batch APIs of all makers need it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
import openai

from medalist.agent.llm.attempt import AttemptFailed
from medalist.agent.llm.batch_contract import Line
from medalist.agent.llm.batch_file import MOST_REQUESTS
from medalist.agent.llm.endpoint import Endpoint
from medalist.agent.llm.streaming import parsed


async def ask_json(
    endpoint: Endpoint, method: str, path: str, body: object = None, *, google: bool = False
) -> Line:
    """Ask and return the answer's JSON; `path` may be a whole address."""
    client, options = endpoint.client, {}
    if google:  # its own API takes a key that is sent as a token for a wrong token
        key = endpoint.settings.key() or ""
        options = {"headers": {"x-goog-api-key": key, "Authorization": openai.Omit()}}
    more: Any = {"cast_to": httpx2.Response, "options": options}
    if method == "GET":
        raw = await client.get(path, **more)
    else:
        raw = await client.post(path, body=body, **more)
    try:
        body = parsed(raw.text)
    except ValueError as error:
        raise AttemptFailed(f"{endpoint.where} answered with invalid JSON", tries=3) from error
    if not isinstance(body, dict):
        raise AttemptFailed(f"{endpoint.where} answered with JSON that is not an object", tries=3)
    return body


def first_within(rows: Sequence[Line], most: int) -> list[Line]:
    """Return the first rows that fit into a request."""
    size = 0
    fitting: list[Line] = []
    for row in rows[:MOST_REQUESTS]:
        size += len(json.dumps(row))
        if fitting and size > most:
            break
        fitting.append(row)
    return fitting


def error_line(given: object) -> dict[str, str]:
    """Return the message of an error, however it is wrapped."""
    while isinstance(given, Mapping) and isinstance(given.get("error"), Mapping):
        given = given["error"]
    said = given.get("message") if isinstance(given, Mapping) else None
    return {"message": str(said or "no reason given")}


def object_of(given: object) -> Line:
    """Return an object as it is, anything else as an empty one."""
    return given if isinstance(given, dict) else {}


def objects(given: object) -> list[Line]:
    """Return the objects of a list; none where it is not a list."""
    return [item for item in given if isinstance(item, dict)] if isinstance(given, list) else []


def name_of(made: Line, field_: str, where: str) -> str:
    """Return what a batch is called.

    Raises:
        AttemptFailed: It has no name.
    """
    name = made.get(field_)
    if not isinstance(name, str) or not name:
        raise AttemptFailed(f"{where} created a batch without an id", tries=2)
    return name


def lines_of(text: str, where: str) -> list[Line]:
    """Read JSON lines.

    Raises:
        AttemptFailed: They are broken.
    """
    try:
        rows = [parsed(line) for line in text.split("\n") if line.strip()]
    except ValueError as error:
        raise AttemptFailed(f"{where}: a batch's results are broken") from error
    return [row for row in rows if isinstance(row, dict)]
