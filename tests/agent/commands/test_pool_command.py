"""`medalist export --as pool` and `solve --pool`: out and in again gives the same choice."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.problems.formats import find_bundled

PROBLEM = "warmer"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[ScriptedEndpoint]:
    # The slow one is left out: waiting for it would show nothing here.
    kinds = ("accepted", "run_time_error", "wrong_answer")
    folder = find_bundled(PROBLEM) / "submissions"
    sources = [path for kind in kinds for path in sorted(folder.glob(f"{kind}/*.py"))]
    answers = [f"```python\n{path.read_text()}```" for path in sources]
    answers += [answers[0] + "\nThis is fast.", "I would rather not."]

    def answer(seen: SeenRequest) -> Reply:
        return Reply(answers[seen.body["seed"] % len(answers)])

    with ScriptedEndpoint(answer) as server:
        yield server


def result(folder: Path, text: str) -> dict[str, Any]:
    outcome: dict[str, Any] = json.loads(text)
    kept = ("solved", "verdict", "score", "candidates", "programs", "clusters", "submissions")
    text = (folder / outcome["source"]).read_text()
    return {name: outcome[name] for name in kept} | {"text": text}


@pytest.mark.local
def test_a_pool_out_and_in_gives_the_same_choice_whatever_its_labels(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    solve = [
        "solve",
        PROBLEM,
        "--lang",
        "python",
        "--submissions",
        "2",
        "--json",
        "--search",
        "once",
        "--evidence",
        "12",
    ]
    first = medalist(
        *solve, "-n", "10", "--out", "run", cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url
    )
    assert first.returncode in (0, 1), first.stderr
    wanted = result(tmp_path, first.stdout)
    done = medalist("export", "run", "pool.jsonl.xz", "--as", "pool", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    text = lzma.decompress((tmp_path / "pool.jsonl.xz").read_bytes()).decode()
    rows = [json.loads(line) for line in text.splitlines()]
    assert len(rows) == 10
    assert {row.get("label") for row in rows} - {None} <= {"AC", "WA", "TLE", "RTE", "MLE"}
    assert any(row.get("label") == wanted["verdict"] for row in rows)
    lies = [{**row, "label": "WA" if row.get("label") == "AC" else "AC"} for row in rows]
    (tmp_path / "lies.jsonl").write_text("\n".join(map(json.dumps, lies)))
    for name in ("pool.jsonl.xz", "lies.jsonl"):
        again = medalist(*solve, "--pool", name, "--out", f"run-{name}", cwd=tmp_path)
        assert again.returncode == first.returncode, again.stderr
        assert result(tmp_path, again.stdout) == wanted
    assert json.loads(again.stdout)["tokens"] == 0


def test_a_pool_of_another_problem_is_bad_input(tmp_path: Path) -> None:
    row = {"problem_id": "other", "candidate_id": "1", "language": "cpp", "source": "int x;"}
    (tmp_path / "p.jsonl").write_text(json.dumps(row))
    done = medalist("solve", PROBLEM, "--pool", "p.jsonl", cwd=tmp_path)
    assert done.returncode == 2
    assert "holds no candidate of 'warmer' (it has other)" in done.stderr
    for arguments in (["export", "none", "x.jsonl"], ["export", ".", "x.jsonl"]):
        done = medalist(*arguments, cwd=tmp_path)
        assert done.returncode in (2, 3)
        assert "Traceback" not in done.stderr


@pytest.mark.local
@pytest.mark.parametrize("search", ["rounds", "chains", "tree"])
def test_a_search_ends_early_and_resumes_to_the_same_end(
    endpoint: ScriptedEndpoint, tmp_path: Path, search: str
) -> None:
    arguments = [
        "solve", PROBLEM, "-n", "12", "--search", search, "--width", "4", "--json",
        "--lang", "python", "--prompts", "direct,reason,plan", "--out", "run",
        "--generators", "0", "--tests", "0", "--pair-generators", "0", "--validators", "0",
        "--evidence", "6",
    ]  # fmt: skip
    before = len(endpoint.log)
    first = medalist(*arguments, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert first.returncode in (0, 1), first.stderr
    asked = len(endpoint.log) - before
    assert 0 < asked <= 12
    again = medalist(*arguments, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert len(endpoint.log) - before == asked
    assert result(tmp_path, again.stdout) == result(tmp_path, first.stdout)
