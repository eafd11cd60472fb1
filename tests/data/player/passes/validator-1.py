import sys

first, second = sys.stdin.read().splitlines()
n, p, q, r = map(int, first.split())
assert 1 <= n <= 10000 and min(p, q, r) >= 1 and max(p, q, r) <= 10**9
days = list(map(int, second.split()))
assert len(days) == n and days[0] >= 1 and days[-1] <= 10**9
assert all(one < two for one, two in zip(days, days[1:]))
