"""How close the model client comes to what an endpoint can give, and what it costs in CPU.

A scripted endpoint in its own process answers each request after LATENCY seconds with 2 kB.
With C requests in flight it can give at most C / LATENCY answers a second; `throughput_ratio` is
the share of that which the client sustains (journal included), at its worst C. The first C answers
are warm-up: the clock and the CPU time start with the last of them. CPU a request is
that of the client's process, beside bare clients that only post and parse: httpx2 in one event
loop, and httpx2 in one thread a request.

    python benchmarks/client.py [--latency 10] [--in-flight 1,64,1000] [--rounds 3] [--stream]
        [--json]

With `--stream` answers are asked for piece by piece (16 characters an event), by the bare clients
too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2

from medalist.agent.journal import Journal
from medalist.agent.llm.calls import JournalledModel
from medalist.agent.llm.contract import Message, Request
from medalist.agent.llm.endpoint import Endpoint
from medalist.agent.llm.prices import FREE
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.route import Route
from medalist.agent.llm.settings import EndpointSettings

SERVER = """
import sys
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint
reply = Reply("print(1)  # 2 kB\\n" * 120, delay_s=float(sys.argv[1]))
with ScriptedEndpoint([reply]) as endpoint:
    print(endpoint.base_url, flush=True)
    sys.stdin.read()
"""
STATEMENT = "Read n, then n integers; print their sum. " * 50


class Marks:
    """Notes wall and CPU time at each answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.times: list[tuple[float, float]] = []

    def __call__(self) -> None:
        """An answer came."""
        with self._lock:
            self.times.append((time.perf_counter(), time.process_time()))


STREAM = False
"""Whether answers are asked for piece by piece."""


def medalist_client(url: str, in_flight: int, count: int, mark: Marks) -> None:
    """Ask with the client of this project, with a journal."""
    requests = (
        Request(f"r{n}", (Message("user", STATEMENT),), max_tokens=1024, seed=n)
        for n in range(count)
    )
    settings = EndpointSettings(
        model="scripted", base_url=url, concurrency=in_flight, profile={"stream": STREAM}
    )
    with tempfile.TemporaryDirectory() as run, Journal.open(Path(run)) as journal:
        model = JournalledModel(
            [Route(Endpoint(settings), price=FREE)],
            ModelResources(journal),
        )
        for _ in model.complete(requests):
            mark()
        model.close()


def bare_body(n: int) -> dict[str, Any]:
    """Word the same request by hand."""
    messages = [{"role": "user", "content": STATEMENT}]
    return {
        "model": "scripted", "messages": messages, "max_tokens": 1024, "seed": n, "stream": STREAM
    }  # fmt: skip


def bare_text(answer: str) -> str:
    """Read the answer off a body, or put its pieces together."""
    if not STREAM:
        return str(json.loads(answer)["choices"][0]["message"]["content"])
    events = [line[6:] for line in answer.split("\n") if line.startswith("data: {")]
    choices = [choice for event in events for choice in json.loads(event)["choices"]]
    return "".join(choice["delta"].get("content", "") for choice in choices)


def bare_async(url: str, in_flight: int, count: int, mark: Marks) -> None:
    """Post and parse in one event loop."""

    async def run() -> None:
        numbers = iter(range(count))
        limits = httpx2.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)

        async def worker(client: httpx2.AsyncClient) -> None:
            for n in numbers:
                response = await client.post(f"{url}/chat/completions", json=bare_body(n))
                assert bare_text(response.text)
                mark()

        async with httpx2.AsyncClient(limits=limits, timeout=120) as client:
            await asyncio.gather(*(worker(client) for _ in range(in_flight)))

    asyncio.run(run())


def bare_threads(url: str, in_flight: int, count: int, mark: Marks) -> None:
    """Post and parse, each request in flight in a thread."""
    limits = httpx2.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    with httpx2.Client(limits=limits, timeout=120) as client:

        def ask(n: int) -> None:
            response = client.post(f"{url}/chat/completions", json=bare_body(n))
            assert bare_text(response.text)
            mark()

        with ThreadPoolExecutor(in_flight) as pool:
            list(pool.map(ask, range(count)))


CLIENTS: dict[str, Callable[[str, int, int, Marks], None]] = {
    "medalist": medalist_client,
    "bare_async": bare_async,
    "bare_threads": bare_threads,
}


def measure(name: str, latency: float, in_flight: int, rounds: int) -> dict[str, float]:
    """Run one client in this process against a fresh server, and return what it took."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(latency)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        url = server.stdout.readline().strip()
        mark = Marks()
        CLIENTS[name](url, in_flight, in_flight * rounds, mark)
        assert len(mark.times) == in_flight * rounds
        (wall_from, cpu_from), (wall_to, cpu_to) = mark.times[in_flight - 1], mark.times[-1]
        count, wall, cpu = in_flight * (rounds - 1), wall_to - wall_from, cpu_to - cpu_from
    finally:
        server.stdin.close()
        server.wait()
    return {
        "throughput_ratio": count / wall * latency / in_flight,
        "requests_per_s": count / wall,
        "cpu_ms_per_request": 1000 * cpu / count,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--latency", type=float, default=10.0)
    parser.add_argument("--in-flight", default="1,64,1000")
    parser.add_argument("--rounds", type=int, default=3, help="the first is warm-up")
    parser.add_argument("--stream", action="store_true", help="ask for answers piece by piece")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    globals()["STREAM"] = options.stream
    if options.one:
        name, in_flight = options.one.split(":")
        print(json.dumps(measure(name, options.latency, int(in_flight), options.rounds)))
        return
    rows = []
    for in_flight in map(int, options.in_flight.split(",")):
        for name in CLIENTS:
            # A process each, so that memory and warm-up are its own.
            command = [sys.executable, __file__, "--one", f"{name}:{in_flight}"]
            command += ["--latency", str(options.latency), "--rounds", str(options.rounds)]
            command += ["--stream"] * options.stream
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            row = {"client": name, "in_flight": in_flight, **json.loads(done.stdout)}
            rows.append(row)
            print(
                f"{name:>12} {in_flight:5d} in flight: {row['requests_per_s']:7.2f} requests/s, "
                f"{row['throughput_ratio']:.3f} of the ceiling, "
                f"{row['cpu_ms_per_request']:6.2f} ms CPU a request, {row['peak_mib']:.0f} MiB"
            )
    ours = [row for row in rows if row["client"] == "medalist"]
    busiest = max(row["in_flight"] for row in rows)

    def cpu(name: str) -> float:
        return next(
            row["cpu_ms_per_request"]
            for row in rows
            if row["client"] == name and row["in_flight"] == busiest
        )

    if options.json:
        result = {
            "throughput_ratio": min(row["throughput_ratio"] for row in ours),
            "cpu_ms_per_request": cpu("medalist"),
            "bare_async_cpu_ms_per_request": cpu("bare_async"),
            "bare_threads_cpu_ms_per_request": cpu("bare_threads"),
            "peak_mib": max(row["peak_mib"] for row in ours),
            "latency_s": options.latency,
            "stream": options.stream,
            "rows": rows,
        }
        print(json.dumps(result))


if __name__ == "__main__":
    main()
