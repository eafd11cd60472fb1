"""Making a counterexample small enough for a person to read (delta debugging)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from medalist.agent.evidence.grammar import Grammar

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
    if grammar is not None and grammar.variables(content) is None:
        grammar = None
    left = tries
    seen = {content}
    while True:
        for candidate in _smaller(content, grammar):
            if candidate in seen or (grammar and grammar.variables(candidate) is None):
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
    lines = [line.split() for line in content.decode("utf-8", "replace").splitlines()]
    if grammar is not None:
        yield from _shorter_lists(lines, grammar)
    else:
        yield from _fewer_lines(lines)
    yield from _simpler_tokens(lines)


def _shorter_lists(lines: list[list[str]], grammar: Grammar) -> Iterator[bytes]:
    """Cut stretches out of everything that one value counts, and lower the value."""
    for counter in dict.fromkeys(part.count for part in grammar.parts if part.count):
        size = _size(lines, grammar, counter)
        stretch = size // 2
        while stretch >= 1:
            for start in range(0, size - stretch + 1, stretch):
                yield _render(_without(lines, grammar, counter, start, stretch))
            stretch //= 2


def _places(lines: list[list[str]], grammar: Grammar) -> Iterator[tuple[int, int, str]]:
    """Where each named value of a `values` part stands: row, column, name."""
    row, sizes = 0, dict[str, int]()
    for part in grammar.parts:
        if part.shape == "values":
            for column, value in enumerate(part.values):
                if not value.letters:
                    sizes[value.name] = int(lines[row][column])
                    yield row, column, value.name
        row += sizes[part.count] if part.shape == "block" else 1


def _size(lines: list[list[str]], grammar: Grammar, counter: str) -> int:
    return next(
        int(lines[row][column]) for row, column, name in _places(lines, grammar) if name == counter
    )


def _without(
    lines: list[list[str]], grammar: Grammar, counter: str, start: int, stretch: int
) -> list[list[str]]:
    sizes = {name: int(lines[row][column]) for row, column, name in _places(lines, grammar)}
    rows: list[list[str]] = []
    place = 0
    for part in grammar.parts:
        height = sizes[part.count] if part.shape == "block" else 1
        chosen = [list(line) for line in lines[place : place + height]]
        place += height
        if part.count == counter:
            cut = chosen if part.shape == "block" else chosen[0]
            del cut[start : start + stretch]
        elif part.shape == "values":
            for column, value in enumerate(part.values):
                if value.name == counter:
                    chosen[0][column] = str(sizes[counter] - stretch)
        rows += chosen
    return rows


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
    return [str(one) for one in choices if abs(one) < abs(number)]


def _render(lines: list[list[str]]) -> bytes:
    return "".join(" ".join(line) + "\n" for line in lines).encode()
