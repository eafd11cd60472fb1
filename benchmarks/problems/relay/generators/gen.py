"""Inputs of Two Machines, One Express."""

from random import Random

INCLUDES = {"group2": ["group1"], "group4": ["group1", "group2", "group3"]}


def case(end, jobs):
    return "\n".join([f"{len(jobs)} {end}", *(" ".join(map(str, job)) for job in jobs)]) + "\n"


def jobs(rng, n, most, lag, value, zero=0.1):
    """Jobs whose value is, where value is 0, about their work."""
    result = []
    for _ in range(n):
        a, b = (0 if rng.random() < zero else rng.randint(0, most) for _ in range(2))
        far = rng.randint(0, lag) if rng.random() < 0.8 else rng.randint(0, lag) // 4
        if value:
            worth = rng.randint(max(1, value - value // 3), value) if value > 1 else 1
        else:
            worth = (a + b + 1) * 1000003 + rng.randint(1, 2 * 10**6)
        result.append((a, far, b, worth))
    return result


def valid(rng):
    end = rng.randint(1, rng.choice([6, 15, 30]))
    n = rng.randint(1, 6)
    return case(end, jobs(rng, n, rng.randint(1, end), rng.randint(0, end), rng.choice([0, 1, 3, 9]), 0.2))


def equal_ends(rng, n, most, lag):
    """Many ties of a and b and of a + l and b + l."""
    result = []
    for _ in range(n):
        a = rng.randint(0, most)
        b = a if rng.random() < 0.6 else rng.randint(0, most)
        result.append((a, lag * rng.randint(0, 2), b, (a + b + 1) * 10**6 + rng.randint(1, 10**6)))
    return result


def tight_ties(rng, n, most):
    """All fit, in the right order only; many jobs with a = b, no lags."""
    pairs = []
    for _ in range(n):
        a = rng.randint(0, most)
        pairs.append((a, a if rng.random() < 0.5 else rng.randint(0, most)))
    x = y = 0
    for a, b in sorted(pairs, key=lambda j: (0, j[0]) if j[0] < j[1] else (1, -j[1])):
        x += a
        y = max(y, x) + b
    return min(y, 200), [(a, 0, b, rng.randint(1, 10**9)) for a, b in pairs]


def tight(rng, n, most, lag, slack=0):
    """All but few fit: T is the makespan of all, in the right order with the best express."""
    todo = jobs(rng, n, most, lag, 0)
    best = 10**9
    for e in range(n):
        now = [(a, 0 if i == e else far, b) for i, (a, far, b, _) in enumerate(todo)]
        now.sort(key=lambda j: (0, j[0] + j[1]) if j[0] < j[2] else (1, -j[2] - j[1]))
        x = y = 0
        for a, far, b in now:
            x += a
            y = max(y, x + far) + b
        best = min(best, y)
    return max(1, min(200, best - slack)), todo


def secret():
    rng = Random(75)
    big = 10**9
    tests = {
        "group1/01-none": case(9, [(5, 3, 5, 7), (0, 0, 10, 8), (10, 9, 0, 9)]),
        "group1/02-express-needed": case(10, [(5, 200, 5, big)]),
        "group1/03-zeros": case(1, [(0, 0, 0, big)] * 3 + [(0, 200, 0, big), (1, 0, 0, 1), (0, 1, 0, 2)]),
        "group1/04-zero-work": case(200, [(0, 200, 0, big), (200, 0, 0, big), (0, 0, 200, big), (0, 201 - 1, 1, big)]),
    }
    for i in range(5, 13):
        slack = rng.choice([0, 0, 1])
        tests[f"group1/{i:02}-tight"] = case(*tight(rng, 6, 12, rng.choice([10, 25, 40]), slack))
    todo = [(2, 0, 1, 23160840), (7, 0, 7, 387824739), (0, 0, 0, 445502693)]
    todo += [(2, 0, 4, 178193953), (3, 0, 3, 156446234), (3, 0, 6, 283265920)]
    tests["group1/13-ties"] = case(23, todo)
    todo = [(2, 4, 2, 216173033), (7, 0, 0, 297474508), (2, 5, 6, 882301148)]
    todo += [(0, 0, 0, 215990061), (0, 3, 3, 325587015), (5, 1, 5, 603907336)]
    tests["group1/14-ties"] = case(18, todo)
    for i in range(1, 9):
        slack = rng.choice([0, 0, 1, 2, 5])
        tests[f"group2/{i:02}-tight"] = case(*tight(rng, 15, 15, rng.choice([10, 30, 60, 100]), slack))
    tests["group2/09-ties"] = case(80, equal_ends(rng, 15, 9, 12))
    tests["group2/10-values"] = case(90, jobs(rng, 15, 20, 60, big))
    for i in range(1, 4):
        tests[f"group3/{i:02}-tight"] = case(*tight(rng, 16, 24, 0, rng.randint(0, 3)))
    tests["group3/04-random"] = case(200, jobs(rng, 60, 40, 0, 0))
    tests["group3/05-few"] = case(150, jobs(rng, 60, 100, 0, 0))
    tests["group3/06-values"] = case(200, jobs(rng, 60, 25, 0, big))
    tests["group3/07-ties"] = case(199, equal_ends(rng, 60, 20, 0))
    tests["group3/08-all-fit"] = case(200, jobs(rng, 60, 4, 0, big))
    pairs = [(5, 5), (1, 1), (7, 7), (5, 5), (7, 7), (1, 4), (1, 5), (3, 6), (4, 1), (1, 1), (1, 0), (6, 4), (1, 1), (7, 2)]
    tests["group3/09-tight-ties"] = case(50, [(a, 0, b, 10**8 + rng.randint(1, 10**8)) for a, b in pairs])
    for i, n in enumerate([30, 60], 10):
        tests[f"group3/{i}-tight-ties"] = case(*tight_ties(rng, n, 200 // n))
    for i in range(1, 5):
        tests[f"group4/{i:02}-random"] = case(
            200 - i, jobs(rng, 60, rng.choice([12, 25, 60]), rng.choice([40, 100, 200]), rng.choice([0, big]))
        )
    for i in range(5, 9):
        tests[f"group4/{i:02}-tight"] = case(*tight(rng, 30, 12, rng.choice([40, 80, 150]), rng.randint(0, 4)))
    tests["group4/09-ties"] = case(200, equal_ends(rng, 60, 12, 30))
    tests["group4/10-equal-values"] = case(200, jobs(rng, 60, 20, 60, 1))
    tests["group4/11-full"] = case(200, [(rng.randint(0, 2), rng.randint(0, 150), rng.randint(0, 2), big) for _ in range(60)])
    return tests
