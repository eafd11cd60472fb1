"""Turns among clients, bounds, and work that is given up, stopped, or asked for again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.agent.service.serving import SLOW, package

from medalist.agent.service.application import application
from medalist.agent.service.catalogue import ProblemCatalogue
from medalist.agent.service.desk import ServiceParts
from medalist.agent.service.door_guard import DoorRules
from medalist.agent.service.doors import sandbox_fusion
from medalist.agent.service.fair_queue import FairQueue, Overloaded, QueueBounds, Stopping
from medalist.agent.service.service_judge import ServiceJudge
from medalist.agent.service.service_metrics import ServiceMetrics
from medalist.sandbox.pool import Pool

BOUNDS = QueueBounds(client_jobs=50, client_bytes=1000)


class _Hold(threading.Event):
    """Holds work up, but not for ever where a test fails."""

    def wait(self, timeout: float | None = 20) -> bool:
        return super().wait(timeout)


def _run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 60))


def test_a_flood_of_one_client_delays_another_by_no_more_than_its_turn() -> None:
    async def test() -> None:
        queue = FairQueue(1, BOUNDS)
        order: list[str] = []
        hold = _Hold()
        first = queue.submit("flood", hold.wait)
        jobs = [queue.submit("flood", lambda: order.append("flood")) for _ in range(40)]
        jobs += [queue.submit("guest", lambda: order.append("guest")) for _ in range(3)]
        hold.set()
        await asyncio.gather(first.future, *(job.future for job in jobs))
        assert order[0] == "guest"
        assert order.index("flood") <= 3
        assert queue.counts.done == 44
        assert queue.held_bytes == queue.waiting == queue.running == 0

    _run(test())


def test_what_does_not_fit_is_refused_with_a_time_to_ask_again() -> None:
    async def test() -> None:
        queue = FairQueue(1, BOUNDS)
        hold = _Hold()
        jobs = [queue.submit("a", hold.wait, 10) for _ in range(51)]
        with pytest.raises(Overloaded, match="50 judgements of this client") as refused:
            queue.submit("a", hold.wait)
        assert refused.value.retry_s >= 1
        large = queue.submit("b", hold.wait, 3000)  # alone, whatever its size
        with pytest.raises(Overloaded, match="of this client"):
            queue.submit("b", hold.wait, 1)
        hold.set()
        await asyncio.gather(large.future, *(job.future for job in jobs))
        queue.submit("b", hold.wait, 900)
        assert queue.counts.refused == 2

    _run(test())


def test_what_was_given_up_is_not_run_and_a_failure_is_its_own() -> None:
    async def test() -> None:
        queue = FairQueue(1, BOUNDS)
        hold, ran = _Hold(), []
        first = queue.submit("a", hold.wait, 5)
        gone = queue.submit("a", lambda: ran.append("gone"), 7)
        broken = queue.submit("a", lambda: 1 / 0)
        kept = queue.submit("a", lambda: ran.append("kept"))
        gone.future.cancel()
        await asyncio.sleep(0)
        assert (queue.waiting, queue.held_bytes) == (2, 5)
        hold.set()
        await asyncio.gather(first.future, kept.future)
        with pytest.raises(ZeroDivisionError):
            await broken.future
        assert ran == ["kept"]
        counts = queue.counts
        assert (counts.done, counts.failed, counts.given_up) == (2, 1, 1)

    _run(test())


def test_a_stop_ends_what_runs_and_fails_what_waits() -> None:
    async def test() -> None:
        queue = FairQueue(1, BOUNDS)
        hold = _Hold()
        running = queue.submit("a", hold.wait)
        waiting = queue.submit("a", hold.wait)
        assert await queue.stop(0.01) == 1  # does not end in time
        with pytest.raises(Stopping):
            await waiting.future
        with pytest.raises(Stopping):
            queue.submit("a", hold.wait)
        hold.set()
        assert await queue.stop(60) == 0
        assert await running.future
        queue.close()

    _run(test())


def test_whoever_is_told_to_ask_again_gets_the_result_of_the_work_that_went_on(
    tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox_fusion, "START_WITHIN_S", 0.05)
    package(tmp_path / "sum")

    async def test() -> None:
        catalogue = ProblemCatalogue([tmp_path], pool)
        queue = FairQueue(1, BOUNDS)
        judge = ServiceJudge(catalogue, pool)
        parts = ServiceParts(queue, judge, catalogue, ServiceMetrics())
        app = application(parts, DoorRules(("127.0.0.1",)))
        transport = httpx.ASGITransport(app)
        slow = {"code": SLOW, "language": "python", "run_timeout": 0.5}
        quick = {"code": "print(input())", "language": "python", "stdin": "hello"}
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            busy = asyncio.create_task(http.post("/run_code", json=slow))
            while not queue.running:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            told = await http.post("/run_code", json=quick)
            assert (told.status_code, told.headers["Retry-After"]) == (504, "1")
            assert (await busy).status_code in (200, 504)
            while queue.running or queue.waiting:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            done = queue.counts.done
            again = await http.post("/run_code", json=quick)
            assert again.json()["run_result"]["stdout"] == "hello\n"
            assert queue.counts.done == done  # it had been run already
        queue.close()

    _run(test())
