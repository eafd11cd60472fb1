"""Whether programs can be run in the local sandbox of this machine."""

from __future__ import annotations

import functools

import pytest


@functools.cache
def _why_not() -> str | None:
    # Not at the top: the environment is put right first (`conftest.py`).
    from medalist.errors import EngineError
    from medalist.sandbox.local import LocalBackend

    try:
        LocalBackend().close()
    except EngineError as error:
        return f"no local sandbox: {error}"
    return None


def needed() -> None:
    """Skip the test that asks where there is none; tests marked `local` need not ask."""
    if (why := _why_not()) is not None:
        pytest.skip(why)
