"""Running programs on a suite of inputs: only what is missing, in parallel, as a stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from medalist.agent.evidence.behaviour_table import BehaviourTable, OutcomeCell
from medalist.agent.types import Behaviour
from medalist.errors import SandboxFailure
from medalist.problems.file_io import RunTerms, run_program
from medalist.problems.model import STDIO, Equality, FileNames, PublicProblem
from medalist.sandbox.box import Box, Executable, Run
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome, Status

_TIMEOUTS_TO_GIVE_UP = 3
"""A program that ran out of time this often is not run on the rest of a stretch of inputs."""

_TRIES = 3
"""A box that fails says nothing about the program: it is tried again this often."""


def run_limits(public: PublicProblem, cpu_s: float | None = None) -> RunLimits:
    """Return the limits of a program of a problem, with other CPU seconds if they are given."""
    return RunLimits(
        cpu_s=public.limits.time_s if cpu_s is None else cpu_s,
        memory_bytes=public.limits.memory_mb * MIB,
        output_bytes=public.limits.output_mb * MIB,
    )


class Boxes(Protocol):
    """What is needed of a sandbox pool."""

    def box(self) -> AbstractContextManager[Box]:
        """Lease a box, waiting until one is free."""
        ...


@dataclass(frozen=True)
class FillOptions:
    """How programs are run on inputs.

    Attributes:
        limits: Limits of each run.
        files: Where the problem's programs read and write, beside stdin and stdout.
        workers: How many boxes to use at once.
        width: Run on the first so many inputs; None for all.
        like: A row on these inputs. A program is run no further than to where it differs from it.
    """

    limits: RunLimits
    files: FileNames = STDIO
    workers: int = 2
    width: int | None = None
    like: Behaviour | None = None


def fill(
    table: BehaviourTable,
    programs: Iterable[tuple[str, Executable]],
    pool: Boxes,
    how: FillOptions,
) -> Iterator[Behaviour]:
    """Run programs on the inputs they have not seen; yield each row when it is complete.

    Rows come in the order in which they are ready. Closing the iterator ends the work; what was
    yielded is in the table, and the same call continues from there.

    Args:
        table: Where outcomes go.
        programs: Program ids and what to run; taken lazily, so they may still be compiling.
        pool: Where boxes are leased.
        how: How they are run, and on how many of the inputs.

    Raises:
        SandboxFailure: A box failed several times in a row on the same program.
    """
    inputs, like = table.inputs, how.like
    queue = iter(programs)
    running: dict[Future[list[OutcomeCell]], str] = {}
    executor = ThreadPoolExecutor(how.workers, thread_name_prefix="evidence")
    try:
        while True:
            for program_id, executable in islice(queue, 2 * how.workers - len(running)):
                missing = table.missing(program_id, how.width)
                todo = [
                    (inputs[index], None if like is None else like.keys[index]) for index in missing
                ]
                job = executor.submit(_run_one, pool, executable, todo, how, table.equality)
                running[job] = program_id
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for job in done:
                yield table.add_cells(running.pop(job), job.result())
    finally:
        executor.shutdown(cancel_futures=True)


def _run_one(
    pool: Boxes,
    executable: Executable,
    todo: Sequence[tuple[bytes, str | None]],
    how: FillOptions,
    equality: Equality,
) -> list[OutcomeCell]:
    """Run a program on inputs, to where it differs from an outcome that is named beside one."""
    cells: list[OutcomeCell] = []
    timeouts = 0
    for attempt in range(1, _TRIES + 1):
        try:
            for outcome in _outcomes(pool, executable, todo[len(cells) :], how):
                cells.append(OutcomeCell.of(outcome, equality))
                timeouts += outcome.status in (Status.TIME, Status.IDLE)
                _, want = todo[len(cells) - 1]
                differs = want is not None and cells[-1].key != want
                if differs or timeouts == _TIMEOUTS_TO_GIVE_UP:
                    break
            break
        except SandboxFailure:
            if attempt == _TRIES:
                raise
    return cells + [OutcomeCell(None, None, 0.0)] * (len(todo) - len(cells))


def _outcomes(
    pool: Boxes,
    executable: Executable,
    todo: Sequence[tuple[bytes, str | None]],
    how: FillOptions,
) -> Iterator[Outcome]:
    runs = [Run(stdin=content) for content, _ in todo]
    with pool.box() as box:
        yield from run_program(box, executable, runs, RunTerms(how.limits, how.files))
