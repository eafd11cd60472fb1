"""A verifier: how likely a program is right, learned from right and wrong ones of earlier runs.

The idea is V-STaR's (Hosseini et al., 2024, arXiv:2402.06457): wrong programs teach, too. The file
is JSON, numbers only: a logistic regression over the figures of `program_features` and hashed
tokens, trees of gradient boosting over the figures, and the weights of both in calibrated log odds.
Nothing in it is run, and scikit-learn is not needed to use it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from medalist.agent.choose.policy import View
from medalist.agent.choose.program_features import BUCKETS, NAMES, hashed_tokens, program_rows
from medalist.agent.types import Program
from medalist.errors import BadInput

KIND = "medalist verifier 1"
_FAR = 6.0  # log odds beyond this are not believed


@dataclass(frozen=True)
class Tree:
    """A tree of gradient boosting, its nodes in lists; a leaf has the children -1.

    Attributes:
        feature: Which figure a node looks at.
        threshold: Up to it, the way goes left.
        left, right: The children's numbers, higher than the node's own.
        value: What a leaf adds.
    """

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[float, ...]

    def of(self, row: Sequence[float]) -> float:
        """Return what the tree adds for these figures."""
        node = 0
        while self.left[node] >= 0:
            below = row[self.feature[node]] <= self.threshold[node]
            node = (self.left if below else self.right)[node]
        return self.value[node]

    def sound(self) -> bool:
        """Whether it has an end: children come after their node, and all numbers exist."""
        count = len(self.left)
        lists = (self.feature, self.threshold, self.right, self.value)
        if not count or any(len(column) != count for column in lists):
            return False
        inner = [node for node in range(count) if self.left[node] >= 0]
        return all(
            node < self.left[node] < count
            and node < self.right[node] < count
            and 0 <= self.feature[node] < len(NAMES)
            for node in inner
        )


@dataclass(frozen=True, kw_only=True)
class Verifier:
    """What was learned.

    Attributes:
        kind: Which form of file it is.
        names: The figures' names, as in `program_features.NAMES`.
        means, scales: The mean and the scale by which a figure is standardised (for `linear`).
        linear: A weight for each figure, then one for each bucket of tokens.
        trees: Gradient boosting.
        mix: Log odds that a program is right: a constant, then what the sum of `linear` and the
            sum of `trees` count.
        usual: The mean of these log odds over the programs it learned from.
        weight: How much of the log odds a choice adds to what evidence says, 0 to 1; found on
            problems left out. 0: it added nothing.
        data: What it was trained on, in words.
    """

    kind: str = KIND
    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    linear: tuple[float, ...]
    trees: tuple[Tree, ...]
    mix: tuple[float, float, float]
    usual: float = 0.0
    weight: float = 0.0
    data: str = ""

    def log_odds(self, view: View) -> dict[str, float]:
        """Return for each program that was run the log odds that it is right."""
        known = {program.program_id: program for program in view.programs}
        return {name: self._one(known[name], row) for name, row in program_rows(view).items()}

    def added(self, view: View) -> dict[str, float]:
        """Return what a choice adds to the log odds of each program that was run."""
        return {
            name: self.weight * (odds - self.usual) for name, odds in self.log_odds(view).items()
        }

    def _one(self, program: Program, row: Sequence[float]) -> float:
        linear, trees = self.parts(program, row)
        base, of_linear, of_trees = self.mix
        return max(-_FAR, min(_FAR, base + of_linear * linear + of_trees * trees))

    def parts(self, program: Program, row: Sequence[float]) -> tuple[float, float]:
        """Return what the logistic regression says of a program, and what the trees do."""
        figures = zip(self.linear, row, self.means, self.scales, strict=False)
        linear = math.fsum(w * (x - mean) / scale for w, x, mean, scale in figures)
        tokens = hashed_tokens(program.language, program.source)
        linear += math.fsum(self.linear[len(NAMES) + place] * w for place, w in tokens.items())
        return linear, math.fsum(tree.of(row) for tree in self.trees)

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self)) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Verifier:
        """Read it.

        Raises:
            BadInput: It is not a verifier, one of another version, or malformed.
        """
        try:
            text = path.read_bytes()
        except OSError as error:
            raise BadInput(error.strerror or str(error), file=path) from error
        try:
            verifier = TypeAdapter(Verifier).validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise BadInput(first["msg"], file=path, field=where or "verifier") from error
        problem = verifier._fault()
        if problem is not None:
            raise BadInput(problem, file=path, hint="`medalist train verifier` writes such files")
        return verifier

    def _fault(self) -> str | None:
        if self.kind != KIND or self.names != NAMES:
            return "a verifier of another version; train again"
        lengths = len(self.means), len(self.scales), len(self.linear) - BUCKETS
        if set(lengths) != {len(NAMES)}:
            return "its lists and its names differ in length"
        if not all(tree.sound() for tree in self.trees):
            return "a tree has no end"
        numbers = (*self.means, *self.scales, *self.linear, *self.mix, self.usual, self.weight)
        leaves = (value for tree in self.trees for value in (*tree.value, *tree.threshold))
        if not all(map(math.isfinite, (*numbers, *leaves))) or 0.0 in self.scales:
            return "a number is not finite, or a scale is 0"
        return None


def is_verifier(path: Path) -> bool:
    """Whether a JSON file says that it is a verifier, of any version."""
    try:
        fields = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(fields, Mapping) and str(fields.get("kind", "")).startswith(
        "medalist verifier"
    )
