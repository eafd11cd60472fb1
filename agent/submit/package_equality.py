"""The package's own checker, lent for comparing outputs: privileged, for measuring alone.

Its word on generated inputs has no judge's answer to rest on: there the programs' outputs stand
for it, one another's. An output that the checker rejects beside itself breaks the rules; one for
which it gives less beside another than for that one itself, while the other gains no less beside
this one, is worse than that one; two for which it gives as much beside each other as beside
themselves count as equal. What it gives are points, where it gives any; a rejection is less than
any, and where it fails, the output is better than what stands for the answer, or that is broken.
Beside the statement's own output of a sample, an output is worse if it gets fewer points than that
one does.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from medalist.agent.evidence.alike import Alike
from medalist.agent.evidence.judged import JudgedOutputs, OutputColumn, Result
from medalist.agent.types import OutcomeKey
from medalist.problems.helper import Helper
from medalist.problems.judging.checkers import CheckedOutput, checker_run, read_answer
from medalist.problems.judging.context import run_helper
from medalist.problems.judging.helper_limits import helper_limits, own_limits
from medalist.problems.secret import Blob, Problem, TestCase
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Executable, Source
from medalist.sandbox.pool import Pool

EQUALITY = "privileged: the package's own checker"

_TRUST = 0.95
_ANSWERS = 4  # outputs on an input that stand for the judge's answer, beside the others
_OUTPUTS = 64  # outputs on an input that are looked at, those with most votes

_Pair = tuple[int, OutcomeKey | None, OutcomeKey | None]
"""An input, an output, and the output that stands for the answer; None for the known right one."""

_REJECTED, _BETTER = -math.inf, math.inf


def lent_equality(problem: Problem, pool: Pool, lent: bool) -> PackageEquality | None:
    """Return the package's checker as a judge of outputs, where it is `lent`.

    None where it is not, or where the package has none: then its declared equality, which is in
    the public half, decides.
    """
    secret = problem.secret
    if not lent or secret is None or not problem.public.special_checker or not secret.all_tests():
        return None
    like = secret.all_tests()[-1]
    checker = like.checker or secret.checker
    if checker is None or checker.protocol == "builtin" or checker.cannot_run:
        return None
    source = Source(checker.language, checker.files, checker.main, checker.compile_flags)
    executable = pool.compile(source).executable
    if executable is None:
        return None
    return PackageEquality(like, checker, executable, pool, secret.validation_s)


@dataclass
class PackageEquality:
    """Judges outputs by a package's checker.

    Attributes:
        like: A test of the package, for the checker's flags.
        checker: The checker.
        executable: The same, compiled.
        pool: Where it runs.
        validation_s: CPU seconds that it may take for one output.
    """

    like: TestCase
    checker: Helper
    executable: Executable
    pool: Pool
    validation_s: float
    _known: dict[tuple[bytes, OutcomeKey | None, OutcomeKey | None], float] = field(
        default_factory=dict
    )
    """By input, output and what stands for the answer: what the checker gives, 1 where it gives no
    points."""

    def judged(self, columns: Sequence[OutputColumn]) -> JudgedOutputs:
        """Judge the outputs on each input.

        Raises:
            SandboxFailure: A box failed.
        """
        short = [_shortened(column) for column in columns]
        self._ask(short, [pair for index, one in enumerate(short) for pair in _first(index, one)])
        samples = [index for index, one in enumerate(short) if one.reference is not None]
        self._ask(short, [(index, None, None) for index in samples])
        valid = [self._accepted_beside_itself(column) for column in short]
        pairs = [
            pair
            for index, keys in enumerate(valid)
            for answer in keys[:_ANSWERS]
            for other in keys
            if other != answer
            for pair in ((index, other, answer), (index, answer, other))
        ]
        self._ask(short, pairs)
        results, alike = [], []
        for column, keys in zip(short, valid, strict=True):
            groups, equal = self._compared(column, keys)
            results.append(groups)
            alike.append(equal)
        return JudgedOutputs(
            equality=EQUALITY,
            trust=_TRUST,
            results=tuple(results),
            alike=tuple(alike),
            samples=tuple(index for index, one in enumerate(columns) if one.reference is not None),
        )

    def _accepted_beside_itself(self, column: OutputColumn) -> list[OutcomeKey]:
        if column.reference is not None:
            return []
        return [
            key
            for key in column.outputs
            if _REJECTED < self._known[column.input, key, key] < _BETTER
        ]

    def _compared(
        self, column: OutputColumn, valid: Sequence[OutcomeKey]
    ) -> tuple[dict[OutcomeKey, Result], Alike]:
        results: dict[OutcomeKey, Result] = {}
        if column.reference is not None:
            whole = self._known[column.input, None, None]
            for key in column.outputs:
                given = self._known[column.input, key, None]
                accepted = _REJECTED < given < _BETTER
                # A checker that fails on the statement's own output has no measure of points.
                full = given >= whole if abs(whole) < _BETTER else given >= 1
                results[key] = ("right" if full else "worse") if accepted else "rejected"
            valid = [key for key, result in results.items() if result == "right"]
            equal = dict.fromkeys(valid[1:], valid[0]) if valid else {}
        else:
            equal = {}
            for key in column.outputs:
                if key not in valid:
                    results[key] = "rejected"
            for key in valid:
                results[key] = "worse" if self._worse(column.input, key, valid) else "right"
            best = [key for key in valid if results[key] == "right"]
            for place, key in enumerate(best):
                like = [
                    other
                    for other in best[:place][:_ANSWERS]
                    if other not in equal and self._equal(column.input, key, other)
                ]
                if like:
                    equal[key] = like[0]
        wrong = {
            key: OutcomeKey.of_failure(result)
            for key, result in results.items()
            if result != "right"
        }
        return results, {**equal, **wrong}

    def _worse(self, content: bytes, key: OutcomeKey, valid: Sequence[OutcomeKey]) -> bool:
        return any(
            self._loses(content, key, other) and not self._loses(content, other, key)
            for other in valid
            if other != key and (content, key, other) in self._known
        )

    def _equal(self, content: bytes, key: OutcomeKey, other: OutcomeKey) -> bool:
        asked = (content, key, other) in self._known
        return asked and not (self._loses(content, key, other) or self._loses(content, other, key))

    def _loses(self, content: bytes, key: OutcomeKey, answer: OutcomeKey) -> bool:
        """Whether an output gets less beside another one than that one does beside itself."""
        return self._known[content, key, answer] < self._known[content, answer, answer]

    def _ask(self, columns: Sequence[OutputColumn], pairs: Sequence[_Pair]) -> None:
        new = [
            pair
            for pair in dict.fromkeys(pairs)
            if (columns[pair[0]].input, pair[1], pair[2]) not in self._known
        ]
        tests = [self._test(columns[index], answer) for index, _, answer in new]
        runs = (
            checker_run(
                self.checker,
                CheckedOutput(test, columns[index].input, _content(columns[index], key)),
            )
            for test, (index, key, _) in zip(tests, new, strict=True)
        )
        limits = own_limits(helper_limits(min(self.validation_s, 10.0)), self.checker)
        with (
            self.pool.box(secret=True) as box,
            closing(run_helper(box, self.executable, runs, limits)) as outcomes,
        ):
            for outcome, test, (index, key, answer) in zip(outcomes, tests, new, strict=True):
                said = read_answer(self.checker, outcome, test)
                points = said.fraction if said.points is None else said.points
                self._known[columns[index].input, key, answer] = _given(said.verdict, points)

    def _test(self, column: OutputColumn, answer: OutcomeKey | None) -> TestCase:
        content = _content(column, answer)
        return replace(self.like, input=Blob.of(column.input), answer=Blob.of(content), files={})


def _content(column: OutputColumn, key: OutcomeKey | None) -> bytes:
    """Return an output; of None the statement's own."""
    return (column.reference if key is None else column.outputs[key]) or b""


def _given(verdict: Verdict, points: float | None) -> float:
    """Return what a checker gives for an output."""
    if verdict is Verdict.JE:
        return _BETTER
    if verdict not in (Verdict.AC, Verdict.PAC):
        return _REJECTED
    return 1.0 if points is None else points


def _shortened(column: OutputColumn) -> OutputColumn:
    """Return a column with those outputs alone that can be looked at."""
    kept = [(key, output) for key, output in column.outputs.items() if output is not None]
    return replace(column, outputs=dict(kept[:_OUTPUTS]))


def _first(index: int, column: OutputColumn) -> Iterator[_Pair]:
    for key in column.outputs:
        yield index, key, key if column.reference is None else None
