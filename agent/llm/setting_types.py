"""Types of settings: numbers within their bounds, and prices as people write them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode


def _split(value: object) -> object:
    """Read `0.25,2` as two numbers."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


PositiveInt = Annotated[int, Field(gt=0)]
PositiveFloat = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Pair = Annotated[tuple[NotNegative, NotNegative], NoDecode, BeforeValidator(_split)]
TopK = Annotated[int, Field(ge=0)]
MinP = Annotated[float, Field(ge=0, le=1)]
Effort = Annotated[str, Field(min_length=1, max_length=40)]
