import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from medalist.sandbox.pool import Pool, open_pool


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    with open_pool() as opened:
        yield opened


@pytest.fixture(scope="session")
def archives() -> Path:
    """The folder of real packages, data only."""
    beside = Path(__file__).resolve().parents[4] / "shared"
    folder = Path(os.environ.get("MEDALIST_SHARED", beside)) / "archives"
    if not folder.is_dir():
        pytest.skip(f"no real packages at {folder} (MEDALIST_SHARED names their folder)")
    return folder
