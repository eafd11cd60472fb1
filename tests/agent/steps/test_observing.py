"""Whom the inputs made by us are run on."""

from __future__ import annotations

from pathlib import Path

import pytest

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import View
from medalist.agent.choose.recorded_choice import choices
from medalist.agent.journal import Journal
from medalist.agent.propose.candidate_file import PoolModel
from medalist.agent.solve import ProblemRun, RunSettings, Tools, explore
from medalist.agent.steps import observing
from medalist.agent.types import Candidate
from medalist.problems.model import PublicProblem, Sample
from medalist.sandbox.pool import Pool

PUBLIC = PublicProblem(
    problem_id="other",
    statements={"en": "Print another n.\n\n## Input\n\nOne integer $n$ ($1 \\le n \\le 1000$).\n"},
    samples=(Sample(input="1\n", output="2\n"), Sample(input="4\n", output="8\n")),
)
TWICE = [f"n = int(input()) * {k}\nprint(n * 2 // {k})\n" for k in range(1, 7)]
MORE = "n = int(input())\nprint(n + 7)\n"
CRASH = "n = int(input())\nprint(n // 0)\n"


def look(run: Path, pool: Pool, public: PublicProblem, *sources: str) -> View:
    given = tuple(
        Candidate(f"c/{number}", f"```python\n{source}```", language="python")
        for number, source in enumerate(sources)
    )
    with Journal.open(run) as journal:
        tools = Tools(PoolModel(""), pool, journal, ExpectedGain(), given=given)
        settings = RunSettings(len(sources), evidence=20)
        return explore(ProblemRun.of(public, tools, settings)).view


def full(view: View) -> list[bool]:
    """Whether each program was run on every input."""
    rows = (view.behaviours[program.program_id] for program in view.programs)
    return [None not in row.keys for row in rows]


def test_with_a_special_checker_another_answer_than_the_samples_is_looked_at(
    pool: Pool, tmp_path: Path
) -> None:
    sources = (TWICE[0], MORE, CRASH)
    assert full(look(tmp_path / "plain", pool, PUBLIC, *sources)) == [True, False, False]
    special = PUBLIC.model_copy(update={"special_checker": True})
    assert full(look(tmp_path / "special", pool, special, *sources)) == [True, True, False]


def test_of_thousands_only_some_are_run_on_every_input(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observing, "MOST_ON_ALL", 4)
    special = PUBLIC.model_copy(update={"special_checker": True})
    first = look(tmp_path / "run", pool, special, *TWICE, MORE)
    assert sum(full(first)) == 4
    assert all(row.keys[5] is not None for row in first.behaviours.values())
    # The same command again finds the same ones worth it.
    assert look(tmp_path / "run", pool, special, *TWICE, MORE).behaviours == first.behaviours


def test_every_input_says_how_it_was_made_and_a_replay_knows_it(pool: Pool, tmp_path: Path) -> None:
    view = look(tmp_path / "run", pool, PUBLIC, *TWICE)
    assert len(view.origins) == view.inputs
    assert [origin.how for origin in view.origins[:2]] == ["sample", "sample"]
    assert {"grammar", "sample"} <= {origin.how for origin in view.origins}
    assert all(0 < origin.trust <= 1 for origin in view.origins)
    with Journal.open(tmp_path / "run") as journal:
        (recorded,) = choices(journal)
    assert recorded.view.origins == view.origins
