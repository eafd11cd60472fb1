"""Exit 42 if standard input is a valid input, else 43."""

import sys


def check(text):
    first, second = text.splitlines()
    n, *prices = map(int, first.split())
    days = list(map(int, second.split()))
    assert text == f"{n} {' '.join(map(str, prices))}\n{' '.join(map(str, days))}\n"
    assert 1 <= n == len(days) <= 10000
    assert len(prices) == 3
    assert all(1 <= price <= 10**9 for price in prices)
    assert 1 <= days[0]
    assert days[-1] <= 10**9
    assert all(day < later for day, later in zip(days, days[1:]))


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
