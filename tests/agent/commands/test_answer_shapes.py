"""Answers as real servers and models write them: the right program comes out, or the reason.

Each row is one answer; one run over a statement without secret tests gets them all.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from tests.agent.command import medalist

from medalist.agent.journal import Journal
from medalist.agent.propose.candidate_file import recorded_candidates

ADD = "# Sum\n\nPrint a + b.\n\n## Sample Input 1\n\n1 2\n\n## Sample Output 1\n\n3\n"
PY = "a, b = map(int, input().split())\nprint(a + b)"
FUNCTION = f"def solve(a, b):\n    return a + b\n\n{PY.replace('a + b', 'solve(a, b)')}"
CPP = (
    "#include <iostream>\nint main() {\n    long long a, b;\n    std::cin >> a >> b;\n"
    '    std::cout << a + b << "\\n";\n}'
)
DRAFT = "```python\na, b = map(int, input().split())\nprint(a * b + 1)\n```"
GOOD = f"Sum them.\n\n```python\n{PY}\n```\n"
TEST_MAIN = 'int main() {\n    std::cout << add(1, 2) << "\\n";\n}'

RIGHT: dict[str, Any] = {
    "parts": {"content": [{"type": "text", "text": GOOD}]},
    "thinking part": {
        "content": [
            {"type": "thinking", "thinking": [{"type": "text", "text": DRAFT}]},
            {"type": "text", "text": GOOD},
        ]
    },
    "null among parts": {"content": [None, {"type": "text", "text": GOOD}, {"type": "image"}]},
    "reasoning object": {"content": GOOD, "reasoning": {"summary": "abc"}},
    "reasoning list": {"content": GOOD, "reasoning_content": [{"type": "text", "text": "abc"}]},
    "reasoning details": {"content": GOOD, "reasoning_details": [{"type": "reasoning.text"}, None]},
    "harmony": {
        "content": f"<|channel|>analysis<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>final"
        f"<|message|>{GOOD}<|return|>"
    },
    "closed": {"content": f"<think>\n{DRAFT}\n</think>\n{GOOD}"},
    "nested": {"content": f"<think>a <think>b</think> {DRAFT}</think>{GOOD}"},
    "only closed": {"content": f"{DRAFT}\nThat is wrong.\n</think>\n{GOOD}"},
    "closed, Gemma 4": {"content": f"<|channel>thought\n{DRAFT}\n<channel|>{GOOD}"},
    "closed, Apertus": {"content": f"<|inner_prefix|>{DRAFT}\n<|inner_suffix|>{GOOD}"},
    "closed, Granite": {
        "content": f"Here is my thought process:\n{DRAFT}\nHere is my response:\n\n{GOOD}"
    },
    "closed, escaped": {"content": f"&lt;think&gt;\n{DRAFT}\n&lt;/think&gt;\n{GOOD}"},
    "closed, with a property": {"content": f'<think time="3">\n{DRAFT}\n</think>\n{GOOD}'},
    "closed, start and end": {
        "content": f"<|reasoning_start|>\n{DRAFT}\n<|reasoning_end|>\n{GOOD}"
    },
    "late": {"content": f"{GOOD}</think>"},
    "mention": {"content": f"I will not use <think> tags here.\n\n{GOOD}"},
    "usage block": {
        "content": f"```python\n{FUNCTION}\n```\nCheck it:\n```python\nprint(solve(1, 2))  # 3\n```"
    },
    "usage of C++": {
        "content": f"```cpp\n{CPP}\n```\nA quick check:\n```cpp\n#include <iostream>\n"
        'int main() { std::cout << 1 + 2 << "\\n"; }\n```'
    },
    "unit test": {
        "content": f"```python\n{FUNCTION}\n```\nTests:\n```python\nassert solve(1, 2) == 3\n"
        "print('passed')\n```"
    },
    "print below": {
        "content": "```python\ndef solve(a, b):\n    return a + b\nprint(solve(1, 2))\n```"
    },
    "test main": {
        "content": "```cpp\n#include <iostream>\nlong long add(long long a, long long b) {\n"
        f"    return a + b;\n}}\n{TEST_MAIN}\n```"
    },
    "glued": {"content": f"Here is the code: ```python\n{PY}\n```"},
    "label": {"content": f"```python:main.py\n{PY}\n```"},
    "label line": {"content": f"```\nmain.py\n{PY}\n```"},
    "tags": {"content": f"[PYTHON]\n{PY}\n[/PYTHON]"},
    "answer tag": {"content": f"<answer>\n{PY}\n</answer>"},
    "open fence": {"content": f"```python\n{PY}\n\nThis program reads two numbers and adds them."},
    "json": {"content": "```json\n" + json.dumps({"language": "python", "code": PY}) + "\n```"},
    "call": {
        "content": f"<tool_call>{json.dumps({'name': 'submit', 'arguments': {'code': PY}})}"
        "</tool_call>"
    },
    "call, arguments as text": {
        "content": "I submit.\n<function_call>\n"
        + json.dumps({"name": "answer", "arguments": json.dumps({"program": PY})})
    },
    "blank lines": {"content": "```python\n" + PY.replace("\n", "\n" * 60_000) + "\n```"},
}
TAGS = [
    *("<think>", "<THINK>", "[THINK]", "<thought>", "<seed:think>", "◁think▷", "<analysis>"),
    *("<reasoning>", "<|begin_of_thought|>", "<|channel|>analysis<|message|>"),
    *("<|channel>thought", "<|inner_prefix|>", "Here is my thought process:", '<think time="3">'),
    *("&lt;think&gt;", "<|START_THINKING|>", "<|reasoning_start|>"),
]
WITHOUT: dict[str, Any] = {
    "brackets": {"content": "[" * 60_000},
    "digits": {"content": '{"code": ' + "7" * 5000 + "}"},
    **{f"open {tag}": {"content": f"{tag}\nFirst a draft.\n{DRAFT}\nNo, "} for tag in TAGS},
    "no answer": {"content": None, "reasoning_content": DRAFT},
}


class Endpoint(BaseHTTPRequestHandler):
    """Answers with each row once, in order; `usage` holds a number of thousands of digits."""

    messages: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        choice = {"message": {"role": "assistant", **self.messages.pop(0)}, "finish_reason": "stop"}
        text = json.dumps({"model": "m", "choices": [choice]})
        usage = f'{{"prompt_tokens": 9, "completion_tokens": 9, "more": {"7" * 5000}}}'
        self._send(f'{text[:-1]}, "usage": {usage}}}'.encode())

    def do_GET(self) -> None:
        self._send(b'{"data": [null, 7]}')

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """Of each row, by its name, the program that was found and the reason."""
    folder = tmp_path_factory.mktemp("shapes")
    (folder / "add.md").write_text(ADD)
    rows = {**RIGHT, **WITHOUT}
    Endpoint.messages = list(rows.values())
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    done = medalist(
        "solve", "add.md", "-n", str(len(rows)), "--lang", "python", "--prompts", "direct",
        "--model", "llama-3-instruct", "--concurrency", "1", "--search", "once", "--out", "run",
        "--generators", "0", "--tests", "0", "--pair-generators", "0", "--validators", "0",
        cwd=folder, OPENAI_BASE_URL=f"http://127.0.0.1:{server.server_port}/v1",
    )  # fmt: skip
    server.shutdown()
    server.server_close()
    thread.join()
    assert done.returncode == 0, done.stderr
    with Journal.open(folder / "run", readonly=True) as journal:
        by_name = {
            int(candidate.candidate_id.rpartition("/")[2]): (
                extraction.source or "",
                extraction.reason,
            )
            for _, candidate, extraction in recorded_candidates(journal)
        }
    assert len(by_name) == len(rows)
    return {name: by_name[number] for number, name in enumerate(rows)}


@pytest.mark.local
@pytest.mark.parametrize("name", RIGHT)
def test_the_program_is_found(name: str, programs: dict[str, tuple[str, str]]) -> None:
    source, reason = programs[name]
    reads = "input" in source or "stdin" in source or "cin" in source
    assert reads, reason
    assert "a * b" not in source
    assert "1 + 2" not in source
    assert "(1, 2)" not in source


@pytest.mark.local
@pytest.mark.parametrize("name", WITHOUT)
def test_nothing_is_taken_for_a_program(name: str, programs: dict[str, tuple[str, str]]) -> None:
    source, reason = programs[name]
    assert not source
    assert reason
