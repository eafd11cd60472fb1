# Tries each pass on the first day without one.
import sys

sys.setrecursionlimit(20000)
n, *prices = map(int, input().split())
days = list(map(int, input().split()))


def least(i):
    if i == n:
        return 0
    best = None
    for price, length in zip(prices, (1, 7, 30)):
        j = i
        while j < n and days[j] < days[i] + length:
            j += 1
        total = price + least(j)
        if best is None or total < best:
            best = total
    return best


print(least(0))
