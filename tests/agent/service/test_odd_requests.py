"""Requests that are well formed and mean harm, or nonsense: answered in a line, never a failure."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.types import Message
from tests.agent.service.serving import PATIENCE_S, SUM, client, fenced, package, serving

from medalist.agent.service import door_guard
from medalist.agent.service.door_guard import DoorGuard, DoorRules
from medalist.agent.service.service_metrics import ServiceMetrics


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("archive")
    package(folder / "sum")
    package(folder / "points", points=True)
    with serving(folder, cwd=folder) as (address, _), client(address) as http:
        yield http


RUN = {"source": SUM, "language": "python"}
CODE = {"code": SUM, "language": "python"}
PISTON = {"language": "python", "files": [{"content": SUM}]}
REWARD = {"query": [fenced(SUM)], "prompts": [""], "labels": ["sum"]}
VERIFY = {"response": {"output_text": fenced(SUM)}, "problem_id": "sum"}
SUBMIT = {"completion": fenced(SUM), "id": "sum"}
DEEP = json.loads("[" * 400 + "]" * 400)
TWICE = {"a": "eA==", "a/b": "eA=="}


def _tests(inputs: object, outputs: object, **more: object) -> dict[str, object]:
    return {**RUN, "tests": {"inputs": inputs, "outputs": outputs, **more}}


def _given(**cases: object) -> dict[str, object]:
    return {**SUBMIT, "config": {"provided_data": {"test_cases": cases}}}


@pytest.mark.parametrize(
    ("door", "asked", "said"),
    [
        # Halves of characters, which no file can hold.
        ("/v1/run", {**RUN, "stdins": ["\ud800"]}, "half of a character"),
        ("/v1/judge", _tests(["\udfff"], ["1"]), "half of a character"),
        ("/run_code", {**CODE, "stdin": "a\udc00b"}, "half of a character"),
        ("/api/v2/execute", {**PISTON, "stdin": "\ud800"}, "half of a character"),
        ("/get_reward", {**REWARD, "query": ["\ud800"]}, "half of a character"),
        ("/get_reward", {**REWARD, "labels": ['{"inputs": ["\\udc00"], "outputs": []}']}, "tests"),
        ("/verify", {**VERIFY, "\ud800": 1}, "half of a character"),
        # Values that nobody can walk through.
        ("/v1/judge", _tests([DEEP], [1], fn_name="f"), "nested deeper than"),
        ("/get_reward", {**REWARD, "labels": [DEEP]}, "nested deeper than"),
        ("/get_reward", {**REWARD, "labels": [json.dumps({"inputs": DEEP, "outputs": []})]}, ""),
        ("/verify", {**VERIFY, "extra": DEEP}, "nested deeper than"),
        ("/submit", _given(input=DEEP, output=["1"]), "nested deeper than"),
        ("/submit", _given(input=json.dumps(DEEP), output=["1"]), "lists"),
        # Arguments and files that cannot are in a box.
        ("/api/v2/execute", {**PISTON, "args": ["a\0b"]}, "NUL"),
        ("/v1/run", {**RUN, "files": TWICE}, "a file and a folder"),
        ("/run_code", {**CODE, "files": TWICE}, "a file and a folder"),
        ("/run_code", {**CODE, "files": {"\xe9" * 150: ""}}, "not the name of a file"),
        ("/run_code", {**CODE, "files": {"main.py/x": ""}}, "a file and a folder"),
        ("/run_code", {**CODE, "fetch_files": ["\U0001f600" * 90]}, "not the name of a file"),
        ("/v1/run", {**RUN, "files": {"a\0": ""}}, "not the name of a file"),
        # What is well formed for a foreign client, and more than is taken here.
        ("/get_reward", {**REWARD, "labels": ["x" * 300]}, "problem: String should have at most"),
        ("/submit", _given(input=["1"], output=["1"], fn_name=7), "fn_name"),
        ("/submit", _given(input=["1"] * 10_001, output=["1"] * 10_001), "at most 10000"),
        ("/v1/judge", [{**RUN, "problem": "sum"}] * 1001, "at most 1000"),
        # Truth is not a number: a limit of 1 would be taken for it.
        ("/v1/run", {**RUN, "limits": {"memory_mb": True}}, "limits.memory_mb"),
        ("/run_code", {**CODE, "run_timeout": True}, "run_timeout"),
        ("/api/v2/execute", {**PISTON, "run_memory_limit": True}, "run_memory_limit"),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_met_is_told_so(
    judge: httpx.Client, door: str, asked: Any, said: str
) -> None:
    answer = judge.post(
        door, content=json.dumps(asked), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422, answer.text
    assert said in answer.json()["message"]
    assert "\n" not in answer.json()["message"]


@pytest.mark.parametrize(
    ("kind", "body", "status", "said"),
    [
        ("application/json", b"\x1f\x8b\x08" + b"0" * 20, 422, "not utf-8"),
        ("application/json", b'{"source": "\xed\xa0\x80"}', 422, "not utf-8"),
        ("application/json", b'{"source" "x"}', 422, "not JSON: Expecting ':'"),
        ("application/json", b'{"x": ' + b"9" * 5000 + b"}", 422, "number that is too long"),
        ("application/x-ndjson", b'{"source": "x"}', 415, "has to be JSON"),
    ],
)
def test_what_is_no_json_is_told_so(
    judge: httpx.Client, kind: str, body: bytes, status: int, said: str
) -> None:
    answer = judge.post("/v1/run", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert said in answer.json()["message"]


def test_json_of_other_encodings_is_read(judge: httpx.Client) -> None:
    for encoding in ("utf-8-sig", "utf-16", "utf-32-le"):
        body = json.dumps({**RUN, "stdins": ["1 2"]}).encode(encoding)
        answer = judge.post("/v1/run", content=body, headers={"Content-Type": "application/json"})
        assert answer.json()["outcomes"][0]["stdout"] == "3\n", encoding


def test_rows_of_nemo_gym_may_hold_what_json_has_not(judge: httpx.Client) -> None:
    head = {"Content-Type": "application/json"}
    row = {**VERIFY, "weight": float("nan"), "more": [{"x": float("inf")}, 1]}
    said = judge.post("/verify", content=json.dumps(row), headers=head).json()
    assert (said["reward"], said["weight"], said["more"]) == (1.0, None, [{"x": None}, 1])
    for output in (5, "text", {"a": 1}, [5], [{"type": "message", "content": 5}]):
        said = judge.post("/verify", json={**VERIFY, "response": {"output": output}}).json()
        assert said["reward"] == 0


def test_all_tests_is_the_subtask_of_problems_without_subtasks(judge: httpx.Client) -> None:
    """As in the example rows of NeMo Gym's `competitive_coding_challenges`."""
    wrong = {"output_text": fenced("print(9)\n")}
    for problem, reward in (("sum", 1 / 3), ("points", 1 / 3)):
        row = {**VERIFY, "problem_id": problem, "subtask": "all_tests"}
        assert judge.post("/verify", json=row).json()["reward"] == 1
        row["response"] = wrong
        said = judge.post("/verify?reward=fraction", json=row).json()
        assert said["reward"] == pytest.approx(reward)
    row = {**VERIFY, "subtask": "group1"}
    assert judge.post("/verify", json=row).status_code == 422


def test_a_file_may_be_called_as_the_program_would_be(judge: httpx.Client) -> None:
    code = "print(open('main.py').read())"
    text = base64.b64encode(b"hello").decode()
    asked = {"code": code, "language": "python", "files": {"main.py": text}}
    said = judge.post("/run_code", json={**asked, "fetch_files": ["main.py"]}).json()
    assert (said["run_result"]["stdout"], said["files"]) == ("hello\n", {"main.py": text})


def test_a_box_serves_on_after_all_this(judge: httpx.Client) -> None:
    assert judge.post("/v1/judge", json={**RUN, "problem": "sum"}).json()["verdict"] == "AC"


def test_a_large_answer_lies_in_memory_in_parts_until_it_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(door_guard, "SEND_S", 0.05)
    metrics = ServiceMetrics()
    whole = b"x" * (1 << 20)
    sent: list[Message] = []

    async def inner(_: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": whole})

    async def nothing() -> Message:
        return {"type": "http.request"}

    async def take(message: Message) -> None:
        sent.append(message)

    async def take_a_little(message: Message) -> None:
        if len(sent) == 3:
            await asyncio.Event().wait()
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": "/v1/problems", "query_string": b"",
        "headers": [(b"host", b"localhost")],
    }  # fmt: skip
    guard = DoorGuard(inner, rules=DoorRules(("127.0.0.1",)), metrics=metrics)
    asyncio.run(asyncio.wait_for(guard(dict(scope), nothing, take), PATIENCE_S))
    assert b"".join(message.get("body", b"") for message in sent) == whole
    assert [message["more_body"] for message in sent[1:]] == [True] * 15 + [False]
    assert metrics.dropped == 0
    sent.clear()
    asyncio.run(asyncio.wait_for(guard(dict(scope), nothing, take_a_little), PATIENCE_S))
    assert sum(len(message.get("body", b"")) for message in sent) < len(whole) // 4
    assert metrics.dropped == 1
