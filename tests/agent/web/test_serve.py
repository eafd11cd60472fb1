"""`medalist contest serve` as a process: what it says, how it streams, how it ends."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sse_starlette.sse import AppStatus
from tests.agent.command import Running, start
from tests.agent.web.contests import happenings, setting, submit, write
from typer.testing import CliRunner

from medalist.agent.commands.main import app
from medalist.agent.journal import Journal
from medalist.agent.web import stream
from medalist.agent.web.hub import Hub
from medalist.errors import BadInput

PATIENCE_S = 60

SCOPE = {"type": "http", "method": "GET", "asgi": {"spec_version": "2.3"}, "headers": []}


async def _nothing() -> dict[str, Any]:
    """What a client sends that stays and only listens."""
    await asyncio.Event().wait()
    return {}


@contextmanager
def _serving(run: Path, *options: str, **extra: str) -> Iterator[tuple[str, Running]]:
    process = start("contest", "serve", run, "--port", "0", *options, cwd=run, **extra)
    try:
        assert process.stderr is not None
        first = process.stderr.readline()
        match = re.search(r"http\S+", first)
        assert match is not None, first
        yield match[0], process
    finally:
        process.kill()
        process.communicate()


def _events_of(lines: Iterator[str], kind: str) -> Iterator[list[dict[str, Any]]]:
    """The data of server-sent events of one kind, as they come."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: ") and name == kind:
            yield json.loads(line.removeprefix("data: "))


def test_streams_tell_what_happens_as_it_happens(tmp_path: Path) -> None:
    opening = setting()
    write(tmp_path, opening)
    with _serving(tmp_path) as (address, process), httpx.Client(timeout=PATIENCE_S) as client:
        log = client.get(f"{address}data/log").json()
        place = f"{log['tag']}:{len(log['entries'])}"
        with (
            client.stream("GET", f"{address}data/stream", params={"place": place}) as page,
            client.stream("GET", f"{address}api/contests/test-icpc/event-feed") as feed,
        ):
            shown, lines = page.iter_lines(), feed.iter_lines()
            told = [json.loads(next(lines))["type"] for _ in range(4)]
            assert told[0] == "contest"
            write(tmp_path, [*opening, *submit(1, 0, 0, 60, "AC")])
            entries = next(_events_of(shown, "entries"))
            assert entries[0]["type"] == "submission"
            judgement = next(line for line in lines if '"judgements"' in line)
            assert json.loads(judgement)["data"]["judgement_type_id"] == "AC"
            # Told to stop, it ends the streams properly: reading a cut one would raise.
            process.send_signal(signal.SIGTERM)
            list(shown)
            list(lines)
        process.wait(timeout=PATIENCE_S)


def test_clients_that_do_not_read_or_vanish_hold_nobody_up(tmp_path: Path) -> None:
    opening = setting(participants=[f"Team {number}" for number in range(30)])
    events = [*opening, *happenings("icpc", 1, people=30, columns=3, count=600)]
    write(tmp_path, events[:-1])
    with _serving(tmp_path) as (address, _), httpx.Client(timeout=PATIENCE_S) as client:
        tag = client.get(f"{address}data/log").json()["tag"]
        port = int(address.rsplit(":", 1)[1].strip("/"))
        with ExitStack() as deaf:
            for path in (f"/data/stream?place={tag}:0", "/api/contests/test-icpc/event-feed") * 10:
                one = deaf.enter_context(socket.create_connection(("127.0.0.1", port)))
                one.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                gone = socket.create_connection(("127.0.0.1", port))
                gone.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                gone.close()
            url, place = f"{address}data/stream", {"place": f"{tag}:0"}
            with client.stream("GET", url, params=place) as page:
                batches = _events_of(page.iter_lines(), "entries")
                assert next(batches)[0]["phase"] == "running"
                write(tmp_path, events)
                assert any(batch[-1].get("phase") == "final" for batch in batches)


@pytest.mark.parametrize("kind", ["page", "feed"])
def test_a_client_that_takes_nothing_is_dropped(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PATIENCE_S", 0.05)
    write(tmp_path, [*setting(), *happenings("icpc", 1, people=4, columns=3, count=9)])
    hub = Hub(tmp_path)
    place = f"{hub.tag}:0"
    response = stream.events(hub, place) if kind == "page" else stream.feed(hub, 0, follow=True)
    taken = []

    async def send(message: Any) -> None:
        taken.append(message["type"])
        if len(taken) > 1:
            await asyncio.Event().wait()

    asyncio.run(asyncio.wait_for(response(SCOPE, _nothing, send), PATIENCE_S))
    assert taken == ["http.response.start", "http.response.body"]


def test_a_stream_that_ends_slowly_is_not_cut_when_the_server_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the library sees when the server stops, seen before our own stream has woken.
    monkeypatch.setattr(AppStatus, "should_exit", True)
    write(tmp_path, setting())
    hub = Hub(tmp_path)
    last: list[bool] = []

    async def send(message: Any) -> None:
        last.append(not message.get("more_body", True))

    async def stop() -> None:
        await asyncio.sleep(0.3)
        hub.close()

    async def both() -> None:
        await asyncio.gather(stream.events(hub, f"{hub.tag}:0")(SCOPE, _nothing, send), stop())

    asyncio.run(asyncio.wait_for(both(), PATIENCE_S))
    assert last[-1], "its reader would take the end for a broken connection"


def test_a_token_is_made_up_for_other_machines(tmp_path: Path) -> None:
    write(tmp_path, setting())
    with _serving(tmp_path, "--host", "0.0.0.0") as (address, _):
        match = re.fullmatch(r"http://0\.0\.0\.0:(\d+)/\?token=(\S{32})", address)
        assert match is not None
        local = f"http://127.0.0.1:{match[1]}/api/contests"
        assert httpx.get(local, timeout=PATIENCE_S).status_code == 401
        header = {"Authorization": f"Bearer {match[2]}"}
        assert httpx.get(local, headers=header, timeout=PATIENCE_S).status_code == 200


def test_an_address_of_ipv6_is_said_as_clients_take_it(tmp_path: Path) -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("no IPv6 here")
    write(tmp_path, setting())
    with _serving(tmp_path, "--host", "[::1]") as (address, _):
        assert re.fullmatch(r"http://\[::1\]:\d+/", address)
        assert httpx.get(f"{address}api/contests", timeout=PATIENCE_S).status_code == 200


def test_a_replay_plays_the_contest_again_for_the_api_too(tmp_path: Path) -> None:
    events = [*setting(), *happenings("icpc", 1, people=4, columns=3, count=20)]
    write(tmp_path, events)
    with _serving(tmp_path, "--replay", "--speed", "9000") as (address, _):
        base = f"{address}api/contests/test-icpc"
        with httpx.stream("GET", f"{base}/event-feed", timeout=PATIENCE_S) as feed:
            for line in feed.iter_lines():
                if '"end_of_updates":"' in line:
                    break
        assert len(httpx.get(f"{base}/judgements", timeout=PATIENCE_S).json()) == 20


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("nowhere",), "no such run"),
        (("empty",), "not a run directory"),
        (("other",), "holds no contest"),
        (("run", "--token", "short"), "needs 12 characters or more"),
        (("run", "--host", "192.0.2.1"), "cannot listen on"),
        (("run", "--port", "{taken}"), "cannot listen on"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_line(
    tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    (tmp_path / "empty").mkdir()
    Journal.open(tmp_path / "other").close()
    write(tmp_path / "run", setting())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run, *rest = [option.format(taken=port) for option in options]
        done = CliRunner().invoke(app, ["contest", "serve", str(tmp_path / run), *rest])
    assert isinstance(done.exception, BadInput)
    assert said in str(done.exception)
    assert "\n" not in str(done.exception)


def test_ctrl_c_ends_it_as_every_command(tmp_path: Path) -> None:
    write(tmp_path, setting())
    with _serving(tmp_path) as (address, process):
        httpx.get(address, timeout=PATIENCE_S)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE_S) == 130


def test_a_journal_that_makes_no_sense_ends_it_with_one_line(tmp_path: Path) -> None:
    write(tmp_path, setting())
    with _serving(tmp_path) as (address, process):
        httpx.get(address, timeout=PATIENCE_S)
        with Journal.open(tmp_path) as journal:
            journal.append_raw("contest", "x", {"type": "nonsense"})
        _, said = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 3
        assert "not a valid contest event ('x')" in said
        assert "Traceback" not in said
