"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys


def check(text):
    assert re.fullmatch(r"[0-9]{1,20000}\n", text)


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
