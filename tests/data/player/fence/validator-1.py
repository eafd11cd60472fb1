import sys

lines = sys.stdin.read().splitlines()
n = int(lines[0])
assert 3 <= n <= 1000 and len(lines) == n + 1
for line in lines[1:]:
    x, y = map(int, line.split())
    assert max(abs(x), abs(y)) <= 10**6
