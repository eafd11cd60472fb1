"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys


def turn(a, b, c):
    value = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (value > 0) - (value < 0)


def touch(a, b, c, d):
    """Whether two sides without a common corner meet."""
    if max(a[0], b[0]) < min(c[0], d[0]) or max(c[0], d[0]) < min(a[0], b[0]):
        return False
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    return turn(a, b, c) * turn(a, b, d) <= 0 and turn(c, d, a) * turn(c, d, b) <= 0


def check(text):
    first, *lines = text.splitlines()
    assert text == "\n".join([first, *lines]) + "\n"
    assert re.fullmatch(r"[1-9]\d*", first)
    assert 3 <= int(first) == len(lines) <= 1000
    number = r"(0|-?[1-9]\d*)"
    assert all(re.fullmatch(f"{number} {number}", line) for line in lines)
    corners = [tuple(map(int, line.split())) for line in lines]
    assert all(-(10**6) <= value <= 10**6 for corner in corners for value in corner)
    n = len(corners)
    assert len(set(corners)) == n
    sides = [(corners[i], corners[(i + 1) % n]) for i in range(n)]
    for i, (a, b) in enumerate(sides):
        c = sides[(i + 1) % n][1]
        back = (a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1]) > 0
        assert not (turn(a, b, c) == 0 and back), "a side folds back"
        for j in range(i + 2, n if i else n - 1):
            assert not touch(a, b, *sides[j]), "two sides touch"


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
