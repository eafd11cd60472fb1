"""Inputs of Longest Climb."""

from itertools import accumulate
from random import Random


def case(heights):
    return f"{len(heights)}\n{' '.join(map(str, heights))}\n"


def valid(rng):
    n = rng.randint(1, 12)
    if rng.random() < 0.5:
        return case(list(accumulate(rng.randint(-1, 3) for _ in range(n))))
    return case([rng.randint(-3, 3) for _ in range(n)])


def secret():
    rng = Random(15)
    big = 10**9
    tests = {
        "01-one": case([-big]),
        "02-falling": case(list(range(50, -50, -1))),
        "03-flat": case([3] * 100),
        "04-rising": case(list(range(-5000, 5000))),
        "05-longest-last": case([1, 2, 1, 2, 3, 1, 2, 3, 4]),
        "06-longest-first": case([-4, -3, -2, -1, -5, 7, 7]),
        "07-extremes": case([-big, big, -big, big, big]),
        "08-stairs": case([i // 3 for i in range(2000)]),
        "09-below-zero": case([-9, -8, -7, -7, -6]),
        "10-hills": case(list(accumulate(rng.randint(-1, 9) for _ in range(9000)))),
        "11-random": case([rng.randint(-big, big) for _ in range(3000)]),
    }
    for i in range(12, 24):
        tests[f"{i}-small"] = valid(rng)
    return tests
