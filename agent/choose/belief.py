"""Beliefs: how likely a cluster is right, as a probability, from features and fitted weights.

The weights are shipped as `weights.json`, fitted by `fitting.py` on pools whose truth is known.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from itertools import zip_longest
from pathlib import Path

from medalist.agent.choose.features import NAMES
from medalist.errors import BadInput

_FAR = 30.0  # log odds beyond this are as good as certain
_LESS = 0.999
"""Beliefs fall in the order of the clusters, if by this much only."""


_SHARPNESS = 16.0
"""How fast a difference of scores says which of two clusters is right; equal ones share."""


@dataclass(frozen=True)
class BeliefWeights:
    """An order of the clusters, and how likely each is right if those before it are not.

    Every cluster has a score, linear in its standardised features: by it they are ordered (it was
    fitted as a conditional logit: of a problem's clusters one is right). How likely a cluster is
    right where all before it are wrong, the hazard, is logistic in its features, and less where the
    next one's score is near; what is left after the last is the belief that none is right. So the
    order, which is to hold on any pool, does not have to say how sure one may be, which differs
    from pool to pool.

    Attributes:
        names: The features' names, as in `features.NAMES`.
        means, scales: The mean and the scale by which a feature is standardised.
        weights: The score's.
        base: The log odds of a hazard where all standardised features are 0.
        chances: What each standardised feature adds to these log odds.
        pools: What it was fitted on, in words.
    """

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    base: float
    chances: tuple[float, ...]
    pools: str = ""

    def score(self, features: Sequence[float]) -> float:
        """Return the score of a cluster with these features."""
        return self._sum(self.weights, features)

    def odds(self, features: Sequence[float]) -> float:
        """Return the log odds that a cluster with these features is right, if none before it is."""
        return self.base + self._sum(self.chances, features)

    def _sum(self, weights: Sequence[float], features: Sequence[float]) -> float:
        parts = zip(weights, features, self.means, self.scales, strict=True)
        return sum(w * (x - mean) / scale for w, x, mean, scale in parts if w)

    def probabilities(self, scores: Sequence[float], odds: Sequence[float]) -> list[float]:
        """Return the probability that each of a problem's clusters is right.

        Args:
            scores: By which clusters are ordered, the highest first.
            odds: The log odds of each hazard, were no other cluster near.
        """
        beliefs = [0.0] * len(scores)
        left, most = 1.0, 1.0
        order = sorted(range(len(scores)), key=lambda place: -scores[place])
        for place, following in zip_longest(order, order[1:]):
            hazard = _logistic(odds[place])
            if following is not None:
                hazard *= lead(scores[place], scores[following])
            most = beliefs[place] = min(hazard * left, most * _LESS)
            left *= 1 - hazard
        return beliefs

    def save(self, path: Path) -> None:
        """Write them as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> BeliefWeights:
        """Read them; `BadInput` if they are for other features than this version's."""
        try:
            return cls._of(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise BadInput(f"no weights: {error}", file=path) from error

    @classmethod
    def _of(cls, text: str) -> BeliefWeights:
        fields = json.loads(text)
        if tuple(fields["names"]) != NAMES:
            raise ValueError("fitted for the features of another version; fit again")
        lists = ("names", "means", "scales", "weights", "chances")
        columns = {name: tuple(fields[name]) for name in lists}
        return cls(**columns, base=fields["base"], pools=fields["pools"])


def lead(score: float, following: float) -> float:
    """Return how likely the first of two clusters is the right one of these, by their scores."""
    return _logistic(_SHARPNESS * (score - following))


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-_FAR, min(_FAR, odds))))


@cache
def shipped() -> BeliefWeights:
    """Return the weights that come with medalist."""
    text = resources.files("medalist.agent.choose").joinpath("weights.json").read_text("utf-8")
    return BeliefWeights._of(text)
