"""Options that several commands share, and how those of a run come to the command line."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any, Literal, get_type_hints

import typer

from medalist.agent.run.options import RunOptions

BoxKind = Literal["auto", "docker", "local"]

MODEL = typer.Option(
    "--model", help=RunOptions.model_fields["model"].description, show_default=False
)
BOX = typer.Option("--box", help="Sandbox: the Docker engine if one answers, else bubblewrap.")
DRY_RUN = typer.Option(
    "--dry-run", help="Print the calls, tokens and the range of the cost; send and write nothing."
)
JSON = typer.Option("--json", help="Print machine-readable results on stdout.")

CAPS = (
    "max_usd", "price", "max_run_tokens", "max_requests", "max_seconds", "concurrency",
)  # fmt: skip
"""What a command that asks a model may take, whatever it asks for."""

_Command = Callable[..., None]
_TYPES = get_type_hints(RunOptions)


def _pair(value: object) -> object:
    """Leave the two values of an option as they are (the option's `nargs` is set in `lazy.py`)."""
    return value


SAMPLE = typer.Option(
    "--sample",
    metavar="IN OUT",
    parser=_pair,
    help="A sample's input and output: two files, or the texts themselves. Repeatable; replaces "
    "the samples that were read from the statement.",
    show_default=False,
)


def run_options(
    *,
    before: str,
    defaults: Mapping[str, Any] | None = None,
    helps: Mapping[str, str] | None = None,
    without: Collection[str] = (),
    only: Collection[str] | None = None,
) -> Callable[[_Command], _Command]:
    """Give a command the options of a run (`RunOptions`), in place of its parameter `run`.

    The command gets them as a mapping from name to value.

    Args:
        before: The parameter of the command that they precede in the help.
        defaults: Where they are not those of `RunOptions`; None leaves all options that are not
            given out of the mapping.
        helps: Where an option means something else here.
        without: Options that the command declares itself.
        only: Options that it gets, where it is not all of them.
    """
    wanted = RunOptions.model_fields if only is None else only
    fields = [name for name in wanted if name not in without]
    added = [_parameter(name, defaults, helps or {}) for name in fields]

    def expand(command: _Command) -> _Command:
        hints = get_type_hints(command, include_extras=True)
        own = [
            parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
            for name, parameter in inspect.signature(command).parameters.items()
            if name != "run"
        ]
        place = next(index for index, parameter in enumerate(own) if parameter.name == before)
        signature = inspect.Signature([*own[:place], *added, *own[place:]])

        def expanded(**given: Any) -> None:
            bound = signature.bind(**given)
            bound.apply_defaults()
            values = bound.arguments
            run = {name: values.pop(name) for name in fields}
            if defaults is None:
                run = {name: value for name, value in run.items() if value is not None}
            command(**values, run=run)

        expanded.__doc__, expanded.__name__ = command.__doc__, command.__name__
        expanded.__signature__ = signature  # type: ignore[attr-defined]
        expanded.__annotations__ = {
            name: parameter.annotation for name, parameter in signature.parameters.items()
        }
        return expanded

    return expand


def _parameter(
    name: str, defaults: Mapping[str, Any] | None, helps: Mapping[str, str]
) -> inspect.Parameter:
    """Return the parameter of a command that stands for a field of `RunOptions`."""
    field = RunOptions.model_fields[name]
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    short, metavar = extra["short"], extra["metavar"]
    default = None if defaults is None else defaults.get(name, field.default)
    option = typer.Option(
        *([short] if isinstance(short, str) else []),
        f"--{name.replace('_', '-')}",
        help=helps.get(name, field.description or ""),
        min=next((limit.ge for limit in field.metadata if hasattr(limit, "ge")), None),
        max=next((limit.le for limit in field.metadata if hasattr(limit, "le")), None),
        metavar=metavar if isinstance(metavar, str) else None,
    )
    kind = _TYPES[name] if default is not None else _TYPES[name] | None
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[kind, option],
    )
