"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys


def check(text):
    first, *blocks = text.splitlines()
    assert text == "\n".join([first, *blocks]) + "\n"
    assert re.fullmatch(r"[1-9]\d* [1-9]\d*", first)
    n, k = map(int, first.split())
    assert 1 <= n == len(blocks) <= 1000
    assert k <= 10**12
    for block in blocks:
        assert re.fullmatch(r"[a-z] [1-9]\d*", block)
        assert int(block.split()[1]) <= 10**9


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
