"""A package's own programs that crash, hang or flood: a line that names them, in bounded time."""

from collections.abc import Callable
from typing import Any

import pytest

from medalist.problems.check import CheckOptions, check
from medalist.problems.helper import Helper
from medalist.problems.judging import judge
from medalist.problems.model import Kind
from medalist.problems.secret import Group
from medalist.problems.verdict import Verdict
from medalist.sandbox.pool import Pool

from .problems import SHORT, case, helper, problem, python

SLEEPS = "import time; time.sleep(1000)"
SPINS = "while True: pass"
FLOODS = """
flood = input() == '0'
try:
    print('x' * (80 << 20) if flood else '')
except OSError:
    pass
exit(43 if flood else 42)
"""
MANY = tuple((f"{n}\n", f"{n}\n") for n in range(200))
ECHO = python("print(input())")


@pytest.mark.parametrize(("text", "limit"), [(SLEEPS, "idle"), (SPINS, "CPU")])
@pytest.mark.parametrize("kind", [Kind.BATCH, Kind.MULTIPASS])
def test_a_checker_that_never_answers_is_not_asked_about_every_test(
    pool: Pool, text: str, limit: str, kind: Kind
) -> None:
    asked = problem(*MANY, public={"kind": kind}, checker=helper(text), validation_s=0.5)
    judgement = judge(asked, ECHO, pool)
    assert judgement.verdict is Verdict.JE
    assert judgement.message.startswith(f"secret/1: check.py gave no answer: {limit} limit of ")


def test_nor_where_scoring_needs_every_test(pool: Pool) -> None:
    tests = tuple(case(str(n), f"{n}\n", f"{n}\n") for n in range(200))
    group = Group("secret", tests, stop_on_failure=False)
    asked = problem(groups=(group,), scoring=True, checker=helper(SLEEPS), validation_s=0.5)
    judgement = judge(asked, ECHO, pool)
    assert (judgement.verdict, judgement.score) == (Verdict.JE, None)
    assert judgement.message.startswith("0: check.py gave no answer: idle limit of 2.5 s ")


def test_an_interactor_that_never_ends(pool: Pool) -> None:
    asked = problem(
        *MANY,
        public={"kind": Kind.INTERACTIVE},
        interactor=helper(f"print(1, flush=True); {SLEEPS}"),
        validation_s=0.5,
    )
    judgement = judge(asked, ECHO, pool, limits=SHORT)
    assert judgement.verdict is Verdict.JE
    assert judgement.message.startswith("secret/1: check.py gave no answer: idle limit of 2.5 s ")


def validator(text: str) -> dict[str, Any]:
    return {"validators": (Helper("valid.py", "python3", {"v.py": text.encode()}, "v.py"),)}


def checker(text: str) -> dict[str, Any]:
    return {"checker": helper(text)}


@pytest.mark.parametrize(
    ("make", "text", "faults"),
    [
        (
            validator, SLEEPS,
            ("secret/1: rejected by valid.py (idle limit)",
             "valid.py: not asked about the inputs after secret/1"),
        ),
        (
            validator, SPINS,
            ("secret/1: rejected by valid.py (time limit)",
             "valid.py: not asked about the inputs after secret/1"),
        ),
        (
            validator, "import os; input() == '1' and os.abort(); exit(42)",
            ("secret/2: rejected by valid.py (SIGABRT)",),
        ),
        (
            validator, "exit(42 if input() != '2' else 'a\\nb')",
            ("secret/3: rejected by valid.py (exit code 1) a b",),
        ),
        (
            validator, FLOODS,
            ("secret/1: rejected by valid.py (output limit) " + "x" * 160,),
        ),
        (
            checker, SLEEPS,
            ("secret/1: its own answer is JE check.py failed: idle limit",
             "check.py: not asked about the answers after secret/1"),
        ),
        (
            checker, "import sys; '2' in open(sys.argv[1]).read() and 1 // 0; exit(42)",
            ("secret/3: its own answer is JE check.py exited with 1, not 42 or 43",),
        ),
    ],
)  # fmt: skip
def test_check_says_what_is_wrong(
    pool: Pool, make: Callable[[str], dict[str, Any]], text: str, faults: tuple[str, ...]
) -> None:
    asked = problem(*MANY[:5], validation_s=0.5, **make(text))
    assert check(asked, pool, CheckOptions(recall=False)).faults == faults


@pytest.mark.parametrize("make", [validator, checker])
def test_one_that_does_not_compile(pool: Pool, make: Callable[[str], dict[str, Any]]) -> None:
    (fault,) = check(
        problem(("1", "1"), **make("syntax error(")), pool, CheckOptions(recall=False)
    ).faults
    name = "valid.py" if make is validator else "check.py"
    assert fault.startswith(f"{name}: does not compile: ")
    assert "SyntaxError" in fault
    assert "\n" not in fault
