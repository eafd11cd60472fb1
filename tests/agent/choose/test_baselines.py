from __future__ import annotations

import pytest

from medalist.agent.choose.baselines import InOrder, LargestCluster, RandomOrder
from medalist.agent.choose.policy import Policy, PolicyRules, Stop, View
from medalist.agent.types import Behaviour, Feedback, JudgedSubmission, Program, Submission
from medalist.problems.verdict import Verdict

POLICIES: list[Policy] = [RandomOrder(), InOrder(), LargestCluster()]
REJECTED = Feedback(Verdict.WA)


def view(keys: dict[str, tuple[str | None, ...]], votes: dict[str, int], **more: object) -> View:
    programs = tuple(
        Program(name, "cpp", name, tuple(f"{name}{n}" for n in range(votes.get(name, 1))))
        for name in keys
    )
    rows = {name: Behaviour.of(name, row) for name, row in keys.items() if row}
    return View(programs, rows, **more)  # type: ignore[arg-type]


def submitted(policy: Policy, seen: View, submissions: int = 99) -> list[str]:
    """Everything a policy submits while all is rejected."""
    history: list[JudgedSubmission] = []
    while isinstance(
        decision := policy.decide(seen, history, PolicyRules(submissions=submissions)), Submission
    ):
        history.append((decision, REJECTED))
    return [submission.program_id for submission, _ in history]


SEEN = view(
    {"a": ("=1",), "b": ("=2",), "c": ("=2",), "d": ("!time",), "e": ("=2",)}, {"a": 4, "c": 2}
)


def test_largest_cluster_goes_round() -> None:
    assert submitted(LargestCluster(), SEEN) == ["a", "c", "d", "b", "e"]


def test_random_depends_on_the_seed_and_on_votes() -> None:
    orders = [
        tuple(submitted(RandomOrder(), view({"a": ("=1",), "b": ("=2",)}, {"a": 9}, seed=seed)))
        for seed in range(200)
    ]
    assert set(orders) == {("a", "b"), ("b", "a")}
    assert 0.82 < orders.count(("a", "b")) / 200 < 0.98


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_nothing_is_submitted_twice_nor_over_the_limit(policy: Policy) -> None:
    assert sorted(submitted(policy, SEEN)) == ["a", "b", "c", "d", "e"]
    assert len(submitted(policy, SEEN, submissions=2)) == 2
    assert submitted(policy, view({}, {})) == []


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_programs_that_fail_the_samples_come_last(policy: Policy) -> None:
    share = {"a": 0.0, "c": 0.5}
    seen = view(
        {"a": ("=1",), "b": ("=2",), "c": ("=2",), "d": ("=3",)},
        {"a": 50, "c": 20},
        sample_share=share,
    )
    assert submitted(policy, seen)[-2:] == ["c", "a"]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_a_solved_problem_is_left_alone(policy: Policy) -> None:
    decision = policy.decide(
        SEEN, [(Submission("a", ""), Feedback(Verdict.AC))], PolicyRules(submissions=9)
    )
    assert isinstance(decision, Stop)
