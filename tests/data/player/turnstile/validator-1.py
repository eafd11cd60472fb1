import sys

lines = sys.stdin.read().splitlines()
c, m = map(int, lines[0].split())
assert 1 <= c <= 10**9 and 1 <= m <= 10000 and len(lines) == m + 1
for line in lines[1:]:
    word, k = line.split()
    assert word in ("enter", "leave") and 1 <= int(k) <= 10**9
