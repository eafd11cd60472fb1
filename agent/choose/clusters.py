"""Programs that behave alike."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from medalist.agent.types import Behaviour, Cluster, OutcomeKey

Keys = tuple[OutcomeKey | None, ...]


def cluster(
    behaviours: Iterable[Behaviour],
    votes: Mapping[str, int],
    votes_of: Callable[[Sequence[str]], int] | None = None,
) -> list[Cluster]:
    """Group programs whose outcomes agree on every input, failures by kind included.

    Args:
        behaviours: What each program did, all on the same inputs.
        votes: Program id to the number of candidates that are this program; 1 if absent.
        votes_of: The votes of several programs together; their sum if not given.

    Returns:
        Clusters by votes, then in order of their first program; inside a cluster the programs
        by votes, then in the order given.
    """
    groups: dict[Keys, list[str]] = {}
    for behaviour in behaviours:
        groups.setdefault(behaviour.keys, []).append(behaviour.program_id)
    return _clusters(groups.values(), groups.keys(), votes, votes_of)


def _clusters(
    groups: Iterable[Sequence[str]],
    keys: Iterable[Keys],
    votes: Mapping[str, int],
    votes_of: Callable[[Sequence[str]], int] | None,
) -> list[Cluster]:
    clusters = []
    for programs, row in zip(groups, keys, strict=True):
        ordered = sorted(programs, key=lambda program: -votes.get(program, 1))
        digest = hashlib.sha256("\0".join(str(key) for key in row).encode()).hexdigest()
        total = (
            sum(votes.get(program, 1) for program in programs)
            if votes_of is None
            else votes_of(programs)
        )
        clusters.append(Cluster(digest[:12], tuple(ordered), total))
    return sorted(clusters, key=lambda one: -one.votes)
