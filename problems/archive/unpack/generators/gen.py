"""Inputs of Unpack."""

from itertools import accumulate
from random import Random


def case(blocks, k):
    return "\n".join([f"{len(blocks)} {k}", *(f"{letter} {count}" for letter, count in blocks)]) + "\n"


def random_blocks(rng, n, letters, largest):
    return [(rng.choice(letters), rng.randint(1, largest)) for _ in range(n)]


def valid(rng):
    blocks = random_blocks(rng, rng.randint(1, 8), "abcxyz", rng.choice([1, 3, 12, 10**9]))
    ends = list(accumulate(count for _, count in blocks))
    end = rng.choice(ends)
    k = rng.choice([end, end + 1, max(1, end - 1), rng.randint(1, ends[-1] + 2), 1])
    return case(blocks, k)


def secret():
    rng = Random(11)
    big = 10**9
    many = [("abc"[i % 3], big) for i in range(1000)]
    letters = random_blocks(rng, 400, "abcdefghijklmnopqrstuvwxyz", 9)
    long = random_blocks(rng, 900, "abcdefgh", big)
    tests = {
        "01-one-letter": case([("z", 1)], 1),
        "02-one-letter-beyond": case([("z", 1)], 2),
        "03-largest": case([("q", big)], big),
        "04-just-beyond": case([("q", big)], big + 1),
        "05-far-beyond": case([("q", big), ("r", 1)], 10**12),
        "06-end-of-many": case(many, 1000 * big),
        "07-inside-many": case(many, 43 * big + 1),
        "08-beyond-32-bits": case(many[:7], 5 * big),
        "09-letters": case(letters, sum(count for _, count in letters) - 1),
        "10-last-letter": case(letters, sum(count for _, count in letters)),
        "11-after-the-last": case(letters, sum(count for _, count in letters) + 1),
        "12-long": case(long, sum(count for _, count in long) * 2 // 3),
    }
    for i in range(13, 39):
        tests[f"{i}-small"] = valid(rng)
    return tests
