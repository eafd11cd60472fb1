"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys


def check(text):
    first, *lines = text.splitlines()
    assert text == "\n".join([first, *lines]) + "\n"
    assert all(re.fullmatch(r"(0|[1-9]\d*) (0|[1-9]\d*)", line) for line in [first, *lines])
    n, m = map(int, first.split())
    assert 1 <= n <= 300
    assert m == len(lines) <= 1000
    assert all(1 <= int(house) <= n for line in lines for house in line.split())


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
