"""`medalist serve`: its own doors, through HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.agent.command import medalist
from tests.agent.service.serving import (
    CRASH,
    HOSTILE,
    SUM,
    SUM_CPP,
    SUMS,
    WRONG,
    client,
    fenced,
    package,
    serving,
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    package(folder / "sum")
    package(folder / "points", points=True)
    return folder


@pytest.fixture(scope="module")
def judge(archive: Path) -> Iterator[httpx.Client]:
    with serving(archive, cwd=archive) as (address, _), client(address) as http:
        yield http


def _post(http: httpx.Client, door: str, **asked: Any) -> Any:
    answer = http.post(door, json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_service_says_what_the_command_says(
    judge: httpx.Client, archive: Path, tmp_path: Path
) -> None:
    programs = {f"{n}/main.py": text for n, text in enumerate((SUM, WRONG, CRASH, "print("))}
    for name, text in programs.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    done = medalist("judge", archive / "sum", *programs, "--json", cwd=tmp_path)
    printed = list(map(json.loads, done.stdout.splitlines()))
    asked = [{"problem": "sum", "source": text, "name": name} for name, text in programs.items()]
    said = [_post(judge, "/v1/judge", **item, language="py") for item in asked]
    assert list(map(_untimed, said)) == list(map(_untimed, printed))


def _untimed(row: dict[str, Any]) -> dict[str, Any]:
    tests = [{**test, "cpu_s": 0} for test in row["tests"]]
    return {**row, "cpu_s": 0, "memory_mb": 0, "tests": tests}


def test_a_list_is_judged_in_its_order_and_one_fault_spoils_nothing(judge: httpx.Client) -> None:
    asked = [
        {"problem": "sum", "source": SUM, "name": "right"},
        {"problem": "nowhere", "source": SUM, "name": "lost"},
        {"problem": "sum", "source": SUM_CPP, "name": "in C++"},
        {"tests": SUMS, "source": WRONG, "name": "wrong"},
    ]
    rows = judge.post("/v1/judge", json=asked).json()
    assert [row["source"] for row in rows] == ["right", "lost", "in C++", "wrong"]
    assert [row.get("verdict") for row in rows] == ["AC", None, "AC", "WA"]
    assert "nowhere" in rows[1]["error"]
    lines = judge.post("/v1/judge", json=asked, headers={"Accept": "application/x-ndjson"})
    streamed = sorted(map(json.loads, lines.text.splitlines()), key=lambda row: row["index"])
    assert [row.get("verdict") for row in streamed] == ["AC", None, "AC", "WA"]


def test_the_caller_says_when_judging_ends(judge: httpx.Client) -> None:
    def verdicts(problem: str, stop: str) -> list[str]:
        row = _post(judge, "/v1/judge", problem=problem, source=WRONG, stop=stop)
        return [test["verdict"] for test in row["tests"]]

    assert verdicts("sum", "rules") == ["WA"]
    assert verdicts("sum", "never") == ["WA", "AC", "WA"]
    assert verdicts("points", "rules") == ["WA", "AC", "WA"]
    assert verdicts("points", "first-failing") == ["WA"]


def test_a_program_is_run_on_inputs(judge: httpx.Client) -> None:
    said = _post(judge, "/v1/run", source=SUM, stdins=["1 2", "", "5 6"])
    assert [row["stdout"] for row in said["outcomes"]] == ["3\n", "", "11\n"]
    assert [row["status"] for row in said["outcomes"]] == ["ok", "runtime", "ok"]
    stopped = _post(judge, "/v1/run", source=SUM, stdins=["", "1 2"], stop_on_failure=True)
    assert len(stopped["outcomes"]) == 1
    broken = _post(judge, "/v1/run", source="int main() { return x; }", language="c++")
    assert broken["compiled"] is False
    assert "x" in broken["message"]
    assert broken["outcomes"] == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("binary", [1, 0, 0, 0]), ("fraction", [1, 1 / 3, 0, 0]), ("first-failing", [1, 0, 0, 0])],
)
def test_answers_earn_rewards(judge: httpx.Client, kind: str, expected: list[float]) -> None:
    answers = [fenced(SUM), fenced(WRONG), fenced(CRASH), "I cannot do that."]
    said = _post(judge, "/v1/reward", problem="sum", answers=answers, reward=kind)
    assert said["rewards"] == expected
    assert [row["language"] for row in said["details"]] == ["python", "python", "python", None]


def test_points_are_a_reward(judge: httpx.Client) -> None:
    half = "a, b = map(int, input().split())\nprint(a + b if a == 3 else 0)\n"
    said = _post(judge, "/v1/reward", problem="points", answers=[fenced(half)], reward="subtasks")
    assert said["rewards"] == [0.5]


def test_a_crash_earns_nothing_where_nothing_is_to_be_printed(judge: httpx.Client) -> None:
    tests = {"inputs": ["1\n", "2\n"], "outputs": ["", ""]}
    silent = "import sys\nsys.exit(1)\n"
    answers = [fenced("pass\n"), fenced(silent), fenced(HOSTILE)]
    for kind in ("binary", "fraction", "first-failing", "subtasks"):
        said = _post(judge, "/v1/reward", tests=tests, answers=answers, reward=kind)
        assert said["rewards"] == [1, 0, 0], kind


def test_functions_are_called_with_values_or_with_lines(judge: httpx.Client) -> None:
    function = "class Solution:\n    def add(self, a: list[int], b: int) -> int:\n        "
    answers = [fenced(f"{function}return sum(a) + b\n"), fenced(f"{function}return 0\n")]
    lines = {"inputs": ["[1, 2]\n3", "[]\n1"], "outputs": ["6", "1"], "fn_name": "add"}
    values = {"inputs": [[[1, 2], 3], [[], 1]], "outputs": [6, 1], "fn_name": "add"}
    for tests in (lines, values):
        assert _post(judge, "/v1/reward", tests=tests, answers=answers)["rewards"] == [1, 0]


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"problem": "nowhere", "source": ""}, 404, "'nowhere'"),
        ({"problem": "../../etc", "source": ""}, 404, "served"),
        ({"source": "print(1)"}, 422, "either problem or tests"),
        ({"problem": "sum", "source": SUM, "language": "cobol"}, 422, "language: unknown"),
        ({"problem": "sum", "source": SUM, "standard": "c++99", "language": "cpp"}, 422, "99"),
        ({"problem": "sum", "source": SUM, "limit_scale": 1e9}, 422, "limit_scale"),
        ({"problem": "sum", "source": SUM, "path": "/etc/passwd"}, 422, "path"),
        ({"problem": "sum", "source": 5}, 422, "source"),
        ({"tests": {"inputs": ["1"], "outputs": []}, "source": SUM}, 422, "1 inputs, but 0"),
        ({"tests": {"inputs": [], "outputs": []}, "source": SUM}, 422, "no tests"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    judge: httpx.Client, asked: dict[str, Any], status: int, said: str
) -> None:
    answer = judge.post("/v1/judge", json=asked)
    assert answer.status_code == status, answer.text
    message = answer.json()["message"]
    assert said in message
    assert "\n" not in message
    assert "Traceback" not in message


def test_the_service_describes_itself(judge: httpx.Client) -> None:
    _post(judge, "/v1/judge", problem="sum", source=SUM)
    assert judge.get("/health").json()["status"] == "ok"
    assert judge.get("/v1/problems").json() == {"problems": ["points", "sum"]}
    paths = judge.get("/openapi.json").json()["paths"]
    assert {"/v1/judge", "/v1/run", "/v1/reward", "/run_code", "/get_reward"} <= paths.keys()
    metrics = judge.get("/metrics").text
    assert 'medalist_verdicts_total{verdict="AC"}' in metrics
    assert 'medalist_answers_total{door="/v1/judge",status="200"}' in metrics
    assert "medalist_jobs_waiting 0" in metrics
