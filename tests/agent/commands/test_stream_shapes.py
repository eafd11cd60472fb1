"""Streams that nobody asked for, streams in odd shapes, and errors inside a stream.

One run asks for each row once; which row a question gets is seen by its seed, since what failed is
asked again with the same one. A row may have two bodies: the first time, and from then on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import DONE, FAILED
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.propose.candidate_file import recorded_candidates

ADD = "# Sum\n\nPrint a + b.\n\n## Sample Input 1\n\n1 2\n\n## Sample Output 1\n\n3\n"
PY = "a, b = map(int, input().split())\nprint(a + b)"
GOOD = f"Sum them.\n\n```python\n{PY}\n```\n"
USAGE = {"prompt_tokens": 20, "completion_tokens": 40, "total_tokens": 60}
EVENTS = "text/event-stream"


def chunk(delta: object, finish: str | None = None, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"model": "m", "choices": [choice], **more}


def chunks(text: object = GOOD, size: int = 9) -> list[dict[str, Any]]:
    parts = (
        [text[at : at + size] for at in range(0, len(text), size)]
        if isinstance(text, str)
        else [text]
    )
    middle = [chunk({"content": part}) for part in parts]
    first = chunk({"role": "assistant", "content": ""})
    return [first, *middle, chunk({}, "stop"), {"model": "m", "choices": [], "usage": USAGE}]


def sse(events: Iterable[object], end: str = "\n", *, done: bool = True, space: str = " ") -> bytes:
    lines = [f"data:{space}{json.dumps(event)}{end}{end}" for event in events]
    return ("".join(lines) + (f"data: [DONE]{end}{end}" if done else "")).encode()


def spread(events: Iterable[object]) -> bytes:
    """Events over several data lines each."""
    texts = [json.dumps(event, indent=1).replace("\n", "\ndata: ") for event in events]
    return "".join(f"data: {text}\n\n" for text in texts).encode() + b"data: [DONE]\n\n"


@dataclass
class Row:
    """What comes the first time and later, how often it is asked, and what is said of failures."""

    first: bytes
    later: bytes | None = None
    kind: str = EVENTS
    status: int = 200
    asked: int = 1
    said: str = ""


WHOLE = {"choices": [{"message": {"role": "assistant", "content": GOOD}, "finish_reason": "stop"}]}
PARTS = [[{"type": "text", "text": GOOD[at : at + 9]}] for at in range(0, len(GOOD), 9)]
BOTH = [chunk({"reasoning": "Hm. ", "reasoning_content": "Hm. "}) for _ in range(300)]
BROKEN = chunks()[:3]
FINE = sse(chunks())

READ = {
    "whole": Row(sse(chunks())),
    "in the last event": Row(sse([{**WHOLE, "usage": USAGE}])),
    "as plain text": Row(sse(chunks()), kind="text/plain"),
    "as JSON": Row(sse(chunks()), kind="application/json"),
    "several data lines": Row(spread(chunks())),
    "parts": Row(sse([chunk({"role": "assistant"}), *(chunk({"content": part}) for part in PARTS),
                      chunk({}, "stop")])),
    "two names for a thought": Row(sse([*BOTH, *chunks()])),
    "carriage returns and line feeds": Row(sse(chunks(), "\r\n")),
    "carriage returns": Row(sse(chunks(), "\r")),
    "no space": Row(sse(chunks(), space="")),
    "no end": Row(sse(chunks(), done=False)),
    "a mark and a comment first": Row("\ufeff: ping\n\n".encode() + sse(chunks())),
    "named events": Row(b"event: message\nid: 7\n" + sse(chunks())),
    "a line separator in it": Row(
        sse(chunks(f"It\u2028adds.\n{GOOD}")).replace(rb"\u2028", "\u2028".encode())
    ),
    "null among the choices": Row(sse([{"choices": [None]}, {"choices": None}, *chunks()])),
}  # fmt: skip

FAILING = {
    "an event of its own": Row(
        b'event: error\ndata: {"type":"error","message":"Overloaded"}\n\n', FINE,
        asked=2, said="503: Overloaded",
    ),
    "an object in the middle": Row(
        sse([*BROKEN, {"error": {"message": "Provider disconnected", "code": 502},
                       "choices": [{"index": 0, "delta": {}, "finish_reason": "error"}]}]),
        FINE, asked=2, said="502: Provider disconnected",
    ),
    "the context is shorter": Row(
        b'data: {"object":"error","message":"This model\'s maximum context length is 4096 tokens",'
        b'"code":400}\n\ndata: [DONE]\n\n', FINE, asked=2,
    ),
    "a string": Row(
        sse([*BROKEN, {"error": "upstream died"}], done=False), asked=3, said="upstream died"
    ),
    "plain words": Row(b"data: the engine is dead\n\n", asked=3, said="the engine is dead"),
    "a parameter": Row(
        sse([{"error": {"message": "Unrecognized request argument supplied: min_p", "code": 400}}]),
        FINE, asked=2,
    ),
    "a parameter, with a status": Row(
        b'{"error": {"message": "Unrecognized request argument supplied: stream_options"}}', FINE,
        kind="application/json", status=400, asked=2,
    ),
    "too many at once": Row(
        sse([{"error": {"message": "slow down", "type": "rate_limit_error"}}]), FINE,
        asked=2, said="429: slow down",
    ),
    "it breaks off": Row(sse(BROKEN, done=False), asked=3, said="cut its answer off"),
}  # fmt: skip


class Script:
    """Gives each question its row, in the order in which the questions first come."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.asked: dict[int, int] = {}
        self.order: list[int] = []

    def __call__(self, seen: SeenRequest) -> Reply:
        seed = seen.body["seed"]
        if seed not in self.asked:
            self.order.append(seed)
        self.asked[seed] = self.asked.get(seed, 0) + 1
        row = self.rows[min(self.order.index(seed), len(self.rows) - 1)]
        if self.asked[seed] == 1 or row.later is None:
            return Reply(raw=row.first, kind=row.kind, status=row.status)
        return Reply(raw=row.later, kind=EVENTS)

    def times(self, place: int) -> int:
        return self.asked[self.order[place]]


def run(folder: Path, rows: list[Row], *, streamed: bool) -> tuple[Script, str]:
    """Solve with as many candidates as rows; return what was asked, and stderr."""
    (folder / "add.md").write_text(ADD)
    home = folder / "config"
    (home / "medalist").mkdir(parents=True)
    script = Script(rows)
    with ScriptedEndpoint(script, "llama-3-instruct") as endpoint:
        (home / "medalist/config.toml").write_text(
            f'[[endpoints]]\nmodel = "llama-3-instruct"\nbase_url = "{endpoint.base_url}"\n'
            f"min_p = 0.1\n[endpoints.profile]\nstream = {str(streamed).lower()}\n"
        )
        done = medalist(
            "solve", "add.md", "-n", str(len(rows)), "--lang", "python", "--prompts", "direct",
            "--model", "llama-3-instruct", "--concurrency", "1", "--search", "once", "--out", "run",
            "--generators", "0", "--tests", "0", "--pair-generators", "0", "--validators", "0",
            cwd=folder, XDG_CONFIG_HOME=str(home),
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return script, done.stderr


@pytest.mark.local
@pytest.mark.parametrize("streamed", [False, True], ids=["asked whole", "asked as a stream"])
def test_every_stream_is_read(streamed: bool, tmp_path: Path) -> None:
    script, said = run(tmp_path, list(READ.values()), streamed=streamed)
    assert {name: script.times(place) for place, name in enumerate(READ)} == dict.fromkeys(READ, 1)
    with Journal.open(tmp_path / "run", readonly=True) as journal:
        programs = [actual.source or "" for _, _, actual in recorded_candidates(journal)]
        thoughts = [event.value.reasoning for event in journal.events(DONE)]
    assert [program.strip() for program in programs] == [PY] * len(READ), said
    assert sum(bool(thought) for thought in thoughts) == 1


@pytest.mark.local
def test_an_error_inside_a_stream_is_said_in_its_own_words_and_asked_again_as_its_kind_deserves(
    tmp_path: Path,
) -> None:
    # Answers in between: several failures in a row are an endpoint that is broken.
    rows = [shape for row in FAILING.values() for shape in (Row(FINE), row)]
    script, said = run(tmp_path, rows, streamed=True)
    asked = {name: script.times(2 * place + 1) for place, name in enumerate(FAILING)}
    assert asked == {name: row.asked for name, row in FAILING.items()}
    with Journal.open(tmp_path / "run", readonly=True) as journal:
        failed = " ".join(event.value.message for event in journal.events(FAILED))
        answered = sum(1 for _ in journal.events(DONE))
    assert all(row.said in failed for row in FAILING.values()), failed
    lost = [row for row in FAILING.values() if row.later is None]
    assert answered == len(rows) - len(lost)
    assert all(row.said in said for row in lost)
    assert "has a context of 4096 tokens" in said
    assert "refuses `min_p`" in said
    assert "refuses `stream_options`" in said


@pytest.mark.local
@pytest.mark.parametrize(
    ("status", "location"),
    [(301, "http://127.0.0.1:9/moved/v1/chat/completions"), (302, "/elsewhere/v1/chat/completions"),
     (308, "https://api.example.org/v2/chat/completions")],
)  # fmt: skip
def test_an_endpoint_that_has_moved_names_its_new_address(
    status: int, location: str, tmp_path: Path
) -> None:
    (tmp_path / "add.md").write_text(ADD)
    with ScriptedEndpoint([Reply("", status=status, location=location)]) as endpoint:
        done = medalist(
            "solve", "add.md", "-n", "4", "--lang", "python", "--model", "m",
            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
        assert len(endpoint.log) <= 4, "nothing is gained by asking again"
        assert all(seen.path == "/v1/chat/completions" for seen in endpoint.log)
    assert done.returncode == 3
    assert f"has moved to {location}" in done.stderr
    assert "set the base URL to the new address" in done.stderr


@pytest.mark.local
def test_answers_in_parts_break_no_batch(tmp_path: Path) -> None:
    shapes: dict[str, Any] = {
        "plain": {"content": GOOD},
        "parts": {"content": [{"type": "text", "text": GOOD}]},
        "thinking parts": {
            "content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]},
                        {"type": "text", "text": GOOD}, None]
        },
        "object": {"content": GOOD, "reasoning": {"summary": [{"text": "Hm."}]}},
    }  # fmt: skip
    for number, name in enumerate(shapes):
        folder = tmp_path / f"problems/p{number}"
        for path, content in {
            "problem.yaml": f"name: {name}\nlicense: cc0\n",
            "problem_statement/problem.en.md": f"# {name}\n\nAdd {name}: print a + b.\n",
            "data/sample/1.in": "1 2\n", "data/sample/1.ans": "3\n",
            "data/secret/1.in": "30 4\n", "data/secret/1.ans": "34\n",
        }.items():  # fmt: skip
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content)

    def reply(seen: SeenRequest) -> Reply:
        asked = json.dumps(seen.body["messages"])
        message = next(shapes[name] for name in reversed(shapes) if f"Add {name}:" in asked)
        choice = {"message": {"role": "assistant", **message}, "finish_reason": "stop"}
        return Reply(raw=json.dumps({"model": "m", "choices": [choice], "usage": USAGE}).encode())

    with ScriptedEndpoint(reply) as endpoint:
        done = medalist(
            "batch", "problems", "-n", "2", "--lang", "python", "--prompts", "direct",
            "--model", "m", "--effort", "low", "--generators", "0", "--out", "run", "--json",
            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
    assert "Traceback" not in done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["solved"] for row in rows if "problem" in row] == [True] * len(shapes), done.stderr
