import sys

try:
    n, k, *values = map(int, sys.stdin.read().split())
except ValueError:
    sys.exit(1)
if not (2 <= n <= 6000 and 1 <= k <= 10**9 and len(values) == n):
    sys.exit(1)
sys.exit(any(value < 0 or value > 10**9 for value in values))
