"""Rows of `open-r1/codeforces` and CodeContests+, and tasks of cmsAOI."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from .verdicts import jsonl, judged, run, shown, verdicts

Write = Callable[[Path, Mapping[str, str | bytes | None]], Path]

DOUBLE = "print(2 * int(input()))"
CPP = "#include <iostream>\nint main() { int n; std::cin >> n; std::cout << 2 * n; }"
SMALL = "n = int(input())\nprint(2 * n if n < 3 else 0)"


def codeforces(**changes: Any) -> dict[str, Any]:
    return {
        "id": "1/A", "aliases": None, "contest_id": "1", "contest_name": "Round", "index": "A",
        "contest_type": "CF", "time_limit": 1.5, "memory_limit": 64.0, "title": "Twice",
        "description": "Double it.", "input_format": "A number.", "output_format": "Its double.",
        "interaction_format": None, "note": None, "examples": [{"input": "1\n", "output": "2\n"}],
        "editorial": None, "rating": 1000.0, "tags": ["math"], "testset_size": 2,
        "official_tests": [{"input": "1\n", "output": "2\n"}, {"input": "5\n", "output": "10\n"}],
        "official_tests_complete": True, "input_mode": "stdio", "generated_checker": None,
        "executable": True, "generated_tests": 0, **changes,
    }  # fmt: skip


def test_codeforces_rows(tmp_path: Path) -> None:
    data = jsonl(tmp_path / "d.jsonl", codeforces())
    row = shown(data)
    assert (row["problem"], row["title"], row["tests"], row["samples"]) == ("1-A", "Twice", 2, 1)
    assert (row["time_s"], row["memory_mb"], row["difficulty"]) == (1.5, 64, "1000")
    assert "## Input\n\nA number.\n\n## Output\n\nIts double." in row["statement"]
    assert row["warnings"] == []
    by_program = verdicts(data, tmp_path / "subs", right=DOUBLE, wrong=SMALL)
    assert by_program == {"right": "AC", "wrong": "WA"}


def test_codeforces_rows_say_what_is_missing(tmp_path: Path) -> None:
    row = codeforces(official_tests_complete=False, testset_size=9, generated_tests=40)
    warnings = " ".join(shown(jsonl(tmp_path / "d.jsonl", row))["warnings"])
    assert "only 2 of 9 tests are there" in warnings
    assert "40 more tests" in warnings
    only = codeforces(official_tests=None)
    assert shown(jsonl(tmp_path / "e.jsonl", only))["tests"] is None


CHECKER = """\
import sys
n, right, given = (open(name).read().split() for name in sys.argv[1:4])
value = int(given[0])
print(1 if value >= int(right[0]) else 0.5 if value == 0 else 0)
"""


def test_a_generated_checker_is_asked(tmp_path: Path) -> None:
    row = codeforces(generated_checker=CHECKER)
    points = judged(
        jsonl(tmp_path / "d.jsonl", row), tmp_path / "subs", right="print(99)", wrong="print(1)",
        crashes_it="print('x')", half="print(0)",
    )  # fmt: skip
    assert {name: row["verdict"] for name, row in points.items()} == {
        "right": "AC", "wrong": "WA", "crashes_it": "WA", "half": "PAC",
    }  # fmt: skip
    no_module = codeforces(generated_checker="import nothing_of_this_name\nprint(1)")
    data = jsonl(tmp_path / "e.jsonl", no_module)
    assert verdicts(data, tmp_path / "subs", right=DOUBLE) == {"right": "JE"}


def plus(**changes: Any) -> dict[str, Any]:
    return {
        "source": "CF", "id": "1_A", "title": "Twice", "description": "Double it.",
        "time_limit": 1500, "memory_limit": 256, "validator": "", "generator": "",
        "generator_cmd": "", "checker": "", "test_cases": [
            {"input": "1\n", "output": "2\n"}, {"input": "5\n", "output": "10\n"},
        ],
        "correct_submissions": [
            {"code": DOUBLE, "language": "py3"}, {"code": "x", "language": "haskell"},
            {"code": CPP, "language": "cpp"},
        ],
        "incorrect_submissions": [{"code": SMALL, "language": 3}],
        "true_positive_rate": 1.0, "true_negative_rate": 1.0, **changes,
    }  # fmt: skip


def test_codecontests_plus_rows_and_their_labels(tmp_path: Path) -> None:
    data = jsonl(tmp_path / "d.jsonl", plus())
    row = shown(data)
    assert (row["problem"], row["title"], row["time_s"], row["tests"]) == ("1_A", "Twice", 1.5, 2)
    assert row["submissions"] == {"accepted": 2, "rejected": 1}
    code, out, err = run("problems", "check", data, "--box", "local", "--fresh")
    assert (code, out.count("ok ")) == (0, 3), out + err


TESTLIB = """\
#pragma once
#include <cstdlib>
#include <fstream>
static std::ifstream in, ouf, ans;
inline void registerTestlibCmd(int, char** a) { in.open(a[1]); ouf.open(a[2]); ans.open(a[3]); }
"""
USES_TESTLIB = """\
#include "testlib.h"
int main(int argc, char** argv) {
    registerTestlibCmd(argc, argv);
    int right, given;
    return ans >> right && ouf >> given && given >= right ? 0 : 1;
}
"""


def test_a_checker_that_needs_testlib_takes_the_one_beside_the_data(tmp_path: Path) -> None:
    data = jsonl(tmp_path / "d.jsonl", plus(checker=USES_TESTLIB))
    assert "needs testlib.h" in shown(data)["warnings"][0]
    assert verdicts(data, tmp_path / "subs", right="print(99)") == {"right": "JE"}
    (tmp_path / "testlib.h").write_text(TESTLIB)
    assert shown(data)["warnings"] == []
    by_program = verdicts(data, tmp_path / "subs", right="print(99)", wrong="print(1)")
    assert by_program == {"right": "AC", "wrong": "WA"}


TASK = """\
extends: ../base.yaml
name: twice
long_name: Twice as much
statements:
  en: !latexcompile statement/twice.tex
memory_limit: 64MiB
score_options: {type: GROUP_MIN}
task_type: {type: BATCH}
subtasks:
  - points: 40
    testcases:
      - {input: tc/1-*.in.gz, output: tc/1-*.out.gz}
  - points: 60
    testcases:
      - input: !raw |
          7
        output: tc/2.out
test_submissions:
  solution/right.py: 100
  solution/small.py: 40
"""
BASE = "time_limit: 1.5s\nmemory_limit: 512MiB\nfeedback_level: FULL\nchecker: !cppcompile c.cpp\n"
CHECK = """\
#include <fstream>
#include <cstdio>
int main(int, char** a) {
    std::ifstream right(a[2]), given(a[3]);
    int x = 0, y = 0;
    right >> x;
    given >> y;
    std::printf("%f\\n", x == y ? 1.0 : 0.0);
}
"""


def aoi(write: Write, folder: Path, **changes: str | None) -> Path:
    files: dict[str, str | bytes | None] = {
        "base.yaml": BASE,
        "twice/task.yaml": TASK,
        "twice/c.cpp": CHECK,
        "twice/statement/twice.tex": "\\section*{Twice}\nDouble it.\n",
        "twice/tc/1-01.in.gz": gzip.compress(b"1\n"),
        "twice/tc/1-01.out.gz": gzip.compress(b"2\n"),
        "twice/tc/1-02.in.gz": gzip.compress(b"2\n"),
        "twice/tc/1-02.out.gz": gzip.compress(b"4\n"),
        "twice/tc/2.out": "14\n",
        "twice/solution/right.py": DOUBLE,
        "twice/solution/small.py": SMALL,
    }
    write(folder, {**files, **changes})
    return folder / "twice"


def test_cms_aoi_tasks(write: Write, tmp_path: Path) -> None:
    folder = aoi(write, tmp_path)
    row = shown(folder)
    assert (row["problem"], row["title"], row["time_s"]) == ("twice", "Twice as much", 1.5)
    assert (row["memory_mb"], row["tests"], row["full_score"]) == (64, 3, 100)
    assert "Double it." in row["statement"]
    assert row["warnings"] == []
    code, out, err = run("problems", "check", folder, "--box", "local", "--fresh")
    assert (code, out.count("ok ")) == (0, 2), out + err
    points = judged(
        folder, tmp_path / "subs", late="n = int(input())\nprint(2 * n if n > 1 else 0)"
    )
    assert (points["late"]["verdict"], points["late"]["score"]) == ("PAC", 60)


def test_cms_aoi_tasks_in_an_archive_with_what_they_extend(write: Write, tmp_path: Path) -> None:
    aoi(write, tmp_path / "contest")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in sorted((tmp_path / "contest").rglob("*")):
            if path.is_file():
                archive.write(path, str(path.relative_to(tmp_path)))
    code, out, _ = run("problems", "list", tmp_path / "all.zip", "--json")
    assert (code, json.loads(out)["title"]) == (0, "Twice as much")
    assert shown(tmp_path / "all.zip/contest/twice")["time_s"] == 1.5


def test_cms_aoi_sums_and_white_diff(write: Write, tmp_path: Path) -> None:
    task = TASK.replace("GROUP_MIN", "SUM").replace("points: 40", "points: 20")
    base = BASE.replace("checker: !cppcompile c.cpp\n", "")
    folder = aoi(write, tmp_path, **{"twice/task.yaml": task, "base.yaml": base})
    assert shown(folder)["full_score"] == 100
    points = judged(
        folder, tmp_path / "subs", right=f"{DOUBLE}\nprint()", one="print(2)", lines="print(' 4 ')",
    )  # fmt: skip
    assert {name: row["score"] for name, row in points.items()} == {
        "right": 100, "one": 20, "lines": 20,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("!raw |\n          7\n", "!pyrun gen.py 7\n", "input: !pyrun makes the file by running"),
        ("output: tc/2.out", "public: true", "output: is missing: build the task first"),
        ("type: BATCH", "type: COMMUNICATION", "task_type: COMMUNICATION: a kind of cmsAOI task"),
        ("GROUP_MIN", "GROUP_THRESHOLD", "type: GROUP_THRESHOLD: an unsupported kind of scoring"),
        ("64MiB", "64", "memory_limit: '64' is not a number with a unit"),
        ("tc/1-*.in.gz", "tc/9-*.in.gz", "input: no file matches tc/9-*.in.gz"),
        ("../base.yaml", "../none.yaml", "extends: no such file"),
        ("../base.yaml", "task.yaml", "more than 5 files extend each other"),
        ("solution/small.py: 40", "solution/none.py: 40", "solution/none.py: no such file"),
    ],
)
def test_cms_aoi_tasks_that_cannot_be_judged_are_refused_by_name(
    write: Write, tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in TASK
    folder = aoi(write, tmp_path, **{"twice/task.yaml": TASK.replace(old, new)})
    code, _, err = run("problems", "show", folder)
    assert code == 2
    assert message in err
