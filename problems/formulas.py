"""Formulas of a statement: comparisons between numbers, values of the input, and sums of them.

`$1 \\le l_i < r_i \\le n$`, `$a + b + c = 180$`, `$r \\cdot c \\ge 2$`, `1 <= N, M <= 2*10^5`,
`$a_i \\in [0, 10^9]$`, `$|S| \\le 100$`: whatever is not understood is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from medalist.problems.formula_text import normal

Number = int | Fraction

_MATH = re.compile(r"\$+([^$]+)\$+")
_SIGNS = "≤≥<>≠=∈"
_TOKEN = re.compile(
    r"\s*(\d+(?:\.\d+)?(?:[eE]\d+)?|[A-Za-z]+(?:_(?:\{[^}]*\}|[A-Za-z0-9]+))?|\.\.\.|[-+*/^()|])"
)
_TERM = r"[-|(]*\w+(?:\[\w+\])?(?:\s*(?:\*|\^|\+|/|-)\s*[\w(]+\)?)*[|)]*"
_CHAIN = re.compile(
    rf"{_TERM}(?:\s*,\s*{_TERM})*(?:\s*[≤≥<>≠=]+\s*{_TERM}(?:\s*,\s*{_TERM})*)+", re.A
)
_RANGE = re.compile(r"^(.*?)∈\s*[\[({](.*?)(?:,\s*\.\.\.\s*)?,([^,]*?)[\])}]\s*$")
_FLIP = {"≤": "≥", "<": ">", "≥": "≤", ">": "<", "≠": "≠", "=": "="}


@dataclass(frozen=True)
class Expr:
    """A number, a name, the length or absolute value of a name (`size`), or an operation."""

    op: str
    args: tuple[Expr, ...] = ()
    value: Number = 0
    name: str = ""

    def names(self) -> frozenset[str]:
        """The names in it."""
        own = {self.name} if self.name else set()
        return frozenset(own.union(*(arg.names() for arg in self.args)))

    def evaluate(self, known: Mapping[str, int]) -> Number | None:
        """Its value where names have these values; `|x|` is looked up as `|x|`, too."""
        if self.op == "number":
            return self.value
        if self.op in ("name", "size"):
            return known.get(self.name if self.op == "name" else f"|{self.name}|")
        parts = [arg.evaluate(known) for arg in self.args]
        if any(part is None for part in parts):
            return None
        return _apply(self.op, [part for part in parts if part is not None])


def _apply(op: str, parts: list[Number]) -> Number | None:
    match op:
        case "+":
            return parts[0] + parts[1]
        case "-":
            return parts[0] - parts[1]
        case "*":
            return parts[0] * parts[1]
        case "/":
            return _whole(Fraction(parts[0]) / parts[1]) if parts[1] else None
        case "^":
            base, power = parts
            times = int(power)
            if times != power or not 0 <= times <= 400 or not -(10**6) <= base <= 10**6:
                return None
            value: Number = 1
            for _ in range(times):
                value *= base
            return _whole(value)
        case "max":
            return max(parts)
        case _:
            return min(parts)


def _whole(value: Number) -> Number:
    return int(value) if value.denominator == 1 else value


@dataclass(frozen=True)
class Comparison:
    """`left sign right`, the sign one of `≤ < ≥ > ≠ =`."""

    left: Expr
    sign: str
    right: Expr

    def names(self) -> frozenset[str]:
        """The names on both sides."""
        return self.left.names() | self.right.names()

    def holds(self, known: Mapping[str, int]) -> bool | None:
        """Whether it is true; None where a name has no value."""
        left, right = self.left.evaluate(known), self.right.evaluate(known)
        if left is None or right is None:
            return None
        match self.sign:
            case "≤":
                return left <= right
            case "<":
                return left < right
            case "≥":
                return left >= right
            case ">":
                return left > right
            case "≠":
                return left != right
            case _:
                return left == right

    def turned(self) -> Comparison:
        """The same with its sides exchanged."""
        return Comparison(self.right, _FLIP[self.sign], self.left)


def formulas(text: str) -> list[str]:
    """Return a normal text's formulas: what is in dollars, and what looks like comparisons."""
    inside = _MATH.findall(text)
    outside = _MATH.sub(" ; ", text)
    return inside + [match[0] for match in _CHAIN.finditer(outside)]


def comparisons(text: str) -> list[Comparison]:
    """Return what a text's formulas compare, in order."""
    by_comparison: dict[Comparison, None] = {}
    for formula in formulas(normal(text)):
        for clause in _clauses(formula):
            by_comparison.update(dict.fromkeys(_compared(clause)))
    return list(by_comparison)


def _clauses(formula: str) -> Iterator[str]:
    """Split at commas and the like, but keep `n, m ≤ 5` and `1 ≤ n, m ≤ 5` whole."""
    for part in re.split(r";|\band\b|\bor\b|\bfor\b|\bwhere\b|且", formula):
        if "∈" in part:
            yield part
            continue
        pending = ""
        for piece in _pieces(part):
            whole = f"{pending},{piece}" if pending else piece
            terms = re.split(rf"[{_SIGNS}]", whole)
            opened = len(terms) == 2 and number(terms[0]) is not None and number(terms[1]) is None
            pending = whole if len(terms) < 2 or opened else ""
            if not pending:
                yield whole
        if pending:
            yield pending


def _pieces(text: str) -> list[str]:
    """Split at commas outside of brackets."""
    depth, pieces = 0, [""]
    for letter in text:
        depth += (letter in "({[") - (letter in ")}]")
        if letter == "," and depth <= 0:
            pieces.append("")
        else:
            pieces[-1] += letter
    return pieces


def _compared(clause: str) -> Iterator[Comparison]:
    within = _RANGE.match(clause.strip(" ()"))
    if within:
        clause = f"{within[2]} ≤ {within[1]} ≤ {within[3]}"
    clause = clause.strip()
    if clause.startswith("(") and clause.count("(") - clause.count(")") in (0, 1):
        clause = (
            clause[1:].removesuffix(")")
            if clause.count("(") - clause.count(")") == 1 or (clause.endswith(")"))
            else clause
        )
    elif clause.count(")") > clause.count("("):
        clause = clause.rstrip(") .")
    sides = re.split(r"[≤≥<>≠=]+", clause)
    signs = re.findall(r"[≤≥<>≠=]+", clause)
    read = [[expression(piece) for piece in _pieces(side)] for side in sides]
    for (lefts, rights), sign in zip(pairwise(read), signs, strict=True):
        for left in lefts:
            for right in rights:
                if left is not None and right is not None and sign in _FLIP:
                    yield Comparison(left, sign, right)
    # In `1 ≤ a ≠ b ≤ n` and `0 ≤ a < b ≤ n` every term has the outer bounds, too.
    if len(sides) > 3:
        yield from _outer(read, signs)


def _outer(read: list[list[Expr | None]], signs: list[str]) -> Iterator[Comparison]:
    for place in range(1, len(read) - 1):
        for item in read[place]:
            for end, step in ((0, "≥"), (len(read) - 1, "≤")):
                (edge, *more) = read[end]
                if item is None or edge is None or more or abs(end - place) < 2:
                    continue
                between = signs[min(end, place) : max(end, place)]
                if all(sign in "≤<≠" for sign in between) and between[0 if end == 0 else -1] != "≠":
                    yield Comparison(item, step, edge)


def number(text: str) -> Number | None:
    """The value of a formula that is a number, such as `2*10^5-1`; None for any other."""
    parsed = expression(text)
    return None if parsed is None or parsed.names() else parsed.evaluate({})


def expression(text: str) -> Expr | None:
    """Read a term, `2n`, `n(n-1)/2`, `2^{31}-1`, `|S|`, `max(a, b)`; None if it is not one."""
    text = text.strip().strip(".$").strip()
    text = re.sub(r"(\w)\[(\w+)\]", r"\1_\2", text)
    tokens, place = [], 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            return None
        tokens.append(token[1])
        place = token.end()
    if not tokens or len(tokens) > 40 or "..." in tokens:
        return None
    reader = _Reader(tokens)
    try:
        read = reader.sum()
    except (IndexError, ValueError):
        return None
    return read if reader.place == len(tokens) else None


class _Reader:
    """Recursive descent over tokens; raises ValueError or IndexError where they fit nothing."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.place = 0

    def _peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def _take(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1]

    def sum(self) -> Expr:
        sign = self._take() if self._peek() in ("-", "+") else ""
        value = self._product()
        if sign == "-":
            value = Expr("-", (Expr("number"), value))
        while self._peek() in ("+", "-"):
            value = Expr(self._take(), (value, self._product()))
        return value

    def _product(self) -> Expr:
        value = self._power()
        while True:
            following = self._peek()
            if following in ("*", "/"):
                value = Expr(self._take(), (value, self._power()))
            elif following == "(" or re.match(r"[A-Za-z]", following):
                value = Expr("*", (value, self._power()))  # `2n`, `n(n-1)`
            else:
                return value

    def _power(self) -> Expr:
        value = self._atom()
        if self._peek() == "^":
            self._take()
            negative = self._peek() == "-" and bool(self._take())
            power = self._atom()
            if negative:
                raise ValueError
            value = Expr("^", (value, power))
        return value

    def _atom(self) -> Expr:
        token = self._take()
        if token in ("(",):
            value = self.sum()
            if self._take() != ")":
                raise ValueError
            return value
        if token in ("|",):
            inner = self._take()
            if self._take() != "|" or not inner[0].isalpha():
                raise ValueError
            return Expr("size", name=inner)
        if token[0].isdigit():
            return Expr("number", value=_literal(token))
        if token[0].isalpha():
            return Expr("name", name=token)
        raise ValueError


def _literal(token: str) -> Number:
    return _whole(Fraction(token)) if re.search(r"[.eE]", token) else int(token)
