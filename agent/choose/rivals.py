"""Who stands against whom: contestants, the strongest rival, and what tells two apart."""

from __future__ import annotations

from collections.abc import Sequence

from medalist.agent.choose.policy import View
from medalist.agent.choose.ranking import any_output
from medalist.agent.types import Program


def rival_of(view: View, program_id: str) -> str | None:
    """Return a program of the largest cluster that a program is not in."""
    return next((one.programs[0] for one in view.clusters if program_id not in one.programs), None)


def separating_input(view: View, inputs: Sequence[bytes], first: str, second: str) -> int | None:
    """Return the place of the smallest input on which two programs behave differently.

    One on which both were run, if there is any.
    """
    rows = view.behaviours[first].keys, view.behaviours[second].keys
    differing = [
        (one is None or two is None, len(inputs[index]), index)
        for index, (one, two) in enumerate(zip(*rows, strict=True))
        if one != two
    ]
    return min(differing)[-1] if differing else None


def contestants(view: View, most: int = 8) -> list[Program]:
    """Return one program of each of the largest clusters that give any output.

    Clusters with programs that pass the samples come first, and are represented by one.
    """
    programs = {program.program_id: program for program in view.programs}
    chosen: list[Program] = []
    for one in view.clusters:
        passing = [name for name in one.programs if view.passes(name)]
        if any_output(view, one.programs[0]):
            chosen.append(programs[(passing or one.programs)[0]])
    return sorted(chosen, key=lambda one: not view.passes(one.program_id))[:most]
