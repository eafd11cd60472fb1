"""Inputs of The Vault: the code, which the interactor alone reads."""

from random import Random


def valid(rng):
    return f"{rng.randint(1, 1000)}\n"


def secret():
    rng = Random(5)
    codes = [1, 1000, 2, 999, 500, 501, 499, 512, 511, 513, 250, 751, 8]
    codes += [256, 128, 64, 32, 16, 4, 257, 384, 320, 96, 48, 24, 12, 6, 768, 998]
    codes += [rng.randint(1, 1000) for _ in range(8)]
    return {f"{i:02}-code": f"{code}\n" for i, code in enumerate(codes, 1)}
