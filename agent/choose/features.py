"""What evidence says of a cluster, in figures that mean the same for every problem."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

from medalist.agent.choose.families import families
from medalist.agent.choose.policy import Claim, View

NAMES = (
    "size",  # log of its share of the votes (see `likely`)
    "rank",  # log of 1 + how many clusters are larger, in whole votes
    "agreement",  # share of voters that give the same output, mean over inputs
    "agreement_log",  # the same, mean of logarithms: one lonely output weighs much
    "agreement_low",  # the same, 10th percentile
    "claims_trusted",  # share of claimed outputs that it gives, weighed by the votes for each
    "dual",  # log of CodeT's score of its consensus set
    "varied",  # distinct outputs an input
    "varied_more",  # the same, less the mean over programs
    "constant",  # 1 if it gives one output on all of several inputs
)
_SMALL = 0.01
_DOUBTED = 0.1  # share of the vote of who is known to be wrong elsewhere
_EQUALS = 0.1  # votes of n near-copies: n to the power of this

Keys = tuple[str | None, ...]


@dataclass(frozen=True)
class Group:
    """Programs with the same outcomes on the inputs looked at."""

    programs: tuple[str, ...]
    keys: Keys
    votes: float  # candidates; of a voter, see `likely`

    @property
    def alive(self) -> bool:
        """Whether it gives any output, or was asked for none."""
        return not self.keys or any(map(_is_output, self.keys))


def groups(view: View, inputs: Sequence[int] | None = None) -> list[Group]:
    """Group the programs that were run, by their outcomes on some inputs (None: all)."""
    if inputs is None or not view.behaviours:
        rows = [(one, view.behaviours[one.programs[0]].keys) for one in view.clusters]
    else:
        rows = [
            (one, tuple(view.behaviours[one.programs[0]].keys[index] for index in inputs))
            for one in view.clusters
        ]
    merged: dict[Keys, list[str]] = {}
    for one, keys in rows:
        merged.setdefault(keys, []).extend(one.programs)
    votes = view.votes
    return [
        Group(tuple(programs), keys, sum(votes[name] for name in programs))
        for keys, programs in merged.items()
    ]


def contradicts(group: Group, inputs: Sequence[int] | None, known: Mapping[int, str]) -> bool:
    """Whether a group of `groups(view, inputs)` gives another output where the right one is known.

    Not having been run contradicts nothing.
    """
    columns = range(len(group.keys)) if inputs is None else inputs
    return any(
        index in known and key not in (None, known[index])
        for index, key in zip(columns, group.keys, strict=True)
    )


def likely(
    view: View, found: Sequence[Group], inputs: Sequence[int] | None
) -> tuple[list[int], list[Group]]:
    """Return the groups that may be right, with their places: they give outputs, and no wrong one.

    Only these are voters: what is known to be wrong says nothing of what is right. Their votes are
    families of near-copies, not candidates: a family of n candidates has n^0.1 votes, which does
    little more than break ties, and a tenth of that if it is known to be wrong on other inputs.
    """
    places = [
        place
        for place, group in enumerate(found)
        if group.alive and not contradicts(group, inputs, view.known)
    ]
    return places, [_weighed(view, found[place]) for place in places]


def _weighed(view: View, group: Group) -> Group:
    candidates: dict[int, int] = defaultdict(int)
    trust: dict[int, float] = {}
    sources = [view.sources[name] for name in group.programs]
    for name, family in zip(group.programs, families(sources), strict=True):
        doubted = view.known and not view.passes(name)
        candidates[family] += view.votes[name]
        trust[family] = max(_DOUBTED if doubted else 1.0, trust.get(family, 0.0))
    total = sum(trust[family] * count**_EQUALS for family, count in candidates.items())
    return replace(group, votes=total)


def describe(
    view: View, found: Sequence[Group], inputs: Sequence[int] | None = None
) -> list[list[float]]:
    """Return the features (in the order of `NAMES`) of each group of `groups(view, inputs)`.

    Groups that give no output at all are described too, but count nowhere as voters.
    """
    claims = _claims_on(view, inputs)
    evidence = _Evidence(found, claims)
    rows = [evidence.features(group) for group in found]
    return [[row[name] for name in NAMES] for row in rows]


def _claims_on(view: View, inputs: Sequence[int] | None) -> list[Claim]:
    if inputs is None:
        return list(view.claims)
    place = {index: number for number, index in enumerate(inputs)}
    return [
        Claim(place[claim.input_index], claim.key, claim.weight)
        for claim in view.claims
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

    def __init__(self, found: Sequence[Group], claims: Sequence[Claim]) -> None:
        self._groups = [group for group in found if group.alive]
        self._claims = claims
        self._votes = sum(group.votes for group in self._groups) or 1
        self._sizes = sorted(round(group.votes) for group in self._groups)
        width = len(found[0].keys) if found else 0
        counts: list[dict[str, float]] = [defaultdict(float) for _ in range(width)]
        for group in self._groups:
            for count, key in zip(counts, group.keys, strict=True):
                if key is not None and key[0] == "=":
                    count[key] += group.votes
        self._seen = [self._known(count) for count in counts]
        self._weights = [claim.weight for claim in claims]
        self._trusted = [
            claim.weight * counts[claim.input_index].get(claim.key, 0.0) for claim in claims
        ]
        self._consensus: dict[tuple[bool, ...], float] = defaultdict(float)
        for group in self._groups:
            self._consensus[self._fulfilled(group)] += group.votes
        self._varied = sum(_varied(group.keys) * group.votes for group in self._groups)
        self._varied /= self._votes

    def _known(self, count: Mapping[str, float]) -> dict[str | None, _Seen]:
        shares = {key: votes / self._votes for key, votes in count.items()}
        return {key: _Seen(share, math.log(share + _SMALL)) for key, share in shares.items()}

    def features(self, group: Group) -> dict[str, float]:
        cells = [seen.get(key, _FAILED) for seen, key in zip(self._seen, group.keys, strict=True)]
        shares = [cell.share for cell in cells]
        failed = [cell is _FAILED for cell in cells]
        larger = len(self._sizes) - bisect_right(self._sizes, round(group.votes))
        varied = _varied(group.keys)
        return {
            "size": math.log(group.votes / self._votes),
            "rank": math.log(1 + larger),
            "agreement": _mean(shares),
            "agreement_log": _mean([cell.log for cell in cells]),
            "agreement_low": sorted(shares)[len(shares) // 10] if shares else 0.0,
            "varied": varied,
            "varied_more": varied - self._varied,
            "constant": float(len(failed) - sum(failed) > 2 and _constant(group.keys)),
            **self._claim_features(group),
        }

    def _claim_features(self, group: Group) -> dict[str, float]:
        fulfilled = self._fulfilled(group)
        weight = sum(compress(self._weights, fulfilled))
        return {
            "claims_trusted": _weighted(self._trusted, fulfilled),
            "dual": math.log(1 + math.sqrt(self._consensus.get(fulfilled, 0.0)) * weight),
        }

    def _fulfilled(self, group: Group) -> tuple[bool, ...]:
        return tuple(group.keys[claim.input_index] == claim.key for claim in self._claims)


def _is_output(key: str | None) -> bool:
    return key is not None and key[0] == "="


def _varied(keys: Keys) -> float:
    outputs = [key for key in keys if _is_output(key)]
    return len(set(outputs)) / len(outputs) if outputs else 0.0


def _constant(keys: Keys) -> bool:
    return len({key for key in keys if _is_output(key)}) == 1


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _weighted(weights: Sequence[float], flags: Sequence[bool]) -> float:
    total = sum(weights)
    return sum(compress(weights, flags)) / total if total else 0.0
