"""The file of a batch: a line of JSON for each request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from medalist.agent.llm.contract import Request
from medalist.agent.llm.endpoint import Endpoint

# OpenAI's reference of "Create batch": 50,000 requests and 200 MB a file.
MOST_REQUESTS = 50_000
MOST_BYTES = 190_000_000


def file_of(requests: Sequence[Request], endpoint: Endpoint) -> tuple[bytes, int]:
    """Return the file of the first requests, as many as a batch may hold, and their number."""
    lines: list[bytes] = []
    size = 0
    for request in requests[:MOST_REQUESTS]:
        path, body = endpoint.wording(request)
        row = {"custom_id": custom_id(request.request_id), "method": "POST"}
        line = json.dumps({**row, "url": f"/v1{path}", "body": body}).encode() + b"\n"
        size += len(line)
        if lines and size > MOST_BYTES:
            break
        lines.append(line)
    return b"".join(lines), len(lines)


def custom_id(request_id: str) -> str:
    """Return a short name for a request: some endpoints take 64 characters at most."""
    return hashlib.sha256(request_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
