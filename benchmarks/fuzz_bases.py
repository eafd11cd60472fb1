"""What is mutated: a sound package, row, statement or archive of every format that is read."""

# ruff: noqa: E501 (packages as they are)

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fuzz_mutations import Files

from medalist.errors import MedalistError
from medalist.problems.formats import bundled_archive, load, load_archive
from medalist.problems.formats.convert import write

STATEMENT = """# Sum

Time limit: 2 seconds. Memory limit: 256 MB. Absolute or relative error of at most 10^-6.

## Input

Two integers a and b (1 <= a, b <= 2 \\cdot 10^5).

## Scoring

| Group | Points | Limits |
|---|---|---|
| 1 | 40 | a <= 10 |
| 2 | 60 | |

## Sample Input 1

```
1 2
```

## Sample Output 1

```
3
```
"""
LATEX = (
    "\\problemname{Sum}\n\\section*{Input}\n$1 \\le a, b \\le 10^5$.\n\\begin{tabular}{|l|r|}\n"
    "\\hline Group & Points \\\\ \\hline 1 & 40 \\\\ 2 & 60 \\\\ \\hline\n\\end{tabular}\n"
    "\\newcommand{\\x}[1]{#1!}\\x{a}\n\\begin{itemize}\\item one \\item \\textbf{two}\\end{itemize}\n"
)
HTML = (
    "<html><head><title>Sum</title></head><body><h1>Sum</h1><p>Time limit: 1 s</p>"
    "<h2>Sample Input</h2><pre>1 2\n</pre><h2>Sample Output</h2><pre>3\n</pre>"
    "<table><tr><td>1</td><td>2</td></tr></table></body></html>"
)
ECHO = b"print(sum(map(int, input().split())))\n"
POLYGON: Files = {
    "problem.xml": b"""<problem revision="3" short-name="sum" url="https://example.org/sum">
<names><name language="english" value="Sum"/></names>
<statements><statement charset="UTF-8" language="english" path="statements/english/problem.tex"
 type="application/x-tex"/></statements>
<judging cpu-name="x" input-file="" output-file=""><testset name="tests"><time-limit>1000</time-limit>
<memory-limit>268435456</memory-limit><test-count>2</test-count>
<input-path-pattern>tests/%02d</input-path-pattern><answer-path-pattern>tests/%02d.a</answer-path-pattern>
<tests><test method="manual" sample="true" group="0" points="0.0"/>
<test cmd="gen 1" method="generated" group="1" points="100.0"/></tests>
<groups><group feedback-policy="complete" name="0" points-policy="each-test"/>
<group feedback-policy="none" name="1" points-policy="complete-group">
<dependencies><dependency group="0"/></dependencies></group></groups></testset></judging>
<files><executables><executable><source path="files/gen.cpp" type="cpp.g++17"/></executable></executables></files>
<assets><checker name="std::wcmp.cpp" type="testlib"><source path="files/check.cpp" type="cpp.g++17"/></checker>
<interactor><source path="files/interactor.py" type="python.3"/></interactor>
<validators><validator><source path="files/val.py" type="python.3"/></validator></validators>
<solutions><solution tag="main"><source path="solutions/a.py" type="python.3"/></solution>
<solution tag="wrong-answer"><source path="solutions/b.py" type="python.3"/></solution></solutions></assets>
<tags><tag value="math"/></tags></problem>""",
    "tests/01": b"1 2\n", "tests/01.a": b"3\n", "tests/02": b"3 4\n", "tests/02.a": b"7\n",
    "files/check.cpp": b"int main() { return 0; }\n", "files/val.py": b"input()\n",
    "files/interactor.py": b"import sys\nsys.exit(0)\n",
    "solutions/a.py": ECHO, "solutions/b.py": b"print(0)\n",
    "statement-sections/english/legend.tex": LATEX.encode(),
    "statement-sections/english/input.tex": b"Two numbers.\n",
    "statement-sections/english/example.01": b"1 2\n",
    "statement-sections/english/example.01.a": b"3\n",
}  # fmt: skip
DMOJ: Files = {
    "init.yml": b"""checker: {name: floats, args: {precision: 6}}
test_cases:
- {in: 1.in, out: 1.out, points: 10}
- points: 90
  batched:
  - {in: 2.in, out: 2.out}
  - {in: 3.in, out: 3.out, checker: identical}
pretest_test_cases: [{in: 1.in, out: 1.out, points: 0}]
generator: {source: gen.py, language: PY3}
output_prefix_length: 64
symlinks: {}
hints: [unicode]
""",
    "statement.md": STATEMENT.encode(), "gen.py": b"print(1)\n",
    **{f"{n}.{end}": text for n in "123" for end, text in (("in", b"1 2\n"), ("out", b"3\n"))},
}  # fmt: skip
KATTIS25: Files = {
    "problem.yaml": b"""problem_format_version: 2025-09
name: {en: Sum, no: Summen}
uuid: 00000000-0000-0000-0000-000000000000
type: [scoring]
limits: {time_limit: 1, memory: 256, time_multipliers: {ac_to_time_limit: 2}}
keywords: [math]
constants: {maxn: {value: 5, tex: "5"}}
""",
    "statement/problem.en.md": STATEMENT.encode(), "statement/problem.no.md": b"Summen.\n",
    "data/test_group.yaml": b"output_validator_args: [float_tolerance, '1e-6']\n",
    "data/sample/1.in": b"1 2\n", "data/sample/1.ans": b"3\n", "data/sample/2.interaction": b"<1\n",
    "data/secret/test_group.yaml": b"max_score: 100\nscore_aggregation: sum\n",
    "data/secret/g1/test_group.yaml": b"max_score: 40\nargs: [a]\ninput_validator_args: {v: [b]}\n",
    "data/secret/g1/1.in": b"1 2\n", "data/secret/g1/1.ans": b"3\n",
    "data/secret/g1/1.yaml": b"hint: h\noutput_validator_args: []\n",
    "data/secret/g2/test_group.yaml": b"max_score: 60\nrequire_pass: [sample, secret/g1]\n",
    "data/secret/g2/1.in": b"3 4\n", "data/secret/g2/1.ans": b"7\n",
    "data/invalid_input/1.in": b"x\n", "data/valid_output/1.in": b"1 2\n",
    "data/valid_output/1.ans": b"3\n", "data/valid_output/1.out": b"3.0\n",
    "input_validators/v.py": b"import sys\nsys.exit(42)\n",
    "submissions/submissions.yaml": b"""accepted: {permitted: [AC], use_for_time_limit: lower}
"*/a.{py,cpp}": {secret/g1: {permitted: [AC, TLE], required: [TLE]}, score: [0, 100], message: m}
""",
    "submissions/accepted/a.py": ECHO, "submissions/mixed/b.py": b"# @EXPECTED_SCORE@: 40\n" + ECHO,
    "attachments/x.txt": b"x\n",
}  # fmt: skip
HYDRO: Files = {
    "problem.yaml": b"pid: P1\ntitle: Sum\ntag: [math]\nowner: 2\n",
    "problem.md": b"Add.\n```input1\n1 2\n```\n```output1\n3\n```\n",
    "testdata/config.yaml": b"""type: default
time: 1s
memory: 256m
checker_type: default
subtasks:
- {score: 40, type: min, cases: [{input: 1.in, output: 1.out}]}
- {score: 60, if: [1], time: 2s, cases: [{input: 2.in, output: 2.out}]}
""",
    **{
        f"testdata/{n}.{end}": text
        for n in "12"
        for end, text in (("in", b"1 2\n"), ("out", b"3\n"))
    },
}
QDUOJ: Files = {
    "problem.json": json.dumps(
        {
            "display_id": "1",
            "title": "Sum",
            "description": {"format": "html", "value": "<p>Add.</p>"},
            "tags": ["math"],
            "input_description": {"format": "html", "value": "Two."},
            "hint": None,
            "output_description": {"format": "html", "value": "One."},
            "time_limit": 1000,
            "memory_limit": 256,
            "samples": [{"input": "1 2", "output": "3"}],
            "template": {},
            "spj": None,
            "rule_type": "OI",
            "source": "x",
            "answers": [{"language": "C", "code": "int main() {}"}],
            "test_case_score": [{"score": 100, "input_name": "1.in", "output_name": "1.out"}],
        }
    ).encode(),
    "testcase/1.in": b"1 2\n",
    "testcase/1.out": b"3\n",
}
PLAIN: Files = {
    "statement.md": STATEMENT.encode(),
    "1.in": b"1 2\n",
    "1.out": b"3\n",
    "2.in": b"3 4\n",
    "2.out": b"7\n",
    "problem.yaml.txt": b"x",
}
AOI: Files = {
    "task.yaml": b"""name: sum
long_name: Sum
time_limit: 1s
memory_limit: 256 MiB
statements: {en: statement/en.md}
feedback: full
score_type: {type: SubtaskGroup}
checker: !cppcompile check.cpp
subtasks:
- {name: one, points: 100, testcases: [{input: tests/1.in, output: tests/1.out}]}
test_submissions: {sol/a.py: 100}
""",
    "statement/en.md": STATEMENT.encode(),
    "tests/1.in": b"1 2\n",
    "tests/1.out": b"3\n",
    "check.cpp": b"int main() { return 0; }\n",
    "sol/a.py": ECHO,
}
FPS = """<?xml version="1.0" encoding="UTF-8"?>
<fps version="1.2"><generator name="HUSTOJ"/><item><title><![CDATA[Sum]]></title>
<time_limit unit="s">1</time_limit><memory_limit unit="mb">128</memory_limit>
<description><![CDATA[<p>Add.</p>]]></description><input>Two.</input><output>One.</output>
<sample_input>1 2</sample_input><sample_output>3</sample_output>
<test_input>3 4</test_input><test_output>7</test_output><hint/><source>x</source>
<solution language="C++"><![CDATA[int main() {}]]></solution></item></fps>
"""
ROWS: dict[str, list[dict[str, Any]]] = {
    "codecontests": [{
        "name": "1_A. Sum", "description": "Add.", "public_tests": {"input": ["1 2\n"], "output": ["3\n"]},
        "private_tests": {"input": ["3 4\n"], "output": ["7\n"]},
        "generated_tests": {"input": [], "output": []}, "source": 2, "cf_rating": 800,
        "cf_tags": ["math"], "time_limit": {"seconds": 1, "nanos": 5}, "memory_limit_bytes": 256000000,
        "solutions": {"language": [3, 2], "solution": ["print(3)", "int main() {}"]},
        "incorrect_solutions": {"language": [], "solution": []}, "input_file": "", "output_file": "",
    }],
    "livecodebench": [{
        "question_title": "Sum", "question_content": STATEMENT, "platform": "atcoder",
        "question_id": "abc1_a", "contest_id": "abc1", "contest_date": "2023-01-01T00:00:00",
        "starter_code": "", "difficulty": "easy",
        "public_test_cases": json.dumps([{"input": "1 2", "output": "3", "testtype": "stdin"}]),
        "private_test_cases": json.dumps([{"input": "3 4", "output": "7", "testtype": "stdin"}]),
        "metadata": "{}",
    }, {
        "question_title": "F", "question_content": "F.", "platform": "leetcode", "question_id": "2",
        "starter_code": "class Solution:\n    def f(self, a: int) -> int:\n        ", "difficulty": "easy",
        "public_test_cases": json.dumps([{"input": "1", "output": "1", "testtype": "functional"}]),
        "private_test_cases": json.dumps([{"input": "2", "output": "2", "testtype": "functional"}]),
        "metadata": json.dumps({"func_name": "f"}),
    }],
    "apps": [{
        "problem_id": 0, "question": STATEMENT, "difficulty": "interview", "url": "https://x.example/1",
        "solutions": json.dumps(["print(3)"]), "starter_code": "",
        "input_output": json.dumps({"inputs": ["1 2\n"], "outputs": ["3\n"]}),
    }, {
        "problem_id": 1, "question": "F.", "starter_code": "def f(a):\n", "solutions": "",
        "input_output": json.dumps({"fn_name": "f", "inputs": [[1]], "outputs": [[2]]}),
    }],
    "open-r1": [{
        "id": "1/A", "aliases": None, "contest_id": "1", "index": "A", "title": "Sum", "rating": 800,
        "time_limit": 1.0, "memory_limit": 256.0, "description": "Add.", "input_format": "Two.",
        "output_format": "One.", "interaction_format": None, "note": None, "editorial": None,
        "input_mode": "stdio", "examples": [{"input": "1 2", "output": "3"}], "tags": ["math"],
        "official_tests": [{"input": "3 4", "output": "7"}], "official_tests_complete": True,
        "generated_checker": None, "executable": True, "generated_tests": 0,
    }],
    "plus": [{
        "id": "1_A", "title": "Sum", "description": "Add.", "time_limit": 1000, "memory_limit": 256,
        "test_cases": [{"input": "1 2", "output": "3"}], "checker": "int main() { return 0; }",
        "generator": "x", "generator_cmd": "y", "validator": "z",
        "correct_submissions": [{"language": 3, "code": "print(3)"}],
        "incorrect_submissions": [{"language": 2, "code": "int main() {}"}],
    }],
    "taco": [{
        "question": STATEMENT, "raw_tags": "['x']", "tags": "['a']", "time_limit": "2.0 seconds",
        "memory_limit": "256.0 megabytes", "solutions": json.dumps(["print(3)"]), "name": None,
        "input_output": json.dumps({"inputs": ["1 2\n"], "outputs": ["3\n"]}), "source": "x",
    }],
    "companion": [{
        "name": "A. Sum", "group": "G", "url": "https://judge.example/problem/1/A",
        "interactive": False, "memoryLimit": 256, "timeLimit": 1000, "testType": "single",
        "tests": [{"input": "1 2\n", "output": "3\n"}], "input": {"type": "stdin"},
        "output": {"type": "stdout"}, "languages": {}, "batch": {"id": "1", "size": 1},
    }],
    "ioi": [{
        "year": 2024, "day": 1, "id": "sum", "name": "Sum", "subtask": "1", "score": 100.0,
        "time_limit": 1.0, "memory_limit": 268435456, "task_type": "Batch", "test_names": ["1"],
        "starting_code": "", "grader_files": [["grader.cpp", "int main() {}"]], "problem": STATEMENT,
    }, {
        "year": 2024, "problem_id": "sum", "test_name": "1", "test_input": "1 2", "test_output": "3",
    }],
}  # fmt: skip
# Its tests are made by the generator (one writes a file) and the main solution.
POLYGON_STANDARD: Files = {
    "problem.xml": POLYGON["problem.xml"]
    .replace(b'<interactor><source path="files/interactor.py" type="python.3"/></interactor>', b"")
    .replace(b"files/gen.cpp", b"files/gen.py")
    .replace(b'cmd="gen 1"', b'cmd="gen 3 \'4 5\'" from-file="2"'),
    "files/gen.py": b"import sys\nopen('2', 'w').write(sys.argv[1] + ' 4\\n')\n",
    **{
        name: text
        for name, text in POLYGON.items()
        if name not in ("problem.xml", "tests/01.a", "tests/02", "tests/02.a")
    },
}
CMS_SCORES: Files = {
    "task.yaml": b"""name: sum
title: Sum
time_limit: 1.0
memory_limit: 256
n_input: 2
infile: ""
outfile: ""
score_type: GroupMin
score_type_parameters: [[40, "00[0]"], {max_score: 60, testcases: ".*1"}]
score_precision: 2
user_io: std_io
token_mode: finite
output_only_testcases: ""
public_testcases: all
""",
    "statement/statement.md": STATEMENT.encode(),
    **{f"input/input{n}.txt": b"1 2\n" for n in range(2)},
    **{f"output/output{n}.txt": b"3\n" for n in range(2)},
    "sol/soluzione.py": ECHO,
}
_LARGEST = 2000


def packages() -> dict[str, Files]:
    """Return a sound package of each format, and a bundled one of each kind."""
    result: dict[str, Files] = {
        "polygon": POLYGON,
        "polygon-standard": POLYGON_STANDARD,
        "cms-scores": CMS_SCORES,
        "dmoj": DMOJ,
        "kattis-2025": KATTIS25,
        "hydro": HYDRO,
        "qduoj": QDUOJ,
        "plain": PLAIN,
        "aoi": AOI,
    }
    for entry in load_archive(bundled_archive()):
        result[f"bundled-{entry.problem_id}"] = read_folder(entry.path)
    for style in ("kattis-legacy", "kattis", "cms"):
        for name in ("turnstile", "meetings"):
            with tempfile.TemporaryDirectory() as folder:
                try:
                    written = write(load(bundled_archive() / name), style, Path(folder) / "p")
                except MedalistError:
                    continue
                result[f"{style}-{name}"] = read_folder(written)
    return result


def read_folder(folder: Path) -> Files:
    """Return the files of a folder, few tests of each group, and each cut short."""
    result: Files = {}
    tests: dict[str, int] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = str(path.relative_to(folder))
        if "/" in name and name.split("/", 1)[0] == "data":
            where = name.rpartition("/")[0]
            tests[where] = tests.get(where, 0) + 1
            if tests[where] > 6:
                continue
        result[name] = path.read_bytes()[:_LARGEST]
    return result


def files() -> Iterator[tuple[str, bytes]]:
    """Yield single files: statements and rows."""
    for ending, text in (("md", STATEMENT), ("txt", STATEMENT), ("tex", LATEX), ("html", HTML)):
        yield f"statement.{ending}", text.encode()
    yield "fps.xml", FPS.encode()
    for style, rows in ROWS.items():
        yield f"{style}.jsonl", b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        yield f"{style}.json", json.dumps(rows).encode()
    with tempfile.TemporaryDirectory() as folder:
        own = write(load(bundled_archive() / "warmer"), "jsonl", Path(folder) / "own.jsonl")
        yield "own.jsonl", own.read_bytes()[:200_000]
