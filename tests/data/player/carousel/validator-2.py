import sys

try:
    numbers = list(map(int, sys.stdin.read().split()))
    n, q = numbers[:2]
    seats, rest = numbers[2 : 2 + n], numbers[2 + n :]
    good = min(n, q) >= 1 and max(n, q) <= 15000 and len(seats) == n and len(rest) == 2 * q
    good = good and all(0 <= seat <= 10**9 for seat in seats) and all(1 <= each <= n for each in rest)
except ValueError:
    good = False
sys.exit(not good)
