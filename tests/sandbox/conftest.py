"""Both boxes pass the same tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from medalist.errors import EngineError
from medalist.sandbox import languages
from medalist.sandbox.box import Executable
from medalist.sandbox.pool import HostPool, open_pool


@pytest.fixture(
    scope="session",
    params=[
        pytest.param("docker", marks=pytest.mark.docker),
        pytest.param("local", marks=pytest.mark.local),
    ],
)
def pool(request: pytest.FixtureRequest) -> Iterator[HostPool]:
    try:
        opened = open_pool(request.param)
    except EngineError as error:
        pytest.skip(str(error))
    with opened:
        yield opened


@pytest.fixture
def build(pool: HostPool) -> Callable[[str, str], Executable]:
    """Compile a one-file program that is known to compile."""

    def compiled(language: str, text: str) -> Executable:
        result = pool.compile(languages.source(language, text))
        assert result.executable is not None, result.message
        return result.executable

    return compiled
