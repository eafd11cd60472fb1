"""What evidence says of a cluster, in figures that mean the same for every problem.

Votes are candidates; of those that depend on one another (see `View.lineage`) one counts. Features
are made so that, with the signs of `SIGNS`, more votes for a cluster never raise another cluster's
score by more than its own: agreement of many samples cannot lose to few.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

from medalist.agent.choose.policy import ExpectedOutput, View
from medalist.agent.types import OutcomeKey

NAMES = (
    "agreement",  # share of voters that give the same output, mean over inputs
    "agreement_log",  # the same, mean of logarithms: one lonely output weighs much
    "dual",  # log of CodeT's score of its consensus set
    "supported",  # log of 12 times its share of the votes, at most 0: see `_ENOUGH`
    "constant",  # 1 if it gives one output on all of several inputs
    "share",  # log of its share of the votes
    "lone",  # 1 if it is a single vote
    "passing",  # share of the votes that pass the samples, less a half: see `_passing`
)
SIGNS = {
    "agreement": 1,
    "agreement_log": 1,
    "dual": 1,
    "supported": 1,
    "constant": -1,
    "share": 1,
    "lone": -1,
    "passing": 1,
}
"""Which sign the weight of a feature may have."""

ORDER = ("agreement", "agreement_log", "dual", "supported", "constant")
"""Features that say which cluster comes first. Size alone is not among them: on programs that share
faults (mutants, people's programs with few right ones) it put wrong clusters first."""

CHANCE = ("agreement", "constant", "share", "lone")
"""Features that say how likely a cluster is right, where those before it are not."""

CONTEXT = "passing"
"""The feature that is the same for all clusters of a problem: where most candidates pass the
samples, whoever wrote them finds it easy. It adds to the chance of each (see `context_fit`)."""

_ENOUGH = 12
"""With a twelfth of the votes a cluster is large enough: more of them do not change its place."""

_SMALL = 0.01
_FEW_OUTPUTS = 2
_LONE = 1.5  # votes: below it there is one only
_DOUBTED = 0.1  # share of the vote of who is known to be wrong elsewhere

Keys = tuple[OutcomeKey | None, ...]


@dataclass(frozen=True)
class ClusterGroup:
    """Programs with the same outcomes on the inputs looked at."""

    programs: tuple[str, ...]
    keys: Keys
    votes: float  # candidates; of a voter, see `likely`

    @property
    def alive(self) -> bool:
        """Whether it gives any output, or was asked for none."""
        return not self.keys or any(map(_is_output, self.keys))


def groups(view: View, inputs: Sequence[int] | None = None) -> list[ClusterGroup]:
    """Group the programs that were run, by their outcomes on some inputs (None: all)."""
    if inputs is None or not view.behaviours:
        rows = [(cluster, view.behaviours[cluster.programs[0]].keys) for cluster in view.clusters]
    else:
        rows = [
            (cluster, tuple(view.behaviours[cluster.programs[0]].keys[index] for index in inputs))
            for cluster in view.clusters
        ]
    merged: dict[Keys, list[str]] = {}
    for one, keys in rows:
        merged.setdefault(keys, []).extend(one.programs)
    return [
        ClusterGroup(tuple(programs), keys, view.votes_of(programs))
        for keys, programs in merged.items()
    ]


def contradicts(
    group: ClusterGroup, inputs: Sequence[int] | None, known: Mapping[int, OutcomeKey]
) -> bool:
    """Whether a group of `groups(view, inputs)` gives another output where the right one is known.

    Not having been run contradicts nothing.
    """
    columns = range(len(group.keys)) if inputs is None else inputs
    return any(
        index in known and key not in (None, known[index])
        for index, key in zip(columns, group.keys, strict=True)
    )


def likely(
    view: View, clusters: Sequence[ClusterGroup], inputs: Sequence[int] | None
) -> tuple[list[int], list[ClusterGroup]]:
    """Return the groups that may be right, with their places: they give outputs, and no wrong one.

    Only these are voters: what is known to be wrong says nothing of what is right. Who is known to
    be wrong on other inputs has a tenth of a vote.
    """
    places = [
        place
        for place, group in enumerate(clusters)
        if group.alive and not contradicts(group, inputs, view.known)
    ]
    return places, [_weighed(view, clusters[place]) for place in places]


def _weighed(view: View, group: ClusterGroup) -> ClusterGroup:
    doubted = [name for name in group.programs if view.known and not view.passes(name)]
    if not doubted:
        return group
    trusted = [name for name in group.programs if name not in set(doubted)]
    votes = view.votes_of(trusted) if trusted else 0
    return replace(group, votes=votes + _DOUBTED * (group.votes - votes))


def describe(
    view: View, clusters: Sequence[ClusterGroup], inputs: Sequence[int] | None = None
) -> list[list[float]]:
    """Return the features (in the order of `NAMES`) of each group of `groups(view, inputs)`.

    Groups that give no output at all are described too, but count nowhere as voters.
    """
    claims = _claims_on(view, inputs)
    evidence = _Evidence(clusters, claims)
    passing = _passing(view)
    rows = [{**evidence.features(group), "passing": passing} for group in clusters]
    if view.many_answers or view.checked is not None:
        # Where right answers differ, one kind of output is not a sign of a constant program.
        rows = [{**row, "constant": 0.0} for row in rows]
    return [[row[name] for name in NAMES] for row in rows]


def _passing(view: View) -> float:
    """Return the share of the votes that pass the samples, less a half; 0 without samples."""
    names = [program.program_id for program in view.programs]
    passing = [name for name in names if view.passes(name)]
    if not names or (not view.known and len(passing) == len(names)):
        return 0.0
    return view.votes_of(passing) / view.votes_of(names) - 0.5


def _claims_on(view: View, inputs: Sequence[int] | None) -> list[ExpectedOutput]:
    # Tests that a model predicted count apart, within bounds: see `predicted_tests`.
    claims = [claim for claim in view.claims if not claim.predicted]
    if inputs is None:
        return claims
    place = {index: number for number, index in enumerate(inputs)}
    return [
        claim._replace(input_index=place[claim.input_index])
        for claim in claims
        if claim.input_index in place
    ]


@dataclass(frozen=True)
class _Seen:
    """What is known of an output on an input: the share of voters that give it, and its log."""

    share: float
    log: float


_FAILED = _Seen(0.0, math.log(_SMALL))


class _Evidence:
    """What all groups together did, against which one is described."""

    def __init__(self, clusters: Sequence[ClusterGroup], claims: Sequence[ExpectedOutput]) -> None:
        self._groups = [group for group in clusters if group.alive]
        self._claims = claims
        self._votes = sum(group.votes for group in self._groups) or 1
        width = len(clusters[0].keys) if clusters else 0
        counts: list[dict[str, float]] = [defaultdict(float) for _ in range(width)]
        for group in self._groups:
            for count, key in zip(counts, group.keys, strict=True):
                if key is not None and key.is_output:
                    count[key] += group.votes
        self._seen = [self._known(count) for count in counts]
        # Inputs on which nobody was run say nothing of anybody.
        self._live = [bool(count) or _ran(clusters, place) for place, count in enumerate(counts)]
        self._weights = [claim.weight for claim in claims]
        self._consensus: dict[tuple[bool, ...], float] = defaultdict(float)
        for group in self._groups:
            self._consensus[self._fulfilled(group)] += group.votes

    def _known(self, count: Mapping[str, float]) -> dict[str | None, _Seen]:
        shares = {key: votes / self._votes for key, votes in count.items()}
        return {key: _Seen(share, math.log(share + _SMALL)) for key, share in shares.items()}

    def features(self, group: ClusterGroup) -> dict[str, float]:
        columns = compress(zip(self._seen, group.keys, strict=True), self._live)
        cells = [seen.get(key, _FAILED) for seen, key in columns]
        share = max(group.votes, _SMALL) / self._votes
        fulfilled = self._fulfilled(group)
        claimed = sum(compress(self._weights, fulfilled))
        consensus = math.sqrt(self._consensus.get(fulfilled, 0.0))
        return {
            "agreement": _mean([cell.share for cell in cells]),
            "agreement_log": _mean([cell.log for cell in cells]),
            "dual": math.log(1 + consensus * claimed),
            "supported": math.log(min(1.0, _ENOUGH * share)),
            "constant": float(
                sum(map(_is_output, group.keys)) > _FEW_OUTPUTS and _constant(group.keys)
            ),
            "share": math.log(share + _SMALL),
            "lone": float(group.votes < _LONE),
        }

    def _fulfilled(self, group: ClusterGroup) -> tuple[bool, ...]:
        return tuple(group.keys[claim.input_index] == claim.key for claim in self._claims)


def _ran(clusters: Sequence[ClusterGroup], place: int) -> bool:
    return any(group.keys[place] is not None for group in clusters)


def _is_output(key: OutcomeKey | None) -> bool:
    return key is not None and key.is_output


def _constant(keys: Keys) -> bool:
    return len({key for key in keys if _is_output(key)}) == 1


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
