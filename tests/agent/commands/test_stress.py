"""`medalist stress`: a solution and a brute force on many inputs, in the local sandbox."""

from __future__ import annotations

import json
import re
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import start
from typer.testing import CliRunner

from medalist.agent.commands.main import app
from medalist.errors import BadInput

pytestmark = pytest.mark.local

SUM = "n = int(input())\nprint(sum(map(int, input().split())))\n"
READ = "n = int(input())\na = list(map(int, input().split()))\n"
ENDS = READ + "print(a[0] + a[-1] if n > 1 else a[0])\n"
CRASHES = READ + "print(sum(a) // (n != 4))\n"
LOOPS = READ + "while n == 3: pass\nprint(sum(a))\n"
BROKEN = "raise SystemExit(3)\n"
TESTLIB_LIKE = """
import random, sys
rng = random.Random(int(sys.argv[-1]))
most = int(sys.argv[1])
n = rng.randint(1, most)
print(n)
print(*[rng.randint(1, 9) for _ in range(n)])
"""
READS_SEED = TESTLIB_LIKE.replace("sys.argv[-1]", "input()").replace("int(sys.argv[1])", "8")
NAMED_SEED = TESTLIB_LIKE.replace("sys.argv[-1]", "sys.argv[3].split('=')[1]")
VALID = """
import sys
n, a = sys.stdin.read().splitlines()
sys.exit(not (int(n) == len(a.split()) >= 1 and all(1 <= int(x) <= 9 for x in a.split())))
"""
STATEMENT = """# Sum

Print the sum of n integers.

## Input

The first line holds n (1 <= n <= 8).
The second line holds n integers a_1, ..., a_n (1 <= a_i <= 9).

## Sample Input 1

3
1 5 2

## Sample Output 1

8
"""


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("programs")
    for name, text in {
        "sum.py": SUM,
        "ends.py": ENDS,
        "crashes.py": CRASHES,
        "loops.py": LOOPS,
        "broken.py": BROKEN,
        "gen.py": TESTLIB_LIKE,
        "seed.py": READS_SEED,
        "named.py": NAMED_SEED,
        "valid.py": VALID,
        "sum.md": STATEMENT,
    }.items():
        (folder / name).write_text(text)
    return folder


def stress(folder: Path, *args: str, code: int) -> dict[str, Any]:
    """Run the command in this process, whose imports are paid once; programs are in `folder`."""
    paths = [str(folder / arg) if (folder / arg).exists() else arg for arg in args]
    done = CliRunner().invoke(app, ["stress", *paths, "--json", "--box", "local"])
    assert done.exit_code == code, (done.output, done.exception)
    assert len(done.stdout.splitlines()) == 1
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_a_statement_makes_inputs_and_the_counterexample_is_cut_down(programs: Path) -> None:
    actual = stress(programs, "ends.py", "sum.py", "-p", "sum.md", code=1)
    assert actual["verdict"] == "WA"
    n, numbers = actual["input"].splitlines()
    assert (n, numbers.split()) == ("3", ["1", "1", "1"])
    assert (actual["expected"].strip(), actual["actual"].strip()) == ("3", "2")


def test_the_input_and_both_outputs_are_printed(programs: Path) -> None:
    paths = [str(programs / name) for name in ("ends.py", "sum.py", "sum.md")]
    args = ["stress", *paths[:2], "-p", paths[2], "--no-shrink", "--box", "local"]
    done = CliRunner().invoke(app, args)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"input \(\d+ bytes; from: sample\):", lines[0])
    assert int(lines[1]) == len(lines[2].split())
    assert lines[3] == "the brute force prints:"
    assert re.fullmatch(r"the solution ended properly after .* s and prints:", lines[5])
    assert lines[4] != lines[6]


def test_no_difference_on_as_many_inputs_as_wanted(programs: Path) -> None:
    actual = stress(programs, "sum.py", "sum.py", "-p", "sum.md", "--until", "40", code=0)
    assert (actual["difference"], actual["ended"], actual["compared"]) == (False, "inputs", 40)


@pytest.mark.parametrize(
    ("generator", "args"), [("gen.py", "8"), ("seed.py", ""), ("named.py", "8 -x --seed={seed}")]
)
def test_a_generator_is_told_its_seed_in_each_of_the_usual_ways(
    programs: Path, generator: str, args: str
) -> None:
    actual = stress(programs, "ends.py", "sum.py", "-g", generator, "--args", args, code=1)
    assert actual["origin"].startswith("generator, seed ")
    n, numbers = actual["input"].splitlines()
    assert int(n) == len(numbers.split())
    # Nothing says which smaller inputs are valid: it is one that the generator printed.
    assert actual["bytes"] <= actual["found_bytes"]


def test_a_validator_lets_a_generators_input_be_cut_down(programs: Path, tmp_path: Path) -> None:
    args = ["ends.py", "sum.py", "-g", "gen.py", "--args", "8", "--validator", "valid.py"]
    actual = stress(programs, *args, "--out", str(tmp_path / "failing.in"), code=1)
    assert actual["input"].split() == ["3", "1", "1", "1"]
    assert (tmp_path / "failing.in").read_text() == actual["input"]


def test_a_crash_and_a_loop_are_counterexamples_too(programs: Path) -> None:
    crash = stress(programs, "crashes.py", "sum.py", "-p", "sum.md", "-g", "seed.py", code=1)
    assert (crash["verdict"], crash["input"].split()[0]) == ("RTE", "4")
    assert "ZeroDivisionError" in crash["stderr"]
    args = ["loops.py", "sum.py", "-p", "sum.md", "--time-limit", "0.2", "--no-shrink"]
    assert stress(programs, *args, code=1)["verdict"] == "TLE"


def test_a_tolerance_makes_close_numbers_equal(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "near.py").write_text(SUM.replace("sum(", "1e-9 + sum("))
    near = [str(tmp_path / "near.py"), "sum.py", "-p", "sum.md", "--until", "20"]
    assert stress(programs, *near, "--tolerance", "1e-6", code=0)["compared"] == 20
    assert stress(programs, *near, code=1)["verdict"] == "WA"


def test_a_packages_checker_decides_where_many_outputs_are_right(tmp_path: Path) -> None:
    # Any permutation of the input's numbers is right.
    files = {
        "problem.yaml": "name: Shuffle\nlicense: cc0\nvalidation: custom\n"
        "limits:\n  time_limit: 1\n  memory: 256\n",
        "problem_statement/problem.en.md": "# Shuffle\n\nPrint the n numbers in any order.\n\n"
        "## Input\n\nThe first line holds n (1 <= n <= 6). The second line holds n integers "
        "a_1, ..., a_n (1 <= a_i <= 9).\n",
        "data/sample/1.in": "2\n1 2\n",
        "data/sample/1.ans": "1 2\n",
        "data/secret/2.in": "3\n1 2 3\n",
        "data/secret/2.ans": "1 2 3\n",
        "output_validators/check.py": "import sys\nn, *a = open(sys.argv[1]).read().split()\n"
        "sys.exit(42 if sorted(sys.stdin.read().split()) == sorted(a) else 43)\n",
        "input_validators/valid.py": VALID.replace("sys.exit(not (", "sys.exit(43 - (").replace(
            "<= 9", "<= 9 and int(n) <= 6"
        ),
    }
    for name, content in files.items():
        path = tmp_path / "shuffle" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (tmp_path / "same.py").write_text("input()\nprint(input())\n")
    (tmp_path / "back.py").write_text("input()\nprint(*input().split()[::-1])\n")
    (tmp_path / "most.py").write_text("input()\nprint(*input().split()[:4])\n")
    right = ["back.py", "same.py", "-p", "shuffle", "--until", "30"]
    assert stress(tmp_path, *right, code=0)["invalid"] == 0
    wrong = stress(tmp_path, "most.py", "same.py", "-p", "shuffle", code=1)
    assert wrong["input"].split() == ["5", "1", "1", "1", "1", "1"]


def test_what_is_missing_or_broken_is_said_in_one_line(programs: Path) -> None:
    for args, said in [
        (["ends.py", "sum.py"], "no inputs (give --problem, --generator or both)"),
        (["ends.py", "sum.py", "-g", "broken.py"], "--generator: fails (exit code 3) (seed 1)"),
        (["ends.py", "broken.py", "-p", "sum.md", "--until", "3"], "the brute force fails on all"),
        (["ends.py", "sum.py", "-p", "turnstiles"], "no bundled problem 'turnstiles'"),
        (["ends.py", "nowhere.py", "-p", "sum.md"], "No such file or directory"),
    ]:
        paths = [str(programs / arg) if arg.endswith((".py", ".md")) else arg for arg in args]
        done = CliRunner().invoke(app, ["stress", *paths, "--box", "local"])
        assert isinstance(done.exception, BadInput), done.output
        assert said in str(done.exception)


def test_an_interrupted_search_says_how_far_it_came(programs: Path) -> None:
    process = start("stress", "sum.py", "sum.py", "-g", "gen.py", "--args", "9", cwd=programs)
    assert process.stderr is not None
    process.stderr.readline()  # the sandbox is there
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "inputs" in err
    assert "Traceback" not in err
