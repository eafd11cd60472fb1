"""Every reason for which there is no sandbox has its own error, with the command that fixes it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from medalist.errors import EngineError
from medalist.sandbox import image_inputs
from medalist.sandbox.docker_engine import connect
from medalist.sandbox.local import check_bubblewrap, why_no_namespaces
from medalist.sandbox.owner import is_orphan, owner_prefix
from medalist.sandbox.pool import open_pool


@pytest.fixture
def bare_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine on which nothing is installed; the folder is its PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    return tmp_path


def install(folder: Path, name: str, script: str = "exit 1") -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def reason_of(kind: str) -> tuple[str, str]:
    with pytest.raises(EngineError) as caught:
        open_pool(kind)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return caught.value.reason, str(caught.value.hint)


def test_docker_is_not_installed(bare_path: Path) -> None:
    reason, hint = reason_of("docker")
    assert reason == "not-installed"
    assert "engine install" in hint


def test_docker_is_not_running(bare_path: Path) -> None:
    install(bare_path, "dockerd")
    reason, hint = reason_of("docker")
    assert reason == "not-running"
    assert "systemctl start docker" in hint


def test_a_stale_socket_is_a_daemon_that_is_not_running(bare_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(bare_path / "docker.sock"))
    assert reason_of("docker")[0] == "not-running"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_no_permission_on_the_socket(tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        path.chmod(0o600)
        for folder in (tmp_path, *tmp_path.parents[:3]):
            if folder != Path("/tmp"):
                folder.chmod(0o755)
        code = (
            "import os\nfrom medalist.errors import EngineError\n"
            "from medalist.sandbox.docker_engine import connect\nos.setuid(65534)\n"
            "try: connect()\nexcept EngineError as error: print(error.reason, error.hint)\n"
        )
        env = {**os.environ, "DOCKER_HOST": f"unix://{path}"}
        said = subprocess.run(
            [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
        ).stdout
    assert said.startswith("no-permission ")
    assert "usermod -aG docker" in said


@pytest.mark.docker
def test_the_image_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        connect().close()
    except EngineError as error:
        pytest.skip(str(error))
    monkeypatch.setattr(image_inputs, "inputs_digest", lambda: "0" * 12)
    reason, hint = reason_of("docker")
    assert reason == "no-image"
    assert "engine image" in hint


def test_an_engine_behind_ssh_or_far_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "ssh://somewhere")
    assert reason_of("docker")[0] == "ssh"
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
    assert reason_of("docker")[0] == "unreachable"


def test_bubblewrap_is_not_installed(bare_path: Path) -> None:
    reason, hint = reason_of("local")
    assert reason == "no-bubblewrap"
    assert "install bubblewrap" in hint


def test_namespaces_are_forbidden(bare_path: Path) -> None:
    install(bare_path, "bwrap", "echo 'bwrap: No permissions to create new namespace' >&2; exit 1")
    with pytest.raises(EngineError, match="No permissions") as caught:
        check_bubblewrap()
    assert caught.value.reason in ("no-userns", "apparmor")


def test_ubuntus_apparmor_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    complaint = "bwrap: setting up uid map: Permission denied"
    assert why_no_namespaces(complaint, "1").reason == "apparmor"
    assert why_no_namespaces(complaint, "0").reason == "no-userns"
    assert why_no_namespaces(complaint, None).reason == "no-userns"


def test_without_any_sandbox_both_reasons_are_named(bare_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        open_pool()
    assert "Docker is not installed" in caught.value.message
    assert "bubblewrap is not installed" in caught.value.message


def test_only_dead_owners_of_this_machine_leave_orphans() -> None:
    mine = owner_prefix()
    assert not is_orphan(mine + "x")
    _, machine, pid, start, _ = mine.split("-")
    assert is_orphan(f"medalist-{machine}-{pid}-{int(start) - 1}-x")
    assert not is_orphan(f"medalist-{'0' * len(machine)}-{pid}-{int(start) - 1}-x")
    assert not is_orphan("medalist-else")
