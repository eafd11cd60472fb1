"""The Docker box: one warm, hardened container a core, with the runner as process 1."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import requests
from docker.errors import APIError, DockerException, ImageNotFound
from docker.models.containers import Container
from docker.types import LogConfig, Mount, Ulimit

from medalist.sandbox.channel import Channel, SocketChannel, StdioChannel
from medalist.sandbox.cpu_share import CpuGroup, cgroup_parent, cpu_group
from medalist.sandbox.docker_engine import IMAGE_FIX, connect, facts, runner_image
from medalist.sandbox.engine import build_image
from medalist.sandbox.host import headers_dir, number_of_box, usable_cores, users_of_box
from medalist.sandbox.image_inputs import ALL_LANGUAGES, image_tag
from medalist.sandbox.orphaned_containers import remove_orphaned_containers
from medalist.sandbox.owner import (
    LABEL,
    owner_prefix,
    remove_orphaned_folders,
)
from medalist.sandbox.session import HEADERS_DIR, WORK_DIR, Role
from medalist.sandbox.wire import BoxBroken

SOCKET_DIR = "/run/medalist"
CAPABILITIES = ["SETUID", "SETGID", "KILL", "DAC_OVERRIDE", "FOWNER"]
ULIMITS = {"nofile": 1024, "nproc": 4096}
"""Stated because engines have defaults that not every machine lets them set (Podman). What holds
for a program is stricter and set by the runner."""
CALL_BACK_S = 30.0
ENGINE_RETURNS_S = 60.0
"""How long a restarting daemon is waited for."""
TMPFS_MIB = {"run": 256, "secret": 1024, "compile": 1024}
PIDS = {"run": 128, "secret": 128, "compile": 256}


_STDIO = ["--stdio"]
"""What tells a runner to talk over its own stdin and stdout."""
_COVER = "ro,size=4k,mode=0555"


class DockerStarted:
    """One container with a runner that has called back."""

    def __init__(self, container: Container, channel: Channel) -> None:
        self.channel = channel
        self._container = container

    def reserve(self, memory_bytes: int) -> None:
        """See `Started`."""
        try:
            self._container.update(mem_limit=memory_bytes, memswap_limit=memory_bytes)
        except (DockerException, requests.RequestException) as error:
            raise BoxBroken(f"the engine refused more memory: {error}") from error

    def stop(self) -> None:
        """See `Started`."""
        self.channel.close()
        _remove(self._container)


def _remove(container: Container) -> None:
    """Remove a container, whether it runs or is being removed already."""
    with suppress(DockerException, requests.RequestException):
        container.remove(force=True)


class DockerBackend:
    """Starts runners in containers.

    Raises (when made):
        EngineError: No engine, no permission, no image; each with its fix.
    """

    name = "docker"
    install = f"{IMAGE_FIX} {ALL_LANGUAGES}, or make image-all"

    def __init__(self) -> None:
        self._client = connect()
        try:
            engine = facts(self._client)
            self._image, self.toolchain = runner_image(self._client)
        except BaseException:
            self._client.close()
            raise
        self.title = engine.title
        self.lost = engine.lost
        self._far = engine.far
        self._podman = engine.podman  # it knows no limit of inodes; memory limits them too
        self.cores: Sequence[int] = list(range(engine.cpus)) if engine.far else usable_cores()
        self.headers: Path | None = None if engine.far else headers_dir(self.toolchain)
        self._dir = Path(tempfile.mkdtemp(prefix=owner_prefix()))
        self._lock = threading.Lock()
        remove_orphaned_folders()
        remove_orphaned_containers(self._client)

    def start(self, role: Role, core: int, memory_bytes: int) -> DockerStarted:
        """See `Backend`."""
        try:
            return self._start(role, core, memory_bytes)
        except ImageNotFound:
            with self._lock:  # somebody removed the image under us
                large = self._image == image_tag(ALL_LANGUAGES)
                build_image(extra_packages=ALL_LANGUAGES if large else "", echo=False)
            raise BoxBroken("the runner image was gone and has been built again") from None
        except requests.ConnectionError as error:
            self._await_engine()
            raise BoxBroken("the Docker daemon was unreachable") from error
        except (DockerException, requests.RequestException) as error:
            raise BoxBroken(f"the engine could not start a box: {error}") from error

    def _start(self, role: Role, core: int, memory_bytes: int) -> DockerStarted:
        if not self._far:
            try:
                return self._start_near(role, core, memory_bytes)
            except APIError as error:
                # An engine behind a forwarded socket, or medalist itself in a container.
                if "bind source path does not exist" not in str(error):
                    raise
                self._far, self.headers = True, None
        return self._start_far(role, core, memory_bytes)

    def _await_engine(self) -> None:
        deadline = time.monotonic() + ENGINE_RETURNS_S
        while time.monotonic() < deadline:
            with suppress(DockerException, requests.RequestException):
                self._client.ping()
                return
            time.sleep(0.5)

    def _start_near(self, role: Role, core: int, memory_bytes: int) -> DockerStarted:
        """Start a runner that calls back on a socket."""
        folder = Path(tempfile.mkdtemp(prefix=f"{role}-", dir=self._dir))
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(folder / "box.sock"))
            listener.listen(1)
            listener.settimeout(CALL_BACK_S)
            mounts = [Mount(SOCKET_DIR, str(folder), "bind", read_only=True)]
            if role == "compile":
                mounts.append(Mount(HEADERS_DIR, str(self.headers), "bind", read_only=True))
            container = None
            try:
                container = self._create(
                    role, core, memory_bytes, ["--connect", f"{SOCKET_DIR}/box.sock"], mounts
                )
                container.start()
                connection, _ = listener.accept()
            except BaseException as error:
                if container is not None:
                    _remove(container)
                if isinstance(error, TimeoutError):
                    raise BoxBroken("the runner did not call back") from error
                raise
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        return DockerStarted(container, SocketChannel(connection))

    def _start_far(self, role: Role, core: int, memory_bytes: int) -> DockerStarted:
        """Start a runner on another kernel, where no socket and no folder can be shared."""
        container = self._create(role, core, memory_bytes, _STDIO, [])
        try:
            wanted = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
            attached: Any = container.attach_socket(params=wanted)
            container.start()
        except BaseException:
            _remove(container)
            raise
        return DockerStarted(container, StdioChannel(attached))

    def _create(
        self,
        role: Role,
        core: int,
        memory_bytes: int,
        stream: list[str],
        mounts: list[Mount],
    ) -> Container:
        first, count = users_of_box(number_of_box())
        container: Container = self._client.containers.create(
            self._image,
            [*stream, str(first), str(count)],
            labels={LABEL: owner_prefix()},
            stdin_open=stream == _STDIO,
            user="0:0",
            network_mode="none",
            hostname="box",
            read_only=True,
            cap_drop=["ALL"],
            cap_add=CAPABILITIES,
            security_opt=["no-new-privileges"],
            ipc_mode="none",
            pids_limit=PIDS[role],
            mem_limit=memory_bytes,
            memswap_limit=memory_bytes,
            oom_score_adj=500,
            cpuset_cpus=str(core),
            cgroup_parent=cgroup_parent(),
            # /dev/mqueue is writable even without IPC, and who reads a new terminal waits for ever
            # (`#include "/dev/ptmx"`): cover both. The runner removes what else is in /dev.
            tmpfs={WORK_DIR: self._tmpfs(role), "/dev/mqueue": _COVER, "/dev/pts": _COVER},
            mounts=mounts,
            ulimits=[Ulimit(name=name, soft=most, hard=most) for name, most in ULIMITS.items()],
            log_config=LogConfig(type="none"),
            auto_remove=True,
            init=False,
        )
        return container

    def _tmpfs(self, role: Role) -> str:
        options = f"size={TMPFS_MIB[role]}m,nosuid,nodev,mode=1777"
        return options if self._podman else f"{options},nr_inodes=4096"

    def cpu_group(self) -> CpuGroup | None:
        """Return what these boxes weigh beside other work; None on another kernel."""
        return None if self._far else cpu_group(self._client)

    def close(self) -> None:
        """See `Backend`."""
        shutil.rmtree(self._dir, ignore_errors=True)
        self._client.close()
