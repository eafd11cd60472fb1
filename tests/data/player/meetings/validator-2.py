import sys

try:
    n, *rest = map(int, sys.stdin.read().split())
    pairs = list(zip(rest[::2], rest[1::2]))
    valid = 1 <= n <= 8000 and len(rest) == 2 * n
    valid = valid and all(0 <= start < end <= 1000000000 for start, end in pairs)
except ValueError:
    valid = False
raise SystemExit(0 if valid else 1)
