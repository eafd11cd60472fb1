"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys

flags = dict(flag.split("=") for flag in sys.argv[1:])




def check(text):
    first, *lines = text.splitlines()
    assert text == "\n".join([first, *lines]) + "\n"
    number = r"(0|[1-9]\d*)"
    assert re.fullmatch(rf"{number} (0|-?[1-9]\d*) {number}", first)
    q, c, w = map(int, first.split())
    assert q == len(lines) <= 4000
    assert abs(c) <= 10**9
    assert w < 10**9
    weights = [w]
    for line in lines:
        assert re.fullmatch(" ".join([number] * 5), line)
        p, length, a, b, m = map(int, line.split())
        assert 1 <= p <= len(weights)
        assert 1 <= length <= 200000
        assert 1 <= m <= 10**9
        assert max(a, b) < m
        weights += [(a + b * j) % m for j in range(1, length + 1)]
        assert len(weights) <= int(flags.get("maxn", 200000))
    if "distinct" in flags:
        assert len(set(weights)) == len(weights)


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
