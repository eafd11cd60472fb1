"""What promises about inputs are read from: the values, their kinds, and the samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from medalist.agent.evidence.input_values import Values
from medalist.agent.evidence.kinds import ValueKind
from medalist.agent.evidence.shape import Many, lines_of


@dataclass
class SampleValues:
    """What is known of the names of a problem's inputs."""

    values: Values
    kinds: Mapping[str, ValueKind]

    def __post_init__(self) -> None:
        self.samples = self.values.samples
        self.about = self.values.about
        self.names = self.values.names

    def line(self, name: str) -> tuple[str, ...]:
        """The names that are in the line of a name."""
        for line, _ in lines_of(self.values.named.shape):
            own = tuple(i.slot.name if isinstance(i, Many) else i.name for i in line.items)
            if name in own:
                return own
        return ()

    def text(self, name: str) -> str:
        """What the statement says of the line of a name."""
        segment = self.values.named.where.get(name)
        return segment.text if segment else self.about.input

    def column(self, name: str) -> list[list[str]]:
        """The tokens of each list of a name, over all samples."""
        return [
            [sample[name].tokens[place] for place in group]
            for sample in self.samples
            for group in sample[name].groups()
        ]
