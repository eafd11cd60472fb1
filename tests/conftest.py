"""Fixtures that several rooms share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared archives and pools; a test that needs it is skipped without it."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("MEDALIST_SHARED", beside))
    if not folder.is_dir():
        pytest.skip("no shared data: set MEDALIST_SHARED")
    return folder
