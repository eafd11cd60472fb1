"""Inputs of Free Ride."""

from random import Random


def case(n, lines):
    return "\n".join([f"{n} {len(lines)}", *(f"{a} {b} {w}" for a, b, w in lines)]) + "\n"


def random_lines(rng, n, m, dearest):
    lines = []
    for _ in range(m):
        a, b = rng.sample(range(1, n + 1), 2)
        lines.append((a, b, rng.randint(1, dearest)))
    return lines


def renamed(rng, n, lines):
    """The same map with other town names, except for the first and the last."""
    names = list(range(2, n))
    rng.shuffle(names)
    names = [0, 1, *names, n]
    lines = [(names[a], names[b], w) if rng.random() < 0.5 else (names[b], names[a], w) for a, b, w in lines]
    rng.shuffle(lines)
    return lines


def valid(rng):
    n = rng.randint(2, 8)
    return case(n, random_lines(rng, n, rng.randint(1, 14), rng.choice([3, 20, 10**9])))


def secret():
    rng = Random(19)
    big = 10**9
    long = [(i, i + 1, big) for i in range(1, 3000)]
    ladder = [(i, i + 1, rng.randint(1, 99)) for i in range(1, 1500)]
    ladder += [(i, i + 2, rng.randint(1, 199)) for i in range(1, 1499)]
    # A path that is dear but for one ride against one that is cheap all along.
    trap = [(1, 2, 1), (2, 3, 1), (3, 6, 100), (1, 4, 20), (4, 5, 20), (5, 6, 20)]
    # Town 2 is reached cheaply with the voucher, but is better reached without it.
    spend_late = [(1, 2, 10), (1, 3, 1), (3, 2, 1), (2, 4, 50)]
    tests = {
        "01-one-ride": case(2, [(1, 2, big)]),
        "02-parallel": case(2, [(1, 2, 7), (2, 1, 3), (1, 2, 9)]),
        "03-no-way": case(5, [(1, 2, 1), (3, 4, 1), (4, 5, 1)]),
        "04-trap": case(6, trap),
        "05-spend-late": case(4, spend_late),
        "06-beyond-32-bits": case(3000, long),
        "07-ladder": case(1500, renamed(rng, 1500, ladder)),
        "08-last-isolated": case(4, [(1, 2, 2), (2, 3, 3), (1, 3, 1)]),
        "09-random": case(1000, random_lines(rng, 1000, 4000, big)),
        "10-sparse": case(2000, random_lines(rng, 2000, 3500, 1000)),
        "11-town-one-inside": case(3, [(2, 1, 4), (1, 3, 9), (2, 3, 4)]),
    }
    for i in range(12, 40):
        tests[f"{i}-small"] = valid(rng)
    return tests
