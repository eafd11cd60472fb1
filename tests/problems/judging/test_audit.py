"""Wrong programs that weak tests accept are found, each with a small test that is offered."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from medalist.agent.commands.main import app
from medalist.agent.evidence.shrink import shrink
from medalist.errors import BadInput
from medalist.problems.audit import Audit, AuditSettings, Suspect, audit
from medalist.problems.formats import bundled_archive, load
from medalist.problems.helper import Helper
from medalist.problems.judging.calibrate import references
from medalist.problems.labelled import with_python
from medalist.problems.model import Kind
from medalist.problems.secret import Blob, Group, LabelledSubmission, Problem, TestCase
from medalist.problems.verdict import Verdict
from medalist.sandbox.pool import Pool

from .problems import case, cpp, helper, problem, python

V = Verdict
LARGEST = "input(); print(max(map(int, input().split())))"
SORTED = "input(); print(sorted(map(int, input().split()))[-1])"
FROM_ZERO = "input(); print(max(0, *map(int, input().split())))"
FIRST = "input(); print(input().split()[0])"
VALID = """
import sys
n, numbers = sys.stdin.read().splitlines()
low = -100 if len(sys.argv) == 1 else int(sys.argv[1])
right = int(n) == len(numbers.split()) and all(low <= int(x) <= 100 for x in numbers.split())
sys.exit(42 if right else 43)
"""
INPUTS = [b"3\n1 2 3\n", b"2\n-2 -3\n", b"2\n-1000 -1000\n", b"5\n-1 -2\n", b"1\n-8\n"]


def solution(text: str, name: str) -> LabelledSubmission:
    files = {name: text.encode()}
    return LabelledSubmission(
        f"accepted/{name}", "python3", files, name, frozenset({V.AC}), label="accepted"
    )


def largest(**secret: Any) -> Problem:
    """The largest of some numbers; no test has negative ones only."""
    fields = {
        "validators": (Helper("v.py", "python3", {"v.py": VALID.encode()}, "v.py"),),
        "submissions": (solution(LARGEST, "a.py"), solution(SORTED, "b.py")),
        **secret,
    }
    return problem(("3\n1 2 3\n", "3\n"), ("2\n-1 5\n", "5\n"), **fields)


def run(asked: Problem, pool: Pool, *texts: str, **options: Any) -> Audit:
    suspects = [Suspect(str(number), python(text)) for number, text in enumerate(texts)]
    given: dict[str, Any] = {
        "inputs": INPUTS,
        "shrink": shrink,
        "plausible": lambda _: True,
        "seconds": 600,
        **options,
    }
    inputs = given.pop("inputs")
    return audit(asked, pool, suspects, inputs, AuditSettings(**given))


def contents(test: TestCase) -> tuple[bytes, bytes]:
    assert test.answer is not None
    return test.input.read(), test.answer.read()


def test_an_accepted_wrong_program_is_exposed_by_a_small_test(pool: Pool) -> None:
    report = run(largest(), pool, FROM_ZERO, FIRST, LARGEST, FROM_ZERO + "  # again")
    assert report.validated
    assert report.inputs == 3, "two of the five are not valid"
    assert report.judged == {V.AC: 3, V.WA: 1}
    assert [(weakness.suspect.name, weakness.verdict) for weakness in report.weak] == [
        ("0", V.WA),
        ("3", V.WA),
    ]
    (test,) = report.tests
    assert test.test_id == "secret/audit-01"
    assert contents(test) == (b"2\n-1 -1\n", b"-1\n")
    assert report.disputes == ()


def test_what_cannot_be_read_is_judged_as_it_is(pool: Pool) -> None:
    report = run(largest(), pool, "syntax error(")
    assert (report.judged, report.weak) == ({V.CE: 1}, [])


def test_time_bounds_an_audit(pool: Pool) -> None:
    report = run(largest(), pool, FROM_ZERO, FROM_ZERO + "  # again", seconds=-1)
    assert (report.unjudged, report.judged, report.weak) == (2, {}, [])


def test_solutions_that_differ_are_a_dispute_and_make_no_test(pool: Pool) -> None:
    asked = largest(submissions=(solution(LARGEST, "a.py"), solution(FROM_ZERO, "b.py")))
    report = run(asked, pool, FROM_ZERO)
    assert (report.inputs, report.weak) == (1, [])
    assert report.disputes == (
        "accepted/b.py: WA on '2\\n-2 -3\\n'",
        "accepted/b.py: WA on '1\\n-8\\n'",
    )


@pytest.mark.parametrize("place", [0, 2, 3])
def test_a_solution_that_is_alone_against_three_is_wrong(pool: Pool, place: int) -> None:
    texts = [LARGEST, SORTED, f"{LARGEST}  # again"]
    texts.insert(place, FROM_ZERO)
    solutions = tuple(solution(text, f"{number}.py") for number, text in enumerate(texts))
    report = run(largest(submissions=solutions), pool, FROM_ZERO, LARGEST)
    assert [weakness.suspect.name for weakness in report.weak] == [f"accepted/{place}.py", "0"]
    assert contents(report.tests[0]) == (b"2\n-1 -1\n", b"-1\n")
    assert report.disputes == ()


def test_solutions_two_against_two_are_a_dispute(pool: Pool) -> None:
    texts = [LARGEST, SORTED, FROM_ZERO, f"{FROM_ZERO}  # again"]
    solutions = tuple(solution(text, f"{number}.py") for number, text in enumerate(texts))
    report = run(largest(submissions=solutions), pool, LARGEST)
    assert (report.weak, report.inputs, len(report.disputes)) == ([], 1, 2)


def test_without_validators_the_statement_must_do(pool: Pool) -> None:
    asked = largest(validators=())
    report = run(asked, pool, FROM_ZERO, plausible=lambda content: content.startswith(b"1\n-8"))
    assert not report.validated
    assert [contents(test) for test in report.tests] == [(b"1\n-8\n", b"-8\n")]
    unknown = run(asked, pool, FROM_ZERO, plausible=lambda _: False)
    assert (unknown.inputs, unknown.weak) == (0, [])


def test_with_a_validator_that_cannot_be_run_the_statement_must_do_as_well(pool: Pool) -> None:
    asked = largest(unread_validators=("input_validators/v.ctd",))
    report = run(asked, pool, FROM_ZERO, plausible=lambda content: content != b"1\n-8\n")
    assert not report.validated
    assert report.inputs == 2, "two are not valid, one is not plausible"


def test_a_test_goes_to_the_first_group_that_may_hold_it(pool: Pool) -> None:
    small = case("secret/small/1", "1\n1\n", "1\n", input_flags=("0",))
    wide = case("secret/wide/1", "1\n2\n", "2\n")
    groups = (
        Group("sample"),
        Group(
            "secret",
            children=(
                Group("secret/small", (small,), points=40.0),
                Group("secret/wide", (wide,), points=60.0),
            ),
        ),
    )
    report = run(largest(groups=groups, scoring=True), pool, FROM_ZERO, FIRST)
    assert [contents(test) for test in report.tests] == [
        (b"2\n-1 -1\n", b"-1\n"),
        (b"3\n0 0 1\n", b"1\n"),
    ]
    assert [test.test_id for test in report.tests] == [
        "secret/wide/audit-01",
        "secret/small/audit-02",
    ]


def test_a_checker_says_what_is_wrong(pool: Pool) -> None:
    sign = helper(
        "import sys\nsaid = sys.stdin.read().split()\n"
        "sys.exit(42 if said[0][0] == open(sys.argv[2]).read()[0] else 43)\n"
    )
    report = run(largest(checker=sign), pool, FROM_ZERO, "print(int(input()) and -7)")
    assert report.judged == {V.AC: 1, V.WA: 1}
    assert [contents(test) for test in report.tests] == [(b"2\n-1 -1\n", b"-1\n")]


GUESS = """
import sys
secret = int(open(sys.argv[1]).read())
for _ in range(12):
    line = sys.stdin.readline()
    if not line: sys.exit(43)
    if int(line) == secret: sys.exit(42)
    print("higher" if int(line) < secret else "lower", flush=True)
sys.exit(43)
"""


def test_interactive_problems_have_their_input_for_an_answer(pool: Pool) -> None:
    right = """
low, high = 1, 1000
while low < high:
    middle = (low + high) // 2
    print(middle, flush=True)
    try: said = input()
    except EOFError: break
    low, high = (middle + 1, high) if said == "higher" else (low, middle - 1)
else:
    print(low, flush=True)
"""
    valid = "import sys; sys.exit(42 if 1 <= int(input()) <= 1000 else 43)"
    asked = problem(
        ("500\n", "500\n"),
        public={"kind": Kind.INTERACTIVE},
        interactor=helper(GUESS),
        validators=(Helper("v.py", "python3", {"v.py": valid.encode()}, "v.py"),),
        submissions=(solution(right, "a.py"),),
    )
    report = run(
        asked, pool, right.replace("1, 1000", "1, 999"), inputs=[b"1000\n", b"7\n", b"2000\n"]
    )
    assert report.inputs == 2
    assert [contents(test) for test in report.tests] == [(b"1000\n", b"1000\n")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"submissions": ()}, "has no accepted solution"),
        ({"public": {"kind": Kind.MULTIPASS}}, "tests of multi-pass problems are not made"),
        ({"groups": (Group("secret"),)}, "has no tests"),
        (
            {"groups": (Group("secret", (case("1", "", "", files={"a": Blob.of(b"")}),)),)},
            "files or arguments of their own",
        ),
        (
            {"public": {"kind": Kind.INTERACTIVE}, "interactor": helper(GUESS)},
            "only its interactor knows",
        ),
    ],
)
def test_what_cannot_be_audited_says_why(pool: Pool, change: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        run(largest(**change), pool)


def test_another_interpreter_runs_solutions_in_python_and_no_others() -> None:
    native = replace(solution("", "c.cpp"), language="cpp17")
    asked = largest(submissions=(solution(LARGEST, "a.py"), native))
    for row in ("python3", "pypy3"):
        changed = with_python(asked, row)
        assert [reference.language for reference in references(changed)] == [row, "cpp17"]


def test_the_command_offers_tests(package: Callable[..., Path], tmp_path: Path) -> None:
    folder = package(tmp_path)
    written = tmp_path / "new"
    wrong = tmp_path / "wrong.cpp"
    wrong.write_text("#include <iostream>\nint main() { std::cout << 7 << std::endl; }")
    arguments = ["problems", "audit", str(folder), "--programs", str(wrong), "--mutants", "3"]
    done = CliRunner().invoke(app, [*arguments, "--json", "--out", str(written)])
    assert done.exit_code == 1, done.output
    assert "sum: its 1 accepted solutions" in done.stderr
    assert "sum: 2 programs" in done.stderr, "what is being done is said"
    row = json.loads(done.stdout)
    assert row["weak"][0] == {"program": str(wrong), "verdict": "WA", "test": "secret/audit-01"}
    assert row["judged"]["AC"] >= 1
    content = (written / "secret/audit-01.in").read_text()
    a, b = map(int, content.split())
    assert (written / "secret/audit-01.ans").read_text() == f"{a + b}\n"
    again = CliRunner().invoke(app, [*arguments, "--out", str(written)])
    assert isinstance(again.exception, BadInput)
    assert "exists already" in str(again.exception)


@pytest.fixture
def package() -> Callable[..., Path]:
    """A sum of two numbers with one test only."""

    def make(folder: Path) -> Path:
        files = {
            "problem.yaml": "name: Sum\nlimits:\n  time_limit: 1\n",
            "problem_statement/problem.en.md": "Add $0 \\le a, b \\le 50$.\n",
            "data/secret/1.in": "3 4\n",
            "data/secret/1.ans": "7\n",
            "input_validators/v.py": "a, b = input().split()\n"
            "exit(42 if 0 <= int(a) <= 50 and 0 <= int(b) <= 50 else 43)\n",
            "submissions/accepted/right.py": "print(sum(map(int, input().split())))\n",
        }
        for name, text in files.items():
            path = folder / "sum" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return folder / "sum"

    return make


def test_bundled_problems_can_be_audited(pool: Pool) -> None:
    problem_ = load(bundled_archive() / "warmer")
    wrong = cpp("#include <iostream>\nint main() { std::cout << 1 << std::endl; }")
    report = audit(
        problem_, pool, [Suspect("one", wrong)], [b"1\n5\n", b"0\n\n"],
        AuditSettings(shrink=shrink, plausible=lambda _: True, seconds=60),
    )  # fmt: skip
    assert (report.inputs, report.weak) == (1, [])
    assert report.judged == {V.WA: 1}
