"""The house is in order: one name per idea, and nothing that no command reaches."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.conftest import LONG
from tests.house import counts, journal_page, reachability
from tests.house.product import ROOT, Module, Product
from tests.house.unset import unset


def test_what_no_command_reaches_has_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert reachability.main() == 0, capsys.readouterr().out


def test_the_page_about_journals_is_what_is_declared(capsys: pytest.CaptureFixture[str]) -> None:
    assert journal_page.main() == 0, capsys.readouterr().out


def test_no_two_classes_and_no_two_modules_share_a_name() -> None:
    figures = counts.counts()
    assert figures["colliding class names"] == 0
    assert figures["colliding module names"] == 0


def test_no_parameter_list_is_long() -> None:
    assert counts.counts()["longest parameter list"] <= counts.MOST_PARAMETERS


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


_SETTINGS = """
from dataclasses import dataclass, replace
from pydantic import BaseModel

@dataclass(frozen=True)
class Caps:
    dollars: float = 0.0
    tokens: int = 0
    requests: int = 0

@dataclass(frozen=True)
class Used:
    tokens: int = 0
    requests: int = 0

class Read(BaseModel):
    from_a_file: int = 0

class Written(BaseModel):
    by_a_call: int = 0
    by_nobody: int = 0

class Counter:
    def __init__(self) -> None:
        self.used = Used()

    def more(self, caps: Caps) -> None:
        before = self.used
        self.used = replace(before, tokens=before.tokens + 1, requests=before.requests + 1)
        Caps(1.0), replace(caps, tokens=2), Read.model_validate({}), Written(by_a_call=1)
"""


def test_a_field_that_only_another_class_sets_is_named() -> None:
    module = Module("m", Path("m.py"), ast.parse(_SETTINGS))
    assert [*unset([module], set(), callers_set=())] == ["m.Caps(requests)", "m.Written(by_nobody)"]


def test_make_runs_every_test_of_the_embedded_model() -> None:
    """Those run alone, after all others, from a folder that `make test` names."""
    mark = "@pytest.mark." + "model"
    marked = [path for path in (ROOT / "tests").rglob("test_*.py") if mark in path.read_text()]
    folders = {path.parent.relative_to(ROOT).as_posix() for path in marked}
    (command,) = re.findall(r"pytest .*-m model (.*)", (ROOT / "Makefile").read_text())
    assert folders == set(command.split())


def test_the_files_that_tests_begin_with_are_there() -> None:
    assert [name for name in LONG if not (ROOT / name).is_file()] == []
