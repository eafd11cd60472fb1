"""The limits under which a package's own programs run."""

from __future__ import annotations

from dataclasses import replace

from medalist.problems.helper import Helper
from medalist.sandbox.limits import MIB, RunLimits

_GRACE_S = 2.0


_INTERACTOR_WALL_S = 6.0


def helper_limits(validation_s: float) -> RunLimits:
    """Return the limits of a package's own program that may use so many seconds on a test.

    Kattis gives validators 1 GiB; here it is twice that, since inputs are in memory too. One
    that sleeps is given up soon after the time in which it could have worked.
    """
    return RunLimits(
        cpu_s=validation_s,
        wall_s=validation_s + _GRACE_S,
        memory_bytes=2048 * MIB,
        output_bytes=64 * MIB,
        processes=16,
    )


def interactor_limits(validation_s: float, interactor: Helper | None = None) -> RunLimits:
    """Return the limits of an interactor.

    While it waits for a program it uses no CPU; the two share the wall time of both. One whose
    package gives it more CPU time than that may also take as long.
    """
    limits = helper_limits(validation_s)
    limits = replace(limits, wall_s=min(_INTERACTOR_WALL_S, validation_s + _GRACE_S))
    if interactor is None:
        return limits
    stated = own_limits(limits, interactor)
    return replace(stated, wall_s=max(limits.wall_s or 0.0, stated.wall_s or 0.0))


def own_limits(limits: RunLimits, helper: Helper) -> RunLimits:
    """Return the limits with what the package states for this program."""
    if helper.cpu_s is not None:
        limits = replace(limits, cpu_s=helper.cpu_s, wall_s=helper.cpu_s + _GRACE_S)
    if helper.memory_mb is not None:
        limits = replace(limits, memory_bytes=helper.memory_mb * MIB)
    return limits
