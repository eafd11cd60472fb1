"""One budget for all stages: the first one leaves some to those behind it."""

from __future__ import annotations

import json
from collections import Counter
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import ScriptedEndpoint
from medalist.agent.llm.scripted.scripted_answers import (
    ScriptedAnswers,
    prompt_of,
    question_of,
    read_repertoires,
)

ARCHIVE = Path(str(resources.files("medalist.problems"))) / "archive"
KNOWN = read_repertoires(ARCHIVE, Path(__file__).parents[2] / "data" / "player")
# Far more candidates than any of the caps below pays for.
SOLVE = ["solve", "brackets", "--model", "writer", "--json", "-n", "400", "--search", "once"]
SOLVE += ["--lang", "python", "--prompts", "direct", "--max-tokens", "300", "--evidence", "8"]
SOLVE += [
    "--generators",
    "1",
    "--validators",
    "1",
    "--pair-generators",
    "0",
    "--tests",
    "0",
    "--mutants",
    "0",
    "--out",
    "run",
]

pytestmark = pytest.mark.local


def run(folder: Path, *options: str) -> tuple[dict[str, Any], list[str | None], ScriptedEndpoint]:
    """The result, the kinds of questions in the order of asking, and the endpoint."""
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1)) as endpoint:
        done = medalist(*SOLVE, *options, cwd=folder, OPENAI_BASE_URL=endpoint.base_url)
        assert done.stdout, done.stderr
        kinds: list[str | None] = [question_of(prompt_of(seen)) for seen in endpoint.log]
    return json.loads(done.stdout), kinds, endpoint


def test_sampling_leaves_tokens_to_later_stages_and_gets_back_what_they_do_not_use(
    tmp_path: Path,
) -> None:
    cap = 90_000
    result, kinds, endpoint = run(tmp_path, "--max-run-tokens", str(cap))
    used = sum(seen.prompt_tokens + seen.completion_tokens for seen in endpoint.log)
    assert used <= cap
    assert Counter(kinds)["generator"] == Counter(kinds)["validator"] == 1
    last = len(kinds) - 1 - kinds[::-1].index("generator")
    before, behind = kinds[:last].count("solution"), kinds[last:].count("solution")
    assert before > behind > 0, "what the helpers left went into further programs"
    assert "the cap of 90000 tokens is reached" in result["budget_ended"]
    assert "left to later stages" not in result["budget_ended"]
    assert result["candidates"] == kinds.count("solution")
    assert result["stages"]["sampling"]["calls"] == kinds.count("solution")


def test_sampling_leaves_requests_to_later_stages(tmp_path: Path) -> None:
    result, kinds, _ = run(tmp_path, "--max-requests", "24")
    assert Counter(kinds) == {"solution": 22, "generator": 1, "validator": 1}
    assert "the cap of 24 requests is reached" in result["budget_ended"]


def test_a_stage_that_is_off_has_no_share(tmp_path: Path) -> None:
    _, kinds, _ = run(tmp_path, "--max-requests", "24", "--generators", "0")
    assert Counter(kinds) == {"solution": 24}


ROUNDS = ["solve", "meetings", "--model", "writer", "--json", "--search", "feedback"]
ROUNDS += ["--rounds", "3", "--width", "4", "--round-submissions", "0", "--submissions", "0"]
ROUNDS += ["--lang", "python", "--prompts", "direct", "--max-tokens", "300", "--evidence", "8"]
ROUNDS += ["--generators", "1", "--validators", "1", "--pair-generators", "0", "--tests", "0"]
ROUNDS += ["--mutants", "0", "--duels", "3", "--subtask-share", "0", "--out", "run"]


def test_what_the_stages_were_worth_is_journalled_after_each_round_and_told(tmp_path: Path) -> None:
    options = ["--max-run-tokens", "200000"]
    player = ScriptedAnswers(KNOWN, seed=1, skill=0.3)
    with ScriptedEndpoint(player) as endpoint:
        done = medalist(*ROUNDS, *options, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        used = json.loads(done.stdout)["stages"]
        asked, before = len(endpoint.log), _worth(tmp_path)
        again = medalist(*ROUNDS, *options, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        assert json.loads(again.stdout)["stages"] == used
        assert (len(endpoint.log), _worth(tmp_path)) == (asked, before)
    assert {"sampling", "writing", "dueling"} <= set(used)
    # A look after each round, each with what had been used until then.
    assert [row["candidates"] for row in before] == [4, 8, 12]
    for first, second in pairwise(before):
        for stage, one in first["stages"].items():
            assert one["tokens"] <= second["stages"][stage]["tokens"]
    assert {name: one["tokens"] for name, one in before[-1]["stages"].items()} == {
        name: one["tokens"] for name, one in used.items()
    }
    shown = json.loads(medalist("explain", "run", "--json", cwd=tmp_path).stdout)
    assert shown["worth"] == before[-1]["stages"]
    assert shown["worth"]["sampling"]["bits"] > 0
    assert shown["worth"]["writing"]["finished"]
    text = medalist("explain", "run", cwd=tmp_path).stdout
    assert "worth: sampling " in text
    assert medalist("report", "run", "--out", "r.html", cwd=tmp_path).returncode == 0
    assert ">bits<" in (tmp_path / "r.html").read_text()


def _worth(folder: Path) -> list[dict[str, Any]]:
    with Journal.open(folder / "run", readonly=True) as journal:
        return [dict(event.body) for event in journal.raw_events("worth")]
