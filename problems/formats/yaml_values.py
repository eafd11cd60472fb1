"""Parses the YAML of packages: safe, bounded, and with every scalar's own spelling kept.

YAML 1.1 takes `No` for false, `12:30` for 750 and `007` for 7. A reader that wants a number or a
truth value gets it; one that wants text gets what the author wrote (`Map.spelled`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import yaml

from medalist.errors import BadInput

_NODES_LIMIT = 100_000
_DEPTH_LIMIT = 50
_TEXT_TAG = "tag:yaml.org,2002:str"
# libyaml's loader is ten times faster, but recurses in C without a check: a long run of `[` in a
# large file would overflow the stack, so that it gets small files only.
_FAST_LIMIT = 4096


class Map(dict[Any, Any]):
    """A mapping; `spelled` holds, by key, how scalars that are not text were written."""

    def __init__(self) -> None:
        super().__init__()
        self.spelled: dict[str, str] = {}


class Items(list[Any]):
    """A sequence; `spelled` holds, by index, how scalars that are not text were written."""

    def __init__(self) -> None:
        super().__init__()
        self.spelled: dict[int, str] = {}


class _SafeLoader(yaml.SafeLoader):
    pass


class _FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    pass


def _construct_map(loader: Any, node: yaml.MappingNode) -> Iterator[Map]:
    data = Map()
    yield data
    loader.flatten_mapping(node)
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode) and key.tag.endswith(":bool"):
            key.tag = _TEXT_TAG  # `no: Tittel` is a language, `on:` a word
    data.update(loader.construct_mapping(node))
    for key, value in node.value:
        if isinstance(value, yaml.ScalarNode) and value.tag != _TEXT_TAG:
            data.spelled[str(loader.construct_object(key, deep=True))] = value.value


def _construct_items(loader: Any, node: yaml.SequenceNode) -> Iterator[Items]:
    data = Items()
    yield data
    data.extend(loader.construct_sequence(node))
    for index, value in enumerate(node.value):
        if isinstance(value, yaml.ScalarNode) and value.tag != _TEXT_TAG:
            data.spelled[index] = value.value


for _loader in (_SafeLoader, _FastLoader):
    _loader.add_constructor("tag:yaml.org,2002:map", _construct_map)
    _loader.add_constructor("tag:yaml.org,2002:seq", _construct_items)


def parse_yaml(
    content: bytes,
    file: str,
    warnings: list[str] | None = None,
    *,
    tagged: Callable[[str, str], Any] | None = None,
) -> Any:
    """Parse one YAML document, refusing what only an attacker writes.

    Args:
        content: The file.
        file: Its name for messages.
        warnings: A key that is given twice is warned of here and its last value counts, as in
            every judge's own reader; without the list it is refused.
        tagged: Makes the value of a text with a tag of the package's own (`!tag text`); without
            it such tags are refused.

    Raises:
        BadInput: Not UTF-8, not YAML, or aliases that unfold to more than 100,000 values.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"not UTF-8 at byte {error.start}", file=file) from error
    try:
        kind = _FastLoader if len(content) <= _FAST_LIMIT else _SafeLoader
        loader = (_tagging(kind, tagged) if tagged else kind)(text)
        node = loader.get_single_node()
        if node is None:
            return None
        _measure(node, {}, 0, file, warnings)
        return loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not valid YAML"
        line = f" in line {mark.line + 1}" if mark else ""
        raise BadInput(f"{problem}{line}", file=file) from error
    except (ValueError, TypeError, OverflowError, RecursionError, AttributeError) as error:
        raise BadInput("a value that cannot be read", file=file) from error


def _tagging(kind: Any, tagged: Callable[[str, str], Any]) -> Any:
    """Return a loader that hands texts with tags of a package's own to a function."""

    class Loader(kind):  # type: ignore[misc]
        pass

    def construct(_: Any, suffix: str, node: yaml.Node) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(
                None, None, f"the tag !{suffix} needs a text", node.start_mark
            )
        return tagged(f"!{suffix}", node.value)

    Loader.add_multi_constructor("!", construct)
    return Loader


def _measure(
    node: yaml.Node, known: dict[int, int], depth: int, file: str, warnings: list[str] | None
) -> int:
    """Return how many values a node unfolds to, each alias counted as a copy."""
    if depth > _DEPTH_LIMIT:
        raise BadInput(f"nested more than {_DEPTH_LIMIT} deep", file=file)
    if id(node) in known:
        return known[id(node)]
    total = 1
    if isinstance(node, yaml.MappingNode):
        _given_twice(node, file, warnings)
        for pair in node.value:
            total += sum(_measure(part, known, depth + 1, file, warnings) for part in pair)
    elif isinstance(node, yaml.SequenceNode):
        total += sum(_measure(value, known, depth + 1, file, warnings) for value in node.value)
    if total > _NODES_LIMIT:
        raise BadInput(f"unpacks to more than {_NODES_LIMIT:,} values", file=file)
    known[id(node)] = total
    return total


def _given_twice(node: yaml.MappingNode, file: str, warnings: list[str] | None) -> None:
    """Refuse, or warn of, the repeated keys of one mapping."""
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        if key.value in seen and key.value != "<<":
            message = f"given twice, again in line {key.start_mark.line + 1}"
            name = key.value if key.value.isprintable() else ascii(key.value)
            if warnings is None:
                raise BadInput(message, file=file, field=name)
            warnings.append(f"{file}: {name}: {message}; the last value counts")
        seen.add(key.value)
