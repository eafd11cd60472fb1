import sys

first, second = sys.stdin.read().splitlines()
n, k = map(int, first.split())
values = [int(each) for each in second.split()]
assert 2 <= n <= 6000 and 1 <= k <= 10**9
assert len(values) == n and min(values) >= 0 and max(values) <= 10**9
