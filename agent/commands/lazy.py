"""Commands that are imported when they are asked for: `status` need not load what `solve` needs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
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

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            place = self._waiting.pop(cmd_name, None)
            if place is not None:
                self.commands[cmd_name] = _load(cmd_name, place)
            return super().get_command(ctx, cmd_name)

    return LazyGroup


# Options that take two values each time. Typer has lists and pairs, but no lists of pairs.
_PAIRS = frozenset({"sample"})


def _load(name: str, place: str) -> Any:
    module, _, attribute = place.partition(":")
    found = getattr(import_module(f"{__package__}.{module}"), attribute)
    if isinstance(found, typer.Typer):
        group = typer.main.get_group(found)
        group.name = name
        return group
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    command = typer.main.get_command(alone)
    for parameter in command.params:
        if parameter.name in _PAIRS:
            parameter.nargs = 2
    return command
