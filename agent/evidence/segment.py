"""What a statement says of one line of the input."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Segment:
    """What is said of one line, or of lines of one kind.

    Attributes:
        text: The text, in the normal form of `formulas`.
        names: Names in order, as `canon` writes them, indices left out.
        times: Names of the number of such lines; None if it is one line, or not said.
        many: Names of the number of values in a list.
        fields: How many values it is said to have.
        ordinal: Which line it is, from 0.
    """

    text: str
    names: list[str] = field(default_factory=list)
    times: frozenset[str] | None = None
    many: list[frozenset[str]] = field(default_factory=list)
    fields: int | None = None
    ordinal: int | None = None
