"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys


def check(text):
    first, *lines = text.splitlines()
    assert text == "\n".join([first, *lines]) + "\n"
    assert re.fullmatch(r"[1-9]\d* [1-9]\d*", first)
    n, m = map(int, first.split())
    assert 2 <= n <= 3000
    assert m == len(lines) <= 6000
    for line in lines:
        assert re.fullmatch(r"[1-9]\d* [1-9]\d* [1-9]\d*", line)
        a, b, w = map(int, line.split())
        assert max(a, b) <= n
        assert a != b
        assert w <= 10**9


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
