"""The Docker box: one warm, hardened container a core, with the runner as process 1."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path

import requests
from docker.errors import DockerException
from docker.models.containers import Container
from docker.types import LogConfig, Mount

from medalist.sandbox.channel import Channel, SocketChannel
from medalist.sandbox.engine import connect, image_id, image_tag, start_time
from medalist.sandbox.host import headers_dir, users_of_box
from medalist.sandbox.session import HEADERS_DIR, WORK_DIR, Role
from medalist.sandbox.wire import BoxBroken

LABEL = "io.medalist.owner"
"""Value: `pid:start time:run id` of the process that made the container."""
SOCKET_DIR = "/run/medalist"
CAPABILITIES = ["SETUID", "SETGID", "KILL", "DAC_OVERRIDE", "FOWNER"]
START_TIMEOUT_S = 30.0
TMPFS_MIB = {"run": 256, "secret": 1024, "compile": 1024}
PIDS = {"run": 128, "secret": 128, "compile": 256}


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
    with suppress(DockerException, requests.RequestException):
        container.remove(force=True)


class DockerBackend:
    """Starts runners in containers.

    Raises (when made):
        EngineError: No engine, no permission, no image; each with its mend.
    """

    name = "docker"
    lost: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._client = connect()
        self._image = image_tag()
        self.toolchain = image_id(self._client)
        self.headers: Path | None = headers_dir(self.toolchain)
        self._run_id = uuid.uuid4().hex[:12]
        self._dir = Path(tempfile.mkdtemp(prefix="medalist-"))
        self._made = 0

    def start(self, role: Role, core: int, memory_bytes: int) -> DockerStarted:
        """See `Backend`."""
        self._made += 1
        folder = Path(tempfile.mkdtemp(prefix=f"{role}-", dir=self._dir))
        container = None
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(folder / "box.sock"))
            listener.listen(1)
            listener.settimeout(START_TIMEOUT_S)
            try:
                container = self._create(role, core, memory_bytes, folder)
                container.start()
                connection, _ = listener.accept()
            except TimeoutError as error:
                why = _last_words(container)
                raise BoxBroken(f"the runner did not call back{why}") from error
            except (DockerException, requests.RequestException) as error:
                if container is not None:
                    _remove(container)
                raise BoxBroken(f"the engine could not start a box: {error}") from error
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        return DockerStarted(container, SocketChannel(connection))

    def _create(self, role: Role, core: int, memory_bytes: int, folder: Path) -> Container:
        first, count = users_of_box(self._made)
        mounts = [Mount(SOCKET_DIR, str(folder), "bind", read_only=True)]
        if role == "compile":
            mounts.append(Mount(HEADERS_DIR, str(self.headers), "bind", read_only=True))
        container: Container = self._client.containers.create(
            self._image,
            ["--connect", f"{SOCKET_DIR}/box.sock", str(first), str(count)],
            labels={LABEL: f"{os.getpid()}:{start_time(os.getpid())}:{self._run_id}"},
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
            # /dev/mqueue is writable even without IPC: cover it.
            tmpfs={
                WORK_DIR: f"size={TMPFS_MIB[role]}m,nr_inodes=4096,nosuid,nodev,mode=1777",
                "/dev/mqueue": "ro,size=4k,mode=0555",
            },
            mounts=mounts,
            log_config=LogConfig(type="none"),
            auto_remove=True,
            init=False,
        )
        return container

    def close(self) -> None:
        """See `Backend`."""
        shutil.rmtree(self._dir, ignore_errors=True)
        self._client.close()


def _last_words(container: Container | None) -> str:
    if container is None:
        return ""
    with suppress(DockerException, requests.RequestException):
        container.reload()
        state = container.attrs["State"]
        _remove(container)
        return f": state {state['Status']}, exit code {state['ExitCode']} {state['Error']}"
    return ""
