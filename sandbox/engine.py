"""Setting up a container engine, and cleaning up after medalist processes that died.

``python -m medalist.sandbox.engine install`` installs and starts Docker (Debian or Ubuntu, as
root); ``python -m medalist.sandbox.engine image`` builds the runner image, ``... image all`` the
one with the compilers of every language; ``... languages`` installs these for the local box.
"""

from __future__ import annotations

import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import requests
from docker import DockerClient
from docker.errors import APIError, BuildError, DockerException, ImageNotFound

from medalist.errors import BadInput, EngineError, MedalistError
from medalist.sandbox.docker_engine import IMAGE_FIX, INSTALL_FIX, connect
from medalist.sandbox.image_inputs import ALL_LANGUAGES, image_inputs, image_tag
from medalist.sandbox.languages import packages
from medalist.sandbox.orphaned_containers import remove_orphaned_containers
from medalist.sandbox.owner import remove_orphaned_folders

BASE_IMAGE = "debian:bookworm-slim"


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

    Args:
        extra_packages: Debian packages to add to it; `all` builds the image with every language of
            the table instead, under its own name.
        echo: Print what the build prints.

    Raises:
        EngineError: No engine, or `build-failed` with the last lines of the build.
    """
    client = connect()
    _ensure_base(client, echo)
    large = extra_packages == ALL_LANGUAGES
    tag = image_tag(ALL_LANGUAGES if large else "")
    if large:
        extra_packages = " ".join(packages())
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        for name, content in image_inputs().items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    context.seek(0)
    last: list[str] = []
    for event in _build_events(client, context, tag, extra_packages):
        text = str(event.get("stream") or event.get("error") or "").rstrip()
        if text:
            last = [*last[-10:], text]
            if echo:
                print(text, file=sys.stderr)  # noqa: T201
        if "error" in event:
            raise EngineError("build-failed", "the runner image was not built: " + " | ".join(last))
    return tag


def _build_events(
    client: DockerClient, context: io.BytesIO, tag: str, extra_packages: str
) -> Iterator[dict[str, object]]:
    try:
        yield from client.api.build(
            fileobj=context,
            custom_context=True,
            dockerfile="Dockerfile.runner",
            tag=tag,
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
            hint=f"sudo {IMAGE_FIX}",
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
    # apt-get says what it unpacks even if told to be quiet; what went wrong is on stderr.
    out = subprocess.DEVNULL if argv[0] == "apt-get" else sys.stderr
    done = subprocess.run(argv, check=False, env=env, stdout=out)
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
            raise EngineError("not-root", "installing Docker needs root", hint=INSTALL_FIX)
        apt_install("docker.io", "iptables")
    _start_daemon()


def _start_daemon() -> None:
    if os.geteuid() != 0:
        raise EngineError("not-root", "starting Docker needs root", hint=INSTALL_FIX)
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
            case ["languages"]:
                apt_install(*packages())
            case _:
                raise BadInput(
                    "usage: python -m medalist.sandbox.engine "
                    "install|image [all|PACKAGE...]|languages"
                )
    except MedalistError as error:
        print(f"medalist: {error}", file=sys.stderr)  # noqa: T201
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
