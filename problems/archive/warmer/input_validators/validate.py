"""Exit 42 if standard input is a valid input, else 43."""

import sys


def check(text):
    n, temperatures = text.splitlines()
    values = list(map(int, temperatures.split()))
    assert text == f"{int(n)}\n{' '.join(map(str, values))}\n"
    assert 1 <= int(n) == len(values) <= 20000
    assert all(-1000 <= value <= 100000 for value in values)


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
