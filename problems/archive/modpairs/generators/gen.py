"""Inputs of Even Teams."""

from random import Random

INCLUDES = {"group3": ["group1", "group2"]}


def case(k, coins):
    return f"{len(coins)} {k}\n{' '.join(map(str, coins))}\n"


def random_coins(rng, n, largest):
    return [rng.randint(0, largest) for _ in range(n)]


def valid(rng):
    k = rng.choice([1, 2, 3, 4, rng.randint(1, 12), 10**9])
    largest = rng.choice([3, 20, 200]) if k < 100 else 10**9
    coins = random_coins(rng, rng.randint(2, 9), largest)
    if k == 10**9:
        coins += [k - coin for coin in coins[:3]]
    return case(k, coins)


def secret():
    rng = Random(7)
    big = 10**9
    far = random_coins(rng, 4000, big // 2)
    far += [999999937 - coin for coin in far[:2000]]
    rng.shuffle(far)
    tests = {
        "group1/01-two": case(7, [3, 4]),
        "group1/02-two-no": case(7, [3, 5]),
        "group1/03-zeros": case(big, [0] * 60),
        "group1/04-halves": case(6, [3, 9, 15, 0, 6, 3]),
        "group1/05-k-one": case(1, random_coins(rng, 200, big)),
        "group1/06-beyond-32-bits": case(big, [big] * 20 + [big - 1, 1]),
        "group1/07-sum-not-zero": case(big, [1, 2, big - 1, big - 2, 500000000, 500000000]),
        "group2/01-k-one": case(1, [1] * 6000),
        "group2/02-k-two": case(2, random_coins(rng, 6000, 9)),
        "group2/03-thousand": case(1000, random_coins(rng, 6000, 9999)),
        "group2/04-odd-k": case(997, random_coins(rng, 6000, 99999)),
        "group3/01-far": case(999999937, far),
        "group3/02-large-even-k": case(200000, random_coins(rng, 5000, 999999)),
    }
    for i in range(8, 16):
        k = rng.choice([2, 5, 12, 100])
        tests[f"group1/{i:02}-small"] = case(k, random_coins(rng, rng.randint(5, 60), 999))
    return tests
