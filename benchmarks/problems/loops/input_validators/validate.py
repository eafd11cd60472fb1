"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys

flags = dict(flag.split("=") for flag in sys.argv[1:])


def reach(out, start):
    seen = {start}
    todo = [start]
    while todo:
        for y in out[todo.pop()]:
            if y not in seen:
                seen.add(y)
                todo.append(y)
    return seen


def check(text):
    lines = text.splitlines()
    assert text == "\n".join(lines) + "\n"
    number = r"(0|-?[1-9]\d*)"
    assert all(re.fullmatch(f"{number} {number} {number}", line) for line in lines)
    (n, m, q), *rest = [tuple(map(int, line.split())) for line in lines]
    most = int(flags.get("maxn", 3000))
    assert 1 <= n <= most and 0 <= m <= most and 1 <= q <= min(most, 2500)
    assert len(rest) == m + q
    out = [[] for _ in range(n + 1)]
    for u, v, w in rest[:m]:
        assert 1 <= u <= n and 1 <= v <= n and abs(w) <= 10**12
        out[u].append(v)
    for v, c, mod in rest[m:]:
        assert 1 <= v <= n and 0 <= c < mod <= int(flags.get("maxmod", 10**18))
    if "strong" in flags:
        for u, v, _ in rest[:m]:
            assert u in reach(out, v)


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
