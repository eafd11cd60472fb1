"""Inputs of Paths of a Tree."""

from random import Random

INCLUDES = {"group3": ["group1"], "group4": ["group1", "group2", "group3"]}
BIG = 10**9
PRIME = 999999937


def case(c, w, ops):
    return "\n".join([f"{len(ops)} {c} {w}", *(" ".join(map(str, op)) for op in ops)]) + "\n"


def shape(rng, n, longest, back):
    """Pairs of p and l: paths of at most `longest` vertices, joined to one of the last `back`."""
    ops, k = [], 1
    while k < n:
        length = min(n - k, rng.randint(1, longest))
        ops.append((rng.randint(max(1, k - back + 1), k), length))
        k += length
    return ops


def spider(rng, n, legs):
    return [(1, (n - 1) // legs)] * legs


def comb(n, tooth, teeth):
    """A long path, and paths of `tooth` vertices at places of it that are evenly spread."""
    spine = n - 1 - tooth * teeth
    return [(1, spine)] + [(1 + spine * i // teeth, tooth) for i in range(1, teeth + 1)]


def weighted(rng, c, sizes, most, moduli=None):
    ops = []
    for p, length in sizes:
        m = rng.choice(moduli) if moduli else rng.randint(1, most)
        ops.append((p, length, rng.randrange(m), rng.randrange(m), m))
    return case(c, rng.randrange(most), ops)


def distinct(rng, c, sizes):
    """Weights that are the values of one progression."""
    a, b = rng.randrange(PRIME), rng.randrange(1, PRIME)
    ops, k = [], 1
    for p, length in sizes:
        ops.append((p, length, (a + b * (k - 1)) % PRIME, b, PRIME))
        k += length
    return case(c, a, ops)


def monotone(rng, c, sizes):
    ops, k = [], 1
    for p, length in sizes:
        ops.append((p, length, 3 * (k - 1), 3, BIG))
        k += length
    return case(c, 0, ops)


def forced(rng, c, spine, gadgets, same):
    """At places of a path stars with two leaves, often of the same weight."""
    ops, k = [(1, spine, rng.randrange(PRIME), rng.randrange(1, PRIME), PRIME)], spine + 1
    for i in range(gadgets):
        w = rng.randrange(BIG - 1)
        p = rng.randint(1, spine)
        u = w if rng.random() < same else rng.randrange(BIG - 1)
        ops.append((p, 2, w, 0, BIG))  # a leaf and its neighbour have the same weight
        ops.append((k + 1, 1, u, 0, BIG))
        k += 3
    return case(c, rng.randrange(BIG), ops)


def secret():
    rng = Random(707)
    tests = {
        "group1/01-one": case(-BIG, 5, []),
        "group1/02-two-same": case(0, 5, [(1, 1, 5, 0, 10)]),
        "group1/03-two-negative": case(-1, 5, [(1, 1, 5, 0, 10)]),
        "group1/04-all-same": case(0, 0, [(1, 3, 0, 0, 1), (1, 4, 0, 0, 1), (2, 4, 0, 0, 1)]),
        "group1/05-star": case(-7, 3, [(1, 1, w, 0, 9) for w in (3, 3, 1, 5, 5, 1, 8, 0, 3, 3, 8)]),
    }
    for i in range(6, 13):
        most = rng.choice([2, 3, 5])
        c = [0, -1, 1, -most, most, 0, -2][i - 6]
        tests[f"group1/{i:02}-small"] = weighted(rng, c, shape(rng, 12, 3, rng.choice([2, 5, 12])), most)
    n = 200000
    tests["group2/01-small"] = distinct(rng, -BIG, shape(rng, 12, 2, 12))
    tests["group2/02-path"] = distinct(rng, -(10**8), [(1, n - 1)])
    tests["group2/03-monotone"] = monotone(rng, 3, [(1, n - 1)])
    tests["group2/04-monotone"] = monotone(rng, 1, shape(rng, n, 100, 1000))
    tests["group2/05-random"] = distinct(rng, 0, shape(rng, n, 110, n))
    tests["group2/06-star"] = distinct(rng, -BIG, [(1, 1)] * 4000)
    tests["group2/07-comb"] = distinct(rng, 10**8, comb(n, 20, 3900))
    tests["group2/08-large-c"] = distinct(rng, BIG, shape(rng, n, 110, 50))
    for name, size, c, back in [("09-order", 4001, 1, 4001), ("10-order", 12, 1, 3), ("11-order", 4001, -2, 6), ("12-order", 12, 0, 12)]:
        order = rng.sample(range(size), size)
        # nearly sorted: then many divisions are equally good
        near = sorted(range(size), key=lambda i: i + rng.randint(0, 6)) if back != size else order
        ops = [(p, 1, near[i + 1], 0, BIG) for i, (p, _) in enumerate(shape(rng, size, 1, back))]
        tests[f"group2/{name}"] = case(c, near[0], ops)
    m = 1500
    tests["group3/01-random"] = weighted(rng, 0, shape(rng, m, 3, m), 4)
    tests["group3/02-deep"] = weighted(rng, -1, shape(rng, m, 2, 3), 6)
    tests["group3/03-comb"] = weighted(rng, -3, comb(m, 2, 400), 5)
    tests["group3/04-star"] = weighted(rng, -20, [(1, 1)] * (m - 1), 20)
    tests["group3/05-forced"] = forced(rng, -BIG, 300, 399, 0.5)
    tests["group3/06-all-same"] = weighted(rng, 0, shape(rng, m, 4, m), 1)
    tests["group3/07-mixed"] = weighted(rng, 2, shape(rng, m, 5, 30), 8)
    tests["group3/08-mixed"] = weighted(rng, -2, shape(rng, m, 5, 200), 3)
    tests["group4/01-random"] = weighted(rng, 0, shape(rng, n, 110, n), 4)
    tests["group4/02-comb"] = weighted(rng, -1, comb(n, 30, 3900), 30)
    tests["group4/03-forced"] = forced(rng, -BIG, 190000, 1999, 0.7)
    tests["group4/04-forced"] = forced(rng, -2 * 10**8, 150000, 1999, 1.0)
    tests["group4/05-path"] = weighted(rng, -1, [(1, n - 1)], 10**5, [99991])
    tests["group4/06-all-same"] = weighted(rng, 0, shape(rng, n, 110, 100), 1)
    tests["group4/07-spider"] = weighted(rng, -(10**4), spider(rng, n, 3500), 3000)
    tests["group4/08-steps"] = weighted(rng, 0, shape(rng, n, 110, 40), BIG, [2, 3, BIG, 7])
    tests["group4/09-two-values"] = weighted(rng, -1, shape(rng, n, 110, n), 2)
    tests["group4/10-many-values"] = weighted(rng, -5, shape(rng, n, 110, 20), 2000)
    return tests
