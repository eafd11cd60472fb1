"""Exit 42 if standard input is a valid input, else 43."""

import sys


def check(text):
    first, second = text.splitlines()
    n, wanted = map(int, first.split())
    prices = list(map(int, second.split()))
    assert text == f"{n} {wanted}\n{' '.join(map(str, prices))}\n"
    assert 2 <= n == len(prices) <= 2000
    assert 1 <= wanted <= 10**9
    assert all(1 <= price <= 10**9 for price in prices)


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
