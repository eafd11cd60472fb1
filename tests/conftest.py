"""Fixtures that several rooms share."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

from tests import local_sandbox

# Started in the background of a shell, a test run ignores Ctrl-C, and so would all that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The config, endpoint and keys of whoever runs the tests are not the tests'.
for _name in [name for name in os.environ if name.startswith(("OPENAI_", "MEDALIST_", "RAY_"))]:
    if _name not in ("MEDALIST_SHARED", "MEDALIST_CCS_SCHEMAS"):
        del os.environ[_name]
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix="medalist-test-config-")
atexit.register(shutil.rmtree, os.environ["XDG_CONFIG_HOME"], ignore_errors=True)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared archives and pools; a test that needs it is skipped without it."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("MEDALIST_SHARED", beside))
    if not folder.is_dir():
        pytest.skip("no shared data: set MEDALIST_SHARED")
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what is marked `local` where there is no such sandbox, before any of its fixtures."""
    if item.get_closest_marker("local") is not None:
        local_sandbox.needed()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with files that run whole commands: one that comes last leaves the other cores idle."""
    long = ("tests/agent/batch/", "tests/agent/commands/", "tests/problems/test_archive.py")
    items.sort(key=lambda item: not item.nodeid.startswith(long))
