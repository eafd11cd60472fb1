"""Batch APIs of other makers: they take the requests themselves instead of files.

Anthropic's requests carry our tag in their ids
(https://platform.claude.com/docs/en/api/creating-message-batches), Gemini's batches as their
display name (https://ai.google.dev/api/batch-api, both read on 2026-11-30).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import httpx2

from medalist.agent.llm.batch_contract import BatchEnd, Line, NotKnownYet
from medalist.agent.llm.batch_file import MOST_REQUESTS, custom_id
from medalist.agent.llm.batch_json import (
    ask_json,
    error_line,
    first_within,
    lines_of,
    name_of,
    object_of,
    objects,
)
from medalist.agent.llm.contract import Request
from medalist.agent.llm.endpoint import Endpoint

MOST_BYTES = 190_000_000  # Anthropic: 256 MB; Gemini: 20 MB of requests in the call itself
GEMINI_BYTES = 19_000_000

_GEMINI_ENDED = {
    "succeeded": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
    "expired": "expired",
}


class AnthropicBatches:
    """Message Batches: the tag precedes each request's id, since a batch has no name."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def part(self, requests: Sequence[Request]) -> tuple[list[Line], int]:
        """See `BatchApi`."""
        rows = [
            {
                "custom_id": custom_id(request.request_id),
                "params": self._endpoint.wording(request)[1],
            }
            for request in requests[:MOST_REQUESTS]
        ]
        fitting = first_within(rows, MOST_BYTES)
        return fitting, len(fitting)

    async def create(self, tag: str, content: list[Line], first: Request) -> str:
        """See `BatchApi`."""
        del first
        rows = [{**row, "custom_id": f"{tag[:16]}-{row['custom_id']}"} for row in content]
        made = await ask_json(self._endpoint, "POST", "/messages/batches", {"requests": rows})
        return name_of(made, "id", self._endpoint.where)

    async def find(self, tag: str) -> str | None:
        """Look through the results of batches that ended; of others nobody says what is in them."""
        listed = await ask_json(self._endpoint, "GET", "/messages/batches?limit=100")
        batches = objects(listed.get("data"))
        for batch in batches:
            lines = await self._results(batch) if batch.get("results_url") else []
            if any(str(line.get("custom_id")).startswith(f"{tag[:16]}-") for line in lines[:1]):
                return name_of(batch, "id", self._endpoint.where)
        if any(batch.get("processing_status") != "ended" for batch in batches):
            raise NotKnownYet
        return None

    async def end(self, batch_id: str) -> BatchEnd | None:
        """See `BatchApi`."""
        batch = await ask_json(self._endpoint, "GET", f"/messages/batches/{batch_id}")
        if batch.get("processing_status") != "ended":
            return None
        lines: dict[str, Line] = {}
        kinds = set()
        for line in await self._results(batch):
            result = object_of(line.get("result"))
            kind = result.get("type")
            kinds.add(kind)
            name = str(line.get("custom_id")).partition("-")[2]
            if kind == "succeeded":
                lines[name] = {"response": {"status_code": 200, "body": result.get("message")}}
            elif kind == "errored":
                lines[name] = {"error": error_line(result.get("error"))}
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
        return lines_of(raw.text, self._endpoint.where)


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
                "request": generate_body(self._endpoint.name, profile, request),
                "metadata": {"key": custom_id(request.request_id)},
            }
            for request in requests[:MOST_REQUESTS]
        ]
        fitting = first_within(rows, GEMINI_BYTES)
        return fitting, len(fitting)

    async def create(self, tag: str, content: list[Line], first: Request) -> str:
        """See `BatchApi`."""
        del first
        inputs = {"requests": {"requests": content}}
        body = {"batch": {"display_name": f"medalist-{tag}", "input_config": inputs}}
        model = self._endpoint.name.removeprefix("models/")
        path = f"{self._root}/models/{model}:batchGenerateContent"
        made = await ask_json(self._endpoint, "POST", path, body, google=True)
        return name_of(made, "name", self._endpoint.where)

    async def find(self, tag: str) -> str | None:
        """See `BatchApi`."""
        listed = await ask_json(
            self._endpoint, "GET", f"{self._root}/batches?pageSize=100", google=True
        )
        for batch in objects(listed.get("operations") or listed.get("batches")):
            told = object_of(batch.get("metadata")) or batch
            if told.get("displayName") == f"medalist-{tag}":
                return name_of(batch, "name", self._endpoint.where)
        return None

    async def end(self, batch_id: str) -> BatchEnd | None:
        """See `BatchApi`."""
        from medalist.agent.llm.gemini_api import chat_of

        batch = await ask_json(self._endpoint, "GET", f"{self._root}/{batch_id}", google=True)
        told = object_of(batch.get("metadata")) or batch
        state = str(told.get("state", "")).rpartition("STATE_")[2].lower()
        if not batch.get("done") and state not in _GEMINI_ENDED:
            return None
        status = _GEMINI_ENDED.get(state, "completed")
        output = object_of(batch.get("response")) or object_of(told.get("output"))
        answers = object_of(output.get("inlinedResponses"))
        lines: dict[str, Line] = {}
        for row in objects(answers.get("inlinedResponses")):
            key = str(object_of(row.get("metadata")).get("key"))
            if isinstance(row.get("response"), Mapping):
                body = chat_of(row["response"])
                lines[key] = {"response": {"status_code": 200, "body": body}}
            else:
                lines[key] = {"error": error_line(row)}
        said = error_line(batch)["message"] if batch.get("error") else ""
        return BatchEnd("failed" if said and not lines else status, lines, said)
