"""Inputs of Fence."""

from math import cos, pi, sin
from random import Random


def case(corners):
    return "\n".join([str(len(corners)), *(f"{x} {y}" for x, y in corners)]) + "\n"


def star(rng, n, radius, centre=(0, 0)):
    """Corners around a centre, which a ray from there meets once: no sides cross."""
    corners = []
    for i in range(n):
        angle = 2 * pi * (i + rng.uniform(0.1, 0.9)) / n
        far = radius * rng.uniform(0.4, 1)
        corners.append((round(far * cos(angle)) + centre[0], round(far * sin(angle)) + centre[1]))
    return corners


def crossing_free(corners):
    """Whether no two sides touch besides neighbours in their common corner."""
    n = len(corners)

    def turn(a, b, c):
        value = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        return (value > 0) - (value < 0)

    for i in range(n):
        for j in range(i + 1, n):
            a, b = corners[i], corners[(i + 1) % n]
            c, d = corners[j], corners[(j + 1) % n]
            if a == c:
                return False
            if b == c or a == d:
                p, q, r = (a, b, d) if b == c else (c, a, b)
                dot = (p[0] - q[0]) * (r[0] - q[0]) + (p[1] - q[1]) * (r[1] - q[1])
                if turn(p, q, r) == 0 and dot > 0:
                    return False
                continue
            if turn(a, b, c) * turn(a, b, d) <= 0 and turn(c, d, a) * turn(c, d, b) <= 0:
                return False
    return True


def turned(rng, corners):
    if rng.random() < 0.5:
        corners = corners[::-1]
    start = rng.randrange(len(corners))
    return corners[start:] + corners[:start]


def valid(rng):
    while True:
        radius = rng.choice([4, 15, 400])
        centre = (rng.randint(-900, 900), rng.randint(-900, 900))
        corners = star(rng, rng.randint(3, 8), radius, centre)
        if crossing_free(corners):
            return case(turned(rng, corners))


def secret():
    rng = Random(12)
    end = 10**6
    square = [(-end, -end), (end, -end), (end, end), (-end, end)]
    comb = [(0, 0)]
    for i in range(200):
        comb += [(2 * i, 1000), (2 * i + 1, 1000), (2 * i + 1, 1), (2 * i + 2, 1)]
    comb = [*comb, (400, 0)]
    tests = {
        "01-largest": case(square),
        "02-largest-clockwise": case(square[::-1]),
        "03-thin": case([(-end, 0), (end, 1), (end, 0)]),
        "04-smallest": case([(0, 0), (1, 0), (0, 1)]),
        "05-far-away": case([(end, end), (end - 1, end), (end, end - 1)]),
        "06-half": case([(0, 0), (1, 2), (2, 1)]),
        "07-straight-corner": case([(0, 0), (5, 0), (10, 0), (10, 7)]),
        "08-comb": case(comb),
        "09-circle": case(star(rng, 1000, end)),
        "10-circle-clockwise": case(star(rng, 500, end // 2)[::-1]),
    }
    for i in range(11, 26):
        tests[f"{i}-small"] = valid(rng)
    return tests
