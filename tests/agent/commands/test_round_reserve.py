"""`--search feedback`: few submissions are kept for the rounds that know more."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.agent.commands.test_feedback_rounds import KNOWN, ROUNDS, solve

from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import ScriptedEndpoint
from medalist.agent.llm.scripted.scripted_answers import ScriptedAnswers
from medalist.agent.steps.feedback_rounds import in_proportion

pytestmark = pytest.mark.local


def test_no_larger_share_of_the_submissions_is_used_than_of_the_answers(tmp_path: Path) -> None:
    """All four would go to the first round, in which nothing right can be there."""
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1, learns=True)) as endpoint:
        options = [*ROUNDS, "--submissions", "4", "--out", "run"]
        result = solve(endpoint, tmp_path, "meetings", *options)
    with Journal.open(tmp_path / "run", readonly=True) as journal:
        rounds = [entry.seq for entry in journal.raw_events("feedback.round")]
        made = [entry.seq for entry in journal.raw_events("submission")]
    before = [sum(seq < begun for seq in made) for begun in rounds]
    assert before == list(range(len(rounds)))
    assert result["solved"]


@pytest.mark.parametrize(
    ("submissions", "drawn", "allowed"),
    [(50, 0.2, 10), (50, 1.0, 50), (30, 1 / 9, 4), (1, 0.01, 1), (0, 0.5, 0), (3, 0.34, 2)],
)
def test_a_share_of_the_submissions_is_at_least_one(
    submissions: int, drawn: float, allowed: int
) -> None:
    assert in_proportion(submissions, drawn) == allowed
