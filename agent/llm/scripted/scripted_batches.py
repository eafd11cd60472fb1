"""The part of the scripted endpoint that plays the Batch API: files, batches, their lifetimes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class ScriptedBatches:
    """Uploaded files and the batches made of them.

    Attributes:
        looks: How often a batch is asked for before it has ended.
        answers: How many of a batch's requests are answered before its day is over; None: all.
        refusal: Said of every batch that is created, which then fails.
        drop_created: The connection ends instead of naming a new batch, this often.
        batches: All batches by id, as the API words them.
    """

    looks: int = 2
    answers: int | None = None
    refusal: str | None = None
    drop_created: int = 0
    batches: dict[str, Json] = field(default_factory=dict)
    _files: dict[str, bytes] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)

    def handle(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        raw: bytes,
        answer: Callable[[str, Json], tuple[int, Json]],
    ) -> bytes | None:
        """Return the body of the response, None if it never comes.

        Args:
            method: `GET` or `POST`.
            path: Below the base URL, `/files` or `/batches` and what follows.
            headers: Names in lower case.
            raw: The request's body.
            answer: Answers one line of a batch: its URL and body to a status and a body.
        """
        path = path.partition("?")[0]
        if (method, path) == ("POST", "/files"):
            return self._upload(headers, raw)
        if match := re.fullmatch(r"/files/([\w-]+)/content", path):
            return self._files[match[1]]
        if (method, path) == ("POST", "/batches"):
            return self._create(json.loads(raw))
        if path == "/batches":
            listed = [*self.batches.values()]
            return json.dumps({"object": "list", "data": listed, "has_more": False}).encode()
        batch_id = path.rpartition("/")[2]
        self._seen[batch_id] = self._seen.get(batch_id, 0) + 1
        if self._seen[batch_id] >= self.looks:
            self._end(self.batches[batch_id], answer)
        return json.dumps(self.batches[batch_id]).encode()

    def _upload(self, headers: dict[str, str], raw: bytes) -> bytes:
        boundary = headers["content-type"].partition("boundary=")[2].encode()
        for part in raw.split(b"--" + boundary):
            head, _, content = part.partition(b"\r\n\r\n")
            if b'name="file"' in head:
                file_id = self._keep(content.removesuffix(b"\r\n"))
                return json.dumps(self._file(file_id)).encode()
        raise ValueError("an upload without a file")

    def _keep(self, content: bytes) -> str:
        file_id = f"file-{len(self._files)}"
        self._files[file_id] = content
        return file_id

    def _file(self, file_id: str) -> Json:
        return {
            "id": file_id,
            "object": "file",
            "bytes": len(self._files[file_id]),
            "created_at": 0,
            "filename": "batch.jsonl",
            "purpose": "batch",
            "status": "processed",
        }

    def _create(self, body: Json) -> bytes | None:
        batch_id = f"batch-{len(self.batches)}"
        self.batches[batch_id] = body | {
            "id": batch_id,
            "object": "batch",
            "status": "validating",
            "created_at": 0,
        }
        if self.drop_created:
            self.drop_created -= 1
            return None
        return json.dumps(self.batches[batch_id]).encode()

    def _end(self, batch: Json, answer: Callable[[str, Json], tuple[int, Json]]) -> None:
        """Do the work of a batch, once."""
        if batch["status"] != "validating":
            return
        if self.refusal is not None:
            error = {"code": "invalid_request", "message": self.refusal}
            batch |= {"status": "failed", "errors": {"object": "list", "data": [error]}}
            return
        rows = [json.loads(line) for line in self._files[batch["input_file_id"]].splitlines()]
        good: list[str] = []
        bad: list[str] = []
        for row in rows[: self.answers]:
            status, body = answer(row["url"], row["body"])
            response = {"status_code": status, "request_id": row["custom_id"], "body": body}
            line = {"id": "r", "custom_id": row["custom_id"], "response": response, "error": None}
            (good if status == 200 else bad).append(json.dumps(line))
        batch["status"] = "completed" if len(rows) == len(good) + len(bad) else "expired"
        if good:
            batch["output_file_id"] = self._keep("\n".join(good).encode())
        if bad:
            batch["error_file_id"] = self._keep("\n".join(bad).encode())
