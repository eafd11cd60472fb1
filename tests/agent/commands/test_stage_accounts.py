"""What each stage has used: by problem and in sum, in batches, contests and reports."""

from __future__ import annotations

import json
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import ScriptedEndpoint
from medalist.agent.llm.scripted.scripted_answers import (
    ScriptedAnswers,
    prompt_of,
    question_of,
    read_repertoires,
)

ARCHIVE = Path(str(resources.files("medalist.problems"))) / "archive"
KNOWN = read_repertoires(ARCHIVE, Path(__file__).parents[2] / "data" / "player")
STAGE_OF = {
    "solution": "sampling",
    "generator": "writing",
    "validator": "writing",
    "tests": "predicting",
    "pair": "separating",
}

pytestmark = pytest.mark.local


def seen_by(endpoint: ScriptedEndpoint) -> dict[str, tuple[int, int]]:
    """Calls and tokens of each stage, off the endpoint's own log."""
    calls: Counter[str] = Counter()
    tokens: Counter[str] = Counter()
    for seen in endpoint.log:
        stage = STAGE_OF[str(question_of(prompt_of(seen)))]
        calls[stage] += 1
        tokens[stage] += seen.prompt_tokens + seen.completion_tokens
    return {stage: (calls[stage], tokens[stage]) for stage in calls}


def used(stages: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {name: (one["calls"], one["tokens"]) for name, one in stages.items()}


def test_a_batch_tells_what_each_stage_used_by_problem_and_in_sum(tmp_path: Path) -> None:
    batch = ["batch", "meetings", "brackets", "--model", "writer", "--json", "--out", "run"]
    batch += ["-n", "4", "--schedule", "equal", "--generators", "1", "--validators", "1"]
    batch += ["--lang", "python", "--evidence", "8", "--display", "none", "--price", "1,2"]
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=3)) as endpoint:
        done = medalist(*batch, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        seen = seen_by(endpoint)
    assert {"sampling", "writing", "predicting"} <= set(seen), done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    by_problem = [used(row["stages"]) for row in rows]
    assert len(by_problem) == 2
    assert {
        stage: (
            sum(item.get(stage, (0, 0))[0] for item in by_problem),
            sum(item.get(stage, (0, 0))[1] for item in by_problem),
        )
        for stage in seen
    } == seen
    summary = json.loads((tmp_path / "run/summary.json").read_text())
    assert used(summary["stages"]) == seen
    assert sum(row["cost_usd"] for row in summary["stages"].values()) == pytest.approx(
        summary["cost_usd"]
    )
    report = medalist("report", "run", cwd=tmp_path)
    assert report.returncode == 0, report.stderr
    page = next(tmp_path.rglob("*.html")).read_text()
    assert "What the stages used" in page


def test_a_contest_tells_what_each_stage_of_each_participant_used(tmp_path: Path) -> None:
    entry = "model: writer, candidates: 6, lang: python, evidence: 8, generators: 1, validators: 1"
    (tmp_path / "round.yaml").write_text(
        "name: R\nrules: ioi\nduration: 5:00:00\nproblems: [meetings]\n"
        f"participants: [{{id: one, {entry}}}, {{id: two, seed: 5, {entry}}}]\n"
    )
    run = ["contest", "run", "round.yaml", "--out", "run"]
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1)) as endpoint:
        where = {"OPENAI_BASE_URL": endpoint.base_url}
        told = json.loads(medalist(*run, "--json", cwd=tmp_path, **where).stdout)
        seen = seen_by(endpoint)
        text = medalist(*run, cwd=tmp_path, **where).stdout
    both = [used(told["stages"][name]) for name in ("one", "two")]
    assert {
        stage: tuple(map(sum, zip(*(item.get(stage, (0, 0)) for item in both), strict=True)))
        for stage in seen
    } == seen
    assert f"one: stage sampling: {both[0]['sampling'][0]} answers" in text
    writing = [name for name, one in zip(("one", "two"), both, strict=True) if "writing" in one]
    assert writing, "somebody had two programs to compare"
    assert all(f"{name}: stage writing: " in text for name in writing)
