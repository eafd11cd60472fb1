"""`medalist replay --held-out`, and the pools of the repository."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.choose.belief import BeliefWeights
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import ExpectedOutput, PolicyRules, View
from medalist.agent.choose.recorded_pool import Recorded, read_pool, write_pool
from medalist.agent.types import Behaviour, Feedback, OutcomeKey, Program, Submission
from medalist.problems.verdict import Verdict

POOLS = Path(__file__).parents[3] / "benchmarks" / "pools"


def problem(name: str, right: str) -> Recorded:
    """Five candidates say one thing, three another, and tests claim what the three say."""
    rows = {"many": ("=1", "=1", "=2", "=2"), "few": ("=1", "=3", "=4", "=2")}
    votes = {"many": 5, "few": 3}
    programs = tuple(
        Program(row, "cpp", f"// {row}", tuple(f"{row}{vote}" for vote in range(votes[row])))
        for row in rows
    )
    return Recorded(
        name,
        View(
            programs,
            {one: Behaviour.of(one, keys) for one, keys in rows.items()},
            claims=(ExpectedOutput(1, OutcomeKey("=3"), 9), ExpectedOutput(2, OutcomeKey("=4"), 9)),
        ),
        {row: Feedback(Verdict.AC if row == right else Verdict.WA) for row in rows},
    )


def test_claims_that_no_fitted_pool_has_count_as_their_authors_use_them(tmp_path: Path) -> None:
    pytest.importorskip("numpy", reason="the extra `learn` is not installed")
    known = [problem(str(number), "many") for number in range(4)]
    pool, weights = tmp_path / "pool.jsonl", tmp_path / "weights.json"
    write_pool(pool, [replace(item, view=replace(item.view, claims=())) for item in known])
    done = medalist("fit", str(pool), "--out", str(weights), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    fitted = BeliefWeights.load(weights)
    apart = [
        dict(zip(fitted.names, column, strict=True)) for column in (fitted.weights, fitted.scales)
    ]
    assert apart[0]["dual"] == pytest.approx(apart[1]["dual"])  # odds as CodeT's score
    assert apart[0]["constant"] == pytest.approx(-2 * apart[1]["constant"])
    chosen = ExpectedGain(fitted).decide(known[0].view, [], PolicyRules())
    assert isinstance(chosen, Submission)
    assert chosen.program_id == "few"


def test_weights_are_fitted_on_the_other_problems(tmp_path: Path) -> None:
    pytest.importorskip("numpy", reason="the extra `learn` is not installed")
    pool = tmp_path / "pool.jsonl"
    firsts = []
    for odd in ("few", "many"):
        write_pool(pool, [*(problem(f"p{at}", "few") for at in range(8)), problem("odd", odd)])
        done = medalist(
            *("replay", pool, "--held-out", "--policy", "medalist", "--submissions", "1"),
            *("--resamples", "1", "--json"),
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr
        firsts.append(json.loads(done.stdout)["policies"]["medalist"]["1"]["mean"])
    # The others say that claims are right; the odd one's own truth is not asked.
    assert firsts == [1.0, pytest.approx(8 / 9)]


def test_a_single_problem_has_no_others(tmp_path: Path) -> None:
    write_pool(tmp_path / "pool.jsonl", [problem("alone", "few")])
    done = medalist("replay", "pool.jsonl", "--held-out", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "medalist: --held-out: there are no other problems to fit on\n"


@pytest.mark.parametrize("pool", sorted(POOLS.glob("*.xz")), ids=lambda path: path.name)
def test_a_pool_of_the_repository_can_be_replayed(pool: Path, tmp_path: Path) -> None:
    done = medalist(
        *("replay", pool, "--policy", "first", "--submissions", "1", "--resamples", "1", "--json"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["problems"] >= 5
    assert result["policies"]["first"]["1"]["mean"] < result["everything"] <= 1
    assert pool.stat().st_size < 2_000_000


@pytest.mark.parametrize("name", ["codeflaws-even", "labelled", "mutants", "embedded"])
def test_pools_of_others_hold_no_source_but_its_length(name: str) -> None:
    rows = list(read_pool(POOLS / f"{name}.pool.jsonl.xz"))
    sources = {program.source for row in rows for program in row.view.programs}
    assert {letter for source in sources for letter in source} == {"x"}
    assert len({row.problem_id for row in rows}) == len(rows)
