"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys

flags = dict(flag.split("=") for flag in sys.argv[1:])


def check(text):
    lines = text.splitlines()
    assert text == "\n".join(lines) + "\n"
    assert all(re.fullmatch(r"(0|[1-9]\d*)( (0|[1-9]\d*))*", line) for line in lines)
    (n, end), *jobs = [tuple(map(int, line.split())) for line in lines]
    assert 1 <= n <= int(flags.get("maxn", 60)) and len(jobs) == n and 1 <= end <= 200
    for a, lag, b, value in jobs:
        assert max(a, lag, b) <= 200 and 1 <= value <= 10**9
        assert lag == 0 or "zero" not in flags


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
