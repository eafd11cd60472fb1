"""Trouble that reaches a question just when it is given up is not a traceback on the screen."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

import pytest

from medalist.agent.llm.unheard import unheard
from medalist.errors import JournalFailure


@pytest.mark.parametrize(
    ("trouble", "lines"),
    [(JournalFailure(f"{Path('journal.sqlite')}: the disk is full"), 0), (ValueError("a bug"), 1)],
)
def test_only_a_bug_is_reported_where_nobody_waits(
    trouble: Exception, lines: int, caplog: pytest.LogCaptureFixture
) -> None:
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(unheard)
    future: asyncio.Future[None] = loop.create_future()
    future.set_exception(trouble)
    del future
    gc.collect()
    loop.close()
    assert len(caplog.records) == lines
