"""Runs a submission on batch tests, one input and one output each."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain, takewhile
from pathlib import PurePosixPath

from medalist.problems.dmoj_box import RUN_ON_ERROR
from medalist.problems.helper import Helper
from medalist.problems.judging.checkers import CheckedOutput, checker_run, compare, read_answer
from medalist.problems.judging.context import Context, Loaded, answered, measured, run_helper
from medalist.problems.judging.helper_limits import own_limits
from medalist.problems.judging.results import Checked, Measured
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Executable, Run
from medalist.sandbox.limits import MIB
from medalist.sandbox.outcome import Outcome, Status

_FIRST_CHUNK, _LARGEST_CHUNK = 2, 32
_CHUNK_BYTES = 64 * MIB


def plain(context: Context) -> bool:
    """Whether outputs are compared here, and no checker has to be run."""
    checkers = (context.checker(test) for test in context.secret.all_tests())
    return all(checker is None or checker.protocol == "builtin" for checker in checkers)


def stream(
    context: Context, program: Executable, tests: Iterator[Loaded]
) -> Iterator[tuple[Loaded, Measured]]:
    """Run in one box while the last output is compared here, outside any box.

    The box runs ahead; it is called back as soon as a test ends its group.
    """
    under_way: deque[Loaded] = deque()
    stops, alike = _alike(tests)

    def runs() -> Iterator[Run]:
        for loaded in alike:
            under_way.append(loaded)
            yield loaded.run()

    with (
        context.pool.box() as box,
        closing(context.run(box, program, runs(), stop_on_failure=stops)) as outcomes,
    ):
        for outcome in outcomes:
            loaded = under_way.popleft()
            outcome = within(loaded, outcome)
            asked = _asked(context, loaded, outcome)
            checked = _compared(context, loaded, outcome.stdout) if asked else None
            facts = measured(loaded.test, outcome, checked)
            yield loaded, facts
            if context.ends(loaded, facts):
                return


def checked_chunks(
    context: Context, program: Executable, tests: Iterator[Loaded]
) -> Iterator[tuple[Loaded, Measured]]:
    """Run some tests, give the box back, and have the outputs checked in a box for secrets.

    A submission never holds two boxes at once, so that submissions cannot wait for each other.
    The chunks grow: a wrong program is found out soon, a right one changes boxes rarely.
    """
    size = _FIRST_CHUNK
    stops, alike = _alike(tests)
    while chunk := _take(alike, size):
        with context.pool.box() as box:
            runs = (loaded.run() for loaded in chunk)
            outcomes = list(context.run(box, program, runs, stop_on_failure=stops))
        # Shorter where a failure stopped it.
        ran = [(item, within(item, out)) for item, out in zip(chunk, outcomes, strict=False)]
        wanted = [(item, out) for item, out in ran if _asked(context, item, out)]
        answers = iter(_checked(context, wanted))
        for loaded, outcome in ran:
            checked = next(answers) if _asked(context, loaded, outcome) else None
            facts = measured(loaded.test, outcome, checked)
            yield loaded, facts
            if context.ends(loaded, facts):
                return
        size = min(2 * size, _LARGEST_CHUNK)


def _alike(tests: Iterator[Loaded]) -> tuple[bool, Iterator[Loaded]]:
    """Return whether the first test may end its group, and the tests up to the first that
    differs in that: one call of a box has one stop rule."""
    first = next(tests, None)
    if first is None:
        return False, iter(())
    rest = takewhile(lambda loaded: loaded.ends_group == first.ends_group, tests)
    return first.ends_group, chain([first], rest)


def _take(tests: Iterator[Loaded], count: int) -> list[Loaded]:
    chunk: list[Loaded] = []
    for loaded in tests:
        chunk.append(loaded)
        if len(chunk) == count or sum(item.size for item in chunk) > _CHUNK_BYTES:
            break
    return chunk


def within(loaded: Loaded, outcome: Outcome) -> Outcome:
    """Return the outcome under the test's own limit on output."""
    case = loaded.test.case
    if case is None or case.output_bytes is None or len(outcome.stdout) <= case.output_bytes:
        return outcome
    return replace(outcome, status=Status.OUTPUT) if outcome.ok else outcome


def _asked(context: Context, loaded: Loaded, outcome: Outcome) -> bool:
    """Whether the checker has a say: some of DMOJ's also give points to programs that crash."""
    checker = context.checker(loaded.test)
    crashed = outcome.status in (Status.RUNTIME, Status.MEMORY, Status.OUTPUT)
    return outcome.ok or (crashed and checker is not None and RUN_ON_ERROR in checker.flags)


def _compared(context: Context, loaded: Loaded, output: bytes) -> Checked:
    equality, builtin = context.problem.public.equality, context.checker(loaded.test)
    return compare(loaded.test, loaded.answer, output, equality, builtin)


def _checked(context: Context, ran: Sequence[tuple[Loaded, Outcome]]) -> list[Checked]:
    """Decide about outputs, each by the checker of its test; every checker gets one box."""
    done: dict[int, Checked] = {}
    asked: dict[int, tuple[Helper, list[int]]] = {}
    for index, (loaded, outcome) in enumerate(ran):
        checker = context.checker(loaded.test)
        if checker is None or checker.protocol == "builtin":
            done[index] = _compared(context, loaded, outcome.stdout)
        else:
            asked.setdefault(id(checker), (checker, []))[1].append(index)
    for checker, indexes in asked.values():
        answers = _ask(context, checker, [ran[index] for index in indexes])
        for index, answer in zip(indexes, answers, strict=True):
            done[index] = read_answer(checker, answer, ran[index][0].test)
    return [done[index] for index in range(len(ran))]


def _ask(context: Context, checker: Helper, ran: Sequence[tuple[Loaded, Outcome]]) -> list[Outcome]:
    executable = context.helper(checker)
    runs = (
        checker_run(
            checker,
            CheckedOutput(item.test, item.content, out.stdout),
            submitted=context.submitted(out),
        )
        for item, out in ran
    )
    limits = own_limits(context.helper_limits, checker)
    with (
        context.pool.box(secret=True) as box,
        closing(run_helper(box, executable, runs, limits)) as outcomes,
    ):
        return [
            answered(checker, loaded.test, outcome, limits)
            for (loaded, _), outcome in zip(ran, outcomes, strict=True)
        ]


def handed_in(
    context: Context, outputs: Mapping[str, bytes], tests: Iterator[Loaded]
) -> Iterator[tuple[Loaded, Measured]]:
    """Judge outputs that were handed in instead of a program.

    `outputs` maps file names to contents; a file belongs to the test whose last part of the id,
    or whose number, its name has. A problem with one test takes the only file there is.
    """
    only = len(context.secret.all_tests()) == 1 and len(outputs) == 1
    for loaded in tests:
        name = loaded.test.test_id.rpartition("/")[2]
        output = next(
            (text for file, text in outputs.items() if only or _same_test(file, name)), None
        )
        if output is None:
            checked = Checked(Verdict.WA, message="no output was handed in for this test")
        else:
            handed = Outcome(Status.OK, 0, None, 0.0, 0.0, 0, output)
            (checked,) = _checked(context, [(loaded, handed)])
        yield loaded, Measured(loaded.test.test_id, Status.OK, 0.0, 0, checked)


def _same_test(file: str, name: str) -> bool:
    stem = PurePosixPath(file).stem
    given, wanted = ([int(n) for n in re.findall(r"\d+", text)][-1:] for text in (stem, name))
    return stem == name or (bool(given) and given == wanted)
