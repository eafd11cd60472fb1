"""The container engine of this machine: whether it answers, what it is, which image it needs."""

from __future__ import annotations

import os
import platform
import shutil
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse

import requests
from docker import DockerClient
from docker.errors import DockerException, ImageNotFound

from medalist.errors import EngineError
from medalist.sandbox.image_inputs import ALL_LANGUAGES, image_tag

SOCKET = "/var/run/docker.sock"
IMAGE_FIX = "python -m medalist.sandbox.engine image"
INSTALL_FIX = "sudo python -m medalist.sandbox.engine install"


def address() -> str:
    """Return where the engine is: `DOCKER_HOST`, or the first usual socket that exists."""
    stated = os.environ.get("DOCKER_HOST")
    if stated:
        return stated
    runtime = os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
    for path in (SOCKET, f"{runtime}/docker.sock"):
        if Path(path).exists():
            return f"unix://{path}"
    return f"unix://{SOCKET}"


def connect() -> DockerClient:
    """Return a client of an engine that answers.

    Raises:
        EngineError: `not-installed`, `not-running`, `no-permission`, `unreachable` or `ssh`.
    """
    where = urlparse(address())
    if where.scheme == "ssh":
        raise EngineError(
            "ssh",
            "an engine behind ssh cannot be used directly",
            hint="ssh -NL /tmp/engine.sock:/var/run/docker.sock HOST, and "
            "DOCKER_HOST=unix:///tmp/engine.sock",
        )
    if where.scheme == "unix":
        _probe(where.path)
    client = None
    try:
        client = DockerClient.from_env(
            timeout=60, environment={**os.environ, "DOCKER_HOST": where.geturl()}
        )
        client.ping()
    except (DockerException, requests.RequestException) as error:
        if client is not None:
            client.close()
        if where.scheme == "unix":
            raise EngineError(
                "not-running",
                f"what answers at {where.path} is not a container engine: {error}",
                hint=f"sudo systemctl restart docker, or {INSTALL_FIX}",
            ) from error
        raise EngineError(
            "unreachable",
            f"the engine at DOCKER_HOST={where.geturl()} does not answer",
            hint="start it, or unset DOCKER_HOST",
        ) from error
    return client


def _probe(path: str) -> None:
    """Tell apart the reasons for which nobody answers at a socket."""
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(5)
            probe.connect(path)
    except PermissionError as error:
        raise EngineError(
            "no-permission",
            f"no permission on the Docker socket {path}",
            hint="sudo usermod -aG docker $USER, then log in again",
        ) from error
    except OSError as error:
        if shutil.which("dockerd") is None and not Path(path).exists():
            raise EngineError(
                "not-installed", "Docker is not installed", hint=f"{INSTALL_FIX}, or make engine"
            ) from error
        raise EngineError(
            "not-running",
            f"the Docker daemon is not running (no answer at {path})",
            hint=f"sudo systemctl start docker, or {INSTALL_FIX}",
        ) from error


@dataclass(frozen=True)
class EngineFacts:
    """What matters about an engine.

    Attributes:
        title: Name and version, for people.
        far: Its containers run on another kernel: a remote engine, or Docker Desktop.
        cpus: How many cores its containers can have.
        podman: It is Podman behind its Docker-compatible socket.
        lost: Promises that it cannot keep.
    """

    title: str
    far: bool
    cpus: int
    podman: bool
    lost: tuple[str, ...]


def facts(client: DockerClient) -> EngineFacts:
    """Query an engine's version and features.

    Raises:
        EngineError: `not-running`, or `not-linux`.
    """
    try:
        info, version = client.info(), client.version()
    except (DockerException, requests.RequestException) as error:
        raise EngineError(
            "not-running", f"the Docker daemon closed the connection: {error}"
        ) from error
    if info.get("OSType", "linux") != "linux":
        raise EngineError("not-linux", "the engine runs Windows containers", hint="switch it")
    far = urlparse(address()).scheme != "unix" or info.get("KernelVersion") != platform.release()
    lost = []
    if info.get("CgroupDriver") == "none" or info.get("MemoryLimit") is False:
        lost.append("the engine cannot limit memory")
    security = info.get("SecurityOptions") or []
    if any("rootless" in option or "userns" in option for option in security):
        # Then the engine's choice of device files is mounted, and a container cannot remove it.
        lost.append("devices such as /dev/full can be opened")
    components = version.get("Components") or [{"Name": "Docker"}]
    title = f"{components[0]['Name']} {version.get('Version', '')}"
    return EngineFacts(title, far, int(info.get("NCPU", 1)), "Podman" in title, tuple(lost))


def runner_image(client: DockerClient) -> tuple[str, str]:
    """Return the name and the id of the runner image: the one with all languages where it is built.

    Raises:
        EngineError: `no-image`.
    """
    try:
        for name in (image_tag(ALL_LANGUAGES), image_tag()):
            with suppress(ImageNotFound):
                return name, str(client.images.get(name).id)
    except (DockerException, requests.RequestException) as error:
        raise EngineError(
            "not-running", f"the Docker daemon closed the connection: {error}"
        ) from error
    raise EngineError(
        "no-image",
        f"the runner image {image_tag()} is not built",
        hint=f"{IMAGE_FIX}, or make image",
    )


def image_id(client: DockerClient) -> str:
    """Return the id of the runner image; raises as `runner_image` does."""
    return runner_image(client)[1]
