"""The house is in order: one name per idea, and nothing that no command reaches."""

from __future__ import annotations

import pytest

from tests.house import counts, reachability


def test_what_no_command_reaches_has_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert reachability.main() == 0, capsys.readouterr().out


def test_no_two_classes_and_no_two_modules_share_a_name() -> None:
    figures = counts.counts()
    assert figures["colliding class names"] == 0
    assert figures["colliding module names"] == 0
