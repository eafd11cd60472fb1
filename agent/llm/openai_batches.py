"""OpenAI's Batch API: a file of requests, and one of answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from medalist.agent.llm.batch_contract import ENDED, TAG, BatchEnd, Line
from medalist.agent.llm.batch_file import file_of
from medalist.agent.llm.batch_json import lines_of
from medalist.agent.llm.contract import Request
from medalist.agent.llm.endpoint import Endpoint


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
        return lines_of(content.text, self._endpoint.where)
