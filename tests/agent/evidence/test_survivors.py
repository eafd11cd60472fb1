"""Thousands of programs: which of them are run on every input."""

import random

import pytest

from medalist.agent.evidence.survivors import survivors
from medalist.agent.types import Behaviour


def row(name: str, *keys: str) -> Behaviour:
    return Behaviour.of(name, keys, (0.0,) * len(keys))


def test_few_programs_all_survive() -> None:
    assert survivors([row("b", "1"), row("a", "2")], 2) == ["b", "a"]
    assert survivors([], 2) == []


@pytest.mark.parametrize("seed", range(5))
def test_shared_behaviours_survive_and_the_majority_stays_one(seed: int) -> None:
    rows = [row(f"right{n}", "=7") for n in range(500)]
    rows += [row(f"rival{n}", "=8") for n in range(250)]
    rows += [row(f"pair{n}", "=9") for n in range(2)]
    rows += [row(f"odd{n}", f"={n + 100}") for n in range(1000)]
    random.Random(seed).shuffle(rows)
    actual = survivors(rows, 200)
    assert len(actual) == len(set(actual)) == 200
    assert actual == [line.program_id for line in rows if line.program_id in set(actual)]
    kinds = [name.rstrip("0123456789") for name in actual]
    assert kinds.count("pair") == 2
    assert kinds.count("right") > kinds.count("rival") > 5


def test_places_that_no_class_needs_go_by_the_order_given() -> None:
    rows = [row("odd", "=1"), *(row(f"right{n}", "=7") for n in range(10))]
    assert survivors(rows, 4) == ["odd", "right0", "right1", "right2"]
