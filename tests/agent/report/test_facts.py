"""What a journal says of problems: states, fates of candidates, calls."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import JsonValue

from medalist.agent.journal import Journal
from medalist.agent.report import tables
from medalist.agent.report.facts import read_facts
from medalist.agent.report.problem_facts import ProblemFacts
from medalist.agent.report.runs import read_run
from tests.agent.report.runs import Made, call, candidate, write_problem


def only(run: Path) -> ProblemFacts:
    (problem,) = read_run(run).problems
    return problem


@pytest.mark.parametrize(
    ("programs", "state"),
    [
        ({"a": Made(1, (b"1", b"2"), "AC")}, "solved"),
        ({"a": Made(1, (b"1", b"2"), "WA")}, "rejected"),
        ({"a": Made(1, (b"1", b"2"), None)}, "not judged"),
        ({}, "no program"),
    ],
)
def test_states(tmp_path: Path, programs: dict[str, Made], state: str) -> None:
    with Journal.open(tmp_path) as journal:
        write_problem(journal, "p", programs, refused=1)
    assert only(tmp_path).state == state


def test_part_of_the_points_is_partial(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        half = {"a": Made(1, (b"1", b"2"), "PAC", shares={"one": 1.0, "two": 0.5})}
        write_problem(journal, "p", half, subtasks={"one": 0.4, "two": 0.6})
    problem = only(tmp_path)
    assert problem.state == "partial"
    assert problem.gained == pytest.approx(0.7)
    assert problem.right == 0


def test_a_candidate_that_came_after_the_last_choice_is_unknown_not_wrong(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        write_problem(journal, "p", {"a": Made(1, (b"1", b"2"), "AC")}, broken=2)
        candidate(journal, "p", "p/late", "print(2)")
        candidate(journal, "p", "p/empty", None)
    fates = only(tmp_path).fates
    assert fates == {"AC": 1, "does not compile": 2, "not judged": 1, "no program": 1}


def test_labels_of_equal_programs_of_two_problems_are_kept_apart(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        write_problem(journal, "p", {"same": Made(1, (b"1", b"2"), "AC")})
        write_problem(journal, "q", {"same": Made(1, (b"1", b"2"), "WA")})
    assert [problem.state for problem in read_run(tmp_path).problems] == ["solved", "rejected"]


def test_a_failed_problem_says_why_until_it_succeeds(tmp_path: Path) -> None:
    failed: dict[str, JsonValue] = {
        "error": "SandboxFailure", "message": "the box failed", "attempt": 1,
    }  # fmt: skip
    with Journal.open(tmp_path) as journal:
        journal.append_raw("failure", "p", failed)
        write_problem(journal, "p", {"a": Made(1, (b"1", b"2"), "WA")})
    assert only(tmp_path).state == "failed"
    assert only(tmp_path).failure == "SandboxFailure: the box failed"
    with Journal.open(tmp_path) as journal:
        journal.append_raw("solution", "p", {"problem": "p"})
    assert only(tmp_path).state == "rejected"


def test_calls_are_counted_for_the_problem_they_were_made_for(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        write_problem(journal, "p", {"a": Made(2, (b"1", b"2"), "AC")})
        write_problem(journal, "pq", {"b": Made(1, (b"1", b"2"), "AC")}, usd=None)
        call(journal, "p:subtask/direct/cpp/0")
        call(journal, "elsewhere/0")
        journal.append_raw(
            "call.failed", "p/a/0", {"message": "503\n later", "tokens": 0, "usd": 0.0}
        )
        journal.append_raw("call.unknown", "p/a/1", {"tokens": 700, "usd": 0.7})
    facts = read_facts([tmp_path])
    first, second = (problem.calls for problem in facts.problems)
    assert (first.answered, first.unknown, first.charged_tokens) == (3, 1, 3 * 150 + 700)
    assert first.usd == pytest.approx(0.703)
    assert first.failures == {"503 later": 1}
    assert (second.answered, second.usd) == (1, None)
    assert (facts.calls.answered, facts.calls.usd) == (5, None)
    labels = {row.label: row.numbers[0] for row in tables.failures(facts.calls).rows}
    assert labels["no answer: 503 later"] == "1"


def test_difficulties_stand_from_easy_to_hard(tmp_path: Path) -> None:
    said = ["2400", "hard", None, "easy", "800", "1999.5", "3.2", "odd"]
    with Journal.open(tmp_path) as journal:
        for number, word in enumerate(said):
            programs = {f"a{number}": Made(1, (b"1", b"2"), "AC")}
            write_problem(journal, f"p{number}", programs, about={"difficulty": word})
    table = tables.groups(read_facts([tmp_path]).problems)[0]
    assert [row.label for row in table.rows] == [
        "easy", "hard", "3", "800 to 1199", "1600 to 1999", "2400 to 2799", "odd", "not stated",
    ]  # fmt: skip
    assert {row.numbers[0] for row in table.rows} == {"1 of 1"}


def test_latencies_are_counted_between_their_bounds(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        write_problem(journal, "p", {"a": Made(3, (b"1", b"2"), "AC")})
    calls = read_facts([tmp_path]).calls
    calls.latencies_s[:] = [0.1, 1.0, 1.5, 700.0]
    rows = {row.label: row.numbers[0] for row in tables.latencies(calls).rows}
    assert rows["0 to 0.5\u202fs"] == "1"
    assert rows["1 to 2\u202fs"] == "2"
    assert rows["600\u202fs or more"] == "1"
    assert sum(int(number) for number in rows.values()) == 4
    assert tables.latency_figures(calls)["median"] == 1.25
