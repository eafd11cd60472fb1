"""`medalist scale`: the law, curves, frontier and the three numbers, against known ones."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from medalist.agent.journal import Journal
from tests.agent.report.runs import Made, write_problem
from tests.agent.scale.synthetic import (
    A,
    B,
    evidence,
    points,
    refused,
    right_by_law,
    scaled,
    write_evidence,
    write_labels,
)


def test_the_law_of_a_pool_that_follows_one_is_found_within_its_interval(tmp_path: Path) -> None:
    write_labels(tmp_path / "pool.jsonl", right_by_law(200, 256), 256)
    (one,) = scaled(tmp_path, "pool.jsonl")["strategies"]
    law, test = one["law"], one["held_out"]
    assert law["error"] < 0.01
    assert law["a"]["lo"] < A < law["a"]["hi"]
    assert law["b"]["lo"] < B < law["b"]["hi"]
    assert (law["a"]["value"], law["b"]["value"]) == pytest.approx((A, B), rel=0.05)
    assert test["seen"] == 64
    assert test["most"] == 256
    assert test["error"]["value"] < 0.02 < test["error_of_a_flat_line"]
    assert test["predicted"]["lo"] <= test["measured"] <= test["predicted"]["hi"]
    assert [row["k"] for row in law["beyond"]] == [512, 1024, 2560]
    assert all(row["extrapolated"] for row in law["beyond"])


def test_unlimited_is_the_unbiased_estimate_and_random_stops_at_its_submissions(
    tmp_path: Path,
) -> None:
    write_labels(tmp_path / "pool.jsonl", [1, 2, 0, 8], 8)
    result = scaled(tmp_path, "pool.jsonl", "--submissions", "2")
    every = points(result, "unlimited", None)
    chances = [1 / 4, 1 - math.comb(6, 2) / math.comb(8, 2), 0, 1]
    assert every[2] == pytest.approx(sum(chances) / 4)
    assert points(result, "random", 2) == pytest.approx(
        {1: every[1], 2: every[2], 4: every[2], 8: every[2]}
    )


def test_samples_that_a_pool_does_not_hold_count_as_wrong(tmp_path: Path) -> None:
    write_labels(tmp_path / "pool.jsonl", [2, 2], 4)
    result = scaled(tmp_path, "pool.jsonl", "--samples", "8")
    assert points(result, "unlimited", None)[1] == pytest.approx(0.25)
    assert "more than 3" in refused(tmp_path, "pool.jsonl", "--samples", "3")


def test_a_policy_that_goes_by_evidence_beats_random_and_is_on_the_frontier(
    tmp_path: Path,
) -> None:
    rows = [
        evidence(f"p{n}", {"good": (3, "1", "AC"), "same": (2, "1", "AC"),
                           **{f"bad{m}": (1, f"{m + 2}", "WA") for m in range(7)}})
        for n in range(3)
    ]  # fmt: skip
    write_evidence(tmp_path / "pool.jsonl.xz", rows)
    result = scaled(
        tmp_path, "pool.jsonl.xz", "--policy", "largest-cluster", "--submissions", "1",
        "--plays", "5",
    )  # fmt: skip
    assert points(result, "largest-cluster", 1)[12] == 1.0
    assert points(result, "random", 1)[12] == pytest.approx(5 / 12)
    (best,) = (row for row in result["frontier"] if row["submissions"] == 1)
    assert best["unit"] == "samples"
    assert best["rows"][-1]["curve"] == "pool, 1 by largest-cluster"
    shares = [row["mean"] for row in best["rows"]]
    assert shares == sorted(shares)
    few, half = result["three_numbers"]
    assert few["all"]["mean"] == few["random"]["mean"] == 1.0
    assert half["submissions"] == "0.5 % of the samples"
    assert half["random"]["mean"] == pytest.approx(5 / 12)
    assert half["chosen"]["largest-cluster"]["mean"] == 1.0


def test_points_of_subtasks_count_and_the_law_is_of_whole_solutions(tmp_path: Path) -> None:
    rows = [
        evidence("p", {"half": (2, "1", "PAC"), "bad": (2, "2", "WA")}, subtasks=True),
        evidence("q", {"all": (2, "1", "AC"), "bad": (2, "2", "WA")}, subtasks=True),
    ]
    write_evidence(tmp_path / "pool.jsonl", rows)
    result = scaled(tmp_path, "pool.jsonl", "--plays", "2")
    assert points(result, "unlimited", None)[4] == pytest.approx(0.75)
    law = result["strategies"][0]["law"]
    assert math.exp(-law["a"]["value"] * 4 ** -law["b"]["value"]) == pytest.approx(0.5, abs=0.1)


def test_the_three_numbers_alone(tmp_path: Path) -> None:
    write_labels(tmp_path / "pool.jsonl", [4, 0], 400)
    result = scaled(tmp_path, "pool.jsonl", "--three-numbers")
    assert [*result] == ["three_numbers"]
    few, half = result["three_numbers"]
    assert few["random"]["mean"] == pytest.approx((1 - math.comb(396, 50) / math.comb(400, 50)) / 2)
    assert half["random"]["mean"] == pytest.approx((1 - math.comb(396, 2) / math.comb(400, 2)) / 2)
    assert few["all"]["mean"] == half["all"]["mean"] == 0.5
    assert few["chosen"] == {}
    assert "curves" in refused(tmp_path, "pool.jsonl", "--three-numbers", "--pictures", "out")


def test_strategies_are_compared_at_the_same_tokens_and_dollars(tmp_path: Path) -> None:
    good, bad = Made(1, (b"1", b"3"), "AC"), Made(7, (b"1", b"2"), "WA")
    for name, usd, right in (("cheap", 0.001, good), ("dear", 0.016, Made(4, (b"1", b"3"), "AC"))):
        with Journal.open(tmp_path / name) as journal:
            for problem in ("p", "q"):
                programs = {"right": right, "wrong": Made(8 - right.votes, bad.outputs, "WA")}
                write_problem(journal, problem, programs, usd=usd)
    result = scaled(tmp_path, "cheap", "dear", "--submissions", "1", "--plays", "2")
    assert result["units"] == ["samples", "tokens", "dollars", "seconds"]
    best = {
        record["unit"]: [row["curve"] for row in record["rows"]]
        for record in result["frontier"]
        if record["submissions"] is None
    }
    # With all eight samples both solve everything; before that the dear one is ahead.
    assert best["samples"] == ["dear, unlimited"] * 3 + ["cheap, unlimited"]
    assert best["dollars"][0] == "cheap, unlimited"
    (table,) = (
        row for row in result["matched"] if (row["unit"], row["submissions"]) == ("dollars", None)
    )
    assert table["curves"] == ["cheap, unlimited", "dear, unlimited"]
    assert table["rows"][0]["points"] == [pytest.approx(1 / 8), None]
    assert table["rows"][-1]["points"][0] is None
