"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys


def check(text):
    first, *events = text.splitlines()
    assert text == "\n".join([first, *events]) + "\n"
    assert re.fullmatch(r"[1-9]\d* [1-9]\d*", first)
    capacity, count = map(int, first.split())
    assert 1 <= capacity <= 10**9
    assert 1 <= count == len(events) <= 10000
    for event in events:
        assert re.fullmatch(r"(enter|leave) [1-9]\d*", event)
        assert int(event.split()[1]) <= 10**9


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
