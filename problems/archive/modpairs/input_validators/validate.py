"""Exit 42 if standard input is a valid input, else 43."""

import sys

flags = dict(flag.split("=") for flag in sys.argv[1:])


def check(text):
    first, second = text.splitlines()
    n, k = map(int, first.split())
    coins = list(map(int, second.split()))
    assert text == f"{n} {k}\n{' '.join(map(str, coins))}\n"
    assert 2 <= n == len(coins) <= int(flags.get("maxn", 6000))
    assert 1 <= k <= int(flags.get("maxk", 10**9))
    assert all(0 <= coin <= 10**9 for coin in coins)


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
