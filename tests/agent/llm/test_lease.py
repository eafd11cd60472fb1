"""The cores belong to the model or to the judge, in turns."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from medalist.agent.llm.calls import JournalledModel
from medalist.agent.llm.contract import Request
from medalist.agent.llm.endpoint import Endpoint
from medalist.agent.llm.lease import CoreLease, Side
from medalist.agent.llm.prices import FREE
from medalist.agent.llm.resources import ModelResources
from medalist.agent.llm.route import Route
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.settings import EndpointSettings


def test_one_side_at_a_time_and_nobody_starves() -> None:
    lease = CoreLease()
    inside: dict[Side, int] = {"model": 0, "judge": 0}
    guard = threading.Lock()
    most = 0
    wrong: list[dict[Side, int]] = []

    def work(side: Side) -> None:
        nonlocal most
        for _ in range(200):
            with lease.hold(side):
                with guard:
                    inside[side] += 1
                    most = max(most, inside[side])
                    if inside["model"] and inside["judge"]:
                        wrong.append(dict(inside))
                with guard:
                    inside[side] -= 1

    sides: list[Side] = ["model", "judge"] * 3
    threads = [threading.Thread(target=work, args=(side,)) for side in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=240)
    assert not any(thread.is_alive() for thread in threads)
    assert not wrong


def test_a_waiting_judge_goes_before_new_requests() -> None:
    lease = CoreLease()
    order: list[str] = []
    lease.acquire("model")

    def enter(side: Side) -> None:
        with lease.hold(side):
            order.append(side)

    judge = threading.Thread(target=enter, args=("judge",))
    judge.start()
    while not lease.waiting("judge"):
        time.sleep(0.001)
    model = threading.Thread(target=enter, args=("model",))
    model.start()
    while not lease.waiting("model"):
        time.sleep(0.001)
    assert order == []
    lease.release("model")
    judge.join()
    model.join()
    assert order == ["judge", "model"]


def test_nothing_is_generated_while_the_judge_works(ask: Callable[..., Request]) -> None:
    lease = CoreLease()
    judging = threading.Event()
    overlaps: list[int] = []

    def script(seen: SeenRequest) -> Reply:
        if judging.is_set():
            overlaps.append(seen.index)
        return Reply("x", delay_s=0.01)

    with ScriptedEndpoint(script) as endpoint:
        settings = EndpointSettings(model="m", base_url=endpoint.base_url, concurrency=4)
        routes = [Route(Endpoint(settings), price=FREE)]
        model = JournalledModel(routes, ModelResources(lease=lease))
        answered = 0
        for _ in model.complete(ask(f"{n}") for n in range(20)):
            answered += 1
            # What is in flight ends first; what waits begins afterwards.
            with lease.hold("judge"):
                judging.set()
                judging.clear()
        model.close()
    assert answered == 20
    assert not overlaps
