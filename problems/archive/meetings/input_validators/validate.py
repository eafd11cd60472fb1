"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys

flags = dict(flag.split("=") for flag in sys.argv[1:])


def check(text):
    first, *lines = text.splitlines()
    assert text == "\n".join([first, *lines]) + "\n"
    assert re.fullmatch(r"[1-9]\d*", first)
    assert int(first) == len(lines) <= int(flags.get("maxn", 8000))
    assert all(re.fullmatch(r"(0|[1-9]\d*) [1-9]\d*", line) for line in lines)
    meetings = sorted(tuple(map(int, line.split())) for line in lines)
    assert all(0 <= start < end <= 10**9 for start, end in meetings)
    if "nested" in flags:
        earlier = 0  # the latest end of the meetings that start before this one
        for i, (start, end) in enumerate(meetings):
            if i and meetings[i - 1][0] < start:
                earlier = max(earlier, meetings[i - 1][1])
            assert end >= earlier


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
