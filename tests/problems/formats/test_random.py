"""Random bytes to every reader: a problem or one line, never a traceback."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medalist.errors import BadInput
from medalist.problems.constraints import find_constraints, find_rows
from medalist.problems.formats import load, load_archive
from medalist.problems.formats.latex import convert
from medalist.problems.formats.markup import html_to_text
from medalist.problems.formats.understand import understand

FEW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FILES = ["a.md", "a.txt", "a.tex", "a.html", "a.pdf", "a.zip", "a.tar", "a.tar.gz", "a.json",
         "a.jsonl", "a.parquet"]  # fmt: skip
PACKAGES: dict[str, list[str]] = {
    "kattis": ["problem.yaml", "problem_statement/problem.en.tex", "data/secret/testdata.yaml",
               "data/testdata.yaml", "domjudge-problem.ini", ".timelimit",
               "submissions/submissions.yaml", "submissions/accepted/a.py"],
    "2025": ["data/secret/g/test_group.yaml", "data/secret/g/1.yaml", "data/sample/1.interaction"],
    "polygon": ["problem.xml"],
    "cms": ["task.yaml", "gen/GEN"],
    "dmoj": ["init.yml"],
}  # fmt: skip
BASES: dict[str, dict[str, str]] = {
    "kattis": {"problem.yaml": "name: a\n", "problem_statement/problem.en.tex": "x",
               "data/secret/1.in": "", "data/secret/1.ans": ""},
    "2025": {"problem.yaml": "problem_format_version: 2025-09\nname: a\ntype: scoring\n",
             "statement/problem.en.md": "x", "data/secret/g/1.in": "", "data/secret/g/1.ans": "",
             "data/secret/g/test_group.yaml": "max_score: 100\n"},
    "polygon": {"tests/01": "", "tests/01.a": ""},
    "cms": {"task.yaml": "name: t\n", "input/input0.txt": "", "output/output0.txt": ""},
    "dmoj": {"1.in": "", "1.out": ""},
}  # fmt: skip

# Bytes that come close to what the formats look like find more than noise does.
WORDS = st.sampled_from(
    ["name", "limits", "time_limit", ": ", "- ", "\n", "  ", "{", "}", "[", "]", "&a ", "*a", "!!",
     "<<", "true", "-1", "1e999", ".nan", "0", "\\begin{", "\\end{", "tabular", "\\item", "$", "%",
     "<a>", "</a>", "<!", "test_cases", "batched", "in", "out", "points", "#ST: ", "1", "\x00",
     "\ufeff", "样例输入", "\r", "type: scoring", "grader_flags: ", "range: ", "max_score: ",
     "require_pass: ", "validator_flags: ", "| ", "$1 \\le n \\le 10^", "Sample Input", "```",
     "<problem>", "<test-count>", "\"", "'", "\\", "10^{"]
)  # fmt: skip
CLOSE = st.lists(WORDS, max_size=30).map(lambda words: "".join(words).encode())
CONTENT = st.one_of(st.binary(max_size=200), CLOSE)


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp())
    yield path
    shutil.rmtree(path)


def survives(path: Path) -> None:
    try:
        problem = load(path)
        for test in problem.secret.all_tests() if problem.secret else ():
            test.input.read()
    except BadInput as error:
        assert "\n" not in str(error)  # noqa: PT017 (either outcome is right)
    try:
        for entry in load_archive(path):
            entry.brief()
    except BadInput as error:
        assert "\n" not in str(error)  # noqa: PT017


@pytest.mark.parametrize("name", FILES)
@FEW
@given(content=CONTENT)
def test_files(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    survives(folder / name)


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in PACKAGES.items() for name in names]
)
@FEW
@given(content=CONTENT)
def test_packages(folder: Path, kind: str, name: str, content: bytes) -> None:
    for base, text in BASES[kind].items():
        (folder / "p" / base).parent.mkdir(parents=True, exist_ok=True)
        (folder / "p" / base).write_text(text)
    (folder / "p" / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / "p" / name).write_bytes(content)
    survives(folder / "p")


# A small alphabet: what matters is the shape, and drawing from all of Unicode is slow.
TEXT = st.text('ab0{}[]"\n\u00e9', max_size=6)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.just(0.5), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=5,
)
KEYS = ["medalist_problem", "public", "secret", "description", "public_tests", "private_tests",
        "solutions", "question", "input_output", "question_content", "public_test_cases",
        "private_test_cases", "metadata", "name", "tests", "timeLimit", "memoryLimit", "id",
        "subtask", "score", "test_names", "grader_files", "year", "url", "time_limit"]  # fmt: skip


@FEW
@given(
    row=st.dictionaries(st.sampled_from(KEYS), JSON, max_size=10),
    shape=st.sampled_from(
        [
            {},
            {"medalist_problem": 1},
            {"description": "x", "public_tests": {}},
            {"question": "x", "input_output": "{}"},
            {"question_content": "x", "public_test_cases": "[]"},
            {"name": "x", "tests": [], "timeLimit": 1, "memoryLimit": 1},
            {"id": "x", "subtask": "1", "score": 1, "test_names": []},
        ]
    ),
)
def test_rows(folder: Path, row: dict[str, Any], shape: dict[str, Any]) -> None:
    (folder / "a.jsonl").write_text(json.dumps({**shape, **row}) + "\n")
    survives(folder / "a.jsonl")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    content=st.one_of(
        st.binary(max_size=200).map(lambda b: b.decode("latin-1")), CLOSE.map(bytes.decode)
    )
)
def test_statements(content: str) -> None:
    convert(content)
    html_to_text(content)
    understand(content)
    find_constraints(content)
    find_rows(content)
