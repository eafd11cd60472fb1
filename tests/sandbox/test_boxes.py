"""What every box promises about honest programs and ordinary failures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from medalist.errors import BadInput
from medalist.sandbox import selftest
from medalist.sandbox.box import Executable, PairSide, Run
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome, Status
from medalist.sandbox.pool import HostPool, Pool

Build = Callable[[str, str], Executable]

ADD_C = r"""
#include <stdio.h>
int main(void) { long long a, b; if (scanf("%lld %lld", &a, &b) != 2) return 3;
                 printf("%lld\n", a + b); fprintf(stderr, "note"); return 0; }
"""
LIMITS = RunLimits(cpu_s=1.0, memory_bytes=128 * MIB, output_bytes=MIB)


def once(
    pool: Pool,
    executable: Executable,
    run: Run = Run(),  # noqa: B008
    limits: RunLimits = LIMITS,
) -> Outcome:
    with pool.box() as box:
        (outcome,) = box.run_many(executable, [run], limits)
    return outcome


def test_a_right_answer_is_a_fact(pool: Pool, build: Build) -> None:
    outcome = once(pool, build("c17", ADD_C), Run(b"20 22\n"))
    assert outcome.ok
    assert (outcome.exit_code, outcome.signal) == (0, None)
    assert (outcome.stdout, outcome.stderr) == (b"42\n", b"note")
    assert 0 < outcome.cpu_s < 1
    assert 0 < outcome.memory_bytes < 64 * MIB
    assert outcome.trusted is not bool(pool.lost)


def test_many_runs_come_back_in_order(pool: Pool, build: Build) -> None:
    runs = [Run(f"{i} {i}".encode()) for i in range(300)]
    with pool.box() as box:
        outcomes = list(box.run_many(build("c17", ADD_C), runs, LIMITS))
    assert [outcome.stdout for outcome in outcomes] == [b"%d\n" % (2 * i) for i in range(300)]


def test_contents_of_every_size_arrive_whole(pool: Pool, build: Build) -> None:
    echo = build(
        "python3",
        "import sys\nd = sys.stdin.buffer.read()\nsys.stdout.buffer.write(d[::-1])\n"
        "open('copy', 'wb').write(d)\n",
    )
    sizes = [0, 1, 16 << 10, (16 << 10) + 1, 65536, 3 * MIB]
    contents = [bytes(range(256)) * (size // 256) + b"x" * (size % 256) for size in sizes]
    runs = [Run(content, collect=("copy",)) for content in contents]
    with pool.box() as box:
        outcomes = list(
            box.run_many(echo, runs, RunLimits(memory_bytes=256 * MIB, output_bytes=8 * MIB))
        )
    for content, outcome in zip(contents, outcomes, strict=True):
        assert outcome.stdout == content[::-1]
        assert outcome.files == {"copy": content}


def test_the_stop_rule_holds_inside_the_runner(pool: Pool, build: Build) -> None:
    runs = [Run(b"1 2"), Run(b"junk"), Run(b"3 4")]
    with pool.box() as box:
        outcomes = list(box.run_many(build("c17", ADD_C), runs, LIMITS, stop_on_failure=True))
        after = list(box.run_many(build("c17", ADD_C), runs[:1], LIMITS))
    assert [outcome.status for outcome in outcomes] == [Status.OK, Status.RUNTIME]
    assert outcomes[1].exit_code == 3
    assert [outcome.status for outcome in after] == [Status.OK]


def test_a_closed_iterator_cancels_the_rest(pool: Pool, build: Build) -> None:
    asked = 0

    def endless() -> Iterator[Run]:
        nonlocal asked
        while True:
            asked += 1
            yield Run(b"loop" if asked > 1 else b"1 2")

    program = build("python3", "d = input()\nwhile d == 'loop': pass\nprint(d)\n")
    with pool.box() as box:
        outcomes = box.run_many(program, endless(), RunLimits(cpu_s=100))
        assert next(outcomes).stdout == b"1 2\n"
        outcomes.close()
        assert asked < 100
        (after,) = box.run_many(build("c17", ADD_C), [Run(b"1 2")], LIMITS)
    assert after.stdout == b"3\n"


FAILURES = {
    "a loop": ("while True: pass", Status.TIME),
    "a child that loops": (
        "import os\nif os.fork() == 0:\n  while True: pass\nos.wait()",
        Status.TIME,
    ),
    "children that nobody waits for": (
        (
            "import os, signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
            "for i in range(8):\n  if os.fork() == 0:\n    for j in range(10**9): pass\n"
            "while True: signal.pause()"
        ),
        Status.TIME,
    ),
    "too much memory": ("x = b'x' * (200 << 20)", Status.MEMORY),
    "endless recursion": (
        "import sys\nsys.setrecursionlimit(10**9)\ndef f(n): return [*range(9), f(n + 1)]\nf(0)",
        Status.MEMORY,
    ),
    "memory of several processes": (
        "import os, time\nfor i in range(4): os.fork()\nx = b'x' * (20 << 20)\ntime.sleep(9)",
        Status.MEMORY,
    ),
    "too much output": (
        "import sys\nfor i in range(3000): sys.stdout.write('x' * 1000)\n",
        Status.OUTPUT,
    ),
    "too much on stderr": (
        "import os\nwhile os.write(2, b'x' * 100000): pass\n",
        Status.OUTPUT,
    ),
    "an exit code": ("raise SystemExit(7)", Status.RUNTIME),
    "a signal": ("import os; os.abort()", Status.RUNTIME),
    "its own SIGKILL": ("import os; os.kill(os.getpid(), 9)", Status.RUNTIME),
    "sleep": ("import time; time.sleep(100)", Status.IDLE),
    "standing still": ("import os; os.kill(os.getpid(), 19)", Status.IDLE),
}


@pytest.mark.parametrize("case", FAILURES)
def test_every_failure_has_its_name(pool: Pool, build: Build, case: str) -> None:
    text, status = FAILURES[case]
    wall_s = 1.5 if status is Status.IDLE else 10.0
    # Only a loop may meet the time limit, on a busy machine, too.
    cpu_s = 0.5 if status is Status.TIME else 8.0
    limits = RunLimits(cpu_s=cpu_s, wall_s=wall_s, memory_bytes=128 * MIB, output_bytes=MIB)
    outcome = once(pool, build("python3", text), limits=limits)
    assert outcome.status is status, outcome
    assert len(outcome.stdout) <= MIB
    assert len(outcome.stderr) <= limits.stderr_bytes


def test_memory_shared_between_processes_counts_once(pool: Pool, build: Build) -> None:
    text = (
        "import os, time\nx = b'x' * (60 << 20)\n"
        "for i in range(4):\n  if os.fork() == 0: time.sleep(0.3); os._exit(0)\n"
        "for i in range(4): os.wait()\nprint(len(x))\n"
    )
    outcome = once(pool, build("python3", text))
    assert outcome.ok, outcome


def test_a_child_killed_for_memory_is_known(pool: Pool, build: Build) -> None:
    text = (
        "import os\nif os.fork() == 0:\n  x = []\n  while True: x.append(b'x' * (64 << 20))\n"
        "os.wait()\nprint('fine')\n"
    )
    assert once(pool, build("python3", text)).status is Status.MEMORY


def test_deep_recursion_needs_no_permission(pool: Pool, build: Build) -> None:
    text = r"""
    #include <stdio.h>
    static long f(long n) {
      volatile char pad[64];
      pad[0] = 1;
      return n ? f(n - 1) + pad[0] : 0;
    }
    int main(void) { printf("%ld\n", f(800000)); }
    """
    assert once(pool, build("c17", text)).stdout == b"800000\n"


def test_output_at_the_limit_is_no_failure(pool: Pool, build: Build) -> None:
    program = build("python3", "import sys\nsys.stdout.write('x' * int(input()))")
    assert once(pool, program, Run(b"%d" % MIB)).ok
    assert once(pool, program, Run(b"%d" % (MIB + 1))).status is Status.OUTPUT


def test_files_and_arguments_are_there_and_only_named_files_come_back(
    pool: Pool, build: Build
) -> None:
    program = build(
        "python3",
        "import sys, os\nprint(open('in/data.txt').read(), sys.argv[1:])\n"
        "open('out.txt', 'w').write('kept'); open('other', 'w').write('lost')\n"
        "os.symlink('/etc/passwd', 'link'); os.mkfifo('fifo'); os.mkdir('dir')\n"
        "open('in/note', 'w').write('noted')\n",
    )
    run = Run(
        files={"in/data.txt": b"hello"},
        args=("one", "two words"),
        collect=("out.txt", "link", "fifo", "dir", "absent", "in/note"),
    )
    outcome = once(pool, program, run)
    assert outcome.stdout == b"hello ['one', 'two words']\n", outcome
    assert outcome.files == {"out.txt": b"kept", "in/note": b"noted"}


@pytest.mark.parametrize("name", ["../x", "/x", "a//b", "a/../b", ".", "a/", ""])
def test_file_names_cannot_leave_the_working_directory(pool: Pool, build: Build, name: str) -> None:
    with pytest.raises(BadInput, match="file name"):
        once(pool, build("c17", ADD_C), Run(b"1 2", files={name: b""}))


def test_a_pair_talks_and_the_first_to_end_is_known(pool: Pool, build: Build) -> None:
    asker = build(
        "python3",
        "import sys\nn = int(sys.stdin.readline())\n"
        "for i in range(n): print(i, flush=True); assert int(input()) == 2 * i\n",
    )
    doubler = build(
        "python3",
        "import sys\nprint(sys.argv[1], flush=True)\n"
        "for line in sys.stdin: print(2 * int(line), flush=True)\n"
        "open('verdict', 'w').write('fine')\n",
    )
    pair = pool.run_pair(
        PairSide(asker, LIMITS), PairSide(doubler, LIMITS, Run(args=("50",), collect=("verdict",)))
    )
    assert pair.program.ok, pair
    assert pair.interactor.ok, pair
    assert pair.interactor.files == {"verdict": b"fine"}
    assert pair.first == "program"


def test_an_interactor_that_leaves_first_is_known(pool: Pool, build: Build) -> None:
    stubborn = build("python3", "while True: print(input(), flush=True)\n")
    leaver = build("python3", "print('hi', flush=True)\ninput()\nraise SystemExit(43)\n")
    pair = pool.run_pair(PairSide(stubborn, LIMITS), PairSide(leaver, LIMITS))
    assert pair.interactor.exit_code == 43
    assert pair.program.status is Status.RUNTIME
    assert pair.first == "interactor"


def test_two_that_wait_for_each_other_are_idle(pool: Pool, build: Build) -> None:
    waiter = build("python3", "input()")
    limits = RunLimits(cpu_s=0.5, wall_s=1.0)
    pair = pool.run_pair(PairSide(waiter, limits), PairSide(waiter, limits))
    assert pair.program.status is Status.IDLE


def test_room_for_a_large_run_is_gone_for_the_next(pool: HostPool, build: Build) -> None:
    (hidden,) = (case for case in selftest.cases() if case.name == "memory_shared_hidden")
    if reason := selftest.Tester(pool).excuse(hidden):
        pytest.skip(reason)
    program, honest = pool.compile(hidden.source).executable, build("c17", ADD_C)
    assert program is not None
    with pool.box() as box:
        large = RunLimits(memory_bytes=2048 * MIB)
        assert [item.ok for item in box.run_many(honest, [Run(b"1 2")], large)] == [True]
        (outcome,) = box.run_many(program, [Run()], hidden.limits)
        assert outcome.status.value in hidden.expected
        assert [item.ok for item in box.run_many(honest, [Run(b"1 2")], large)] == [True]
