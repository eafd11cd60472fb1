"""Rounds with feedback played again under another policy, as far as the recording can tell.

After each round a policy submits from the programs that there were then, as the rules of the round
allow. The next round was asked with what was shown of the run's own submissions: once a policy has
submitted others, what would have been asked, and answered, nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from medalist.agent.choose.policy import Policy
from medalist.agent.choose.policy_replay import gains
from medalist.agent.choose.recorded_choice import RecordedChoice, choices_between
from medalist.agent.journal import Journal
from medalist.agent.steps.round_records import FEEDBACK_ROUND
from medalist.agent.types import JudgedSubmission, Submission


@dataclass(frozen=True)
class RoundsPlayed:
    """What a policy makes of the rounds of one problem.

    Attributes:
        problem_id: The problem.
        rounds: How many rounds the run had.
        told: After how many of them it is known what the policy holds.
        held: The share of the problem's worth that it holds then.
        run_held: What the run itself held then.
        unknown: How many programs it submitted whose verdict nobody knows; they count as rejected.
    """

    problem_id: str
    rounds: int
    told: int
    held: float
    run_held: float
    unknown: int


def play_rounds(journal: Journal, policy: Policy) -> Iterator[RoundsPlayed]:
    """Yield what a policy makes of each problem of a run that has rounds."""
    begun: dict[str, list[int]] = {}
    for entry in journal.events(FEEDBACK_ROUND):
        begun.setdefault(entry.key.rpartition("/")[0], []).append(entry.seq)
    for problem_id, starts in begun.items():
        seen = choices_between(journal, problem_id, starts)
        if seen:
            yield _played(problem_id, seen, len(starts), policy)


def _played(
    problem_id: str, seen: list[RecordedChoice], rounds: int, policy: Policy
) -> RoundsPlayed:
    history: list[JudgedSubmission] = []
    told = unknown = 0
    held = run_held = 0.0
    for choice in seen:
        known = choice.replayable().truth
        while isinstance(decision := policy.decide(choice.view, history, choice.rules), Submission):
            unknown += decision.program_id not in choice.labels
            history.append((decision, known[decision.program_id]))
        told += 1
        held = (gains(history, choice.rules) or [0.0])[-1]
        run_held = (gains(choice.history, choice.rules) or [0.0])[-1]
        if {one.program_id for one, _ in history} != {one.program_id for one, _ in choice.history}:
            break
    return RoundsPlayed(problem_id, rounds, told, held, run_held, unknown)
