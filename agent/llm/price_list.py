"""Prices out of the open price lists that others keep up to date.

Two forms are read: LiteLLM's `model_prices_and_context_window.json` (a name to dollars a token),
and what OpenRouter's `GET /api/v1/models` answers. What is taken over is in its own file
in the config directory; the user's `prices.toml` wins over it, and it over the shipped table.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from medalist.agent.llm.config_file import config_dir
from medalist.errors import BadInput

FILE = "price-list.json"
_MILLION = 1_000_000
_NAMES = (
    ("prompt", "input_cost_per_token", "prompt"),
    ("completion", "output_cost_per_token", "completion"),
    ("cached", "cache_read_input_token_cost", "input_cache_read"),
    ("cache_write", "cache_creation_input_token_cost", "input_cache_write"),
)
_LITELLM = "https://github.com/BerriAI/litellm (model_prices_and_context_window.json)"
_OPENROUTER = "https://openrouter.ai/api/v1/models"

Row = dict[str, Any]


def list_file() -> Path:
    """Return where the prices stand that were taken over."""
    return config_dir() / FILE


def take_over(path: Path) -> dict[str, Row]:
    """Read a price list and keep it; return its rows by name.

    Args:
        path: The list, as it was fetched; its date is the file's own.

    Raises:
        BadInput: It is no such list, or it cannot be read or kept.
    """
    try:
        text = path.read_text("utf-8")
        day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot be read: {error}", file=path) from None
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"is not JSON: {error}", file=path) from None
    rows = dict(_rows(listed, day))
    if not rows:
        raise BadInput(
            "holds no price that can be read",
            file=path,
            hint="LiteLLM's model_prices_and_context_window.json, or OpenRouter's list of models",
        )
    target = list_file()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(".new")
        fresh.write_text(json.dumps(rows, indent=0) + "\n", "utf-8")
        fresh.replace(target)
    except OSError as error:
        raise BadInput(f"cannot be written: {error}", file=target) from None
    return rows


def listed_price(model: str) -> Row | None:
    """Return a model's row of the list that was taken over, None where it is not sure which.

    Lists put a provider before a name (`deepseek/deepseek-chat`): where the name alone is given,
    all rows of that name must say the same.

    Raises:
        BadInput: The file is malformed.
    """
    path = list_file()
    if not path.is_file():
        return None
    try:
        rows: dict[str, Row] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"cannot be read: {error}", file=path) from None
    if not isinstance(rows, dict):
        raise BadInput("holds no prices", file=path, hint="medalist model prices --update FILE")
    if model in rows:
        return rows[model]
    same = [row for name, row in rows.items() if name.rpartition("/")[2] == model]
    prices = {
        (row["prompt"], row["completion"], row.get("cached"), row.get("cache_write"))
        for row in same
    }
    return same[0] if len(prices) == 1 else None


def _rows(listed: object, day: date) -> Iterator[tuple[str, Row]]:
    if not isinstance(listed, Mapping):
        return
    data = listed.get("data")
    if isinstance(data, list):
        for card in data:
            pricing = card.get("pricing") if isinstance(card, Mapping) else None
            if isinstance(pricing, Mapping) and isinstance(card.get("id"), str):
                yield from _row(card["id"], pricing, 2, _OPENROUTER, day)
        return
    for name, fields in listed.items():
        if isinstance(fields, Mapping) and name != "sample_spec":
            yield from _row(str(name), fields, 1, _LITELLM, day)


def _row(
    name: str, fields: Mapping[str, Any], place: int, source: str, day: date
) -> Iterator[tuple[str, Row]]:
    """Yield a row if it prices prompts and answers, and nothing by another measure than tokens."""
    row: Row = {}
    for names in _NAMES:
        price = _dollars(fields.get(names[place]))
        if price is not None:
            row[names[0]] = price
    if "prompt" in row and "completion" in row:
        yield name, {**row, "as_of": day.isoformat(), "source": source}


def _dollars(value: object) -> float | None:
    """Return dollars per million tokens of dollars a token; None where there is no such price."""
    try:
        price = float(value) * _MILLION  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    if isinstance(value, bool) or not 0 <= price < math.inf:
        return None
    return float(f"{price:.10g}")
