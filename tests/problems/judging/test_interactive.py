"""Interactive, multi-pass and function problems judged in real boxes."""

import pytest

from medalist.problems.assemble import submission
from medalist.problems.helper import Helper, Protocol
from medalist.problems.judging import judge
from medalist.problems.model import GraderFile, Kind
from medalist.problems.secret import Problem
from medalist.problems.verdict import Verdict
from medalist.sandbox.pool import Pool

from .problems import SHORT, helper, problem, python

V = Verdict

# Guess a number between 1 and 100 in at most 7 guesses.
KATTIS_GUESS = """
import sys
secret = int(open(sys.argv[1]).read())
def done(code, why):
    open(sys.argv[3] + "judgemessage.txt", "w").write(why)
    sys.exit(code)
for _ in range(7):
    line = sys.stdin.readline()
    if not line.strip().isdigit(): done(43, "no guess")
    guess = int(line)
    try:
        print("correct" if guess == secret else "lower" if guess > secret else "higher", flush=True)
    except BrokenPipeError:
        done(43, "gone")
    if guess == secret: done(42, "found")
done(43, "too many guesses")
"""
TESTLIB_GUESS = """
import sys
secret = int(open(sys.argv[1]).read())
guesses = 0
for line in sys.stdin:
    if not line.strip().isdigit(): sys.exit(2)
    guesses += 1
    guess = int(line)
    print("correct" if guess == secret else "lower" if guess > secret else "higher", flush=True)
    if guess == secret: break
else:
    sys.exit(8)
open(sys.argv[2], "w").write(str(guesses))
"""
FEW_GUESSES = """
import sys
sys.exit(0 if int(open(sys.argv[2]).read()) <= 7 else 1)
"""
SEARCH = """
low, high = 1, 100
while True:
    middle = (low + high) // 2
    print(middle, flush=True)
    said = input()
    if said == "correct": break
    if said == "lower": high = middle - 1
    else: low = middle + 1
"""


def guessing(protocol: Protocol = "kattis") -> Problem:
    tests = [(str(n), "") for n in (1, 50, 37)]
    if protocol == "kattis":
        return problem(*tests, public={"kind": Kind.INTERACTIVE}, interactor=helper(KATTIS_GUESS))
    return problem(
        *tests,
        public={"kind": Kind.INTERACTIVE},
        interactor=helper(TESTLIB_GUESS, "testlib"),
        checker=helper(FEW_GUESSES, "testlib"),
    )


@pytest.mark.parametrize("protocol", ["kattis", "testlib"])
@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (SEARCH, V.AC),
        ("for n in range(1, 101):\n    print(n, flush=True)\n    if input() == 'correct': break",
         V.WA),
        ("import sys; sys.exit(3)", V.RTE),
        ("print(1, flush=True); input()\nwhile True: pass", V.TLE),
    ],
)  # fmt: skip
def test_a_conversation(pool: Pool, protocol: Protocol, text: str, verdict: Verdict) -> None:
    assert judge(guessing(protocol), python(text), pool).verdict is verdict


def test_a_wrong_answer_first_wins_over_what_the_program_does_later(pool: Pool) -> None:
    seven = "for _ in range(7): print(2, flush=True); input()\n"
    crash = judge(guessing(), python(seven + "input()"), pool)
    assert crash.verdict is V.WA
    assert crash.tests[0].message == "too many guesses"
    assert judge(guessing(), python(seven + "while True: pass"), pool).verdict is V.WA


def test_two_that_wait_for_each_other_are_idle(pool: Pool) -> None:
    asked = problem(
        ("50", ""),
        public={"kind": Kind.INTERACTIVE},
        interactor=helper(KATTIS_GUESS),
        validation_s=0.5,
    )
    assert judge(asked, python("input()"), pool, limits=SHORT).verdict is V.ILE


def test_a_program_that_leaves_early_is_judged_by_the_interactor(pool: Pool) -> None:
    early = judge(guessing(), python("print(2, flush=True); input()"), pool)
    assert (early.verdict, early.tests[0].message) == (V.WA, "no guess")


def test_last_words_to_one_that_has_gone_kill_nobody(pool: Pool) -> None:
    long = "'x' * 70000"  # more than a pipe holds
    chatty = KATTIS_GUESS.replace("    line =", f"    print({long}, flush=True)\n    line =")
    asked = problem(("1", ""), public={"kind": Kind.INTERACTIVE}, interactor=helper(chatty))
    left = judge(asked, python("pass"), pool)
    assert (left.verdict, left.tests[0].message) == (V.WA, "no guess")
    talks_on = f"{SEARCH}import time; time.sleep(0.3)\nfor _ in range(9): print({long})"
    assert judge(guessing(), python(talks_on), pool).verdict is V.AC


ADDS_ALL = """
import os, sys
print(*range(int(open(sys.argv[1]).read())), flush=True)
os.close(1)
said = sys.stdin.read().split()
sys.exit(42 if said == [str(sum(range(int(open(sys.argv[1]).read()))))] else 43)
"""


@pytest.mark.parametrize("count", [3, 30_000])
def test_who_closes_its_output_and_goes_on_ends_the_stream(pool: Pool, count: int) -> None:
    """Both sides read to the end before they say or judge anything."""
    asked = problem(
        (str(count), ""), public={"kind": Kind.INTERACTIVE}, interactor=helper(ADDS_ALL)
    )
    adds = "import os, sys, time\nprint(sum(map(int, sys.stdin.read().split())), flush=True)\n"
    closes = f"{adds}os.close(1)\ntime.sleep(0.05)\n"
    assert judge(asked, python(closes), pool).verdict is V.AC
    assert judge(asked, python(f"{closes}sys.exit(3)"), pool).verdict is V.RTE
    assert judge(asked, python(closes.replace("sum(", "-sum(")), pool).verdict is V.WA


def test_an_interactor_that_breaks_is_a_judge_error(pool: Pool) -> None:
    broken = problem(
        ("1", ""), public={"kind": Kind.INTERACTIVE}, interactor=helper("raise SystemExit(0)")
    )
    assert judge(broken, python("print(1)"), pool).verdict is V.JE


# Pass 1: write down a code for the number; pass 2: read the code and say the number.
TWO_PASSES = """
import os, sys
secret = open(sys.argv[1]).read().split()
said = sys.stdin.read().split()
if secret[0] == "encode":
    if len(said) != 1 or len(said[0]) > 8: sys.exit(43)
    open(sys.argv[3] + "nextpass.in", "w").write("decode " + said[0])
    sys.exit(42)
answer = open(sys.argv[2]).read().split()
sys.exit(42 if said == answer else 43)
"""


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("a, b = input().split(); print(hex(int(b)) if a == 'encode' else int(b, 16))", V.AC),
        ("a, b = input().split(); print(b[:1] if a == 'encode' else b)", V.WA),
        ("a, b = input().split(); print(b if a == 'encode' else 1 // 0)", V.RTE),
        ("print('123456789')", V.WA),
    ],
)
def test_two_passes(pool: Pool, text: str, verdict: Verdict) -> None:
    asked = problem(
        ("encode 12345", "12345"), public={"kind": Kind.MULTIPASS}, checker=helper(TWO_PASSES)
    )
    judgement = judge(asked, python(text), pool)
    assert judgement.verdict is verdict


# Pass 1 keeps the number in its own file, which pass 2 compares with; both add to a message.
KEEPS = {
    "python3": """
import os, sys
folder = sys.argv[3]
with open(folder + "judgemessage.txt", "a") as message:
    message.write("pass ")
if os.path.exists(folder + ".state"):
    sys.exit(42 if open(folder + ".state").read() == sys.stdin.read().strip() else 43)
open(folder + ".state", "w").write(open(sys.argv[1]).read().strip())
open(folder + "nextpass.in", "w").write("again")
{end}(42)
""",
    "cpp17": """
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
int main(int, char **argv) {{
  std::string folder = argv[3], kept, said;
  std::ofstream(folder + "judgemessage.txt", std::ios::app) << "pass ";
  if (std::ifstream(folder + ".state") >> kept) {{
    std::cin >> said;
    return kept == said ? 42 : 43;
  }}
  std::ifstream(argv[1]) >> said;
  static std::ofstream state(folder + ".state");
  state << said;
  std::ofstream(folder + "nextpass.in") << "again";
  state.flush();
  {end}(42);
}}
""",
}


@pytest.mark.parametrize(
    ("language", "end"),
    [
        ("python3", "sys.exit"), ("python3", "os._exit"),
        ("cpp17", "std::exit"), ("cpp17", "std::quick_exit"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("interactive", [False, True])
def test_what_a_validator_keeps_is_there_in_the_next_pass(
    pool: Pool, language: str, end: str, interactive: bool
) -> None:
    name = "v.py" if language == "python3" else "v.cpp"
    text = KEEPS[language].format(end=end)
    keeper = Helper(name, language, {name: text.encode()}, name)
    if interactive:
        asked = problem(("5", ""), public={"kind": Kind.MULTIPASS}, interactor=keeper)
    else:
        asked = problem(("5", ""), public={"kind": Kind.MULTIPASS}, checker=keeper)
    right = judge(asked, python("print(5)"), pool)
    assert (right.verdict, right.tests[0].message) == (V.AC, "pass pass")
    assert judge(asked, python("print(6)"), pool).verdict is V.WA


def test_passes_are_limited(pool: Pool) -> None:
    endless = helper("import sys; open(sys.argv[3] + 'nextpass.in', 'w').write('x'); sys.exit(42)")
    asked = problem(("x", ""), public={"kind": Kind.MULTIPASS}, checker=endless)
    judgement = judge(asked, python("print(1)"), pool)
    assert judgement.verdict is V.JE
    assert "no verdict in 2 passes" in judgement.message


HEADER = "int twice(int n);\n"
STUB = """#include <cstdio>
#include "grader.h"
int main() { int n; scanf("%d", &n); printf("%d\\n", twice(n)); }
"""
PYTHON_GRADER = "import solution\nprint(solution.twice(int(input())))\n"


def functions(*, hidden: bool) -> Problem:
    public = {
        "kind": Kind.FUNCTION,
        "grader_files": (
            GraderFile(language="cpp", name="grader.h", content=HEADER),
            *(() if hidden else (GraderFile(language="cpp", name="grader.cpp", content=STUB),)),
            GraderFile(language="python", name="grader.py", content=PYTHON_GRADER),
        ),
    }
    secret = {"grader_files": {"cpp": {"grader.cpp": STUB.encode()}}} if hidden else {}
    return problem(("21", "42"), ("-1", "-2"), public=public, **secret)


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize(
    ("language", "text", "verdict"),
    [
        ("cpp", '#include "grader.h"\nint twice(int n) { return 2 * n; }', V.AC),
        ("cpp", '#include "grader.h"\nint twice(int n) { return n * n; }', V.WA),
        ("cpp", "int main() { return 0; }", V.CE),
        ("python", "def twice(n):\n    return n + n", V.AC),
        ("python", "def twice(n):\n    return n", V.WA),
    ],
)
def test_functions_are_compiled_with_their_grader(
    pool: Pool, hidden: bool, language: str, text: str, verdict: Verdict
) -> None:
    asked = functions(hidden=hidden)
    source = submission(asked.public, language, text)
    if hidden:
        assert "grader.cpp" not in source.files
    assert judge(asked, source, pool).verdict is verdict


def test_a_submission_cannot_replace_the_grader(pool: Pool) -> None:
    asked = functions(hidden=True)
    source = submission(asked.public, "cpp", "int twice(int) { return 0; }")
    forged = type(source)(
        source.language, {**source.files, "grader.cpp": b"int main() { }"}, source.main
    )
    assert judge(asked, forged, pool).verdict is V.WA


def test_helpers_may_have_several_files(pool: Pool) -> None:
    checker = Helper(
        "checker", "cpp17",
        {"check.cpp": b'#include "verdict.h"\nint main() { return right(); }',
         "verdict.h": b"inline int right() { return 42; }"},
        "check.cpp",
    )  # fmt: skip
    assert judge(problem(("", "1"), checker=checker), python("print(2)"), pool).verdict is V.AC
