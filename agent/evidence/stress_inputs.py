"""Inputs for stress tests, batch after batch: from a statement, from a generator, from both.

A generator is a program in any language that prints an input. It is told a seed, 1, 2, ..., as the
field's generators are: as its last argument (testlib: `gen 7`), in the place of `{seed}` where the
arguments say so (`--n 10 --seed {seed}`), and on standard input.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count, zip_longest

from medalist.agent.evidence.helper_runs import LIMITS
from medalist.agent.evidence.inputs import InputSuite, contents
from medalist.errors import BadInput
from medalist.sandbox.box import Executable, Run
from medalist.sandbox.outcome import Outcome
from medalist.sandbox.pool import Pool

_BATCH = 32
_LARGE = 4
_STALE = 4  # batches in a row that bring nothing new before a source is given up
_SHOWN = 200
_SEED = re.compile(r"\{seed\}")


@dataclass(frozen=True)
class StressInput:
    """An input, and where it comes from, for a person."""

    content: bytes
    origin: str


def statement_inputs(suite: InputSuite, first_seed: int) -> Iterator[list[StressInput]]:
    """Yield batches of inputs that a statement's format allows; ends when there are no new ones.

    The samples come first; inputs at the statement's bounds come with the third batch.
    """
    yield [StressInput(sample.input.encode(), "sample") for sample in suite.public.samples]
    for number in count():
        batch = contents(suite.made(_BATCH, seed=first_seed + number))
        yield [StressInput(content, "statement") for content in batch]
        if number == 1:
            large = contents(suite.large(_LARGE))
            yield [StressInput(content, "statement, at its bounds") for content in large]


def generator_inputs(
    program: Executable, arguments: Sequence[str], pool: Pool, first_seed: int
) -> Iterator[list[StressInput]]:
    """Yield batches of what a generator prints for seed after seed.

    Raises:
        BadInput: It fails, or prints nothing.
        SandboxFailure: A box failed.
    """
    seed = first_seed
    while True:
        seeds = range(seed, seed + _BATCH)
        runs = [_told(arguments, number) for number in seeds]
        with pool.box() as box:
            outcomes = list(box.run_many(program, runs, LIMITS, stop_on_failure=True))
        batch = []
        for number, outcome in zip(seeds, outcomes, strict=False):
            if not outcome.ok or not outcome.stdout.strip():
                raise BadInput(f"{_failure(outcome)} (seed {number})", field="--generator")
            batch.append(StressInput(outcome.stdout, f"generator, seed {number}"))
        yield batch
        seed += _BATCH


def mixed(*sources: Iterable[Sequence[StressInput]]) -> Iterator[list[StressInput]]:
    """Yield batches of several sources in turn, every input once.

    A source that brings nothing new several times in a row is not asked again.
    """
    seen: set[bytes] = set()  # digests, since a run may make millions
    waiting = [_fresh(source, seen) for source in sources]
    for turn in zip_longest(*waiting):
        yield from (batch for batch in turn if batch)


def _fresh(
    source: Iterable[Sequence[StressInput]], seen: set[bytes]
) -> Iterator[list[StressInput]]:
    stale = 0
    for batch in source:
        new = []
        for made in batch:
            digest = sha256(made.content).digest()
            if digest not in seen:
                seen.add(digest)
                new.append(made)
        stale = 0 if new else stale + 1
        if stale == _STALE:
            return
        yield new


def _told(arguments: Sequence[str], seed: int) -> Run:
    placed = any(_SEED.search(each) for each in arguments)
    told = [_SEED.sub(str(seed), each) for each in arguments]
    return Run(stdin=f"{seed}\n".encode(), args=tuple(told if placed else [*told, str(seed)]))


def _failure(outcome: Outcome) -> str:
    said = " ".join(outcome.stderr.decode("utf-8", "replace").split())[-_SHOWN:]
    if outcome.ok:
        return "prints nothing"
    if outcome.signal is not None or outcome.exit_code:
        how = f"signal {outcome.signal}" if outcome.signal else f"exit code {outcome.exit_code}"
        return f"fails ({how})" + (f": {said}" if said else "")
    return f"is stopped by its limits ({outcome.status})"
