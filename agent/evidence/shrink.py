"""Making a counterexample small enough for a person to read (delta debugging)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from medalist.agent.evidence.grammar import Grammar
from medalist.agent.evidence.shape import Count, InputLine, Loop, Many, Node, Record, render

_INTEGER = re.compile(r"-?[0-9]{1,18}")


def shrink(
    content: bytes,
    interesting: Callable[[bytes], bool],
    *,
    grammar: Grammar | None = None,
    tries: int = 300,
) -> bytes:
    """Return a smaller input that is still interesting.

    Args:
        content: An interesting input.
        interesting: Whether an input is valid and still shows what is to be shown (two programs
            differ on it, say). It is asked at most `tries` times.
        grammar: Keeps counts consistent while lists are shortened, and no input that does not
            fit it is asked about; without it only lines are cut and tokens made simpler.
        tries: How often `interesting` may be asked.
    """
    if grammar is not None and grammar.read(content) is None:
        grammar = None
    left = tries
    seen = {content}
    while True:
        for candidate in _smaller(content, grammar):
            if candidate in seen or (grammar and grammar.read(candidate) is None):
                continue
            if left == 0:
                return content
            left -= 1
            seen.add(candidate)
            if interesting(candidate):
                content = candidate
                break
        else:
            return content


def _smaller(content: bytes, grammar: Grammar | None) -> Iterator[bytes]:
    """Smaller inputs, the boldest cuts first."""
    record = None if grammar is None else grammar.read(content)
    lines = [line.split() for line in content.decode("utf-8", "replace").splitlines()]
    if grammar is not None and record is not None:
        for shorter in _shorter(grammar.shape, record):
            yield render(grammar.shape, shorter).encode()
    else:
        yield from _fewer_lines(lines)
    yield from _simpler_tokens(lines)


def _shorter(shape: Sequence[Node], record: Record) -> Iterator[Record]:
    """Cut stretches out of everything that one value counts, and lower the value."""
    for counter in dict.fromkeys(_counts(shape)):
        size = max((len(part) for part in _counted(shape, record, counter)), default=0)
        stretch = size if counter is None else size // 2
        while stretch >= 1:
            for start in range(0, size - stretch + 1, stretch):
                yield _without(shape, record, counter, start, stretch)
            stretch //= 2
    for place, node in enumerate(shape):
        if isinstance(node, Loop):
            for number, inner in enumerate(record[place]):
                for shorter in _shorter(node.body, inner):
                    rounds = [*record[place][:number], shorter, *record[place][number + 1 :]]
                    yield [*record[:place], rounds, *record[place + 1 :]]


def _counts(shape: Sequence[Node]) -> Iterator[str | None]:
    """What counts lists and loops here: a value's name; None for the end of the input."""
    for node in shape:
        counts = [node.count] if isinstance(node, Loop) else []
        if isinstance(node, InputLine):
            counts = [item.count for item in node.items if isinstance(item, Many)]
        for count in counts:
            if count.end:
                yield None
            elif len(count.names) == 1:
                yield count.names[0]


def _is_counted(count: Count, counter: str | None) -> bool:
    return count.end if counter is None else count.names == (counter,)


def _counted(shape: Sequence[Node], record: Record, counter: str | None) -> Iterator[list[Any]]:
    for node, data in zip(shape, record, strict=True):
        if isinstance(node, Loop):
            if _is_counted(node.count, counter):
                yield data
        elif isinstance(node, InputLine):
            for item, part in zip(node.items, data, strict=True):
                if isinstance(item, Many) and _is_counted(item.count, counter):
                    yield part


def _without(
    shape: Sequence[Node], record: Record, counter: str | None, start: int, stretch: int
) -> Record:
    new: Record = []
    for node, data in zip(shape, record, strict=True):
        if isinstance(node, Loop):
            cut = _is_counted(node.count, counter)
            new.append([*data[:start], *data[start + stretch :]] if cut else data)
        elif isinstance(node, InputLine):
            parts: list[Any] = []
            for item, part in zip(node.items, data, strict=True):
                if isinstance(item, Many):
                    cut = _is_counted(item.count, counter)
                    parts.append([*part[:start], *part[start + stretch :]] if cut else part)
                else:
                    parts.append(str(int(part) - stretch) if item.name == counter else part)
            new.append(parts)
        else:
            new.append(data)
    return new


def _fewer_lines(lines: list[list[str]]) -> Iterator[bytes]:
    stretch = len(lines) // 2
    while stretch >= 1:
        for start in range(0, len(lines) - stretch + 1, stretch):
            yield _render([*lines[:start], *lines[start + stretch :]])
        stretch //= 2


def _simpler_tokens(lines: list[list[str]]) -> Iterator[bytes]:
    for row, line in enumerate(lines):
        for column, token in enumerate(line):
            for simpler in _simpler(token):
                changed = [*line[:column], simpler, *line[column + 1 :]]
                yield _render([*lines[:row], changed, *lines[row + 1 :]])


def _simpler(token: str) -> list[str]:
    if not _INTEGER.fullmatch(token):
        return [token[: len(token) // 2], token[1:]] if len(token) > 1 else []
    number = int(token)
    near = number - 1 if number > 0 else number + 1
    choices = dict.fromkeys((0, 1, number // 2 if number > 0 else -(-number // 2), near))
    return [str(choice) for choice in choices if abs(choice) < abs(number)]


def _render(lines: list[list[str]]) -> bytes:
    return "".join(" ".join(line) + "\n" for line in lines).encode()
