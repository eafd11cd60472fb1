"""The tree of commands: each is found, described, and loads nothing of the others."""

from __future__ import annotations

import subprocess
import sys

import typer
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from medalist.agent.commands.main import app
from tests.agent.command import environment


def test_every_command_is_found_and_described() -> None:
    found: list[str] = []

    def walk(group: TyperGroup, path: str) -> None:
        context = typer.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            assert command.name == name
            assert command.help, f"{path}{name} does not say what it does"
            found.append(path + name)
            if isinstance(command, TyperGroup):
                walk(command, f"{path}{name} ")

    top = get_command(app)
    assert isinstance(top, TyperGroup)
    walk(top, "")
    assert {"solve", "problems convert", "model serve", "contest run"} <= set(found)


def test_a_mistyped_command_is_bad_usage_and_the_right_one_is_named() -> None:
    for arguments, right in ((["solv"], "solve"), (["contest", "standing"], "standings")):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 2
        assert f"'{right}'" in done.output


def test_a_command_loads_nothing_of_the_others() -> None:
    script = (
        "import atexit, runpy, sys\n"
        "atexit.register(lambda: print(*sys.modules, sep='\\n'))\n"
        "sys.argv = ['medalist', 'status', '--help']\n"
        "runpy.run_module('medalist', run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(), capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    loaded = set(done.stdout.split())
    assert "medalist.agent.commands.status" in loaded
    assert not loaded & {"medalist.agent.commands.solve", "medalist.agent.web", "docker", "jinja2"}
