"""Takes the YAML and JSON files of packages apart, key by key, with precise complaints."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from medalist.errors import BadInput
from medalist.problems.formats.yaml_values import Items, Map
from medalist.problems.formats.yaml_values import parse_yaml as parse_yaml
from medalist.problems.python_values import loads


def parse_json(content: bytes | str, file: str) -> Any:
    """Parse one JSON document.

    Raises:
        BadInput: Not UTF-8 or not JSON.
    """
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    except UnicodeDecodeError as error:
        raise BadInput(f"not UTF-8 at byte {error.start}", file=file) from error
    with json_errors(file):
        return loads(text)


@contextmanager
def json_errors(file: str) -> Iterator[None]:
    """Turn what a JSON parser raises into one line about a file."""
    try:
        yield
    except json.JSONDecodeError as error:
        raise BadInput(f"not JSON: {error.msg} in line {error.lineno}", file=file) from error
    except (ValueError, RecursionError) as error:
        raise BadInput("not JSON that can be read", file=file) from error


@dataclass
class Fields:
    """A mapping from a package's file. Each getter complains with the file and the key.

    Keys that nobody asked for are reported by `unknown`, so that a typing slip is seen.
    `spelled` holds how scalars that are not text were written (`No`, `007`).
    """

    file: str
    values: Mapping[str, Any]
    prefix: str = ""
    asked: set[str] = field(default_factory=set)
    spelled: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, file: str, prefix: str = "") -> Fields:
        """Wrap a parsed mapping; nothing counts as an empty one.

        Raises:
            BadInput: Not a mapping.
        """
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise BadInput("must be a map of keys to values", file=file, field=prefix or None)
        spelled = value.spelled if isinstance(value, Map) else {}
        values = {printable(str(key)): item for key, item in value.items()}
        return cls(file, values, prefix, spelled=spelled)

    def bad(self, key: str, message: str) -> BadInput:
        """Make the error for one key."""
        return BadInput(message, file=self.file, field=self.name(key))

    def name(self, key: str) -> str:
        """Return a key with the keys around it, for a message."""
        return f"{self.prefix}.{key}" if self.prefix else key

    def has(self, key: str) -> bool:
        """Return whether the key is there and not null."""
        return self.values.get(key) is not None

    def get(self, key: str) -> Any:
        """Return the raw value, or None."""
        self.asked.add(key)
        return self.values.get(key)

    def text(self, key: str) -> str | None:
        """Return a string; numbers, dates and truth values are taken as they were written."""
        value = self.get(key)
        if value is None:
            return None
        return scalar_text(value, self.file, self.name(key), self.spelled.get(key))

    def number(self, key: str, *, low: float = -math.inf, above: float = -math.inf) -> float | None:
        """Return a finite number of at least `low` and more than `above`."""
        value = self.get(key)
        if value is None:
            return None
        try:
            number = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number):
            raise self.bad(key, f"must be a number, not {_short(value)}")
        if number < low or number <= above:
            bound = f"at least {low:g}" if number < low else f"more than {above:g}"
            raise self.bad(key, f"must be {bound}, not {_short(value)}")
        return number

    def choice(self, key: str, *choices: str) -> str | None:
        """Return one of the given words."""
        value = self.text(key)
        if value is not None and value not in choices:
            raise self.bad(key, f"must be one of {', '.join(choices)}, not {_short(value)}")
        return value

    def flag(self, key: str) -> bool | None:
        """Return a truth value."""
        value = self.get(key)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in {"yes", "no", "true", "false"}:
            return value.lower() in {"yes", "true"}
        raise self.bad(key, f"must be true or false, not {_short(value)}")

    def texts(self, key: str) -> tuple[str, ...] | None:
        """Return a list of strings; a single one counts as a list."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, list):
            return (scalar_text(value, self.file, self.name(key), self.spelled.get(key)),)
        spelled = value.spelled if isinstance(value, Items) else {}
        return tuple(
            scalar_text(item, self.file, self.name(key), spelled.get(index))
            for index, item in enumerate(value)
        )

    def map(self, key: str) -> Fields:
        """Return a nested mapping, empty if it is not there."""
        return Fields.of(self.get(key), self.file, self.name(key))

    def maps(self, key: str) -> Iterator[Fields]:
        """Yield the mappings of a list."""
        value = self.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            raise self.bad(key, f"must be a list, not {_short(value)}")
        for index, item in enumerate(value):
            yield Fields.of(item, self.file, f"{self.name(key)}[{index}]")

    def unknown(self) -> list[str]:
        """Return a warning for each key that no getter asked for."""
        names = sorted(set(self.values) - self.asked)
        return [f"{self.file}: {self.name(name)}: unknown key, ignored" for name in names]


def scalar_text(value: Any, file: str, name: str, spelled: str | None = None) -> str:
    """Return a scalar as text: as it was `spelled`, where that is known.

    Raises:
        BadInput: A list or a mapping.
    """
    if isinstance(value, bool):
        return spelled if spelled is not None else str(value).lower()
    if isinstance(value, str | int | float | date):
        return spelled if spelled is not None else str(value)
    raise BadInput(f"must be text, not {_short(value)}", file=file, field=name)


def printable(text: str) -> str:
    """Return a key so that it can be in a message of one line."""
    return text if text.isprintable() else ascii(text)


def _short(value: Any) -> str:
    """Show a value in a message: on one line and never long."""
    text = ascii(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
