"""Faults seen in published code, each as a test that it cannot happen here."""

from __future__ import annotations

from typing import cast

import pytest

from medalist.agent.choose.policies import POLICIES
from medalist.agent.choose.policy import Policy, PolicyRules, Stop, View
from medalist.agent.choose.policy_replay import play
from medalist.agent.choose.published import GenCluster, O1Ioi, SStar
from medalist.agent.choose.recorded_pool import Recorded
from medalist.agent.submit.contest_judge import ContestJudge
from medalist.agent.submit.feedback_rules import FeedbackRules
from medalist.agent.types import Behaviour, Duel, Feedback, Program, Submission
from medalist.errors import BadInput
from medalist.problems.model import PublicProblem
from medalist.problems.secret import Group, Problem, SecretProblem
from medalist.problems.verdict import Verdict
from medalist.sandbox.pool import Pool

EVERY = [make() for make in POLICIES.values()]


def view(rows: dict[str, tuple[int, tuple[str | None, ...]]], **more: object) -> View:
    programs = tuple(
        Program(name, "cpp", "x" * (10 + place), tuple(f"{name}{vote}" for vote in range(votes)))
        for place, (name, (votes, _)) in enumerate(rows.items())
    )
    behaviours = {name: Behaviour.of(name, keys) for name, (_, keys) in rows.items()}
    return View(programs, behaviours, **more)  # type: ignore[arg-type]


THREE = view({"a": (5, ("=1",)), "b": (3, ("=2",)), "c": (2, ("=3",)), "d": (1, ("=1",))})


def submitted(
    policy: Policy, seen: View, truth: dict[str, Feedback], rules: PolicyRules
) -> list[str]:
    return [one.program_id for one, _ in play(policy, Recorded("p", seen, truth), rules)]


def rejected(seen: View) -> dict[str, Feedback]:
    return {program.program_id: Feedback(Verdict.WA) for program in seen.programs}


@pytest.mark.parametrize("policy", EVERY, ids=lambda policy: policy.name)
def test_an_exhausted_cluster_burns_no_submission_and_code_is_never_resubmitted(
    policy: Policy,
) -> None:
    made = submitted(policy, THREE, rejected(THREE), PolicyRules(submissions=50))
    assert sorted(made) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("policy", EVERY, ids=lambda policy: policy.name)
def test_programs_without_outcomes_burn_no_submission(policy: Policy) -> None:
    known = {name: row for name, row in THREE.behaviours.items() if name != "a"}
    seen = View(THREE.programs, known)
    made = submitted(policy, seen, rejected(seen), PolicyRules(submissions=50))
    assert len(made) == len(set(made))
    assert {"b", "c", "d"} <= set(made)
    if policy.name not in ("random", "first"):
        assert made[0] != "a"


def test_an_unparsable_answer_of_the_model_picks_nobody() -> None:
    told = view(
        {"a": (1, ("=1",)), "b": (2, ("=2",))},
        duels=(Duel("a", "b", "a"), Duel("b", "a", "a")),
    )
    silent = view(
        {"a": (1, ("=1",)), "b": (2, ("=2",))},
        duels=(Duel("a", "b", None), Duel("b", "a", None), Duel("a", "gone", "gone")),
    )
    for policy in (GenCluster(), SStar()):
        assert submitted(policy, told, rejected(told), PolicyRules())[0] == "a"
        assert submitted(policy, silent, rejected(silent), PolicyRules())[0] == "b"


def test_answers_that_depend_on_the_order_count_for_nobody() -> None:
    swayed = view(
        {"a": (1, ("=1",)), "b": (2, ("=2",))}, duels=(Duel("a", "b", "a"), Duel("b", "a", "b"))
    )
    assert submitted(SStar(), swayed, rejected(swayed), PolicyRules())[0] == "b"


def test_gencluster_takes_the_longest_of_a_cluster_first() -> None:
    assert submitted(GenCluster(), THREE, rejected(THREE), PolicyRules(submissions=4)) == list(
        "dbca"
    )


@pytest.mark.parametrize("policy", EVERY, ids=lambda policy: policy.name)
def test_crash_timeout_and_empty_output_are_no_agreement(policy: Policy) -> None:
    seen = view(
        {
            "empty": (1, ("=e3b0c44298fc1c14",)),
            "crash": (1, ("!runtime",)),
            "slow": (1, ("!time",)),
            "flood": (1, ("!output",)),
        }
    )
    assert len(seen.clusters) == 4
    if policy.name not in ("random", "first"):
        first = submitted(policy, seen, rejected(seen), PolicyRules(submissions=1))
        assert first == ["empty"]


def test_solved_subtasks_are_recognised() -> None:
    rules = PolicyRules("ioi", 10, subtasks={"1": 20.0, "2": 80.0})
    tags = (frozenset({"1", "2"}), frozenset({"2"}))
    seen = view(
        {"low": (5, ("=1", "=0")), "wrong": (4, ("=9", "=5")), "full": (1, ("=1", "=5"))},
        input_subtasks=tags,
    )
    truth = {
        "low": Feedback(Verdict.PAC, 20, {"1": 1.0, "2": 0.0}),
        "wrong": Feedback(Verdict.WA, 0, {"1": 0.0, "2": 0.0}),
        "full": Feedback(Verdict.PAC, 80, {"1": 0.0, "2": 1.0}),
    }
    held = [(Submission("low", ""), truth["low"])]
    for policy in (O1Ioi(), POLICIES["medalist"]()):
        # "wrong" has more votes, but contradicts the solver of subtask 1 inside its bounds.
        after = policy.decide(seen, held, rules)
        assert isinstance(after, Submission)
        assert after.program_id == "full"
        made = submitted(policy, seen, truth, rules)
        assert {"low", "full"} <= set(made)


def test_zero_tests_are_an_error_and_no_full_score() -> None:
    secret = SecretProblem(groups=(Group("secret", tests=(), aggregate="min"),))
    public = PublicProblem(problem_id="p", statements={"en": "Add."})
    with pytest.raises(BadInput, match="no tests"):
        ContestJudge(Problem(public, secret), FeedbackRules(), cast("Pool", None))


@pytest.mark.parametrize("policy", EVERY, ids=lambda policy: policy.name)
def test_no_program_is_a_stop_and_not_an_error(policy: Policy) -> None:
    assert isinstance(policy.decide(View((), {}), (), PolicyRules()), Stop)
