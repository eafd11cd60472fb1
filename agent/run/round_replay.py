"""Rounds with feedback played again under another policy, as far as the recording can tell.

Each round by itself: what a policy submits knowing what the run knew before it, from the programs
that there were then, as the rules of the round allow. That can be told of every round; only of
programs that the run did not submit the verdicts may be unknown. And all rounds in a row: the next
round was asked with what was shown of the run's own submissions, so once a policy has submitted
others, what would have been asked, and answered, nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from medalist.agent.choose.policy import Policy
from medalist.agent.choose.policy_replay import gains
from medalist.agent.choose.recorded_choice import (
    ChoiceOfStretch,
    RecordedChoice,
    choices_between,
)
from medalist.agent.journal import Journal
from medalist.agent.steps.round_records import FEEDBACK_ROUND
from medalist.agent.types import JudgedSubmission, Submission


@dataclass(frozen=True)
class RoundPlayed:
    """What a policy makes of one round, knowing what the run knew before it.

    Attributes:
        number: Of the round, from 1.
        submissions: What it submits in this round, with what the judge showed.
        unknown: Of how many of them nobody knows the verdict; they count as rejected.
        held: The share of the problem's worth that is held after them, with all submissions that
            the run had made before the round; where some are unknown, at least so much.
        run_held: What the run held after the round.
    """

    number: int
    submissions: tuple[JudgedSubmission, ...]
    unknown: int
    held: float
    run_held: float


@dataclass(frozen=True)
class RoundsPlayed:
    """What a policy makes of the rounds of one problem.

    Attributes:
        problem_id: The problem.
        rounds: How many rounds the run had.
        by_round: Each round by itself; rounds that were never chosen in are left out.
        told: In a row: after how many of them it is known what the policy holds.
        held: The share of the problem's worth that it holds then.
        run_held: What the run itself held then.
        unknown: How many programs it submitted whose verdict nobody knows; they count as rejected.
        submissions: What it submitted by then.
    """

    problem_id: str
    rounds: int
    by_round: tuple[RoundPlayed, ...]
    told: int
    held: float
    run_held: float
    unknown: int
    submissions: tuple[JudgedSubmission, ...]


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
    problem_id: str, seen: list[ChoiceOfStretch], rounds: int, policy: Policy
) -> RoundsPlayed:
    history: list[JudgedSubmission] = []
    told = unknown = 0
    held = run_held = 0.0
    for entry in seen:
        choice = entry.choice
        unknown += _submit(policy, choice, history)
        told += 1
        held, run_held = _held(choice, history), _held(choice, choice.history)
        if {each.program_id for each, _ in history} != {
            each.program_id for each, _ in choice.history
        }:
            break
    return RoundsPlayed(
        problem_id=problem_id,
        rounds=rounds,
        by_round=tuple(_alone(entry, policy) for entry in seen),
        told=told,
        held=held,
        run_held=run_held,
        unknown=unknown,
        submissions=tuple(history),
    )


def _alone(one: ChoiceOfStretch, policy: Policy) -> RoundPlayed:
    """Play a round with what the run had submitted before it."""
    choice = one.choice
    history = list(choice.history[: one.before])
    unknown = _submit(policy, choice, history)
    return RoundPlayed(
        number=one.number,
        submissions=tuple(history[one.before :]),
        unknown=unknown,
        held=_held(choice, history),
        run_held=_held(choice, choice.history),
    )


def _submit(policy: Policy, choice: RecordedChoice, history: list[JudgedSubmission]) -> int:
    """Submit as a policy says; return of how many submissions the verdict is not known."""
    known = choice.replayable().truth
    unknown = 0
    while isinstance(decision := policy.decide(choice.view, history, choice.rules), Submission):
        unknown += decision.program_id not in choice.labels
        history.append((decision, known[decision.program_id]))
    return unknown


def _held(
    choice: RecordedChoice, history: tuple[JudgedSubmission, ...] | list[JudgedSubmission]
) -> float:
    return (gains(history, choice.rules) or [0.0])[-1]
