"""Outputs of samples, corrupted: most are wrong, and who accepts them all checks nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from medalist.agent.evidence.checker_runs import OutputCase
from medalist.problems.model import PublicProblem

_INTEGER = re.compile(r"-?[0-9]+")
_HUGE = "99999999999999999999"

Lines = list[list[str]]


def corrupted_outputs(public: PublicProblem, count: int, seed: int) -> list[OutputCase]:
    """Return up to `count` distinct cases: a sample's input with an output that is hardly right.

    Each output is the sample's own with a token or line less, more or twice, two tokens
    exchanged, a number a little or far off, a word for a number, nothing at all, or the output of
    another sample. Some may be right all the same: that is for several checkers to agree on.
    """
    samples = [
        (sample.input, sample.output) for sample in public.samples if sample.output is not None
    ]
    known = {(given, *output.split()) for given, output in samples}
    rng = random.Random(seed)
    cases: dict[tuple[str, ...], OutputCase] = {}

    def add(given: str, output: str) -> None:
        tokens = (given, *output.split())
        if tokens not in known and len(cases) < count:
            cases.setdefault(tokens, OutputCase(given.encode(), output.encode()))

    for given, _ in samples:
        add(given, "")
        for _, other in samples:
            add(given, other)
    for attempt in range(8 * count):
        given, output = samples[attempt // len(_WAYS) % len(samples)] if samples else ("", "")
        lines = [line.split() for line in output.rstrip().splitlines()]
        if any(lines):
            _WAYS[attempt % len(_WAYS)](lines, rng)
            add(given, "".join(" ".join(line) + "\n" for line in lines))
    return list(cases.values())


def _place(lines: Lines, rng: random.Random, numbers: bool = False) -> tuple[int, int]:
    places = [
        (row, column)
        for row, line in enumerate(lines)
        for column, token in enumerate(line)
        if not numbers or _INTEGER.fullmatch(token)
    ]
    return rng.choice(places) if places else _place(lines, rng)


def _drop_token(lines: Lines, rng: random.Random) -> None:
    row, column = _place(lines, rng)
    del lines[row][column]


def _double_token(lines: Lines, rng: random.Random) -> None:
    row, column = _place(lines, rng)
    lines[row].insert(column, lines[row][column])


def _drop_line(lines: Lines, rng: random.Random) -> None:
    del lines[rng.randrange(len(lines))]


def _double_line(lines: Lines, rng: random.Random) -> None:
    lines.insert(rng.randrange(len(lines) + 1), list(rng.choice(lines)))


def _other_number(lines: Lines, rng: random.Random) -> None:
    row, column = _place(lines, rng, numbers=True)
    token = lines[row][column]
    if _INTEGER.fullmatch(token):
        lines[row][column] = str(int(token) + rng.choice((-2, -1, 1, 2)))
    else:
        lines[row][column] = token + "0"


def _number_of_another_token(lines: Lines, rng: random.Random) -> None:
    row, column = _place(lines, rng)
    other = _place(lines, rng)
    lines[row][column] = lines[other[0]][other[1]]


def _huge_number(lines: Lines, rng: random.Random) -> None:
    row, column = _place(lines, rng, numbers=True)
    lines[row][column] = rng.choice(("", "-")) + _HUGE


def _zero(lines: Lines, rng: random.Random) -> None:
    row, column = _place(lines, rng, numbers=True)
    lines[row][column] = "0"


def _word(lines: Lines, rng: random.Random) -> None:
    row, column = _place(lines, rng, numbers=True)
    lines[row][column] = "x?" + lines[row][column]


def _more_at_the_end(lines: Lines, rng: random.Random) -> None:
    lines.append([rng.choice(("0", "-1", "1", "end"))])


def _exchange(lines: Lines, rng: random.Random) -> None:
    (row, column), (other, there) = _place(lines, rng), _place(lines, rng)
    lines[row][column], lines[other][there] = lines[other][there], lines[row][column]


_WAYS: tuple[Callable[[Lines, random.Random], None], ...] = (
    _drop_token,
    _other_number,
    _double_token,
    _huge_number,
    _number_of_another_token,
    _drop_line,
    _word,
    _double_line,
    _zero,
    _more_at_the_end,
    _exchange,
)
