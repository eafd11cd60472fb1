"""Samples that were broken: what no validator of the problem's inputs should accept."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from medalist.agent.evidence.grammar import read_grammar
from medalist.problems.model import PublicProblem

_INTEGER = re.compile(r"-?[0-9]+")
_HUGE = "99999999999999999999"
_MOST_LINES = 40  # of a sample: what is broken may as well be short

Lines = list[list[str]]


def broken_inputs(public: PublicProblem, count: int, seed: int) -> list[bytes]:
    """Return up to `count` distinct inputs of a broken format or with numbers out of all bounds.

    Each is a sample with a line or a token less or more, a word for a number, a number far beyond
    what fits 64 bits, or nothing else left. What the statement's grammar allows all the same is
    left out. None come back where there are no samples.
    """
    texts = [sample.input for sample in public.samples if sample.input.strip()]
    if not texts:
        return []
    grammar = read_grammar(public)
    samples = {tuple(text.split()) for text in texts}
    rng = random.Random(seed)
    inputs: dict[bytes, None] = {}
    for attempt in range(6 * count):
        if len(inputs) == count:
            break
        text = texts[attempt // len(_WAYS) % len(texts)]
        lines = [line.split() for line in text.rstrip().splitlines()[:_MOST_LINES]]
        if any(lines):
            _WAYS[attempt % len(_WAYS)](lines, rng)
        content = "".join(" ".join(line) + "\n" for line in lines)
        known = tuple(content.split()) in samples
        if not known and not (grammar is not None and grammar.allowed(content.encode())):
            inputs[content.encode()] = None
    return list(inputs)


def _places(lines: Lines, numbers: bool = False) -> list[tuple[int, int]]:
    return [
        (row, column)
        for row, line in enumerate(lines)
        for column, token in enumerate(line)
        if not numbers or _INTEGER.fullmatch(token)
    ]


def _drop_token(lines: Lines, rng: random.Random) -> None:
    if places := _places(lines):
        row, column = rng.choice(places)
        del lines[row][column]


def _drop_line(lines: Lines, rng: random.Random) -> None:
    del lines[rng.randrange(len(lines))]


def _word_for_a_number(lines: Lines, rng: random.Random) -> None:
    row, column = rng.choice(_places(lines, numbers=True) or _places(lines))
    lines[row][column] = "x?" + lines[row][column]


def _huge_number(lines: Lines, rng: random.Random) -> None:
    row, column = rng.choice(_places(lines, numbers=True) or _places(lines))
    lines[row][column] = rng.choice(("", "-")) + _HUGE


def _more_at_the_end(lines: Lines, rng: random.Random) -> None:
    lines.append([rng.choice(("0", "-1", "end", _HUGE))] * rng.randint(1, 3))


def _more_in_a_line(lines: Lines, rng: random.Random) -> None:
    lines[rng.randrange(len(lines))].append(rng.choice(("-7", "0.5", "what")))


def _one_number_alone(lines: Lines, rng: random.Random) -> None:
    lines[:] = [[rng.choice((_HUGE, "-" + _HUGE, "nothing"))]]


_WAYS: tuple[Callable[[Lines, random.Random], None], ...] = (
    _word_for_a_number,
    _huge_number,
    _drop_line,
    _more_at_the_end,
    _drop_token,
    _more_in_a_line,
    _one_number_alone,
)
