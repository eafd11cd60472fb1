from __future__ import annotations

import pytest

from medalist.agent.evidence.input_mutations import sample_inputs
from medalist.problems.model import PublicProblem, Sample


def problem(*inputs: str) -> PublicProblem:
    samples = tuple(Sample(input=text, output="") for text in inputs)
    return PublicProblem(problem_id="p", statements={"en": "s"}, samples=samples)


def mutants(*inputs: str) -> list[list[list[str]]]:
    made = sample_inputs(problem(*inputs), 60, seed=3)
    return [[line.split() for line in content.decode().splitlines()] for content in made]


@pytest.mark.parametrize("text", ["3\n5 1 9\n", "3 5 1 9\n", "4\n1 2\n2 3\n9 9\n1 1\n"])
def test_counts_stay_consistent(text: str) -> None:
    for lines in mutants(text):
        count = int(lines[0][0])
        if len(lines) == 1:
            assert count == len(lines[0]) - 1
        elif text.startswith("3"):
            assert [len(line) for line in lines] == [1, count]
        else:
            assert count == len(lines) - 1
            assert {len(line) for line in lines[1:]} == {2}


def test_word_length_and_grid_width_stay_consistent() -> None:
    for lines in mutants("5\nabcab\n"):
        assert int(lines[0][0]) == len(lines[1][0])
        assert set(lines[1][0]) <= set("abc")
    for lines in mutants("2 3\n#..\n.#.\n"):
        rows, columns = map(int, lines[0])
        assert rows == len(lines) - 1
        assert {len(word) for line in lines[1:] for word in line} == {columns}


def test_permutation_stays_a_permutation() -> None:
    for lines in mutants("5\n2 4 1 5 3\n"):
        assert sorted(map(int, lines[1])) == list(range(1, int(lines[0][0]) + 1))


def test_lists_that_begin_with_their_length() -> None:
    for lines in mutants("2\n3 7 7 8\n1 4\n"):
        assert int(lines[0][0]) == len(lines) - 1
        assert all(int(line[0]) == len(line) - 1 for line in lines[1:])


def test_numbers_keep_to_what_the_samples_suggest() -> None:
    for lines in mutants("10 20\n", "3 4\n"):
        assert all(1 <= int(token) <= 22 for token in lines[0])
    assert any(int(token) < 0 for lines in mutants("-5 20\n") for token in lines[0])


def test_distinct_deterministic_small_first_and_no_sample() -> None:
    public = problem("3\n1 2 3\n", "1\n7\n")
    made = sample_inputs(public, 40, seed=1)
    assert len(made) == len(set(made)) == 40
    assert made == sample_inputs(public, 40, seed=1)
    assert made != sample_inputs(public, 40, seed=2)
    assert made == sorted(made, key=lambda content: (len(content), content))
    assert not {sample.input.encode() for sample in public.samples} & set(made)


@pytest.mark.parametrize("inputs", [(), ("",), ("\n",)])
def test_nothing_to_vary(inputs: tuple[str, ...]) -> None:
    assert sample_inputs(problem(*inputs), 10, seed=1) == []


@pytest.mark.parametrize(
    "text", ["1", "x", "汉 字\n", "0.5 1e9\n", "99999999999999999999\n", "-0\n"]
)
def test_odd_samples_do_no_harm(text: str) -> None:
    for content in sample_inputs(problem(text), 10, seed=1):
        assert content.decode().strip()


def test_a_listed_value_counts_nothing_even_if_it_could() -> None:
    for lines in mutants("5 4\n1 2 3 4 5\n2 4\n4 2\n3 3\n1 5\n"):
        assert int(lines[0][0]) == len(lines[1])


def test_numbers_of_a_single_line_are_changed() -> None:
    made = mutants("3 4\n")
    assert made
    assert {len(line) for (line,) in made} == {2}
