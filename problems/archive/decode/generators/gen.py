"""Inputs of Lost Spaces."""

from random import Random


def digits(rng, n, choice):
    return "".join(rng.choice(choice) for _ in range(n)) + "\n"


def readable(rng, n, largest):
    return "".join(str(rng.randint(1, largest)) for _ in range(n)) + "\n"


def valid(rng):
    n = rng.randint(1, 14)
    kind = rng.randrange(4)
    if kind == 0:
        return digits(rng, n, "0123456789")
    if kind == 1:
        return digits(rng, n, "0126")
    if kind == 2:
        return readable(rng, n, 26)
    return readable(rng, rng.randint(1, 80), rng.choice([2, 12, 26]))


def secret():
    rng = Random(16)
    tests = {
        "01-zero": "0\n",
        "02-one": "7\n",
        "03-ten": "10\n",
        "04-twenty-six": "26\n",
        "05-twenty-seven": "27\n",
        "06-thirty": "30\n",
        "07-leading-zero": "0121\n",
        "08-two-zeros": "100\n",
        "09-zero-last": "1210\n",
        "10-nineteen": "19\n",
        "11-ones": "1" * 20000 + "\n",
        "12-twos": "2" * 19999 + "\n",
        "13-tens": "10" * 5000 + "\n",
        "14-nines": "9" * 3000 + "\n",
        "15-readable": readable(rng, 10000, 26),
        "16-many-ways": digits(rng, 20000, "12"),
        "17-zero-inside": digits(rng, 9000, "12") + "",
        "18-zeros-last": "1" * 500 + "00\n",
        "19-sixes": "26" * 900 + "\n",
    }
    ones = "1" * 3000
    tests["17-zero-inside"] = f"{ones}20{ones}06{ones}\n"
    for i in range(20, 45):
        tests[f"{i}-small"] = valid(rng)
    return tests
