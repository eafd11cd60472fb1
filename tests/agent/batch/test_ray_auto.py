"""`--ray auto`: the cluster that this user's `ray start` made here, and never another one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from medalist.agent.llm.scripted.scripted import ScriptedEndpoint
from tests.agent.batch import packages
from tests.agent.batch.conftest import arguments
from tests.agent.batch.nodes import STORE_BYTES, territory
from tests.agent.command import medalist

pytestmark = pytest.mark.local

ANOTHER_USER = 65534
RAY = """
from ray.scripts.scripts import main
from medalist.sandbox.ray.this_machine import patience
with patience():
    main()
"""


@pytest.fixture(scope="module")
def started() -> Iterator[dict[str, str]]:
    """The environment of a user who has run `ray start --head`."""
    pytest.importorskip("ray", reason="Ray is not installed")
    with territory() as environment:
        command = [sys.executable, "-c", RAY, "start", "--head", "--port=0", "--num-cpus=1"]
        command += [f"--object-store-memory={STORE_BYTES}"]
        done = subprocess.run(
            [*command, "--include-dashboard=false", "--dashboard-agent-listen-port=0"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **environment},
        )
        assert done.returncode == 0, done.stderr
        yield {name: value for name, value in environment.items() if value}


@pytest.fixture
def note(started: dict[str, str]) -> Iterator[Path]:
    """The file in which Ray notes the address; put back after the test."""
    file = Path(started["RAY_TMPDIR"], "ray", "ray_current_cluster")
    before = file.read_text()
    yield file
    os.chown(file, os.geteuid(), -1)
    file.write_text(before)


def auto(
    folder: Path, endpoint: ScriptedEndpoint, **environment: str
) -> subprocess.CompletedProcess[str]:
    packages.make(folder / "archive", 1)
    command = arguments(folder / "archive", folder / "run", "--ray", "auto", "--box", "local")
    return medalist(*command, cwd=folder, OPENAI_BASE_URL=endpoint.base_url, **environment)


def not_found(done: subprocess.CompletedProcess[str]) -> bool:
    said = "no Ray cluster can be reached at 'auto': no cluster of this user runs on this machine"
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    return said in done.stderr


def test_auto_is_what_ray_start_made(
    started: dict[str, str], endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    done = auto(tmp_path, endpoint, **started)
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr.startswith("sandbox: 1 local box on 1 node of a Ray cluster"), done.stderr


def test_a_cluster_in_another_folder_is_another_ones(
    started: dict[str, str], endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = started | {"RAY_TMPDIR": str(elsewhere)}
    assert not_found(auto(tmp_path, endpoint, **environment))


@pytest.mark.parametrize("address", ["127.0.0.1:1", "", "nonsense", None])
def test_an_address_that_is_stale_is_passed_over(
    started: dict[str, str],
    note: Path,
    endpoint: ScriptedEndpoint,
    tmp_path: Path,
    address: str | None,
) -> None:
    if address is None:  # as of a cluster that a program has started for itself
        note.unlink()
    else:
        note.write_text(address)
    try:
        assert not_found(auto(tmp_path, endpoint, **started))
    finally:
        note.touch()


def test_an_address_that_another_user_wrote_is_not_believed(
    started: dict[str, str], note: Path, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    try:
        os.chown(note, ANOTHER_USER, -1)
    except PermissionError:
        pytest.skip("only root gives files away")
    assert not_found(auto(tmp_path, endpoint, **started))


def test_an_address_in_the_environment_is_taken(
    started: dict[str, str], note: Path, endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    environment = started | {"RAY_ADDRESS": note.read_text(), "RAY_AUTH_MODE": "token"}
    note.write_text("")
    done = auto(tmp_path, endpoint, **environment)
    assert "on 1 node of a Ray cluster" in done.stderr
