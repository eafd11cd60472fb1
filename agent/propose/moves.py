"""What the answers of a round are asked for: new ideas, or revisions of what is there.

Which of these pay is learnt in the run, by the same bandit that spreads answers over prompts: an
answer that takes a program over unchanged earns nothing, one that gains what was not held before
the round earns most (see `steps.round_rewards`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias, get_args

from medalist.agent.propose.bandit import Record, allocate

Move: TypeAlias = Literal["fresh", "best", "diverse", "counterexample", "combine"]

MOVES: tuple[Move, ...] = get_args(Move)
"""A new sample; revisions of the best program, of one that behaves otherwise, or of one that is
refuted by an input; and one program out of two that hold different subtasks."""

FRESH_SHARE = 0.25
"""So much of each round is new samples: what nobody has thought of comes from there alone."""

TASKS: Mapping[Move, str] = {
    "best": (
        "Program 1 is the best so far. Say in a few sentences what keeps it from the points that "
        "are missing, then write a program that gets them. Keep what is right; if the idea itself "
        "is wrong or too slow, take another one."
    ),
    "diverse": (
        "Program 1 goes another way than most. Say in a few sentences what is wrong with it, and "
        "whether its way leads further than that of the others; then write a program that gets "
        "the points that are missing."
    ),
    "counterexample": (
        "Programs 1 and 2 differ on the input shown. Work out by hand what the right output is, "
        "and say which of them is wrong and why; then write a program that is right on this input "
        "and on all others."
    ),
    "combine": (
        "Programs 1 and 2 get the points of different subtasks. Say in a few sentences why each "
        "fails where the other one does not; then write one program that gets the points of both, "
        "deciding by the input which way to go if need be."
    ),
}  # fmt: skip
"""What a revision is asked to do."""


def pick_moves(
    possible: Sequence[Move], records: Mapping[Move, Record], count: int, *, seed: int
) -> list[Move]:
    """Choose what the `count` answers of a round are asked for; new samples first.

    It depends on nothing but its arguments; see `bandit.allocate`.
    """
    fresh = count if list(possible) == ["fresh"] else math.ceil(FRESH_SHARE * count)
    picks = allocate(possible, records, count - fresh, seed=seed)
    order = {move: place for place, move in enumerate(MOVES)}
    return sorted([*["fresh"] * fresh, *picks], key=order.__getitem__)  # type: ignore[list-item]
