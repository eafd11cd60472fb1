"""`docs/cli.md`, made from the commands.

`python -m tests.house.cli_page` (part of `make lint`) fails where the page is not what the commands
say of themselves, and with `--write` writes it.
"""

from __future__ import annotations

import enum
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer

from medalist.agent.commands.main import app
from tests.house.product import ROOT

PAGE = ROOT / "docs/cli.md"
_HEAD = """\
# The command line

<!-- Made by `python -m tests.house.cli_page --write`; `make lint` fails where it is stale. -->

Data goes to stdout, progress and messages to stderr. Exit codes, the same for all commands:

| code | meaning |
|---|---|
| 0 | solved (without secret tests: an answer that passes the samples was delivered), or done |
| 1 | not solved, or a disagreement |
| 2 | wrong usage, or bad input |
| 3 | something is missing or broken |
| 4 | not solved because a budget ended |
| 130 | interrupted; the same command resumes where it stopped |
"""


def page() -> str:
    """Return the page: each command with its arguments and options, in the order of the help."""
    root = typer.main.get_command(app)
    commands = list(_commands(root, "medalist"))
    lines = [f"- [`{name}`](#{_anchor(name)}): {_first(command)}" for name, command in commands]
    parts = [_HEAD, "\n".join(lines)]
    parts += [_section(name, command) for name, command in commands]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _commands(group: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield all commands that do something, groups' own ones in their place."""
    context = group.make_context(name, [], resilient_parsing=True)
    for list_command in group.list_commands(context):
        command = group.get_command(context, list_command)
        if command.hidden:
            continue
        if hasattr(command, "list_commands"):
            yield from _commands(command, f"{name} {list_command}")
        else:
            yield f"{name} {list_command}", command


def _section(name: str, command: Any) -> str:
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    options = [
        param for param in command.params if param.param_type_name == "option" and not param.hidden
    ]
    usage = " ".join([name, "[OPTIONS]" if options else "", *map(_place, arguments)])
    parts = [f"## `{name}`", f"    {' '.join(usage.split())}", _plain(command.help or "")]
    rows = [(f"`{_place(argument)}`", _told(argument)) for argument in arguments]
    rows += [(f"`{_names(option)}`", _told(option)) for option in options if option.name != "help"]
    if rows:
        parts.append("| | |\n|---|---|\n" + "\n".join(f"| {row} | {told} |" for row, told in rows))
    return "\n\n".join(part for part in parts if part)


def _place(argument: Any) -> str:
    name = (argument.type_descriptor.parameter_info.metavar or argument.name or "").strip("{}[]<>")
    name = name.upper().removesuffix("...")
    name += "..." if argument.nargs != 1 else ""
    return name if argument.required else f"[{name}]"


def _names(option: Any) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    return names if _annotation(option) is bool else f"{names} {_value(option)}"


def _annotation(parameter: Any) -> Any:
    """Return what a parameter takes; of a list, one of its items."""
    annotation = parameter.type_descriptor.annotation
    inner = [arg for arg in get_args(annotation) if arg is not type(None)]
    if get_origin(annotation) is Literal or not inner:
        return annotation
    return inner[0]


def _value(option: Any) -> str:
    metavar = option.type_descriptor.parameter_info.metavar
    if metavar:
        return str(metavar).strip("<>").upper()
    kind = _annotation(option)
    if get_origin(kind) is Literal:
        return r"\|".join(map(str, get_args(kind)))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return r"\|".join(str(item.value) for item in kind)
    return {int: "NUMBER", float: "NUMBER", Path: "PATH", str: "TEXT"}.get(kind, "VALUE")


def _told(parameter: Any) -> str:
    text = _plain(parameter.help or "").replace("\n", " ").replace("|", r"\|")
    variables = parameter.type_descriptor.parameter_info.envvar
    if variables:
        named = [variables] if isinstance(variables, str) else variables
        text += f" Environment: {', '.join(f'`{item}`' for item in named)}."
    default = getattr(parameter, "default", None)
    usual = default in (None, False, (), [], "", ...) or callable(default)
    if not usual and "Default" not in text:
        text += f" Default: {getattr(default, 'value', default)}."
    if parameter.required and parameter.param_type_name == "option":
        text += " Required."
    return text.strip()


def _first(command: Any) -> str:
    return _plain(command.help or "").partition("\n\n")[0].replace("\n", " ")


def _plain(text: str) -> str:
    """Drop the marks of the terminal's markup; angle brackets are not tags."""
    text = re.sub(r"\[/?[a-z ]*(?:bold|dim|red|green|yellow)[a-z ]*\]", "", text).strip()
    return text.replace("\b", "").replace("<", "&lt;")


def _anchor(name: str) -> str:
    return name.replace(" ", "-")


def main() -> int:
    """Compare the page with the commands, or write it."""
    text = page()
    if "--write" in sys.argv:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        print("docs/cli.md is stale: python -m tests.house.cli_page --write", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
