import sys

try:
    n, *days = map(int, sys.stdin.read().split())
    valid = 1 <= n <= 20000 and len(days) == n
    valid = valid and min(days) >= -1000 and max(days) <= 10**5
except ValueError:
    valid = False
sys.exit(0 if valid else 1)
