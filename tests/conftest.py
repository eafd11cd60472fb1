"""Fixtures that several rooms share."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

# Started in the background of a shell, a test run ignores Ctrl-C, and so would all that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared archives and pools; a test that needs it is skipped without it."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("MEDALIST_SHARED", beside))
    if not folder.is_dir():
        pytest.skip("no shared data: set MEDALIST_SHARED")
    return folder
