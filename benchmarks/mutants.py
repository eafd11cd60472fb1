"""How strong the tests of the bundled problems are, measured with mutants of their solutions.

    python benchmarks/mutants.py [ID ...] [--inputs N] [--mutants N] [--seed N]
        [--language L] [--box B] [--json]

A mutant that differs from the reference on at least one of N random valid inputs (made by the
package's own generator, compared by its own checker or interactor) must be rejected by the
package's tests. Survivors are printed with an input that exposes them. With `--json` the last
line is one object: `problems` (a list of `problem, reference, mutants, differ, killed, share,
survivors`), and `worst`, the smallest share.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random

from medalist.agent.evidence.program_mutants import mutants
from medalist.problems.archive.regenerate import ARCHIVE, load_generator
from medalist.problems.assemble import with_files
from medalist.problems.formats import load
from medalist.problems.judging import judge
from medalist.problems.model import Kind
from medalist.problems.secret import (
    Blob,
    Group,
    LabelledSubmission,
    Problem,
    SecretProblem,
    TestCase,
)
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Run, Source
from medalist.sandbox.languages import LANGUAGES
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.pool import Pool, open_pool


@dataclass(frozen=True)
class Strength:
    """What the tests of a problem did to the mutants of one reference."""

    problem: str
    reference: str
    mutants: int
    differ: int
    killed: int
    survivors: list[dict[str, str]]

    @property
    def share(self) -> float:
        """The killed ones among those that differ."""
        return self.killed / self.differ if self.differ else 1.0


def main() -> None:
    """Measure the named problems, or all."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("ids", nargs="*")
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--mutants", type=int, default=60, help="at most so many a reference")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--language", choices=["cpp", "python"], default="cpp")
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    ids = args.ids or sorted(path.parent.name for path in ARCHIVE.glob("*/problem.yaml"))
    results = []
    with open_pool(args.box) as pool:
        for problem_id in ids:
            for strength in measure(ARCHIVE / problem_id, pool, args):
                results.append(strength)
                print(
                    f"{strength.problem:12} {strength.reference:20} {strength.mutants:4} mutants, "
                    f"{strength.differ:3} differ, {strength.killed:3} killed: {strength.share:.1%}",
                    flush=True,
                )
                for survivor in strength.survivors:
                    print(f"  {survivor['change']}: {survivor['input']!r}", flush=True)
    worst = min(strength.share for strength in results)
    print(f"worst {worst:.1%} over {len(results)} references")
    if args.json:
        rows = [{**asdict(strength), "share": strength.share} for strength in results]
        print(json.dumps({"problems": rows, "worst": worst}))


def measure(package: Path, pool: Pool, args: argparse.Namespace) -> Iterator[Strength]:
    """Measure each accepted solution in the language asked for."""
    problem = load(package)
    assert problem.secret is not None
    wide = with_tests(problem, package, pool, args)
    for submission in problem.secret.submissions:
        if submission.name.startswith("accepted/") and family_of(submission) == args.language:
            yield strength_of(submission, problem, wide, pool, args)


def strength_of(
    reference: LabelledSubmission,
    problem: Problem,
    wide: Problem,
    pool: Pool,
    args: argparse.Namespace,
) -> Strength:
    """Judge the mutants of one reference by the package's tests and by the random inputs."""
    assert reference.language is not None
    text = reference.files[reference.main].decode()
    compiled = differ = killed = 0
    survivors = []
    for mutant in mutants(text, args.language, count=args.mutants, seed=args.seed):
        files = {**reference.files, reference.main: mutant.source.encode()}
        source = Source(reference.language, files, reference.main)
        own = judge(problem, source, pool)
        if own.verdict is Verdict.CE:
            continue
        assert own.verdict is not Verdict.JE, own.message
        compiled += 1
        random_inputs = judge(wide, source, pool)
        assert random_inputs.verdict is not Verdict.JE, random_inputs.message
        if random_inputs.failing_test is None:
            continue
        differ += 1
        if own.verdict is not Verdict.AC:
            killed += 1
            continue
        exposing = random_inputs.failing_test.test_id
        (test,) = (test for test in tests_of(wide) if test.test_id == exposing)
        survivors.append({"change": mutant.change, "input": test.input.read().decode()})
    name = reference.name.removeprefix("accepted/")
    return Strength(problem.public.problem_id, name, compiled, differ, killed, survivors)


def family_of(submission: LabelledSubmission) -> str | None:
    """Return the family of a submission's language."""
    return LANGUAGES[submission.language].family if submission.language else None


def with_tests(problem: Problem, package: Path, pool: Pool, args: argparse.Namespace) -> Problem:
    """Return the problem with random valid inputs for its only tests."""
    assert problem.secret is not None
    generator = load_generator(package)
    rng = Random(args.seed)
    inputs = list(dict.fromkeys(generator.valid(rng).encode() for _ in range(args.inputs)))
    if problem.public.kind is Kind.INTERACTIVE:
        answers = inputs
    else:
        answers = outputs(problem.secret, inputs, pool)
    tests = tuple(
        TestCase(f"valid/{number}", Blob.of(content), Blob.of(answer))
        for number, (content, answer) in enumerate(zip(inputs, answers, strict=True))
    )
    group = Group("valid", tests=tests, aggregate="min")
    return replace(problem, secret=replace(problem.secret, groups=(group,), scoring=False))


def outputs(secret: SecretProblem, inputs: list[bytes], pool: Pool) -> list[bytes]:
    """Return what the C++ reference prints."""
    (reference,) = (item for item in secret.submissions if item.name.endswith("/reference.cpp"))
    assert reference.language is not None
    source = Source(reference.language, reference.files, reference.main)
    result = pool.compile(with_files(source, secret.grader_files.get("cpp", {})))
    assert result.executable is not None, result.message
    with pool.box() as box:
        runs = [Run(stdin=content) for content in inputs]
        outcomes = list(box.run_many(result.executable, runs, RunLimits()))
    assert all(outcome.ok for outcome in outcomes)
    return [outcome.stdout for outcome in outcomes]


def tests_of(problem: Problem) -> list[TestCase]:
    """Return all tests of a problem that has a secret half."""
    assert problem.secret is not None
    return problem.secret.all_tests()


if __name__ == "__main__":
    main()
