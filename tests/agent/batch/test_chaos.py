"""A batch that is killed again and again ends as if nothing had happened.

Killed, with SIGKILL and at seeded moments of its progress, are the driver and single boxes (a
runner's process, or a container), and once a Docker daemon; a driver is started again with the
same command. The model is the recording of an undisturbed batch. `make chaos` makes a hundred
kills.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from docker import DockerClient

from medalist.errors import EngineError
from medalist.sandbox.docker_engine import connect, image_id
from medalist.sandbox.host import BOXES_PER_PROCESS, FIRST_USER, USERS_PER_BOX
from medalist.sandbox.image_inputs import image_tag
from medalist.sandbox.local import RUNNER
from medalist.sandbox.owner import LABEL
from tests.agent.batch import canon
from tests.agent.batch.conftest import arguments
from tests.agent.command import Running, medalist, start

pytestmark = pytest.mark.local

_PATIENCE_S = 240.0
Undisturbed = tuple[Path, subprocess.CompletedProcess[str]]


@contextmanager
def engine() -> Iterator[Any]:
    """The Docker engine, with the runner image; the test is skipped without."""
    try:
        client = connect()
        image_id(client)
    except EngineError as error:
        pytest.skip(f"no Docker box: {error}")
    try:
        yield client
    finally:
        client.close()


class Chaos:
    """One batch, its sessions and its kills."""

    def __init__(self, archive: Path, run: Path, recording: Path, box: str, seed: int) -> None:
        self.run = run
        self.arguments = arguments(archive, run, "--model", f"recorded:{recording}", "--box", box)
        self.draw = random.Random(f"{box}/{seed}")
        self.box = box
        self.drivers: list[int] = []
        self.killed: list[str] = []

    def session(self) -> Running:
        process = start(*self.arguments, cwd=self.run.parent)
        self.drivers.append(process.pid)
        return process

    def disturb(self, total: int, kills: int) -> None:
        """Kill something `kills` times on the way, and let the batch end in peace."""
        process = self.session()
        for number in range(kills):
            moment = self.draw.randint(total * number // kills, total * (number + 1) // kills)
            self.reach(process, min(moment, total * 9 // 10))
            victim = self.draw.choice(("driver", "driver", "box"))
            if victim == "box" and self.kill_box(process.pid):
                self.killed.append("box")
                continue
            process.kill()
            process.communicate()
            self.killed.append("driver")
            process = self.session()
        _, err = process.communicate(timeout=_PATIENCE_S)
        assert process.returncode == 0, err
        assert "Traceback" not in err

    def reach(self, process: Running, events: int) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while canon.size(self.run) < events and process.poll() is None:
            assert time.monotonic() < deadline, "the batch never came so far"
            time.sleep(0.02)

    def kill_box(self, driver: int) -> bool:
        """Kill one box of a driver, if it has one at the moment."""
        if self.box == "docker":
            with engine() as client:
                mine = [
                    item
                    for item in client.containers.list(
                        filters={"label": LABEL}, ignore_removed=True
                    )
                    if f"-{driver}-" in item.labels[LABEL]
                ]
                if mine:
                    with suppress(Exception):  # it may be ending of its own accord
                        self.draw.choice(mine).kill()
                return bool(mine)
        runners = sorted(descendants(driver, RUNNER))
        if runners:
            with suppress(ProcessLookupError):
                os.kill(self.draw.choice(runners), signal.SIGKILL)
        return bool(runners)

    def leftovers(self) -> list[str]:
        """Return what the sessions have left on this machine."""
        users = {
            str(FIRST_USER + (pid * BOXES_PER_PROCESS + box) * USERS_PER_BOX)
            for pid in self.drivers
            for box in range(BOXES_PER_PROCESS)
        }
        listed = [name for name, words in commands() if users.intersection(words)]
        for pid in self.drivers:
            listed += map(str, Path(tempfile.gettempdir()).glob(f"medalist-*-{pid}-*"))
        if self.box == "docker":
            with engine() as client:
                listed += [
                    str(item.name)
                    for item in client.containers.list(all=True, filters={"label": LABEL})
                    if any(f"-{pid}-" in item.labels[LABEL] for pid in self.drivers)
                ]
        return listed


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield the command lines of all processes of this machine."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield folder.name, (folder / "cmdline").read_text(errors="replace").split("\0")


def descendants(pid: int, name: str) -> list[int]:
    result, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        # A process, or a task of it, may end between the listing and the look at it.
        with suppress(OSError):
            if Path(f"/proc/{one}/cmdline").read_text().split("\0")[0] == name:
                result.append(one)
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
    return result


def eventually(nothing: Callable[[], list[str]]) -> list[str]:
    """Wait until there is nothing any more; return what stays."""
    deadline = time.monotonic() + 240
    while (result := nothing()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return result


def results(run: Path) -> dict[str, Any]:
    """The results of a run, whichever model it was asked to use."""
    result = canon.results(run)
    result["plan batch"].pop("model")
    return result


def check(chaos: Chaos, wanted: Path) -> None:
    # Looked at first: who reads a journal leaves an empty write-ahead log.
    assert sorted(path.name for path in chaos.run.iterdir()) == [
        "journal.lock", "journal.sqlite", "solutions", "summary.json",
    ]  # fmt: skip
    assert results(chaos.run) == results(wanted)
    assert canon.asked_again(chaos.run) == []
    assert canon.repeated(chaos.run) == {}
    assert eventually(chaos.leftovers) == []


def test_killed_five_times_in_local_boxes(
    undisturbed: Undisturbed, archive: Path, tmp_path: Path
) -> None:
    wanted, _ = undisturbed
    chaos = Chaos(archive, tmp_path / "run", wanted, "local", seed=0)
    chaos.disturb(canon.size(wanted), kills=5)
    check(chaos, wanted)


@pytest.fixture(scope="session")
def in_docker(
    undisturbed: Undisturbed, archive: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The undisturbed batch in Docker boxes, whose compilers may merge other programs."""
    with engine():
        run = tmp_path_factory.mktemp("docker") / "run"
    more = ("--model", f"recorded:{undisturbed[0]}", "--box", "docker")
    done = medalist(*arguments(archive, run, *more), cwd=run.parent)
    assert done.returncode == 0, done.stderr
    return run


@pytest.mark.docker
def test_killed_five_times_in_docker_boxes(
    undisturbed: Undisturbed, in_docker: Path, archive: Path, tmp_path: Path
) -> None:
    chaos = Chaos(archive, tmp_path / "run", undisturbed[0], "docker", seed=0)
    chaos.disturb(canon.size(in_docker), kills=5)
    check(chaos, in_docker)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 6))
def test_killed_ten_times_in_local_boxes(
    seed: int, undisturbed: Undisturbed, archive: Path, tmp_path: Path
) -> None:
    wanted, _ = undisturbed
    chaos = Chaos(archive, tmp_path / "run", wanted, "local", seed)
    chaos.disturb(canon.size(wanted), kills=10)
    check(chaos, wanted)


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.parametrize("seed", range(1, 6))
def test_killed_ten_times_in_docker_boxes(
    seed: int, undisturbed: Undisturbed, in_docker: Path, archive: Path, tmp_path: Path
) -> None:
    chaos = Chaos(archive, tmp_path / "run", undisturbed[0], "docker", seed)
    chaos.disturb(canon.size(in_docker), kills=10)
    check(chaos, in_docker)


@contextmanager
def daemon(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Docker daemon of our own, with its own socket and storage."""
    argv = ["dockerd", "--host", f"unix://{folder}/docker.sock", "--bridge", "none"]
    argv += ["--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec"]
    argv += ["--pidfile", f"{folder}/pid", "--iptables=false", "--ip6tables=false"]
    # A killed daemon takes its containerd along; where nobody reaps that, it would seem alive.
    for left in ("pid", "exec/containerd/containerd.pid"):
        (folder / left).unlink(missing_ok=True)
    with (folder / "log").open("ab") as log, subprocess.Popen(argv, stdout=log, stderr=log) as own:
        try:
            deadline = time.monotonic() + 240
            while not answers(folder):
                assert own.poll() is None, (folder / "log").read_text()[-2000:]
                assert time.monotonic() < deadline
                time.sleep(0.2)
            yield own
        finally:
            own.terminate()


@pytest.fixture
def own_folder() -> Iterator[Path]:
    """A short path for sockets, outside of what pytest clears (mounts are left in it)."""
    folder = Path(tempfile.mkdtemp(prefix="medalist-daemon-"))
    yield folder
    clear(folder)
    shutil.rmtree(folder)


def clear(folder: Path) -> None:
    """Take away what killed daemons leave behind: shims of containers, and mounts."""
    subprocess.run(["pkill", "-KILL", "-f", str(folder)], check=False)
    mounts = Path("/proc/self/mounts").read_text().splitlines()
    for mount in reversed([line.split()[1] for line in mounts]):
        if mount.startswith(f"{folder}/"):
            subprocess.run(["umount", "--lazy", mount], check=False)


def answers(folder: Path) -> bool:
    # Not by the Python client: it leaves its socket open when nobody answers.
    argv = ["docker", "--host", f"unix://{folder}/docker.sock", "version"]
    return subprocess.run(argv, check=False, capture_output=True).returncode == 0


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.skipif(os.geteuid() != 0, reason="a daemon of our own needs root")
@pytest.mark.skipif(shutil.which("dockerd") is None, reason="no dockerd")
def test_the_daemon_is_killed_under_the_batch(
    undisturbed: Undisturbed, in_docker: Path, archive: Path, own_folder: Path, tmp_path: Path
) -> None:
    more = ("--model", f"recorded:{undisturbed[0]}", "--box", "docker")
    command = (*arguments(archive, tmp_path / "run", *more),)
    own = {"DOCKER_HOST": f"unix://{own_folder}/docker.sock"}
    with daemon(own_folder) as first:
        copy_image(own_folder)
        process = start(*command, cwd=tmp_path, **own)
        third = canon.size(in_docker) // 3
        while canon.size(tmp_path / "run") < third and process.poll() is None:
            time.sleep(0.02)
        first.kill()
        first.wait()
        with daemon(own_folder):
            process.communicate(timeout=_PATIENCE_S)
            again = medalist(*command, cwd=tmp_path, **own)
            assert again.returncode == 0, again.stderr
            assert results(tmp_path / "run") == results(in_docker)
            assert canon.asked_again(tmp_path / "run") == []
            with closing(DockerClient(base_url=own["DOCKER_HOST"])) as client:
                assert eventually(lambda: [str(c.name) for c in client.containers.list()]) == []


def copy_image(folder: Path) -> None:
    """Give our own daemon the runner image of the machine's."""
    save = ["docker", "save", image_tag()]
    load = ["docker", "--host", f"unix://{folder}/docker.sock", "load", "--quiet"]
    with subprocess.Popen(save, stdout=subprocess.PIPE) as saving:
        subprocess.run(load, stdin=saving.stdout, check=True, stdout=subprocess.DEVNULL)
