"""An interactive run: a program and an interactor in two boxes, over each other's pipes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from medalist.errors import SandboxFailure
from medalist.sandbox.box import Command, PairOutcome, Run
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.outcome import Outcome, Status
from medalist.sandbox.runner_session import ATTEMPTS, WALL_MAX, RunnerSession
from medalist.sandbox.wire import BoxBroken, Times

INTERACTOR_STAYS_S = 5.0
"""Where each waits for the other it is the program that was to speak, so it is stopped first."""
_CLEARLY = 0.9
"""Share of the idle limit that a side must have been idle through nobody's queue but its own."""

Side = tuple[RunnerSession, Command, Run, RunLimits]


def run_pair(program: Side, interactor: Side) -> PairOutcome:
    """Let two sessions' runs talk to each other; see `Pool.run_pair`.

    Each is idle while the other works, so both get the idle limit of both. Where one was stopped
    as idle because the other waited for a core, they are run again with more time.
    """
    limit = wall = program[3].idle_s + interactor[3].idle_s
    breaks = 0
    while True:
        try:
            pair = _try_pair(_with_walls(program, interactor, wall))
        except BoxBroken as broken:
            breaks += 1
            for session, *_ in (program, interactor):
                session.close()
            if breaks == ATTEMPTS:
                raise SandboxFailure(f"a box failed {breaks} times: {broken}") from broken
            continue
        waited = waited_in_vain(pair, limit)
        if not waited:
            return pair
        if wall >= WALL_MAX * limit:
            raise SandboxFailure(
                f"idle limit: one side of an interactive run waited {waited:.0f} s for the other "
                "one to get a core (the machine is too busy)"
            )
        wall = min(WALL_MAX * limit, limit + 2 * waited)


def _with_walls(program: Side, interactor: Side, wall_s: float) -> tuple[Side, Side]:
    """Return both sides with one idle limit; the interactor is stopped a little later."""
    return (
        (*program[:3], replace(program[3], wall_s=wall_s)),
        (*interactor[:3], replace(interactor[3], wall_s=wall_s + INTERACTOR_STAYS_S)),
    )


def waited_in_vain(pair: PairOutcome, limit_s: float) -> float:
    """Return for how long a side that was stopped as idle waited for one that had no core.

    0 where no side was stopped as idle, or it was idle for `limit_s` seconds all the same.
    """
    for idle, other in ((pair.program, pair.interactor), (pair.interactor, pair.program)):
        own = idle.idle_s - other.queued_s
        if idle.status is Status.IDLE and own < _CLEARLY * limit_s:
            return other.queued_s
    return 0.0


def _try_pair(sides: Sequence[Side]) -> PairOutcome:
    (first, first_command, first_run, first_limits) = sides[0]
    (second, second_command, second_run, second_limits) = sides[1]
    second_in, first_out = os.pipe2(os.O_CLOEXEC)
    first_in, second_out = os.pipe2(os.O_CLOEXEC)
    for end in (first_in, second_in):
        os.fchmod(end, 0o666)  # a program may open its streams again by name, as another user
    try:
        second.start_piped(second_command, second_run, second_limits, (second_in, second_out))
        first.start_piped(first_command, first_run, first_limits, (first_in, first_out))
    except BoxBroken:
        os.close(first_in)
        os.close(second_in)
        raise
    finally:
        os.close(first_out)
        os.close(second_out)
    with ThreadPoolExecutor(2) as threads:
        program = threads.submit(_see_off, first, first_run, first_limits, first_in)
        interactor = threads.submit(_see_off, second, second_run, second_limits, second_in)
    outcome, times = program.result()
    other, other_times = interactor.result()
    # A program that has closed its output has nothing more to say, and what it does then is its own
    # doing. An interactor that closes its output reads on.
    left_first = times.left_ns <= other_times.ended_ns
    return PairOutcome(outcome, other, "program" if left_first else "interactor")


def _see_off(
    session: RunnerSession, run: Run, limits: RunLimits, reads: int
) -> tuple[Outcome, Times]:
    """Wait for one side to end, and from then on read what it would have read.

    Otherwise a final write to a peer that has exited would raise SIGPIPE and change the writer's
    verdict.
    """
    try:
        ended = session.finish_piped(run, limits)
        while os.read(reads, 1 << 16):
            pass
        return ended
    finally:
        os.close(reads)
