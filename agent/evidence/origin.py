"""Where an evidence input comes from, and how far it is believed to be one that can occur."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

How = Literal["sample", "grammar", "mutation", "large", "written", "predicted", "pair", "unknown"]
"""Of the statement; made from the grammar that statement and samples give; a changed sample; made
from the grammar at its bounds; by a generator that a model wrote; of a test case whose output
a model predicts; made for two programs that differ on it; from elsewhere (an older journal)."""


class Origin(NamedTuple):
    """How one evidence input was made.

    Attributes:
        how: The way.
        trust: How likely it is thought valid before any program was run on it, 0 to 1: 1 for a
            sample; less for what rests on a guessed bound, and least for a changed sample of a
            format that nothing could be read of.
        guessed: Names of the values in it that go beyond what samples show, under bounds that the
            statement does not state.
    """

    how: How
    trust: float = 1.0
    guessed: tuple[str, ...] = ()


SAMPLE = Origin("sample")
UNKNOWN = Origin("unknown", 0.5)


@dataclass(frozen=True)
class EvidenceInput:
    """An input that was made, how, and for which subtask a generator was asked to make it."""

    content: bytes
    origin: Origin
    subtask: str | None = None
