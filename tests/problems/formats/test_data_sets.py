"""Rows of data sets become problems."""

from __future__ import annotations

import base64
import json
import pickle
import zlib
from pathlib import Path
from typing import Any

import pytest

from medalist.errors import BadInput
from medalist.problems.formats import load, load_archive
from medalist.problems.model import Kind
from medalist.problems.verdict import Verdict

CODECONTESTS = {
    "name": "1_A. Sum",
    "description": "Add two numbers.\n\nInput\n\nTwo integers.",
    "public_tests": {"input": ["1 2\n"], "output": ["3\n"]},
    "private_tests": {"input": ["3 4\n"], "output": ["7\n"]},
    "generated_tests": {"input": ["5 5\n"], "output": ["10\n"]},
    "time_limit": {"seconds": 1, "nanos": 500000000},
    "memory_limit_bytes": 268435456,
    "solutions": {"language": [3, 2, 4], "solution": ["print(3)", "int main(){}", "class A{}"]},
    "incorrect_solutions": {"language": [3], "solution": ["print(0)"]},
    "cf_tags": ["math", ""],
    "cf_rating": 800,
}


TACO = {
    "question": "Add two numbers.",
    "input_output": json.dumps({"inputs": ["1 2\n"], "outputs": ["3\n"]}),
    "solutions": json.dumps(["print(sum(map(int, input().split())))"]),
    "difficulty": "EASY",
    "raw_tags": "['Math']",
    "tags": "['Mathematics']",
    "time_limit": "2.0 seconds",
    "memory_limit": "256.0 megabytes",
    "name": "Sum",
}


def packed(cases: list[dict[str, str]]) -> str:
    return base64.b64encode(zlib.compress(pickle.dumps(json.dumps(cases)))).decode()


LIVECODEBENCH = {
    "question_id": "abc300_a",
    "question_title": "Sum",
    "question_content": "Add two numbers.",
    "platform": "atcoder",
    "difficulty": "easy",
    "starter_code": "",
    "public_test_cases": json.dumps([{"input": "1 2\n", "output": "3\n", "testtype": "stdin"}]),
    "private_test_cases": packed([{"input": "3 4\n", "output": "7\n", "testtype": "stdin"}]),
    "metadata": "{}",
}


def jsonl(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_codecontests(tmp_path: Path) -> None:
    problem = load(jsonl(tmp_path / "cc.jsonl", CODECONTESTS))
    public, secret = problem.public, problem.secret
    assert secret is not None
    assert public.title == "1_A. Sum"
    assert (public.limits.time_s, public.limits.memory_mb) == (1.5, 256)
    assert [t.input.read() for t in secret.all_tests()] == [b"1 2\n", b"3 4\n", b"5 5\n"]
    assert public.tags == ("math",)
    labels = [(s.label, s.language) for s in secret.submissions]
    assert labels == [("accepted", "python3"), ("accepted", "cpp"), ("rejected", "python3")]


def test_taco_and_apps(tmp_path: Path) -> None:
    problem = load(jsonl(tmp_path / "taco.jsonl", TACO))
    assert (problem.public.limits.time_s, problem.public.limits.memory_mb) == (2.0, 256)
    assert problem.public.tags == ("Mathematics",)
    assert problem.secret is not None
    assert problem.secret.all_tests()[0].answer is not None
    assert problem.secret.submissions[0].permitted == frozenset({Verdict.AC})
    row = {"problem_id": 7, "question": "Add.", "input_output": "", "solutions": "[]"}
    assert load(jsonl(tmp_path / "apps.jsonl", row)).secret is None


def test_livecodebench(tmp_path: Path) -> None:
    problem = load(jsonl(tmp_path / "lcb.jsonl", LIVECODEBENCH))
    assert problem.public.problem_id == "abc300_a"
    assert problem.secret is not None
    assert [t.input.read() for t in problem.secret.all_tests()] == [b"1 2\n", b"3 4\n"]


def test_function_rows_get_a_driver(tmp_path: Path) -> None:
    case = {"input": "[1, 2]\n5", "output": "[1,2,5]", "testtype": "functional"}
    row = {
        **LIVECODEBENCH,
        "public_test_cases": json.dumps([case]),
        "private_test_cases": json.dumps([case]),
        "metadata": json.dumps({"func_name": "appendTo"}),
        "starter_code": "class Solution:\n    def appendTo(self, items, item):",
    }
    problem = load(jsonl(tmp_path / "lcb.jsonl", row))
    public = problem.public
    assert public.kind is Kind.FUNCTION
    assert 'getattr(holder, "appendTo")' in public.grader_files[0].content
    assert public.samples[0].output == "[1, 2, 5]\n"
    assert "def appendTo" in public.statement()
    apps = {
        "question": "Add.",
        "input_output": json.dumps({"fn_name": "add", "inputs": [[1, 2]], "outputs": [[3]]}),
    }
    secret = load(jsonl(tmp_path / "apps.jsonl", apps)).secret
    assert secret is not None
    test = secret.all_tests()[0]
    assert test.answer is not None
    assert (test.input.read(), test.answer.read()) == (b"1\n2\n", b"[3]\n")


def test_a_pickle_that_would_run_code_is_refused(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, tuple[str]]:
            return print, ("run",)

    bad = base64.b64encode(zlib.compress(pickle.dumps(Evil()))).decode()
    with pytest.raises(BadInput, match="not tests packed as LiveCodeBench does"):
        load(jsonl(tmp_path / "x.jsonl", {**LIVECODEBENCH, "private_test_cases": bad}))


def test_parquet_rows(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    rows = [{**TACO, "name": f"Sum {n}"} for n in range(5)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "t.parquet", row_group_size=2)
    entries = list(load_archive(tmp_path / "t.parquet"))
    assert [entry.problem_id for entry in entries] == [f"Sum-{n}" for n in range(5)]
    assert entries[3].load().public.title == "Sum 3"
    assert load(tmp_path / "t.parquet" / "Sum-4").public.title == "Sum 4"


def test_ioi_rows(tmp_path: Path) -> None:
    def subtask(name: str, score: int, tests: list[str]) -> dict[str, Any]:
        return {
            "year": 2024, "day": "day1", "id": "nile", "name": "Nile", "subtask": name,
            "score": score, "time_limit": 2.0, "memory_limit": 2 << 30, "task_type": "Batch",
            "test_names": tests, "problem": "Cross the Nile.", "starting_code": "int nile();",
            "grader_files": [["graders/grader.cpp", "int main(){}"],
                             ["graders/nile.h", "int nile();"],
                             ["checker/checker.cpp", "int main(){}"]],
        }  # fmt: skip

    jsonl(
        tmp_path / "a.jsonl",
        subtask("01-small", 6, ["1-01"]),
        subtask("02-full", 94, ["1-01", "2-01"]),
    )
    jsonl(
        tmp_path / "tests.jsonl",
        *(
            {
                "year": 2024,
                "problem_id": "nile",
                "test_name": name,
                "test_input": name,
                "test_output": f"{name}!",
            }
            for name in ("1-01", "2-01")
        ),
    )
    (entry,) = load_archive(tmp_path)
    problem = entry.load()
    public, secret = problem.public, problem.secret
    assert secret is not None
    assert public.problem_id == "2024-nile"
    assert public.kind is Kind.FUNCTION
    assert [(s.subtask_id, s.points) for s in public.subtasks] == [("01-small", 6), ("02-full", 94)]
    assert [t.input.read() for t in secret.all_tests()] == [b"1-01", b"1-01", b"2-01"]
    assert secret.checker is not None
    assert secret.checker.protocol == "cms"
    assert set(secret.grader_files["cpp"]) == {"grader.cpp", "nile.h"}
    assert [f.name for f in public.grader_files] == ["nile.h"]
    (tmp_path / "tests.jsonl").unlink()
    (entry,) = load_archive(tmp_path)
    with pytest.raises(BadInput, match="there are no test rows"):
        entry.load()
