from __future__ import annotations

import operator

import pytest

from medalist.agent.evidence.generate import drawn_inputs, drawn_largest
from medalist.agent.evidence.grammar import read_grammar, subtasks_kept
from medalist.agent.evidence.inputs import InputSuite, contents
from medalist.agent.evidence.shape import Count, InputLine, Loop, Many, Slot
from medalist.problems.model import Constraint, PublicProblem, Sample, Subtask

STATEMENT = """Sum the sweets.

## Input

The first line holds $n$ and $q$ ($1 \\le n, q \\le 15000$). The second line holds
$a_1, \\ldots, a_n$ ($-5 \\le a_i \\le 10^9$). Each of the next $q$ lines holds $l$ and $r$
($1 \\le l, r \\le n$).

## Output

The sums.
"""
SUBTASKS = (
    Subtask(
        subtask_id="1", points=20, text="$n \\le 4$", constraints=(Constraint(name="n", high=4),)
    ),
    Subtask(subtask_id="2", points=30, text="the seats are sorted"),
    Subtask(subtask_id="3", points=50, text="No additional constraints."),
)


def problem(statement: str, *samples: str, subtasks: tuple[Subtask, ...] = ()) -> PublicProblem:
    return PublicProblem(
        problem_id="p",
        statements={"en": statement},
        samples=tuple(Sample(input=text, output="") for text in samples),
        subtasks=subtasks,
    )


SWEETS = problem(STATEMENT, "3 2\n4 5 6\n1 2\n3 3\n", "1 1\n9\n1 1\n", subtasks=SUBTASKS)


def test_shape_names_and_bounds_come_from_samples_and_statement() -> None:
    grammar = read_grammar(SWEETS)
    assert grammar is not None
    header, vector, block = grammar.shape
    assert header == InputLine((Slot("n"), Slot("q")))
    assert vector == InputLine((Many(Slot("a"), Count(("n",))),))
    assert block == Loop((InputLine((Slot("l"), Slot("r"))),), Count(("q",)))
    by_name = {name: (kind.low, kind.high) for name, kind in grammar.kinds.items()}
    assert by_name["n"] == by_name["q"] == (1, 15000)
    assert by_name["a"] == (-5, 10**9)
    assert not grammar.guessed
    assert grammar.allowed(b"2 1\n4 5\n1 2\n")
    assert not grammar.allowed(b"2 1\n4 5\n1 3\n"), "r is above n"
    assert not grammar.allowed(b"2 1\n4 -6\n1 2\n")


def test_every_input_fits_the_grammar_and_its_bounds() -> None:
    grammar = read_grammar(SWEETS)
    assert grammar is not None
    made = drawn_inputs(grammar, 100, seed=1)
    assert len(made) == 100
    assert made == drawn_inputs(grammar, 100, seed=1)
    for content in made:
        values = grammar.variables(content)
        assert values is not None
        (n,) = values["n"]
        assert len(values["a"]) == n
        assert len(values["l"]) == values["q"][0]
        assert all(1 <= value <= n for value in (*values["l"], *values["r"]))
        assert all(-5 <= value <= 10**9 for value in values["a"])
    every = [grammar.variables(content) for content in made]
    assert any(max(values["a"]) == 10**9 for values in every if values)
    assert any(min(values["a"]) == -5 for values in every if values)


def test_subtask_bounds_narrow_and_tag() -> None:
    grammar = read_grammar(SWEETS)
    assert grammar is not None
    for content in drawn_inputs(grammar, 30, seed=2, constraints=SUBTASKS[0].constraints):
        assert subtasks_kept(grammar, content, SUBTASKS) == {"1", "3"}
    assert subtasks_kept(grammar, b"5 1\n1 2 3 4 5\n1 1\n", SUBTASKS) == {"3"}
    assert subtasks_kept(grammar, b"nonsense\n", SUBTASKS) == {"3"}
    assert subtasks_kept(None, b"5\n", SUBTASKS) == {"3"}


def test_largest_inputs_are_at_the_bounds() -> None:
    grammar = read_grammar(SWEETS)
    assert grammar is not None
    for content in drawn_largest(grammar, 3, seed=1):
        values = grammar.variables(content)
        assert values is not None
        assert values["n"] == values["q"] == (15000,)


def test_a_grid_of_words() -> None:
    grammar = read_grammar(problem("# Input\nA grid.", "2 3\n#..\n...\n", "1 2\n.#\n"))
    assert grammar is not None
    (name,) = (name for name, kind in grammar.kinds.items() if kind.what == "word")
    assert grammar.kinds[name].letters == "#."
    assert grammar.allowed(b"2 2\n..\n##\n")
    assert not grammar.allowed(b"2 2\n..\n###\n"), "rows are as long as the second number says"


@pytest.mark.parametrize("samples", [(), ("",), ("1 a b\n\n2\n",)])
def test_where_samples_fit_no_shape_there_is_no_grammar(samples: tuple[str, ...]) -> None:
    assert read_grammar(problem("Anything.", *samples)) is None


def test_evidence_inputs_mix_both_sources_and_leave_samples_out() -> None:
    made = contents(InputSuite(SWEETS, 1).made(40))
    assert len(made) == len(set(made)) == 40
    assert not {sample.input.encode() for sample in SWEETS.samples} & set(made)
    tags = InputSuite(SWEETS).subtasks_of(made)
    assert any("1" in tag for tag in tags)
    assert any("1" not in tag for tag in tags)
    assert InputSuite(problem("Anything.", "1\n")).subtasks_of([b"1\n"]) == ()
    assert contents(InputSuite(SWEETS, 1).made(40)) == made
    assert contents(InputSuite(problem("Anything."), 1).made(40)) == []
    assert contents(InputSuite(problem("Two words.", "ab\ncd ef\n"), 1).made(5))


def test_relations_of_the_statement_are_kept() -> None:
    text = "## Input\n$n$ ($1 \\le n \\le 99$), then $s_i$ and $e_i$ ($0 \\le s_i < e_i \\le 9$)."
    meetings = problem(text, "3\n1 2\n0 9\n4 5\n", "1\n0 1\n")
    grammar = read_grammar(meetings)
    assert grammar is not None
    made = [*drawn_inputs(grammar, 50, seed=3), *drawn_largest(grammar, 5, seed=3)]
    assert len(made) >= 50
    for content in made:
        values = grammar.variables(content)
        assert values is not None
        assert all(s < e for s, e in zip(values["s"], values["e"], strict=True))
    assert grammar.allowed(b"1\n3 4\n")
    assert not grammar.allowed(b"1\n4 3\n")
    assert not grammar.allowed(b"1\n4 10\n")
    assert not grammar.allowed(b"2\n3 4\n")


def test_a_subtask_may_promise_a_relation() -> None:
    straight = Subtask(subtask_id="1", points=50, text="$l \\le r$ in all questions")
    anything = Subtask(subtask_id="2", points=50, text="none besides those above")
    seats = SWEETS.model_copy(update={"subtasks": (straight, anything)})
    made = [*contents(InputSuite(seats, 1).made(40)), *contents(InputSuite(seats, 1).large(4))]
    tags = InputSuite(seats).subtasks_of(made)
    assert tags.count(frozenset({"1", "2"})) >= 10
    assert tags.count(frozenset({"2"})) >= 10
    grammar = read_grammar(seats)
    assert grammar is not None
    for content, kept in zip(made, tags, strict=True):
        values = grammar.variables(content)
        assert values is not None
        below = all(map(operator.le, values["l"], values["r"]))
        assert below == ("1" in kept)


def test_large_inputs_reach_the_bounds_of_every_subtask() -> None:
    sizes = [int(content.split()[0]) for content in contents(InputSuite(SWEETS, 1).large(4))]
    assert {4, 15000} <= set(sizes)
    assert contents(InputSuite(SWEETS, 1).large(0)) == []
    assert contents(InputSuite(problem("Anything.", "1\n"), 1).large(4)) != []
    assert contents(InputSuite(problem("Anything."), 1).large(4)) == []


def test_mutated_samples_keep_bounds_that_are_values_of_the_input() -> None:
    grammar = read_grammar(SWEETS)
    assert grammar is not None
    assert grammar.allowed(b"2 1\n4 5\n1 2\n")
    assert not grammar.allowed(b"2 1\n4 5\n1 3\n")
    for content in contents(InputSuite(SWEETS, 0).made(40)):
        values = grammar.variables(content)
        assert values is not None
        assert max(*values["l"], *values["r"]) <= values["n"][0]


@pytest.mark.parametrize("half", ["\\frac{P}{2}", "\\dfrac{P}{2}", "P/2", "P / 2"])
def test_a_relation_may_speak_of_a_part_of_a_value(half: str) -> None:
    statement = (
        "## Input\n\nThe first line has $S$ ($0 \\le S \\le 100$). The second line has $P$ "
        f"($1 \\le P \\le 100$). It is guaranteed that $S < {half}$.\n\n## Output\n"
    )
    public = problem(statement, "3\n10\n", "0\n1\n")
    grammar = read_grammar(public)
    assert grammar is not None
    assert grammar.allowed(b"4\n9\n")
    assert not grammar.allowed(b"5\n10\n")
    made = contents(InputSuite(public, 0).made(40)) + contents(InputSuite(public, 0).large(4))
    assert len(made) > 20
    assert all(2 * int(low) < int(high) for low, high in (text.split() for text in made))


def test_some_inputs_are_of_medium_length_and_numbers_are_of_many_magnitudes() -> None:
    grammar = read_grammar(SWEETS)
    assert grammar is not None
    listed = [grammar.variables(content) for content in contents(InputSuite(SWEETS, 0).made(40))]
    lengths = [values["n"][0] for values in listed if values]
    assert sum(30 <= length <= 2000 for length in lengths) >= 2
    tops = {len(str(max(values["a"]))) for values in listed if values}
    assert len(tops) >= 5


def test_what_stands_side_by_side_has_one_scale() -> None:
    text = (
        "## Input\n$n$ ($1 \\le n \\le 9999$), then $s_i$ and $e_i$ ($0 \\le s_i < e_i \\le 10^9$)."
    )
    grammar = read_grammar(problem(text, "3\n1 2\n0 9\n4 5\n", "1\n0 1\n"))
    assert grammar is not None
    listed = [grammar.variables(content) for content in drawn_inputs(grammar, 60, seed=0)]
    long = [values for values in listed if values and values["n"][0] >= 30]
    assert len(long) >= 5
    apart = [
        values
        for values in long
        if any(end <= start for end in values["e"] for start in values["s"])
    ]
    assert len(apart) > 0.7 * len(long), "in most, some interval ends before another begins"


def test_taking_the_shortest_meeting_first_is_found_out() -> None:
    text = (
        "## Input\n$n$ ($1 \\le n \\le 9999$), then $s_i$ and $e_i$ ($0 \\le s_i < e_i \\le 10^9$)."
    )
    public = problem(text, "3\n1 2\n0 9\n4 5\n", "1\n0 1\n")
    grammar = read_grammar(public)
    assert grammar is not None
    told_apart = 0
    for content in contents(InputSuite(public, 0).made(40)):
        values = grammar.variables(content)
        assert values is not None
        meetings = list(zip(values["s"], values["e"], strict=True))
        ends_first = _taken(sorted(meetings, key=operator.itemgetter(1)))
        told_apart += ends_first != _taken(sorted(meetings, key=lambda one: one[1] - one[0]))
    assert told_apart >= 2


def _taken(meetings: list[tuple[int, int]]) -> int:
    taken: list[tuple[int, int]] = []
    for start, end in meetings:
        if all(end <= other or after <= start for other, after in taken):
            taken.append((start, end))
    return len(taken)


def test_words_are_no_longer_than_in_the_samples() -> None:
    public = problem("## Input\nA word $s$ of at most five letters.", "abcde\n", "a\n")
    made = contents(InputSuite(public, 0).made(40))
    grammar = read_grammar(public)
    assert grammar is not None
    assert max(len(content.strip()) for content in drawn_inputs(grammar, 40, seed=0)) <= 5
    assert made
