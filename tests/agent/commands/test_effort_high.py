"""`--effort high`: every stage, in one run, as the endpoint sees it."""

from __future__ import annotations

import json
import shutil
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
STAGE_OF = {
    "solution": "sampling", "repair": "sampling", "brute": "sampling",
    "generator": "writing", "validator": "writing",
    "tests": "predicting", "checker": "checking", "pair": "separating", "review": "reviewing",
    "duel": "dueling",
}  # fmt: skip
SUBTASKS = """
## Subtasks

| Subtask | Points | Limits |
|---|---|---|
| 1 | 40 | $n \\le 6$ |
| 2 | 60 | none besides those above |
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A problem with subtasks on which many answers are right: `pairup`, its tests in groups."""
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
@pytest.mark.parametrize(
    ("problem", "stages"),
    [
        # What is predicted where one answer is right, is checked where many are.
        ("meetings", {"sampling", "writing", "predicting", "separating", "reviewing", "dueling"}),
        ("many", {"sampling", "writing", "checking", "dueling"}),
    ],
)
def test_every_stage_is_seen_in_one_run(
    problem: str, stages: set[str], package: Path, tmp_path: Path
) -> None:
    try:
        LocalBackend().close()
    except EngineError as error:
        pytest.skip(f"no local sandbox: {error}")
    player = ScriptedAnswers(read_repertoires(ARCHIVE, PLAYER), seed=3, skill=0.3)
    named = str(package) if problem == "many" else problem
    solve = ["solve", named, "--model", "writer", "--reviewer", "reader", "--effort", "high"]
    # Fewer of everything, so that it is quick; nothing is off.
    solve += ["-n", "10", "--width", "5", "--rounds", "2", "--evidence", "4", "--mutants", "2"]
    solve += ["--generators", "1", "--subtask-generators", "1", "--validators", "2"]
    solve += ["--subtask-validators", "1", "--brute", "1", "--tests", "1", "--checkers", "2"]
    solve += ["--pair-generators", "2", "--duels", "2", "--lang", "python", "--tools", "off"]
    with ScriptedEndpoint(player) as endpoint:
        done = medalist(*solve, "--json", "--out", "run", cwd=tmp_path,
                        OPENAI_BASE_URL=endpoint.base_url)  # fmt: skip
        assert done.stdout, done.stderr
        prompts = [prompt_of(seen) for seen in endpoint.log]
        used = sum(seen.prompt_tokens + seen.completion_tokens for seen in endpoint.log)
    result = json.loads(done.stdout)
    actual: dict[str, list[str]] = {}
    for text in prompts:
        actual.setdefault(STAGE_OF[str(question_of(text))], []).append(text)
    assert set(actual) >= stages
    assert {name: one["calls"] for name, one in result["stages"].items()} == {
        name: len(actual[name]) for name in result["stages"]
    }
    assert sum(row["tokens"] for row in result["stages"].values()) == used
    for name in ("sampling", "writing"):
        of_a_subtask = ["Solve this case of the problem only" in text for text in actual[name]]
        assert any(of_a_subtask)
        assert not all(of_a_subtask)
    assert result["submissions"] >= 1
