"""pass@k and n@k against counting every draw by hand."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from medalist.agent.choose.baselines import LargestCluster
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.journal import Journal
from medalist.agent.report.problem_facts import ProblemFacts
from medalist.agent.report.runs import read_run
from medalist.agent.report.scaling import (
    choice_curves,
    numbers_of_candidates,
    pass_at_k,
    pass_bounds,
    pass_curve,
    solved_from_all,
)
from tests.agent.report.runs import Made, write_problem


@pytest.mark.parametrize("samples", [1, 4, 7])
def test_pass_at_k_is_the_share_of_draws_with_a_right_one(samples: int) -> None:
    for right in range(samples + 1):
        for k in range(1, samples + 1):
            draws = list(combinations(range(samples), k))
            hits = sum(any(item < right for item in draw) for draw in draws)
            assert pass_at_k(samples, right, k) == pytest.approx(hits / len(draws))


def test_pass_at_k_of_many_samples_keeps_its_accuracy() -> None:
    assert pass_at_k(10_000, 1, 5_000) == pytest.approx(0.5)
    assert pass_at_k(10_000, 10_000, 1) == 1.0
    assert pass_at_k(10_000, 0, 10_000) == 0.0


def test_unknown_candidates_give_bounds_and_never_a_guess() -> None:
    actual = pass_bounds(4, 1, 2, 1)
    assert (actual.low, actual.high) == pytest.approx((0.25, 0.75))
    beyond = pass_bounds(4, 0, 0, 5)
    assert (beyond.low, beyond.high) == (0.0, 1.0)
    solved = pass_bounds(4, 1, 0, 5)
    assert (solved.low, solved.high) == (1.0, 1.0)


def read(run: Path) -> tuple[ProblemFacts, ...]:
    return read_run(run).problems


def test_with_as_many_submissions_as_candidates_nothing_is_lost_by_choosing(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        for number, right in enumerate((1, 3, 0)):
            programs = {
                f"right{number}": Made(right, (b"1", b"3"), "AC"),
                f"wrong{number}": Made(5 - right, (b"1", b"2"), "WA"),
            }
            kept = {name: one for name, one in programs.items() if one.votes}
            write_problem(journal, f"p{number}", kept, refused=2, broken=1)
    problems = read(tmp_path)
    counts = numbers_of_candidates(problems)
    assert counts == [1, 2, 4, 8]
    everything = pass_curve(problems, counts)
    chosen = choice_curves(problems, counts, [1, 8], lambda _: ExpectedGain())
    (last, most), (same, actual) = everything.points[-1], chosen[8].points[-1]
    assert last == same == 8
    assert (actual.low, actual.high) == pytest.approx((most.low, most.high))
    for (_, one), (_, eight) in zip(chosen[1].points, chosen[8].points, strict=True):
        assert one.low <= eight.low


def test_candidates_without_a_program_are_drawn_too(tmp_path: Path) -> None:
    programs = {"right": Made(2, (b"1", b"3"), "AC"), "wrong": Made(2, (b"1", b"2"), "WA")}
    with Journal.open(tmp_path) as journal:
        write_problem(journal, "p", programs, refused=3, broken=1)
    problems = read(tmp_path) * 60
    actual = choice_curves(problems, [1, 2], [1, 2], lambda _: ExpectedGain())
    one, two = (actual[2].points[place][1] for place in (0, 1))
    # 1200 draws each: within five standard errors of the share of draws with a right candidate.
    assert one.low == pytest.approx(pass_at_k(8, 2, 1), abs=0.065)
    assert two.low == pytest.approx(pass_at_k(8, 2, 2), abs=0.072)


def test_a_play_that_meets_an_unknown_verdict_ends_there(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        programs = {
            "wrong": Made(6, (b"1", b"2"), "WA"),
            "dark": Made(3, (b"1", b"3"), None),
            "right": Made(1, (b"1", b"4"), "AC"),
        }
        write_problem(journal, "p", programs)
    (problem,) = read(tmp_path)
    assert (problem.right, problem.unknown) == (1, 3)
    actual = solved_from_all([problem], [1, 2, 3], lambda _: LargestCluster())
    assert (actual[1].low, actual[1].high) == (0.0, 0.0)
    assert (actual[2].low, actual[2].high) == (0.0, 1.0)
    assert (actual[3].low, actual[3].high) == (0.0, 1.0)
