"""Container engines on this machine: why one cannot be used, and how to set one up.

``python -m medalist.sandbox.engine install`` installs and starts Docker (Debian or Ubuntu, as
root); ``python -m medalist.sandbox.engine image`` builds the runner image.
"""

from __future__ import annotations

import hashlib
import io
import os
import platform
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse

import requests
from docker import DockerClient
from docker.errors import APIError, BuildError, DockerException, ImageNotFound

from medalist.errors import BadInput, EngineError, MedalistError
from medalist.sandbox.owner import remove_orphaned_containers, remove_orphaned_folders

HERE = Path(__file__).parent
BASE_IMAGE = "debian:bookworm-slim"
SOCKET = "/var/run/docker.sock"
IMAGE_MEND = "python -m medalist.sandbox.engine image"
INSTALL_MEND = "sudo python -m medalist.sandbox.engine install"


def image_inputs() -> dict[str, bytes]:
    """Return the files of the image's build context: name to content."""
    names = ["Dockerfile.runner"]
    names += [f"runner/{path.name}" for path in sorted((HERE / "runner").glob("*.[ch]"))]
    return {name: (HERE / name).read_bytes() for name in names}


def inputs_digest() -> str:
    """Return a short digest of the build context, so that a changed runner is a new image."""
    digest = hashlib.sha256()
    for name, content in image_inputs().items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]


def image_tag() -> str:
    """Return the name of the runner image that belongs to this version of the package."""
    return f"medalist-runner:{inputs_digest()}"


def _address() -> str:
    return os.environ.get("DOCKER_HOST") or f"unix://{SOCKET}"


def connect() -> DockerClient:
    """Return a client of an engine that answers.

    Raises:
        EngineError: `not-installed`, `not-running`, `no-permission` or `unreachable`.
    """
    address = _address()
    parts = urlparse(address)
    if parts.scheme == "ssh":
        raise EngineError(
            "ssh",
            "an engine behind ssh cannot be used: streams to containers do not survive it",
            hint="ssh -NL /tmp/docker.sock:/var/run/docker.sock HOST, and "
            "DOCKER_HOST=unix:///tmp/docker.sock MEDALIST_ENGINE_FAR=1",
        )
    client = None
    try:
        client = DockerClient.from_env(timeout=60)
        client.ping()
    except (DockerException, requests.RequestException) as error:
        if client is not None:
            client.close()
        raise _why_no_engine(address, error) from error
    return client


@dataclass(frozen=True)
class Facts:
    """What matters about an engine.

    Attributes:
        title: Name and version, for people.
        far: Its containers run on another kernel: a remote engine, or Docker Desktop.
        cpus: How many cores its containers can have.
        lost: Promises that it cannot keep.
    """

    title: str
    far: bool
    cpus: int
    lost: tuple[str, ...]


def facts(client: DockerClient) -> Facts:
    """Ask an engine what it is.

    Raises:
        EngineError: `not-running`, or `not-linux`.
    """
    try:
        info, version = client.info(), client.version()
    except (DockerException, requests.RequestException) as error:
        raise EngineError("not-running", f"the Docker daemon broke off: {error}") from error
    if info.get("OSType", "linux") != "linux":
        raise EngineError("not-linux", "the engine runs Windows containers", hint="switch it")
    scheme = urlparse(_address()).scheme
    far = (
        scheme != "unix"
        or "MEDALIST_ENGINE_FAR" in os.environ
        or info.get("KernelVersion") != platform.release()
    )
    lost = []
    if info.get("CgroupDriver") == "none" or info.get("MemoryLimit") is False:
        lost.append("the engine cannot limit memory")
    components = version.get("Components") or [{"Name": "Docker"}]
    title = f"{components[0]['Name']} {version.get('Version', '')}"
    return Facts(title, far, int(info.get("NCPU", 1)), tuple(lost))


def _why_no_engine(address: str, error: Exception) -> EngineError:
    """Tell apart the reasons for which an engine does not answer."""
    parts = urlparse(address)
    if parts.scheme != "unix":
        return EngineError(
            "unreachable",
            f"the engine at DOCKER_HOST={address} does not answer",
            hint="start it, or unset DOCKER_HOST",
        )
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(5)
            probe.connect(parts.path)
    except PermissionError:
        return EngineError(
            "no-permission",
            f"no permission on the Docker socket {parts.path}",
            hint="sudo usermod -aG docker $USER, then log in again",
        )
    except OSError:
        if shutil.which("dockerd") is None and not Path(parts.path).exists():
            return EngineError(
                "not-installed", "Docker is not installed", hint=f"{INSTALL_MEND}, or make engine"
            )
        return EngineError(
            "not-running",
            f"the Docker daemon is not running (nobody answers at {parts.path})",
            hint=f"sudo systemctl start docker, or {INSTALL_MEND}",
        )
    return EngineError("not-running", f"the Docker daemon does not answer properly: {error}")


def image_id(client: DockerClient) -> str:
    """Return the id of the runner image.

    Raises:
        EngineError: `no-image`.
    """
    try:
        return str(client.images.get(image_tag()).id)
    except ImageNotFound as error:
        raise EngineError(
            "no-image",
            f"the runner image {image_tag()} is not built",
            hint=f"{IMAGE_MEND}, or make image",
        ) from error
    except (DockerException, requests.RequestException) as error:
        raise EngineError("not-running", f"the Docker daemon broke off: {error}") from error


def clean() -> list[str]:
    """Remove what dead medalist processes have left; return a line for each thing removed."""
    removed = remove_orphaned_folders()
    with suppress(EngineError):
        client = connect()
        try:
            removed += remove_orphaned_containers(client)
        finally:
            client.close()
    return removed


def build_image(*, extra_packages: str = "", echo: bool = True) -> str:
    """Build the runner image, its base too where no registry is in reach; return its name.

    Raises:
        EngineError: No engine, or `build-failed` with the last lines of the build.
    """
    client = connect()
    _ensure_base(client, echo)
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        for name, content in image_inputs().items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    context.seek(0)
    last: list[str] = []
    for event in _build_events(client, context, extra_packages):
        text = str(event.get("stream") or event.get("error") or "").rstrip()
        if text:
            last = [*last[-10:], text]
            if echo:
                print(text, file=sys.stderr)  # noqa: T201
        if "error" in event:
            raise EngineError("build-failed", "the runner image was not built: " + " | ".join(last))
    return image_tag()


def _build_events(
    client: DockerClient, context: io.BytesIO, extra_packages: str
) -> Iterator[dict[str, object]]:
    try:
        yield from client.api.build(
            fileobj=context,
            custom_context=True,
            dockerfile="Dockerfile.runner",
            tag=image_tag(),
            buildargs={"EXTRA": extra_packages},
            network_mode="host",
            rm=True,
            decode=True,
        )
    except (BuildError, APIError, requests.RequestException) as error:
        raise EngineError("build-failed", f"the runner image was not built: {error}") from error


def _ensure_base(client: DockerClient, echo: bool) -> None:
    """Have the base image: there already, pulled, or made with debootstrap."""
    with suppress(ImageNotFound):
        client.images.get(BASE_IMAGE)
        return
    with suppress(DockerException, requests.RequestException):
        client.images.pull(BASE_IMAGE)
        return
    if echo:
        print(f"no registry has {BASE_IMAGE}: making it with debootstrap", file=sys.stderr)  # noqa: T201
    _debootstrap(client)


def _debootstrap(client: DockerClient) -> None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise EngineError(
            "no-base",
            f"{BASE_IMAGE} cannot be pulled, and making it needs root on Debian or Ubuntu",
            hint=f"sudo {IMAGE_MEND}",
        )
    if shutil.which("debootstrap") is None:
        apt_install("debootstrap")
    with tempfile.TemporaryDirectory(prefix="medalist-base-") as folder:
        root = Path(folder) / "root"
        _run("debootstrap", "--variant=minbase", "bookworm", str(root))
        tar = Path(folder) / "base.tar"
        _run("tar", "-C", str(root), "--exclude=./proc/*", "--exclude=./sys/*",
             "--exclude=./var/cache/apt/archives/*.deb", "-cf", str(tar), ".")  # fmt: skip
        repository, tag = BASE_IMAGE.split(":")
        client.api.import_image_from_file(str(tar), repository=repository, tag=tag)


def _run(*argv: str) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(argv, check=False, env=env, stdout=sys.stderr)
    if done.returncode:
        raise EngineError("command-failed", f"`{' '.join(argv)}` ended with {done.returncode}")


def apt_install(*packages: str) -> None:
    """Install Debian packages without asking; `EngineError` if that fails."""
    _run("apt-get", "update", "-qq")
    _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)


def install() -> None:
    """Install and start Docker on Debian or Ubuntu.

    Raises:
        EngineError: Not root, another system, or a step that failed.
    """
    with suppress(EngineError):
        connect()
        return
    if os.environ.get("DOCKER_HOST"):
        connect()
    if shutil.which("dockerd") is None:
        if shutil.which("apt-get") is None:
            raise EngineError(
                "not-debian",
                f"only Debian and Ubuntu can be set up automatically, not {platform.platform()}",
                hint="install Docker by hand",
            )
        if os.geteuid() != 0:
            raise EngineError("not-root", "installing Docker needs root", hint=INSTALL_MEND)
        apt_install("docker.io", "iptables")
    _start_daemon()


def _start_daemon() -> None:
    if os.geteuid() != 0:
        raise EngineError("not-root", "starting Docker needs root", hint=INSTALL_MEND)
    if Path("/run/systemd/system").is_dir():
        _run("systemctl", "enable", "--now", "docker")
    else:
        log = Path("/var/log/dockerd.log")
        with log.open("ab") as output:
            subprocess.Popen(
                ["dockerd"], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
    for _ in range(60):
        with suppress(EngineError):
            connect()
            return
        time.sleep(0.5)
    raise EngineError(
        "not-running", "the Docker daemon did not start", hint="see /var/log/dockerd.log"
    )


def main(argv: list[str]) -> int:
    """Do what the command line says and return the exit code."""
    try:
        match argv:
            case ["install"]:
                install()
            case ["image", *extra]:
                print(build_image(extra_packages=" ".join(extra)))  # noqa: T201
            case _:
                raise BadInput(
                    "usage: python -m medalist.sandbox.engine install|image [PACKAGE...]"
                )
    except MedalistError as error:
        print(f"medalist: {error}", file=sys.stderr)  # noqa: T201
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
