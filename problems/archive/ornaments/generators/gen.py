"""Inputs of Ornaments."""

from math import gcd
from random import Random

INCLUDES = {"group3": ["group1", "group2"]}


def case(a, b, x, y):
    return f"{a} {b} {x} {y}\n"


def numbers(rng, largest, step, coprime=False):
    a, b = sorted(rng.randint(1, largest) for _ in range(2))
    while True:
        x, y = rng.randint(1, step), rng.randint(1, step)
        if not coprime or gcd(x, y) == 1:
            return case(a, b, x, y)


def valid(rng):
    kind = rng.randrange(4)
    if kind == 0:
        return numbers(rng, 30, 8)
    if kind == 1:
        a = rng.randint(1, 40)
        return case(a, a, rng.randint(1, 6), rng.randint(1, 6))
    if kind == 2:
        return numbers(rng, 3000, 60)
    return numbers(rng, 10**12, 10**6)


def secret():
    rng = Random(6)
    end = 10**12
    tests = {
        "group1/01-one-tree-both": case(12, 12, 4, 6),
        "group1/02-one-tree-star": case(8, 8, 4, 6),
        "group1/03-same": case(1, 10000, 5, 5),
        "group1/04-divides": case(7, 9999, 3, 12),
        "group1/05-all": case(1, 10000, 1, 1),
        "group1/06-far-steps": case(1, 10000, 999999, 1000000),
        "group1/07-ends-count": case(6, 36, 6, 9),
        "group1/08-all-but": case(2, 9998, 1, 7),
        "group2/01-everything": case(1, end, 1, 1),
        "group2/02-two-three": case(1, end, 2, 3),
        "group2/03-large-steps": case(end // 3, end, 999983, 999979),
        "group2/04-one-tree": case(end, end, 999999, 1000000),
        "group2/05-neighbours": case(999999 * 7, end - 1, 999999, 1000000),
        "group3/01-same-large": case(1, end, 1000000, 1000000),
        "group3/02-divides": case(123456789, end, 500000, 1000000),
        "group3/03-common": case(1, end, 999900, 999000),
        "group3/04-last-is-both": case(1, 6 * 10**11, 600000, 400000),
    }
    for i in range(9, 15):
        tests[f"group1/{i:02}-small"] = numbers(rng, 100, 12)
        tests[f"group2/{i:02}-random"] = numbers(rng, end, 10**6, coprime=True)
        tests[f"group3/{i:02}-random"] = numbers(rng, end, rng.choice([30, 1000, 10**6]))
    return tests
