"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys


def check(text):
    first, *rows = text.splitlines()
    assert text == "\n".join([first, *rows]) + "\n"
    assert re.fullmatch(r"[1-9]\d* [1-9]\d*", first)
    height, width = map(int, first.split())
    assert max(height, width) <= 150
    assert len(rows) == height
    assert all(re.fullmatch(r"[.#SE]+", row) and len(row) == width for row in rows)
    assert text.count("S") == text.count("E") == 1


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
