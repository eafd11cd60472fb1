"""Inputs of Day Passes."""

from itertools import accumulate
from random import Random


def case(prices, days):
    return f"{len(days)} {' '.join(map(str, prices))}\n{' '.join(map(str, days))}\n"


def random_days(rng, count, gap):
    return list(accumulate(rng.randint(1, gap) for _ in range(count)))


def valid(rng):
    day = rng.randint(1, 10)
    prices = [day, rng.randint(day, 6 * day), rng.randint(day, 20 * day)]
    if rng.random() < 0.2:
        rng.shuffle(prices)
    days = random_days(rng, rng.randint(1, 14), rng.choice([1, 2, 4, 9, 31]))
    if rng.random() < 0.2:
        days = [10**9 - day for day in reversed(days)]
    return case(prices, days)


def secret():
    rng = Random(8)
    big = 10**9
    tests = {
        "01-one-day": case([5, 3, 2], [1]),
        "02-last-day": case([3, 9, 9], [big]),
        "03-week-exactly": case([2, 7, 90], [1, 7, 8, 14, 15, 22]),
        "04-month-exactly": case([10, 40, 41], [1, 10, 20, 30, 31, 60, 61]),
        "05-month-cheapest": case([9, 8, 1], [1, 31, 61, 90, 91]),
        "06-dear": case([big, big, big], [30 * i + 1 for i in range(3000)]),
        "07-far-apart": case([5, 4, 6], [10**5 * i for i in range(1, 10001)]),
        "08-every-day": case([7, 30, 100], list(range(1, 10001))),
        "09-mixed": case([4, 13, 41], random_days(rng, 6000, 9)),
        "10-weeks": case([6, 13, 60], random_days(rng, 6000, 5)),
    }
    for i in range(11, 31):
        tests[f"{i}-small"] = valid(rng)
    return tests
