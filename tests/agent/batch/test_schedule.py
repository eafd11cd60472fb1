"""Where a batch's budget goes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from medalist.agent.batch.cohort import Cohort, Task
from medalist.agent.batch.plan import Planned
from medalist.agent.batch.schedule import CAP, Round, ScheduleTerms, gain, next_wave, outlook
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import PolicyRules, View
from medalist.agent.journal import Journal
from medalist.agent.types import Behaviour, Feedback, Program, Submission
from medalist.problems.verdict import Verdict

TERMS = ScheduleTerms(share=8, first=2, step=2)
PROBLEMS = [Planned(f"p{number}", f"/p{number}") for number in range(12)]


def stands(name: str, wanted: int) -> Round:
    """How a problem of some difficulty stands after so many candidates; always the same."""
    chance = int(name[1:]) / 14
    draw = random.Random(name)
    right = sum(draw.random() < chance for _ in range(wanted))
    solved = 1 - 0.5**right
    return Round(wanted, wanted, solved, 0.0, tokens=wanted * (100 + int(name[1:])))


def play(
    folder: Path, *, seed: int, kill_after: int = 0, finished: frozenset[str] = frozenset()
) -> dict[str, int]:
    """Work through a cohort in some order, and return how many candidates each problem got.

    With `kill_after` the session ends after so many tasks.
    """
    draw = random.Random(seed)
    got: dict[str, int] = {}
    with Journal.open(folder) as journal:
        cohort = Cohort(0, PROBLEMS, TERMS, journal, finished)
        tasks = cohort.begin()
        done = 0
        while tasks:
            task: Task = tasks.pop(draw.randrange(len(tasks)))
            name = task.planned.problem_id
            if task.number is None:
                assert name not in got
                got[name] = task.wanted
            else:
                tasks += cohort.explored(name, stands(name, task.wanted))
            done += 1
            if done == kill_after:
                break
    return got


def test_choices_do_not_depend_on_who_is_ready_first(tmp_path: Path) -> None:
    wanted = play(tmp_path / "0", seed=0)
    assert set(wanted) == {problem.problem_id for problem in PROBLEMS}
    for seed in range(1, 8):
        assert play(tmp_path / str(seed), seed=seed) == wanted


def test_a_stopped_cohort_goes_on_with_the_same_choices(tmp_path: Path) -> None:
    wanted = play(tmp_path / "whole", seed=0)
    for kill_after in range(1, 40, 3):
        run = tmp_path / str(kill_after)
        first = play(run, seed=kill_after, kill_after=kill_after)
        rest = play(run, seed=kill_after + 1, finished=frozenset(first))
        assert first | rest == wanted
        assert not first.keys() & rest.keys()


def test_the_budget_is_spent_and_not_more(tmp_path: Path) -> None:
    got = play(tmp_path, seed=3)
    assert sum(got.values()) <= TERMS.share * len(PROBLEMS)
    assert max(got.values()) <= CAP * TERMS.share
    # The easiest one needs little; one in the middle gets more than its share.
    assert got["p11"] < TERMS.share < max(got.values())


def test_a_straggler_is_left_behind_and_joins_again(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        cohort = Cohort(0, PROBLEMS, TERMS, journal, frozenset())
        ready = [task for task in cohort.begin() if task.planned.problem_id != "p5"]
        last = []
        while ready:
            task = ready.pop()
            name = task.planned.problem_id
            if task.number is None:
                last.append(name)
            else:
                ready += cohort.explored(name, stands(name, task.wanted))
            if not ready and cohort.waits:
                ready += cohort.leave_behind()
        assert sorted(last) == sorted(
            problem.problem_id for problem in PROBLEMS if problem.problem_id != "p5"
        )
        late = cohort.explored("p5", stands("p5", TERMS.first))
        assert {task.planned.problem_id for task in late} == {"p5"}


def test_a_broken_problem_holds_nobody_up(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        cohort = Cohort(0, PROBLEMS[:3], TERMS, journal, frozenset())
        cohort.begin()
        cohort.explored("p0", stands("p0", 2))
        assert cohort.lost("p1") == []
        following = cohort.explored("p2", stands("p2", 2))
        assert {task.planned.problem_id for task in following} == {"p0", "p2"}


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (Round(8, 8, 0.9, 0.0), Round(8, 8, 0.1, 0.0)),  # solved already
        (Round(64, 64, 0.1, 0.0), Round(8, 8, 0.1, 0.0)),  # hopeless so far
        (Round(8, 8, 0.1, 0.0), Round(8, 8, 0.1, 3.0)),  # right ones are about
    ],
)
def test_gain_falls_with_certainty_and_with_failures(less: Round, more: Round) -> None:
    assert 0 < gain(less, 4) < gain(more, 4) < 1


def test_a_search_that_has_ended_gets_nothing_more() -> None:
    rounds = {"ended": Round(8, 5, 0.0, 0.0, end="search"), "open": Round(2, 2, 0.0, 0.0)}
    assert set(next_wave(rounds, TERMS)) == {"open"}


def test_dear_answers_must_promise_more() -> None:
    rounds = {"dear": Round(4, 4, 0.3, 0.0, tokens=40_000), "cheap": Round(4, 4, 0.3, 0.0, 400)}
    assert next_wave(rounds, ScheduleTerms(share=5, first=2, step=2)) == {"cheap": 6}


def test_outlook_counts_on_as_many_clusters_as_may_be_submitted() -> None:
    programs = tuple(
        Program(f"{name}{number}", "cpp", f"{name}{number}", (f"{name}/{number}",))
        for name, count in (("a", 3), ("b", 2), ("c", 1))
        for number in range(count)
    )
    rows = {
        program.program_id: Behaviour.of(program.program_id, (f"={program.source[0]}",))
        for program in programs
    }
    view = View(programs, rows)
    asked = Round(6, 6, 0.0, 0.0)
    once = outlook(view, (), PolicyRules(submissions=1), ExpectedGain(), asked)
    thrice = outlook(view, (), PolicyRules(submissions=3), ExpectedGain(), asked)
    assert 0 < once.solved < thrice.solved < 1
    assert once.right > thrice.right == 0
    assert outlook(View((), {}), (), PolicyRules(), ExpectedGain(), asked) == asked


def test_outlook_learns_from_verdicts() -> None:
    program = Program("a", "cpp", "a", ("a/0", "a/1"))
    other = Program("b", "cpp", "b", ("b/0",))
    view = View((program, other), {name: Behaviour.of(name, (f"={name}",)) for name in "ab"})
    asked, rules, policy = Round(3, 3, 0.0, 0.0), PolicyRules(submissions=2), ExpectedGain()
    before = outlook(view, (), rules, policy, asked).solved
    made = Submission("a", "")
    rejected = outlook(view, [(made, Feedback(Verdict.WA))], rules, policy, asked).solved
    assert 0 < rejected < before < 1
    assert outlook(view, [(made, Feedback(Verdict.AC))], rules, policy, asked).solved == 1


def test_a_budget_that_ends_decides_nothing_for_a_later_session(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        poor = Cohort(0, PROBLEMS[:2], TERMS, journal, frozenset())
        poor.begin()
        poor.explored("p0", stands("p0", 2))
        ending = poor.explored("p1", Round(2, 1, 0.0, 0.0, end="budget"))
        assert {(task.planned.problem_id, task.number) for task in ending} == {
            ("p0", None),
            ("p1", None),
        }
        rich = Cohort(0, PROBLEMS[:2], TERMS, journal, frozenset())
        rich.begin()
        rich.explored("p0", stands("p0", 2))
        following = rich.explored("p1", stands("p1", 2))
        assert any(task.number == 2 for task in following)
