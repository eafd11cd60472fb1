"""Exit 42 if standard input is a valid input, else 43."""

import sys


def check(text):
    first, second = text.splitlines()
    weights = list(map(int, second.split()))
    assert text == f"{int(first)}\n{' '.join(map(str, weights))}\n"
    assert 1 <= int(first) == len(weights) <= 100
    assert all(1 <= weight <= 1000 for weight in weights)
    assert len(set(weights)) == len(weights)


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
