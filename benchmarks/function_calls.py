"""Inputs for a function: calls found in tests that a model wrote, changed ones, guessed ones."""

from __future__ import annotations

import ast
import itertools
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_ASSERT = re.compile(r"(?:^|(?<=\s))assert\b")


@dataclass(frozen=True)
class Call:
    """A call found in tests: its text, how often it is there, and the claimed values.

    `claims` maps the text of a claimed value to how many tests claim it.
    """

    text: str
    count: int
    claims: tuple[tuple[str, int], ...]


def calls_of_tests(tests: Iterable[str], function: str) -> list[Call]:
    """Find the calls of `function` in test texts, the most frequent first.

    A text may lack its first `assert` (it completes a prompt that ends with it). What does not
    parse, or calls nothing, is passed over.
    """
    counts: Counter[str] = Counter()
    claims: dict[str, Counter[str]] = {}
    for text in tests:
        for statement in _asserts(text):
            result = _call_and_claim(statement, function)
            if result is None:
                continue
            call, claim = result
            counts[call] += 1
            if claim is not None:
                claims.setdefault(call, Counter())[claim] += 1
    return [
        Call(call, count, tuple(claims.get(call, Counter()).most_common()))
        for call, count in counts.most_common()
    ]


def _asserts(text: str) -> Iterator[ast.Assert]:
    for piece in _ASSERT.split(text):
        lines = piece.strip().splitlines()
        for end in range(len(lines), 0, -1):
            try:
                tree = ast.parse("assert " + "\n".join(lines[:end]))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            if isinstance(tree.body[0], ast.Assert):
                yield tree.body[0]
            break


def _call_and_claim(statement: ast.Assert, function: str) -> tuple[str, str | None] | None:
    test = statement.test
    claim: str | None = None
    call: ast.expr = test
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        call = test.left
        if isinstance(test.ops[0], ast.Eq | ast.Is):
            claim = ast.unparse(test.comparators[0])
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        call, claim = test.operand, "False"
    elif isinstance(test, ast.Call):
        claim = "True"
    if not (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == function
        and (call.args or call.keywords)
    ):
        return None
    return ast.unparse(call), claim


def mutate_calls(calls: Sequence[str], function: str, count: int, seed: int) -> list[str]:
    """Return up to `count` new calls, made by changing the literals of given ones."""
    rng = random.Random(seed)
    trees = [tree for call in calls if (tree := _literal_arguments(call)) is not None]
    seen = set(calls)
    made: list[str] = []
    for _ in range(count * 10):
        if not trees or len(made) == count:
            break
        arguments = [_change(value, rng) for value in rng.choice(trees)]
        text = f"{function}({', '.join(map(repr, arguments))})"
        if text not in seen and len(text) < 400:
            seen.add(text)
            made.append(text)
    return made


def _literal_arguments(call: str) -> list[object] | None:
    node = ast.parse(call, mode="eval").body
    if not isinstance(node, ast.Call) or node.keywords or len(call) > 400:
        return None
    try:
        return [ast.literal_eval(argument) for argument in node.args]
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


def _change(value: object, rng: random.Random) -> object:
    """A value of the same type near the given one; half of the time the same value."""
    if rng.random() < 0.4:
        return value
    match value:
        case bool():
            return not value
        case int():
            small = rng.randint(0, 12)
            return rng.choice((value + 1, value - 1, value * 2, value // 2, 0, 1, small))
        case float():
            return rng.choice((value + 0.5, -value, value / 2, float(int(value)), 0.0))
        case str():
            return "".join(map(str, _change_items(list(value), rng)))
        case list():
            return _change_items(value, rng)
        case tuple():
            return tuple(_change_items(list(value), rng))
        case dict():
            return {key: _change(item, rng) for key, item in value.items()}
        case _:
            return value


def _change_items(items: list[object], rng: random.Random) -> list[object]:
    items = list(items)
    if not items:
        return items
    place = rng.randrange(len(items))
    what = rng.randrange(6)
    if what == 0:
        del items[place]
    elif what == 1:
        items.insert(rng.randrange(len(items) + 1), items[place])
    elif what == 2:
        rng.shuffle(items)
    elif what == 3:
        items = items[: rng.randrange(len(items) + 1)]
    elif what == 4:
        items.reverse()
    elif isinstance(items[place], str):
        letters = [item for item in items if isinstance(item, str)]
        items[place] = rng.choice((*letters, "a", "Z", " "))
    else:
        items[place] = _change(items[place], rng)
    return items


_GUESSES: dict[str, tuple[object, ...]] = {
    "int": (0, 1, 2, 3, 4, 5, 7, 10, 12, 25, 100, -1, -3),
    "float": (0.5, 1.0, 1.5, 3.7, -2.25, 10.0),
    "str": ("", "a", "abc", "Hello World", "aab bcc", "12", "racecar"),
    "List[int]": ([], [1], [1, 2, 3], [4, 1, 3, 3], [-1, 2, -3, 40], [5, 5], [0, 12, -14, 33, 7]),
    "List[str]": ([], ["a"], ["b", "ab", "abc"], ["x", "", "x"], ["Word", "word", "a1"]),
    "List[List[int]]": ([], [[1]], [[1, 2], [3, 4]], [[], [1, 2, 3], [2]]),
}
_MOST_PARAMETERS = 3


def guess_calls(prompt: str, function: str, count: int, seed: int) -> dict[str, list[str]]:
    """Return calls for each guess at the types of a function's parameters.

    Words of the prompt that begin with a capital, or are in quotes, are among the strings. An
    annotation of a known type is believed.
    """
    definition = next(
        (
            node
            for node in ast.walk(ast.parse(prompt + "\n    pass\n"))
            if isinstance(node, ast.FunctionDef) and node.name == function
        ),
        None,
    )
    if definition is None or not 0 < len(definition.args.args) <= _MOST_PARAMETERS:
        return {}
    rng = random.Random(seed)
    quoted = re.findall(r"\b[A-Z][a-z]+\b|'(\w+)'", prompt)
    words = {**_GUESSES, "str": (*_GUESSES["str"], *(word for word in quoted[:12] if word))}
    kinds: list[list[str]] = []
    for argument in definition.args.args:
        known = ast.unparse(argument.annotation) if argument.annotation else ""
        kinds.append([known] if known in words else list(words))
    families: dict[str, list[str]] = {}
    for family in itertools.product(*kinds):
        calls = {
            f"{function}({', '.join(repr(rng.choice(words[kind])) for kind in family)})": None
            for _ in range(count * 3)
        }
        families[", ".join(family)] = list(calls)[:count]
    return families
