"""Inputs of Turnstile."""

from random import Random


def case(capacity, events):
    lines = [f"{kind} {size}" for kind, size in events]
    return "\n".join([f"{capacity} {len(events)}", *lines]) + "\n"


def events(rng, count, largest, enter=0.6):
    return [
        ("enter" if rng.random() < enter else "leave", rng.randint(1, largest))
        for _ in range(count)
    ]


def valid(rng):
    capacity = rng.choice([1, 2, rng.randint(1, 10), rng.randint(1, 100), 10**9])
    largest = rng.choice([capacity, capacity // 3 + 1, min(10**9, capacity + 2)])
    return case(capacity, events(rng, rng.randint(1, 12), largest))


def secret():
    rng = Random(2)
    big = 10**9
    tests = {
        "01-too-large": case(1, [("enter", 2)]),
        "02-exactly-full": case(7, [("enter", 3), ("enter", 4), ("enter", 1), ("leave", 1)]),
        "03-leave-empty": case(5, [("leave", 2), ("enter", 5), ("leave", 5), ("leave", 1)]),
        "04-leave-more": case(9, [("enter", 3), ("leave", 8), ("enter", 9)]),
        "05-many-sent-home": case(1, [("enter", big)] * 4000),
        "06-large": case(big, events(rng, 1500, big)),
        "07-small-groups": case(1000, events(rng, 5000, 12)),
        "08-busy": case(100, events(rng, 3000, 60)),
        "09-leaving": case(50, events(rng, 1000, 40, enter=0.3)),
    }
    for i in range(10, 18):
        tests[f"{i}-small"] = valid(rng)
    return tests
