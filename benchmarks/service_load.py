"""Many callers of `medalist serve` at once: nothing lost, nothing wrong, and what HTTP costs.

    python benchmarks/service_load.py [--judgements N] [--callers 64,512] [--hostile SHARE] [--json]

The same judgements (right, wrong and hostile programs in Python and C++, on a problem of ten tests)
are made by a pool of boxes without HTTP first, then by the service, once with each number of
concurrent callers, and once more while other clients vanish, drip and flood. A judgement is lost if
no answer came, and wrong if its verdict is another one than the bare pool's for that program. The
last line with `--json` is one object: for each run judgements a second, their ratio to the bare
pool's, the 50th, 95th and 100th percentile of seconds waited, lost, wrong and refused (429, asked
again), and the server's peak memory.

Callers, server and boxes share the machine's cores: on few cores the callers' own work counts
against the service.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from medalist.agent.service.asked import JudgeAsked
from medalist.agent.service.catalogue import ProblemCatalogue
from medalist.agent.service.service_judge import ServiceJudge
from medalist.sandbox.pool import Kind, open_pool

TESTS = 10
CPP = """#include <cstdio>
int main() {{ long long a, b; scanf("%lld %lld", &a, &b); printf("%lld\\n", {}); }}
// {}
"""
PYTHON = "a, b = map(int, input().split())\nprint({})\n# {}\n"
ANSWERS = ("a + b", "a + b", "a - b", "a + b if a < 7 else 0", "a / 0")
HOSTILE = (
    "import os\nos.kill(os.getppid(), 9)\nos.kill(1, 9)\nraise SystemExit(7)\n",
    "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n",
    "print('x' * (1 << 24) * 8)\n",
    "held = []\nwhile True:\n    held.append(bytearray(1 << 24))\n",
    "open('/etc/shadow').read()\n",
    "import socket\nsocket.create_connection(('127.0.0.1', 22), 1)\n",
)
Program = tuple[str, str]
"""Language and text."""


@dataclass
class LoadRun:
    """What came of one run."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    verdicts: list[tuple[int, str]] = field(default_factory=list)
    refused: int = 0

    def row(self, programs: list[int], expected: dict[int, str], bare: float) -> dict[str, Any]:
        waits = sorted(self.waits) or [0.0]
        rate = len(self.verdicts) / self.seconds
        return {
            "judgements": len(self.verdicts),
            "per_second": round(rate, 1),
            "ratio_to_bare": round(rate / bare, 3),
            "p50_s": round(waits[len(waits) // 2], 3),
            "p95_s": round(waits[int(len(waits) * 0.95)], 3),
            "max_s": round(waits[-1], 3),
            "lost": len(programs) - len(self.verdicts),
            "wrong": sum(verdict != expected[index] for index, verdict in self.verdicts),
            "refused": self.refused,
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--judgements", type=int, default=10_000)
    parser.add_argument("--distinct", type=int, default=100, help="different programs")
    parser.add_argument("--callers", default="64,512")
    parser.add_argument("--hostile", type=float, default=0.05)
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    chance = random.Random(7)
    programs = _programs(options.distinct, options.hostile)
    order = _order(options.judgements, options.distinct, options.hostile, chance)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _package(folder / "sum")
        bare, expected = _bare(folder, programs, order, options.box)
        print(f"bare pool: {bare:.1f} judgements/s, {_counted(expected, order)}", flush=True)
        result: dict[str, Any] = {"bare_per_second": round(bare, 1), "runs": {}}
        with _server(folder, options.box) as (port, process):
            asyncio.run(_warm(port, programs))
            for callers in map(int, options.callers.split(",")):
                run = asyncio.run(_load(port, programs, order, callers))
                _tell(result, f"{callers} callers", run.row(order, expected, bare))
            part = order[: max(40, len(order) // 4)]
            run = asyncio.run(_with_bad_clients(port, programs, part))
            _tell(result, "64 callers, beside bad clients", run.row(part, expected, bare))
            result["server"] = _server_facts(port)
            print(result["server"], flush=True)
            process.send_signal(signal.SIGTERM)
            result["exit_code"] = process.wait(60)
    if options.json:
        print(json.dumps(result))


def _tell(result: dict[str, Any], name: str, row: dict[str, Any]) -> None:
    result["runs"][name] = row
    print(f"{name}: {row}", flush=True)


def _programs(distinct: int, hostile: float) -> list[Program]:
    """Make programs, the hostile ones last; a number in a comment makes each another one."""
    count = max(1, round(distinct * hostile)) if hostile else 0
    honest = [
        ("cpp17", CPP.format(ANSWERS[n % 5].replace(" if a < 7 else 0", " - (a > 6)"), n))
        if n % 2
        else ("python3", PYTHON.format(ANSWERS[n % 5], n))
        for n in range(distinct - count)
    ]
    return honest + [("python3", f"{HOSTILE[n % len(HOSTILE)]}# {n}\n") for n in range(count)]


def _order(judgements: int, distinct: int, hostile: float, chance: random.Random) -> list[int]:
    count = max(1, round(distinct * hostile)) if hostile else 0
    bad = round(judgements * hostile)
    order = [distinct - 1 - n % count for n in range(bad)]
    order += [n % (distinct - count) for n in range(judgements - bad)]
    chance.shuffle(order)
    return order


def _package(folder: Path) -> None:
    secret = folder / "data" / "secret"
    secret.mkdir(parents=True)
    (folder / "data" / "sample").mkdir()
    (folder / "problem_statement").mkdir()
    (folder / "problem_statement" / "problem.md").write_text("Print the sum.\n")
    limits = "limits:\n  time_limit: 1\n  memory: 256\n  output: 8\n"
    (folder / "problem.yaml").write_text(f"name: Sum\nlicense: cc0\n{limits}")
    for number in range(TESTS):
        (secret / f"{number}.in").write_text(f"{number} {number * 3}\n")
        (secret / f"{number}.ans").write_text(f"{number * 4}\n")


def _asked(program: Program) -> dict[str, str]:
    return {"problem": "sum", "language": program[0], "source": program[1]}


def _bare(
    folder: Path, programs: list[Program], order: list[int], box: Kind
) -> tuple[float, dict[int, str]]:
    """Judge without HTTP; return judgements a second and the verdict of each program."""
    with open_pool(box) as pool:
        print(pool.note, flush=True)
        judge = ServiceJudge(ProblemCatalogue([folder], pool), pool)

        def verdict(index: int) -> str:
            return str(judge.judge(JudgeAsked.model_validate(_asked(programs[index])))["verdict"])

        with ThreadPoolExecutor(pool.size) as workers:
            expected = dict(enumerate(workers.map(verdict, range(len(programs)))))
            begun = time.monotonic()
            for index, given in zip(order, workers.map(verdict, order), strict=True):
                if given != expected[index]:
                    print(f"bare pool: {programs[index]!r}: {expected[index]}, then {given}")
            return len(order) / (time.monotonic() - begun), expected


def _counted(expected: dict[int, str], order: list[int]) -> dict[str, int]:
    verdicts = [expected[index] for index in order]
    return {verdict: verdicts.count(verdict) for verdict in sorted({*verdicts})}


@contextmanager
def _server(folder: Path, box: Kind) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "medalist", "serve", str(folder), "--port", "0"]
    process = subprocess.Popen([*command, "--box", box], stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if match := re.search(r"judge: http://[^:]*:(\d+)", line):
                yield int(match[1]), process
                return
            print(line, end="", flush=True)
        raise SystemExit("the service did not start")
    finally:
        process.kill()
        process.communicate()


def _request(asked: dict[str, Any], door: str = "/v1/judge") -> bytes:
    body = json.dumps(asked).encode()
    head = f"POST {door} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return int(head[0].split()[1]), headers, body


async def _warm(port: int, programs: list[Program]) -> None:
    await _load(port, programs, list(range(len(programs))), 8)


async def _load(port: int, programs: list[Program], order: list[int], callers: int) -> LoadRun:
    """Have `callers` connections ask one judgement after the other."""
    run = LoadRun()
    waiting = iter(order)

    async def call() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for index in waiting:
            asked_at = time.monotonic()
            while True:
                writer.write(_request(_asked(programs[index])))
                status, headers, body = await _answer(reader)
                if status != 429:
                    break
                run.refused += 1
                await asyncio.sleep(float(headers["retry-after"]))
            run.waits.append(time.monotonic() - asked_at)
            verdict = json.loads(body)["verdict"] if status == 200 else f"status {status}"
            run.verdicts.append((index, verdict))
        writer.close()

    begun = time.monotonic()
    await asyncio.gather(*(call() for _ in range(callers)), return_exceptions=True)
    run.seconds = time.monotonic() - begun
    return run


async def _with_bad_clients(port: int, programs: list[Program], order: list[int]) -> LoadRun:
    bad = [asyncio.create_task(kind(port)) for kind in (_vanish, _drip, _flood) for _ in range(4)]
    await asyncio.sleep(0.5)
    run = await _load(port, programs, order, 64)
    for task in bad:
        task.cancel()
    await asyncio.gather(*bad, return_exceptions=True)
    return run


SPIN = {"source": "while True:\n    pass\n", "language": "python3", "limits": {"cpu_s": 0.2}}


async def _vanish(port: int) -> None:
    """Ask, and close the connection before the answer, again and again."""
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(_request(SPIN, "/v1/run"))
            await writer.drain()
            writer.transport.abort()
        await asyncio.sleep(0.2)


async def _drip(port: int) -> None:
    """Send a request byte by byte."""
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            for byte in _request(SPIN, "/v1/run"):
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.2)


async def _flood(port: int) -> None:
    """Keep 200 slow runs in flight, as another client (another address of this machine)."""

    async def one() -> None:
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", port, local_addr=("127.0.0.2", 0)
                )
                writer.write(_request(SPIN, "/v1/run"))
                await _answer(reader)
                writer.close()

    await asyncio.gather(*(one() for _ in range(50)))


def _server_facts(port: int) -> dict[str, float]:
    async def read() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return await reader.read()

    text = asyncio.run(read()).decode()
    wanted = ("memory_peak_bytes", "dropped_clients_total", 'jobs_total{end="given_up"}')
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("medalist_"))
    facts = {name: float(lines[f"medalist_{name}"]) for name in wanted}
    facts["memory_peak_mb"] = round(facts.pop("memory_peak_bytes") / (1 << 20), 1)
    return facts


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
