"""Exit 42 if standard input is a valid input, else 43."""

import sys


def check(text):
    first, second = text.splitlines()
    heights = list(map(int, second.split()))
    assert text == f"{int(first)}\n{' '.join(map(str, heights))}\n"
    assert 1 <= int(first) == len(heights) <= 10000
    assert all(-(10**9) <= height <= 10**9 for height in heights)


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
