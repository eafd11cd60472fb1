"""The bundled problems keep what their README promises."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from medalist.problems.archive.regenerate import load_generator
from medalist.problems.check import CheckOptions, check
from medalist.problems.formats import bundled_archive, load
from medalist.problems.model import Kind
from medalist.problems.secret import Problem
from medalist.problems.verdict import Verdict
from medalist.sandbox.pool import Pool, open_pool

PACKAGES = sorted(path.parent for path in bundled_archive().glob("*/problem.yaml"))
PER_PACKAGE = pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)

# One of each kind for every run; `pytest -m slow` checks them all.
QUICK = ("climb", "ornaments", "strangers", "vault")


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with open_pool() as opened:
        yield opened


def read(package: Path) -> Problem:
    problem = load(package)
    assert problem.warnings == ()
    return problem


def valid(package: Path, content: bytes, flags: tuple[str, ...] = ()) -> bool:
    validator = package / "input_validators" / "validate.py"
    run = subprocess.run(
        [sys.executable, validator, *flags], input=content, stderr=subprocess.PIPE, check=False
    )
    assert run.returncode in (42, 43), run.stderr
    return run.returncode == 42


def test_kinds() -> None:
    problems = [read(package).public for package in PACKAGES]
    kinds = Counter(problem.kind for problem in problems)
    assert len(problems) >= 20
    assert kinds[Kind.INTERACTIVE] >= 2
    assert kinds[Kind.FUNCTION] >= 1
    assert sum(problem.kind is Kind.BATCH and problem.special_checker for problem in problems) >= 2
    assert sum(problem.full_score == 100 and bool(problem.subtasks) for problem in problems) >= 2
    assert any(problem.equality.rel_tol for problem in problems)


@PER_PACKAGE
def test_package_is_whole_and_small(package: Path) -> None:
    problem = read(package)
    assert problem.secret is not None
    assert problem.public.problem_id == package.name
    assert problem.public.license == "permission"
    assert problem.public.samples
    assert not problem.public.limits.time_assumed
    assert problem.secret.validators
    submissions = problem.secret.submissions
    assert len(submissions) >= 4
    assert sum(item.permitted == frozenset({Verdict.AC}) for item in submissions) >= 2
    wrong = {Path(item.name).parts[0] for item in submissions} - {"accepted"}
    assert len(wrong) >= 2 or sum(not item.name.startswith("accepted") for item in submissions) >= 3
    assert any("brute" in item.name for item in submissions)
    size = sum(
        path.stat().st_size
        for path in package.rglob("*")
        if path.is_file() and not path.is_symlink() and path.parent.name != "__pycache__"
    )
    assert size < 300_000


@PER_PACKAGE
def test_generator_writes_the_secret_inputs(package: Path) -> None:
    generator = load_generator(package)
    secret = package / "data" / "secret"
    inputs = {
        path.relative_to(secret).with_suffix("").as_posix(): path.read_text(encoding="ascii")
        for path in secret.rglob("*.in")
        if not path.is_symlink()
    }
    assert generator.secret() == inputs
    assert linked(generator, secret) == {
        path.relative_to(secret).as_posix() for path in secret.rglob("*.in") if path.is_symlink()
    }


def linked(generator: ModuleType, secret: Path) -> set[str]:
    """The tests that groups share, by the generator's word."""
    return {
        f"{group}/{other}-{path.name}"
        for group, included in getattr(generator, "INCLUDES", {}).items()
        for other in included
        for path in (secret / other).glob("*.in")
        if not path.is_symlink()
    }


@PER_PACKAGE
def test_validator_accepts_what_is_generated_and_nothing_near_it(package: Path) -> None:
    generator = load_generator(package)
    rng = Random(7)
    for _ in range(2):
        content = generator.valid(rng).encode()
        assert valid(package, content)
        assert not valid(package, content + b"\n")
        assert not valid(package, b" " + content)
        assert not valid(package, content[:-1])
    assert not valid(package, b"")
    assert not valid(package, b"\xff\xfe\n")


@pytest.mark.parametrize(
    ("problem_id", "flag", "content"),
    [
        ("ornaments", "maxb=10000", b"1 10001 2 3\n"),
        ("ornaments", "coprime=1", b"1 10 4 6\n"),
        ("modpairs", "maxk=1000", b"2 1001\n1 2\n"),
        ("carousel", "straight=1", b"2 1\n5 5\n2 1\n"),
        ("meetings", "nested=0", b"2\n0 9\n2 3\n"),
    ],
)
def test_a_validator_holds_the_bounds_of_a_subtask(
    problem_id: str, flag: str, content: bytes
) -> None:
    package = bundled_archive() / problem_id
    assert valid(package, content)
    assert not valid(package, content, (flag,))


@pytest.mark.parametrize(
    "package",
    [
        pytest.param(
            package, id=package.name, marks=() if package.name in QUICK else pytest.mark.slow
        )
        for package in PACKAGES
    ],
)
def test_labels_are_right(package: Path, pool: Pool) -> None:
    report = check(read(package), pool, CheckOptions(recall=False))
    assert report.faults == ()
    assert [row for row in report.rows if not row.agrees] == []
    assert len(report.rows) >= 4
    assert not report.skipped
