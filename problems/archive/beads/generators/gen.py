"""Inputs of Strings of Beads."""

from random import Random


def valid(rng):
    return f"{rng.choice([rng.randint(1, 12), rng.randint(1, 60), rng.randint(1, 3000)])}\n"


def secret():
    rng = Random(3)
    sizes = [3, 5, 6, 7, 20, 21, 22, 23, 31, 45, 1000, 4999, 77777, 999999, 1000000]
    sizes += [rng.randint(10**5, 10**6) for _ in range(3)]
    return {f"{i:02}-n{n}": f"{n}\n" for i, n in enumerate(sizes, 1)}
