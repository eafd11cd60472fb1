"""Inputs of Villages."""

from random import Random


def case(n, paths):
    return "\n".join([f"{n} {len(paths)}", *(f"{a} {b}" for a, b in paths)]) + "\n"


def random_paths(rng, n, m):
    return [(rng.randint(1, n), rng.randint(1, n)) for _ in range(m)]


def valid(rng):
    n = rng.randint(1, 10)
    return case(n, random_paths(rng, n, rng.randint(0, 10)))


def secret():
    rng = Random(10)
    line = [(i, i + 1) for i in range(1, 300)]
    names = list(range(1, 301))
    rng.shuffle(names)
    shuffled = [(names[i], names[i + 1]) for i in range(299)]
    rng.shuffle(shuffled)
    tests = {
        "01-one-house": case(1, []),
        "02-loop": case(1, [(1, 1), (1, 1)]),
        "03-many-alone": case(300, []),
        "04-line": case(300, line),
        "05-line-backwards": case(300, [(b, a) for a, b in line[::-1]]),
        "06-shuffled-line": case(300, shuffled),
        "07-star": case(300, [(150, i) for i in range(1, 301)]),
        "08-two-equal": case(8, [(1, 3), (5, 7), (3, 5), (2, 4), (8, 6), (6, 4)]),
        "09-repeated": case(3, [(1, 2), (2, 1)] * 300),
    }
    for i, m in enumerate([100, 180, 300], 10):
        tests[f"{i}-random"] = case(300, random_paths(rng, 300, m))
    for i in range(13, 25):
        tests[f"{i}-small"] = valid(rng)
    return tests
