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
from pathlib import Path

from medalist.agent.choose.features import NAMES
from medalist.errors import BadInput


@dataclass(frozen=True)
class BeliefWeights:
    """A conditional logit: one behaviour of a problem is right, or none.

    Every cluster has a score, linear in its standardised features, and "none of them" has one;
    probabilities are proportional to their exponentials. So clusters of one problem compete, and
    figures that are the same for all of them say nothing.

    Attributes:
        names: The features' names, as in `features.NAMES`.
        means, scales: What is taken from a feature, and what it is divided by.
        weights: The score's.
        none: The score of "none of them".
        pools: What it was fitted on, in words.
    """

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    none: float
    pools: str = ""

    def score(self, features: Sequence[float]) -> float:
        """Return the score of a cluster with these features."""
        parts = zip(self.weights, features, self.means, self.scales, strict=True)
        return sum(w * (x - mean) / scale for w, x, mean, scale in parts)

    def probabilities(self, scores: Sequence[float]) -> list[float]:
        """Return the probability that each of a problem's clusters is right."""
        top = max([self.none, *scores])
        masses = [math.exp(score - top) for score in scores]
        total = math.exp(self.none - top) + sum(masses)
        return [mass / total for mass in masses]

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
        found = json.loads(text)
        if tuple(found["names"]) != NAMES:
            raise ValueError("fitted for the features of another version; fit again")
        lists = {name: tuple(found[name]) for name in ("names", "means", "scales", "weights")}
        return cls(**lists, none=found["none"], pools=found["pools"])


@cache
def shipped() -> BeliefWeights:
    """Return the weights that come with medalist."""
    text = resources.files("medalist.agent.choose").joinpath("weights.json").read_text("utf-8")
    return BeliefWeights._of(text)
