"""An endpoint whose answers are files: whoever reads a folder answers as the model.

    python benchmarks/file_drop.py FOLDER [--port N] [--name NAME]

It speaks OpenAI's chat completions on loopback. Each request becomes `FOLDER/0001.prompt.md` (its
messages) and waits until `FOLDER/0001.answer.md` is there, written by a person or by a model that
has no API here; that text is the answer. So a run of `medalist solve` records answers of a model
that is used by hand. Requests that are equal are asked once each: separate answers stay separate.
A server that is started again on a folder continues with its numbers, and gives answers that nobody
has waited for to the next equal request.

    medalist solve problem --model NAME --timeout 86400

with MEDALIST_BASE_URL=http://127.0.0.1:PORT/v1 waits as long as it takes. Tokens are estimates of
four characters each.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_POLL_S = 0.5
_CHARACTERS_A_TOKEN = 4


class Drop:
    """The folder: prompts that were written, and who waits for which answer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._waiting: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def answer(self, prompt: str) -> str:
        """Write the prompt, wait for its answer, and return it."""
        with self._lock:
            number = self._number(prompt)
        path = self._folder / f"{number}.answer.md"
        while not path.is_file():
            time.sleep(_POLL_S)
        return path.read_text(encoding="utf-8")

    def _number(self, prompt: str) -> str:
        """Take the first equal prompt that nobody waits for, or write a new one."""
        digest = hashlib.sha256(prompt.encode()).hexdigest()
        known = sorted(self._folder.glob("*.prompt.md"))
        for path in known:
            number = path.name.split(".")[0]
            same = hashlib.sha256(path.read_bytes()).hexdigest() == digest
            if same and number not in self._waiting:
                self._waiting.add(number)
                return number
        number = f"{len(known) + 1:04}"
        (self._folder / f"{number}.prompt.md").write_text(prompt, encoding="utf-8")
        self._waiting.add(number)
        return number


def serve(drop: Drop, name: str, port: int) -> ThreadingHTTPServer:
    """Return a server on loopback that answers from the folder."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._send({"object": "list", "data": [{"id": name, "object": "model"}]})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            prompt = written(body["messages"])
            text = drop.answer(prompt)
            usage = {
                "prompt_tokens": len(prompt) // _CHARACTERS_A_TOKEN + 1,
                "completion_tokens": len(text) // _CHARACTERS_A_TOKEN + 1,
            }
            message = {"role": "assistant", "content": text}
            choice = {"index": 0, "finish_reason": "stop", "message": message}
            answer = {"id": "file", "object": "chat.completion", "model": name}
            self._send({**answer, "choices": [choice], "usage": usage})

        def _send(self, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing of single requests."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def written(messages: list[dict[str, Any]]) -> str:
    """Return the messages as one text: a heading with the role before each."""
    parts = []
    for message in messages:
        content = message["content"]
        if not isinstance(content, str):
            content = "\n".join(part.get("text", f"[{part.get('type')}]") for part in content)
        parts.append(f"# {message['role']}\n\n{content}\n")
    return "\n".join(parts)


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="An endpoint whose answers are files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8199)
    parser.add_argument("--name", default="by-hand")
    options = parser.parse_args()
    with serve(Drop(options.folder), options.name, options.port) as server:
        print(f"http://127.0.0.1:{options.port}/v1, files in {options.folder}", file=sys.stderr)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
