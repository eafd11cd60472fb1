import sys

try:
    n, m, *ends = map(int, sys.stdin.read().split())
    valid = 1 <= n <= 300 and 0 <= m <= 1000 and len(ends) == 2 * m
    valid = valid and all(1 <= end <= n for end in ends)
except ValueError:
    valid = False
sys.exit(0 if valid else 1)
