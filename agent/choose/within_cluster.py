"""Which program of a cluster comes first: of programs that promise alike."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from medalist.agent.choose.policy import View
from medalist.agent.evidence.brute_force import asked_for
from medalist.agent.languages import written


def preferred(view: View, programs: Mapping[str, tuple[float, ...]]) -> str:
    """Return the program with the highest figures; of equal ones that with most votes, the longest.

    That the longest of a cluster comes first is GenCluster's way: of programs that behave alike on
    our inputs it is likelier to handle what these do not show. What was asked for as brute force
    comes after all others: it may be too slow for the judge.
    """
    most = max(programs.values())
    equal = [name for name, figures in programs.items() if figures == most]
    if len(equal) == 1:
        return equal[0]
    known = {program.program_id: program for program in view.programs}
    fast = [name for name in equal if not all(map(asked_for, known[name].candidates))]
    equal = fast or equal
    votes = max(view.votes[name] for name in equal)
    equal = [name for name in equal if view.votes[name] == votes]
    return max(equal, key=lambda name: length(known[name].language, known[name].source))


@lru_cache(maxsize=1 << 15)
def length(language: str, source: str) -> int:
    """Return the characters of a program without comments and layout, where it can be read."""
    tokens = written(language).tokens(source)
    return len(source) if tokens is None else sum(map(len, tokens))
