"""Small problems made in memory, for the tests of judging."""

from __future__ import annotations

from typing import Any

from medalist.problems.helper import Helper, Protocol
from medalist.problems.model import Equality, Kind, ProblemLimits, PublicProblem
from medalist.problems.secret import Blob, Group, Problem, SecretProblem, TestCase
from medalist.sandbox import languages
from medalist.sandbox.box import Source

LIMITS = ProblemLimits(time_s=1.0, memory_mb=256, output_mb=1)
SHORT = ProblemLimits(time_s=0.3, memory_mb=256, output_mb=1)
"""For programs that are waited for in vain: wall time is three times this and 2 s."""


def case(test_id: str, content: str, answer: str | None, **fields: Any) -> TestCase:
    return TestCase(
        test_id,
        Blob.of(content.encode()),
        None if answer is None else Blob.of(answer.encode()),
        **fields,
    )


def problem(
    *tests: tuple[str, str | None], public: dict[str, Any] | None = None, **secret: Any
) -> Problem:
    """Make a problem of one pass/fail group, `secret`, with tests `1`, `2`, ..."""
    cases = tuple(
        case(f"secret/{number}", content, answer)
        for number, (content, answer) in enumerate(tests, start=1)
    )
    groups = secret.pop("groups", (Group("secret", cases),))
    fields = {"problem_id": "small", "statements": {"en": "?"}, "limits": LIMITS, **(public or {})}
    return Problem(PublicProblem(**fields), SecretProblem(groups, **secret))


def sums(**public: Any) -> Problem:
    """The sum of two integers, on four tests."""
    pairs = [(1, 2), (5, 7), (-3, 3), (10**18, 1)]
    return problem(*((f"{a} {b}\n", f"{a + b}\n") for a, b in pairs), public=public)


def python(text: str, name: str = "main.py") -> Source:
    return languages.source("python3", text, name)


def cpp(text: str) -> Source:
    return languages.source("cpp17", text)


def helper(text: str, protocol: Protocol = "kattis") -> Helper:
    return Helper("check.py", "python3", {"check.py": text.encode()}, "check.py", protocol)


FLOATS = Equality(abs_tol=1e-6)
INTERACTIVE = {"kind": Kind.INTERACTIVE}
