"""The house is in order: one name per idea, and nothing that no command reaches."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.house import counts, journal_page, reachability
from tests.house.product import ROOT, Product


def test_what_no_command_reaches_has_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert reachability.main() == 0, capsys.readouterr().out


def test_the_page_about_journals_is_what_is_declared(capsys: pytest.CaptureFixture[str]) -> None:
    assert journal_page.main() == 0, capsys.readouterr().out


def test_no_two_classes_and_no_two_modules_share_a_name() -> None:
    figures = counts.counts()
    assert figures["colliding class names"] == 0
    assert figures["colliding module names"] == 0


def test_every_room_of_the_agent_is_in_both_import_contracts() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        layers, secret = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    rooms = {
        ".".join(name.split(".")[:3])
        for name in Product().modules
        if name.startswith("medalist.agent.")
    }
    assert rooms <= set(re.findall(r"medalist\.agent\.\w+", " ".join(layers["layers"])))
    assert rooms - {*secret["source_modules"]} == {"medalist.agent.commands"}
