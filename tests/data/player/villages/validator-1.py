import sys

lines = sys.stdin.read().splitlines()
n, m = map(int, lines[0].split())
assert 1 <= n <= 300 and 0 <= m <= 1000 and len(lines) == m + 1
for line in lines[1:]:
    a, b = map(int, line.split())
    assert 1 <= a <= n and 1 <= b <= n
