"""Whose turn it is: the whole problem's, or one subtask's own statement's (o1-ioi's way)."""

from __future__ import annotations

from collections.abc import Iterator

from medalist.problems.model import PublicProblem


def promising_subtasks(public: PublicProblem) -> list[str]:
    """Return the subtasks of which the statement says what they promise."""
    return [
        subtask.subtask_id
        for subtask in public.subtasks
        if subtask.text.strip() or subtask.constraints
    ]


def subtask_turns(public: PublicProblem, share: float) -> Iterator[str | None]:
    """Yield for each answer in turn the subtask that it is asked for; None is the whole problem.

    Any few answers in a row keep the shares as well as that number allows.

    Args:
        public: The problem.
        share: The share of the answers that go to subtasks, 0 to 1; among them it goes by points.
            Subtasks without points, and those of which the statement says nothing, get none.
    """
    known = promising_subtasks(public)
    points = {
        subtask.subtask_id: subtask.points
        for subtask in public.subtasks
        if subtask.subtask_id in known and subtask.points > 0
    }
    total = sum(points.values())
    weights: dict[str | None, float] = {None: 1.0 if not total else 1 - share}
    if total:
        weights |= {name: share * worth / total for name, worth in points.items()}
    credit = dict.fromkeys(weights, 0.0)
    while True:
        for name, weight in weights.items():
            credit[name] += weight
        # Rounded: sums of shares must not decide by their last bit.
        chosen = max(credit, key=lambda name: round(credit[name], 9))
        credit[chosen] -= 1.0
        yield chosen
