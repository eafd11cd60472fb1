"""Whole submissions judged in a real box."""

from collections import Counter
from dataclasses import replace
from functools import partial

import pytest

from medalist.errors import BadInput
from medalist.problems.helper import Protocol
from medalist.problems.judging import JudgeOptions, judge, reclassify
from medalist.problems.model import Kind, ProblemLimits
from medalist.problems.secret import Blob, Group, SecretProblem
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Source
from medalist.sandbox.pool import Pool

from .problems import FLOATS, LIMITS, SHORT, case, cpp, helper, problem, python, sums

V = Verdict
RIGHT = "print(sum(map(int, input().split())))"


@pytest.mark.parametrize(
    ("text", "verdict", "failing"),
    [
        (RIGHT, V.AC, None),
        ("a, b = map(int, input().split()); print(a - b)", V.WA, 1),
        ("a, b = map(int, input().split()); print(float(a + b))", V.WA, 1),
        ("a, b = map(int, input().split()); print(a + b if a > 0 else 'x')", V.WA, 3),
        ("import sys; sys.exit(7)", V.RTE, 1),
        ("import os; os.kill(os.getpid(), 11)", V.RTE, 1),
        ("while True: pass", V.TLE, 1),
        ("x = [bytearray(b'x' * 10**7) for _ in range(100)]", V.MLE, 1),
        ("while True: print('x' * 1000)", V.OLE, 1),
        ("", V.WA, 1),
        ("print(", V.CE, None),
    ],
)
def test_verdicts_of_a_batch_problem(
    pool: Pool, text: str, verdict: Verdict, failing: int | None
) -> None:
    judgement = judge(sums(), python(text), pool)
    assert judgement.verdict is verdict
    assert judgement.score is None
    failing_test = judgement.failing_test
    assert (failing_test.test_id if failing_test else None) == (
        f"secret/{failing}" if failing else None
    )
    assert len(judgement.tests) == (failing or (4 if verdict is V.AC else 0))


def test_a_signal_and_an_exit_code_are_named(pool: Pool) -> None:
    crash = judge(sums(), cpp("int main() { __builtin_trap(); }"), pool)
    assert crash.tests[0].message == "SIGILL"
    code = judge(sums(), cpp("int main() { return 9; }"), pool)
    assert code.tests[0].message == "exit code 9"


def test_compile_errors_say_why(pool: Pool) -> None:
    judgement = judge(sums(), cpp("int main() { undeclared(); }"), pool)
    assert judgement.verdict is V.CE
    assert "undeclared" in judgement.message
    assert judgement.tests == ()


def test_a_wrong_answer_shows_its_first_difference(pool: Pool) -> None:
    wrong = "print(sum(map(int, input().split())) % 10**9)"
    judgement = judge(sums(), python(wrong), pool, how=JudgeOptions(keep_going=True))
    assert [test.verdict for test in judgement.tests] == [V.AC, V.AC, V.AC, V.WA]
    assert "expected '1000000000000000001', got '1'" in judgement.tests[3].message


def test_tolerance_is_the_problems(pool: Pool) -> None:
    third = problem(("", "0.3333333333\n"), public={"equality": FLOATS})
    assert judge(third, python("print(1/3)"), pool).verdict is V.AC
    assert judge(third, python("print(0.333)"), pool).verdict is V.WA


def test_subtasks_stop_alone_and_give_points(pool: Pool) -> None:
    groups = (
        Group("sample", (case("s", "1", "2"),), ignore=True),
        Group("secret/a", (case("a1", "1", "1"), case("a2", "2", "4")), aggregate="min",
              points=40.0, subtask_id="a"),
        Group("secret/b", (case("b1", "300", "90000"), case("b2", "1", "1")), aggregate="min",
              points=60.0, subtask_id="b"),
    )  # fmt: skip
    squares = problem(groups=groups, scoring=True)
    small = judge(squares, python("n = int(input()); print(n * n if n < 99 else 0)"), pool)
    assert (small.verdict, small.score) == (V.PAC, 40)
    assert [test.test_id for test in small.tests] == ["s", "a1", "a2", "b1"]
    assert {g.group_id: g.score for g in small.groups} == {
        "sample": 0.0,
        "secret/a": 40.0,
        "secret/b": 0.0,
    }
    full = judge(squares, python("print(int(input()) ** 2)"), pool)
    assert (full.verdict, full.score) == (V.AC, 100)
    none = judge(squares, python("print(-1)"), pool)
    assert (none.verdict, none.score) == (V.WA, 0)


def test_tests_with_equal_content_run_once(pool: Pool) -> None:
    cases = tuple(case(f"t{i}", "1 1", "2") for i in range(6))
    group = Group("secret", cases)
    judgement = judge(problem(groups=(group,)), python(RIGHT), pool)
    assert judgement.verdict is V.AC
    assert len(judgement.tests) == 6
    assert len({test.cpu_s for test in judgement.tests}) == 1, "one run served all six"


def test_test_data_are_read_as_they_are_needed(pool: Pool) -> None:
    reads: Counter[str] = Counter()

    def read(name: str) -> bytes:
        reads[name] += 1
        return f"{name} 1\n".encode()

    cases = [
        replace(case(f"{i}", "", f"{i + 1}"), input=Blob(f"{i}", partial(read, f"{i}")))
        for i in range(500)
    ]
    many = problem(groups=(Group("secret", tuple(cases)),))
    stops = "n = int(input().split()[0]); print(n + 1 if n != 7 else 'x')"
    judgement = judge(many, python(stops), pool)
    assert (judgement.verdict, len(judgement.tests)) == (V.WA, 8)
    assert len(reads) < 100, "a box runs ahead, but not to the end"
    assert max(reads.values()) == 1


def test_what_a_box_ran_ahead_costs_nothing(pool: Pool) -> None:
    sleepy = python("import time; time.sleep(1000 if input() == '1 2' else 0); print(0)")
    groups = (Group("a", (case("a1", "1 2", "3"), case("a2", "2 2", "4"))),
              Group("b", (case("b1", "3 3", "0"),)))  # fmt: skip
    judgement = judge(problem(groups=groups, scoring=True), sleepy, pool, limits=SHORT)
    assert [(t.test_id, t.verdict) for t in judgement.tests] == [("a1", V.ILE), ("b1", V.AC)]


def test_one_run_serves_lower_limits(pool: Pool) -> None:
    half_a_second = cpp(
        "#include <ctime>\n#include <cstdio>\n"
        'int main() { while (clock() < CLOCKS_PER_SEC / 2); puts("0"); }'
    )
    asked = problem(("", "0\n"))
    judgement = judge(asked, half_a_second, pool)
    assert judgement.verdict is V.AC
    lower = LIMITS.model_copy(update={"time_s": 0.3})
    assert reclassify(asked, judgement, lower, pool).verdict is V.TLE
    assert reclassify(asked, judgement, LIMITS, pool).verdict is V.AC


def test_the_real_limit_decides_and_not_the_raised_one(pool: Pool) -> None:
    slow = cpp(
        "#include <ctime>\n#include <cstdio>\n"
        'int main() { while (clock() < 0.45 * CLOCKS_PER_SEC); puts("0"); }'
    )
    limits = LIMITS.model_copy(update={"time_s": 0.3})
    judgement = judge(problem(("", "0\n")), slow, pool, limits=limits, how=JudgeOptions(raised=3.0))
    assert judgement.verdict is V.TLE
    assert judgement.cpu_s >= 0.45


def test_the_deadliest_test_is_run_first(pool: Pool) -> None:
    kills: Counter[str] = Counter()
    wrong = python("a, b = map(int, input().split()); print(a + b if a < 10**9 else 0)")
    first = judge(sums(), wrong, pool, how=JudgeOptions(kills=kills))
    assert [test.test_id for test in first.tests][-1] == "secret/4"
    again = judge(sums(), wrong, pool, how=JudgeOptions(kills=kills))
    assert [test.test_id for test in again.tests] == ["secret/4"]
    assert judge(sums(), python(RIGHT), pool, how=JudgeOptions(kills=kills)).verdict is V.AC


KATTIS_CHECKER = """
import sys
answer = open(sys.argv[2]).read().split()
said = sys.stdin.read().split()
open(sys.argv[3] + "judgemessage.txt", "w").write("compared")
sys.exit(42 if sorted(answer) == sorted(said) else 43)
"""


def test_kattis_output_validator(pool: Pool) -> None:
    any_order = problem(("", "1 2 3"), ("", "4 5"), checker=helper(KATTIS_CHECKER))
    right = "print('3 2 1')"
    assert judge(any_order, python(right), pool).verdict is V.WA, "the second test wants 4 5"
    one = problem(("", "1 2 3"), checker=helper(KATTIS_CHECKER))
    assert judge(one, python(right), pool).verdict is V.AC
    wrong = judge(one, python("print(1)"), pool)
    assert (wrong.verdict, wrong.tests[0].message) == (V.WA, "compared")
    crashed = judge(one, python("print('1 2 3'); raise SystemExit(1)"), pool)
    assert crashed.verdict is V.RTE, "a checker is never asked about a failed run"


def test_checkers_that_break_are_judge_errors(pool: Pool) -> None:
    for text in ("raise SystemExit(1)", "import os; os.abort()", "syntax error("):
        broken = judge(problem(("", "1"), checker=helper(text)), python("print(1)"), pool)
        assert broken.verdict is V.JE
        assert broken.message


TESTLIB_CHECKER = """
import sys
out, ans = open(sys.argv[2]).read().split(), open(sys.argv[3]).read().split()
if not out: print("wrong output format", file=sys.stderr); sys.exit(2)
if out == ans: print("ok", file=sys.stderr); sys.exit(0)
if out[0] == "half": sys.exit(16 + 50)
if out[0] == "points": print("points 3", file=sys.stderr); sys.exit(7)
sys.exit(1)
"""
CMS_CHECKER = """
import sys
answer, said = open(sys.argv[2]).read().split(), open(sys.argv[3]).read().split()
print(1.0 if said == answer else 0.5 if said == ["half"] else 0.0)
print("translate:something", file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("text", "protocol", "said", "verdict", "score"),
    [
        (TESTLIB_CHECKER, "testlib", "7", V.AC, 10.0),
        (TESTLIB_CHECKER, "testlib", "8", V.WA, 0.0),
        (TESTLIB_CHECKER, "testlib", "", V.PE, 0.0),
        (TESTLIB_CHECKER, "testlib", "half", V.PAC, 5.0),
        (TESTLIB_CHECKER, "testlib", "points", V.PAC, 3.0),
        (CMS_CHECKER, "cms", "7", V.AC, 10.0),
        (CMS_CHECKER, "cms", "half", V.PAC, 5.0),
        (CMS_CHECKER, "cms", "8", V.WA, 0.0),
        (TESTLIB_CHECKER, "dmoj", "8", V.WA, 0.0),
    ],
)
def test_checkers_of_every_protocol(
    pool: Pool, text: str, protocol: Protocol, said: str, verdict: Verdict, score: float
) -> None:
    group = Group("secret", (case("1", "in", "7"),), points=10.0)
    asked = problem(groups=(group,), scoring=True, checker=helper(text, protocol))
    judgement = judge(asked, python(f"print({said!r})"), pool)
    assert (judgement.verdict, judgement.score) == (verdict, score)


def test_a_custom_grader_aggregates(pool: Pool) -> None:
    grader = helper(
        "import sys\nlines = sys.stdin.read().split()\n"
        "print('AC' if 'AC' in lines else 'WA', 3 * sum(map(float, lines[1::2])))"
    )
    group = Group(
        "secret", (case("1", "1", "1"), case("2", "2", "2")), points=5.0, stop_on_failure=False,
        grader_flags=("x",),
    )  # fmt: skip
    asked = problem(groups=(group,), scoring=True, grader=grader, public={"full_score": 30.0})
    judgement = judge(asked, python("print(1)"), pool)
    assert (judgement.verdict, judgement.score) == (V.PAC, 15)
    silent = problem(groups=(group,), scoring=True, grader=helper("pass"))
    assert judge(silent, python("print(1)"), pool).verdict is V.JE


def test_outputs_that_are_handed_in(pool: Pool) -> None:
    asked = problem(("1", "one"), ("2", "two"), public={"kind": Kind.OUTPUT_ONLY})
    both = Source("", {"1.out": b"one\n", "2.out": b"two\n"}, "")
    assert judge(asked, both, pool).verdict is V.AC
    numbered = Source("", {"output_01.txt": b"one", "output_02.txt": b"two"}, "")
    assert judge(asked, numbered, pool).verdict is V.AC
    assert judge(asked, Source("", {"output_01.txt": b"one"}, ""), pool).verdict is V.WA
    swapped = Source("", {"1.out": b"two", "2.out": b"one"}, "")
    assert judge(asked, swapped, pool).verdict is V.WA


def test_a_problem_without_tests_is_bad_input(pool: Pool) -> None:
    bare = sums()
    for secret in (None, SecretProblem(())):
        with pytest.raises(BadInput, match="no tests"):
            judge(replace(bare, secret=secret), python(RIGHT), pool)
    with pytest.raises(BadInput, match="unknown language"):
        judge(bare, Source("cobol", {"x": b""}, "x"), pool)


def test_memory_limit_is_the_problems(pool: Pool) -> None:
    touch = cpp(
        "#include <vector>\n#include <cstdio>\n"
        'int main() { std::vector<char> v(100 << 20, 1); printf("%d\\n", v[5] - 1); }'
    )
    asked = problem(("", "0\n"))
    assert judge(asked, touch, pool, limits=ProblemLimits(time_s=1, memory_mb=256)).verdict is V.AC
    assert judge(asked, touch, pool, limits=ProblemLimits(time_s=1, memory_mb=64)).verdict in (
        V.MLE,
        V.RTE,
    )
