"""The first answers of a run go ahead, and one that never comes holds nobody up."""

from __future__ import annotations

import asyncio

from medalist.agent.llm.opening import Opening


def test_a_first_answer_that_does_not_come_holds_nobody_up() -> None:
    async def run() -> list[str]:
        opening, order = Opening(patience_s=0.01), []

        async def ask(name: str, answered: asyncio.Event) -> None:
            await opening.enter(lambda: True)
            order.append(name)
            await answered.wait()

        never, at_once = asyncio.Event(), asyncio.Event()
        at_once.set()
        slow = asyncio.create_task(ask("slow", never))
        await asyncio.sleep(0)
        await asyncio.gather(*(ask(f"other {number}", at_once) for number in range(3)))
        slow.cancel()
        return order

    order = asyncio.run(run())
    assert order[0] == "slow"
    assert sorted(order[1:]) == ["other 0", "other 1", "other 2"]
