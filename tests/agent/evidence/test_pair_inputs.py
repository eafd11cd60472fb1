"""Generators for a pair run in a real box: what they bring is kept only where the two differ."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from medalist.agent.evidence.input_vote import InputVote
from medalist.agent.evidence.inputs import InputSuite
from medalist.agent.evidence.pair_inputs import KEPT, PairInputs, pair_inputs
from medalist.agent.propose.pair_generators import PairGenerator
from medalist.errors import EngineError
from medalist.problems.model import PublicProblem, Sample
from medalist.sandbox.box import Executable
from medalist.sandbox.languages import source as source_of
from medalist.sandbox.pool import Pool, open_pool

PUBLIC = PublicProblem(
    problem_id="p",
    statements={
        "en": "Print the sum.\n\n## Input\n\nThe first line holds $n$ ($1 \\le n \\le 9$). The "
        "second line holds $n$ integers between $1$ and $9$."
    },
    samples=(Sample(input="3\n1 2 3\n", output="6"), Sample(input="1\n9\n", output="9")),
)
PROGRAMS = {
    "sum": "input()\nprint(sum(map(int, input().split())))",
    "different": "input()\nprint(sum(set(map(int, input().split()))))",
    "slow": "input()\na = input().split()\nwhile len(a) > 3: pass\nprint(sum(map(int, a)))",
}
TIES = """
import random
random.seed(int(input()))
n = random.randint(4, 9)
print(n)
print(*[random.randint(1, 3) for _ in range(n)])
"""
NO_TIES = """
import random
random.seed(int(input()))
n = random.randint(1, 5)
print(n)
print(*random.sample(range(1, 10), n))
"""
INVALID = "print(2)\nprint(0, 0)"
BAD = ["while True: pass", "this is no Python", "print('nonsense')", "raise SystemExit(1)", INVALID]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    try:
        with open_pool("local", cores=[0]) as opened:
            yield opened
    except EngineError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def programs(pool: Pool) -> dict[str, Executable]:
    built = {}
    with pool.box() as box:
        for name, text in PROGRAMS.items():
            executable = box.compile(source_of("python3", text)).executable
            assert executable is not None
            built[name] = executable
    return built


def separating(
    pool: Pool, programs: dict[str, Executable], sources: list[str], second: str = "different"
) -> PairInputs:
    public = PUBLIC.model_copy(update={"limits": PUBLIC.limits.model_copy(update={"time_s": 0.5})})
    generators = [PairGenerator(source, "sum", second) for source in sources]
    vote = InputVote(public, [], pool)
    return pair_inputs(InputSuite(public, 0), generators, programs, vote, pool)


@pytest.mark.local
def test_inputs_that_separate_are_kept_and_the_smallest_is_shrunk(
    pool: Pool, programs: dict[str, Executable]
) -> None:
    told = separating(pool, programs, [*BAD, TIES])
    assert told.separated == 1
    assert 0 < len(told.inputs) <= KEPT
    assert [input_.shrunk for input_ in told.inputs].count(True) == 1
    for input_ in told.inputs:
        count, numbers = input_.content.decode().splitlines()
        values = numbers.split()
        assert int(count) == len(values)
        assert len(set(values)) < len(values)
        assert input_.pair == ("sum", "different")
        assert 0.5 <= input_.trust <= 1
    assert told.inputs[0].content.decode().splitlines()[0] == "2"
    assert told.valid < told.made, "nonsense and zeros are not kept"


@pytest.mark.local
def test_what_does_not_separate_is_not_kept(pool: Pool, programs: dict[str, Executable]) -> None:
    told = separating(pool, programs, [NO_TIES, *BAD])
    assert told.made > 0
    assert told.inputs == ()
    assert told.separated == 0


@pytest.mark.local
def test_running_out_of_time_separates_nobody(pool: Pool, programs: dict[str, Executable]) -> None:
    assert separating(pool, programs, [TIES], "slow").inputs == ()


@pytest.mark.local
def test_no_generator_brings_nothing(pool: Pool, programs: dict[str, Executable]) -> None:
    assert separating(pool, programs, []) == PairInputs()
    assert separating(pool, programs, BAD[:2]).generating == 0
