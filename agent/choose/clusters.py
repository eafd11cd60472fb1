"""Programs that behave alike."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from medalist.agent.words import Behaviour, Cluster

Keys = tuple[str | None, ...]


@dataclass(frozen=True)
class Clustering:
    """Clusters, largest first, and the programs that would also have fitted elsewhere."""

    clusters: tuple[Cluster, ...]
    ambiguous: frozenset[str] = frozenset()


def cluster(behaviours: Iterable[Behaviour], votes: Mapping[str, int]) -> list[Cluster]:
    """Group programs whose outcomes agree on every input, failures by kind included.

    Args:
        behaviours: What each program did, all on the same inputs.
        votes: Program id to the number of candidates that are this program; 1 if absent.

    Returns:
        Clusters by votes, then in order of their first program; inside a cluster the programs
        by votes, then in the order given.
    """
    groups: dict[Keys, list[str]] = {}
    for behaviour in behaviours:
        groups.setdefault(behaviour.keys, []).append(behaviour.program_id)
    return _clusters(groups.values(), groups.keys(), votes)


def cluster_near(
    behaviours: Iterable[Behaviour],
    votes: Mapping[str, int],
    same: Callable[[str, str], bool],
) -> Clustering:
    """Group programs whose outcomes agree within a tolerance: complete linkage, largest first.

    Tolerance is not transitive, so a group joins a cluster only if it agrees with all of its
    members; one that agreed with only some members of a cluster, or with several clusters, is
    recorded as ambiguous.

    Args:
        same: Whether the outputs of two different keys are equal. It is asked only about keys
            of outputs, once for each pair.
    """
    exact = cluster(behaviours := list(behaviours), votes)
    keys_of = {behaviour.program_id: behaviour.keys for behaviour in behaviours}
    agrees = _Agreement(same)
    merged: list[list[Cluster]] = []
    ambiguous: set[str] = set()
    for group in exact:
        keys = keys_of[group.programs[0]]
        fits, partly = [], False
        for members in merged:
            answers = [agrees(keys_of[member.programs[0]], keys) for member in members]
            if all(answers):
                fits.append(members)
            partly = partly or (any(answers) and not all(answers))
        if partly or len(fits) > 1:
            ambiguous.update(group.programs)
        if fits:
            fits[0].append(group)
        else:
            merged.append([group])
    programs = [[name for group in members for name in group.programs] for members in merged]
    first_keys = [keys_of[members[0].programs[0]] for members in merged]
    return Clustering(tuple(_clusters(programs, first_keys, votes)), frozenset(ambiguous))


class _Agreement:
    """Whether two rows agree within a tolerance; every pair of keys is compared once."""

    def __init__(self, same: Callable[[str, str], bool]) -> None:
        self._same = same
        self._known: dict[tuple[str, str], bool] = {}

    def __call__(self, first: Keys, second: Keys) -> bool:
        return all(map(self._key_agrees, first, second))

    def _key_agrees(self, first: str | None, second: str | None) -> bool:
        if first == second:
            return True
        if first is None or second is None or first[0] == "!" or second[0] == "!":
            return False
        pair = (first, second) if first < second else (second, first)
        if pair not in self._known:
            self._known[pair] = self._same(*pair)
        return self._known[pair]


def _clusters(
    groups: Iterable[Sequence[str]], keys: Iterable[Keys], votes: Mapping[str, int]
) -> list[Cluster]:
    found = []
    for programs, row in zip(groups, keys, strict=True):
        ordered = sorted(programs, key=lambda program: -votes.get(program, 1))
        digest = hashlib.sha256("\0".join(str(key) for key in row).encode()).hexdigest()
        total = sum(votes.get(program, 1) for program in programs)
        found.append(Cluster(digest[:12], tuple(ordered), total))
    return sorted(found, key=lambda one: -one.votes)
