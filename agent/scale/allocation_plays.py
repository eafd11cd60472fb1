"""Recorded samples drawn again and again, and what was seen and held at each look.

A play draws an order of all samples of a problem; a look sees the first k of them. So looks of one
play are nested, as in a run. Samples that depend on one another (repairs, rounds) keep the order in
which they were asked for, and make one play.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from medalist.agent.choose.difficulty import DifficultyLook, look_at
from medalist.agent.choose.policy import Policy, PolicyRules, View
from medalist.agent.choose.policy_replay import gains
from medalist.agent.choose.recorded_pool import Recorded
from medalist.agent.types import JudgedSubmission, Submission


@dataclass(frozen=True)
class AllocationProblem:
    """A problem that a strategy was tried on.

    Attributes:
        problem_id: Its name.
        recorded: Its evidence and verdicts.
        rules: What can be gained on it.
        order: The names of all samples, in the order of asking; None at the places of those that
            left no program.
        costs: What each sample cost, in the same order.
        in_order: Whether samples depend on those before them.
    """

    problem_id: str
    recorded: Recorded
    rules: PolicyRules
    order: tuple[str | None, ...]
    costs: tuple[float, ...]
    in_order: bool = False


@dataclass(frozen=True)
class PlayedLook:
    """What is known of one play after some samples.

    Attributes:
        look: What was seen.
        cost: What the samples cost.
        held: The share of the points that is held if one stops here.
        solved: Whether a submission made meanwhile solved the problem.
        uniform: The share that is held if all samples were asked for at once, and then submitted.
    """

    look: DifficultyLook
    cost: float
    held: float
    solved: bool
    uniform: float


@dataclass(frozen=True)
class AllocationPlay:
    """One play: its problem, and its looks by growing number of samples."""

    problem_id: str
    looks: tuple[PlayedLook, ...]


@dataclass(frozen=True)
class PlayTerms:
    """How plays are made.

    Attributes:
        looks: The numbers of samples at which one looks.
        early: How many submissions may have been made after each look.
        submissions: How many may be made in all.
        plays: Plays a problem.
        policy: Who chooses.
    """

    looks: tuple[int, ...]
    early: tuple[int, ...]
    submissions: int
    plays: int
    policy: Policy


def early_submissions(submissions: int, looks: int) -> tuple[int, ...]:
    """Return how many submissions may have been made after each look: the same at each.

    One at least is left to the last; with a single submission there are none before.
    """
    return tuple(
        min(submissions - 1, -(-submissions * (place + 1) // looks)) if submissions else 0
        for place in range(looks)
    )


def play_all(problems: Sequence[AllocationProblem], terms: PlayTerms) -> list[AllocationPlay]:
    """Play every problem; of a problem with fewer samples the looks beyond these see all of it."""
    return [
        play
        for problem in problems
        for number in range(1 if problem.in_order else terms.plays)
        for play in [_play(problem, number, terms)]
    ]


def _play(problem: AllocationProblem, number: int, terms: PlayTerms) -> AllocationPlay:
    places = list(range(len(problem.order)))
    seed = zlib.crc32(f"{number} {problem.problem_id}".encode())
    if not problem.in_order:
        random.Random(seed).shuffle(places)
    rules = replace(problem.rules, submissions=terms.submissions)
    history: list[JudgedSubmission] = []
    result: list[PlayedLook] = []
    for samples, early in zip(terms.looks, terms.early, strict=True):
        drawn = places[:samples]
        view = _view(problem.recorded, [problem.order[place] for place in drawn], seed)
        history = _submitted(problem, view, history, replace(rules, submissions=early), terms)
        final = _submitted(problem, view, history, rules, terms)
        # Without early submissions both are the same.
        whole = final if not any(terms.early) else _submitted(problem, view, [], rules, terms)
        result.append(
            PlayedLook(
                look=look_at(view, history, rules, samples, terms.policy),
                cost=sum(problem.costs[place] for place in drawn),
                held=_held(final, rules),
                solved=_held(history, rules) >= 1.0,
                uniform=_held(whole, rules),
            )
        )
    return AllocationPlay(problem.problem_id, tuple(result))


def _view(recorded: Recorded, names: Sequence[str | None], seed: int) -> View:
    """Return the view of these samples alone, programs in the order in which they came."""
    program_of = {
        name: program for program in recorded.view.programs for name in program.candidates
    }
    votes: dict[str, list[str]] = {}
    for name in names:
        if name is not None and name in program_of:
            votes.setdefault(program_of[name].program_id, []).append(name)
    known = {program.program_id: program for program in recorded.view.programs}
    programs = tuple(
        replace(known[program], candidates=tuple(came)) for program, came in votes.items()
    )
    return replace(recorded.view, programs=programs, seed=seed)


def _submitted(
    problem: AllocationProblem,
    view: View,
    history: Sequence[JudgedSubmission],
    rules: PolicyRules,
    terms: PlayTerms,
) -> list[JudgedSubmission]:
    """Let the policy go on from what was submitted."""
    made = list(history)
    truth = problem.recorded.truth
    while isinstance(decision := terms.policy.decide(view, made, rules), Submission):
        made.append((decision, truth[decision.program_id]))
    return made


def _held(history: Sequence[JudgedSubmission], rules: PolicyRules) -> float:
    held = gains(history, rules)
    return held[-1] if held else 0.0


def by_problem(plays: Sequence[AllocationPlay]) -> Mapping[str, list[AllocationPlay]]:
    """Return the plays of each problem."""
    result: dict[str, list[AllocationPlay]] = {}
    for play in plays:
        result.setdefault(play.problem_id, []).append(play)
    return result
