"""What `import medalist` offers: all of it documented and typed, nothing else, and late."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
import typing

import pytest
import typer

import medalist
from medalist.agent.commands.batch import batch
from medalist.agent.commands.batch_config import BatchConfig
from medalist.agent.commands.contest_run import contest_run
from medalist.agent.commands.solve import solve
from medalist.agent.contest.file import ParticipantEntry
from medalist.agent.run.options import RunOptions

NAMES = [name for name in medalist.__all__ if name != "__version__"]


def test_nothing_else_is_public() -> None:
    assert medalist.__all__ == sorted(medalist.__all__)
    assert dir(medalist) == medalist.__all__
    with pytest.raises(AttributeError, match="no attribute 'solution'"):
        medalist.solution  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there_and_documented(name: str) -> None:
    thing = getattr(medalist, name)
    assert inspect.getdoc(thing)
    assert thing.__name__.endswith(name)
    if inspect.isfunction(thing):
        hints = typing.get_type_hints(thing)
        assert set(hints) == {*inspect.signature(thing).parameters, "return"}


@pytest.mark.parametrize("name", NAMES)
def test_methods_are_documented(name: str) -> None:
    for label, member in inspect.getmembers(getattr(medalist, name)):
        method = member.fget if isinstance(member, property) else member
        ours = str(getattr(method, "__module__", "")).startswith("medalist")
        if inspect.isfunction(method) and ours and not label.startswith("_"):
            assert inspect.getdoc(member), f"{name}.{label}"


def test_what_is_not_used_is_not_loaded() -> None:
    program = (
        "import json, sys, medalist\n"
        "before = sorted(name for name in sys.modules if name.startswith('medalist'))\n"
        "medalist.BadInput\n"
        "print(json.dumps([before, 'medalist.library' in sys.modules, 'pydantic' in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [["medalist"], False, False]


def _defaults(command: typing.Callable[..., object]) -> dict[str, object]:
    parameters = inspect.signature(command).parameters.values()
    return {each.name: each.default for each in parameters if each.name in RunOptions.model_fields}


def test_all_who_solve_know_the_same_options() -> None:
    names = set(RunOptions.model_fields)
    assert len(names) > 20
    for command in (solve, batch, medalist.solve):
        assert set(_defaults(command)) == names
    assert set(_defaults(contest_run)) == names
    assert names <= set(BatchConfig.model_fields)
    assert names <= set(ParticipantEntry.model_fields)
    assert _defaults(medalist.solve) == _defaults(solve)


@pytest.mark.parametrize("command", [solve, batch, contest_run])
def test_every_option_has_a_help_of_its_own(command: typing.Callable[..., None]) -> None:
    alone = typer.Typer()
    alone.command()(command)
    options = {option.name: option for option in typer.main.get_command(alone).params}
    helps = [getattr(options[name], "help", None) for name in RunOptions.model_fields]
    assert all(helps)
    assert len(set(helps)) == len(helps)
