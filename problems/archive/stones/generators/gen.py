"""Inputs of Heavy Stone, which the interactor alone reads."""

from random import Random


def case(weights):
    return f"{len(weights)}\n{' '.join(map(str, weights))}\n"


def valid(rng):
    return case(rng.sample(range(1, 1000), rng.randint(1, 12)))


def secret():
    rng = Random(13)
    tests = {
        "01-one": case([7]),
        "02-two": case([1, 2]),
        "03-two-first": case([2, 1]),
        "04-rising": case(list(range(1, 101))),
        "05-falling": case(list(range(100, 0, -1))),
        "06-middle": case([*range(1, 51), 1000, *range(51, 100)]),
        "07-last-but-one": case([1, 2, 3, 9, 8]),
    }
    for i in range(8, 20):
        tests[f"{i:02}-random"] = case(rng.sample(range(1, 1001), rng.choice([3, 4, 5, 30, 100])))
    return tests
