"""A run exported, weights fitted on it, and another run that chooses by them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.problems.formats import find_bundled

PROBLEM = "warmer"


@pytest.mark.local
def test_fit_reads_what_export_writes_and_writes_what_weights_reads(tmp_path: Path) -> None:
    pytest.importorskip("numpy", reason="numpy is not installed")
    right = (find_bundled(PROBLEM) / "submissions/accepted/reference.py").read_text()

    def script(seen: SeenRequest) -> Reply:
        return Reply(f"```python\n{right if seen.index % 3 else 'print(input())'}\n```")

    with ScriptedEndpoint(script) as endpoint:
        solve = ["solve", PROBLEM, "-n", "6", "--lang", "python", "--search", "once", "--json"]
        env = {"OPENAI_BASE_URL": endpoint.base_url}
        done = medalist(*solve, "--out", "run", cwd=tmp_path, **env)
        assert done.returncode == 0, done.stderr

        early = medalist("export", "run", "--as", "evidence", cwd=tmp_path)
        assert early.returncode == 2
        assert "medalist regret run --problem PACKAGE" in early.stderr
        package = str(find_bundled(PROBLEM))
        judged = medalist("regret", "run", "--problem", package, cwd=tmp_path)
        assert judged.returncode == 0, judged.stderr
        written = medalist("export", "run", "evidence.jsonl", "--as", "evidence", cwd=tmp_path)
        assert written.returncode == 0, written.stderr

        fitted = medalist("fit", "evidence.jsonl", "--out", "mine.json", cwd=tmp_path)
        assert fitted.returncode == 0, fitted.stderr
        assert "mine.json" in fitted.stdout

        asked = len(endpoint.log)
        mine = medalist(*solve, "--weights", "mine.json", "--out", "again", cwd=tmp_path, **env)
        assert mine.returncode == 0, mine.stderr
        assert json.loads(mine.stdout)["verdict"] == "AC"
        assert len(endpoint.log) > asked
        same = medalist("replay", "again", "--check", cwd=tmp_path)
        assert "all reproduced" in same.stderr
        other = medalist(*solve, "--policy", "first", "--out", "again", cwd=tmp_path, **env)
        assert other.returncode == 2
        assert "started with a different policy" in other.stderr
    table = medalist("replay", "evidence.jsonl", "--policy", "mine.json", cwd=tmp_path)
    assert table.returncode == 0, table.stderr
    wrong = medalist("solve", PROBLEM, "--weights", "evidence.jsonl", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "--weights" in wrong.stderr
