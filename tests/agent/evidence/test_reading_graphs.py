"""Graphs and trees that a statement promises are what is drawn."""

from __future__ import annotations

import pytest

from medalist.agent.evidence.generate import drawn_inputs, drawn_largest
from medalist.agent.evidence.grammar import Grammar

from .grammars import read

EDGES = ("4 3\n1 2\n2 3\n2 4\n", "3 2\n3 1\n3 2\n", "5 5\n1 5\n5 2\n3 4\n4 5\n1 2\n")


def edges(grammar: Grammar, count: int = 40) -> list[tuple[int, list[tuple[int, int]]]]:
    result = []
    for content in [*drawn_inputs(grammar, count, seed=2), *drawn_largest(grammar, 2, seed=2)]:
        first, *rest = [tuple(map(int, line.split())) for line in content.splitlines()]
        result.append((first[0], [(row[0], row[1]) for row in rest]))
    return result


@pytest.mark.parametrize(
    "text",
    [
        "The graph is connected and has no self-loops or multiple edges.",
        "It is a simple graph, and it is possible to get from any town to any other.",
        "保证图连通，无重边，无自环。",
    ],
)
def test_a_simple_connected_graph(text: str) -> None:
    grammar = read(
        "## Input\n\nThe first line has $n$ and $m$ ($2 \\le n \\le 300$, $1 \\le m \\le 1000$). "
        "Each "
        f"of the next $m$ lines has $u$ and $v$ ($1 \\le u, v \\le n$), an edge. {text}\n",
        *EDGES,
    )
    for points, pairs in edges(grammar):
        assert all(a != b for a, b in pairs)
        assert len({frozenset(pair) for pair in pairs}) == len(pairs)
        seen, todo = {1}, [1]
        while todo:
            point = todo.pop()
            for pair in pairs:
                if point in pair:
                    (other,) = {*pair} - {point}
                    if other not in seen:
                        seen.add(other)
                        todo.append(other)
        assert len(seen) == points


def test_edges_may_be_loops_where_the_statement_says_so() -> None:
    grammar = read(
        "## Input\n\n$n$ and $m$ ($1 \\le n \\le 9$, $1 \\le m \\le 99$). "
        "Each of the next $m$ lines "
        "has $u$ and $v$ ($1 \\le u, v \\le n$). A road may lead from a town to itself.\n",
        *EDGES,
    )
    assert any(a == b for _, pairs in edges(grammar) for a, b in pairs)


@pytest.mark.parametrize(
    "text",
    [
        "Each of the next $n-1$ lines has two integers $u$ and $v$, an edge of the tree.",
        "Then $n - 1$ lines follow, each with $u$ and $v$ ($1 \\le u, v \\le n$): a tree.",
        "接下来 $n-1$ 行，每行两个整数 $u, v$，表示一条边。保证是一棵树。",
    ],
)
def test_a_tree(text: str) -> None:
    grammar = read(
        f"A tree.\n\n## Input\n\nThe first line has $n$ ($2 \\le n \\le 1000$). {text}\n",
        "4\n1 2\n2 3\n2 4\n",
        "3\n3 1\n3 2\n",
    )
    for points, pairs in edges(grammar):
        assert len(pairs) == points - 1
        roots = {point: {point} for point in range(1, points + 1)}
        for a, b in pairs:
            assert roots[a] is not roots[b], "no circle"
            joined = roots[a] | roots[b]
            for point in joined:
                roots[point] = joined


def test_parents_stand_before_their_children() -> None:
    grammar = read(
        "A company is a tree.\n\n## Input\n\nThe first line has $n$ ($2 \\le n \\le 500$). "
        "The second "
        "line has $n-1$ integers $p_2, \\ldots, p_n$, the boss of each ($1 \\le p_i < i$).\n",
        "5\n1 1 2 4\n",
        "4\n1 2 3\n",
    )
    for content in drawn_inputs(grammar, 40, seed=0):
        parents = list(map(int, content.split()[1:]))
        assert all(1 <= parent < place for place, parent in enumerate(parents, 2))
