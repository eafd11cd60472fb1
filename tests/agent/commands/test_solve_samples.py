"""`medalist solve` on a statement that was read wrongly: doubts are said, `--sample` corrects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint

STATEMENT = """\
Total

Time limit: 1 second
Memory limit: 256 MB

Add the numbers.

Sample Input 1 Sample Output 1
2
3 4
7
"""
ANSWER = """\
```python
n = int(input())
print(sum(map(int, input().split())))
```"""


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint(lambda _seen: Reply(ANSWER)) as server:
        yield server


@pytest.mark.local
def test_samples_given_replace_those_that_were_read(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    (tmp_path / "total.txt").write_text(STATEMENT)
    (tmp_path / "1.in").write_text("2\n3 4\n")
    solve = [
        "solve", "total.txt", "-n", "1", "--lang", "python", "--model", "m", "--json",
    ]  # fmt: skip
    given = ["--sample", "1.in", "7", "--sample", "1\n5", "5", "--sample", "gone.in", "0"]
    plain = medalist(*solve, "--out", "a", cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert "doubt: total.txt: samples: lines 9-11: no cut" in plain.stderr
    assert "--sample IN OUT" in plain.stderr
    right = medalist(
        *solve, *given[:6], "--out", "b", cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url
    )
    assert right.returncode == 0, right.stderr
    assert "doubt" not in right.stderr
    assert "3 4" in endpoint.log[-1].body["messages"][-1]["content"]
    assert json.loads(right.stdout)["candidates"] == 1
    slip = medalist(*solve, *given, "--dry-run", cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert "there is no file 'gone.in': taken as the text itself" in slip.stderr


def test_a_sample_needs_two_values(tmp_path: Path) -> None:
    (tmp_path / "total.txt").write_text(STATEMENT)
    done = medalist("solve", "total.txt", "--sample", "1", cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
