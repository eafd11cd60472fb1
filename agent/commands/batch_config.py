"""Options of `medalist batch`: from the command line, `-c key=value` and a config file.

What is given on the command line wins over `-c`, and that over the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import ConfigDict, Field, ValidationError, model_validator

from medalist.agent.batch.driver import Schedule
from medalist.agent.commands.options import BoxKind
from medalist.agent.run.options import RunOptions
from medalist.errors import BadInput

Display = Literal["full", "plain", "log", "none"]
Positive = Annotated[int, Field(ge=1)]


class BatchConfig(RunOptions):
    """All that can be set: options of a run and those of a batch; a config file has these keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    archives: tuple[str, ...] = ()
    """Packages, folders of packages, zips, data sets; none are the bundled problems."""
    filter: str | None = None
    limit: Positive | None = None
    shard: str | None = None
    jobs: Positive | None = None
    ray: str | None = None
    box: BoxKind = "auto"
    # Problems are many: what is asked at once keeps the endpoint busy.
    search: str | None = "once"
    dry_run: bool = False
    schedule: Schedule = "adaptive"
    fail_on_error: bool = False
    retry_on_error: Annotated[int, Field(ge=0)] = 0
    display: Display = "full"
    out: Path | None = None
    generations: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _usual(cls, value: object) -> object:
        """Fill in what is usual in batches, where no effort is named."""
        if isinstance(value, dict) and value.get("effort") is None:
            return {"width": 8} | value
        return value


def read(file: Path | None, pairs: Sequence[str], given: Mapping[str, Any]) -> BatchConfig:
    """Put together what was set.

    Args:
        file: YAML or TOML, by its ending.
        pairs: `key=value`, the values in YAML's notation.
        given: Options of the command line; None where one was not given.

    Raises:
        BadInput: An unknown key or an impossible value, with the place where it is.
    """
    config = BatchConfig()
    known: dict[str, Any] = {}
    layers: list[tuple[Path | str | None, dict[str, Any]]] = []
    if file is not None:
        layers.append((file, _of_file(file)))
    layers.append(("-c", dict(map(_pair, pairs))))
    layers.append((None, {name: value for name, value in given.items() if value is not None}))
    for where, layer in layers:
        known |= layer
        try:
            config = BatchConfig.model_validate(known)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            unknown = first["type"] == "extra_forbidden"
            raise BadInput(
                "unknown key" if unknown else first["msg"],
                file=where,
                field=field if where is not None else f"--{field.replace('_', '-')}",
                hint=f"there are {', '.join(_names())}" if unknown else None,
            ) from None
    return config


def _names() -> list[str]:
    """Name the keys, those of batches alone first."""
    own = [name for name in BatchConfig.model_fields if name not in RunOptions.model_fields]
    return [*own, *RunOptions.model_fields]


def _of_file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        settings = tomllib.loads(text) if path.suffix == ".toml" else yaml.safe_load(text)
    except OSError as error:
        raise BadInput(error.strerror or "cannot be read", file=path) from error
    except (ValueError, yaml.YAMLError) as error:
        raise BadInput(f"cannot be read: {' '.join(str(error).split())}", file=path) from None
    if settings is None:
        return {}
    if not isinstance(settings, dict):
        raise BadInput("is not a mapping of keys to values", file=path)
    return {str(name): value for name, value in settings.items()}


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise BadInput(f"{text!a} is not key=value", field="-c")
    try:
        return name.strip(), yaml.safe_load(value)
    except yaml.YAMLError:
        return name.strip(), value
