from math import gcd

a, b, x, y = map(int, input().split())
both = x * y // gcd(x, y)


def upto(last):
    return last // x + last // y - 2 * (last // both)


print(upto(b) - upto(a - 1))
