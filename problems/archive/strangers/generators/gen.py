"""Inputs of Strangers."""


def valid(rng):
    return f"{rng.choice([rng.randint(1, 9), rng.randint(1, 60), rng.randint(1, 2000)])}\n"


def secret():
    sizes = [1, 2, 4, 6, 7, 8, 9, 10, 11, 12, 13, 50, 99, 100, 101, 1024, 1999, 2000]
    return {f"{i:02}-n{n}": f"{n}\n" for i, n in enumerate(sizes, 1)}
