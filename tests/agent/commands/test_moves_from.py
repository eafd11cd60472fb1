"""`--moves-from RUN`: rounds begin with what moves earned in an earlier run."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.agent.command import medalist
from tests.agent.commands.test_feedback_rounds import KNOWN, SHORT

from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.scripted.scripted_answers import ScriptedAnswers, prompt_of
from medalist.agent.propose.bandit import Record
from medalist.agent.propose.moves import MOVES, pick_moves
from medalist.agent.steps.move_priors import MOST_TRIALS, move_priors
from medalist.agent.steps.round_records import RoundRecord, rounds_of

pytestmark = pytest.mark.local

ROUNDS = [*SHORT, "--search", "feedback", "--rounds", "3", "--width", "12"]


@dataclass
class OneMovePays:
    """A model that learns from two programs that differ, and copies nonsense for other moves."""

    player: ScriptedAnswers

    def __call__(self, seen: SeenRequest) -> Reply:
        text = prompt_of(seen)
        if "judge showed" in text and "Programs 1 and 2 differ" not in text:
            return Reply("```python\nprint(0)\n```", completion_tokens=95)
        return self.player(seen)


def rounds(run: Path, problem: str) -> list[RoundRecord]:
    with Journal.open(run, readonly=True) as journal:
        return rounds_of(journal, problem)


def moves(record: RoundRecord) -> Counter[str]:
    return Counter(ask.move for ask in record.asks)


def test_rounds_begin_with_what_moves_earned_in_an_earlier_run(tmp_path: Path) -> None:
    with ScriptedEndpoint(OneMovePays(ScriptedAnswers(KNOWN, seed=1, learns=True))) as endpoint:

        def solve(problem: str, *options: str) -> int:
            done = medalist(
                "solve", problem, *ROUNDS, *options,
                cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
            )  # fmt: skip
            assert done.stdout, done.stderr
            return int(json.loads(done.stdout)["candidates"])

        solve("meetings", "--out", "earlier")
        paid = rounds(tmp_path / "earlier", "meetings")[-1].earned
        assert paid["counterexample"].reward / paid["counterexample"].trials > 2 * max(
            one.reward / one.trials for move, one in paid.items() if move in ("best", "diverse")
        )
        solve("modpairs", "--out", "without")
        count = solve("modpairs", "--out", "with", "--moves-from", "earlier")
        asked = len(endpoint.log)
        assert solve("modpairs", "--out", "with", "--moves-from", "earlier") == count
        assert len(endpoint.log) == asked, "the same command asks nothing again"
    first, without = rounds(tmp_path / "without", "modpairs")[:2]
    same, with_it = rounds(tmp_path / "with", "modpairs")[:2]
    assert moves(first) == moves(same) == {"fresh": 12}
    assert with_it.earned == without.earned, "what was earned elsewhere is not earned here"
    # What was never tried comes first, so without prior knowledge each possible move is there.
    possible = [move for move in MOVES if move in moves(without)]
    assert "counterexample" in possible
    known = dict(move_priors(tmp_path / "earlier"))
    assert {move: record.trials <= MOST_TRIALS for move, record in known.items()} == dict.fromkeys(
        known, True
    )
    for move, record in with_it.earned.items():
        known[move] = known.get(move, Record()).and_(record)
    assert moves(with_it) == Counter(pick_moves(possible, known, 12, seed=0))
    assert moves(with_it) != moves(without)


def test_a_run_without_rounds_tells_nothing_of_moves(tmp_path: Path) -> None:
    with ScriptedEndpoint(ScriptedAnswers(KNOWN, seed=1)) as endpoint:
        base = endpoint.base_url
        medalist("solve", "meetings", *SHORT, "-n", "2", "--out", "once", cwd=tmp_path,
                 OPENAI_BASE_URL=base)  # fmt: skip
        for given, told in (("once", "no second round"), ("nowhere", "nowhere")):
            done = medalist("solve", "meetings", *ROUNDS, "--out", "new", "--moves-from", given,
                            cwd=tmp_path, OPENAI_BASE_URL=base)  # fmt: skip
            assert done.returncode in (2, 3)
            assert told in done.stderr
            assert "Traceback" not in done.stderr
            assert not (tmp_path / "new").exists()
