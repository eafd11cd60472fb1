"""The tree of commands: each is found, described, and loads nothing of the others."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer
from tests.agent.command import environment
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from medalist.agent.commands.main import app


def test_every_command_is_found_and_described() -> None:
    actual: list[str] = []

    def walk(group: TyperGroup, path: str) -> None:
        context = typer.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            assert command.name == name
            assert command.help, f"{path}{name} does not say what it does"
            actual.append(path + name)
            if isinstance(command, TyperGroup):
                walk(command, f"{path}{name} ")

    top = get_command(app)
    assert isinstance(top, TyperGroup)
    walk(top, "")
    assert {"solve", "problems convert", "model serve", "contest run"} <= set(actual)


def test_a_mistyped_command_is_bad_usage_and_the_right_one_is_named() -> None:
    for arguments, right in ((["solv"], "solve"), (["contest", "standing"], "standings")):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 2
        assert f"'{right}'" in done.output


def loaded_by(*arguments: str) -> set[str]:
    """The modules that `medalist ARGUMENTS` has imported when it ends."""
    script = (
        "import atexit, runpy, sys\n"
        "atexit.register(lambda: print(*sys.modules, sep='\\n'))\n"
        "sys.argv = ['medalist', *sys.argv[1:]]\n"
        "runpy.run_module('medalist', run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment(), capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return set(done.stdout.split())


HEAVY = {
    "asyncio", "docker", "fastapi", "httpx", "httpx2", "jinja2", "matplotlib", "numpy", "openai",
    "pyarrow", "pydantic", "pydantic_settings", "ray", "sklearn", "sqlite3", "tree_sitter", "yaml",
}  # fmt: skip


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["contest", "--help"]])
def test_what_is_only_looked_up_loads_no_command(arguments: list[str]) -> None:
    loaded = loaded_by(*arguments)
    own = {"pydantic"} if len(arguments) > 1 else set()  # with it Typer reads the words of a group
    assert loaded & HEAVY <= own
    ours = {name for name in loaded if name.startswith(("medalist.agent", "medalist.problems"))}
    names = {"", ".commands", ".commands.main", ".commands.console", ".commands.lazy"}
    assert ours <= {f"medalist.agent{name}" for name in names | {f".commands.{arguments[0]}"}}


def test_the_version_needs_no_rich() -> None:
    assert "rich.console" not in loaded_by("--version")


def test_a_list_of_commands_says_of_each_what_its_own_help_says() -> None:
    top = get_command(app)
    assert isinstance(top, TyperGroup)
    groups = [top, *(top.get_command(typer.Context(top), name) for name in top.commands)]
    for group in groups:
        if isinstance(group, TyperGroup):
            listed = CliRunner().invoke(
                app, [*([] if group is top else [group.name or ""]), "--help"]
            )
            shown = " ".join(listed.output.replace("│", " ").split())
            for name in group.commands:
                own = group.get_command(typer.Context(group), name)
                assert own is not None
                said = " ".join((own.help or "").split("\n\n")[0].split())
                assert f" {name} {said} " in shown


def test_a_command_loads_nothing_of_the_others() -> None:
    loaded = loaded_by("status", "--help")
    assert "medalist.agent.commands.status" in loaded
    assert not loaded & {"medalist.agent.commands.solve", "medalist.agent.web", "docker", "jinja2"}
