"""Commands that are imported when they are asked for: `status` need not load what `solve` needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


def lazy_group(places: Mapping[str, str]) -> type[TyperGroup]:
    """A group of commands that are imported when they are asked for.

    Args:
        places: Of each command its place (`module:name` in this package: a function, or the
            `Typer` of a group), by its own name, in the order of the help.
    """

    class LazyGroup(TyperGroup):
        def __init__(self, **attrs: Any) -> None:
            super().__init__(**attrs)
            # Typer reads the names off these; `get_command` puts the commands themselves there.
            self.commands = {name: TyperCommand(name) for name in places}
            self._waiting = dict(places)
            self._listing = False

        def format_help(self, ctx: Any, formatter: Any) -> None:
            self._listing = True
            super().format_help(ctx, formatter)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            if self._listing and (help_ := summary(places.get(cmd_name, ""))):
                return TyperCommand(cmd_name, help=help_)
            place = self._waiting.pop(cmd_name, None)
            if place is not None:
                self.commands[cmd_name] = _load(cmd_name, place)
            return super().get_command(ctx, cmd_name)

    return LazyGroup


# Options that take two values each time. Typer has lists and pairs, but no lists of pairs.
_PAIRS = frozenset({"sample"})


def summary(place: str) -> str:
    """Return what a command does, off its source: a list of commands needs nothing else of them.

    Empty if it does not stand where it usually does.
    """
    module, _, attribute = place.partition(":")
    try:
        source = Path(__file__).with_name(f"{module}.py").read_text()
    except OSError:  # not in a folder: a zip, say
        return ""
    name = re.escape(attribute)
    match = re.search(rf'^def {name}\(.*?^    """(.*?)(?:"""|\n\n)', source, re.M | re.S)
    match = match or re.search(rf'^{name} = typer\.Typer\([^"]*?help="([^"]*)"', source, re.M)
    match = match or re.search(
        rf'^{name} = typer\.Typer\(.*?^    help="([^"]*)"', source, re.M | re.S
    )
    return " ".join(match[1].split()) if match else ""


def _load(name: str, place: str) -> Any:
    module, _, attribute = place.partition(":")
    member = getattr(import_module(f"{__package__}.{module}"), attribute)
    if isinstance(member, typer.Typer):
        group = typer.main.get_group(member)
        group.name = name
        return group
    alone = typer.Typer(add_completion=False)
    alone.command(name)(member)
    command = typer.main.get_command(alone)
    for parameter in command.params:
        if parameter.name in _PAIRS:
            parameter.nargs = 2
    return command
