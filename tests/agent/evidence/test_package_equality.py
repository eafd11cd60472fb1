"""A package's own checker, lent: outputs stand for the judge's answer, one another's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from medalist.agent.evidence.judged import OutputColumn
from medalist.agent.submit.package_equality import EQUALITY, lent_equality
from medalist.agent.types import OutcomeKey
from medalist.errors import EngineError
from medalist.problems.helper import Helper
from medalist.problems.model import PublicProblem
from medalist.problems.secret import Blob, Group, Problem, SecretProblem, TestCase
from medalist.sandbox.pool import Pool, open_pool

# A walk of as few steps as the answer's, or the word that there is none. A right checker fails (a
# judge error) where the output is better than the answer, or the answer breaks the rules.
CHECKER = b"""
import sys

def steps(text):
    words = text.split()
    if words == ["none"]:
        return 10 ** 9
    return len(words) if words and words[-1] == "home" else None

answer, output = steps(open(sys.argv[2]).read()), steps(sys.stdin.read())
if output is None:
    sys.exit(43)
if answer is None or output < answer:
    sys.exit(1)
sys.exit(42 if output == answer else 43)
"""


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    try:
        with open_pool("local", cores=[0]) as opened:
            yield opened
    except EngineError as error:
        pytest.skip(str(error))


def problem(*, special: bool = True, checker: Helper | None = None) -> Problem:
    case = TestCase("1", Blob.of(b"1\n"), Blob.of(b"home\n"))
    return Problem(
        public=PublicProblem(
            problem_id="walk", statements={"en": "Walk."}, special_checker=special
        ),
        secret=SecretProblem(groups=(Group("secret", (case,)),), checker=checker),
    )


def column(*outputs: bytes, reference: bytes | None = None) -> OutputColumn:
    keys = [OutcomeKey(f"={number}") for number in range(len(outputs))]
    return OutputColumn(b"1\n", dict(zip(keys, outputs, strict=True)), reference)


@pytest.mark.local
def test_what_is_worse_or_breaks_the_rules_is_no_output_and_the_best_are_equal(pool: Pool) -> None:
    checker = Helper("c.py", "python3", {"c.py": CHECKER}, "c.py")
    judge = lent_equality(problem(checker=checker), pool, True)
    assert judge is not None
    outputs = (b"a b home", b"lost", b"a home", b"none", b"b home", b"", b"a b c home")
    judged = judge.judged([column(*outputs), column(b"a home", b"b home", b"x", reference=b"home")])
    assert judged.equality == EQUALITY
    assert {key: judged.results[0][key] for key in sorted(judged.results[0])} == {
        "=0": "worse", "=1": "rejected", "=2": "right", "=3": "worse", "=4": "right",
        "=5": "rejected", "=6": "worse",
    }  # fmt: skip
    assert judged.alike[0]["=4"] == "=2"  # type: ignore[index]
    assert judged.alike[0]["=6"] == "!worse"  # type: ignore[index]
    # Beside the statement's own output both are too long.
    assert set(judged.results[1].values()) == {"rejected"}
    assert judged.samples == (1,)


# A word that sorts low: half of the points for one that does not, and another way to say so if the
# judges' answer is not the lowest.
POINTS = """
import sys, os
answer, output = open(sys.argv[2]).read().strip(), sys.stdin.read().strip()
if not output.isalpha():
    sys.exit(43)
points = {full} if output <= answer else {half}
if output < answer and {fails}:
    sys.exit(1)
open(os.path.join(sys.argv[3], "{name}"), "w").write(str(points))
sys.exit(42)
"""


@pytest.mark.local
@pytest.mark.parametrize(
    ("full", "half", "fails", "name"),
    [
        (1.0, 0.5, True, "score.txt"),
        (10, 3, False, "score.txt"),
        (1.0, 0.25, False, "score_multiplier.txt"),
        (0.5, 0, True, "score.txt"),
    ],
)
def test_of_two_that_are_accepted_the_one_with_fewer_points_is_worse(
    full: float, half: float, fails: bool, name: str, pool: Pool
) -> None:
    source = POINTS.format(full=full, half=half, fails=fails, name=name).encode()
    checker = Helper("c.py", "python3", {"c.py": source}, "c.py")
    judge = lent_equality(problem(checker=checker), pool, True)
    assert judge is not None
    made = column(b"ant", b"bee", b"7", b"ant\n", b"cat")
    sample = column(b"bee", b"ant", b"cat", b"?", reference=b"bee")
    judged = judge.judged([made, sample])
    listed = [judged.results[0][key] for key in made.outputs]
    assert listed == ["right", "worse", "rejected", "right", "worse"]
    assert judged.alike[0]["=3"] == "=0"  # type: ignore[index]
    # What the checker calls better than the answer cannot be told from an answer that is broken.
    better = "rejected" if fails else "right"
    listed = [judged.results[1][key] for key in sample.outputs]
    assert listed == ["right", better, "worse", "rejected"]


@pytest.mark.local
def test_nothing_is_lent_where_there_is_nothing_to_lend(pool: Pool) -> None:
    checker = Helper("c.py", "python3", {"c.py": CHECKER}, "c.py")
    broken = Helper("c.py", "python3", {"c.py": b"this is no Python"}, "c.py")
    assert lent_equality(problem(checker=checker), pool, False) is None
    assert lent_equality(problem(checker=checker, special=False), pool, True) is None
    assert lent_equality(problem(), pool, True) is None
    assert lent_equality(problem(checker=broken), pool, True) is None
