"""The part of the scripted endpoint that plays the Batch APIs of Anthropic and of Gemini.

Paths and fields are those of https://platform.claude.com/docs/en/api/creating-message-batches and
https://ai.google.dev/api/batch-api, as of 2026-11-30.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Answer = Callable[[str, Json], tuple[int, Json]]


@dataclass
class ScriptedMakerBatches:
    """The batches that were made.

    Attributes:
        looks: How often a batch is asked for before it has ended.
        answers: How many of a batch's requests are answered before its day is over; None: all.
        drop_created: The connection ends instead of naming a new batch, this often.
        batches: All batches by id, with their requests.
    """

    looks: int = 2
    answers: int | None = None
    drop_created: int = 0
    batches: dict[str, Json] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)
    _results: dict[str, list[Json]] = field(default_factory=dict)

    @staticmethod
    def knows(path: str) -> bool:
        """Whether a path is one of these APIs'."""
        return re.match(r"/v1/messages/batches|/v1beta/(?:models/|batches)", path) is not None

    def handle(self, method: str, path: str, raw: bytes, answer: Answer) -> bytes | None:
        """Return the body of the response, None if it never comes (see `ScriptedBatches`)."""
        path = path.partition("?")[0]
        google = path.startswith("/v1beta/")
        if method == "POST":
            return self._create(json.loads(raw), google=google)
        if match := re.fullmatch(r"/v1/messages/batches/([\w-]+)/results", path):
            lines = (json.dumps(row) for row in self._results[match[1]])
            return "\n".join(lines).encode()
        if path in ("/v1/messages/batches", "/v1beta/batches"):
            for name in self.batches:
                self._look(name, answer, google=google)
            listed = [self._worded(name, google=google) for name in self.batches]
            return json.dumps({"operations" if google else "data": listed}).encode()
        name = path.removeprefix("/v1beta/") if google else path.rpartition("/")[2]
        self._look(name, answer, google=google)
        return json.dumps(self._worded(name, google=google)).encode()

    def _look(self, name: str, answer: Answer, *, google: bool) -> None:
        self._seen[name] = self._seen.get(name, 0) + 1
        if self._seen[name] >= self.looks and name not in self._results:
            self._results[name] = self._end(self.batches[name], answer, google=google)

    def _create(self, body: Json, *, google: bool) -> bytes | None:
        number = len(self.batches)
        name = f"batches/b{number}" if google else f"msgbatch_{number}"
        self.batches[name] = body
        if self.drop_created:
            self.drop_created -= 1
            return None
        return json.dumps(self._worded(name, google=google)).encode()

    def _worded(self, name: str, *, google: bool) -> Json:
        results = self._results.get(name)
        if not google:
            url = f"https://elsewhere.example/v1/messages/batches/{name}/results"
            return {
                "id": name,
                "type": "message_batch",
                "processing_status": "in_progress" if results is None else "ended",
                "results_url": None if results is None else url,
            }
        told: Json = {"displayName": self.batches[name]["batch"]["display_name"]}
        told["state"] = "BATCH_STATE_RUNNING" if results is None else "BATCH_STATE_SUCCEEDED"
        operation: Json = {"name": name, "metadata": told}
        if results is not None:
            inlined = {"inlinedResponses": {"inlinedResponses": results}}
            operation |= {"done": True, "response": inlined}
        return operation

    def _end(self, batch: Json, answer: Answer, *, google: bool) -> list[Json]:
        if google:
            rows = batch["batch"]["input_config"]["requests"]["requests"]
            return [_generated(row, answer) for row in rows[: self.answers]]
        return [
            _messaged(row, answer, late=self.answers is not None and number >= self.answers)
            for number, row in enumerate(batch["requests"])
        ]


def _messaged(row: Json, answer: Answer, *, late: bool) -> Json:
    if late:
        return {"custom_id": row["custom_id"], "result": {"type": "expired"}}
    status, body = answer("/v1/messages", row["params"])
    result: Json = {"type": "succeeded", "message": body}
    if status != 200:
        result = {"type": "errored", "error": {"type": "error", **body}}
    return {"custom_id": row["custom_id"], "result": result}


def _generated(row: Json, answer: Answer) -> Json:
    """Answer one request of Gemini's through chat completions, and word that as Gemini does."""
    request = row["request"]
    messages = [
        {"role": "user", "content": "".join(part["text"] for part in turn["parts"])}
        for turn in request["contents"]
    ]
    limit = request["generationConfig"]["maxOutputTokens"]
    status, body = answer("/v1/chat/completions", {"messages": messages, "max_tokens": limit})
    if status != 200:
        error = {"code": status, "message": body["error"]["message"]}
        return {"metadata": row["metadata"], "error": error}
    choice, usage = body["choices"][0], body["usage"]
    thought = usage["completion_tokens_details"]["reasoning_tokens"]
    parts = [{"text": choice["message"]["content"]}]
    if choice["message"].get("reasoning_content"):
        parts.insert(0, {"text": choice["message"]["reasoning_content"], "thought": True})
    finish = {"length": "MAX_TOKENS", "content_filter": "SAFETY"}.get(choice["finish_reason"])
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": finish or "STOP"}
    counts = {
        "promptTokenCount": usage["prompt_tokens"],
        "candidatesTokenCount": usage["completion_tokens"] - thought,
        "thoughtsTokenCount": thought,
        "totalTokenCount": usage["total_tokens"],
    }
    response = {"candidates": [candidate], "usageMetadata": counts, "modelVersion": body["model"]}
    return {"metadata": row["metadata"], "response": response}
