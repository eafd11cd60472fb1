"""Runs a submission on batch tests, one input and one output each."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import chain, takewhile
from pathlib import PurePosixPath

from medalist.problems.judging.checkers import checker_run, compare, read_answer
from medalist.problems.judging.context import Context, Loaded, answered, measured, run_helper
from medalist.problems.judging.results import Checked, Measured
from medalist.problems.secret import Helper
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Executable, Run
from medalist.sandbox.limits import MIB
from medalist.sandbox.outcome import Outcome, Status

_FIRST_CHUNK, _LARGEST_CHUNK = 2, 32
_CHUNK_BYTES = 64 * MIB


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
        closing(
            box.run_many(program, runs(), context.box_limits, stop_on_failure=stops)
        ) as outcomes,
    ):
        for outcome in outcomes:
            loaded = under_way.popleft()
            checked = None
            if outcome.ok:
                equality = context.problem.public.equality
                checked = compare(loaded.test, loaded.answer, outcome.stdout, equality)
            facts = measured(loaded.test, outcome, checked)
            yield loaded, facts
            if context.ends(loaded, facts):
                return


def checked_chunks(
    context: Context, program: Executable, checker: Helper, tests: Iterator[Loaded]
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
            outcomes = list(box.run_many(program, runs, context.box_limits, stop_on_failure=stops))
        ran = list(zip(chunk, outcomes, strict=False))  # shorter where a failure stopped it
        answers = _check(
            context, checker, [(item, outcome.stdout) for item, outcome in ran if outcome.ok]
        )
        for loaded, outcome in ran:
            checked = read_answer(checker, next(answers)) if outcome.ok else None
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


def _check(
    context: Context, checker: Helper, outputs: list[tuple[Loaded, bytes]]
) -> Iterator[Outcome]:
    if not outputs:
        return iter(())
    executable = context.helper(checker)
    runs = (
        checker_run(checker, loaded.test, loaded.content, output, {}) for loaded, output in outputs
    )
    limits = context.helper_limits
    with (
        context.pool.box(secret=True) as box,
        closing(run_helper(box, executable, runs, limits)) as outcomes,
    ):
        return iter(
            [
                answered(checker, loaded.test, outcome, limits)
                for (loaded, _), outcome in zip(outputs, outcomes, strict=True)
            ]
        )


def handed_in(
    context: Context, outputs: Mapping[str, bytes], tests: Iterator[Loaded]
) -> Iterator[tuple[Loaded, Measured]]:
    """Judge outputs that were handed in instead of a program.

    `outputs` maps file names to contents; a file belongs to the test whose last part of the id,
    or whose number, its name has. A problem with one test takes the only file there is.
    """
    checker = context.secret.checker
    only = len(context.secret.all_tests()) == 1 and len(outputs) == 1
    for loaded in tests:
        name = loaded.test.test_id.rpartition("/")[2]
        output = next(
            (text for file, text in outputs.items() if only or _same_test(file, name)), None
        )
        if output is None:
            checked = Checked(Verdict.WA, message="no output was handed in for this test")
        elif checker is None:
            checked = compare(loaded.test, loaded.answer, output, context.problem.public.equality)
        else:
            checked = read_answer(checker, next(_check(context, checker, [(loaded, output)])))
        yield loaded, Measured(loaded.test.test_id, Status.OK, 0.0, 0, checked)


def _same_test(file: str, name: str) -> bool:
    stem = PurePosixPath(file).stem
    given, wanted = ([int(n) for n in re.findall(r"\d+", text)][-1:] for text in (stem, name))
    return stem == name or (bool(given) and given == wanted)
