"""Inputs of Carousel."""

from random import Random

INCLUDES = {"group3": ["group1", "group2"]}


def case(sweets, questions):
    lines = [f"{left} {right}" for left, right in questions]
    header = [f"{len(sweets)} {len(questions)}", " ".join(map(str, sweets))]
    return "\n".join(header + lines) + "\n"


def random_case(rng, n, q, largest, straight=False):
    questions = []
    for _ in range(q):
        left, right = rng.randint(1, n), rng.randint(1, n)
        questions.append((min(left, right), max(left, right)) if straight else (left, right))
    return case([rng.randint(0, largest) for _ in range(n)], questions)


def valid(rng):
    n, q = rng.randint(1, 8), rng.randint(1, 5)
    return random_case(rng, n, q, rng.choice([3, 100, 10**9]))


def secret():
    rng = Random(14)
    big = 10**9
    full = [(1, 9000)] * 1500 + [(2, 8999)] * 1500
    round_trip = [(i + 1, i) for i in range(1, 3000)]
    tests = {
        "group1/01-one-seat": case([5], [(1, 1), (1, 1)]),
        "group1/02-all-pairs": case(
            [1, 10, 100, 1000], [(i, j) for i in range(1, 5) for j in range(1, 5)]
        ),
        "group1/03-large": case([big] * 100, [(1, 100), (2, 1), (100, 99), (50, 51), (51, 50)]),
        "group1/04-empty": case([0] * 9, [(3, 7), (7, 3)]),
        "group2/01-long": case([rng.randint(0, 9) for _ in range(9000)], full),
        "group2/02-single-seats": case(list(range(900)), [(i, i) for i in range(1, 901)]),
        "group2/03-large": random_case(rng, 1200, 1200, big, straight=True),
        "group3/01-round": case([rng.randint(0, 9) for _ in range(3000)], round_trip),
        "group3/02-large": random_case(rng, 1200, 1200, big),
        "group3/03-most": random_case(rng, 15000, 2000, 9),
    }
    for i in range(5, 13):
        n = rng.randint(2, 30)
        tests[f"group1/{i:02}-small"] = random_case(rng, n, 40, 50)
    return tests
