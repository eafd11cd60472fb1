"""The smallest input on which programs differ: for people, and for whoever repairs a program."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from medalist.agent.evidence.behaviour_table import OutcomeCell
from medalist.agent.evidence.canonical import same
from medalist.agent.evidence.inputs import InputSuite
from medalist.agent.evidence.matrix import Boxes, run_limits
from medalist.agent.evidence.shrink import shrink
from medalist.agent.types import OutcomeKey
from medalist.problems.file_io import RunTerms, run_program
from medalist.problems.model import Equality, PublicProblem
from medalist.sandbox.box import Executable, Run
from medalist.sandbox.outcome import Status

TRIES = 40
"""How many smaller inputs are tried; each is a run of every program."""


def runner(
    public: PublicProblem, programs: Sequence[Executable], pool: Boxes
) -> Callable[[bytes], list[OutcomeCell]]:
    """Return what runs programs of a problem on an input, in their order.

    It raises `SandboxFailure` when a box fails.
    """
    terms = RunTerms(run_limits(public), public.files)

    def run(content: bytes) -> list[OutcomeCell]:
        with pool.box() as box:
            return [
                OutcomeCell.of(outcome, public.equality)
                for program in programs
                for outcome in run_program(box, program, [Run(stdin=content)], terms)
            ]

    return run


def smallest(
    inputs: InputSuite,
    content: bytes,
    run: Callable[[bytes], list[OutcomeCell]],
    telling: Callable[[Sequence[OutcomeCell]], bool],
    *,
    tries: int = TRIES,
) -> tuple[bytes, list[OutcomeCell]] | None:
    """Shrink an input for as long as what the programs do on it remains telling.

    Only inputs that the statement's format and bounds allow are tried: where these cannot be
    read, the input stays as it is.

    Args:
        inputs: Those of the problem, for its grammar.
        content: An input.
        run: Runs programs on an input (see `runner`).
        telling: Whether outcomes of the programs, in their order, are still of interest.
        tries: How many smaller inputs to try.

    Returns:
        The input and what the programs do on it; None if even the given one is not telling.

    Raises:
        SandboxFailure: A box failed.
    """
    grammar = inputs.grammar
    best = content, run(content)
    if not telling(best[1]):
        return None
    if grammar is None or not grammar.allowed(content):
        return best

    def interesting(one: bytes) -> bool:
        nonlocal best
        cells = run(one) if grammar.allowed(one) else None
        if cells is None or not telling(cells):
            return False
        best = one, cells
        return True

    shrink(content, interesting, grammar=grammar, tries=tries)
    return best


def telling_like(
    keys: Sequence[OutcomeKey | None], equality: Equality
) -> Callable[[Sequence[OutcomeCell]], bool]:
    """Return whether two programs still differ, and in the same way as they did in `keys`.

    What ended with an output still does so, and what failed still fails in the same way.
    """
    wanted = [_kind(key) for key in keys]

    def telling(cells: Sequence[OutcomeCell]) -> bool:
        first, second = cells
        return [_kind(cell.key) for cell in cells] == wanted and differ(first, second, equality)

    return telling


def _kind(key: OutcomeKey | None) -> str | None:
    """An output, whatever it is, or a kind of failure."""
    return "=" if key is not None and key.is_output else key


def is_timeout(key: OutcomeKey | None) -> bool:
    """Whether a program ran out of time; trying many inputs like this one takes too long."""
    return key is not None and key.failure in (Status.TIME.value, Status.IDLE.value)


def differ(first: OutcomeCell, second: OutcomeCell, equality: Equality) -> bool:
    """Whether two outcomes differ, and not only by what the problem tolerates."""
    if first.key is None or second.key is None or first.key == second.key:
        return False
    if first.output is None or second.output is None:
        return True
    return not same(first.output, second.output, equality)
