"""Judged outputs: what counts as equal although the texts differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from medalist.agent.evidence.alike import Alike, merged
from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.types import Behaviour, OutcomeKey

Result = Literal["right", "worse", "rejected"]
"""Of an output: none better was seen, one was, or it breaks the rules of the statement."""

REJECTED, WORSE = "rejected", "worse"
UNEQUAL = frozenset({REJECTED, WORSE})
"""Kinds of failure (see `OutcomeKey.failure`) of programs that ended properly with such outputs."""


@dataclass(frozen=True)
class OutputColumn:
    """The distinct outputs on one input, those with most votes first.

    Attributes:
        input: The input.
        outputs: Each output by its key; None where it is too long to be kept.
        reference: A right output, where the statement gives one.
    """

    input: bytes
    outputs: Mapping[OutcomeKey, bytes | None]
    reference: bytes | None = None


@dataclass(frozen=True)
class JudgedOutputs:
    """The outputs of all inputs as they were judged.

    Attributes:
        equality: By what, in words.
        trust: How far to believe it, 0 to 1; 0 where who should judge abstained.
        results: For each input what is known of each output; what is missing was not decided.
        alike: For each input which outputs count as equal (see `alike.Alike`): those that are
            right, or of one kind of right, have one key; the others a failure's.
        undecided: Inputs that cannot be used, since too much on them was not decided, with why.
        samples: Inputs with a reference.
    """

    equality: str
    trust: float = 0.0
    results: tuple[Mapping[OutcomeKey, Result], ...] = ()
    alike: tuple[Alike, ...] = ()
    undecided: Mapping[int, str] = field(default_factory=dict)
    samples: tuple[int, ...] = ()

    @property
    def decides(self) -> bool:
        """Whether outputs are compared by this judgement."""
        return self.trust > 0

    def sample_share(self, row: Behaviour) -> float:
        """Return the share of samples that a program passes; what was not decided counts."""
        points = [self._passes(row, index) for index in self.samples]
        return sum(points) / len(points) if points else 1.0

    def _passes(self, row: Behaviour, index: int) -> bool:
        key = row.keys[index] if index < len(row.keys) else None
        if key is None or not key.is_output:
            return False
        return self.results[index].get(key, "right") == "right"

    def as_outputs(self, row: Behaviour) -> Behaviour:
        """Return a row in which wrong outputs are outputs of one kind, and no failures."""
        return merged(
            row,
            [
                {
                    key: OutcomeKey.of_output(to.failure) if to.failure in UNEQUAL else to
                    for key, to in alike.items()
                }
                for alike in self.alike
            ],
        )


class OutputsJudge(Protocol):
    """Judges outputs of programs against each other and the statement."""

    def judged(self, columns: Sequence[OutputColumn]) -> JudgedOutputs:
        """Judge the outputs on each input.

        Raises:
            SandboxFailure: A box failed.
        """
        ...


def columns_of(
    table: BehaviourTable,
    rows: Mapping[str, Behaviour],
    votes: Mapping[str, int],
    references: Mapping[int, bytes],
) -> list[OutputColumn]:
    """Return the outputs of programs on each of the inputs that their rows cover."""
    width = max((len(row.keys) for row in rows.values()), default=0)
    counts: list[dict[OutcomeKey, int]] = [{} for _ in range(width)]
    for name, row in rows.items():
        for count, key in zip(counts, row.keys, strict=True):
            if key is not None and key.is_output:
                count[key] = count.get(key, 0) + votes.get(name, 1)
    return [
        OutputColumn(
            table.inputs[index],
            {key: table.output(key) for key in sorted(count, key=lambda key: (-count[key], key))},
            references.get(index),
        )
        for index, count in enumerate(counts)
    ]


def alike_by(results: Mapping[OutcomeKey, Result]) -> Alike:
    """Return which outputs count as equal where all right ones do; the first stands for them."""
    first = next((key for key, result in results.items() if result == "right"), None)
    representative: dict[OutcomeKey, OutcomeKey] = {}
    for key, result in results.items():
        if result != "right":
            representative[key] = OutcomeKey.of_failure(result)
        elif first is not None and key != first:
            representative[key] = first
    return representative
