import sys

lines = [line.split() for line in sys.stdin.read().splitlines()]
assert len(lines[0]) == 1
n = int(lines[0][0])
assert 1 <= n <= 8000 and len(lines) == n + 1
for start, end in lines[1:]:
    assert 0 <= int(start) < int(end) <= 10**9
