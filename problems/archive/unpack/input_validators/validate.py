"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys


def check(text):
    assert re.fullmatch(r"([a-z]([1-9]\d{0,9})?)+\n[1-9]\d{0,12}\n", text)
    packed, k = text.splitlines()
    assert len(packed) <= 1000
    assert all(int(number) <= 10**9 for number in re.findall(r"\d+", packed))
    assert int(k) <= 10**12


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
