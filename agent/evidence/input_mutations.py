"""Inputs made by mutating the samples: no model, no knowledge of the format but the samples.

An input is read as lines of tokens. An integer that equals the number of tokens or of lines
that follow it, or the length of the word after it, is taken for their count and kept
consistent; a counted list that is a permutation stays one. Numbers stay within what the samples
suggest (no sample is negative: no mutant is), because a program is free to do anything on an
input that the statement forbids.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from medalist.problems.model import PublicProblem

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_ATTEMPTS_PER_INPUT = 20
_LONGEST_LIST = 12  # a mutant's list grows no longer than this, or than it was

Lines = list[list[str]]
Elements = list[Any]  # tokens, letters, or lines (lists of tokens)


@dataclass(frozen=True)
class _Count:
    """The token at `(row, column)` counts the rest of its line, the tokens of the next line,
    the lines to the end of the input, the letters of the next token, or (never changed) those
    of every line of a grid."""

    row: int
    column: int
    what: Literal["rest", "next", "lines", "letters", "width"]
    permutation: bool = False

    def elements(self, lines: Lines) -> Elements:
        """A copy of what is counted (for `letters` the word as a list of letters)."""
        if self.what == "rest":
            return lines[self.row][self.column + 1 :]
        if self.what == "next":
            return list(lines[self.row + 1])
        if self.what == "lines":
            return lines[self.row + 1 :]
        row, column = self._word(lines)
        return list(lines[row][column])

    def replace(self, lines: Lines, elements: Elements) -> None:
        """Put other elements in place, and their number into the count."""
        if self.what == "letters":
            row, column = self._word(lines)
            lines[row][column] = "".join(elements)
        elif self.what == "lines":
            lines[self.row + 1 :] = [list(line) for line in elements]
        else:
            row, column = (self.row, self.column + 1) if self.what == "rest" else (self.row + 1, 0)
            lines[row][column:] = elements
        lines[self.row][self.column] = str(len(elements))

    def _word(self, lines: Lines) -> tuple[int, int]:
        inside = self.column + 1 < len(lines[self.row])
        return (self.row, self.column + 1) if inside else (self.row + 1, 0)


def sample_inputs(public: PublicProblem, count: int, seed: int) -> list[bytes]:
    """Return up to `count` distinct inputs that are not samples, small ones first.

    The same problem, count and seed give the same inputs. Fewer come back where the samples
    leave little to vary; none where there are no samples.
    """
    parsed = [_parse(sample.input) for sample in public.samples]
    parsed = [lines for lines in parsed if any(lines)]
    if not parsed:
        return []
    shapes = [_counts(lines) for lines in parsed]
    limits = _range(parsed)
    seen = {_render(lines) for lines in parsed}
    rng = random.Random(seed)
    made: list[bytes] = []
    for _ in range(count * _ATTEMPTS_PER_INPUT):
        if len(made) == count:
            break
        sample = rng.randrange(len(parsed))
        mutant = _Mutant([list(line) for line in parsed[sample]], shapes[sample], limits, rng)
        for _ in range(rng.choice((1, 1, 2, 3, 6))):
            rng.choice(_MUTATIONS)(mutant)
        content = _render(mutant.lines)
        if content not in seen:
            seen.add(content)
            made.append(content)
    return sorted(made, key=lambda content: (len(content), content))


def _parse(text: str) -> Lines:
    return [line.split() for line in text.rstrip().splitlines()]


def _render(lines: Lines) -> bytes:
    return "".join(" ".join(line) + "\n" for line in lines).encode()


def _is_number(token: str) -> bool:
    return bool(_INTEGER.fullmatch(token) or _DECIMAL.fullmatch(token))


def _range(inputs: list[Lines]) -> tuple[int, int]:
    """The range that the samples suggest for an integer."""
    numbers = [int(t) for lines in inputs for line in lines for t in line if _INTEGER.fullmatch(t)]
    low = min(numbers, default=1)
    return (low if low < 0 else min(low, 1)), max(numbers, default=1) + 2


def _counts(lines: Lines) -> list[_Count]:
    """What counts what, in one sample; inside a counted block of lines nothing is looked for,
    unless every line of the block begins with its own length."""
    counts: list[_Count] = []
    block = len(lines)
    listed: set[int] = set()  # rows whose tokens are counted: what is there counts nothing
    for row, line in enumerate(lines):
        following = lines[row + 1] if row + 1 < len(lines) else []
        for column, token in enumerate(line):
            if not _INTEGER.fullmatch(token) or (number := int(token)) < 1 or row in listed:
                continue
            if row >= block:
                if column == 0 and all(_begins_with_length(other) for other in lines[block:]):
                    counts.append(_Count(row, column, "rest"))
                continue
            word = line[column + 1] if column + 1 < len(line) else "".join(following[:1])
            if column == 0 and number > 1 and _begins_with_length(line):
                counts.append(_Count(row, column, "rest", _is_permutation(line[1:])))
                listed.add(row)
            elif number == len(following) and (number > 1 or row + 2 == len(lines)):
                counts.append(_Count(row, column, "next", _is_permutation(following)))
                listed.add(row + 1)
            elif number == len(lines) - row - 1:
                counts.append(_Count(row, column, "lines"))
                block = row + 1
            elif number == len(word) > 1 and not _is_number(word) and block == len(lines):
                counts.append(_Count(row, column, "letters"))
            elif (rest := lines[row + 1 :]) and all(
                len(other) == 1 and len(other[0]) == number for other in rest
            ):
                counts.append(_Count(row, column, "width"))
    return counts


def _begins_with_length(line: list[str]) -> bool:
    return bool(line) and line[0] == str(len(line) - 1)


def _is_permutation(elements: list[str]) -> bool:
    numbers = [str(number) for number in range(1, len(elements) + 1)]
    return len(elements) > 2 and sorted(elements) == sorted(numbers)


@dataclass
class _Mutant:
    """An input under change: its lines, what counts what there, and the range of its numbers."""

    lines: Lines
    counts: list[_Count]
    limits: tuple[int, int]
    rng: random.Random

    def places(self, wanted: Callable[[str], bool]) -> list[tuple[int, int]]:
        """Tokens that may be changed on their own: neither counts nor in a permutation."""
        counted = {(count.row, count.column) for count in self.counts}
        frozen = {count.row + (count.what == "next") for count in self.counts if count.permutation}
        return [
            (row, column)
            for row, line in enumerate(self.lines)
            for column, token in enumerate(line)
            if wanted(token) and (row, column) not in counted and row not in frozen
        ]

    def lists(self) -> list[_Count]:
        """The counts whose lists can be changed and are not empty."""
        return [
            count for count in self.counts if count.what != "width" and count.elements(self.lines)
        ]

    def put(self, count: _Count, elements: Elements) -> None:
        """Replace what `count` counts."""
        count.replace(self.lines, elements)
        if count.what == "lines":  # rows moved
            outside = [other for other in self.counts if other.row <= count.row]
            if len(outside) < len(self.counts):
                rows = range(count.row + 1, len(self.lines))
                outside += [_Count(row, 0, "rest") for row in rows]
            self.counts = outside


def _change_number(mutant: _Mutant) -> None:
    places = mutant.places(lambda token: _INTEGER.fullmatch(token) is not None)
    if not places:
        return
    rng, lines = mutant.rng, mutant.lines
    (row, column), other = rng.choice(places), rng.choice(places)
    old = int(lines[row][column])
    low, high = mutant.limits
    small = rng.randint(low, min(high, low + 6))
    like_another = int(lines[other[0]][other[1]])
    new = rng.choice(
        (old - 1, old + 1, low, high, small, small, rng.randint(low, high), old // 2, like_another)
    )
    lines[row][column] = str(min(max(new, low), high))


def _change_word(mutant: _Mutant) -> None:
    places = mutant.places(lambda token: not _is_number(token))
    if not places:
        return
    rng, lines = mutant.rng, mutant.lines
    alphabet = sorted({letter for row, column in places for letter in lines[row][column]})
    row, column = rng.choice(places)
    letters = list(lines[row][column])
    what = rng.randrange(3)
    if what == 0:
        letters[rng.randrange(len(letters))] = rng.choice(alphabet)
    elif what == 1:
        rng.shuffle(letters)
    else:
        letters = [rng.choice(letters)] * len(letters)
    lines[row][column] = "".join(letters)


def _change_length(mutant: _Mutant) -> None:
    lists = mutant.lists()
    if not lists:
        return
    rng = mutant.rng
    count = rng.choice(lists)
    elements = count.elements(mutant.lines)
    if len(elements) > 1 and rng.random() < 0.5:
        keep = sorted(rng.sample(range(len(elements)), rng.randint(1, len(elements) - 1)))
        changed = [elements[index] for index in keep]
    else:
        extra = [rng.choice(elements) for _ in range(rng.randint(1, 3))]
        changed = [*elements, *extra][: max(_LONGEST_LIST, len(elements))]
    if count.permutation:
        changed = [str(number) for number in range(1, len(changed) + 1)]
        rng.shuffle(changed)
    mutant.put(count, changed)


def _rearrange(mutant: _Mutant) -> None:
    """Shuffle, sort, turn around or level out what is counted."""
    lists = mutant.lists()
    if not lists:
        return
    rng = mutant.rng
    count = rng.choice(lists)
    elements = count.elements(mutant.lines)
    what = rng.randrange(4)
    if what == 0:
        rng.shuffle(elements)
    elif what == 1:
        elements.sort(key=_sort_key)
    elif what == 2:
        elements.reverse()
    elif not count.permutation:
        elements = [rng.choice(elements)] * len(elements)
    mutant.put(count, elements)


def _sort_key(element: str | list[str]) -> tuple[int, str]:
    first = element if isinstance(element, str) else next(iter(element), "")
    return (int(first), "") if _INTEGER.fullmatch(first) else (0, first)


_MUTATIONS: tuple[Callable[[_Mutant], None], ...] = (
    _change_number,
    _change_number,
    _change_word,
    _change_length,
    _rearrange,
)
