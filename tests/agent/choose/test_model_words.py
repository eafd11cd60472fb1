"""What predicted tests, duels and mutants may change of a choice, and what they may not."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from medalist.agent.choose.consensus import Aces
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.model_words import trust_in_suite
from medalist.agent.choose.policies import POLICIES
from medalist.agent.choose.policy import ExpectedOutput, PolicyRules, View
from medalist.agent.choose.predicted_tests import aces_weights
from medalist.agent.types import Behaviour, Duel, OutcomeKey, Program, Submission

RULES = PolicyRules()
WIDTH = 20


def view(rows: Mapping[str, tuple[int, Sequence[str]]], **more: object) -> View:
    """Rows: program to its votes and its outcome keys."""
    programs = tuple(
        Program(name, "python", name, tuple(f"{name}.{vote}" for vote in range(votes)))
        for name, (votes, _) in rows.items()
    )
    behaviours = {name: Behaviour.of(name, keys) for name, (_, keys) in rows.items()}
    return View(programs, behaviours, **more)  # type: ignore[arg-type]


def chosen(seen: View, policy: str = "medalist") -> str:
    decision = POLICIES[policy]().decide(seen, (), RULES)
    assert isinstance(decision, Submission)
    return decision.program_id


def belief(seen: View, name: str) -> float:
    return ExpectedGain().gain_of(seen, (), RULES, name)


def predicting(keys: Sequence[str], inputs: Sequence[int]) -> tuple[ExpectedOutput, ...]:
    return tuple(ExpectedOutput(index, OutcomeKey(keys[index]), predicted=True) for index in inputs)


def drawn(rng: random.Random, agreeing: int, others: int) -> View:
    """One program of many candidates, and others that differ from it here and there."""
    right = [f"={index}" for index in range(WIDTH)]
    rows: dict[str, tuple[int, Sequence[str]]] = {"right": (agreeing, right)}
    number = 0
    while others > 0:
        votes = rng.randint(1, others)
        others -= votes
        number += 1
        share = rng.choice((0.1, 0.3, 0.7, 1.0))
        keys = [f"{key}{rng.choice('xy')}" if rng.random() < share else key for key in right]
        rows[f"wrong{number}"] = (votes, [f"{keys[0]}z", *keys[1:]])
    return view(rows)


def test_weights_are_those_of_the_paper() -> None:
    # Four candidates, three tests; the third contradicts the ranking by the other two.
    passed = [(True, True, False), (True, False, False), (False, False, True), (False, False, True)]
    weights = aces_weights(passed, [1, 1, 1, 1])
    # Held out, the first test is passed by candidates of 1 and 0 other tests, failed by two of 1:
    # of four pairs two are ties and two the wrong way round.
    assert weights[0] == 0.0
    # The second is passed by one of 1 other test, failed by three of 1.
    assert weights[1] == 0.0
    assert weights[2] == 0.0
    agreeing = [(True, True, True), (True, True, False), (False, False, False)]
    first, second, third = aces_weights(agreeing, [2, 1, 1])
    # Passed by three of four: 2 of 2 other tests twice, 1 once, against 0. All pairs agree.
    assert first == second == pytest.approx(0.5 * (3 / 4) * (1 / 4))
    # Passed by two of four, with 2 other tests, against one with 2 and one with 0.
    assert third == pytest.approx((0.75 - 0.5) * (1 / 2) * (1 / 2))
    assert aces_weights([(True, False), (True, False)], [3, 4]) == [0.0, 0.0]
    assert aces_weights([], []) == []


def test_a_candidate_that_comes_twice_counts_twice() -> None:
    rows = [(True, True), (True, False), (False, False)]
    assert aces_weights(rows, [2, 1, 3]) == pytest.approx(
        aces_weights([rows[0], *rows, rows[2], rows[2]], [1] * 6)
    )


def test_right_tests_turn_a_wrong_majority() -> None:
    right = [f"={index}" for index in range(WIDTH)]
    wrong = [f"{key}x" if index % 4 == 0 else key for index, key in enumerate(right)]
    seen = view({"wrong": (9, wrong), "right": (7, right)})
    assert chosen(seen) == "wrong"
    with_tests = replace(seen, claims=predicting(right, (0, 4, 8, 12, 1, 2)))
    for policy in ("medalist", "codet", "aces"):
        assert chosen(with_tests, policy) == "right"
    assert belief(with_tests, "right") > belief(seen, "right")


@pytest.mark.parametrize("count", [1, 4, 16, 200])
def test_wrong_tests_do_not_turn_a_wide_majority(count: int) -> None:
    for seed in range(60):
        rng = random.Random(f"{count}/{seed}")
        seen = drawn(rng, agreeing=rng.choice((8, 80)), others=2)
        if chosen(seen) != "right":
            continue
        # The worst that can be: every output is wrong, and just what one wrong program prints.
        names = [program.program_id for program in seen.programs]
        liar = seen.behaviours[rng.choice(names[1:])].keys
        wrong = [index for index in range(WIDTH) if liar[index] != f"={index}"]
        places = [rng.choice(wrong) for _ in range(count)]
        claims = predicting([str(key) for key in liar], places)
        assert chosen(replace(seen, claims=claims)) == "right", seed
        nonsense = tuple(claim._replace(key=OutcomeKey("=nonsense")) for claim in claims)
        assert chosen(replace(seen, claims=nonsense)) == "right", seed
        assert belief(replace(seen, claims=nonsense), "right") == pytest.approx(
            belief(seen, "right")
        )


def test_tests_that_only_a_model_predicted_are_no_claims_of_oracles() -> None:
    seen = view({"a": (3, ["=1", "=2"]), "b": (2, ["=1", "=3"])})
    said = replace(seen, claims=predicting(["=1", "=3"], (1,)))
    sure = replace(seen, claims=(ExpectedOutput(1, OutcomeKey("=3"), 2.0, oracle=True),))
    assert belief(seen, "b") < belief(said, "b") < belief(sure, "b")


def test_with_many_right_answers_a_predicted_output_says_nothing() -> None:
    seen = view({"a": (3, ["=1", "=2"]), "b": (2, ["=1", "=3"])}, likeness={"a": 1.0, "b": 1.0})
    said = replace(seen, claims=predicting(["=1", "=3"], (1,)))
    assert belief(said, "a") == belief(seen, "a")


def test_aces_goes_by_votes_where_tests_say_nothing() -> None:
    seen = view({"a": (2, ["=1"]), "b": (5, ["=2"])})
    assert Aces().decide(seen, (), RULES) == Aces().decide(replace(seen, claims=()), (), RULES)
    assert chosen(seen, "aces") == "b"


PAIRS = [("a", "b"), ("a", "c"), ("b", "c")]


def duels(winner_of: Mapping[tuple[str, str], str | None]) -> tuple[Duel, ...]:
    return tuple(Duel(*pair, winner) for pair, winner in winner_of.items())


def both(pairs: Sequence[tuple[str, str]], winner: str) -> tuple[Duel, ...]:
    return tuple(Duel(*ordered, winner) for pair in pairs for ordered in (pair, pair[::-1]))


def test_duels_won_in_both_orders_decide_what_votes_leave_open() -> None:
    seen = view({"a": (5, ["=1", "=2"]), "b": (4, ["=1", "=3"]), "c": (1, ["=4", "=5"])})
    assert chosen(seen) == "a"
    won = replace(seen, duels=both([("a", "b"), ("b", "c")], "b"))
    assert chosen(won) == "b"
    assert belief(won, "c") < belief(seen, "c")


def test_a_pair_that_is_won_by_a_little_counts_a_little() -> None:
    seen = view({"a": (5, ["=1", "=2"]), "b": (4, ["=1", "=3"])})

    def judged(first: float, second: float) -> float:
        """The belief in b, with the chances of the one shown first: a, then b."""
        said = (
            Duel("a", "b", "a" if first > 0.5 else "b", first),
            Duel("b", "a", "b" if second > 0.5 else "a", second),
        )
        return belief(replace(seen, duels=said), "b")

    assert belief(seen, "b") < judged(0.45, 0.55) < judged(0.2, 0.8) < judged(0.01, 0.99)
    assert judged(0.01, 0.99) <= belief(replace(seen, duels=both([("a", "b")], "b")), "b")
    assert judged(0.9, 0.9) == judged(0.2, 0.2) == pytest.approx(belief(seen, "b"))


def test_a_judge_that_always_says_a_changes_nothing() -> None:
    seen = view({"a": (5, ["=1", "=2"]), "b": (4, ["=1", "=3"]), "c": (1, ["=4", "=5"])})
    first = {pair: pair[0] for item in PAIRS for pair in (item, item[::-1])}
    unread: dict[tuple[str, str], str | None] = dict.fromkeys(first)
    alone: dict[tuple[str, str], str | None] = {("a", "b"): "b"}
    for answers in (first, unread, alone):
        judged = replace(seen, duels=duels(answers))
        assert all(belief(judged, name) == belief(seen, name) for name in "abc")


def test_a_judge_that_is_always_wrong_does_not_turn_a_wide_majority() -> None:
    for seed in range(60):
        seen = drawn(random.Random(seed), agreeing=12, others=2)
        if chosen(seen) != "right":
            continue
        others = [program.program_id for program in seen.programs if program.program_id != "right"]
        lost = [duel for name in others for duel in both([("right", name)], name)] * 9
        assert chosen(replace(seen, duels=tuple(lost))) == "right", seed


def test_weak_inputs_are_believed_less_and_choose_alike() -> None:
    seen = view({"a": (30, ["=1", "=2"]), "b": (2, ["=1", "=3"])})
    listed = [belief(replace(seen, mutants=(killed, 20)), "a") for killed in range(21)]
    assert listed == sorted(listed)
    assert listed[16] == listed[20] == pytest.approx(belief(seen, "a"))
    assert 0.7 * listed[20] < listed[0] < 0.9 * listed[20]
    assert chosen(replace(seen, mutants=(0, 20))) == "a"
    # One or two mutants say little.
    assert trust_in_suite((0, 1)) > trust_in_suite((0, 5)) > trust_in_suite((0, 50)) > 0.75
    assert trust_in_suite((0, 0)) == trust_in_suite(None) == 1.0
