"""Who may ask `medalist serve`, how much, and what nobody learns from it."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import signal
import socket
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Message
from tests.agent.service.serving import PATIENCE_S, SLOW, SUM, client, fenced, package, serving
from typer.testing import CliRunner

from medalist.agent.commands.main import app
from medalist.agent.service import door_guard
from medalist.agent.service.door_guard import DoorGuard, DoorRules
from medalist.agent.service.service_metrics import ServiceMetrics
from medalist.errors import BadInput
from medalist.problems.formats.given_tests import unpacked
from medalist.sandbox import selftest

TOKENS = {"trainer": "trainer-token-1", "guest": "guest-token-22"}
CANARY = "canary-in-the-environment"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("archive")
    package(folder / "sum")
    clients = folder.parent / "clients.txt"
    clients.write_text("# who\n" + "".join(f"{name} {token}\n" for name, token in TOKENS.items()))
    options = ("--clients", clients, "--max-body", "1", "--queue", "4", "--host", "0.0.0.0")
    with serving(folder, *options, cwd=folder, MEDALIST_CANARY=CANARY) as (address, _):
        yield address.replace("0.0.0.0", "127.0.0.1")


def _as(address: str, name: str = "trainer") -> httpx.Client:
    return client(address, headers={"Authorization": f"Bearer {TOKENS[name]}"})


@pytest.fixture
def judge(address: str) -> Iterator[httpx.Client]:
    with _as(address) as http:
        yield http


ASKED = {"problem": "sum", "source": SUM}


def test_a_token_opens_the_doors_and_nothing_else_does(address: str) -> None:
    with client(address) as http:
        assert http.get("/health").status_code == 200
        for path in ("/metrics", "/v1/problems", "/openapi.json", "/nowhere"):
            assert http.get(path).status_code == 401
        assert http.post("/v1/judge", json=ASKED).status_code == 401
        wrong = {"Authorization": "Bearer trainer-token-2"}
        assert http.post("/v1/judge", json=ASKED, headers=wrong).status_code == 401
        assert http.get("/metrics", headers={b"Authorization": b"Basic \xe9"}).status_code == 401
        token = TOKENS["guest"]
        assert http.post(f"/v1/judge?token={token}", json=ASKED).json()["verdict"] == "AC"
        assert http.post("/v1/judge", json=ASKED, auth=("any", token)).json()["verdict"] == "AC"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Encoding": "gzip"}, 415),
    ],
)
def test_pages_of_others_and_packed_bodies_are_refused(
    judge: httpx.Client, headers: dict[str, str], status: int
) -> None:
    body = json.dumps(ASKED).encode()
    known = {"Content-Type": "application/json"}
    assert judge.post("/v1/judge", content=body, headers=known | headers).status_code == status


def test_bodies_are_bounded_however_they_come(judge: httpx.Client) -> None:
    large = b"[" + b" " * (2 << 20) + b"]"
    known = {"Content-Type": "application/json"}
    assert judge.post("/v1/judge", content=large, headers=known).status_code == 413
    parts = (large[start : start + 65536] for start in range(0, len(large), 65536))
    assert judge.post("/v1/judge", content=parts, headers=known).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[" * 100_000, b'{"source": "\xff"}', b"null", b"[]", b"1" * 5000,
        b'{"problem": "sum", "source": "\\ud800"}', b'{"tests": {"inputs": [NaN]}}',
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("door", ["/v1/judge", "/run_code", "/verify", "/get_reward"])
def test_nonsense_is_refused_in_one_line(judge: httpx.Client, door: str, body: bytes) -> None:
    answer = judge.post(door, content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500, answer.text
    assert "\n" not in answer.json()["message"]


def test_packed_tests_do_not_explode() -> None:
    packed = base64.b64encode(zlib.compress(b"[" + b" " * (4 << 20) + b"]")).decode()
    with pytest.raises(BadInput, match="more than 1 MiB"):
        unpacked(packed, 1 << 20)
    assert unpacked(packed, 8 << 20) == []
    for broken in ("?", "AAAA", base64.b64encode(zlib.compress(b"{")).decode()):
        with pytest.raises(BadInput):
            unpacked(broken, 1 << 20)


def test_nothing_of_the_machine_or_the_tests_comes_out(judge: httpx.Client) -> None:
    prying = (
        "import os, glob, socket\n"
        "print(dict(os.environ))\n"
        "for name in glob.glob('/*') + glob.glob('/proc/1/*') + glob.glob('/tmp/*'):\n"
        "    try:\n        print(name, open(name).read(2000))\n"
        "    except OSError:\n        pass\n"
        "try:\n    socket.create_connection(('127.0.0.1', 80), 1)\n    print('network')\n"
        "except OSError:\n    pass\n"
    )
    said = judge.post("/v1/run", json={"source": prying}).text
    assert CANARY not in said
    assert "token-1" not in said
    assert "network" not in said
    telling = "import sys\ntext = input()\nsys.stderr.write(text)\nsys.exit('SECRET ' + text)\n"
    secret = "10 20"
    for door, asked in (
        ("/v1/judge", {"problem": "sum", "source": "print(input())", "stop": "never"}),
        ("/v1/reward", {"problem": "sum", "answers": [fenced("print(input())")]}),
        ("/submit", {"id": "sum", "completion": fenced("print(input())")}),
    ):
        answer = judge.post(door, json=asked)
        assert answer.status_code == 200
        assert secret not in answer.text, door
    # What a program says when it fails is shown, as `medalist judge` shows it.
    assert "SECRET" in judge.post("/v1/judge", json={"problem": "sum", "source": telling}).text


@pytest.mark.parametrize(
    "case",
    [case for case in selftest.cases() if case.name in (
        "fork_bomb", "kill_everything", "memory_heap", "stdout_flood", "read_secrets", "network",
        "leftovers", "python_infinite",
    )],
    ids=lambda case: case.name,
)  # fmt: skip
def test_hostile_programs_are_stopped(judge: httpx.Client, case: selftest.SelfTestCase) -> None:
    files = {name: text.decode() for name, text in case.source.files.items()}
    limits = {"cpu_s": 0.5, "memory_mb": 64, "output_mb": 1, "processes": 8}
    asked = {"source": files.pop(case.source.main), "files": files, "limits": limits}
    asked["language"] = case.source.language
    said = judge.post("/v1/run", json=asked).json()
    assert said["compiled"], said["message"]
    (outcome,) = said["outcomes"]
    assert outcome["status"] in case.expected
    assert judge.post("/v1/judge", json=ASKED).json()["verdict"] == "AC"


def test_one_clients_flood_is_refused_and_starves_nobody(address: str) -> None:
    slow = {"source": SLOW, "limits": {"cpu_s": 0.3}}
    with _as(address) as flood, _as(address, "guest") as guest, ThreadPoolExecutor(24) as threads:
        answers = [threads.submit(flood.post, "/v1/run", json=slow) for _ in range(24)]
        refused = next(
            answer for answer in map(_result_when_done, answers) if answer.status_code == 429
        )
        assert int(refused.headers["Retry-After"]) >= 1
        assert guest.post("/v1/judge", json=ASKED).json()["verdict"] == "AC"
        statuses = [answer.result().status_code for answer in answers]
    assert set(statuses) == {200, 429}  # each is judged, or told that it was not


def test_large_requests_are_refused_while_others_wait_however_they_come(tmp_path: Path) -> None:
    package(tmp_path / "sum")
    slow = {"source": SLOW + "#" * 900_000, "limits": {"cpu_s": 0.3}}
    body, head = json.dumps(slow).encode(), {"Content-Type": "application/json"}

    def posted(http: httpx.Client, chunked: bool) -> httpx.Response:
        return http.post("/v1/run", content=iter([body]) if chunked else body, headers=head)

    with (
        serving(tmp_path, "--max-body", "1", cwd=tmp_path) as (address, _),
        client(address) as http,
        ThreadPoolExecutor(16) as threads,
    ):
        for chunked in (False, True):  # a chunked body has no Content-Length
            answers = list(threads.map(posted, [http] * 16, [chunked] * 16))
            assert {answer.status_code for answer in answers} == {200, 429}
            refused = next(answer for answer in answers if answer.status_code == 429)
            assert "MiB of this client are waiting" in refused.json()["message"]


def _result_when_done(answer: Any) -> httpx.Response:
    response: httpx.Response = answer.result(PATIENCE_S)
    return response


def _vanish(address: str, count: int) -> None:
    """Ask for slow runs, and close the connections before the answers."""
    port = int(address.rsplit(":", 1)[1])
    body = json.dumps({"source": SLOW, "limits": {"cpu_s": 0.3}}).encode()
    head = (
        f"POST /v1/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {TOKENS['trainer']}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    for _ in range(count):
        with socket.create_connection(("127.0.0.1", port)) as gone:
            gone.sendall(head + body)


def test_work_of_clients_that_vanish_is_given_up(address: str) -> None:
    _vanish(address, 4)
    with _as(address, "guest") as guest:
        assert guest.post("/v1/judge", json=ASKED).json()["verdict"] == "AC"
        while "medalist_jobs_waiting 0" not in guest.get("/metrics").text:
            pass


def _ended(metrics: str) -> int:
    """How many judgements and runs are over, however they ended."""
    return sum(map(int, re.findall(r"medalist_jobs_total\{.*\} (\d+)", metrics)))


@pytest.mark.parametrize("stopped_by", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_ends_what_runs_and_says_what_it_did_not_do(
    tmp_path: Path, stopped_by: signal.Signals
) -> None:
    package(tmp_path / "sum")
    with (
        serving(tmp_path, "--no-quote", cwd=tmp_path) as (address, process),
        client(address) as http,
        ThreadPoolExecutor(64) as threads,
    ):
        telling = {"problem": "sum", "source": "import sys\nsys.exit('SECRET ' + input())\n"}
        said = http.post("/v1/judge", json=telling).json()["message"]
        assert said.endswith("RTE: exit code 1")
        _vanish(address, 6)
        while _ended(http.get("/metrics").text) < 1 + 6:
            pass
        slow = {"source": SLOW, "limits": {"cpu_s": 0.5}}
        boxes = http.get("/health").json()["boxes"]
        answers = [threads.submit(http.post, "/v1/run", json=slow) for _ in range(3 * boxes)]
        while http.get("/health").json()["waiting"] < boxes:
            pass
        process.send_signal(stopped_by)
        results = [answer.result(PATIENCE_S) for answer in answers]
        statuses = [answer.status_code for answer in results]
        assert set(statuses) == {200, 503}
        late = [answer.json()["message"] for answer in results if answer.status_code == 503]
        # On a slow machine some come only after the signal: these were never in the queue.
        assert any("not judged" in message for message in late)
        assert all("the service is stopping" in message for message in late)
        assert process.wait(PATIENCE_S) == (130 if stopped_by is signal.SIGINT else 0)
        assert process.stderr is not None
        lines = process.stderr.read().splitlines()
        assert all(line.startswith("stopping: ") for line in lines), lines


def test_a_body_that_drips_and_a_client_that_does_not_read_are_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    metrics = ServiceMetrics()
    scope = {
        "type": "http", "method": "POST", "path": "/v1/judge", "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
    }  # fmt: skip

    async def inner(_: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})

    monkeypatch.setattr(door_guard, "BODY_S", 0.05)
    monkeypatch.setattr(door_guard, "SEND_S", 0.05)
    guard = DoorGuard(inner, rules=DoorRules(("127.0.0.1",)), metrics=metrics)
    sent: list[Message] = []

    async def drip() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def take(message: Message) -> None:
        sent.append(message)

    asyncio.run(guard(dict(scope), drip, take))
    assert sent[0]["status"] == 408

    async def whole() -> Message:
        return {"type": "http.request", "body": b"{}"}

    async def take_nothing(_: Message) -> None:
        await asyncio.Event().wait()

    asyncio.run(asyncio.wait_for(guard(dict(scope), whole, take_nothing), PATIENCE_S))
    assert metrics.dropped == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--token", "short"), "--token: needs 12"),
        (("--clients", "none.txt"), "none.txt"),
        (("--clients", "bad.txt"), "line 1: not `NAME TOKEN`"),
        (("--name", "http://x"), "not a host name"),
        (("nowhere",), "no such path, and no bundled problem 'nowhere'"),
        (("empty",), "empty"),
    ],
)
def test_what_cannot_be_served_is_said_at_once(
    tmp_path: Path, options: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.txt").write_text("one two three\n")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEDALIST_BOX", "local")
    error = CliRunner().invoke(app, ["serve", "--port", "0", *options]).exception
    assert isinstance(error, BadInput)
    assert said in str(error)
