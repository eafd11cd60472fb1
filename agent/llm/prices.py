"""What tokens cost: a table that users can edit; an unknown price is None, never a guess."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from importlib import resources
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from medalist.agent.llm.config_file import config_dir
from medalist.agent.llm.price_list import list_file, listed_price
from medalist.agent.types import Usage
from medalist.errors import BadInput

FILE = "prices.toml"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    prompt: float = Field(ge=0)
    completion: float = Field(ge=0)
    cached: float | None = Field(None, ge=0)
    cache_write: float | None = Field(None, ge=0)
    as_of: date | None = None
    source: str = ""


@dataclass(frozen=True)
class Price:
    """US dollars per million tokens; `as_of` is the day on which the `source` was read."""

    prompt: float
    completion: float
    cached: float
    as_of: date | None = None
    source: str = ""
    cache_write: float | None = None
    """Of prompts that are written to a cache; None where that costs nothing more."""

    @classmethod
    def of_pair(cls, prompt: float, completion: float) -> Price:
        """Return the price that a user gave: nothing is known of caches."""
        return cls(prompt, completion, prompt)

    def of(self, usage: Usage) -> float:
        """Return the cost of an answer in dollars; its tokens must be known."""
        assert usage.prompt_tokens is not None
        assert usage.completion_tokens is not None
        cached = min(usage.cached_tokens or 0, usage.prompt_tokens)
        written = min(usage.cache_written_tokens or 0, usage.prompt_tokens - cached)
        fresh = usage.prompt_tokens - cached - written
        return (
            fresh * self.prompt
            + cached * self.cached
            + written * self._writing
            + usage.completion_tokens * self.completion
        ) / 1e6

    @property
    def _writing(self) -> float:
        return self.prompt if self.cache_write is None else self.cache_write

    def halved(self) -> Price:
        """Return the price of the same tokens through a batch API."""
        return replace(
            self,
            prompt=self.prompt / 2,
            completion=self.completion / 2,
            cached=self.cached / 2,
            cache_write=None if self.cache_write is None else self.cache_write / 2,
        )

    def at_most(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Return the maximum cost of these tokens, in dollars."""
        dearest = max(self.prompt, self.cached, self._writing)
        return (prompt_tokens * dearest + completion_tokens * self.completion) / 1e6


FREE = Price(0.0, 0.0, 0.0)


def find_price(model: str) -> Price | None:
    """Look a model up in the user's table, in the list that was taken over, in the shipped table.

    An exact name wins over a pattern, a longer pattern over a shorter one.

    Raises:
        BadInput: The user's table is malformed.
    """
    own = config_dir() / FILE
    if own.is_file() and (row := _fitting(model, _read(own.read_text("utf-8"), own))) is not None:
        return _price_of(row)
    listed = listed_price(model)
    if listed is not None:
        try:
            return _price_of(_Row.model_validate(listed))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise BadInput(first["msg"], file=list_file(), field=model) from None
    shipped = _read(resources.files(__package__).joinpath(FILE).read_text("utf-8"), FILE)
    row = _fitting(model, shipped)
    return None if row is None else _price_of(row)


def _fitting(model: str, table: dict[str, _Row]) -> _Row | None:
    fitting = [name for name in table if fnmatchcase(model, name)]
    return table[max(fitting, key=lambda name: (name == model, len(name)))] if fitting else None


def _price_of(row: _Row) -> Price:
    cached = row.prompt if row.cached is None else row.cached
    return Price(row.prompt, row.completion, cached, row.as_of, row.source, row.cache_write)


def _read(text: str, file: Path | str) -> dict[str, _Row]:
    try:
        return TypeAdapter(dict[str, _Row]).validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(str(error), file=file) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadInput(
            first["msg"], file=file, field=".".join(str(part) for part in first["loc"])
        ) from None
