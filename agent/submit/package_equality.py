"""The package's own checker, lent for comparing outputs: privileged, for measuring alone.

Its word on made inputs has no judge's answer to rest on: there the outputs of the programs stand
for it, one another's. An output that the checker rejects beside itself breaks the rules; one that
it rejects beside another, which it accepts beside this one, is worse than that one; two that it
accepts beside each other count as equal.
"""

from __future__ import annotations

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

_Pair = tuple[int, OutcomeKey, OutcomeKey | None]
"""An input, an output, and the output that stands for the answer; None for the known right one."""


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
    _known: dict[tuple[bytes, OutcomeKey, OutcomeKey | None], Verdict] = field(default_factory=dict)

    def judged(self, columns: Sequence[OutputColumn]) -> JudgedOutputs:
        """Judge the outputs on each input.

        Raises:
            SandboxFailure: A box broke.
        """
        short = [_shortened(column) for column in columns]
        self._ask(short, [pair for index, one in enumerate(short) for pair in _first(index, one)])
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
            found, equal = self._compared(column, keys)
            results.append(found)
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
            if self._known[column.input, key, key] in (Verdict.AC, Verdict.PAC)
        ]

    def _compared(
        self, column: OutputColumn, valid: Sequence[OutcomeKey]
    ) -> tuple[dict[OutcomeKey, Result], Alike]:
        results: dict[OutcomeKey, Result] = {}
        if column.reference is not None:
            for key in column.outputs:
                verdict = self._known[column.input, key, None]
                partly: Result = "worse" if verdict is Verdict.PAC else "rejected"
                results[key] = "right" if verdict is Verdict.AC else partly
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
            self._rejects(content, key, other) and not self._rejects(content, other, key)
            for other in valid
            if other != key and (content, key, other) in self._known
        )

    def _equal(self, content: bytes, key: OutcomeKey, other: OutcomeKey) -> bool:
        asked = (content, key, other) in self._known
        return asked and not (
            self._rejects(content, key, other) or self._rejects(content, other, key)
        )

    def _rejects(self, content: bytes, key: OutcomeKey, answer: OutcomeKey) -> bool:
        # Where the checker fails, the output is better than the answer, or the answer is broken.
        return self._known[content, key, answer] not in (Verdict.AC, Verdict.JE)

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
                CheckedOutput(test, columns[index].input, columns[index].outputs[key] or b""),
            )
            for test, (index, key, _) in zip(tests, new, strict=True)
        )
        limits = own_limits(helper_limits(min(self.validation_s, 10.0)), self.checker)
        with (
            self.pool.box(secret=True) as box,
            closing(run_helper(box, self.executable, runs, limits)) as outcomes,
        ):
            for outcome, test, (index, key, answer) in zip(outcomes, tests, new, strict=True):
                verdict = read_answer(self.checker, outcome, test).verdict
                self._known[columns[index].input, key, answer] = verdict

    def _test(self, column: OutputColumn, answer: OutcomeKey | None) -> TestCase:
        content = column.reference if answer is None else column.outputs[answer]
        return replace(
            self.like, input=Blob.of(column.input), answer=Blob.of(content or b""), files={}
        )


def _shortened(column: OutputColumn) -> OutputColumn:
    """Return a column with those outputs alone that can be looked at."""
    kept = [(key, output) for key, output in column.outputs.items() if output is not None]
    return replace(column, outputs=dict(kept[:_OUTPUTS]))


def _first(index: int, column: OutputColumn) -> Iterator[_Pair]:
    for key in column.outputs:
        yield index, key, key if column.reference is None else None
