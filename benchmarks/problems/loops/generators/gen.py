"""Inputs of Double, Then Free."""

from random import Random

INCLUDES = {"group3": ["group1", "group2"], "group4": ["group1", "group2", "group3"]}


def case(n, edges, queries):
    lines = [f"{n} {len(edges)} {len(queries)}"]
    lines += [f"{a} {b} {c}" for a, b, c in edges + queries]
    return "\n".join(lines) + "\n"


def small(rng, n, m, q, most, maxmod):
    edges = [(rng.randint(1, n), rng.randint(1, n), rng.randint(-most, most)) for _ in range(m)]
    queries = []
    for _ in range(q):
        mod = rng.randint(1, maxmod)
        queries.append((rng.randint(1, n), rng.randrange(mod), mod))
    return case(n, edges, queries)


def graph(rng, sizes, m, steps, cross, limit=10**12):
    """Components of these sizes; component i has cycles of multiples of steps[i]; `cross` edges between."""
    n = sum(sizes)
    names = list(range(1, n + 1))
    rng.shuffle(names)
    parts, at = [], 0
    for size in sizes:
        parts.append(names[at : at + size])
        at += size
    p = {}
    edges = []

    def add(x, y, step):
        w = p[y] - p[x]
        if step:
            k = (limit - abs(w)) // step
            w += step * rng.randint(-min(k, 50), min(k, 50))
        edges.append((x, y, w))

    for part, step in zip(parts, steps):
        scale = min(limit // 4, 10 * step if step else limit // 4)
        for x in part:
            p[x] = rng.randint(-scale, scale)
        if len(part) > 1:
            for i, x in enumerate(part):
                add(x, part[(i + 1) % len(part)], step)
    big = [i for i, part in enumerate(parts) if len(part) > 1] or [0]
    while len(edges) < m - cross:
        i = rng.choice(big)
        add(rng.choice(parts[i]), rng.choice(parts[i]), steps[i])
    while len(edges) < m:
        i, j = sorted(rng.sample(range(len(parts)), 2))
        edges.append((rng.choice(parts[i]), rng.choice(parts[j]), rng.randint(-limit, limit)))
    rng.shuffle(edges)
    return n, edges


def queries(rng, n, q, mods):
    result = []
    for _ in range(q):
        mod = rng.choice(mods)(rng)
        c = rng.choice([rng.randrange(mod), mod - 1, 0, rng.randrange(mod)])
        result.append((rng.randint(1, n), c, mod))
    return result


def multiple(step, most=10**18):
    return lambda rng: step * rng.randint(1, most // step)


def just(mod):
    return lambda rng: mod


def anything(rng):
    return rng.randint(1, 10**18)


def valid(rng):
    n = rng.randint(1, 6)
    return small(rng, n, rng.randint(0, 9), rng.randint(1, 6), rng.choice([2, 8, 30]), rng.choice([5, 12, 30]))


def cycles(rng, n, m, q, step, count, mods):
    """`count` components of about the same size, no edges between."""
    sizes = [n // count] * count
    return case(*graph(rng, sizes, m, [step] * count, 0), queries(rng, n // count * count, q, mods))


def secret():
    rng = Random(61)
    tests = {
        "group1/01-no-edges": case(3, [], [(1, 0, 1), (2, 7, 9), (3, 29, 30)]),
        "group1/02-loop-zero": case(2, [(1, 1, 0), (1, 2, 5)], [(1, 6, 12), (2, 11, 12), (1, 1, 30)]),
        "group1/03-free-needs-double": case(
            2, [(1, 2, 7), (2, 1, -7)], [(1, c, 28) for c in (3, 7, 8, 13, 14, 20, 21, 27)]
        ),
        "group1/04-bridge": case(
            4, [(1, 2, 6), (2, 1, 6), (2, 3, 1), (3, 4, 4), (4, 3, 8)], [(v, 11, 24) for v in (1, 2, 3, 4)]
        ),
    }
    for i in range(5, 12):
        step = rng.choice([12, 15, 20, 24, 30])
        n, edges = graph(rng, [3, 1, 3], rng.randint(8, 12), [step, step, 2 * step], 2, 100)
        tests[f"group1/{i:02}-small"] = case(n, edges, queries(rng, n, 12, [just(step), just(30), just(28)]))
    tests["group1/12-random"] = small(rng, 6, 12, 12, 20, 30)
    for i, step in enumerate([10**9, 10**9 + 7, 720720 * 10**3, 10**10], 1):
        tests[f"group2/{i:02}-one"] = cycles(rng, 60, 150, 150, step, 1, [multiple(step), just(step), just(10**18)])
    tests["group2/05-no-cycle-total"] = cycles(rng, 70, 150, 150, 0, 1, [anything, just(10**18)])
    tests["group2/06-components"] = cycles(rng, 80, 150, 150, 10**10, 5, [multiple(10**10), anything])
    tests["group2/07-alone"] = case(150, [(1, 1, -(10**12))] * 3, queries(rng, 150, 150, [anything]))
    tests["group2/08-two"] = case(
        2, [(1, 2, 10**12), (2, 1, -(10**12))], queries(rng, 2, 150, [anything, just(4 * 10**12), just(10**18)])
    )
    tests["group2/09-small-components"] = cycles(rng, 150, 150, 150, 10**10, 75, [just(10**10), anything])
    tests["group2/10-small-components"] = cycles(rng, 120, 140, 150, 10**9, 40, [multiple(10**9), just(10**9)])
    steps = [10**9, 0, 10**10, 6 * 10**9, 10**9 + 7]
    for i in range(1, 6):
        sizes = [rng.choice([1, 2, 10, 30]) for _ in range(5)]
        rng.shuffle(steps)
        mods = [multiple(6 * 10**10), multiple(10**9 + 7), just(6 * 10**17), just(10**10)]
        tests[f"group3/{i:02}-cross"] = case(
            *graph(rng, sizes, 150, steps, 20), queries(rng, sum(sizes), 150, mods)
        )
    edges = [(i, i + 1, rng.randint(-(10**12), 10**12)) for i in range(1, 150)]
    tests["group3/06-path"] = case(150, edges, queries(rng, 150, 150, [anything]))
    tests["group3/07-random"] = small(rng, 100, 150, 150, 10**12, 10**18)
    tests["group3/08-even"] = case(
        *graph(rng, [40, 1, 40], 150, [2**33, 1, 2**30], 15), queries(rng, 81, 150, [just(2**k) for k in range(20, 60)])
    )
    big = dict(n=1000, m=3000, q=2500)
    tests["group4/01-one"] = cycles(rng, **big, step=10**10, count=1, mods=[multiple(10**10)])
    tests["group4/02-zero"] = cycles(rng, **big, step=0, count=1, mods=[just(10**18), anything])
    tests["group4/03-two"] = cycles(rng, **big, step=720720 * 10**4, count=2, mods=[multiple(720720 * 10**4)])
    sizes = [700, 1, 1, 500, 300, 1]
    tests["group4/04-cross"] = case(
        *graph(rng, sizes, 3000, [10**10, 1, 1, 0, 10**9, 1], 400),
        queries(rng, sum(sizes), 2500, [multiple(10**10), just(10**18)]),
    )
    edges = [(i, i + 1, 10**12) for i in range(1, 3000)] + [(3000, 1, -2999 * 10**12 % 10**12 - 10**12)]
    tests["group4/05-long-cycle"] = case(3000, edges, queries(rng, 3000, 2500, [just(10**18), multiple(10**12)]))
    tests["group4/06-many"] = cycles(rng, 2900, 3000, 2500, 10**10, 29, [multiple(10**10), just(10**18)])
    return tests
