# Takes the product for the least common multiple.
a, b, x, y = map(int, input().split())


def upto(last):
    return last // x + last // y - 2 * (last // (x * y))


print(upto(b) - upto(a - 1))
