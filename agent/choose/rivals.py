"""What stands against a program: its strongest rival, and the input that tells the two apart."""

from __future__ import annotations

from collections.abc import Sequence

from medalist.agent.choose.policy import View


def rival_of(view: View, program_id: str) -> str | None:
    """Return a program of the largest cluster that a program is not in."""
    return next((one.programs[0] for one in view.clusters if program_id not in one.programs), None)


def separating_input(view: View, inputs: Sequence[bytes], first: str, second: str) -> int | None:
    """Return the place of the smallest input on which two programs behave differently."""
    rows = view.behaviours[first].keys, view.behaviours[second].keys
    differing = [index for index, (one, two) in enumerate(zip(*rows, strict=True)) if one != two]
    return min(differing, key=lambda index: len(inputs[index]), default=None)
