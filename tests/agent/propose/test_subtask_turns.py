"""Which answers are asked with the statement of one subtask, and how they are named."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from medalist.agent.propose.sample import Arm, Sampler, evenly
from medalist.agent.propose.subtask_turns import subtask_turns
from medalist.agent.steps.run_settings import RunSettings
from medalist.problems.model import PublicProblem, Subtask

PUBLIC = PublicProblem(
    problem_id="p",
    statements={"en": "# Sum\n\nAdd.\n\n## Subtasks\n\nMany."},
    subtasks=(
        Subtask(subtask_id="1", points=10, text="n is at most 2"),
        Subtask(subtask_id="2", points=30, text="n is even"),
        Subtask(subtask_id="3", points=0, text="as in the samples"),
        Subtask(subtask_id="4", points=60),
    ),
)


@pytest.mark.parametrize(("share", "whole"), [(0.0, 160), (0.25, 120), (0.5, 80), (1.0, 0)])
def test_shares_are_kept_by_points_of_subtasks_that_promise_something(
    share: float, whole: int
) -> None:
    counts = Counter(islice(subtask_turns(PUBLIC, share), 160))
    assert counts[None] == whole
    assert set(counts) <= {None, "1", "2"}
    assert counts["2"] == 3 * counts["1"]


def test_any_few_answers_keep_the_shares() -> None:
    turns = list(islice(subtask_turns(PUBLIC, 0.5), 64))
    for count in range(1, 65):
        first = Counter(turns[:count])
        assert abs(first[None] - count / 2) <= 1
        assert abs(first["2"] - count * 3 / 8) <= 1
    assert turns == list(islice(subtask_turns(PUBLIC, 0.5), 64))


def test_without_subtasks_all_ask_for_the_whole() -> None:
    plain = PUBLIC.model_copy(update={"subtasks": ()})
    assert set(islice(subtask_turns(plain, 1.0), 8)) == {None}


def test_a_subtask_stands_in_the_id_and_more_answers_come_behind() -> None:
    ways = [Arm("direct", "python"), Arm("reason", "python")]

    def ids(count: int) -> list[str]:
        sampler = Sampler(PUBLIC, ways, turns=subtask_turns(PUBLIC, 0.5))
        requests = sampler.requests(evenly(ways, count))
        answers = {request.request_id: request for request in requests}
        assert all(
            ("Solve this case" in one.messages[-1].content) == (":" in name)
            for name, one in answers.items()
        )
        return sorted(answers, key=lambda name: sampler._pick[name])

    assert ids(16)[:6] == ids(6)
    assert any(name.startswith("p:2/direct/python/") for name in ids(16))


def test_a_run_that_began_before_there_were_stages_goes_on_without_them() -> None:
    settings = RunSettings(
        candidates=4, generators=4, validators=4, duels=2, subtask_share=0.5, temperature=0.8
    )
    assert settings.as_before(None) == settings
    assert settings.as_before({"generators": 4, "validators": 4, "duels": 2, "subtask_share": 0.5})
    before = settings.as_before({"candidates": 4})
    assert (before.generators, before.validators, before.duels) == (0, 0, 0)
    assert before.subtask_share == 0
