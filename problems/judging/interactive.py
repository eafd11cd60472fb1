"""Runs a submission against an interactor, or in several passes, or both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from medalist.problems.helper import Helper
from medalist.problems.judging.carried import CARRIED_IN, CARRIED_OUT
from medalist.problems.judging.checkers import (
    NEXT_PASS,
    CheckedOutput,
    checker_run,
    interactor_output,
    interactor_run,
    read_answer,
)
from medalist.problems.judging.context import (
    Context,
    HelperBroken,
    Loaded,
    answered,
    measured,
    run_helper,
)
from medalist.problems.judging.helper_limits import interactor_limits, own_limits
from medalist.problems.judging.results import Checked, Measured
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Executable, PairSide, Run
from medalist.sandbox.outcome import Outcome, Status


@dataclass(frozen=True)
class _Pass:
    """One pass: facts, and what was brought back of the checker's feedback folder."""

    measured: Measured
    feedback: Mapping[str, bytes]


def converse(
    context: Context, program: Executable, tests: Iterator[Loaded]
) -> Iterator[tuple[Loaded, Measured]]:
    """Run each test against the problem's interactor."""
    for loaded in tests:
        facts = _interact(context, program, loaded, loaded.content, {}).measured
        yield loaded, facts
        if context.ends(loaded, facts):
            return


def passes(
    context: Context, program: Executable, tests: Iterator[Loaded]
) -> Iterator[tuple[Loaded, Measured]]:
    """Run each test until its checker or interactor asks for no further pass."""
    for loaded in tests:
        facts = _all_passes(context, program, loaded)
        yield loaded, facts
        if context.ends(loaded, facts):
            return


def _all_passes(context: Context, program: Executable, loaded: Loaded) -> Measured:
    content, feedback = loaded.content, dict[str, bytes]()
    slowest, memory = 0.0, 0
    for _ in range(context.secret.validation_passes):
        once = _interact if context.secret.interactor else _run_and_check
        done = once(context, program, loaded, content, feedback)
        slowest = max(slowest, done.measured.cpu_s)
        memory = max(memory, done.measured.memory_bytes)
        result = replace(done.measured, cpu_s=slowest, memory_bytes=memory)
        following = done.feedback.get(NEXT_PASS)
        if result.checked is None or not result.checked.verdict.accepted:
            if following is not None and result.checked is not None:
                return _judge_error(result, "a rejecting validator asked for a next pass")
            return result
        if following is None:
            return result
        content = following
        feedback = {CARRIED_IN: done.feedback.get(CARRIED_OUT, b"")}
    return _judge_error(result, f"no verdict in {context.secret.validation_passes} passes")


def _judge_error(result: Measured, message: str) -> Measured:
    return replace(result, checked=Checked(Verdict.JE, message=message))


def _run_and_check(
    context: Context,
    program: Executable,
    loaded: Loaded,
    content: bytes,
    feedback: Mapping[str, bytes],
) -> _Pass:
    with context.pool.box() as box:
        (outcome,) = context.run(box, program, [loaded.run(content)])
    if not outcome.ok or context.secret.checker is None:
        return _Pass(measured(loaded.test, outcome, None), {})
    checker = context.secret.checker
    run = checker_run(checker, CheckedOutput(loaded.test, content, outcome.stdout), feedback)
    answer = _ask(context, checker, loaded, run)
    return _Pass(measured(loaded.test, outcome, read_answer(checker, answer)), answer.files)


def _interact(
    context: Context,
    program: Executable,
    loaded: Loaded,
    content: bytes,
    feedback: Mapping[str, bytes],
) -> _Pass:
    interactor = context.secret.interactor
    if interactor is None:
        raise HelperBroken("the problem is interactive, but has no interactor that can be run")
    executable = context.helper(interactor)
    run = interactor_run(interactor, loaded.test, content, feedback, context.submitted())
    limits = interactor_limits(context.secret.validation_s, interactor)
    for _ in range(2):  # one that stands still after the program has ended is asked once more
        pair = context.pool.run_pair(
            PairSide(program, context.box_limits, Run(args=loaded.test.args)),
            PairSide(executable, limits, run),
        )
        said = pair.interactor
        if said.status is not Status.IDLE or not pair.program.ok:
            break
    if pair.first == "program" and not pair.program.ok:
        # Whatever the interactor made of the silence is only the consequence.
        return _Pass(measured(loaded.test, pair.program, None), said.files)
    if not pair.program.ok and said.status not in (Status.OK, Status.RUNTIME):
        # Both were stopped, as when each waits for the other: the program was to speak.
        return _Pass(measured(loaded.test, pair.program, None), said.files)
    said = answered(interactor, loaded.test, said, limits)
    checked = read_answer(interactor, said, loaded.test)
    decided = pair.first == "interactor" and not checked.verdict.accepted
    if not decided and pair.program.ok and checked.verdict.accepted:
        checked = _check_after(context, loaded, content, said) or checked
    return _Pass(measured(loaded.test, pair.program, checked, checker_first=decided), said.files)


def _check_after(context: Context, loaded: Loaded, content: bytes, said: Outcome) -> Checked | None:
    """Ask the checker about what a testlib interactor wrote, where a package has both."""
    checker = context.secret.checker
    if checker is None:
        return None
    run = checker_run(checker, CheckedOutput(loaded.test, content, interactor_output(said)))
    return read_answer(checker, _ask(context, checker, loaded, run))


def _ask(context: Context, helper: Helper, loaded: Loaded, run: Run) -> Outcome:
    executable = context.helper(helper)
    with context.pool.box(secret=True) as box:
        limits = own_limits(context.helper_limits, helper)
        (outcome,) = run_helper(box, executable, [run], limits)
    return answered(helper, loaded.test, outcome, limits)
