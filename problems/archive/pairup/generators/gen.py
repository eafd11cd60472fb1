"""Inputs of Pair Up."""

from random import Random


def case(wanted, prices):
    return f"{len(prices)} {wanted}\n{' '.join(map(str, prices))}\n"


def valid(rng):
    n = rng.randint(2, 8)
    largest = rng.choice([2, 6, 20, 10**9])
    prices = [rng.randint(1, largest) for _ in range(n)]
    if rng.random() < 0.3:
        wanted = min(10**9, 2 * rng.choice(prices))
    elif rng.random() < 0.5:
        wanted = min(10**9, sum(rng.sample(prices, 2)))
    else:
        wanted = rng.randint(1, min(10**9, 2 * largest))
    return case(wanted, prices)


def secret():
    rng = Random(4)
    evens = [2 * rng.randint(1, 49999) for _ in range(2000)]
    hidden = [rng.randint(1, 4 * 10**4) for _ in range(2000)]
    hidden[3], hidden[1990] = 60001, 60002
    tests = {
        "01-half-once": case(8, [4, 1, 2]),
        "02-half-twice": case(8, [1, 4, 9, 4]),
        "03-first-and-last": case(100, [99, 2, 3, 5, 1]),
        "04-two-items": case(2, [1, 1]),
        "05-two-items-no": case(3, [1, 1]),
        "06-large": case(10**9, [10**9, 999999999, 500000000, 2, 1]),
        "07-sum-beyond-32-bits": case(705032704, [10**9] * 5 + [3]),
        "08-odd-sum-of-evens": case(99999, evens),
        "09-one-pair-far-apart": case(120003, hidden),
        "10-zero-item": case(5, [5, 7, 9]),
        "11-last-two": case(11, [1, 2, 3, 5, 6]),
        "12-first-two": case(3, [1, 2, 30, 50]),
    }
    for i in range(13, 30):
        tests[f"{i}-small"] = valid(rng)
    return tests
