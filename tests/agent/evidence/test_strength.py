from __future__ import annotations

from medalist.agent.evidence.brute_force import expected_outputs, recognised
from medalist.agent.evidence.strength import strength
from medalist.agent.types import Behaviour, Program


def row(name: str, *keys: str | None) -> Behaviour:
    return Behaviour.of(name, keys)


def test_kill_rate_survivors_and_the_deadliest_input() -> None:
    leader = row("leader", "=1", "=2", "=3")
    wrong = [row("a", "=1", "=9", "=3"), row("b", "=1", "!time", "=4"), row("same", *leader.keys)]
    actual = strength(leader, wrong)
    assert (actual.killed, actual.total, actual.survivors) == (2, 3, ("same",))
    assert actual.kills == (0, 2, 1)
    assert actual.order() == [1, 2, 0]
    assert actual.rate == 2 / 3
    assert strength(leader, []).rate is None


def test_oracles_agree_or_say_nothing() -> None:
    rows = {
        "a": row("a", "=1", "=2", "!time", "=5"),
        "b": row("b", "=1", "=3", "!time", "=5"),
        "c": row("c", "!runtime", "=2", "=9", "=6"),
        "d": row("d", "=1", "=4", "!time", "=5"),
    }
    assert expected_outputs(rows, ["a", "b", "c", "d", "gone"]) == {0: "=1", 3: "=5"}
    assert expected_outputs(rows, []) == {}


def test_brute_force_is_recognised_by_its_prompt() -> None:
    programs = [Program("x", "cpp", "", ("1", "2")), Program("y", "cpp", "", ("3",))]
    assert recognised(programs, {"1": "direct", "2": "brute", "3": "plan"}) == ["x"]
