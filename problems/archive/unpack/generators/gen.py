"""Inputs of Unpack."""

from random import Random


def case(parts, k):
    return "".join(f"{letter}{count}" for letter, count in parts) + f"\n{k}\n"


def length(parts):
    return sum(int(count or 1) for _, count in parts)


def random_parts(rng, n, letters, largest):
    return [
        (rng.choice(letters), rng.choice(["", rng.randint(1, largest)])) for _ in range(n)
    ]


def valid(rng):
    largest = rng.choice([3, 12, 120, 10**9])
    parts = random_parts(rng, rng.randint(1, 8), "abcxyz", largest)
    total = length(parts)
    ends = [sum(int(count or 1) for _, count in parts[:i]) for i in range(1, len(parts) + 1)]
    end = rng.choice(ends)
    k = rng.choice([end, end + 1, max(1, end - 1), rng.randint(1, total + 2), 1])
    return case(parts, k)


def secret():
    rng = Random(11)
    big = 10**9
    many = [("abc"[i % 3], big) for i in range(90)]
    letters = random_parts(rng, 400, "abcdefghijklmnopqrstuvwxyz", 9)
    long = random_parts(rng, 150, "abcdefgh", big)
    tests = {
        "01-one-letter": "z\n1\n",
        "02-one-letter-beyond": "z\n2\n",
        "03-largest": case([("q", big)], big),
        "04-just-beyond": case([("q", big)], big + 1),
        "05-far-beyond": case([("q", big), ("r", "")], 10**12),
        "06-end-of-many": case(many, 90 * big),
        "07-beyond-many": case(many, 90 * big + 1),
        "08-inside-many": case(many, 43 * big + 1),
        "09-no-numbers": "abcdefghij\n7\n",
        "10-many-digits": case([("a", 10), ("b", 100), ("c", 1000), ("d", 7)], 1111),
        "11-number-one": case([("a", 1), ("b", 1), ("c", 2)], 3),
        "12-letters": case(letters, length(letters) - 1),
        "13-long": case(long, length(long) * 2 // 3),
    }
    for i in range(14, 40):
        tests[f"{i}-small"] = valid(rng)
    return tests
