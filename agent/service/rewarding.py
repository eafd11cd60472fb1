"""Rewards of several answers to one prompt: equal programs are judged once."""

from __future__ import annotations

from functools import partial

from medalist.agent.extract.answer import Extraction
from medalist.agent.service.asked import RewardAsked
from medalist.agent.service.desk import Desk
from medalist.agent.service.service_judge import Rewarded
from medalist.problems.judging.calibrate import Calibration
from medalist.problems.secret import Problem


async def rewarded(desk: Desk, asked: RewardAsked, subtask: str | None = None) -> list[Rewarded]:
    """Judge what answers hold and return what each earned, in their order.

    Raises:
        BadInput: There is no such problem or subtask, or the tests have no known shape.
        Overloaded, Stopping, ClientGone: As `Desk.results`.
    """
    judge = desk.parts.judge

    def read() -> tuple[tuple[Problem, Calibration], list[Extraction]]:
        on = judge.problem(asked.problem, asked.tests)
        return on, judge.extractions(asked.answers, on[0], asked.language)

    on, reward = await desk.result(desk.queue(read))
    distinct = {(item.source, item.language, item.reason): item for item in reward}
    work = [
        partial(
            judge.reward,
            item,
            on,
            asked.reward or desk.parts.reward,
            scale=asked.limit_scale,
            subtask=subtask,
        )
        for item in distinct.values()
    ]
    results = dict(zip(distinct, await desk.results(desk.queue_all(work)), strict=True))
    for result in results.values():
        desk.parts.metrics.judged(result.verdict or "no program")
    return [results[item.source, item.language, item.reason] for item in reward]
