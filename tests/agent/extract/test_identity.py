import ast
import json
import random
import re
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medalist.agent.propose import Extraction, merge, program_id
from medalist.agent.types import Candidate

CPP = """\
#include <bits/stdc++.h>
#define all(x) (x).begin(), (x).end()
using namespace std;
int main() {
    int n, total = 0; // how many
    cin >> n;
    vector<int> a(n);
    for (auto& x : a) cin >> x;
    sort(all(a));
    for (int i = 0; i + 1 < n; i++) {
        if (a[i] != a[i + 1]) total += a[i] * 2 - 1;
    }
    /* the answer */
    cout << "sum:  " << total << '\\n';
    return 0;
}
"""
PYTHON = """\
import sys

def solve(a, b):
    # the middle
    total = 0
    for i in range(a, b):
        if i % 3 == 0 and i != 7:
            total += i * 2
        else:
            total -= 1
    return total

n, m = map(int, sys.stdin.readline().split())
print("sum:  ", solve(n, m), f"{n + m:>4} {m =}")
"""


def same(language: str, one: str, other: str) -> bool:
    return program_id(language, one) == program_id(language, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("int main(){return 0;}", "int main ( )\n{\n  return 0 ; // done\n}\n"),
        ("int a = 1 + 2;", "int a = 1 /* and */ + 2;"),
        ("vector<vector<int>> a;", "vector<vector<int>>a;"),
        ("#include <map>\nint a;", "#include <map>\n\n\nint a;"),
        ("#define A(x) x##1\nint A(b);", "#define A(x) x##1\nint A( b );"),
    ],
)
def test_layout_and_comments_of_cpp_do_not_count(one: str, other: str) -> None:
    assert same("cpp", one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("int a = b - -c;", "int a = b--c;"),
        ("a + ++b;", "a++ + b;"),
        ('s = "a  b";', 's = "a b";'),
        ('s = "// x";', 's = "";'),
        ('s = R"(a\n b)";', 's = R"(a\nb)";'),
        ('s = R"x(a)y";\n//)x";', 's = R"x(a)y";\n)x";'),
        ('s = "a"s;', 's = "a" s;'),
        ('s = R "x";', 's = R"x";'),
        ("char c = ' ';", "char c = '  ';"),
        ("#define F(x) x\nint a;", "#define F (x) x\nint a;"),
        ("#define A 1\nint a;", "#define A 1 int a;"),
        ("#define S(x) #x\nputs(S(a+b));", "#define S(x) #x\nputs(S(a + b));"),
        ("#define S(x) \\\n #x\nputs(S(a+b));", "#define S(x) \\\n #x\nputs(S(a + b));"),
        ("#define S(x) a###x\nputs(S(a+b));", "#define S(x) a###x\nputs(S(a + b));"),
        ("int a = __LINE__;", "\nint a = __LINE__;"),
        ("int a; // b \\\nint c;", "int a; // b\nint c;"),
        ("int a; // ??/\nint c;", "int a;\nint c;"),
        ("int a /*\n*/ #define B\n;", "int a\n #define B\n;"),
        ("a<::b>c;", "a<: :b>c;"),
        ("x = 0xE+1;", "x = 0xE + 1;"),
        ("x = 1'000;", "x = 1000;"),
        ("x = a<b>>c;", "x = a<b> >c;"),
        ("int x;", "int y;"),
        ("#if 0\nint a; /*\n#endif\nint b; /* */", "#if 0\nint a;\n#endif\nint b;"),
    ],
)
def test_what_a_cpp_compiler_sees_counts(one: str, other: str) -> None:
    assert not same("cpp", one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a = 1 # one\n", "a=1\n\n\n"),
        ("if a:\n    b()\n    c()\n", "if a:\n  b()\n\n  # then\n  c()\n"),
        ("f(1,\n  2)\n", "f(1, 2)\n"),
        ("if a:\n\tb()\n", "if a:\n    b()\n"),
        ("#!/usr/bin/env python3\nprint(1)", "print(1)\n"),
    ],
)
def test_layout_and_comments_of_python_do_not_count(one: str, other: str) -> None:
    assert same("python", one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("if a:\n  b()\n  c()\n", "if a:\n  b()\nc()\n"),
        ("x = 1\n-y\n", "x = 1 -y\n"),
        ("s = 'a  b'\n", "s = 'a b'\n"),
        ("s = '# x'\n", "s = ''\n"),
        ("s = '''a\n b'''\n", "s = '''a\nb'''\n"),
        ("f'{a + b}'\n", "f'{a+b}'\n"),
        ("f'{a =}'\n", "f'{a=}'\n"),
        ("if a:\n  b()\n c()\n", "if a:\n  b()\nc()\n"),
        ("if a:\n\tb()\n        c()\n", "if a:\n\tb()\n\tc()\n"),
        ("# -*- coding: latin-1 -*-\ns = 'é'\n", "s = 'é'\n"),
        (
            "import sys\n\nprint(sys._getframe().f_lineno)\n",
            "import sys\nprint(sys._getframe().f_lineno)\n",
        ),
        ("print(open(__file__).read())\n", "print(open(__file__).read()) # x\n"),
        ("x = 1\n", "y = 1\n"),
        ("x = 1.0\n", "x = 1\n"),
    ],
)
def test_what_python_sees_counts(one: str, other: str) -> None:
    assert not same("python", one, other)


SWAPS = {
    "+": "-", "-": "+", "*": "/", "%": "//", "<": "<=", ">": ">=", "==": "!=", "!=": "==",
    "+=": "-=", "++": "--", "and": "or", "0": "1", "1": "2", "2": "3", "3": "5", "7": "8",
    "i": "n", "a": "total", "n": "i", "total": "a", "sort": "stable_sort", "b": "a", "m": "n",
}  # fmt: skip


def mutants(source: str, rng: random.Random, count: int) -> list[str]:
    """Edits that change what a program does: a token, a string's content, an indentation."""
    pieces = re.split(r"(\w+|\+\+|\+=|==|!=|[-+*%<>])", source)
    result: list[str] = []
    while len(result) < count:
        edited = list(pieces)
        where = rng.randrange(len(edited))
        if edited[where] in SWAPS:
            edited[where] = SWAPS[edited[where]]
            result.append("".join(edited))
        elif "  " in edited[where] and '"' in "".join(edited[max(0, where - 2) : where + 1]):
            edited[where] = edited[where].replace("  ", " ", 1)
            result.append("".join(edited))
    return [text for text in result if bare(text) != bare(source)]


def bare(text: str) -> str:
    """The text without its comment lines and runs of blanks outside strings (these samples')."""
    text = re.sub(r"//.*|/\*.*?\*/|(?m:^\s*#(?!include|define).*$)", "", text)
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip())


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([("cpp", CPP), ("python", PYTHON)]))
def test_no_edit_of_behaviour_is_merged(seed: int, pair: tuple[str, str]) -> None:
    language, source = pair
    for mutant in mutants(source, random.Random(seed), 4):
        assert not same(language, source, mutant), mutant


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_no_change_of_indentation_is_merged(seed: int) -> None:
    rng = random.Random(seed)
    lines = PYTHON.split("\n")
    where = rng.choice([n for n, line in enumerate(lines) if line.strip() and "#" not in line])
    depth = len(lines[where]) - len(lines[where].lstrip())
    moved = rng.choice([d for d in (0, 2, 4, 6, 8, 12) if d != depth])
    lines[where] = " " * moved + lines[where].lstrip()
    assert not same("python", PYTHON, "\n".join(lines))


def tree(source: str) -> str | None:
    """What Python itself makes of a source: an oracle that shares no code with ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.dump(ast.parse(source))
        except (SyntaxError, ValueError):
            return None


@settings(max_examples=500, deadline=None)
@given(
    st.integers(0, len(PYTHON) - 1),
    st.integers(0, 2),
    st.text(alphabet=" \n\t#\\\"'()f1:;.=\r\f", max_size=3),
)
def test_python_agrees_that_merged_programs_are_one(where: int, cut: int, put: str) -> None:
    edited = PYTHON[:where] + put + PYTHON[where + cut :]
    if same("python", PYTHON, edited):
        assert tree(PYTHON) == tree(edited)


def test_votes_are_collected_in_order_and_nothing_else_is_a_program() -> None:
    def answer(
        name: str, source: str | None, language: str | None = "python"
    ) -> tuple[Candidate, Extraction]:
        return Candidate(name, ""), Extraction(source, language, "")

    programs = merge(
        [
            answer("a", "print(1)\n"),
            answer("b", None, None),
            answer("c", "print( 1 )  # one\n"),
            answer("d", "print(2)\n"),
            answer("e", "print(1)\n", "cpp"),
        ]
    )
    assert [(p.language, p.candidates) for p in programs] == [
        ("python", ("a", "c")),
        ("python", ("d",)),
        ("cpp", ("e",)),
    ]
    assert programs[0].source == "print(1)\n"


def test_ids_do_not_change_between_releases() -> None:
    assert program_id("python", "print(1)\n") == "6ac2f7e885d6c539"


def test_mutants_of_real_completions_are_never_merged(shared: Path) -> None:
    rng = random.Random(5)
    lines = (shared / "pools" / "qwen15b-archives.jsonl").read_text().splitlines()
    for line in lines[::3]:
        row = json.loads(line)
        source = row["completion"].split("\n", 1)[1]
        pieces = re.split(r"(\b\d+\b|==|<=|>=|\+=)", source)
        where = rng.choice(range(1, len(pieces), 2) or [0])
        if where:
            pieces[where] = {"==": "!=", "<=": "<", ">=": ">", "+=": "-="}.get(
                pieces[where], pieces[where] + "1"
            )
            comment = re.search(r"(?://|#).*$", "".join(pieces[:where]).rsplit("\n", 1)[-1])
            if comment is None:
                assert not same(row["language"], source, "".join(pieces))
