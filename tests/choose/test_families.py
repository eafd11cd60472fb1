from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medalist.agent.choose.expected import ExpectedGain
from medalist.agent.choose.families import MOST_COMPARED, families
from medalist.agent.choose.features import groups, likely
from medalist.agent.choose.policy import Rules, View
from medalist.agent.words import Behaviour, Program

PREFIX = """#include <cstdio>
int main() {
    int n, q; long long sum[100001] = {0};
    scanf("%d %d", &n, &q);
    for (int i = 1; i <= n; i++) { int a; scanf("%d", &a); sum[i] = sum[i - 1] + a; }
    while (q--) { int l, r; scanf("%d %d", &l, &r); printf("%lld\\n", sum[r] - sum[l - 1]); }
}
"""
SLOW = """import sys
numbers = list(map(int, sys.stdin.read().split()))
n, q = numbers[:2]
row, asked = numbers[2 : 2 + n], numbers[2 + n :]
for left, right in zip(asked[::2], asked[1::2]):
    print(sum(row[left - 1 : right]))
"""


def mutants(source: str, count: int) -> list[str]:
    """Variants that differ in one number."""
    return [source.replace("100001", str(100001 + n)) for n in range(count)]


def test_variants_of_a_program_are_one_family() -> None:
    variants = mutants(PREFIX, 5)
    assert families([*variants, SLOW, variants[0].replace("sum", "s")[:-40]])[:6] == [0] * 5 + [5]
    assert families([SLOW, PREFIX, SLOW, PREFIX]) == [0, 1, 0, 1]


def test_a_source_that_is_not_there_is_nobodys_copy() -> None:
    assert families(["", "", "x", "x", "x y", " "]) == [0, 1, 2, 2, 4, 5]


@given(st.lists(st.text(max_size=30), max_size=12))
def test_a_family_is_named_by_its_first_member(sources: list[str]) -> None:
    found = families(sources)
    assert all(found[first] == first <= place for place, first in enumerate(found))
    assert found == families(sources)


def test_there_are_more_families_than_are_compared_with() -> None:
    sources = [" ".join(f"w{n}_{k}" for k in range(9)) for n in range(2 * MOST_COMPARED)]
    assert families(sources) == list(range(len(sources)))
    again = families(sources + sources)[len(sources) :]
    assert again[:MOST_COMPARED] == list(range(MOST_COMPARED))


def view(rows: dict[str, tuple[str, str, int]]) -> View:
    """Make a view from program id -> (source, output, votes)."""
    programs = tuple(
        Program(name, "cpp", source, tuple(f"{name}{n}" for n in range(votes)))
        for name, (source, _, votes) in rows.items()
    )
    return View(
        programs, {name: Behaviour(name, (key, "=1")) for name, (_, key, _) in rows.items()}
    )


def test_a_family_has_hardly_more_than_a_vote() -> None:
    crowd = {f"c{n}": (source, "=1", 1) for n, source in enumerate(mutants(PREFIX, 20))}
    seen = view({**crowd, "apart": (PREFIX, "=2", 1), "other": (SLOW, "=2", 1)})
    _, (many, two) = likely(seen, groups(seen), None)
    assert many.votes == pytest.approx(20**0.1)
    assert two.votes == pytest.approx(2.0)


def test_two_who_came_to_it_apart_are_believed_before_many_copies() -> None:
    crowd = {f"c{n}": (source, "=1", 1) for n, source in enumerate(mutants(PREFIX, 20))}
    seen = view({**crowd, "apart": (PREFIX, "=2", 1), "other": (SLOW, "=2", 1)})
    policy = ExpectedGain()
    chances = policy.chances(seen, [], Rules())
    assert chances["apart"][""] > chances["c0"][""]
    # Where the sources are not known, everyone came to it apart.
    blind = replace(seen, programs=tuple(replace(one, source="") for one in seen.programs))
    chances = policy.chances(blind, [], Rules())
    assert chances["apart"][""] < chances["c0"][""]


def test_an_answer_given_more_often_is_believed_before_an_equal_rival() -> None:
    seen = view({"often": (PREFIX, "=1", 9), "once": (SLOW, "=2", 1)})
    chances = ExpectedGain().chances(seen, [], Rules())
    assert chances["often"][""] > chances["once"][""]
