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
class Weights:
    """A logistic model over standardised features.

    Attributes:
        names: The features' names, as in `features.NAMES`.
        means, scales: What is taken from a feature, and what it is divided by.
        weights, intercept: The model.
        pools: What it was fitted on, in words.
    """

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    pools: str = ""

    def probability(self, features: Sequence[float]) -> float:
        """Return the probability that a cluster with these features is right."""
        parts = zip(self.weights, features, self.means, self.scales, strict=True)
        score = self.intercept + sum(w * (x - mean) / scale for w, x, mean, scale in parts)
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))

    def save(self, path: Path) -> None:
        """Write them as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Weights:
        """Read them; `BadInput` if they are for other features than this version's."""
        try:
            return cls._of(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise BadInput(f"no weights: {error}", file=path) from error

    @classmethod
    def _of(cls, text: str) -> Weights:
        found = json.loads(text)
        if tuple(found["names"]) != NAMES:
            raise ValueError("fitted for the features of another version; fit again")
        lists = {name: tuple(found[name]) for name in ("names", "means", "scales", "weights")}
        return cls(**lists, intercept=found["intercept"], pools=found["pools"])


@cache
def shipped() -> Weights:
    """Return the weights that come with medalist."""
    text = resources.files("medalist.agent.choose").joinpath("weights.json").read_text("utf-8")
    return Weights._of(text)
