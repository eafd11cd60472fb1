"""Points through `medalist judge`: what is worth nothing is not full, and nothing is worth more."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

STATEMENT = "# T\n\nTime limit: 2 seconds\n\nPrint the number.\n"
TEX = "\\problemname{T}\nPrint the number."
RIGHT, WRONG, FIRST = "print(input())\n", "print(77)\n", "print('1')\n"

POLYGON = """\
<problem short-name="zero"><judging><testset name="tests"><time-limit>2000</time-limit>
<test-count>2</test-count><input-path-pattern>tests/%02d</input-path-pattern>
<answer-path-pattern>tests/%02d.a</answer-path-pattern>
<tests><test method="manual" points="0.0"/><test method="manual" points="0.0"/></tests>
</testset></judging>
<assets><checker name="std::ncmp.cpp"/></assets></problem>
"""
KATTIS = "name: T\ntype: scoring\nlimits:\n  time_limit: 2\n"
TESTS = {"1.in": "1\n", "1.out": "1\n", "2.in": "2\n", "2.out": "2\n", "statement.md": STATEMENT}
CMS = {
    "statement/statement.md": STATEMENT,
    "input/input0.txt": "1\n",
    "output/output0.txt": "1\n",
    "input/input1.txt": "2\n",
    "output/output1.txt": "2\n",
}
SECRET = {
    "problem_statement/problem.en.tex": TEX,
    "data/sample/0.in": "0\n",
    "data/sample/0.ans": "0\n",
    "data/secret/1.in": "1\n",
    "data/secret/1.ans": "1\n",
    "data/secret/2.in": "2\n",
    "data/secret/2.ans": "2\n",
}
TASK = "name: t\ntitle: T\ntime_limit: 2\nmemory_limit: 64\ninfile: ''\noutfile: ''\n"
ZERO: dict[str, dict[str, str]] = {
    "dmoj": {
        "init.yml": "test_cases:\n- {in: 1.in, out: 1.out, points: 0}\n"
        "- {in: 2.in, out: 2.out, points: 0}\n",
        **TESTS,
    },
    "polygon": {
        "problem.xml": POLYGON,
        "statements/english/problem.tex": TEX,
        "tests/01": "1\n",
        "tests/01.a": "1\n",
        "tests/02": "2\n",
        "tests/02.a": "2\n",
    },
    "cms": {"task.yaml": TASK, "gen/GEN": "#ST: 0\n1\n#ST: 0\n2\n", **CMS},
    "cms total": {"task.yaml": f"{TASK}total_value: 0\n", **CMS},
    "kattis": {
        "problem.yaml": KATTIS,
        "data/testdata.yaml": "accept_score: 0\nrange: 0 0\ngrader_flags: accept_if_any_accepted\n"
        "on_reject: continue\n",
        **SECRET,
    },
}


def judged(folder: Path, files: dict[str, str], *programs: str) -> list[dict[str, Any]]:
    for name, text in files.items():
        path = folder / "package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    names = []
    for number, text in enumerate(programs):
        names.append(f"{number}.py")
        (folder / names[-1]).write_text(text)
    done = medalist("judge", "package", *names, "--json", cwd=folder)
    assert done.stdout, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def verdicts(rows: list[dict[str, Any]]) -> list[tuple[str, float | None]]:
    return [(row["verdict"], row["score"]) for row in rows]


@pytest.mark.parametrize("package", ZERO)
def test_zero_of_zero_points_is_not_full(tmp_path: Path, package: str) -> None:
    rows = judged(tmp_path, ZERO[package], RIGHT, WRONG, FIRST)
    assert verdicts(rows) == [("AC", 0), ("WA", 0), ("WA", 0)]


PARTIAL_DMOJ = """\
#include <cstdio>
int main(int, char **v) {
  int given = 0, answer = -1;
  FILE *out = fopen(v[2], "r"), *ans = fopen(v[3], "r");
  if (fscanf(out, "%d", &given) != 1 || fscanf(ans, "%d", &answer) != 1) return 1;
  if (given == answer) return 0;
  if (given < 0) return 1;
  fprintf(stderr, "points %d\\n", given);
  return 7;
}
"""
BRIDGED = """\
checker:
  name: bridged
  args: {{files: check.cpp, lang: CPP17, type: testlib{percent}}}
test_cases:
- {{in: 1.in, out: 1.out, points: 10}}
- {{in: 2.in, out: 2.out, points: 10}}
"""


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        # given 50 on both; 5; 101; -1
        (", treat_checker_points_as_percentage: true",
         [("PAC", 10), ("PAC", 1), ("JE", None), ("WA", 0)]),
        ("", [("JE", None), ("PAC", 10), ("JE", None), ("WA", 0)]),
    ],
)  # fmt: skip
def test_a_checkers_points_are_bounded_by_what_the_test_is_worth(
    tmp_path: Path, percent: str, expected: list[tuple[str, float | None]]
) -> None:
    files = {"init.yml": BRIDGED.format(percent=percent), "check.cpp": PARTIAL_DMOJ, **TESTS}
    rows = judged(tmp_path, files, "print(50)", "print(5)", "print(101)", "print(-1)")
    assert verdicts(rows) == expected


SCORER = "import sys\nopen(sys.argv[3] + '/score.txt', 'w').write(sys.stdin.read())\nexit(42)\n"


def test_a_groups_points_stay_in_its_range(tmp_path: Path) -> None:
    files = {
        "problem.yaml": f"{KATTIS}validation: custom score\n",
        "output_validators/v.py": SCORER,
        "data/testdata.yaml": "grader_flags: ignore_sample\n",
        "data/secret/testdata.yaml": "range: 0 100\n",
        **SECRET,
    }
    rows = judged(tmp_path, files, "print(30)", "print(50)", "print(80)")
    assert verdicts(rows) == [("PAC", 60), ("AC", 100), ("AC", 100)]


def test_points_without_a_range_have_no_bound(tmp_path: Path) -> None:
    files = {
        "problem.yaml": f"{KATTIS}validation: custom score\n",
        "output_validators/v.py": SCORER,
        "data/testdata.yaml": "grader_flags: ignore_sample\n",
        **SECRET,
    }
    assert verdicts(judged(tmp_path, files, "print(1000)")) == [("AC", 2000)]


@pytest.mark.parametrize(
    ("root", "right", "first"),
    [
        # Sample and secret are added: 1 + 2 points. The program `first` passes one test.
        ("on_reject: continue\n", ("AC", 3), ("PAC", 1)),
        # The root's range bounds the sum; without secret/2 it is full, yet not accepted.
        ("on_reject: continue\nrange: 0 2\n", ("AC", 2), ("PAC", 1)),
        ("on_reject: continue\ngrader_flags: ignore_sample\n", ("AC", 2), ("PAC", 1)),
    ],
)
def test_samples_that_give_points_are_part_of_the_full_score(
    tmp_path: Path, root: str, right: tuple[str, float], first: tuple[str, float]
) -> None:
    files = {"problem.yaml": KATTIS, "data/testdata.yaml": root, **SECRET}
    but_two = "n = int(input())\nprint(n if n < 2 else 0)\n"
    rows = judged(tmp_path, files, RIGHT, FIRST, but_two)
    assert verdicts(rows)[:2] == [right, first]
    assert rows[2]["verdict"] == "PAC"
    assert rows[2]["score"] <= right[1]


def test_total_value_is_shared_by_the_tests_of_a_cms_task(tmp_path: Path) -> None:
    files = {"task.yaml": f"{TASK}total_value: 30\n", **CMS}
    assert verdicts(judged(tmp_path, files, RIGHT, FIRST)) == [("AC", 30), ("PAC", 15)]
