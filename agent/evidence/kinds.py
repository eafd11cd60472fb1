"""What one token of an input may be: an integer, a word of letters, one of some words, ..."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from medalist.agent.evidence.columns import InputColumn
from medalist.agent.evidence.shape import INTEGER

_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")
_DIGITS = re.compile(r"(\d+)", re.A)
_TAIL = re.compile(r"(.*?[^\d])(\d+)")


@dataclass(frozen=True)
class ValueKind:
    """What may be in a slot.

    Attributes:
        what: `integer`; `decimal`; `word` of `letters`; one of `choices`; or `tagged`: one of
            `choices` followed by an integer, as in `+d6`; `pattern`: numbers with the same signs
            between them, as in `12:30`.
        low, high: Bounds of the number; of a word's length.
        letters: What words are made of.
        choices: Words, or beginnings of tagged ones.
        digits: Decimals behind the point, at most.
        guessed: Whether a bound is not the statement's: it was guessed upwards of the samples.
        seen_low, seen_high: The least and greatest in the samples.
        examples: Words of the samples.
        fields: Of a pattern, each number's least, greatest, and how many digits it is filled up to
            (0: as many as it has); `choices` are the signs around them.
    """

    what: Literal["integer", "decimal", "word", "choice", "tagged", "pattern"]
    low: int = 0
    high: int = 0
    letters: str = ""
    choices: tuple[str, ...] = ()
    digits: int = 0
    guessed: bool = False
    seen_low: int = 0
    seen_high: int = 0
    examples: tuple[str, ...] = ()
    fields: tuple[tuple[int, int, int], ...] = ()

    @property
    def numeric(self) -> bool:
        """Whether tokens are integers."""
        return self.what == "integer"

    def allows_all(self, column: InputColumn) -> bool:
        """Whether all tokens of a column are of this kind."""
        if self.what != "integer":
            return all(map(self.allows, column.tokens))
        numbers = column.numbers()
        if numbers is None:
            return False
        return not numbers or (self.low <= min(numbers) and max(numbers) <= self.high)

    def allows(self, token: str) -> bool:
        """Whether a token is of this kind, within its bounds."""
        match self.what:
            case "integer":
                return INTEGER.fullmatch(token) is not None and self.low <= int(token) <= self.high
            case "decimal":
                return (
                    _DECIMAL.fullmatch(token) is not None
                    and len(token.partition(".")[2]) <= self.digits
                    and self.low <= float(token) <= self.high
                )
            case "choice":
                return token in self.choices
            case "tagged":
                parts = _TAIL.fullmatch(token)
                return (
                    parts is not None
                    and parts[1] in self.choices
                    and str(int(parts[2])) == parts[2]
                    and self.low <= int(parts[2]) <= self.high
                )
        if self.what == "pattern":
            split = _DIGITS.split(token)
            return tuple(split[::2]) == self.choices and all(
                low <= int(part) <= high and part == f"{int(part):0{width}}"
                for part, (low, high, width) in zip(split[1::2], self.fields, strict=True)
            )
        return self.low <= len(token) <= self.high and set(token) <= set(self.letters)


def tagged(tokens: list[str]) -> tuple[tuple[str, ...], list[int]] | None:
    """Read tokens as beginnings and numbers, such as `+d6` and `-d4`; None if they are not."""
    parts = [_TAIL.fullmatch(token) for token in tokens]
    if not all(parts) or len(tokens) < 2:
        return None
    heads = [part[1] for part in parts if part]
    tails = [part[2] for part in parts if part]
    few = len({*heads}) <= 15 and max(map(len, heads)) <= 4
    if not few or any(len(tail) > 1 and tail[0] == "0" for tail in tails):
        return None
    return tuple(sorted({*heads})), [int(tail) for tail in tails]


def pattern(tokens: list[str]) -> ValueKind | None:
    """Read tokens as numbers with the same signs between them, such as times; None if they are not.

    Numbers stay within what the samples show, but for times of day.
    """
    split = [_DIGITS.split(token) for token in tokens]
    signs = {tuple(parts[::2]) for parts in split}
    if len(signs) != 1 or not 2 < len(split[0]) // 2 + 1 < 10:
        return None
    (around,) = signs
    fields = []
    for column in zip(*(parts[1::2] for parts in split), strict=True):
        filled = any(len(token) > 1 and token[0] == "0" for token in column) or len(split[0]) > 2
        same = len({len(token) for token in column}) == 1
        width = len(column[0]) if filled and same and len(column[0]) > 1 else 0
        if any(len(token) > 1 and token[0] == "0" for token in column) and not width:
            return None
        fields.append((min(map(int, column)), max(map(int, column)), width))
    clock = (
        {*around} <= {"", ":"} and fields[0][1] < 24 and all(field[1] < 60 for field in fields[1:])
    )
    if clock:
        fields = [(0, 59 if place else 23, one[2]) for place, one in enumerate(fields)]
    return ValueKind("pattern", choices=around, fields=tuple(fields))
