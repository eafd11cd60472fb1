"""Generators and validators run in a real box, good and bad ones together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from medalist.agent.evidence.ballot import Voter, elected, weight_of
from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.evidence.broken_inputs import broken_inputs
from medalist.agent.evidence.grammar import read_grammar
from medalist.agent.evidence.input_vote import VoteTerms
from medalist.agent.evidence.matrix import FillOptions, fill
from medalist.agent.evidence.written import written_inputs
from medalist.agent.propose.helper_programs import HelperProgram
from medalist.errors import EngineError
from medalist.problems.model import Equality, PublicProblem, Sample
from medalist.sandbox import languages
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.pool import Pool, open_pool

PUBLIC = PublicProblem(
    problem_id="p",
    statements={
        "en": "Print the sum.\n\n## Input\n\nThe first line holds $n$ ($1 \\le n \\le 9$). The "
        "second line holds $n$ integers between $1$ and $9$."
    },
    samples=(Sample(input="3\n1 2 3\n", output="6"), Sample(input="1\n9\n", output="9")),
)
GOOD_GENERATOR = """
import random
random.seed(int(input()))
n = random.randint(1, 9)
print(n)
print(*[random.randint(1, 9) for _ in range(n)])
"""
GOOD_VALIDATOR = """
import sys
lines = sys.stdin.read().splitlines()
assert len(lines) == 2
numbers = list(map(int, lines[1].split()))
assert lines[0] == str(len(numbers)) and 1 <= len(numbers) <= 9
assert all(1 <= one <= 9 for one in numbers)
"""
BAD_GENERATORS = [
    "raise SystemExit(1)",
    "print('nonsense')",
    "while True: pass",
    "while True: print(1, 7)",
    "print(2); print(3, 3)",
    "import time; time.sleep(1000)",
    "this is no Python",
    "print(10**9); print(5)",
]
ACCEPTS_ALL, REJECTS_ALL, NEVER_ENDS = "pass", "raise SystemExit(1)", "while True: pass"


def helpers(generators: list[str], validators: list[str]) -> list[HelperProgram]:
    return [
        *(HelperProgram("generator", source) for source in generators),
        *(HelperProgram("validator", source) for source in validators),
    ]


def is_valid(content: bytes) -> bool:
    lines = content.decode().splitlines()
    numbers = [int(word) for word in lines[1].split()]
    return len(lines) == 2 and int(lines[0]) == len(numbers) and set(numbers) <= set(range(1, 10))


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    try:
        with open_pool("local", cores=[0]) as opened:
            yield opened
    except EngineError as error:
        pytest.skip(str(error))


@pytest.mark.local
@pytest.mark.parametrize(
    ("bad_generators", "bad_validators"),
    [(BAD_GENERATORS, []), ([], [ACCEPTS_ALL, ACCEPTS_ALL, REJECTS_ALL, NEVER_ENDS])],
)
def test_bad_generators_and_validators_do_no_harm(
    pool: Pool, bad_generators: list[str], bad_validators: list[str]
) -> None:
    programs = helpers([*bad_generators, GOOD_GENERATOR], [GOOD_VALIDATOR, *bad_validators])
    actual = written_inputs(PUBLIC, programs, pool)
    assert len(actual.inputs) > 8
    assert all(is_valid(input_.content) for input_ in actual.inputs)
    assert all(
        input_.origin.how == "written" and input_.origin.trust >= 0.5 for input_ in actual.inputs
    )
    assert len({input_.content for input_ in actual.inputs}) == len(actual.inputs)


@pytest.mark.local
def test_validators_that_accept_everything_keep_nothing_that_the_grammar_does_not(
    pool: Pool,
) -> None:
    unreadable = PUBLIC.model_copy(update={"statements": {"en": "Guess."}, "samples": ()})
    samples = (Sample(input="a 1 b\n", output="6"), Sample(input="1\n9 c\n?\n", output="9"))
    unreadable = unreadable.model_copy(update={"samples": samples})
    grammar = read_grammar(unreadable)
    assert grammar is None or not grammar.sure
    programs = helpers([GOOD_GENERATOR], [ACCEPTS_ALL + f"  # {n}" for n in range(6)])
    assert not written_inputs(unreadable, programs, pool).inputs
    # The statement's own grammar keeps what is right, where it could be read.
    programs = helpers([GOOD_GENERATOR, "print('2\\n77 x')"], [ACCEPTS_ALL])
    actual = written_inputs(PUBLIC, programs, pool)
    assert actual.inputs
    assert all(is_valid(input_.content) for input_ in actual.inputs)


@pytest.mark.local
def test_an_input_keeps_the_subtask_that_its_generator_was_asked_for(pool: Pool) -> None:
    small = HelperProgram("generator", "print(1); print(1 + int(input()) % 9)", "small")
    programs = [*helpers([GOOD_GENERATOR], [GOOD_VALIDATOR, GOOD_VALIDATOR + "\n"]), small]
    actual = written_inputs(PUBLIC, programs, pool, VoteTerms(workers=2))
    asked = {input_.content: input_.subtask for input_ in actual.inputs}
    assert set(asked.values()) == {None, "small"}
    assert all(name is None or content.startswith(b"1\n") for content, name in asked.items())


def test_validators_vote_with_the_weight_that_they_earn() -> None:
    good, lax, careless = (1.0, 0.05, 0.25)
    assert weight_of([True, False], [False]) == 0.0
    assert weight_of([True, None], [False]) == 0.0
    assert weight_of([True], [False, False]) == good
    assert weight_of([True], [True, True]) == lax
    assert weight_of([True], [True, False]) == careless
    # Three of four good ones suffice, two do not; ten lax ones change nothing.
    voters = [Voter(good, [n < 3, n < 2]) for n in range(4)]
    assert set(elected(voters, 2)) == {0}
    assert set(elected([*voters, *(Voter(lax, [True, True]) for _ in range(4))], 2)) == {0}
    assert not elected([Voter(lax, [True]) for _ in range(4)], 1)
    assert not elected([Voter(0.0, [True])], 1)
    assert not elected([], 1)


@pytest.mark.parametrize("seed", range(3))
def test_broken_inputs_are_broken(seed: int) -> None:
    actual = broken_inputs(PUBLIC, 14, seed)
    assert len(actual) >= 10
    for content in actual:
        with pytest.raises((ValueError, IndexError, AssertionError)):
            assert is_valid(content)


@pytest.mark.local
def test_only_missing_cells_are_run(pool: Pool) -> None:
    table = BehaviourTable("p/evidence", Equality())
    table.add_inputs([b"1\n", b"0\n"])
    built = {
        name: pool.compile(languages.source("python3", text)).executable
        for name, text in {"inverse": "print(6 // int(input()))", "loop": "while 1: pass"}.items()
    }
    programs = [(name, one) for name, one in built.items() if one is not None]
    limits = RunLimits(cpu_s=0.3)
    rows = {
        row.program_id: row.keys
        for row in fill(table, programs, pool, FillOptions(limits, workers=1))
    }
    assert rows["inverse"][1] == "!runtime"
    assert rows["loop"] == ("!time", "!time")
    table.add_inputs([b"2\n"])
    again = {
        row.program_id: row.keys for row in fill(table, programs[:1], pool, FillOptions(limits))
    }
    assert again["inverse"][:2] == rows["inverse"]
    key = again["inverse"][2]
    assert key is not None
    assert table.output(key) == b"3"
    assert list(table.missing("loop")) == [2]
