"""What happens to a batch while the engine is pulled away under it: no verdict lost or invented."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from docker.errors import APIError

from medalist.errors import EngineError, SandboxFailure
from medalist.sandbox import engine, image_inputs, languages
from medalist.sandbox.box import Executable, Run
from medalist.sandbox.docker_engine import connect
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.local import RUNNER
from medalist.sandbox.outcome import Status
from medalist.sandbox.owner import LABEL, owner_prefix
from medalist.sandbox.pool import Pool, open_pool

Build = Callable[[str, str], Executable]

DOUBLE = """
#include <stdio.h>
int main(void) { int n; if (scanf("%d", &n) != 1 || n % 7 == 3) return 1; printf("%d", 2 * n); }
"""


def kill_boxes(pool: Pool) -> None:
    """Kill every box of this process, as an impatient administrator would."""
    if pool.name == "docker":
        client = connect()
        mine = f"{LABEL}={owner_prefix()}"
        for container in client.containers.list(filters={"label": mine}, ignore_removed=True):
            with suppress(APIError):  # it may be ending of its own accord
                container.kill()
        client.close()
    else:
        for pid in children_named(RUNNER):
            with suppress(ProcessLookupError):  # its parent's end may have been its own
                os.kill(pid, signal.SIGKILL)


def children_named(name: str) -> list[int]:
    result = []
    waiting = [os.getpid()]
    while waiting:
        pid = waiting.pop()
        # A process, or a task of it, may end between the listing and the look at it.
        with suppress(FileNotFoundError, ProcessLookupError):
            if pid != os.getpid() and name in command_of(pid):
                result.append(pid)
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
    return result


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")[0]


def test_a_killed_box_is_replaced_and_asked_again(pool: Pool, build: Build) -> None:
    program = build("c17", DOUBLE)
    numbers = range(300)
    outcomes = []
    with pool.box() as box:
        for outcome in box.run_many(program, (Run(b"%d" % n) for n in numbers), RunLimits()):
            outcomes.append(outcome)
            if len(outcomes) in (10, 200):
                kill_boxes(pool)
    for n, outcome in zip(numbers, outcomes, strict=True):
        if n % 7 == 3:
            assert (outcome.status, outcome.exit_code) == (Status.RUNTIME, 1)
        else:
            assert outcome.stdout == b"%d" % (2 * n)


def test_a_box_that_keeps_breaking_is_a_failure_of_the_sandbox(pool: Pool, build: Build) -> None:
    program = build("python3", "while True: pass")
    stop = threading.Event()

    def kill_on() -> None:
        while not stop.wait(0.2):
            kill_boxes(pool)

    killer = threading.Thread(target=kill_on)
    with pool.box() as box:
        killer.start()
        try:
            with pytest.raises(SandboxFailure):
                list(box.run_many(program, [Run()], RunLimits(cpu_s=60)))
        finally:
            stop.set()
            killer.join()
        (after,) = box.run_many(build("c17", DOUBLE), [Run(b"4")], RunLimits())
    assert after.stdout == b"8"


KILLED_OWNER = """
import sys, time
from medalist.sandbox import languages
from medalist.sandbox.box import Run
from medalist.sandbox.docker_engine import connect
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.owner import owner_prefix
from medalist.sandbox.pool import open_pool
pool = open_pool(sys.argv[1])
program = pool.compile(languages.source("python3", "while True: pass")).executable
with pool.box() as box:
    print(owner_prefix(), flush=True)
    list(box.run_many(program, [Run()], RunLimits(cpu_s=600)))
"""


def test_a_killed_owner_leaves_nothing_behind(pool: Pool) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED_OWNER, pool.name], stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        name = owner.stdout.readline().strip()
        time.sleep(0.5)
        owner.kill()
    assert name
    deadline = time.monotonic() + 240
    while (left := alive(pool, name)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == []
    engine.clean()
    assert not any(path.name.startswith(name) for path in Path("/tmp").glob("medalist-*"))


def alive(pool: Pool, name: str) -> list[str]:
    """Boxes of a dead owner that still run something."""
    if pool.name == "docker":
        client = connect()
        try:
            running = client.containers.list(
                filters={"label": f"{LABEL}={name}"}, ignore_removed=True
            )
            return [str(container.name) for container in running]
        finally:
            client.close()
    mine = set(children_named(""))
    result = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_text().split("\0")
        except OSError:
            continue
        pid = name.split("-")[2]
        first_user = str((1 << 30) + (int(pid) * 64 + 1) * 4)
        if first_user in words and int(folder.name) not in mine:
            result.append(" ".join(words))
    return result


@pytest.mark.slow
@pytest.mark.docker
def test_a_removed_image_is_built_again(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        client = connect()
    except EngineError as error:
        pytest.skip(str(error))
    # An image of our own: another runner by one comment.
    inputs = {**image_inputs.image_inputs(), "runner/zz.c": b"/* a test */\n"}
    for module in (image_inputs, engine):
        monkeypatch.setattr(module, "image_inputs", lambda: inputs)
    tag = engine.build_image(echo=False)
    try:
        with open_pool("docker") as pool, pool.box() as box:
            program = pool.compile(languages.source("c17", DOUBLE)).executable
            assert program is not None
            outcomes = []
            for outcome in box.run_many(program, (Run(b"%d" % n) for n in range(90)), RunLimits()):
                outcomes.append(outcome)
                if len(outcomes) == 30:
                    client.images.remove(tag, force=True)
                    kill_boxes(pool)
            assert [o.stdout for o in outcomes if o.ok] == [
                b"%d" % (2 * n) for n in range(90) if n % 7 != 3
            ]
    finally:
        client.images.remove(tag, force=True)
        client.close()
