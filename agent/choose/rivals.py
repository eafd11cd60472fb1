"""Contestants, the strongest rival, and the inputs that distinguish two programs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from medalist.agent.choose.policy import View
from medalist.agent.choose.ranking import any_output
from medalist.agent.languages import written
from medalist.agent.types import Program

_LEADING = 3  # behaviours among which pairs are sought
_MEMBERS = 24  # programs of a behaviour of which the most unlike one is sought
_RUN = 3  # tokens in a row by which two programs are compared


def rival_of(view: View, program_id: str) -> str | None:
    """Return a program of the largest cluster that a program is not in."""
    return next(
        (cluster.programs[0] for cluster in view.clusters if program_id not in cluster.programs),
        None,
    )


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
    for cluster in view.clusters:
        passing = [name for name in cluster.programs if view.passes(name)]
        if any_output(view, cluster.programs[0]):
            chosen.append(programs[(passing or cluster.programs)[0]])
    return sorted(chosen, key=lambda one: not view.passes(one.program_id))[:most]


def pairs_to_separate(view: View) -> list[tuple[Program, Program]]:
    """Return pairs that an input should be found for, the most telling first.

    That is, in turn: of the strongest behaviours, the program that represents it and the one of the
    same behaviour whose text is most unlike (if these differ on any input, nobody knows yet); and
    the representatives of two behaviours, the strongest first.
    """
    leaders = contestants(view, _LEADING)
    inside = [
        (leader, other) for leader in leaders if (other := _most_unlike(view, leader)) is not None
    ]
    across = [(one, other) for place, one in enumerate(leaders) for other in leaders[place + 1 :]]
    turns = zip_longest(inside, across)
    return [pair for turn in turns for pair in turn if pair is not None]


def _most_unlike(view: View, program: Program) -> Program | None:
    """Return the program of the same behaviour whose text shares least with a program's."""
    home = next(
        cluster.programs for cluster in view.clusters if program.program_id in cluster.programs
    )
    known = {program.program_id: program for program in view.programs}
    others = [known[name] for name in home if name != program.program_id and view.passes(name)]
    own = _runs(program)
    return min(others[:_MEMBERS], key=lambda one: _shared(own, _runs(one)), default=None)


def _runs(program: Program) -> set[tuple[str, ...]]:
    tokens = written(program.language).tokens(program.source)
    words = program.source.split() if tokens is None else tokens
    return {tuple(words[place : place + _RUN]) for place in range(max(1, len(words) - _RUN + 1))}


def _shared(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    """The share of runs of tokens that two programs have in common."""
    return len(one & other) / max(1, len(one | other))
