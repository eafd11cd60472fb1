import sys

tokens = [line.split() for line in sys.stdin.read().splitlines()]
n, q = map(int, tokens[0])
assert 1 <= n <= 15000 and 1 <= q <= 15000
assert len(tokens) == q + 2
assert len(tokens[1]) == n and all(0 <= int(token) <= 10**9 for token in tokens[1])
for line in tokens[2:]:
    left, right = map(int, line)
    assert 1 <= left <= n and 1 <= right <= n
