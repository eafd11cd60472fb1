"""Numbers, words, edges and corners with the shapes that find faults.

All equal, sorted, at the bounds, close together, many and few different; words of one letter, of
few, turned around; paths, stars, bushes; each from a seed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Profile = Literal["tiny", "small", "medium", "random", "extreme", "full"]

SPAN = {"tiny": 2, "small": 6}


class Stuck(Exception):  # not an error: another try is made
    """What was drawn leaves nothing for a value; another try may do better."""


def one_number(rng: random.Random, low: int, high: int, profile: Profile) -> int:
    """Draw a single number."""
    if low > high:
        raise Stuck
    if profile in SPAN:
        low, high = near_zero(low, high, SPAN[profile])
        return rng.randint(low, high)
    if profile == "medium":
        return magnitude(rng, low, high)
    if profile in ("extreme", "full"):
        if rng.random() < 0.5:
            return high
        return rng.choice((low, rng.randint(low, high), magnitude(rng, low, high)))
    return rng.randint(low, high)


def near_zero(low: int, high: int, span: int) -> tuple[int, int]:
    """The part of a range that has the smallest numbers."""
    if low >= 0:
        return low, min(high, low + span)
    if high <= 0:
        return max(low, high - span), high
    return max(low, -span), min(high, span)


def magnitude(rng: random.Random, low: int, high: int) -> int:
    """Draw a number so that all magnitudes between the bounds are about as likely."""
    if high <= low:
        return low
    beyond = rng.randint(0, (high - low + 1).bit_length() - 1)
    return min(high, low - 1 + rng.randint(1 << beyond, (2 << beyond) - 1))


def numbers(
    rng: random.Random,
    span: tuple[int, int],
    count: int,
    profile: Profile,
    top: int | None = None,
) -> list[int]:
    """Draw a list of numbers; `top` is the scale that columns of one block share."""
    low, high = span
    if low > high:
        raise Stuck
    if profile in SPAN:
        low, high = near_zero(low, high, SPAN[profile])
        return _drawn(rng, low, high, count)
    if profile == "medium":
        high = max(low, min(high, top if top is not None else magnitude(rng, low, high)))
        return _drawn(rng, low, high, count)
    if profile == "random":
        return _drawn(rng, low, high, count)
    style = rng.randrange(6) if profile != "full" or rng.random() < 0.8 else 0
    if style == 0:
        return [high if rng.random() < 0.7 else rng.choice((low, high))] * count
    if style == 1:
        return rng.choices((low, high), k=count)
    drawn = _drawn(rng, low, high, count)
    if style in (2, 3):
        drawn.sort(reverse=style == 3)
    if style == 4:
        drawn = _drawn(rng, max(low, high - 3), high, count)
    return drawn


def _drawn(rng: random.Random, low: int, high: int, count: int) -> list[int]:
    if high - low < 1 << 62:
        return rng.choices(range(low, high + 1), k=count)
    return [rng.randint(low, high) for _ in range(count)]


def distinct(rng: random.Random, low: int, high: int, count: int, profile: Profile) -> list[int]:
    """Draw different numbers."""
    if high - low + 1 < count:
        raise Stuck
    if profile in SPAN or rng.random() < 0.3:
        first, last = near_zero(low, high, count + SPAN.get(profile, 4))
        if last - first + 1 >= count:
            low, high = first, last
    elif profile == "medium":
        high = min(high, low + count + magnitude(rng, 1, high - low + 1))
    chosen = rng.sample(range(low, min(high, low + (1 << 62)) + 1), count)
    style = rng.randrange(4)
    if style < 2:
        chosen.sort(reverse=style == 1)
    return chosen


def permutation(rng: random.Random, start: int, count: int) -> list[int]:
    """Draw an order: any, in order, turned around, or with two exchanged."""
    order = list(range(start, start + count))
    style = rng.randrange(6)
    if style == 0:
        order.reverse()
    elif style == 1 and count > 1:
        first, second = rng.sample(range(count), 2)
        order[first], order[second] = order[second], order[first]
    elif style > 2:
        rng.shuffle(order)
    return order


def with_sum(rng: random.Random, low: int, high: int, count: int, total: int) -> list[int]:
    """Draw numbers that have this sum."""
    if not count * low <= total <= count * high:
        raise Stuck
    drawn, rest = [low] * count, total - count * low
    order = list(range(count))
    rng.shuffle(order)
    for place, where in enumerate(order):
        left = (count - place - 1) * (high - low)
        least, most = max(0, rest - left), min(high - low, rest)
        even = max(1, 2 * rest // (count - place))
        more = rng.randint(least, max(least, min(most, even)))
        drawn[where] += more
        rest -= more
    return drawn


_PAIRS = ("()", "[]", "{}", "<>")


@dataclass(frozen=True)
class WordStyle:
    """What the words of an input have in common.

    Attributes:
        number: 0 to 9; see `word`.
        examples: Words of samples.
        weights: How often each letter stands, for style 9.
    """

    number: int
    examples: Sequence[str] = ()
    weights: Sequence[int] = ()


def word(
    rng: random.Random,
    letters: str,
    length: int,
    of: WordStyle,
) -> str:
    """Draw a word.

    Words of few letters, of the letters of one sample, of a sample again and again, of pieces of
    samples, and with brackets in pairs find what words of any letters hardly do.
    """
    style, examples = of.number, of.examples
    pairs = [pair for pair in _PAIRS if {*pair} <= {*letters}]
    if pairs and style > 4:
        return _paired(rng, pairs, letters, length)
    if style == 0:
        return rng.choice(letters) * length
    if style in (1, 2):
        few = rng.sample(
            letters, min(2, len(letters)) if style == 1 else rng.randint(1, len(letters))
        )
        weights = [rng.choice((1, 1, 8)) for _ in few]
        return "".join(rng.choices(few, weights, k=length))
    if style == 3:
        part = "".join(rng.choices(letters, k=max(1, min(length, rng.randint(1, 4)))))
        return (part * (length // len(part) + 1))[:length]
    if style == 7 and examples:
        example = "".join(item for item in rng.choice(examples) if item in letters)
        return (example * (length // max(1, len(example)) + 1))[:length] or letters[0] * length
    if style == 6 and examples:
        own = sorted({*rng.choice(examples)} & {*letters})
        return "".join(rng.choices(own or letters, k=length))
    if style == 8 and examples:
        return _pieced(rng, examples, letters, length)
    if style == 9 and any(of.weights):
        return "".join(rng.choices(letters, of.weights, k=length))
    some = rng.sample(letters, rng.randint((len(letters) + 1) // 2, len(letters)))
    drawn = "".join(rng.choices(some, k=length))
    if style == 4:
        return (drawn[: (length + 1) // 2] + drawn[: length // 2][::-1])[:length]
    return "".join(sorted(drawn)) if style == 5 else drawn


def _pieced(rng: random.Random, examples: Sequence[str], letters: str, length: int) -> str:
    """Put pieces of samples together."""
    drawn = ""
    while len(drawn) < length:
        example = rng.choice(examples)
        start = rng.randrange(len(example)) if example else 0
        piece = example[start : start + rng.randint(1, max(1, len(example)))]
        drawn += "".join(item for item in piece if item in letters) or rng.choice(letters)
    return drawn[:length]


def _paired(rng: random.Random, pairs: Sequence[str], letters: str, length: int) -> str:
    """Draw brackets that are closed in order, often with a letter or two changed."""
    drawn: list[str] = []
    opened: list[str] = []
    deep = rng.random()
    while len(drawn) < length:
        left = length - len(drawn)
        if opened and (left <= len(opened) or rng.random() > deep):
            drawn.append(opened.pop())
        else:
            pair = rng.choice(pairs)
            drawn.append(pair[0])
            opened.append(pair[1])
    for _ in range(rng.choice((0, 0, 1, 2)) if drawn else 0):
        drawn[rng.randrange(len(drawn))] = rng.choice(letters)
    return "".join(drawn)


def changed(rng: random.Random, old: str, letters: str, low: int, high: int) -> str:
    """Change a word in a few places: letters put in, taken out, exchanged."""
    new = list(old)
    for _ in range(rng.choice((1, 1, 2, 4))):
        what = rng.randrange(3)
        place = rng.randrange(len(new) + 1)
        if what == 0:
            new.insert(place, rng.choice(letters))
        elif new and what == 1:
            del new[place % len(new)]
        elif new:
            new[place % len(new)] = rng.choice(letters)
    while len(new) < low:
        new.insert(rng.randrange(len(new) + 1), rng.choice(letters))
    return "".join(new[:high])


def polygon(rng: random.Random, count: int, x: tuple[int, int], y: tuple[int, int]) -> list[
    tuple[int, int]
]:  # fmt: skip
    """Draw corners of a simple polygon: points around a centre, in the order of their angles.

    With steps of the angle below a half turn around a point inside, no two sides cross.
    """
    middle = (x[0] + x[1]) / 2, (y[0] + y[1]) / 2
    wide, high = (x[1] - x[0]) / 2, (y[1] - y[0]) / 2
    step = 2 * math.pi / count
    corners = []
    for place in range(count):
        angle = step * (place + rng.uniform(-0.3, 0.3))
        far = rng.uniform(0.4, 1.0)
        corners.append(
            (
                round(middle[0] + wide * far * math.cos(angle)),
                round(middle[1] + high * far * math.sin(angle)),
            )
        )
    if rng.random() < 0.5:
        corners.reverse()
    turn = rng.randrange(count)
    return corners[turn:] + corners[:turn]
