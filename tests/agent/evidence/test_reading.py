"""Formats and bounds as people write them: one statement a case, in English and Chinese."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from medalist.agent.evidence.generate import drawn_inputs, drawn_largest
from medalist.agent.evidence.grammar import Grammar

from .grammars import read


def ends(grammar: Grammar) -> dict[str, tuple[int, int]]:
    return {name: (kind.low, kind.high) for name, kind in grammar.kinds.items()}


ONE_LIST = ("3\n4 1 9\n", "1\n7\n", "2\n5 5\n")


LISTS = {
    "formulas": (
        "The first line has $n$ ($1 \\le n \\le 10^5$), the second $n$ integers $a_1, "
        "\\ldots, a_n$ ($0 \\le a_i \\le 10^9$)."
    ),
    "prose in English": (
        "The first line contains an integer $n$, $1 \\leq n \\leq 100\\,000$. The next "
        "line contains $n$ space-separated non-negative integers $a_i$, none of which "
        "exceeds $10^9$. All $a_i$ are at most $10^{9}$."
    ),
    "plain text": (
        "First line: `n` (1 <= n <= 100,000). Second line: n integers, each between 0 and 1e9."
    ),
    "bullets": (
        "- One line with one integer $n$ ($1 \\le n \\le 100{,}000$).\n- One line with "
        "$n$ integers $a_1, a_2, \\dots, a_n$ ($0 \\le a_i \\le 1\\,000\\,000\\,000$)."
    ),
    "Chinese": (
        "第一行一个整数 $n$（$1 \\le n \\le 10^5$）。"
        "第二行 $n$ 个整数 $a_1, a_2, \\ldots, a_n$（$0 "
        "\\le a_i \\le 10^9$）。"
    ),
    "Chinese with partial data": (
        "第一行包含一个整数 $n$。第二行包含 $n$ 个非负整数 $a_i$，不超过 $10^9$。\n\n"
        "## 数据范围\n\n对于 30% 的数据，$n "
        "\\le 100$；对于 100% 的数据，$1 \\le n \\le 10^5$。"
    ),
    "a section of constraints": (
        "The first line contains $n$. The second line contains $a_1, \\ldots, "
        "a_n$.\n\n## Constraints\n\n- $1 \\leq n \\leq 10^5$\n- $0 \\leq a_i \\leq "
        "10^9$\n- All are integers."
    ),
    "sets": (
        "The first line contains $n$ ($n \\in [1, 10^5]$). Then $n$ numbers $a_i \\in "
        "[0, 10^9]$ follow."
    ),
    "one sentence": (
        "A positive integer $n$, at most $10^5$, on the first line, then a line with "
        "$n$ integers $a_i$ from $0$ to $10^9$."
    ),
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_and_its_bounds(kind: str) -> None:
    text = LISTS[kind]
    grammar = read(f"Sum.\n\n## Input\n\n{text}\n\n## Output\n\nThe sum of at most 3.", *ONE_LIST)
    assert [*ends(grammar).values()] == [(1, 10**5), (0, 10**9)]
    assert not grammar.guessed
    (largest,) = drawn_largest(grammar, 1, seed=3)
    assert largest.split()[0] in (b"100000", b"99999")


@pytest.mark.parametrize(
    ("text", "high"),
    [
        ("at most a million", 10**6),
        ("at most $2^{31}-1$", 2**31 - 1),
        ("less than $2^{31}$", 2**31 - 1),
        ("not exceeding $2\\cdot 10^5$", 200000),
        ("($1 \\le x \\le 2 \\times 10^{5}$)", 200000),
        ("no more than 5000", 5000),
        ("($1 \\le x < 10^{18}$)", 10**18 - 1),
        ("（$1 \\leqslant x \\leqslant 10^6$）", 10**6),
        ("(x ≤ 10⁵)", 10**5),
        ("smaller than 10**6", 10**6 - 1),
        ("，不超过 $10^9$", 10**9),
        ("of at most two hundred", 200),
    ],
)
def test_one_number(text: str, high: int) -> None:
    grammar = read(f"## Input\n\nOne positive integer $x$ {text}.\n", "5\n", "7\n")
    assert ends(grammar) == {"x": (1, high)}


def test_a_missing_bound_is_guessed_upwards_and_marked() -> None:
    grammar = read("## Input\n\nThe first line has $n$ ($1 \\le n \\le 50$), the second $n$ "
                   "integers $a_i$.\n", *ONE_LIST)  # fmt: skip
    assert grammar.guessed == ("a",)
    assert grammar.kinds["a"].high >= 90
    made = [grammar.columns(content) for content in drawn_inputs(grammar, 40, seed=1)]
    beyond = [actual is not None and bool(grammar.beyond(actual)) for actual in made]
    assert any(beyond)
    assert not all(beyond)


@pytest.mark.parametrize(
    ("text", "samples", "keeps"),
    [
        ("different integers", ("3\n4 1 9\n", "2\n5 6\n"), lambda a: len({*a}) == len(a)),
        ("pairwise distinct integers", ONE_LIST[:1], lambda a: len({*a}) == len(a)),
        ("integers in strictly increasing order", ("3\n1 4 9\n",), lambda a: sorted({*a}) == a),
        ("integers in non-decreasing order", ("3\n4 4 9\n",), lambda a: sorted(a) == a),
        ("integers, sorted in descending order", ("3\n9 4 1\n",), lambda a: sorted(a)[::-1] == a),
        ("个互不相同的整数", ("3\n4 1 9\n",), lambda a: len({*a}) == len(a)),
        ("numbers, a permutation of $1$ to $n$", ("3\n3 1 2\n",),
         lambda a: sorted(a) == [*range(1, len(a) + 1)]),
        ("integers ($a_i \\le a_{i+1}$)", ("3\n3 3 7\n",), lambda a: sorted(a) == a),
        ("integers ($a_i \\ne a_{i+1}$)", ("3\n3 4 3\n",),
         lambda a: all(x != y for x, y in pairwise(a))),
    ],
)  # fmt: skip
def test_promises_about_a_list(
    text: str, samples: tuple[str, ...], keeps: Callable[[list[int]], bool]
) -> None:
    grammar = read(
        "## Input\n\nThe first line has $n$ ($1 \\le n \\le 60$). The second line has $n$ "
        f"{text}, each between $1$ and $100$: $a_1, \\ldots, a_n$.\n",
        *samples,
    )
    made = [*drawn_inputs(grammar, 40, seed=4), *drawn_largest(grammar, 2, seed=4)]
    assert len(made) > 20
    assert all(keeps(list(map(int, content.split()[1:]))) for content in made)


def test_sums_and_products_of_values_are_kept() -> None:
    grammar = read(
        "## Input\n\nThe first line has three angles $a$, $b$, $c$ "
        "($1 \\le a, b, c \\le 178$), and "
        "$a + b + c = 180$. The second line has $n$ and $m$ ($1 \\le "
        "n, m$, $n \\cdot m \\le 1000$).\n",
        "60 60 60\n2 3\n",
        "100 40 40\n10 100\n",
    )
    made = [list(map(int, content.split())) for content in drawn_inputs(grammar, 40, seed=0)]
    assert len(made) > 20
    assert all(sum(item[:3]) == 180 and item[3] * item[4] <= 1000 for item in made)


CASES = {
    "English": (
        "The first line has the number of test cases $t$ ($1 \\le t \\le 100$). Each test case "
        "begins with a line with $n$ ($1 \\le n \\le 1000$), followed by a line with $n$ integers "
        "$a_i$ ($1 \\le a_i \\le n$). The sum of $n$ over all test cases does not exceed $2000$."
    ),
    "Chinese": (
        "第一行一个整数 $t$（$1 \\le t \\le 100$），表示数据组数。每组数据第一行一个整数 $n$"
        "（$1 \\le n \\le 1000$），第二行 $n$ 个整数 $a_i$（$1 \\le a_i \\le n$）。"
        "保证所有数据中 $n$ 的和不超过 $2000$。"
    ),
}


@pytest.mark.parametrize("language", CASES)
def test_several_test_cases_with_a_bound_on_their_sum(language: str) -> None:
    grammar = read(f"## Input\n\n{CASES[language]}\n", "2\n3\n1 2 3\n1\n1\n", "1\n2\n2 2\n")
    made = [*drawn_inputs(grammar, 40, seed=5), *drawn_largest(grammar, 4, seed=5)]
    assert len(made) > 20
    sums = []
    for content in made:
        count, *lines = content.decode().splitlines()
        assert len(lines) == 2 * int(count) <= 200
        sums.append(sum(map(int, lines[::2])))
        for size, values in zip(lines[::2], lines[1::2], strict=True):
            assert all(1 <= int(value) <= int(size) for value in values.split())
    assert 1000 <= max(sums) <= 2000


def test_a_grid_with_one_start_walls_around_and_an_alphabet() -> None:
    grammar = read(
        "## Input\n\nThe first line has $h$ and $w$ ($3 \\le h, w \\le 50$). Each of the next $h$ "
        "lines has $w$ characters: `.` (free), `#` (wall) or `@` "
        "(you). There is exactly one `@`, and "
        "all cells at the border are walls.\n",
        "4 5\n#####\n#.@.#\n##..#\n#####\n",
        "3 3\n###\n#@#\n###\n",
    )
    for content in [*drawn_inputs(grammar, 40, seed=6), *drawn_largest(grammar, 2, seed=6)]:
        size, *rows = content.decode().split("\n")[:-1]
        height, width = map(int, size.split())
        assert (len(rows), {*map(len, rows)}) == (height, {width})
        assert "".join(rows).count("@") == 1
        assert {*rows[0], *rows[-1], *(row[0] for row in rows), *(row[-1] for row in rows)} == {"#"}


@pytest.mark.parametrize(
    ("text", "letters", "longest"),
    [
        ("a word of at most 50 lowercase letters", "abcdefghijklmnopqrstuvwxyz", 50),
        ("a string $s$ ($1 \\le |s| \\le 200$) of uppercase English letters",
         "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 200),
        ("with $1$ to $300$ characters, each `A`, `B` or `C`", "ABC", 300),
        ("with a string that consists only of the letters `A`-`D`; its length is at most 40",
         "ABCD", 40),
        ("一个只含大写字母的字符串，长度不超过 $100$", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 100),
    ],
)  # fmt: skip
def test_words_reach_their_length_and_alphabet(text: str, letters: str, longest: int) -> None:
    samples = ("abca\n", "b\n") if letters[0] == "a" else ("ABCA\n", "B\n")
    grammar = read(f"## Input\n\nOne line {text}.\n", *samples)
    made = [*drawn_inputs(grammar, 40, seed=7), *drawn_largest(grammar, 4, seed=7)]
    assert max(len(content.strip()) for content in made) == longest
    assert {*b"".join(made).decode()} - {"\n"} == {*letters}


def test_words_to_choose_from_and_lines_of_several_kinds() -> None:
    grammar = read(
        "## Input\n\nThe first line has $q$ ($1 \\le q \\le 1000$). Each of the next $q$ lines is "
        "`push x` ($1 \\le x \\le 10^9$), `pop`, or `print`.\n",
        "4\npush 3\nprint\npop\npush 9\n",
        "2\npush 1\npop\n",
    )
    made = [content.decode().splitlines()[1:] for content in drawn_inputs(grammar, 40, seed=8)]
    rows = [line.split() for lines in made for line in lines]
    assert {row[0] for row in rows} == {"push", "pop", "print"}
    assert all(len(row) == 1 + (row[0] == "push") for row in rows)


def test_what_only_the_samples_show_is_kept_too() -> None:
    """Nothing says that the first number counts the others, that "
    "days rise, or that k is below n."""
    grammar = read(
        "## Input\n\nThe days on which it rained.\n",
        "5 1 3 4 8 9\n",
        "3 2 7 30\n",
        "4 1 5 6 20\n",
        "1 4\n",
    )
    made = [list(map(int, content.split())) for content in drawn_inputs(grammar, 40, seed=9)]
    assert len(made) > 20
    assert all(item[0] == len(item) - 1 and sorted({*item[1:]}) == item[1:] for item in made)


@pytest.mark.parametrize(
    "samples",
    [
        ("2\n3 1 2 3\n1 9\n", "1\n2 4 4\n"),
        ("2\n3\n1 2 3\n1\n9\n", "1\n2\n4 4\n"),
    ],
)
def test_lists_within_a_block(samples: tuple[str, ...]) -> None:
    grammar = read("## Input\n\nThere are $k$ lists.\n", *samples)
    for content in drawn_inputs(grammar, 30, seed=1):
        assert grammar.allowed(content)
        assert int(content.split()[0]) >= 1


def test_every_input_reparses_and_obeys_its_grammar() -> None:
    texts = [
        (("$n$ ($1 \\le n \\le 10^5$), then $n$ lines with $l_i < r_i$ "
        "($0 \\le l_i, r_i \\le 10^9$)."),
         "2\n1 2\n4 9\n"),
        ("$n$, $k$ ($1 \\le k < n \\le 1000$), then $n$ numbers $a_i$ ($|a_i| \\le 10^6$).",
         "3 1\n-4 0 5\n"),
        ("A matrix: $n$ ($1 \\le n \\le 50$), then $n$ lines of $n$ numbers, each `0` or `1`.",
         "2\n0 1\n1 0\n"),
        (("$n$ names, each with a price with two decimals ($0.00$ to "
        "$99.99$)."), "2\nab 1.50\nb 2.00\n"),
    ]  # fmt: skip
    for text, sample in texts:
        grammar = read(f"## Input\n\n{text}\n", sample)
        made = [*drawn_inputs(grammar, 40, seed=11), *drawn_largest(grammar, 3, seed=11)]
        assert len(made) > 20
        for content in made:
            assert grammar.allowed(content)
        assert made[:-3] == [*drawn_inputs(grammar, 40, seed=11)][: len(made) - 3]


def test_large_matrices_stay_of_bounded_length() -> None:
    grammar = read(
        "## Input\n\nThe first line has $n$ and $m$ ($1 \\le n, m "
        "\\le 10^5$). Each of the next $n$ "
        "lines has $m$ integers $a_{i,j}$ ($0 \\le a_{i,j} \\le 9$).\n",
        "2 3\n1 2 3\n4 5 6\n",
        "3 1\n1\n2\n3\n",
    )
    made = [*drawn_inputs(grammar, 30, seed=0), *drawn_largest(grammar, 4, seed=0)]
    assert len(made) > 25
    assert 10_000 < max(len(content.split()) for content in made) < 500_000
