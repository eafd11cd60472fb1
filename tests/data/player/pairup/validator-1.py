import sys

first, second = sys.stdin.read().splitlines()
n, total = map(int, first.split())
prices = list(map(int, second.split()))
assert 2 <= n <= 2000 and 1 <= total <= 10**9
assert len(prices) == n and all(1 <= price <= 10**9 for price in prices)
