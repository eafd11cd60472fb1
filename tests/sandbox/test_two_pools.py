"""Two pools in one process: their boxes share nothing."""

from __future__ import annotations

import pytest

from medalist.sandbox import selftest
from medalist.sandbox.pool import open_pool


def test_the_boxes_of_each_pool_are_walled_in() -> None:
    (case,) = (case for case in selftest.cases() if case.name == "memory_shared_hidden")
    with open_pool("local") as first, open_pool("local") as second:
        testers = [selftest.Tester(pool) for pool in (first, second)]
        if reason := testers[0].excuse(case):
            pytest.skip(reason)
        # Each has made all its boxes by now.
        promises = [tester.check(case) for tester in testers]
    assert all(promise.kept for promise in promises), promises
