"""Takes the YAML and JSON files of packages apart, key by key, with precise complaints."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from medalist.errors import BadInput
from medalist.problems.values import loads

_NODES_LIMIT = 100_000
_DEPTH_LIMIT = 50
# libyaml's loader is ten times faster, but recurses in C without a check: a long run of `[` in a
# large file would overflow the stack, so that it gets small files only.
_FAST: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FAST_LIMIT = 4096


def parse_yaml(content: bytes, file: str) -> Any:
    """Parse one YAML document, refusing what only an attacker or a typing slip writes.

    Raises:
        BadInput: Not UTF-8, not YAML, a duplicate key, or aliases that unfold to more than
            100,000 values.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"not UTF-8 at byte {error.start}", file=file) from error
    try:
        loader = (_FAST if len(content) <= _FAST_LIMIT else yaml.SafeLoader)(text)
        node = loader.get_single_node()
        if node is None:
            return None
        _measure(node, {}, 0, file)
        return loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not valid YAML"
        line = f" in line {mark.line + 1}" if mark else ""
        raise BadInput(f"{problem}{line}", file=file) from error
    except (ValueError, OverflowError, RecursionError) as error:
        raise BadInput("a value that cannot be read", file=file) from error


def _measure(node: yaml.Node, known: dict[int, int], depth: int, file: str) -> int:
    """Return how many values a node unfolds to, each alias counted as a copy."""
    if depth > _DEPTH_LIMIT:
        raise BadInput(f"nested more than {_DEPTH_LIMIT} deep", file=file)
    if id(node) in known:
        return known[id(node)]
    total = 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen and key.value != "<<":
                    line = key.start_mark.line + 1
                    raise BadInput(f"given twice, again in line {line}", file=file, field=key.value)
                seen.add(key.value)
            total += _measure(key, known, depth + 1, file) + _measure(value, known, depth + 1, file)
    elif isinstance(node, yaml.SequenceNode):
        total += sum(_measure(value, known, depth + 1, file) for value in node.value)
    if total > _NODES_LIMIT:
        raise BadInput(f"unfolds to more than {_NODES_LIMIT:,} values", file=file)
    known[id(node)] = total
    return total


def parse_json(content: bytes | str, file: str) -> Any:
    """Parse one JSON document.

    Raises:
        BadInput: Not UTF-8 or not JSON.
    """
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return loads(text)
    except UnicodeDecodeError as error:
        raise BadInput(f"not UTF-8 at byte {error.start}", file=file) from error
    except json.JSONDecodeError as error:
        raise BadInput(f"not JSON: {error.msg} in line {error.lineno}", file=file) from error
    except (ValueError, RecursionError) as error:
        raise BadInput("not JSON that can be read", file=file) from error


@dataclass
class Fields:
    """A mapping from a package's file. Each getter complains with the file and the key.

    Keys that nobody asked for are reported by `unknown`, so that a typing slip is seen.
    """

    file: str
    values: Mapping[str, Any]
    prefix: str = ""
    asked: set[str] = field(default_factory=set)

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
        return cls(file, {str(key): item for key, item in value.items()}, prefix)

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
        """Return a string; numbers and dates are taken as they were written."""
        value = self.get(key)
        if value is None:
            return None
        return scalar_text(value, self.file, self.name(key))

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
        items = value if isinstance(value, list) else [value]
        return tuple(scalar_text(item, self.file, self.name(key)) for item in items)

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


def scalar_text(value: Any, file: str, name: str) -> str:
    """Return a scalar as text.

    Raises:
        BadInput: A list, a mapping, or a word that YAML took for a truth value.
    """
    if isinstance(value, bool):
        raise BadInput("YAML reads this as true or false: put it in quotes", file=file, field=name)
    if isinstance(value, str | int | float | date):
        return str(value)
    raise BadInput(f"must be text, not {_short(value)}", file=file, field=name)


def _short(value: Any) -> str:
    """Show a value in a message: on one line and never long."""
    text = ascii(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
