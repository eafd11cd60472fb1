"""`medalist regret` judges what was not submitted, also of a bundled problem."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest


def wrong(seen: SeenRequest) -> Reply:
    return Reply(f"```python\nprint({seen.index})\n```")


@pytest.mark.local
def test_programs_of_a_bundled_problem_are_judged_by_its_id(tmp_path: Path) -> None:
    options = ["-n", "3", "--lang", "python", "--prompts", "direct", "--search", "once"]
    options += ["--generators", "0", "--tests", "0", "--pair-generators", "0", "--evidence", "2"]
    with ScriptedEndpoint(wrong) as endpoint:
        solved = medalist(
            "solve", "warmer", "--model", "writer", *options, "--out", "run",
            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
    assert solved.returncode == 1, solved.stderr
    judged = medalist("regret", "run", "--problem", "warmer", cwd=tmp_path)
    assert judged.returncode == 0, judged.stderr
    assert "warmer: 1.00 not sampled" in judged.stdout
    unknown = medalist("regret", "run", "--problem", "colder", cwd=tmp_path)
    assert unknown.returncode == 2
    assert "no bundled problem 'colder'" in unknown.stderr
    # All are judged and wrong: that is no lack of verdicts.
    exported = medalist("export", "run", "sft", "--as", "sft", "--for", "trl", cwd=tmp_path)
    assert exported.returncode == 2
    assert "3 labelled answers, 0 of them with 1 of the points" in exported.stderr
