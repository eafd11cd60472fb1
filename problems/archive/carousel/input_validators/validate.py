"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys

flags = dict(flag.split("=") for flag in sys.argv[1:])


def check(text):
    first, second, *lines = text.splitlines()
    assert text == "\n".join([first, second, *lines]) + "\n"
    n, q = map(int, first.split())
    sweets = list(map(int, second.split()))
    assert (first, second) == (f"{n} {q}", " ".join(map(str, sweets)))
    assert 1 <= n == len(sweets) <= int(flags.get("maxn", 15000))
    assert 1 <= q == len(lines) <= int(flags.get("maxq", 15000))
    assert all(0 <= count <= 10**9 for count in sweets)
    for line in lines:
        assert re.fullmatch(r"[1-9]\d* [1-9]\d*", line)
        left, right = map(int, line.split())
        assert max(left, right) <= n
        assert "straight" not in flags or left <= right


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
