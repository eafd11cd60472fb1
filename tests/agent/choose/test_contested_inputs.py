"""Programs that hold a subtask say what is right there, unless they contradict each other."""

from __future__ import annotations

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import PolicyRules, View
from medalist.agent.choose.standing import contested_inputs
from medalist.agent.types import Behaviour, Feedback, JudgedSubmission, Program, Submission
from medalist.problems.verdict import Verdict

RULES = PolicyRules("ioi", 30, subtasks={"small": 0.4, "large": 0.6})


def view(**rows: str) -> View:
    """Programs by name, a letter an input: two inputs of both subtasks, then one of the larger."""
    programs = tuple(Program(name, "python", f"# {name}", (f"c/{name}",)) for name in rows)
    behaviours = {
        name: Behaviour.of(name, [f"={letter}" for letter in row]) for name, row in rows.items()
    }
    both = frozenset({"small", "large"})
    return View(programs, behaviours, input_subtasks=(both, both, frozenset({"large"})))


SEEN = view(first="abx", second="acy", right="acz", wrong="qqq", alike="abw")


def holds(name: str, small: float) -> JudgedSubmission:
    verdict = Verdict.PAC if small else Verdict.WA
    return Submission(name, ""), Feedback(verdict, None, {"small": small, "large": 0.0})


def large(*history: JudgedSubmission) -> dict[str, float]:
    chances = ExpectedGain().chances(SEEN, history, RULES)
    return {name: parts["large"] for name, parts in chances.items()}


def test_who_contradicts_the_only_solver_of_a_subtask_is_out() -> None:
    after = large(holds("first", 1.0))
    assert after["right"] == after["wrong"] == 0.0


def test_solvers_that_contradict_each_other_prove_nothing_where_they_do() -> None:
    """The tests of the small subtask miss what our second input shows: who is right is open."""
    history = (holds("first", 1.0), holds("second", 1.0))
    assert contested_inputs(SEEN, history) == {1}
    after = large(*history)
    assert after["right"] > 0.1
    # On the first input, where both agree, it is still known who is wrong.
    assert after["wrong"] == 0.0


def test_the_order_of_the_verdicts_does_not_matter() -> None:
    policy, one, other = ExpectedGain(), holds("first", 1.0), holds("second", 1.0)
    policy.chances(SEEN, (one,), RULES)  # what it thought by then does not stick
    after = policy.chances(SEEN, (one, other), RULES)["right"]["large"]
    assert after == large(one, other)["right"] == large(other, one)["right"]


def test_what_holds_nothing_contests_nothing() -> None:
    history = (holds("first", 1.0), holds("wrong", 0.0), holds("second", 0.5))
    assert contested_inputs(SEEN, history) == frozenset()
    assert large(*history)["right"] == 0.0
