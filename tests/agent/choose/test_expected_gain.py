from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from medalist.agent.choose.belief import BeliefWeights, shipped
from medalist.agent.choose.examples import Examples, examples
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.features import NAMES, describe, groups
from medalist.agent.choose.fitting import fit, fit_pools, fit_without
from medalist.agent.choose.policy import ExpectedOutput, More, PolicyRules, SampleMore, Stop, View
from medalist.agent.choose.policy_replay import gains, play
from medalist.agent.choose.recorded_pool import Recorded
from medalist.agent.choose.standing import Updates
from medalist.agent.types import Behaviour, Feedback, OutcomeKey, Program, Submission
from medalist.errors import BadInput
from medalist.problems.verdict import Verdict


def view(rows: Mapping[str, tuple[int, tuple[str | None, ...]]], **more: object) -> View:
    """Make a view from program id -> (votes, keys)."""
    programs = tuple(
        Program(name, "cpp", "", tuple(f"{name}{vote}" for vote in range(votes)))
        for name, (votes, _) in rows.items()
    )
    behaviours = {name: Behaviour.of(name, keys) for name, (_, keys) in rows.items()}
    return View(programs, behaviours, **more)  # type: ignore[arg-type]


def by_size() -> BeliefWeights:
    """A belief that knows nothing but the cluster's size."""
    share = tuple(1.0 if name == "share" else 0.0 for name in NAMES)
    return BeliefWeights(NAMES, (0.0,) * len(NAMES), (1.0,) * len(NAMES), share, 0.0, share)


def flat() -> BeliefWeights:
    """A belief that knows nothing."""
    nothing = (0.0,) * len(NAMES)
    return BeliefWeights(NAMES, nothing, (1.0,) * len(NAMES), nothing, 0.0, nothing)


SEEN = view(
    {
        "a": (5, ("=1", "=1", "=1", "=1")),
        "near": (3, ("=1", "=1", "=1", "=2")),
        "a2": (2, ("=1", "=1", "=1", "=1")),
        "far": (3, ("=7", "=8", "=9", "=9")),
        "dead": (20, ("!runtime", "!time", "!runtime", "!runtime")),
        "odd": (1, ("=1", "=5", "=6", "!time")),
    },
    claims=(ExpectedOutput(0, OutcomeKey("=1"), 2.0), ExpectedOutput(1, OutcomeKey("=8"), 1.0)),
)
RULES = PolicyRules(submissions=9)


def submitted(
    policy: ExpectedGain, seen: View, truth: dict[str, Feedback], rules: PolicyRules
) -> str:
    return " ".join(one.program_id for one, _ in play(policy, Recorded("p", seen, truth), rules))


def all_wrong(seen: View, verdict: Verdict = Verdict.WA) -> dict[str, Feedback]:
    return {program.program_id: Feedback(verdict) for program in seen.programs}


def test_a_rejection_puts_the_cluster_back() -> None:
    policy = ExpectedGain(by_size())
    assert submitted(policy, SEEN, all_wrong(SEEN), RULES) == "a near far odd a2 dead"
    stubborn = ExpectedGain(by_size(), Updates(cluster=1.0))
    assert submitted(stubborn, SEEN, all_wrong(SEEN), RULES).startswith("a a2 near")


def test_a_time_limit_turns_to_faster_members() -> None:
    times = {"a": 1.4, "a2": 0.6, "near": 0.2}
    seen = view({"a": (5, ("=1",)), "a2": (1, ("=1",)), "near": (3, ("=2",))}, time_limit_s=2.0)
    timed = {name: replace(row, cpu_s=(times[name],)) for name, row in seen.behaviours.items()}
    seen = replace(seen, behaviours=timed)
    truth = {"a": Feedback(Verdict.TLE), "a2": Feedback(Verdict.AC), "near": Feedback(Verdict.WA)}
    slow_first = ExpectedGain(by_size(), Updates())
    after = slow_first.chances(seen, [(Submission("a", ""), truth["a"])], RULES)
    assert after["a2"][""] > 5 * after["a"][""]
    assert submitted(ExpectedGain(flat()), seen, truth, RULES).split()[-1] == "a2"


def test_solved_subtasks_filter_those_that_contradict_them() -> None:
    rules = PolicyRules("ioi", 3, subtasks={"1": 30, "2": 70})
    tags = (frozenset({"1", "2"}), frozenset({"2"}))
    seen = view(
        {"partial": (6, ("=1", "=1")), "crowd": (3, ("=2", "=2")), "right": (1, ("=1", "=3"))},
        input_subtasks=tags,
    )
    truth = {
        "partial": Feedback(Verdict.PAC, 30, {"1": 1.0, "2": 0.0}),
        "crowd": Feedback(Verdict.WA, 0, {"1": 0.0, "2": 0.0}),
        "right": Feedback(Verdict.AC, 100, {"1": 1.0, "2": 1.0}),
    }
    with_filter = ExpectedGain(by_size())
    without = ExpectedGain(by_size(), Updates(superset=False))
    assert submitted(with_filter, seen, truth, rules) == "partial right"
    assert submitted(without, seen, truth, rules) == "partial crowd right"
    history = play(with_filter, Recorded("p", seen, truth), rules)
    assert gains(history, rules) == [0.3, 1.0]
    left = with_filter.chances(seen, history[:1], rules)
    assert set(left["right"]) == {"2"}  # a solved subtask has nothing left to gain
    assert left["crowd"] == {"2": 0.0}


def test_a_filter_that_would_leave_nobody_takes_out_nobody() -> None:
    rules = PolicyRules("ioi", 3, subtasks={"1": 30, "2": 70})
    tags = (frozenset({"1", "2"}), frozenset({"2"}))
    rows = {"partial": (6, ("=1", "=1")), "crowd": (3, ("=2", "=2")), "other": (2, ("=3", "=2"))}
    seen = view(rows, input_subtasks=tags)
    truth = {name: Feedback(Verdict.WA, 0, {"1": 0.0, "2": 0.0}) for name in rows}
    truth["partial"] = Feedback(Verdict.PAC, 30, {"1": 1.0, "2": 0.0})
    policy = ExpectedGain(by_size())
    history = [(Submission("partial", ""), truth["partial"])]
    left = policy.chances(seen, history, rules)
    assert left["crowd"]["2"] > left["other"]["2"] > left["partial"]["2"]
    assert submitted(policy, seen, truth, rules) == "partial crowd other"


def test_more_candidates_are_asked_for_while_they_promise_more_than_they_cost() -> None:
    policy = ExpectedGain(by_size())
    cheap, dear = (replace(RULES, more=More(8, cost)) for cost in (0.001, 0.9))
    assert isinstance(policy.decide(SEEN, [], cheap), SampleMore)
    assert isinstance(policy.decide(SEEN, [], dear), Submission)
    begun = [(Submission("far", ""), Feedback(Verdict.WA))]
    assert isinstance(policy.decide(SEEN, begun, cheap), Submission)
    assert isinstance(policy.decide(view({}), [], cheap), SampleMore)
    # Where the answer is as good as certain, nothing more is worth asking for.
    sure = ExpectedGain(replace(by_size(), base=50.0))
    clear = view({"a": (40, ("=1", "=2"))})
    assert isinstance(sure.decide(clear, [], cheap), Submission)


def test_what_a_rejection_takes_goes_to_the_rest() -> None:
    policy = ExpectedGain(by_size(), Updates(cluster=0.0))
    before = policy.chances(SEEN, [], RULES)
    after = policy.chances(SEEN, [(Submission("a", ""), Feedback(Verdict.WA))], RULES)
    lost = before["a"][""]
    assert after["a"][""] == after["a2"][""] == 0.0
    for name in ("near", "far", "odd"):
        assert after[name][""] == pytest.approx(before[name][""] / (1 - lost))


def test_who_is_wrong_on_a_smaller_subtask_is_wrong_on_the_larger() -> None:
    rules = PolicyRules("ioi", 9, subtasks={"all": 60, "small": 40})
    tags = (frozenset({"all", "small"}), frozenset({"all"}))
    seen = view(
        {"a": (5, ("=1", "=1")), "b": (4, ("=1", "=2")), "c": (3, ("=2", "=3"))},
        input_subtasks=tags,
    )
    policy = ExpectedGain(by_size(), Updates(cluster=0.0))
    nothing = Feedback(Verdict.WA, 0, {"all": 0.0, "small": 0.0})
    after = policy.chances(seen, [(Submission("a", ""), nothing)], rules)
    assert after["b"] == {"small": 0.0, "all": 0.0}
    assert after["c"]["all"] <= after["c"]["small"]
    assert after["c"]["all"] > 0


def test_a_subtask_whose_bounds_are_not_known_is_seen_on_all_inputs() -> None:
    rules = PolicyRules("ioi", 9, subtasks={"odd": 60, "all": 40})
    seen = view(
        {"a": (5, ("=1", "=1")), "b": (4, ("=1", "=2"))},
        input_subtasks=(frozenset({"all"}), frozenset({"all"})),
    )
    chances = ExpectedGain(by_size()).chances(seen, [], rules)
    assert chances["a"]["odd"] == chances["a"]["all"] > chances["b"]["odd"] > 0


def test_a_slow_program_may_be_fast_enough_for_a_small_subtask() -> None:
    rules = PolicyRules("ioi", 9, subtasks={"all": 60, "small": 40})
    tags = (frozenset({"all", "small"}), frozenset({"all"}))
    seen = view(
        {"slow": (5, ("=1", "=1")), "fast": (5, ("=1", "=1"))},
        input_subtasks=tags,
        time_limit_s=1.0,
    )
    times = {"slow": (0.0, 0.9), "fast": (0.0, 0.1)}
    rows = {name: replace(row, cpu_s=times[name]) for name, row in seen.behaviours.items()}
    chances = ExpectedGain(by_size()).chances(replace(seen, behaviours=rows), [], rules)
    assert chances["slow"]["small"] == chances["fast"]["small"]
    assert chances["slow"]["all"] < 0.5 * chances["fast"]["all"]


def test_where_a_rejection_costs_it_stops() -> None:
    rules = PolicyRules("codeforces", 9, wrong_cost=0.9)
    decision = ExpectedGain(by_size()).decide(SEEN, [], rules)
    assert isinstance(decision, Stop)
    assert "promises" in decision.reason


def test_what_was_worked_out_for_one_history_serves_another() -> None:
    policy = ExpectedGain(by_size())
    wrong = [(Submission(name, ""), Feedback(Verdict.WA)) for name in ("a", "near", "far")]
    for history in ([], wrong[:1], wrong, wrong[1:], wrong[:2], []):
        fresh = ExpectedGain(by_size())
        assert policy.chances(SEEN, history, RULES) == fresh.chances(SEEN, history, RULES)


@pytest.mark.parametrize("policy", [ExpectedGain(), ExpectedGain(by_size())])
def test_every_program_is_submitted_once(policy: ExpectedGain) -> None:
    names = submitted(policy, SEEN, all_wrong(SEEN), RULES).split()
    assert sorted(names) == sorted(program.program_id for program in SEEN.programs)
    assert names[-1] == "dead"
    empty = view({})
    assert isinstance(policy.decide(empty, [], RULES), Stop)


def test_programs_that_were_never_run_are_the_last_resort() -> None:
    seen = View((*SEEN.programs, Program("unrun", "cpp", "", ("u",) * 1)), SEEN.behaviours)
    assert submitted(ExpectedGain(), seen, all_wrong(seen), RULES).split()[-1] == "unrun"


def test_features_are_finite_and_know_nothing_of_names() -> None:
    clusters = groups(SEEN)
    table = describe(SEEN, clusters)
    assert all(len(row) == len(NAMES) for row in table)
    assert all(abs(value) < 100 for row in table for value in row)
    first = dict(zip(NAMES, table[1], strict=True))
    # Ten voters give the first claim and not the second, with weight 2.
    assert first["dual"] == pytest.approx(math.log(1 + math.sqrt(11) * 2))
    assert first["agreement"] == pytest.approx((11 + 10 + 10 + 7) / 14 / 4)
    without_inputs = view({"a": (1, ()), "b": (2, ())})
    assert len(describe(without_inputs, groups(without_inputs))) == 1


def test_fitting_finds_what_tells_right_from_wrong() -> None:
    problems = []
    for number in range(12):
        rows = {f"r{number}": (4, ("=1", "=2")), f"w{number}": (3, ("=3", "=4"))}
        rows |= {f"x{number}": (2, ("=5", "!time"))}
        truth = {name: Feedback(Verdict.AC if name[0] == "r" else Verdict.WA) for name in rows}
        problems.append(Recorded(str(number), view(rows), truth))
    described = [examples(problem) for problem in problems]
    weights = fit_pools({"": described}, ridge=1.0)
    table = described[0][0].features
    chances = weights.probabilities(list(map(weights.score, table)), list(map(weights.odds, table)))
    assert chances[0] > 0.8
    assert max(chances[1:]) < 0.2
    assert sum(chances) < 1.0  # the rest is for "none of them"
    assert fit_without(described, 0) == fit(described[1:])


def test_what_holds_in_one_pool_only_is_not_taken_for_what_holds_in_all() -> None:
    def pool(right: str) -> list[list[Examples]]:
        rows = {"many": (6, ("=1", "=2", "=3", "=4")), "few": (3, ("=1", "=5", "=6", "=7"))}
        truth = {name: Feedback(Verdict.AC if name == right else Verdict.WA) for name in rows}
        return [examples(Recorded(str(number), view(rows), truth)) for number in range(9)]

    place = NAMES.index("agreement")
    alone = fit_pools({"one": pool("many")}).weights[place]
    both = fit_pools({"one": pool("many"), "other": pool("many")}).weights[place]
    split = fit_pools({"one": pool("many"), "other": pool("few")}).weights[place]
    assert split < 0.2 * alone < 0.3 * both


def test_of_two_clusters_that_are_equal_neither_is_sure() -> None:
    seen = view({"a": (2, ("=1", "=2", "=3")), "b": (2, ("=1", "=4", "=5"))})
    chances = ExpectedGain().chances(seen, [], RULES)
    assert chances["a"][""] == pytest.approx(chances["b"][""], rel=0.01)
    assert chances["a"][""] + chances["b"][""] < 1
    more = view({"a": (4, ("=1", "=2", "=3")), "b": (2, ("=1", "=4", "=5"))})
    sure = ExpectedGain().chances(more, [], RULES)
    assert sure["a"][""] > chances["a"][""] > sure["b"][""]


def test_of_programs_that_behave_alike_the_longest_is_handed_in() -> None:
    sources = {"short": "a = 1", "long": "a = 1 if b else 2", "talks": "a = 1  # " + "why " * 20}
    seen = view(dict.fromkeys(sources, (1, ("=1", "=2"))))
    programs = tuple(Program(name, "python", source, (name,)) for name, source in sources.items())
    first = ExpectedGain().decide(replace(seen, programs=programs), (), RULES)
    assert isinstance(first, Submission)
    assert first.program_id == "long"


def test_weights_survive_a_file_and_are_refused_for_other_features(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    shipped().save(path)
    assert BeliefWeights.load(path) == shipped()
    path.write_text(path.read_text().replace('"dual"', '"duel"'))
    with pytest.raises(BadInput, match="fit again"):
        BeliefWeights.load(path)
    with pytest.raises(BadInput, match="no weights"):
        BeliefWeights.load(tmp_path / "missing.json")


def test_what_contradicts_a_sample_is_wrong_and_has_no_vote() -> None:
    rows = {
        "crowd": (30, ("=9", "=1", "=1")),
        "right": (2, ("=0", "=2", "=2")),
        "other": (1, ("=0", "=3", "=2")),
    }
    seen = view(rows, known={0: OutcomeKey("=0")}, sample_share={"crowd": 0.0})
    chances = ExpectedGain(by_size()).chances(seen, [], RULES)
    without = view(
        {name: row for name, row in rows.items() if name != "crowd"}, known={0: OutcomeKey("=0")}
    )
    assert chances["crowd"][""] == 0.0
    assert chances["right"] == ExpectedGain(by_size()).chances(without, [], RULES)["right"]
    assert submitted(ExpectedGain(by_size()), seen, all_wrong(seen), RULES) == "right other crowd"


def test_a_partial_solution_may_be_right_where_no_sample_speaks_against_it() -> None:
    rules = PolicyRules("ioi", 9, subtasks={"all": 60, "small": 40})
    tags = (frozenset({"all"}), frozenset({"all", "small"}))
    seen = view(
        {"partial": (30, ("=9", "=1")), "right": (4, ("=0", "=2"))},
        input_subtasks=tags,
        known={0: OutcomeKey("=0")},
        sample_share={"partial": 0.0},
    )
    chances = ExpectedGain(by_size()).chances(seen, [], rules)
    assert chances["partial"]["all"] == 0.0
    assert 0.0 < chances["partial"]["small"] < chances["right"]["small"]


@pytest.mark.parametrize("votes", [(1, 1), (7, 1), (1, 2)])
def test_who_gives_what_is_claimed_is_believed_before_who_does_not(votes: tuple[int, int]) -> None:
    rows = {
        "right": (votes[0], tuple(f"=r{n}" for n in range(40))),
        "wrong": (votes[1], ("=r0", *(f"=w{n}" for n in range(1, 40)))),
    }
    seen = view(
        rows,
        claims=tuple(ExpectedOutput(n, OutcomeKey(f"=r{n}"), 2.0, oracle=True) for n in range(40)),
    )
    chances = ExpectedGain().chances(seen, [], RULES)
    assert chances["right"][""] > chances["wrong"][""]
