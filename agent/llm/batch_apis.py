"""Batch APIs of several makers, as one: make a batch, find it again, ask how it is, read it.

OpenAI's takes files, Anthropic's the requests themselves, which carry our tag in
their ids (https://platform.claude.com/docs/en/api/creating-message-batches), Gemini's likewise
under a display name (https://ai.google.dev/api/batch-api, both read on 2026-11-30).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx2
import openai

from medalist.agent.llm.attempt import AttemptFailed
from medalist.agent.llm.batch_file import MOST_REQUESTS, custom_id, file_of
from medalist.agent.llm.contract import Request
from medalist.agent.llm.endpoint import Endpoint
from medalist.agent.llm.streaming import parsed

MOST_BYTES = 190_000_000  # Anthropic: 256 MB; Gemini: 20 MB of requests in the call itself
GEMINI_BYTES = 19_000_000

TAG = "medalist"
ENDED = ("completed", "failed", "expired", "cancelled")

Line = dict[str, Any]


@dataclass(frozen=True)
class BatchEnd:
    """How a batch ended.

    Attributes:
        status: `completed`, `expired`, `failed`, `cancelled`.
        lines: Its answers by the ids of `custom_id`: each with `response` (`status_code`, `body`)
            or `error` (`message`).
        said: Why it failed, as far as the endpoint says so.
    """

    status: str
    lines: Mapping[str, Line] = field(default_factory=dict)
    said: str = ""


class NotKnownYet(Exception):
    """Whether there is such a batch shows when others have ended."""


class BatchApi(Protocol):
    """One maker's Batch API. What it raises is among `REQUEST_ERRORS`, or `AttemptFailed`."""

    def part(self, requests: Sequence[Request]) -> tuple[Any, int]:
        """Word the first requests, as many as a batch may hold; return them and their number."""
        ...

    async def create(self, tag: str, content: Any, first: Request) -> str:
        """Make a batch of what `part` worded; return its id."""
        ...

    async def find(self, tag: str) -> str | None:
        """Return the id of the batch with this tag, None if there is none.

        Raises:
            NotKnownYet: It may be one of those that still go on.
        """
        ...

    async def end(self, batch_id: str) -> BatchEnd | None:
        """Return how a batch ended, None while it goes on."""
        ...


async def _json(
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
        raise AttemptFailed(f"{endpoint.where} answered with broken JSON", tries=3) from error
    if not isinstance(body, dict):
        raise AttemptFailed(f"{endpoint.where} answered with JSON that is no object", tries=3)
    return body


def _within(rows: Sequence[Line], most: int) -> list[Line]:
    """Return the first rows that fit into a request."""
    size = 0
    fitting: list[Line] = []
    for row in rows[:MOST_REQUESTS]:
        size += len(json.dumps(row))
        if fitting and size > most:
            break
        fitting.append(row)
    return fitting


class OpenAIBatches:
    """Batches of files, which carry the tag as metadata."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def part(self, requests: Sequence[Request]) -> tuple[bytes, int]:
        """See `BatchApi`."""
        return file_of(requests, self._endpoint)

    async def create(self, tag: str, content: bytes, first: Request) -> str:
        """See `BatchApi`."""
        client = self._endpoint.client
        path, _ = self._endpoint.wording(first)
        file = await client.files.create(file=(f"{TAG}-{tag}.jsonl", content), purpose="batch")
        url: Any = f"/v1{path}"
        batch = await client.batches.create(
            input_file_id=file.id, endpoint=url, completion_window="24h", metadata={TAG: tag}
        )
        return batch.id

    async def find(self, tag: str) -> str | None:
        """See `BatchApi`."""
        async for batch in self._endpoint.client.batches.list(limit=100):
            if (batch.metadata or {}).get(TAG) == tag:
                return batch.id
        return None

    async def end(self, batch_id: str) -> BatchEnd | None:
        """See `BatchApi`."""
        batch = await self._endpoint.client.batches.retrieve(batch_id)
        if batch.status not in ENDED:
            return None
        lines = {
            str(line["custom_id"]): line
            for file_id in (batch.output_file_id, batch.error_file_id)
            if file_id
            for line in await self._read(file_id)
        }
        errors = batch.errors.data if batch.errors and batch.errors.data else []
        return BatchEnd(batch.status, lines, str(errors[0].message) if errors else "")

    async def _read(self, file_id: str) -> list[Line]:
        content = await self._endpoint.client.files.content(file_id)
        return _lines(content.text, self._endpoint.where)


class AnthropicBatches:
    """Message Batches: the tag stands before each request's id, since a batch has no name."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def part(self, requests: Sequence[Request]) -> tuple[list[Line], int]:
        """See `BatchApi`."""
        rows = [
            {"custom_id": custom_id(one.request_id), "params": self._endpoint.wording(one)[1]}
            for one in requests[:MOST_REQUESTS]
        ]
        fitting = _within(rows, MOST_BYTES)
        return fitting, len(fitting)

    async def create(self, tag: str, content: list[Line], first: Request) -> str:
        """See `BatchApi`."""
        del first
        rows = [{**row, "custom_id": f"{tag[:16]}-{row['custom_id']}"} for row in content]
        made = await _json(self._endpoint, "POST", "/messages/batches", {"requests": rows})
        return _name(made, "id", self._endpoint.where)

    async def find(self, tag: str) -> str | None:
        """Look through the results of batches that ended; of others nobody says what is in them."""
        listed = await _json(self._endpoint, "GET", "/messages/batches?limit=100")
        batches = _objects(listed.get("data"))
        for batch in batches:
            lines = await self._results(batch) if batch.get("results_url") else []
            if any(str(line.get("custom_id")).startswith(f"{tag[:16]}-") for line in lines[:1]):
                return _name(batch, "id", self._endpoint.where)
        if any(batch.get("processing_status") != "ended" for batch in batches):
            raise NotKnownYet
        return None

    async def end(self, batch_id: str) -> BatchEnd | None:
        """See `BatchApi`."""
        batch = await _json(self._endpoint, "GET", f"/messages/batches/{batch_id}")
        if batch.get("processing_status") != "ended":
            return None
        lines: dict[str, Line] = {}
        kinds = set()
        for line in await self._results(batch):
            result = _object(line.get("result"))
            kind = result.get("type")
            kinds.add(kind)
            name = str(line.get("custom_id")).partition("-")[2]
            if kind == "succeeded":
                lines[name] = {"response": {"status_code": 200, "body": result.get("message")}}
            elif kind == "errored":
                lines[name] = {"error": _error(result.get("error"))}
        expired = {"expired", "canceled"} & kinds
        status = "expired" if "expired" in expired else "cancelled" if expired else "completed"
        return BatchEnd(status, lines)

    async def _results(self, batch: Line) -> list[Line]:
        url = batch.get("results_url")
        if not url:
            return []
        path = (
            f"/messages/batches/{batch.get('id')}/results"  # the same, at the address that we know
        )
        raw = await self._endpoint.client.get(path, cast_to=httpx2.Response)
        return _lines(raw.text, self._endpoint.where)


class GeminiBatches:
    """Batches of Gemini's own API, beside its compatible door: the tag is their display name."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._root = endpoint.where.rstrip("/").removesuffix("/openai")

    def part(self, requests: Sequence[Request]) -> tuple[list[Line], int]:
        """See `BatchApi`."""
        from medalist.agent.llm.gemini_api import generate_body

        profile = self._endpoint.profile
        rows = [
            {
                "request": generate_body(profile, one),
                "metadata": {"key": custom_id(one.request_id)},
            }
            for one in requests[:MOST_REQUESTS]
        ]
        fitting = _within(rows, GEMINI_BYTES)
        return fitting, len(fitting)

    async def create(self, tag: str, content: list[Line], first: Request) -> str:
        """See `BatchApi`."""
        del first
        inputs = {"requests": {"requests": content}}
        body = {"batch": {"display_name": f"medalist-{tag}", "input_config": inputs}}
        model = self._endpoint.name.removeprefix("models/")
        path = f"{self._root}/models/{model}:batchGenerateContent"
        made = await _json(self._endpoint, "POST", path, body, google=True)
        return _name(made, "name", self._endpoint.where)

    async def find(self, tag: str) -> str | None:
        """See `BatchApi`."""
        listed = await _json(
            self._endpoint, "GET", f"{self._root}/batches?pageSize=100", google=True
        )
        for batch in _objects(listed.get("operations") or listed.get("batches")):
            told = _object(batch.get("metadata")) or batch
            if told.get("displayName") == f"medalist-{tag}":
                return _name(batch, "name", self._endpoint.where)
        return None

    async def end(self, batch_id: str) -> BatchEnd | None:
        """See `BatchApi`."""
        from medalist.agent.llm.gemini_api import chat_of

        batch = await _json(self._endpoint, "GET", f"{self._root}/{batch_id}", google=True)
        told = _object(batch.get("metadata")) or batch
        state = str(told.get("state", "")).rpartition("STATE_")[2].lower()
        if not batch.get("done") and state not in _GEMINI_ENDED:
            return None
        status = _GEMINI_ENDED.get(state, "completed")
        output = _object(batch.get("response")) or _object(told.get("output"))
        answers = _object(output.get("inlinedResponses"))
        lines: dict[str, Line] = {}
        for row in _objects(answers.get("inlinedResponses")):
            key = str(_object(row.get("metadata")).get("key"))
            if isinstance(row.get("response"), Mapping):
                body = chat_of(row["response"])
                lines[key] = {"response": {"status_code": 200, "body": body}}
            else:
                lines[key] = {"error": _error(row)}
        said = _error(batch)["message"] if batch.get("error") else ""
        return BatchEnd("failed" if said and not lines else status, lines, said)


def batch_api(endpoint: Endpoint) -> BatchApi:
    """Return the Batch API of an endpoint, by the API that it is asked by and its address."""
    if endpoint.profile.api == "messages":
        return AnthropicBatches(endpoint)
    if re.search(r"/v1(?:alpha|beta)\w*/openai/?$", endpoint.where):
        return GeminiBatches(endpoint)
    return OpenAIBatches(endpoint)


_GEMINI_ENDED = {
    "succeeded": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
    "expired": "expired",
}


def _error(given: object) -> dict[str, str]:
    """Return the message of an error, however it is wrapped."""
    while isinstance(given, Mapping) and isinstance(given.get("error"), Mapping):
        given = given["error"]
    said = given.get("message") if isinstance(given, Mapping) else None
    return {"message": str(said or "no word of why")}


def _object(given: object) -> Line:
    return given if isinstance(given, dict) else {}


def _objects(given: object) -> list[Line]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _name(made: Line, field_: str, where: str) -> str:
    """Return what a batch is called.

    Raises:
        AttemptFailed: It has no name.
    """
    name = made.get(field_)
    if not isinstance(name, str) or not name:
        raise AttemptFailed(f"{where} made a batch without a name", tries=2)
    return name


def _lines(text: str, where: str) -> list[Line]:
    try:
        rows = [parsed(line) for line in text.split("\n") if line.strip()]
    except ValueError as error:
        raise AttemptFailed(f"{where}: a batch's results are broken") from error
    return [row for row in rows if isinstance(row, dict)]
