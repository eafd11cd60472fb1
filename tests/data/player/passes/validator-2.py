import sys

try:
    n, p, q, r, *days = map(int, sys.stdin.read().split())
    valid = 1 <= n <= 10000 and len(days) == n and days == sorted(set(days))
    valid = valid and all(1 <= day <= 10**9 for day in (p, q, r, *days))
except ValueError:
    valid = False
sys.exit(0 if valid else 1)
