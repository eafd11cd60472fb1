from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from medalist.agent.choose.baselines import InOrder, LargestCluster
from medalist.agent.choose.consensus import CodeT, ConsensusOf64, MinimumBayesRisk
from medalist.agent.choose.policies import POLICIES
from medalist.agent.choose.policy import ExpectedOutput, Policy, PolicyRules, View
from medalist.agent.choose.policy_replay import (
    Draws,
    compare,
    everything,
    gains,
    gap_closed,
    holm,
    mean_interval,
    measure,
    play,
)
from medalist.agent.choose.recorded_pool import Recorded, read_pool, resample, write_pool
from medalist.agent.types import Behaviour, Feedback, OutcomeKey, Program
from medalist.errors import BadInput
from medalist.problems.verdict import Verdict

ALL: list[Policy] = [make() for make in POLICIES.values()]


def problem(
    rows: dict[str, tuple[int, tuple[str | None, ...], str]],
    claims: tuple[ExpectedOutput, ...] = (),
    name: str = "p",
) -> Recorded:
    """Make a problem from program id -> (votes, keys, verdict)."""
    programs = tuple(
        Program(one, "cpp", "", tuple(f"{one}{vote}" for vote in range(votes)))
        for one, (votes, _, _) in rows.items()
    )
    behaviours = {one: Behaviour.of(one, keys) for one, (_, keys, _) in rows.items()}
    truth = {one: Feedback(Verdict(verdict)) for one, (_, _, verdict) in rows.items()}
    return Recorded(name, View(programs, behaviours, claims=claims), truth)


MAJORITY_WRONG = problem(
    {
        "a": (5, ("=1", "=1", "=1"), "WA"),
        "b": (3, ("=1", "=2", "=3"), "WA"),
        "c": (2, ("=1", "=2", "=4"), "AC"),
        "d": (9, ("!time", "!time", "!time"), "TLE"),
    },
    claims=(
        ExpectedOutput(1, OutcomeKey("=2"), 3),
        ExpectedOutput(2, OutcomeKey("=4"), 2),
        ExpectedOutput(0, OutcomeKey("=9"), 1),
    ),
)
RULES = PolicyRules(submissions=9)


def order(policy: Policy, recorded: Recorded = MAJORITY_WRONG) -> list[str]:
    return [submission.program_id for submission, _ in play(policy, recorded, RULES)]


def test_each_policy_by_its_formula() -> None:
    assert order(LargestCluster()) == ["a", "b", "c"]
    assert order(ConsensusOf64()) == ["a", "b", "c"]
    # a: 10+5+5 votes agree, b: 10+5+3, c: 10+5+2
    assert order(MinimumBayesRisk()) == ["a", "b", "c"]
    # c fulfils 5 claims: 2**.5 * 5, b fulfils 3: 3**.5 * 3
    assert order(CodeT()) == ["c"]


def test_nothing_is_submitted_after_it_is_solved_and_gains_only_grow() -> None:
    for policy in ALL:
        history = play(policy, MAJORITY_WRONG, RULES)
        held = gains(history, RULES)
        assert held == sorted(held)
        assert held[-1] == 1.0
        assert held[:-1] == [0.0] * (len(held) - 1)
    assert everything(MAJORITY_WRONG, RULES) == 1.0


@pytest.mark.parametrize("policy", ALL, ids=lambda policy: policy.name)
def test_labels_of_what_was_not_submitted_change_nothing(policy: Policy) -> None:
    submitted = order(policy)
    for place, program_id in enumerate(submitted):
        rest = {name for name in MAJORITY_WRONG.truth if name not in submitted[: place + 1]}
        flipped = {
            name: Feedback(Verdict.AC if name in rest and not one.solved else one.verdict)
            for name, one in MAJORITY_WRONG.truth.items()
        }
        again = replace(MAJORITY_WRONG, truth=flipped)
        assert order(policy, again)[: place + 1] == submitted[: place + 1], program_id


def test_ioi_gains_are_the_best_of_each_subtask() -> None:
    rules = PolicyRules("ioi", 9, subtasks={"1": 0.25, "2": 0.75})
    history = [
        Feedback(Verdict.PAC, subtasks={"1": 1.0, "2": 0.0}),
        Feedback(Verdict.PAC, subtasks={"1": 0.0, "2": 0.5}),
    ]
    recorded = problem({"a": (1, ("=1",), "PAC"), "b": (1, ("=2",), "PAC")})
    recorded = replace(recorded, truth=dict(zip("ab", history, strict=True)))
    assert gains(play(InOrder(), recorded, rules), rules) == [0.25, 0.625]
    assert everything(recorded, rules) == 0.625


def test_resample_draws_without_replacement() -> None:
    drawn = resample(MAJORITY_WRONG.view, seed=1, candidates=7)
    names = [name for program in drawn.programs for name in program.candidates]
    assert len(names) == len(set(names)) == 7
    everyone = resample(MAJORITY_WRONG.view, seed=1)
    assert everyone.votes == MAJORITY_WRONG.view.votes
    assert resample(MAJORITY_WRONG.view, seed=1).programs == everyone.programs


def test_measure_compares_on_the_same_draws() -> None:
    easy = problem({"a": (1, ("=1",), "AC")}, name="easy")
    hopeless = problem({"a": (1, ("=1",), "WA")}, name="hopeless")
    pool = [MAJORITY_WRONG, easy, hopeless]
    scores = measure(pool, ALL, lambda _: RULES, Draws(submissions=(1, 3), resamples=20))
    assert scores.by_problem["codet"][1] == (1.0, 1.0, 0.0)
    assert scores.by_problem["largest-cluster"] == {1: (0.0, 1.0, 0.0), 3: (1.0, 1.0, 0.0)}
    assert scores.everything == (1.0, 1.0, 0.0)
    low = scores.by_problem["random"][1][0]
    assert 0 < low < 0.5
    gap = gap_closed(scores, "codet", 1)
    assert gap.mean == pytest.approx(1.0)
    assert compare(scores, "codet", "largest-cluster", 1).difference.mean == pytest.approx(1 / 3)
    assert compare(scores, "codet", "codet", 1).p_value == 1.0
    interval = mean_interval(scores.by_problem["codet"][1])
    assert interval.low <= interval.mean <= interval.high


def test_holm_corrects_in_order() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx(
        {"a": 0.03, "c": 0.06, "b": 0.06}
    )


@pytest.mark.parametrize("name", ["pool.jsonl", "pool.jsonl.xz"])
def test_pool_file_round_trip(tmp_path: Path, name: str) -> None:
    write_pool(tmp_path / name, [MAJORITY_WRONG])
    (back,) = read_pool(tmp_path / name)
    assert back.view.clusters == MAJORITY_WRONG.view.clusters
    assert back.view.claims == MAJORITY_WRONG.view.claims
    assert back.truth == MAJORITY_WRONG.truth


def test_a_problem_without_any_program_is_read_back(tmp_path: Path) -> None:
    view = View(
        programs=(),
        behaviours={},
        known={0: OutcomeKey("=1")},
        claims=(ExpectedOutput(2, OutcomeKey("=1"), 1.0),),
    )
    write_pool(tmp_path / "pool.jsonl", [Recorded("empty", view, {})])
    (back,) = read_pool(tmp_path / "pool.jsonl")
    assert back.view.known == view.known


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"keys": [["=1"]]}, "keys has 1 rows for 4 programs"),
        ({"truth": []}, "truth has 0 rows"),
        ({"claims": [[7, "=1", 1]]}, "an input that is not in keys"),
        ({"keys": [["=1"], ["=1"], ["=1"], []]}, "different length"),
        ({"surprise": 1}, "surprise"),
        ({"programs": "no"}, "programs"),
    ],
)
def test_a_bad_pool_is_one_clear_line(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    path = tmp_path / "pool.jsonl"
    write_pool(path, [MAJORITY_WRONG])
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(BadInput, match=message) as caught:
        list(read_pool(path))
    assert "line 1" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_pool_at_all(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        list(read_pool(tmp_path / "missing.jsonl"))
    (tmp_path / "broken.jsonl.xz").write_bytes(b"no xz")
    with pytest.raises(BadInput, match="cannot be read"):
        list(read_pool(tmp_path / "broken.jsonl.xz"))
