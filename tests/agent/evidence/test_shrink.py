from __future__ import annotations

from medalist.agent.evidence.grammar import read_grammar
from medalist.agent.evidence.shrink import shrink
from medalist.problems.model import PublicProblem, Sample

LIST = PublicProblem(
    problem_id="p",
    statements={"en": "## Input\n$n$ ($1 \\le n \\le 100$), then $a_1 .. a_n$."},
    samples=(Sample(input="3\n4 -5 6\n", output=""),),
)


def test_a_counterexample_becomes_readable_and_stays_valid() -> None:
    grammar = read_grammar(LIST)
    assert grammar is not None
    asked = []

    def interesting(content: bytes) -> bool:
        asked.append(content)
        values = grammar.variables(content)
        return values is not None and any(value > 40 for value in values["a"])

    big = b"12\n" + b" ".join(b"%d" % (number * 7) for number in range(12)) + b"\n"
    assert shrink(big, interesting, grammar=grammar) == b"1\n41\n"
    assert all(grammar.variables(content) is not None for content in asked)


def test_without_a_grammar_lines_and_numbers_shrink() -> None:
    actual = shrink(b"1\n2\n900\n4\n", lambda content: b"9" in content, tries=500)
    assert actual.count(b"\n") == 1
    assert b"9" in actual
    assert len(actual) <= 4


def test_it_stops_asking_and_keeps_what_it_has() -> None:
    asked: list[bytes] = []

    def never(content: bytes) -> bool:
        asked.append(content)
        return False

    assert shrink(b"5 6 7\n", never, tries=4) == b"5 6 7\n"
    assert len(asked) == 4
    assert len(set(asked)) == 4
    assert shrink(b"0\n", lambda _: True) in (b"", b"0\n")
