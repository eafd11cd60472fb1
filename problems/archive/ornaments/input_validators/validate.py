"""Exit 42 if standard input is a valid input, else 43."""

import sys
from math import gcd

flags = dict(flag.split("=") for flag in sys.argv[1:])


def check(text):
    a, b, x, y = map(int, text.split())
    assert text == f"{a} {b} {x} {y}\n"
    assert 1 <= a <= b <= int(flags.get("maxb", 10**12))
    assert 1 <= x <= 10**6
    assert 1 <= y <= 10**6
    assert "coprime" not in flags or gcd(x, y) == 1


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
