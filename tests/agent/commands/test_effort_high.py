"""`--effort high`: every stage, in one run, as the endpoint sees it."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import ScriptedEndpoint
from medalist.agent.llm.scripted.scripted_answers import (
    ScriptedAnswers,
    prompt_of,
    question_of,
    read_repertoires,
)
from medalist.errors import EngineError
from medalist.sandbox.local import LocalBackend

ARCHIVE = Path(str(resources.files("medalist.problems"))) / "archive"
PLAYER = Path(__file__).parents[2] / "data" / "player"
SUBTASKS = """
## Subtasks

| Subtask | Points | Limits |
|---|---|---|
| 1 | 40 | $n \\le 6$ |
| 2 | 60 | none besides those above |
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A problem with subtasks on which many answers are right: `pairup` with its tests in groups."""
    made = tmp_path / "pairup"
    shutil.copytree(ARCHIVE / "pairup", made)
    statement = made / "problem_statement/problem.en.md"
    statement.write_text(statement.read_text() + SUBTASKS)
    secret = made / "data/secret"
    for place, points in (("group1", 40), ("group2", 60)):
        (secret / place).mkdir()
        (secret / place / "testdata.yaml").write_text(
            f"on_reject: break\naccept_score: {points}\nrange: 0 {points}\ngrader_flags: min\n"
        )
    for test in sorted(secret.glob("*.in")):
        size = int(test.read_text().split()[0])
        group = secret / ("group1" if size <= 6 else "group2")
        test.with_suffix(".ans").rename(group / f"{test.stem}.ans")
        test.rename(group / test.name)
    whole = "on_reject: continue\nrange: 0 100\n"
    (made / "data/testdata.yaml").write_text(f"{whole}grader_flags: ignore_sample\n")
    (secret / "testdata.yaml").write_text(whole)
    (made / "data/sample/testdata.yaml").write_text(
        "on_reject: continue\naccept_score: 0\nrange: 0 0\n"
    )
    problem = made / "problem.yaml"
    problem.write_text(f"{problem.read_text()}type: scoring\n")
    return made


@pytest.mark.local
def test_each_stage_is_seen_in_one_run(package: Path, tmp_path: Path) -> None:
    try:
        LocalBackend().close()
    except EngineError as error:
        pytest.skip(f"no local sandbox: {error}")
    player = ScriptedAnswers(read_repertoires(ARCHIVE, PLAYER), seed=3, skill=0.3)
    solve = ["solve", str(package), "--model", "writer", "--effort", "high", "--json"]
    # Fewer of everything, so that it is quick; none of it is off.
    solve += ["-n", "15", "--width", "5", "--rounds", "3", "--evidence", "12", "--mutants", "2"]
    solve += ["--generators", "2", "--validators", "2", "--tests", "1", "--checkers", "2"]
    solve += ["--pair-generators", "2", "--duels", "2", "--lang", "python", "--out", "run"]
    with ScriptedEndpoint(player) as endpoint:
        done = medalist(*solve, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        assert done.stdout, done.stderr
        prompts = [prompt_of(seen) for seen in endpoint.log]
        used = sum(seen.prompt_tokens + seen.completion_tokens for seen in endpoint.log)
    result = json.loads(done.stdout)
    kinds = [question_of(text) for text in prompts]
    found = Counter(kinds)
    print(found, result)
    for text, k in zip(prompts, kinds): print(k, "case" if "Solve this case" in text else "", re.findall(r"</problem>(.*)", text, re.S)[0][:150].replace(chr(10), " "))
    assert 0
