import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from medalist.agent.extract.answer import extract
from medalist.agent.propose import Extracted
from medalist.problems.model import GraderFile, Kind, PublicProblem, Sample


def problem(*samples: tuple[str, str]) -> PublicProblem:
    return PublicProblem(
        problem_id="p",
        statements={"en": "Compute it."},
        samples=tuple(Sample(input=given, output=wanted) for given, wanted in samples),
    )


SUM = problem(("1 2\n", "3\n"), ("5 6\n", "11\n"))
TOTAL = problem(("3\n1 2 3\n", "6\n"), ("1\n4\n", "4\n"))
LINES = problem(("2 7 3\n9\n", "21\n"), ("5\n1\n", "6\n"))
WORDS = problem(("level\n", "YES\n"), ("ab\n", "NO\n"))

PYTHON = [
    (SUM, "def add(a, b):\n    return a + b\n"),
    (SUM, "def helper(x):\n    return x\n\ndef add(a, b):\n    return helper(a) + b\n"),
    (SUM, "import sys\n\ndef main():\n    print(sum(map(int, sys.stdin.read().split())))\n"),
    (SUM, "class Solution:\n    def add(self, a: int, b: int) -> int:\n        return a + b\n"),
    (TOTAL, "def total(items):\n    return sum(items)\n"),
    (TOTAL, "def total(n, items):\n    return sum(items[:n])\n"),
    (
        TOTAL,
        "from typing import List\n\ndef total(items: List[int]) -> int:\n    return sum(items)\n",
    ),
    (LINES, "def f(items: list[int], more: int) -> int:\n    return sum(items) + more\n"),
    (WORDS, "def is_palindrome(s: str) -> bool:\n    return s == s[::-1]\n"),
]
CPP = [
    (SUM, "class Solution {\npublic:\n    long long add(int a, int b) { return a + b; }\n};\n"),
    (
        TOTAL,
        """
#include <vector>
int total(int n, std::vector<int>& a) { int s = 0; for (int x : a) s += x; return s; }
""",
    ),
    (
        LINES,
        """
#include <vector>
using namespace std;
int twice(int x) { return x * 2; }
int f(vector<int> a, int b) { for (int x : a) b += x; return twice(b) / 2; }
""",
    ),
    (
        WORDS,
        """
#include <string>
bool is_palindrome(const std::string& s) { return s == std::string(s.rbegin(), s.rend()); }
""",
    ),
]


@pytest.mark.parametrize(("public", "source"), PYTHON)
def test_python_functions_become_programs(public: PublicProblem, source: str) -> None:
    extraction = extract(f"```python\n{source}```", language="python", public=public)
    assert extraction.found is Extracted.PROGRAM, extraction
    assert extraction.source is not None
    for sample in public.samples:
        run = subprocess.run(
            [sys.executable, "-c", extraction.source],
            input=sample.input,
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.split() == (sample.output or "").split()


@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
@pytest.mark.parametrize(("public", "source"), CPP, ids=["sum", "total", "lines", "words"])
def test_cpp_functions_become_programs(public: PublicProblem, source: str, tmp_path: Path) -> None:
    extraction = extract(f"```cpp\n{source}```", language="cpp", public=public)
    assert extraction.found is Extracted.PROGRAM, extraction
    (tmp_path / "a.cpp").write_text(extraction.source or "")
    subprocess.run(["g++", "-std=gnu++17", "a.cpp", "-o", "a"], cwd=tmp_path, check=True)
    for sample in public.samples:
        run = subprocess.run(
            [tmp_path / "a"], input=sample.input, capture_output=True, text=True, check=True
        )
        assert run.stdout.split() == (sample.output or "").split()


@pytest.mark.parametrize(
    "source",
    [
        "def f(a, b, c):\n    return a\n",
        "def f(graph: dict) -> int:\n    return 1\n",
        "x = 3\n",
    ],
)
def test_what_fits_no_layout_stays_a_function(source: str) -> None:
    extraction = extract(f"```python\n{source}```", language="python", public=TOTAL)
    assert extraction.found is Extracted.FUNCTION
    assert extraction.source == source


def test_without_samples_nothing_is_guessed() -> None:
    extraction = extract(
        "```python\ndef f(a):\n    return a\n```", language="python", public=problem()
    )
    assert extraction.found is Extracted.FUNCTION


GRADER = PublicProblem(
    problem_id="g",
    statements={"en": "Implement add."},
    kind=Kind.FUNCTION,
    grader_files=(
        GraderFile(language="cpp", name="add.h", content="long long add(int a, int b);\n"),
    ),
)


@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
@pytest.mark.parametrize(
    "source",
    [
        "long long add(int a, int b) { return a + b; }\n",
        """
#include <cstdio>
#include "add.h"
long long add(int a, int b) { return a + b; }
int main() { printf("%lld", add(1, 2)); }
""",
    ],
)
def test_functions_fit_to_the_grader(source: str, tmp_path: Path) -> None:
    extraction = extract(f"```cpp\n{source}```", language="cpp", public=GRADER)
    assert extraction.source is not None
    (tmp_path / "add.cpp").write_text(extraction.source)
    (tmp_path / "add.h").write_text(GRADER.grader_files[0].content)
    (tmp_path / "grader.cpp").write_text(
        '#include "add.h"\n#include <cstdio>\nint main() { printf("%lld", add(2, 3)); }\n'
    )
    subprocess.run(["g++", "add.cpp", "grader.cpp", "-o", "a"], cwd=tmp_path, check=True)
    assert subprocess.run([tmp_path / "a"], capture_output=True, check=True).stdout == b"5"
