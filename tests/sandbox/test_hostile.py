"""Every hostile program against both boxes; what is expected of each is in the program."""

from __future__ import annotations

import pytest

from medalist.sandbox import selftest
from medalist.sandbox.pool import HostPool

CASES = selftest.cases()


@pytest.fixture(scope="module")
def tester(pool: HostPool) -> selftest.Tester:
    return selftest.Tester(pool)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_promise_is_kept(tester: selftest.Tester, case: selftest.SelfTestCase) -> None:
    if reason := tester.excuse(case):
        pytest.skip(reason)
    promise = tester.check(case)
    assert promise.kept, f"{promise.name}: {promise.detail}"


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 80


def test_a_promise_that_is_broken_is_reported(tester: selftest.Tester) -> None:
    """The suite itself must be able to fail: an honest program under a wrong expectation."""
    held = next(case for case in CASES if case.name == "socketpair")
    for fields in ({"expect": "time"}, {"stdout": "other"}, {"signal": "9"}, {"exit": "1"}):
        wrong = selftest.SelfTestCase(
            held.name, held.promise, held.source, {**held.fields, **fields}
        )
        assert not tester.check(wrong).kept
    compiles = selftest.SelfTestCase("x", "x", held.source, {"expect": "compile error"})
    assert not tester.check(compiles).kept
