"""The table of `docs/pipeline.md` is what an endpoint sees."""

from __future__ import annotations

import json
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

ROOT = Path(__file__).parents[3]
ARCHIVE = Path(str(resources.files("medalist.problems"))) / "archive"
ROWS = (
    ("sampling", "programs, with the whole statement", "solution", False,
     "`-n`, `--subtask-share`"),
    ("sampling", "programs, with the statement of one subtask", "solution", True,
     "`--subtask-share`"),
    ("sampling", "brute force, beside these programs", "brute", False, "`--brute`"),
    ("writing", "generators, with the whole statement", "generator", False, "`--generators`"),
    ("writing", "generators, with the statement of one subtask", "generator", True,
     "`--subtask-generators`"),
    ("writing", "validators", "validator", False, "`--validators`"),
    ("writing", "validators, with the statement of one subtask", "validator", True,
     "`--subtask-validators`"),
    ("predicting", "test cases with outputs, some in each answer", "tests", False, "`--tests`"),
    ("checking", "checkers, where many answers may be right", "checker", False, "`--checkers`"),
    ("separating", "generators of inputs for one pair of programs", "pair", False,
     "`--pair-generators`"),
    ("reviewing", "opinions of a second model", "review", False, "`--reviewer`"),
    ("dueling", "comparisons of two programs", "duel", False, "`--duels`"),
)  # fmt: skip


@pytest.mark.local
def test_the_table_is_what_an_endpoint_sees(tmp_path: Path) -> None:
    # One that never finds the answer is asked all that there is to ask.
    player = ScriptedAnswers(
        read_repertoires(ARCHIVE, ROOT / "tests/data/player"), seed=5, skill=0.0
    )
    with ScriptedEndpoint(player) as endpoint:
        # Few inputs of the machine's own: nobody is asked for these.
        solve = ["solve", "meetings", "--model", "writer", "--json", "--out", "run"]
        solve += ["--evidence", "4"]
        done = medalist(*solve, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        seen: Counter[tuple[str | None, bool]] = Counter(
            (question_of(text), "Solve this case of the problem only" in text)
            for text in map(prompt_of, endpoint.log)
        )
        asked = len(endpoint.log)
    assert "meetings: writing 0/14" in done.stderr
    stages = json.loads(done.stdout)["stages"]
    assert sum(stage["calls"] for stage in stages.values()) == asked == seen.total()
    planned = medalist(
        "solve", "meetings", "--model", "embedded", "--dry-run", "--json", cwd=tmp_path
    )
    embedded = {name: calls[1] for name, calls in json.loads(planned.stdout)["stages"].items()}
    assert set(embedded) == {"sampling"}
    table = [
        "| stage | what is asked | embedded model | endpoint | option |",
        "|---|---|---|---|---|",
    ]
    for stage, what, kind, of_a_subtask, option in ROWS:
        small = embedded["sampling"] if what == "programs, with the whole statement" else 0
        count = seen.pop((kind, of_a_subtask), 0)
        table.append(f"| {stage} | {what} | {small} | {count} | {option} |")
    assert not seen, "what is asked has no row"
    page = (ROOT / "docs/pipeline.md").read_text()
    actual = page.partition("<!-- asked -->\n")[2].partition("\n<!-- end -->")[0]
    assert actual == "\n".join(table)
