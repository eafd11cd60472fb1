"""Clusters of problems whose truth is known, as what beliefs are fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from medalist.agent.choose.features import describe, groups, likely
from medalist.agent.choose.policy import View
from medalist.agent.choose.recorded_pool import Recorded, resample
from medalist.agent.choose.within_cluster import preferred

_DRAWN = 12
"""Of problems with at least twice as many candidates so many are drawn, as one more example."""


@dataclass(frozen=True)
class Examples:
    """The clusters of a problem or subtask: features, and whether what is picked of each is right.

    `right` is 1 or 0; in examples that are made otherwise it may be a share.
    """

    features: tuple[tuple[float, ...], ...]
    right: tuple[float, ...]


Problems = Sequence[Sequence[Examples]]
"""Examples of each problem."""


def examples(recorded: Recorded) -> list[Examples]:
    """Describe the clusters of a problem, for each subtask apart, and those of a few candidates.

    Clusters without any output are left out, and those that contradict known outputs.
    """
    known = recorded.truth.values()
    subtasks = dict.fromkeys(name for item in known for name in item.subtasks) or {"": None}
    views = [recorded.view]
    if sum(recorded.view.votes.values()) >= 2 * _DRAWN:
        views.append(resample(recorded.view, 0, _DRAWN))
    return [_examples(recorded, view, subtask) for view in views for subtask in subtasks]


def _examples(recorded: Recorded, view: View, subtask: str) -> Examples:
    truth = recorded.truth
    inputs = view.inputs_of(subtask) if subtask else None
    _, clusters = likely(view, groups(view, inputs), inputs)

    def right(name: str) -> bool:
        return truth[name].solved or truth[name].subtasks.get(subtask, 0.0) >= 1.0

    shares = view.sample_share
    picked = [
        preferred(view, {name: (shares.get(name, 1.0),) for name in group.programs})
        for group in clusters
    ]
    return Examples(
        tuple(tuple(row) for row in describe(view, clusters, inputs)),
        tuple(float(right(name)) for name in picked),
    )
