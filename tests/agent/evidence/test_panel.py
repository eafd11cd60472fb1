"""Which checkers have a vote, and what they decide together."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from medalist.agent.evidence.checker_runs import OutputCase, Saying
from medalist.agent.evidence.corrupted_outputs import corrupted_outputs
from medalist.agent.evidence.judged import OutputColumn, alike_by
from medalist.agent.evidence.panel import (
    CheckerTrial,
    PanelVerdict,
    Standing,
    decide,
    results_of,
    standings,
)
from medalist.agent.types import OutcomeKey
from medalist.problems.model import PublicProblem, Sample

YES, NO, NOTHING = Saying(True), Saying(False), Saying(None)


def keys(count: int) -> list[OutcomeKey]:
    return [OutcomeKey(f"={number}") for number in range(count)]


def voting(*weights: float) -> dict[str, Standing]:
    return {f"c{number}": Standing(weight) for number, weight in enumerate(weights)}


def test_a_checker_is_worth_what_it_rejects_of_what_the_others_reject() -> None:
    # Of ten corrupted outputs the last two are right all the same.
    good = CheckerTrial([YES, YES], [NO] * 8 + [YES] * 2)
    blind = CheckerTrial([YES, YES], [NO] * 5 + [YES] * 5)
    table = standings(
        {
            "one": good,
            "two": good,
            "blind": blind,
            "accepts all": CheckerTrial([YES, YES], [YES] * 10),
            "rejects all": CheckerTrial([NO, NO], [NO] * 10),
            "rejects one sample": CheckerTrial([YES, NO], [NO] * 10),
            "never ends": CheckerTrial([NOTHING, NOTHING], [NOTHING] * 10),
            "fails on outputs": CheckerTrial([YES, YES], [NOTHING] * 10),
        }
    )
    assert table["one"].weight == table["two"].weight == 1.0
    assert 0 < table["blind"].weight < 0.8
    without = {name for name, one in table.items() if not one.weight}
    assert without == {
        "accepts all", "rejects all", "rejects one sample", "never ends", "fails on outputs"
    }  # fmt: skip
    assert all(table[name].why for name in without)


def test_any_number_of_checkers_that_accept_all_makes_no_good_one_worse() -> None:
    good = CheckerTrial([YES], [NO] * 9 + [YES])
    lax = {f"lax {number}": CheckerTrial([YES], [YES] * 10) for number in range(9)}
    assert standings({"good": good, **lax})["good"].weight == pytest.approx(0.9)
    assert standings({"good": good, "other": good, **lax})["good"].weight == 1.0


def test_only_the_best_of_valid_outputs_is_right() -> None:
    first, second, third, fourth = keys(4)
    column = OutputColumn(b"1", dict.fromkeys((first, second, third, fourth), b""))
    said = {
        first: Saying(True, Fraction(-5)),
        second: Saying(True, Fraction(-4)),
        third: Saying(False),
        fourth: NOTHING,
    }
    actual, beaten = results_of(column, said, None)
    assert actual == {first: "worse", second: "right", third: "rejected", fourth: None}
    assert not beaten
    # Where the statement shows a right output, nothing may be better than that.
    assert results_of(column, said, Saying(True, Fraction(-4)))[1] is False
    assert results_of(column, said, Saying(True, Fraction(-6)))[1] is True
    assert results_of(column, said, Saying(True, Fraction(-3)))[0][second] == "worse"


def test_values_that_are_no_integers_may_differ_by_rounding() -> None:
    assert not Saying(True, Fraction("0.3")).worse_than(Fraction(0.1 + 0.2))
    assert Saying(True, Fraction("0.3")).worse_than(Fraction("0.31"))
    assert Saying(True, Fraction(10**18)).worse_than(Fraction(10**18 + 1))
    assert not Saying(True).worse_than(Fraction(1))


def decided(*columns: str, weights: tuple[float, ...] = ()) -> PanelVerdict:
    """Let checkers decide; each says `r`ight, `x` or nothing (`?`) of every output."""
    names = keys(len(columns[0]))
    meaning = {"r": "right", "x": "rejected", "w": "worse", "?": None}
    by_name = {
        f"c{number}": [{key: meaning[char]} for key, char in zip(names, text, strict=True)]
        for number, text in enumerate(columns)
    }
    return decide(voting(*(weights or [1.0] * len(columns))), by_name)  # type: ignore[arg-type]


def test_two_thirds_of_the_weight_decide() -> None:
    verdict = decided("rrxxr" * 8, "rrxxr" * 8, "rrxxr" * 7 + "rrxxx")
    assert verdict.abstained is None
    assert verdict.kept == 3
    assert [next(iter(result.values())) for result in verdict.results[-5:]] == [
        "right", "right", "rejected", "rejected", "right"
    ]  # fmt: skip
    assert 0.9 < verdict.trust <= 0.95
    assert decided("rrx", "rrx").trust < decided("rrx", "rrx", "rrx").trust


def test_one_that_departs_from_the_others_is_left_out() -> None:
    verdict = decided("rrrrrxxxxx", "rrrrrxxxxx", "rrrrrxxxxx", "rrxxxxxxrr")
    assert verdict.kept == 3
    assert verdict.standings["c3"].why.startswith("departs")
    assert verdict.abstained is None


def test_where_they_are_divided_they_abstain() -> None:
    verdict = decided("rrrrrxxxxx", "rrrrrxxxxx", "rrxxxxxxrr", "rrxxxxxxrr")
    assert verdict.abstained == "they disagree on 5 of 10 outputs"
    assert verdict.trust == 0.0
    assert verdict.results == ()


def test_too_few_abstain() -> None:
    for few in (decided("rrr"), decided("rrr", "rrr", weights=(0.5, 0.4)), decide({}, {})):
        assert few.abstained is not None
        assert "too little" in few.abstained


def test_what_few_have_a_word_on_is_not_decided() -> None:
    verdict = decided("r?", "r?", "r?", "rx")
    assert list(verdict.results[1].values()) == []
    assert verdict.contested == 0


def test_right_outputs_count_as_equal_and_wrong_ones_as_failures() -> None:
    first, second, third, fourth = keys(4)
    alike = alike_by({first: "rejected", second: "right", third: "right", fourth: "worse"})
    assert alike == {first: "!rejected", third: second, fourth: "!worse"}


def public(*samples: tuple[str, str | None]) -> PublicProblem:
    return PublicProblem(
        problem_id="p",
        statements={"en": "?"},
        samples=tuple(Sample(input=given, output=output) for given, output in samples),
    )


def test_corrupted_outputs_are_distinct_and_none_is_the_samples_own() -> None:
    actual = corrupted_outputs(public(("3\n", "1 2 3\n"), ("1\n", "no\n"), ("2\n", None)), 24, 1)
    assert 16 < len(actual) <= 24
    assert len({(case.input, *case.output.split()) for case in actual}) == len(actual)
    own = {(b"3\n", b"1", b"2", b"3"), (b"1\n", b"no")}
    assert not own & {(case.input, *case.output.split()) for case in actual}
    assert OutputCase(b"3\n", b"") in actual
    assert OutputCase(b"3\n", b"no\n") in actual
    assert all(case.reference is None for case in actual)
    assert actual == corrupted_outputs(
        public(("3\n", "1 2 3\n"), ("1\n", "no\n"), ("2\n", None)), 24, 1
    )


@pytest.mark.parametrize("output", ["", "\n\n", "x", "1\n\n2\n", "é 1.5e3\n" * 9])
def test_any_output_can_be_corrupted(output: str) -> None:
    for seed in range(5):
        assert corrupted_outputs(public(("1\n", output)), 24, seed) is not None
    assert corrupted_outputs(public(), 24, 0) == []


def test_a_wrong_checker_among_four_never_decides() -> None:
    rng = random.Random(7)
    for _ in range(200):
        truth, other = ("".join(rng.choice("rx") for _ in range(40)) for _ in range(2))
        verdict = decided(truth, other, truth, truth)
        assert verdict.abstained is None
        results = [next(iter(result.values())) for result in verdict.results]
        assert results == [{"r": "right", "x": "rejected"}[char] for char in truth]
