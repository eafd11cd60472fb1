"""Running generators and validators that a model wrote, with bounds: a bad one cannot spoil the
others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import closing

from medalist.agent.evidence.matrix import Boxes
from medalist.errors import SandboxFailure
from medalist.sandbox.box import Executable, Run
from medalist.sandbox.languages import source as source_of
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome, Status

LIMITS = RunLimits(cpu_s=1.5, wall_s=3.0, memory_bytes=512 * MIB, output_bytes=MIB)
"""Of one run. An input of more than a mebibyte is not for comparing programs."""

_SLOW = 2  # runs that took all their time before a program is given up
_SILENT = 3  # seeds in a row that bring nothing new before a generator is given up
_TRIES = 3  # a box that fails says nothing about the program
_ENDLESS = (Status.TIME, Status.IDLE)


def compiled(pool: Boxes, source: str) -> Executable | None:
    """Return what a helper program compiles to; None if it does not."""
    with pool.box() as box:
        return box.compile(source_of("python3", source)).executable


def generated(pool: Boxes, generator: Executable, seeds: int, cpu_s: float) -> list[bytes]:
    """Return the distinct inputs that a generator makes of the seeds 1, 2, ...

    It is given up when it has taken `cpu_s` seconds in all, twice never ended, or brought nothing
    new for three seeds in a row.
    """
    made: dict[bytes, None] = {}
    silent = 0

    def look(outcome: Outcome) -> bool:
        nonlocal silent
        text = outcome.stdout.rstrip() + b"\n" if outcome.ok else b"\n"
        silent = silent + 1 if text in made or not text.strip() else 0
        if not silent:
            made[text] = None
        return silent < _SILENT

    _outcomes(pool, generator, [f"{seed}\n".encode() for seed in range(1, seeds + 1)], cpu_s, look)
    return list(made)


def generated_by_each(
    threads: Executor, pool: Boxes, generators: Sequence[Executable], seeds: int, cpu_s: float
) -> list[list[bytes]]:
    """Return what each generator makes (see `generated`); several of one text run once."""
    distinct = {generator.digest: generator for generator in generators}
    made = threads.map(
        lambda generator: generated(pool, generator, seeds, cpu_s), distinct.values()
    )
    by_digest = dict(zip(distinct, made, strict=True))
    return [by_digest[generator.digest] for generator in generators]


def verdicts(
    pool: Boxes, validator: Executable, samples: int, inputs: Sequence[bytes], cpu_s: float
) -> list[bool | None]:
    """Return whether a validator accepts each input; None for those that it was not asked about.

    The first `samples` inputs are samples: one that rejects any of them is asked nothing more. So
    is one that has taken `cpu_s` seconds in all, or twice never ended.
    """
    said: list[bool | None] = []

    def look(outcome: Outcome) -> bool:
        said.append(None if outcome.status in _ENDLESS else outcome.ok)
        return len(said) > samples or said[-1] is True

    _outcomes(pool, validator, inputs, cpu_s, look)
    return said + [None] * (len(inputs) - len(said))


def _outcomes(
    pool: Boxes,
    program: Executable,
    inputs: Sequence[bytes],
    cpu_s: float,
    look: Callable[[Outcome], bool],
) -> None:
    """Run a program on inputs until `look` has seen enough, or it has taken too long."""
    seen, slow, left = 0, 0, cpu_s
    for attempt in range(1, _TRIES + 1):
        try:
            with pool.box() as box:
                runs = [Run(stdin=content) for content in inputs[seen:]]
                with closing(box.run_many(program, runs, LIMITS)) as outcomes:
                    for outcome in outcomes:
                        seen += 1
                        slow += outcome.status in _ENDLESS
                        left -= outcome.cpu_s + outcome.idle_s
                        if not look(outcome) or slow == _SLOW or left <= 0:
                            return
            return
        except SandboxFailure:
            if attempt == _TRIES:
                raise
