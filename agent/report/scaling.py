"""How much more candidates, and more submissions, would have solved: pass@k and n@k.

pass@k is the chance that at least one of k candidates is right; n@k that one of n submissions
is, which a policy chooses from k candidates (Li et al., 2022, arXiv:2203.07814).
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from medalist.agent.choose.policy import Policy, View
from medalist.agent.choose.recorded_choice import RecordedChoice
from medalist.agent.choose.recorded_pool import resample
from medalist.agent.report.estimates import EstimateBounds, IntervalEstimate, mean
from medalist.agent.report.problem_facts import ProblemFacts
from medalist.agent.types import JudgedSubmission, Submission

_PLAYS = 1500  # over all problems, for each point of a curve
_MOST_PLAYS = 20  # for one problem


@dataclass(frozen=True)
class Curve:
    """A name, and the estimate at each number of candidates."""

    name: str
    points: tuple[tuple[int, IntervalEstimate], ...]


def pass_at_k(samples: int, right: int, k: int) -> float:
    """Return the unbiased estimate of pass@k, k at most `samples`.

    1 - C(samples - right, k) / C(samples, k), worked out as a product (Chen et al., 2021,
    arXiv:2107.03374).
    """
    if samples - right < k:
        return 1.0
    return 1.0 - math.prod(1.0 - k / i for i in range(samples - right + 1, samples + 1))


def pass_bounds(samples: int, right: int, unknown: int, k: int) -> EstimateBounds:
    """Return what pass@k can be, `unknown` candidates never having been judged.

    Beyond the candidates that there are it is at least what those reach, and at most 1.
    """
    if k > samples:
        return EstimateBounds(float(right > 0), 1.0)
    return EstimateBounds(pass_at_k(samples, right, k), pass_at_k(samples, right + unknown, k))


def numbers_of_candidates(problems: Sequence[ProblemFacts]) -> list[int]:
    """Return 1, 2, 4 ... up to what at least a tenth of the problems have."""
    most = sorted(problem.candidates for problem in problems)[9 * len(problems) // 10]
    doubling = [1 << power for power in range(most.bit_length())]
    return doubling if doubling[-1] == most else [*doubling, most]


def pass_curve(problems: Sequence[ProblemFacts], counts: Sequence[int]) -> Curve:
    """Return pass@k, the mean over problems, at each number of candidates."""
    return Curve(
        "pass@k",
        tuple(
            (k, mean([pass_bounds(p.candidates, p.right, p.unknown, k) for p in problems]))
            for k in counts
        ),
    )


def choice_curves(
    problems: Sequence[ProblemFacts],
    counts: Sequence[int],
    submissions: Sequence[int],
    policy: Callable[[ProblemFacts], Policy],
) -> dict[int, Curve]:
    """Return n@k for each number n of submissions, candidates redrawn for each play.

    Args:
        problems: Problems with a `choice`.
        counts: Numbers k of candidates.
        submissions: Numbers n of submissions.
        policy: Who chooses on a problem.
    """
    points: dict[int, list[tuple[int, IntervalEstimate]]] = {n: [] for n in submissions}
    for k in counts:
        estimates = [
            _played(one, k, submissions, policy(one), _seeds(problems, place))
            for place, one in enumerate(problems)
        ]
        for place, n in enumerate(submissions):
            points[n].append((k, mean([bounds[place] for bounds in estimates])))
    return {n: Curve(f"{n}@k", tuple(estimates)) for n, estimates in points.items()}


def solved_from_all(
    problems: Sequence[ProblemFacts],
    submissions: Sequence[int],
    policy: Callable[[ProblemFacts], Policy],
) -> dict[int, IntervalEstimate]:
    """Return the share solved within n submissions chosen from all candidates of a problem."""
    estimates = [
        _played(one, one.candidates, submissions, policy(one), _seeds(problems, place))
        for place, one in enumerate(problems)
    ]
    return {n: mean([bounds[place] for bounds in estimates]) for place, n in enumerate(submissions)}


def _seeds(problems: Sequence[ProblemFacts], place: int) -> range:
    """The seeds of a problem's plays: none is used for two problems."""
    plays = max(1, min(_MOST_PLAYS, _PLAYS // len(problems)))
    return range(place * plays, (place + 1) * plays)


def _played(
    problem: ProblemFacts, k: int, submissions: Sequence[int], policy: Policy, seeds: range
) -> list[EstimateBounds]:
    """Whether one of the first n submissions is right, the mean over plays, for each n."""
    choice = problem.choice
    assert choice is not None
    if problem.right + problem.unknown == 0:
        top = 0.0 if k <= problem.candidates else 1.0
        return [EstimateBounds(0.0, top) for _ in submissions]
    held = sum(len(program.candidates) for program in choice.view.programs)
    low, high = [0.0] * len(submissions), [0.0] * len(submissions)
    for seed in seeds:
        drawn = _with_program(problem.candidates, held, k, seed)
        view = resample(choice.view, seed, drawn)
        first_right, first_unknown = _first(policy, choice, view, max(submissions))
        for place, n in enumerate(submissions):
            low[place] += first_right <= n
            high[place] += min(first_right, first_unknown) <= n or k > problem.candidates
    return [EstimateBounds(a / len(seeds), b / len(seeds)) for a, b in zip(low, high, strict=True)]


def _with_program(candidates: int, held: int, k: int, seed: int) -> int:
    """How many of k candidates, drawn without replacement, are among those that compile."""
    rng = random.Random(f"candidates {seed}")  # not the stream that then draws which ones
    drawn = rng.sample(range(candidates), min(k, candidates))
    return sum(number < held for number in drawn)


def _first(policy: Policy, choice: RecordedChoice, view: View, most: int) -> tuple[float, float]:
    """The number of the first right submission, and that of the first of unknown verdict.

    What a policy does after a verdict that nobody knows is not known either: there it ends.
    """
    rules = replace(choice.rules, submissions=most)
    history: list[JudgedSubmission] = []
    while isinstance(decision := policy.decide(view, history, rules), Submission):
        feedback = choice.labels.get(decision.program_id)
        if feedback is None:
            return math.inf, len(history) + 1
        history.append((decision, feedback))
        if feedback.solved:
            return len(history), math.inf
    return math.inf, math.inf
