"""Which inputs are set aside because of what programs do on them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest

from medalist.agent.choose.validity import validity
from medalist.agent.evidence.origin import SAMPLE, Origin
from medalist.agent.types import Behaviour

FIRM = Origin("grammar", 0.9)
GUESSED = Origin("grammar", 0.7, ("n",))


def aside(
    columns: Mapping[str, Sequence[str | None]],
    origins: Sequence[Origin],
    votes: Mapping[str, int] | None = None,
) -> list[int]:
    """Return the inputs that are set aside; `columns` are programs with one key an input."""
    rows = [Behaviour.of(name, tuple(keys)) for name, keys in columns.items()]
    return list(validity(rows, votes or {}, origins).set_aside)


def drawn(
    seed: int, right: int, wrong: int, valid: int, invalid: int
) -> tuple[dict[str, list[str | None]], list[Origin]]:
    """Right programs agree on valid inputs and do what they like on the invalid ones after them."""
    rng = random.Random(seed)
    rows: dict[str, list[str | None]] = {}
    for number in range(right + wrong):
        faulty = rng.random() * 0.5 if number >= right else 0.0
        keys: list[str | None] = [
            f"=w{rng.randint(0, 3)}" if rng.random() < faulty else f"={index}"
            for index in range(valid)
        ]
        keys += [
            "!runtime" if rng.random() < 0.4 else f"=x{rng.randint(0, 5)}" for _ in range(invalid)
        ]
        rows[f"p{number}"] = keys
    return rows, [SAMPLE, *[FIRM] * (valid + invalid - 1)]


@pytest.mark.parametrize("invalid", [1, 5, 20])
@pytest.mark.parametrize("wrong", [0, 5, 12])
def test_inputs_on_which_right_programs_scatter_are_set_aside(invalid: int, wrong: int) -> None:
    missed = kept = 0
    for seed in range(10):
        rows, origins = drawn(seed, 7, wrong, 10, invalid)
        out = aside(rows, origins)
        missed += sum(index not in out for index in range(10, 10 + invalid))
        kept += sum(index in out for index in range(10))
    assert missed <= 0.15 * 10 * invalid
    assert kept <= 3  # of a hundred


@pytest.mark.parametrize("sizes", [(5, 5), (2, 8), (1, 2), (40, 3)])
def test_two_outputs_that_divide_the_programs_are_what_an_input_is_for(
    sizes: tuple[int, int],
) -> None:
    rows = {
        f"{side}{number}": ["=1", "=2", "=3", f"={side}"]
        for side, size in zip("ab", sizes, strict=True)
        for number in range(size)
    }
    assert aside(rows, [SAMPLE, FIRM, FIRM, FIRM]) == []


def test_running_out_of_time_or_memory_says_nothing() -> None:
    rows = {
        f"p{number}": ["=1", "=2", key]
        for number, key in enumerate(
            ["=3", "!time", "!time", "!memory", "!output", "!idle", "!time"]
        )
    }
    assert aside(rows, [SAMPLE, FIRM, FIRM]) == []


def test_crashing_counts_unless_the_input_is_large() -> None:
    rows = {f"p{number}": ["=1", "=2", "!runtime"] for number in range(6)}
    rows["lucky"] = ["=1", "=2", "=3"]
    assert aside(rows, [SAMPLE, FIRM, FIRM]) == [2]
    assert aside(rows, [SAMPLE, FIRM, Origin("large", 0.9)]) == []


def test_a_lone_crash_parts_nobody_where_bounds_are_guessed() -> None:
    rows: dict[str, list[str | None]] = {f"p{number}": ["=1", "=2", "=3"] for number in range(5)}
    rows["p4"] = ["=1", "=2", "!runtime"]
    assert aside(rows, [SAMPLE, FIRM, FIRM]) == []
    assert aside(rows, [SAMPLE, FIRM, GUESSED]) == [2]
    # Who differs elsewhere too is parted by that.
    rows["p4"] = ["=1", "=7", "!runtime"]
    assert aside(rows, [SAMPLE, FIRM, GUESSED]) == []


def test_samples_are_never_set_aside_and_few_programs_say_nothing() -> None:
    scattered = {f"p{number}": [f"={number}", f"={number}"] for number in range(8)}
    assert aside(scattered, [SAMPLE, FIRM]) == [1]
    assert aside({"a": ["=1", "!runtime"], "b": ["=1", "=2"]}, [SAMPLE, GUESSED]) == []
    assert aside({}, []) == []
