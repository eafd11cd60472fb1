"""How the shares of the caps move with what the stages were worth."""

from __future__ import annotations

import pytest

from medalist.agent.steps.budget_shares import LEAST, factors_of
from medalist.agent.steps.stage_worth import StageWorth


def test_a_stage_that_brings_little_for_its_tokens_leaves_more_to_programs() -> None:
    factors = factors_of(
        {
            "sampling": StageWorth(1.0, 20_000),
            "writing": StageWorth(2.0, 20_000),
            "dueling": StageWorth(0.1, 20_000),
        }
    )
    assert factors["writing"] == 1
    assert LEAST <= factors["dueling"] < 1


def test_sampling_is_part_of_what_is_usual() -> None:
    both = {"predicting": StageWorth(1.0, 9000), "dueling": StageWorth(1.0, 9000)}
    assert list(factors_of(both).values()) == pytest.approx([1.0, 1.0])
    beside = factors_of({"sampling": StageWorth(9.0, 9000), **both})
    assert all(one < 1 for one in beside.values())


def test_a_stage_with_few_tokens_moves_little() -> None:
    many = factors_of({"writing": StageWorth(4.0, 40_000), "dueling": StageWorth(0.0, 40_000)})
    few = factors_of({"writing": StageWorth(0.04, 400), "dueling": StageWorth(0.0, 400)})
    assert many["dueling"] < few["dueling"] < 1


@pytest.mark.parametrize("bits", [0.0, 1e9])
def test_no_share_shrinks_by_more_than_half_or_grows(bits: float) -> None:
    factors = factors_of(
        {
            "writing": StageWorth(bits, 1_000_000),
            "predicting": StageWorth(1.0, 1_000_000),
            "dueling": StageWorth(0.0, 1_000_000),
        }
    )
    assert all(LEAST <= one <= 1 for one in factors.values())


def test_where_nobody_brings_anything_more_is_left_for_programs() -> None:
    factors = factors_of({"writing": StageWorth(0.0, 9000), "dueling": StageWorth(0.0, 9000)})
    assert set(factors.values()) == {LEAST}


def test_what_has_asked_all_has_no_share_and_what_was_not_measured_keeps_it() -> None:
    factors = factors_of(
        {
            "sampling": StageWorth(3.0, 50_000),
            "writing": StageWorth(1.0, 9000, finished=True),
            "checking": StageWorth(0.0, 9000),
            "dueling": StageWorth(1.0, 9000),
        }
    )
    assert factors["writing"] == 0
    assert "checking" not in factors
    assert "sampling" not in factors
    assert factors_of({"checking": StageWorth(0.0, 9000, finished=True)}) == {"checking": 0.0}
    assert factors_of({}) == {}
