"""LiveCodeBench's generations: written by `batch`, graded by `judge`, read as a pool."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.propose.candidate_file import labels, read_pool

pytestmark = pytest.mark.local

SUM = "print(sum(map(int, input().split())))\n"
FIRST = "print(input().split()[0])\n"


def question(name: str, title: str, *tests: tuple[str, str]) -> dict[str, Any]:
    cases = [{"input": a, "output": b, "testtype": "stdin"} for a, b in tests]
    return {
        "question_id": name,
        "question_title": title,
        "question_content": f"{title}: print the sum of two integers.",
        "platform": "atcoder",
        "difficulty": "easy",
        "starter_code": "",
        "public_test_cases": json.dumps(cases[:1]),
        "private_test_cases": json.dumps(cases[1:]),
        "metadata": "{}",
    }


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    rows = [
        question("abc300_a", "Sum", ("1 2\n", "3\n"), ("30 4\n", "34\n")),
        question("abc300_b", "Again", ("1 0\n", "1\n"), ("5 0\n", "5\n"), ("7 1\n", "8\n")),
    ]
    path = tmp_path / "lcb.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def generations(path: Path, **codes: list[str]) -> Path:
    rows = [{"question_id": name, "code_list": each} for name, each in codes.items()]
    path.write_text(json.dumps(rows))
    return path


def test_judge_grades_all_codes_and_estimates_pass_at_k(dataset: Path, tmp_path: Path) -> None:
    codes = [SUM, FIRST, "", "print(1", SUM]
    file = generations(tmp_path / "codes.json", abc300_b=codes, abc300_a=[SUM] * 5)
    done = medalist("judge", dataset, file, "--json", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    first, second, whole = map(json.loads, done.stdout.splitlines())
    assert first["verdicts"] == ["AC"] * 5
    assert second["verdicts"] == ["AC", "WA", "CE", "CE", "AC"]
    assert second["graded_list"] == [True, False, False, False, True]
    assert whole == {"questions": 2, "judged": 2, "pass@1": 0.7, "pass@5": 1.0}
    shown = medalist("judge", dataset, generations(file, abc300_a=[SUM]), cwd=tmp_path)
    assert shown.returncode == 0
    assert shown.stdout.splitlines() == ["abc300_a: 1 of 1 right  AC", "1 questions: pass@1 1.0000"]
    assert "1 of 2 problems of the data set have no code here" in shown.stderr


def test_what_is_wrong_in_such_a_file_is_one_line(dataset: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    for content, message in [
        ('[{"question_id": "x", "code_list": ["print(1)"]}]', "question_id: 1 of 1 questions are"),
        ('[{"question_id": "abc300_a", "code_list": "x"}]', "code_list: must be a list of progr"),
        (json.dumps(2 * [{"question_id": "abc300_a", "code_list": []}]), "duplicate question_id"),
        ('[{"question_id": "abc300_a", "code', "not JSON"),
    ]:  # fmt: skip
        wrong.write_text(content)
        done = medalist("judge", dataset, wrong, cwd=tmp_path)
        assert done.returncode == 2
        assert message in done.stderr.splitlines()[-1]


def test_batch_writes_what_the_evaluator_takes(dataset: Path, tmp_path: Path) -> None:
    def answer(seen: SeenRequest) -> Reply:
        asked = json.dumps(seen.body)
        return Reply(f"```python\n{SUM}```" if "Sum:" in asked else "I do not know.")

    with ScriptedEndpoint(answer) as endpoint:
        done = medalist(
            "batch", dataset, "--model", "writer", "-n", "1", "--lang", "python", "--effort", "low",
            "--generations", "codes.json", "--out", "run", "--display", "none",
            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url, OPENAI_API_KEY="none",
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    written = json.loads((tmp_path / "codes.json").read_text())
    assert [row["question_id"] for row in written] == ["abc300_a", "abc300_b"]
    assert written[0]["code_list"] == [SUM]
    assert written[1]["code_list"] == [""]
    graded = medalist("judge", dataset, "codes.json", "--json", cwd=tmp_path)
    assert json.loads(graded.stdout.splitlines()[-1])["pass@1"] == 0.5


def test_generations_are_a_pool_with_labels(tmp_path: Path) -> None:
    path = tmp_path / "eval_all.json"
    row = {"question_id": 7, "code_list": [SUM, FIRST], "graded_list": [True, False]}
    path.write_text(json.dumps([row]))
    pool = list(read_pool(path))
    assert [(name, one.candidate_id, one.source) for name, one in pool] == [
        ("7", "7/0", SUM),
        ("7", "7/1", FIRST),
    ]
    assert labels(path, "7") == {"7/0": "AC", "7/1": "WA"}
