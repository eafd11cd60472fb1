"""What programs did on a growing suite of inputs, in memory and in the journal.

Journalled are the inputs (`SUITE`) and one row per program and stretch of inputs (`OUTCOMES`); an
output is kept once, as the content whose hash begins with its key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from medalist.agent.evidence.canonical import canonical, output_key
from medalist.agent.journal import EventKind, Journal
from medalist.agent.types import Behaviour, InternedKeys, OutcomeKey
from medalist.errors import JournalFailure
from medalist.problems.model import Equality
from medalist.sandbox.outcome import Outcome

_KEPT_OUTPUT = 1 << 16
"""Longer canonical outputs (bytes) are known by their key alone."""


@dataclass(frozen=True)
class SuiteRecord:
    """Inputs that were added to a suite.

    Attributes:
        start: How many inputs the suite had before.
        inputs: The digest of each.
    """

    start: int
    inputs: tuple[str, ...]


class OutcomeRow(NamedTuple):
    """What a program did on a stretch of inputs.

    Attributes:
        start: The first of these inputs, from 0.
        keys: An outcome key an input: `=` and the beginning of the digest of the canonical output,
            or `!` and the kind of failure; null where the program was given up before it.
        cpu_ms: CPU milliseconds on each.
    """

    start: int
    keys: Sequence[str | None]
    cpu_ms: Sequence[int]


def _read_row(body: Mapping[str, Any]) -> OutcomeRow:
    """Journals hold a million outcomes: to look at each again would cost what reading costs."""
    return OutcomeRow(body["start"], body["keys"], body["cpu_ms"])


def _write_row(row: OutcomeRow) -> dict[str, Any]:
    return {"start": row.start, "keys": row.keys, "cpu_ms": row.cpu_ms}


SUITE = EventKind(
    "suite",
    SuiteRecord,
    key="<problem>/evidence",
    doc="Inputs were added to a suite.",
)
OUTCOMES = EventKind(
    "outcomes",
    OutcomeRow,
    key="<problem>/evidence/<program>",
    doc="A program was run on a stretch of a suite's inputs.",
    plain=(_read_row, _write_row),
)


@dataclass(frozen=True, slots=True)
class OutcomeCell:
    """One outcome: its key, its canonical output if short, and CPU seconds.

    `key` is None where the program was given up before this input.
    """

    key: OutcomeKey | None
    output: bytes | None
    cpu_s: float

    @classmethod
    def of(cls, outcome: Outcome, equality: Equality) -> OutcomeCell:
        """Make a cell of a run; a failure is never an output, not even an empty one."""
        if not outcome.ok:
            return cls(OutcomeKey.of_failure(outcome.status.value), None, outcome.cpu_s)
        output = canonical(outcome.stdout, equality)
        key = output_key(outcome.stdout, equality)
        return cls(key, output if len(output) <= _KEPT_OUTPUT else None, outcome.cpu_s)


class BehaviourTable:
    """Programs × inputs of one suite. Used by one thread.

    Args:
        suite: Its name, unique in the run (`<problem id>/samples`).
        equality: Declared equality of the problem's outputs.
        journal: Where it is recorded, and from where it is restored; None keeps it in memory.
    """

    def __init__(self, suite: str, equality: Equality, journal: Journal | None = None) -> None:
        self.suite = suite
        self.equality = equality
        self._journal = journal
        self._inputs: list[bytes] = []
        self._index: dict[bytes, int] = {}
        self._keys: dict[str, list[OutcomeKey | None]] = {}
        self._cpu_s: dict[str, list[float]] = {}
        self._outputs: dict[str, bytes] = {}
        self._interned = InternedKeys()
        if journal is not None:
            self._restore(journal)

    @property
    def inputs(self) -> Sequence[bytes]:
        """The inputs in the order in which they came."""
        return self._inputs

    @property
    def programs(self) -> Iterable[str]:
        """The ids of programs that have a row."""
        return self._keys.keys()

    def add_inputs(self, inputs: Iterable[bytes]) -> list[int]:
        """Add inputs, equal ones once, and return the index of each."""
        start = len(self._inputs)
        where = [self._place(content) for content in inputs]
        new = self._inputs[start:]
        if new and self._journal is not None:
            digests = tuple(self._journal.put_blob(content) for content in new)
            self._journal.append(SUITE, self.suite, SuiteRecord(start, digests))
        return where

    def missing(self, program_id: str, width: int | None = None) -> range:
        """The inputs, of the first `width` or of all, on which a program has not been run yet."""
        return range(len(self._keys.get(program_id, ())), self._width(width))

    def add_cells(self, program_id: str, cells: Sequence[OutcomeCell]) -> Behaviour:
        """Append outcomes to a program's row (on the inputs `missing` said) and return the row."""
        start = len(self._keys.get(program_id, ()))
        # Times in memory are as exact as those of a restored table, and no more.
        cpu_ms = [round(cell.cpu_s * 1000) for cell in cells]
        self._extend(program_id, [cell.key for cell in cells], [ms / 1000 for ms in cpu_ms])
        for cell in cells:
            if cell.key is not None and cell.output is not None and cell.key not in self._outputs:
                self._outputs[cell.key] = cell.output
                if self._journal is not None:
                    self._journal.put_blob(cell.output)
        if cells and self._journal is not None:
            stretch = OutcomeRow(start, [cell.key for cell in cells], cpu_ms)
            # A row that is lost is only run again.
            self._journal.append(OUTCOMES, f"{self.suite}/{program_id}", stretch, durable=False)
        return self.behaviour(program_id)

    def behaviour(self, program_id: str, width: int | None = None) -> Behaviour:
        """Return a program's row on the first `width` inputs, or on all.

        It is `None` where the program has not been run.
        """
        keys = self._keys.get(program_id, [])[:width]
        rest = self._width(width) - len(keys)
        times = self._cpu_s.get(program_id, [])[:width]
        return Behaviour(program_id, (*keys, *[None] * rest), (*times, *[0.0] * rest))

    def printed(self, program_id: str, index: int, key: OutcomeKey | None) -> OutcomeKey | None:
        """Return the key of what a program itself printed on an input.

        Args:
            program_id: The program.
            index: The input.
            key: What counts as its outcome there: of outputs that are alike, or that were judged,
                it is one for all of them, maybe of a text that none of them printed.
        """
        keys = self._keys.get(program_id, ())
        return keys[index] if index < len(keys) and keys[index] is not None else key

    def output(self, key: OutcomeKey) -> bytes | None:
        """Return the canonical output of a key; None for failures and for long outputs."""
        digest = key.digest
        if key not in self._outputs and digest is not None and self._journal is not None:
            try:
                self._outputs[key] = self._journal.blob(digest)
            except JournalFailure:
                return None
        return self._outputs.get(key)

    def _width(self, width: int | None) -> int:
        return len(self._inputs) if width is None else min(width, len(self._inputs))

    def _place(self, content: bytes) -> int:
        if content not in self._index:
            self._index[content] = len(self._inputs)
            self._inputs.append(content)
        return self._index[content]

    def _extend(self, program_id: str, keys: Iterable[str | None], cpu_s: Iterable[float]) -> None:
        # Millions of cells share few keys: each is kept in memory once.
        intern = self._interned
        row = self._keys.setdefault(program_id, [])
        row.extend(None if key is None else intern[key] for key in keys)
        self._cpu_s.setdefault(program_id, []).extend(cpu_s)

    def _restore(self, journal: Journal) -> None:
        for content in suite_inputs(journal, self.suite):
            self._place(content)
        prefix = f"{self.suite}/"
        for entry in journal.events(OUTCOMES, prefix):
            program_id = entry.key[len(prefix) :]
            own = "/" not in program_id  # else a suite whose name begins like this one's
            stretch = entry.value
            if own and stretch.start == len(self._keys.get(program_id, ())):
                self._extend(program_id, stretch.keys, [ms / 1000 for ms in stretch.cpu_ms])


def suite_inputs(journal: Journal, suite: str) -> list[bytes]:
    """Return the journalled inputs of a suite, in the order in which they came."""
    return [
        journal.blob(digest)
        for entry in journal.events(SUITE, suite)
        if entry.key == suite
        for digest in entry.value.inputs
    ]
