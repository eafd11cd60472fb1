"""Fixtures of the tests that run programs for evidence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from medalist.errors import EngineError
from medalist.sandbox.pool import Pool, open_pool


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """A sandbox; the test is skipped where there is none."""
    try:
        pool = open_pool()
    except EngineError as error:
        pytest.skip(f"no sandbox: {error}")
    yield pool
    pool.close()
