"""The scoreboard under load: 1,000 participants, 20 problems, 10,000 submissions.

Writes such a contest, serves it as `medalist contest serve` does, and measures

- the server: until it answers, its memory before and after the load;
- the page in Chromium: until every row is drawn, what it transfers, its JavaScript memory;
- the latency of an event, from before it is journalled until a viewer has it, with many viewers,
  while others stopped reading (`--slow`) or vanished (`--vanished`), and how long the Contest API
  takes to answer meanwhile.

Everything happens on loopback, is bounded in number and time, and stops by itself.

    python benchmarks/scoreboard.py --json
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx

from medalist.agent.contest.events import (
    CONTEST,
    ContestEvent,
    ContestOpened,
    Judged,
    ParticipantJoined,
    ProblemAdded,
    SubmissionMade,
)
from medalist.agent.contest.kinds import Icpc
from medalist.agent.contest.scoreboard import ContestProblem, Participant
from medalist.agent.journal import Journal

DURATION_S = 18000.0
LIMIT_S = 150.0
"""The whole load ends after this, whatever happens."""


def contest(participants: int, problems: int) -> list[ContestEvent]:
    """The opening events."""
    opened = ContestOpened(
        contest_id="load", name="Load test", rules=Icpc(), duration_s=DURATION_S, freeze_s=None
    )
    columns = [
        ContestProblem(problem_id=f"p{q}", label=chr(65 + q), title=f"Problem {q}")
        for q in range(problems)
    ]
    rows = [
        Participant(participant_id=f"t{p}", name=f"Participant number {p}", kind="human")
        for p in range(participants)
    ]
    return [
        opened,
        *(ProblemAdded(problem=column) for column in columns),
        *(ParticipantJoined(participant=row) for row in rows),
    ]


def submissions(participants: int, problems: int, count: int) -> Iterator[list[ContestEvent]]:
    """Submissions in the order of time, each with its verdict."""
    chance = random.Random(0)
    for number in range(count):
        at_s = DURATION_S * number / count
        made = SubmissionMade(
            at_s=at_s,
            submission_id=f"s{number}",
            participant_id=f"t{chance.randrange(participants)}",
            problem_id=f"p{chance.randrange(problems)}",
            language="cpp",
            reason="largest cluster not yet rejected",
        )
        verdict = chance.choice(("AC", "WA", "TLE", "RTE"))
        yield [made, Judged(at_s=at_s, submission_id=made.submission_id, verdict=verdict)]


class Writer:
    """Appends to the journal of the run, as a contest does."""

    def __init__(self, run: Path) -> None:
        self._journal = Journal.open(run)
        self._count = 0

    def write(self, events: Iterable[ContestEvent], *, durable: bool = True) -> None:
        for event in events:
            self._count += 1
            self._journal.append(CONTEST, f"{self._count:08d}", event, durable=durable)

    def flush(self) -> None:
        self._journal.flush()

    def close(self) -> None:
        self._journal.close()


class Server:
    """`medalist contest serve` on a free port."""

    def __init__(self, run: Path) -> None:
        started = time.perf_counter()
        command = [sys.executable, "-m", "medalist", "contest", "serve", str(run), "--port", "0"]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self._process.stderr is not None
        match = re.search(r"http://([\d.]+):(\d+)/", self._process.stderr.readline())
        assert match is not None, "the server did not start"
        self.host, self.port = match[1], int(match[2])
        self.address = match[0]
        httpx.get(f"{self.address}api/", timeout=60).raise_for_status()
        self.ready_s = time.perf_counter() - started

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        match = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert match is not None
        return int(match[1]) / 1024

    def stop(self) -> None:
        self._process.terminate()
        self._process.communicate(timeout=30)


class Viewer:
    """Reads the page's stream and notes when each submission's verdict arrives."""

    def __init__(self) -> None:
        self.arrived: dict[str, float] = {}

    async def watch(self, server: Server, place: str, wanted: int) -> None:
        reader, writer = await asyncio.open_connection(server.host, server.port, limit=2**24)
        writer.write(_request(server, f"/data/stream?place={place}"))
        try:
            while len(self.arrived) < wanted:
                line = await reader.readline()
                if not line:
                    return
                if line.startswith(b"data: ["):
                    now = time.perf_counter()
                    for entry in json.loads(line[6:]):
                        for judged in entry.get("judged", ()):
                            self.arrived[judged["id"]] = now
        finally:
            writer.close()


def _request(server: Server, path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode()


def stopped_reading(server: Server, path: str) -> socket.socket:
    """A client that asks for everything, and reads nothing of it."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect((server.host, server.port))
    client.sendall(_request(server, path))
    return client


async def load(
    server: Server, writer: Writer, log: dict[str, Any], options: argparse.Namespace
) -> dict[str, Any]:
    """Run the viewers from the end of the log on, while events happen; say what was measured."""
    place = f"{log['tag']}:{len(log['entries'])}"
    paths = ["/data/stream?place=" + log["tag"] + ":0", "/api/contests/load/event-feed"]
    deaf = [stopped_reading(server, paths[n % 2]) for n in range(options.slow)]
    for n in range(options.vanished):
        stopped_reading(server, paths[n % 2]).close()
    viewers = [Viewer() for _ in range(options.viewers)]
    events = list(submissions(options.participants, options.problems, options.submissions))
    late = events[-options.live :]
    tasks = [asyncio.create_task(viewer.watch(server, place, len(late))) for viewer in viewers]
    await asyncio.sleep(1)
    sent: dict[str, float] = {}
    answers: list[float] = []
    async with httpx.AsyncClient(timeout=60) as client:
        for pair in late:
            submission = pair[0]
            assert isinstance(submission, SubmissionMade)
            sent[submission.submission_id] = time.perf_counter()
            await asyncio.to_thread(writer.write, pair)
            if len(sent) % 20 == 0:
                before = time.perf_counter()
                await client.get(f"{server.address}api/contests/load/state")
                answers.append(time.perf_counter() - before)
            await asyncio.sleep(options.every)
    await asyncio.wait(tasks, timeout=30)
    delays = sorted(
        viewer.arrived[name] - at
        for viewer in viewers
        for name, at in sent.items()
        if name in viewer.arrived
    )
    expected = len(viewers) * len(sent)
    for client_socket in deaf:
        client_socket.close()
    return {
        "events": len(sent),
        "delivered": len(delays),
        "missing": expected - len(delays),
        "latency_p50_ms": round(1000 * statistics.median(delays), 1),
        "latency_p95_ms": round(1000 * delays[int(0.95 * len(delays))], 1),
        "latency_max_ms": round(1000 * delays[-1], 1),
        "api_p50_ms": round(1000 * statistics.median(answers), 1),
        "api_max_ms": round(1000 * max(answers), 1),
    }


def page(server: Server, rows: int) -> dict[str, Any]:
    """Load the page in a real browser; empty where there is none."""
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return {}
    if chromium is None:
        return {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page()
        session = tab.context.new_cdp_session(tab)
        session.send("Performance.enable")
        session.send("Network.enable")
        received = [0]
        session.on(
            "Network.dataReceived",
            lambda event: received.__setitem__(0, received[0] + event["encodedDataLength"]),
        )
        before = time.perf_counter()
        tab.goto(server.address)
        tab.wait_for_function(
            "rows => document.querySelectorAll('#standings tbody tr').length === rows", arg=rows
        )
        drawn = time.perf_counter() - before
        metrics = {
            row["name"]: row["value"] for row in session.send("Performance.getMetrics")["metrics"]
        }
        browser.close()
    return {
        "page_drawn_s": round(drawn, 2),
        "page_transferred_kb": round(received[0] / 1024),
        "page_heap_mb": round(metrics["JSHeapUsedSize"] / 2**20, 1),
        "page_nodes": int(metrics["Nodes"]),
    }


def measure(options: argparse.Namespace, run: Path) -> dict[str, Any]:
    """Do it all in a run directory."""
    writer = Writer(run)
    writer.write(contest(options.participants, options.problems), durable=False)
    events = list(submissions(options.participants, options.problems, options.submissions))
    for pair in events[: -options.live]:
        writer.write(pair, durable=False)
    writer.flush()
    server = Server(run)
    try:
        result: dict[str, Any] = {
            "participants": options.participants,
            "problems": options.problems,
            "submissions": options.submissions,
            "viewers": options.viewers,
            "slow": options.slow,
            "vanished": options.vanished,
            "ready_s": round(server.ready_s, 2),
            "memory_mb": round(server.memory_mb()),
            **page(server, options.participants),
        }
        log = httpx.get(f"{server.address}data/log", timeout=60).json()
        result |= asyncio.run(asyncio.wait_for(load(server, writer, log, options), LIMIT_S))
        result["memory_after_mb"] = round(server.memory_mb())
    finally:
        server.stop()
        writer.close()
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--participants", type=int, default=1000)
    parser.add_argument("--problems", type=int, default=20)
    parser.add_argument("--submissions", type=int, default=10000, help="of all, in total")
    parser.add_argument("--live", type=int, default=200, help="of these while viewers watch")
    parser.add_argument("--every", type=float, default=0.05, help="seconds between those")
    parser.add_argument("--viewers", type=int, default=100)
    parser.add_argument("--slow", type=int, default=50)
    parser.add_argument("--vanished", type=int, default=50)
    parser.add_argument("--json", action="store_true", help="print one object on the last line")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = measure(options, Path(folder))
    if options.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:22} {value}")


if __name__ == "__main__":
    main()
