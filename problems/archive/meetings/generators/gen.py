"""Inputs of One Room."""

from random import Random

INCLUDES = {"group3": ["group1", "group2"]}


def case(meetings):
    return "\n".join([str(len(meetings)), *(f"{start} {end}" for start, end in meetings)]) + "\n"


def random_meetings(rng, n, end, longest):
    meetings = []
    for _ in range(n):
        start = rng.randint(0, end - 1)
        meetings.append((start, min(end, start + rng.randint(1, longest))))
    return meetings


def same_order(rng, n, end, longest):
    """Meetings whose ends are in the order of their starts."""
    starts = sorted(rng.sample(range(end - longest), n))
    meetings, last = [], 0
    for start in starts:
        last = max(last, start + rng.randint(1, longest))
        meetings.append((start, last))
    rng.shuffle(meetings)
    return meetings


def valid(rng):
    n = rng.randint(1, 9)
    end = rng.choice([3, 8, 20, 60])
    return case(random_meetings(rng, n, end, rng.choice([2, 5, end])))


def secret():
    rng = Random(18)
    big = 10**9
    tests = {
        "group1/01-one": case([(0, big)]),
        "group1/02-same": case([(4, 7)] * 5),
        "group1/03-touching": case([(6, 8), (0, 2), (4, 6), (2, 4)]),
        "group1/04-long-first": case([(0, 100), (1, 2), (3, 4), (5, 6)]),
        "group1/05-shortest-is-bad": case([(0, 10), (9, 12), (11, 20)]),
        "group1/06-fewest-conflicts-is-bad": case(
            [(0, 3), (3, 6), (6, 9), (9, 12), (1, 4), (1, 4), (1, 4), (5, 7), (8, 11), (8, 11), (8, 11)]
        ),
        "group1/07-same-end": case([(0, 5), (3, 5), (4, 5), (5, 6)]),
        "group1/08-same-start": case([(2, 9), (2, 3), (2, 5), (3, 9)]),
        "group2/01-chain": case([(2 * i, 2 * i + 3) for i in range(4000)]),
        "group2/02-all-free": case([(3 * i, 3 * i + 3) for i in range(2999, -1, -1)]),
        "group2/03-random": case(same_order(rng, 3000, 100000, 60)),
        "group2/04-long": case(same_order(rng, 1500, big, 10**7)),
        "group3/01-nested": case([(i, 8001 - i) for i in range(4000)]),
        "group3/02-short": case(random_meetings(rng, 4000, 20000, 40)),
        "group3/03-mixed": case(random_meetings(rng, 2500, big, 10**8)),
        "group3/04-dense": case(random_meetings(rng, 3000, 500, 100)),
    }
    for i in range(9, 21):
        tests[f"group1/{i:02}-small"] = case(random_meetings(rng, rng.randint(5, 12), 30, 12))
    return tests
