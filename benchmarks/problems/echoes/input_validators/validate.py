"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys

flags = dict(flag.split("=") for flag in sys.argv[1:])


def is_prime(n):
    if n < 2:
        return False
    i = 2
    while i * i <= n:
        if n % i == 0:
            return False
        i += 1
    return True


def check(text):
    first, *lines = text.splitlines()
    assert text == "\n".join([first, *lines]) + "\n"
    assert re.fullmatch(r"[1-5]", first)
    assert len(lines) == 3 * int(first)
    number = r"(0|[1-9]\d*)"
    for k in range(int(first)):
        assert re.fullmatch(number, lines[3 * k])
        assert int(lines[3 * k]) <= int(flags.get("maxn", 10**18))
        for line in lines[3 * k + 1 : 3 * k + 3]:
            assert re.fullmatch(" ".join([number] * 5), line)
            m, *rest = map(int, line.split())
            assert 1 <= m <= int(flags.get("maxm", 10**10))
            assert all(value < m for value in rest)
            if "prime" in flags:
                assert is_prime(m)


try:
    check(sys.stdin.read())
except (AssertionError, ValueError, IndexError) as error:
    print(f"invalid input: {error}", file=sys.stderr)
    sys.exit(43)
sys.exit(42)
