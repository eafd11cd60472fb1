"""How many candidates pass the samples says how sure one may be, and not which comes first."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.choose.belief import BeliefWeights
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.features import NAMES, describe, groups
from medalist.agent.choose.policy import PolicyRules, View
from medalist.agent.choose.recorded_pool import Recorded, write_pool
from medalist.agent.types import Behaviour, Feedback, OutcomeKey, Program, Submission
from medalist.problems.verdict import Verdict

ROWS = {"many": ("=1", "=2", "=3"), "few": ("=1", "=5", "=6")}
VOTES = {"many": 4, "few": 2}


def seen(failing: int, known: bool = True, votes: dict[str, int] = VOTES) -> View:
    """Six candidates that pass the sample, in two clusters, and some more that fail it."""
    rows = {**ROWS, **{f"failing{at}": ("=0", "=2", "=3") for at in range(failing)}}
    programs = tuple(
        Program(row, "cpp", f"// {row}", tuple(f"{row}.{at}" for at in range(votes.get(row, 1))))
        for row in rows
    )
    return View(
        programs,
        {one: Behaviour.of(one, keys) for one, keys in rows.items()},
        sample_share={row: float(row in ROWS) for row in rows} if known else {},
        known={0: OutcomeKey("=1")} if known else {},
    )


def problem(name: str, failing: int, right: str) -> Recorded:
    """A problem on which only these programs are right."""
    view = seen(failing)
    verdicts = {
        program.program_id: Verdict.AC if program.program_id == right else Verdict.WA
        for program in view.programs
    }
    return Recorded(name, view, {one: Feedback(verdict) for one, verdict in verdicts.items()})


def fitted(tmp_path: Path, pools: list[list[Recorded]]) -> BeliefWeights:
    """Fit weights on some pools as a user does."""
    pytest.importorskip("numpy", reason="the extra `learn` is not installed")
    paths = [tmp_path / f"pool{number}.jsonl" for number in range(len(pools))]
    for path, rows in zip(paths, pools, strict=True):
        write_pool(path, rows)
    done = medalist("fit", *map(str, paths), "--out", "weights.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return BeliefWeights.load(tmp_path / "weights.json")


def context(weights: BeliefWeights) -> float:
    """What one more share of passing candidates adds to log odds."""
    place = weights.names.index("passing")
    return weights.chances[place] / weights.scales[place]


def test_where_pools_with_more_passing_candidates_are_easier_beliefs_learn_it(
    tmp_path: Path,
) -> None:
    easy = [[problem(f"e{pool}{at}", 0, "many") for at in range(6)] for pool in range(2)]
    hard = [[problem(f"h{pool}{at}", 40, "none") for at in range(6)] for pool in range(2)]
    weights = fitted(tmp_path, [*easy, *hard])
    assert context(weights) > 0.5
    policy = ExpectedGain(weights)
    sure, unsure = (
        policy.chances(seen(failing), [], PolicyRules())["many"][""] for failing in (0, 40)
    )
    assert sure > unsure + 0.2


def test_where_easier_pools_have_fewer_passing_candidates_nothing_is_learned(
    tmp_path: Path,
) -> None:
    pools = [[problem(f"e{at}", 40, "many") for at in range(6)]]
    pools += [[problem(f"h{at}", 0, "none") for at in range(6)]]
    assert context(fitted(tmp_path, pools)) == 0


def test_one_pool_alone_says_nothing_of_others(tmp_path: Path) -> None:
    rows = [problem(f"e{at}", 0, "many") for at in range(4)]
    rows += [problem(f"h{at}", 40, "none") for at in range(4)]
    assert context(fitted(tmp_path, [rows])) == 0


def test_failing_candidates_lower_beliefs_and_change_no_order() -> None:
    policy = ExpectedGain()
    beliefs = []
    for failing in (0, 3, 30):
        chances = policy.chances(seen(failing), [], PolicyRules())
        assert chances["many"][""] > chances["few"][""]
        chosen = policy.decide(seen(failing), [], PolicyRules())
        assert isinstance(chosen, Submission)
        assert chosen.program_id == "many"
        beliefs.append(chances["many"][""])
    assert beliefs == sorted(beliefs, reverse=True)
    assert beliefs[0] > beliefs[-1] + 0.1


def test_without_samples_the_share_that_passes_says_nothing() -> None:
    place = NAMES.index("passing")
    for votes in (VOTES, {"many": 9, "few": 1}):
        view = seen(0, known=False, votes=votes)
        assert {row[place] for row in describe(view, groups(view))} == {0.0}
    view = seen(0)
    assert {row[place] for row in describe(view, groups(view))} == {0.5}
