"""Damaged rows of data sets and files of other formats: each is one line of error."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .one_line import one_line

Write = Callable[[Path, dict[str, Any]], Path]


TASK = "name: t\ntime_limit: 1\nmemory_limit: 64\n"


CASE = "test_cases:\n- {in: 1.in, out: 1.out}\n"


XML = "<problem><judging><testset name='tests'>{}<tests>{}</tests></testset></judging></problem>"


OTHERS: dict[str, tuple[dict[str, Any], str]] = {
    "cms: no tests": ({"task.yaml": TASK}, r"input: the task has no tests"),
    "cms: output missing": (
        {"task.yaml": TASK + "n_input: 1\n", "input/input0.txt": ""},
        r"output/output0\.txt: the test's file is missing",
    ),
    "cms: count": (
        {"task.yaml": TASK + "n_input: 3\n", "gen/GEN": "#ST: 100\n1\n"},
        r"task\.yaml: n_input: is 3, but gen/GEN has 1 tests",
    ),
    "cms: negative points": (
        {"task.yaml": TASK, "gen/GEN": "#ST: -4\n1\n"}, r"gen/GEN: line 1: points must be",
    ),
    "cms: empty subtask": (
        {"task.yaml": TASK, "gen/GEN": "#ST: 40\n#ST: 60\n1\n"}, r"#ST: 40: a subtask without",
    ),
    "cms: time": ({"task.yaml": "name: t\ntime_limit: -1\nn_input: 1\n",
                   "input/input0.txt": "", "output/output0.txt": ""},
                  r"task\.yaml: time_limit: must be more than 0"),
    "dmoj: no tests": ({"init.yml": "archive: a.zip\n"}, r"init\.yml: archive: there is no file"),
    "dmoj: bad zip": (
        {"init.yml": "archive: a.zip\n" + CASE, "a.zip": "no"}, r"a\.zip: not a zip archive",
    ),
    "dmoj: no such test": ({"init.yml": CASE}, r"1\.(in|out): the test's file is missing"),
    "dmoj: Python in init.yml": (
        {"init.yml": "test_cases++: node = []\n"}, r"test_cases\+\+: Python code .* is not run",
    ),
    "dmoj: grader": (
        {"init.yml": "custom_judge: g.py\ntest_cases:\n- {}\n", "g.py": "class Grader: pass"},
        r"custom_judge: Python code for DMOJ's own judge",
    ),
    "dmoj: two inputs": (
        {"init.yml": "generator: g.c\ntest_cases:\n- {in: a, generator_args: [1]}\n", "a": ""},
        r"\[0\]\.in: the input is a file, and a generator is to make it",
    ),
    "dmoj: a batch in a batch": (
        {"init.yml": "test_cases:\n- batched:\n  - batched:\n    - {in: a}\n", "a": ""},
        r"a batch inside a batch",
    ),
    "dmoj: link": (
        {"init.yml": "symlinks: {x: /etc/passwd}\ntest_cases:\n- {in: a}\n", "a": ""},
        r"symlinks\.x: a link to '/etc/passwd' is not made",
    ),
    "dmoj: negative points": (
        {"init.yml": "test_cases:\n- {in: a, points: -1}\n"}, r"points: must be at least 0",
    ),
    "dmoj: dependency": (
        {"init.yml": "test_cases:\n- {dependencies: [1], batched: [{in: a}]}\n", "a": ""},
        r"dependencies: 1 is not an earlier batch",
    ),
    "dmoj: empty batch": (
        {"init.yml": "test_cases:\n- {points: 1, batched: []}\n"}, r"batched: holds no tests",
    ),
    "dmoj: pattern": (
        {"init.yml": "test_cases: {input_format: '(?P<case>a'}\n"},
        r"input_format: not a regular expression",
    ),
    "dmoj: slow pattern": (
        {"init.yml": "test_cases: {input_format: '((a|aa)+)+b(?P<case>1)'}\n", "a" * 60: ""},
        r"input_format: the pattern takes too long",
    ),
    "dmoj: too few points": (
        {"init.yml": "test_cases: {case_points: [1]}\n", "1.in": "", "2.in": ""},
        r"case_points: holds 1 numbers for 2 cases",
    ),
    "polygon: not XML": ({"problem.xml": "<problem>"}, r"problem\.xml: not XML"),
    "polygon: entities": (
        {"problem.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><problem/>"},
        r"<!DOCTYPE>: it defines its own entities",
    ),
    "polygon: no tests": ({"problem.xml": "<problem/>"}, r"problem\.xml: <testset>: there are no"),
    "polygon: count": (
        {"problem.xml": XML.format("<test-count>2</test-count>", "<test/>")},
        r"<test-count>: is 2, but 1 tests follow",
    ),
    "polygon: not generated": ({"problem.xml": XML.format("", "<test/>")}, r"tests/01: the test's"),
    "polygon: pattern": (
        {"problem.xml": XML.format("<input-path-pattern>x</input-path-pattern>", "<test/>")},
        r"<input-path-pattern>: 'x' is not a pattern",
    ),
    "polygon: escape": (
        {"problem.xml": XML.format("<input-path-pattern>../../%d</input-path-pattern>", "<test/>")},
        r"the test's file is missing",
    ),
    "polygon: points": (
        {"problem.xml": XML.format("", "<test points='-1'/>"), "tests/01": "", "tests/01.a": ""},
        r"test points: must be a number of at least 0",
    ),
    "polygon: group": (
        {"problem.xml": XML.format("", "<test points='1' group='1'/>"), "tests/01": "",
         "tests/01.a": ""},
        r"<groups>: group '1' is not described",
    ),
    "polygon: cyclic dependency": (
        {"problem.xml": XML.format(
            "<groups><group name='1'><dependencies><dependency group='1'/></dependencies></group>"
            "</groups>", "<test points='1' group='1'/>"), "tests/01": "", "tests/01.a": ""},
        r"<dependency>: group '1' depends on itself",
    ),
    "polygon: time": (
        {"problem.xml": XML.format("<time-limit>0</time-limit>", "<test/>"), "tests/01": "",
         "tests/01.a": ""},
        r"<time-limit>: must be a number more than 0",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
def test_other_packages(write: Write, tmp_path: Path, case: str) -> None:
    files, expected = OTHERS[case]
    one_line(write(tmp_path / "p", files), expected)


EMPTY_TEST = {"test_id": "secret/1", "input": "", "answer": ""}


def own_row(*groups: dict[str, Any]) -> str:
    public = {"problem_id": "a", "statements": {"en": "x"}}
    return json.dumps({"medalist_problem": 1, "public": public, "secret": {"groups": groups}})


ROWS: dict[str, tuple[str, str]] = {
    "not JSON": ("{", r"line 1: not JSON"),
    "a number": ("5", r"line 1: not a JSON object"),
    "unknown shape": ('{"a": 1}', r"line 1: not a row of a known data set"),
    "not UTF-8": ("\udcff", r"line 1: not UTF-8"),
    "deep": ("[" * 100_000, r"line 1: not JSON"),
    "counts": (
        '{"question": "x", "input_output": "{\\"inputs\\": [\\"1\\"], \\"outputs\\": []}"}',
        r"input_output: 1 inputs, but 0 outputs",
    ),
    "inner JSON": ('{"question": "x", "input_output": "{"}', r"input_output: not JSON"),
    "empty statement": ('{"question": " ", "input_output": ""}', r"the statement is empty"),
    "own: version": ('{"medalist_problem": 9}', r"medalist_problem: must be 1"),
    "own: public": ('{"medalist_problem": 1, "public": {}}', r"public\.problem_id: "),
    "own: secret": (
        json.dumps(
            {
                "medalist_problem": 1,
                "public": {"problem_id": "a", "statements": {}},
                "secret": {"groups": [{"group_id": 5}]},
            }
        ),
        r"secret\.groups\[0\]\.group_id: must not be 5",
    ),
    "own: a test twice": (
        own_row({"group_id": "secret", "tests": [EMPTY_TEST, EMPTY_TEST]}),
        r"secret\.groups: duplicate test 'secret/1'",
    ),
    "own: cyclic dependency": (
        own_row(
            {"group_id": "secret/a", "depends": ["secret/b"]},
            {"group_id": "secret/b", "depends": ["secret/a"]},
        ),
        r"secret\.groups: the group 'secret/\w' depends on itself",
    ),
    "own: a group that needs its parent": (
        own_row({"group_id": "s", "children": [{"group_id": "s/1", "depends": ["s"]}]}),
        r"secret\.groups: the group 's(/1)?' depends on itself",
    ),
    "own: unknown dependency": (
        own_row({"group_id": "s", "depends": ["x"]}), r"'s' depends on 'x': no such group",
    ),
    "own: a group twice": (
        own_row({"group_id": "secret"}, {"group_id": "secret"}),
        r"secret\.groups: duplicate group 'secret'",
    ),
    "companion: address": (
        '{"name": "a", "tests": [], "timeLimit": 1, "memoryLimit": 1, "url": "http://[x"}',
        r"url: not an address",
    ),
    "companion: time": (
        '{"name": "a", "tests": [], "timeLimit": "x", "memoryLimit": 1}',
        r"timeLimit: must be a number",
    ),
    "companion: tests": (
        '{"name": "a", "tests": 5, "timeLimit": 1, "memoryLimit": 1}', r"tests: must be a list",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ROWS)
def test_rows(tmp_path: Path, case: str) -> None:
    text, expected = ROWS[case]
    path = tmp_path / "rows.jsonl"
    path.write_bytes(text.encode("utf-8", "surrogateescape") + b"\n")
    one_line(path, expected)


def test_rows_with_the_same_id(tmp_path: Path) -> None:
    row = json.dumps({"id": "x", "question": "q", "input_output": ""})
    (tmp_path / "a.jsonl").write_text(f"{row}\n{row}\n")
    one_line(tmp_path / "a.jsonl", r"line 2: duplicate id 'x'")


def test_parquet_that_is_none(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 nothing PAR1")
    one_line(tmp_path / "a.parquet", r"not a Parquet file that can be read")
