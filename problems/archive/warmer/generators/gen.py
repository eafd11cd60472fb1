"""Inputs of Record Days."""

from random import Random


def case(temperatures):
    return f"{len(temperatures)}\n{' '.join(map(str, temperatures))}\n"


def valid(rng):
    n = rng.randint(1, 12)
    span = rng.choice([1, 5, 100])
    base = rng.choice([-1000, -50, -3, 0, 40, 99900])
    low, high = max(-1000, base - span), min(100000, base + span)
    return case([rng.randint(low, high) for _ in range(n)])


def secret():
    rng = Random(1)
    tests = {
        "01-one": case([-7]),
        "02-lowest": case([-1000]),
        "03-equal": case([4] * 50),
        "04-falling": case(list(range(30, -30, -1))),
        "05-rising": case(list(range(-30, 30))),
        "06-below-zero": case([-1000, -999, -1000, -998, -999, -997]),
        "07-highest-first": case([100000, 99999, 100000, 5]),
        "08-all-rising": case(list(range(1, 20001))),
        "09-noisy": case([i // 2 + rng.randint(-20, 20) for i in range(8000)]),
    }
    for i in range(10, 16):
        tests[f"{i}-small"] = valid(rng)
    return tests
