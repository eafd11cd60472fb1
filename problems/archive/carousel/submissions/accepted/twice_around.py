import sys
from itertools import accumulate

n, q, *rest = map(int, sys.stdin.read().split())
before = [0, *accumulate(rest[:n] * 2)]
for l, r in zip(rest[n::2], rest[n + 1 :: 2]):
    print(before[r + n * (l > r)] - before[l - 1])
