# Counts trees that would get both.
from math import lcm

a, b, x, y = map(int, input().split())


def upto(last):
    return last // x + last // y - last // lcm(x, y)


print(upto(b) - upto(a - 1))
