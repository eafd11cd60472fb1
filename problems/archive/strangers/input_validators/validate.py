"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys


def check(text):
    assert re.fullmatch(r"[1-9]\d{0,3}\n", text)
    assert int(text) <= 2000


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
