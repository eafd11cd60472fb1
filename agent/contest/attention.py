"""Which problem to spend the next round of answers on.

The index of a problem is what a round is expected to gain there, a second::

    index = worth * (1 - held) * (1 - (1 - p) ** width) / seconds

- `worth`: its points under the rules at the time when the round would be over, after the
  rejections so far, as a share of the most that any problem of the contest is worth;
- `held`: the share of them held already;
- `p`: the chance of one more answer to be right, by Laplace's rule of succession, twice:
  `(passing + 1) / (answers + 5)` that it passes the samples, and `1 / (rejected + 2)` that what
  passes them is right;
- `seconds`: how long a round took there so far on average; before the first one, how long one took
  on average on all problems.

An index looks one round ahead only. It prefers problems that are worth more, less tried and
quicker, comes back to those where answers pass the samples, and leaves one that keeps being
rejected.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Prospect:
    """A problem as far as the index is concerned; see the module."""

    worth: float
    held: float
    answers: int
    passing: int
    rejected: int
    seconds: float

    def chance(self) -> float:
        """The chance of one more answer to be right."""
        return (self.passing + 1) / (self.answers + 5) / (self.rejected + 2)

    def index(self, width: int) -> float:
        """The expected gain per second of a round of answers."""
        gained = self.worth * (1 - self.held) * (1 - (1 - self.chance()) ** width)
        return gained / max(self.seconds, 1.0)
