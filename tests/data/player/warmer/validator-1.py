import sys

first, second = sys.stdin.read().splitlines()
n = int(first)
days = list(map(int, second.split()))
assert 1 <= n <= 20000 and len(days) == n
assert all(-1000 <= day <= 100000 for day in days)
