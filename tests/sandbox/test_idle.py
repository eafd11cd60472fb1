"""The idle clock: waiting for a core is never idleness, whoever waited; sleeping always is."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from medalist.errors import SandboxFailure
from medalist.sandbox import languages
from medalist.sandbox.box import PairOutcome, PairSide, Run
from medalist.sandbox.compile import Compiler, CompilerSettings
from medalist.sandbox.executables import ExecutableCache
from medalist.sandbox.languages import LANGUAGES
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.outcome import Outcome, Status
from medalist.sandbox.pair import waited_in_vain
from medalist.sandbox.pool import HostPool, Kind, open_pool

from .busy import busy_loops, first_core

CHILDREN = """
import os, time
def burn(s):
    pid = os.fork()
    if pid == 0:
        while time.process_time() < s: pass
        os._exit(0)
    os.waitpid(pid, 0)
for _ in range(5): burn(0.3)
print("done")
"""
THREADS = """
import threading, time
def burn():
    start = time.thread_time()
    while time.thread_time() < start + 0.3: pass
for _ in range(5):
    thread = threading.Thread(target=burn)
    thread.start()
    thread.join()
print("done")
"""
# A look every 10 ms must not fall in step with it.
POLLS = "import time\nwhile True: time.sleep(0.01)\n"
# While its child has not called exec, the parent stands in the kernel as if for a disk.
IN_KERNEL = """
#include <time.h>
#include <unistd.h>
int main(void) {
  struct timespec t = {1, 500000000};
  if (vfork() == 0) {
    nanosleep(&t, 0);
    _exit(0);
  }
  return 0;
}
"""
SLEEPS_BRIEFLY = "import time\ntime.sleep(2.5)\n"
SLEEPS = "import time\ntime.sleep(100)\n"


@pytest.fixture(scope="module")
def busy(pool: HostPool) -> Iterator[HostPool]:
    """Boxes on one core, which three busy loops want as well."""
    core = first_core()
    kind: Kind = "docker" if pool.name == "docker" else "local"
    with open_pool(kind, cores=[core]) as narrow, busy_loops(3, core):
        yield narrow


def once(pool: HostPool, text: str, limits: RunLimits) -> Outcome:
    executable = pool.compile(languages.source("python3", text)).executable
    assert executable is not None
    with pool.box() as box:
        (outcome,) = box.run_many(executable, [Run()], limits)
    return outcome


@pytest.mark.parametrize("text", [CHILDREN, THREADS], ids=["children", "threads"])
def test_time_in_a_queue_counts_for_those_that_have_ended_too(busy: HostPool, text: str) -> None:
    # 1.5 s of CPU time is at least 3 s of wall time here, in which no process lives for long.
    outcome = once(busy, text, RunLimits(cpu_s=8.0, wall_s=2.0))
    assert outcome.ok, outcome
    assert outcome.wall_s > 2.0


@pytest.mark.parametrize("text", [POLLS, SLEEPS], ids=["polls", "sleeps"])
@pytest.mark.parametrize("loops", ["quiet", "busy"])
def test_a_program_that_does_nothing_is_idle(
    pool: HostPool, busy: HostPool, text: str, loops: str
) -> None:
    limits = RunLimits(cpu_s=8.0, wall_s=1.0)
    outcome = once(busy if loops == "busy" else pool, text, limits)
    assert outcome.status is Status.IDLE, outcome
    assert "idle limit of 1 s (CPU 0." in limits.that_ended(outcome)


def test_waiting_in_the_kernel_is_mostly_the_machines(pool: HostPool) -> None:
    # 1.5 s, as a program waits for pages from a slow disk, whose idle limit is 1 s.
    executable = pool.compile(languages.source("c17", IN_KERNEL)).executable
    assert executable is not None
    with pool.box() as box:
        (outcome,) = box.run_many(executable, [Run()], RunLimits(cpu_s=8.0, wall_s=1.0))
    assert outcome.ok, outcome
    assert outcome.wall_s > 1.5
    assert outcome.idle_s < 1.0


def test_a_look_that_comes_late_says_little(pool: HostPool) -> None:
    if pool.name == "docker":
        pytest.skip("the runner in a container is not ours to stop")
    limits = RunLimits(cpu_s=8.0, wall_s=1.5)
    executable = pool.compile(languages.source("python3", SLEEPS_BRIEFLY)).executable
    assert executable is not None
    with pool.box() as box, ThreadPoolExecutor(1) as thread:
        running = thread.submit(list, box.run_many(executable, [Run()], limits))
        runner = parent_of_a_run(running)
        os.kill(runner, signal.SIGSTOP)
        time.sleep(2.0)  # as a machine that is frozen for a moment
        os.kill(runner, signal.SIGCONT)
        (outcome,) = running.result()
    assert outcome.ok, outcome


def parent_of_a_run(running: Future[list[Outcome]]) -> int:
    """The process ID of the box's runner, as soon as a program runs under it."""
    while not running.done():
        parents = {}
        inside = set()
        for path in Path("/proc").glob("[0-9]*/status"):
            with suppress(OSError):
                status = dict(line.split(":\t", 1) for line in path.read_text().splitlines())
                parents[status["Pid"]] = status["PPid"]
                pids = status["NSpid"].split()
                if len(pids) > 1 and pids[-1] != "1" and status["Name"].startswith("python3"):
                    inside.add(status["Pid"])
        for pid in inside & parents.keys():
            runner = bwrap = parents[pid]
            while bwrap in parents and bwrap != str(os.getpid()):
                bwrap = parents[bwrap]
            if bwrap in parents and parents[runner] != str(os.getpid()):
                return int(runner)
    raise AssertionError(running.result())


def test_a_program_is_not_idle_while_its_interactor_waits_for_a_core(busy: HostPool) -> None:
    talk = "print(input(), flush=True)\n"
    burn = "import time\nwhile time.process_time() < 1.0: pass\nprint(1, flush=True)\ninput()\n"
    sides = [busy.compile(languages.source("python3", text)).executable for text in (talk, burn)]
    assert sides[0]
    assert sides[1]
    limits = RunLimits(cpu_s=8.0, wall_s=1.0)
    pair = busy.run_pair(PairSide(sides[0], limits), PairSide(sides[1], limits))
    assert pair.program.ok, pair
    assert pair.interactor.ok, pair


def idle(seconds: float) -> Outcome:
    return Outcome(Status.IDLE, None, 9, 0.0, seconds, 0, b"", idle_s=seconds)


def other(wall_s: float, idle_s: float) -> Outcome:
    return Outcome(Status.OK, 0, None, 0.5, wall_s, 0, b"", idle_s=idle_s)


@pytest.mark.parametrize(
    ("program", "interactor", "waited"),
    [
        (idle(10.1), other(10.0, 9.4), 0.0),  # both wait for each other
        (idle(10.1), other(10.0, 2.0), 7.5),
        (other(10.0, 2.0), idle(10.1), 7.5),
        (idle(25.2), other(25.0, 17.0), 0.0),  # given 25 s, of which 18 are its own
        (other(10.0, 2.0), other(10.0, 2.0), 0.0),
    ],
)
def test_who_waited_for_a_side_without_a_core(
    program: Outcome, interactor: Outcome, waited: float
) -> None:
    assert waited_in_vain(PairOutcome(program, interactor, "program"), 10.0) == waited


def test_a_compiler_that_stands_still_says_nothing_of_the_program(
    pool: HostPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeper = replace(LANGUAGES["c17"], name="sleeper", compile=("/bin/sleep", "100"))
    monkeypatch.setitem(LANGUAGES, "sleeper", sleeper)
    compiler = Compiler(
        "test",
        pool.lease_compiler,
        CompilerSettings(cache=ExecutableCache(tmp_path), limits=RunLimits(cpu_s=1.0, wall_s=0.5)),
    )
    with pytest.raises(SandboxFailure, match=r"hung 2 times: idle limit of 0\.5 s"):
        compiler.compile(languages.source("sleeper", "int main(void) { return 0; }\n"))
