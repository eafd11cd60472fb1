# Searches by recursion.
import sys

n, m, *ends = map(int, sys.stdin.read().split())
paths = [[] for _ in range(n + 1)]
for a, b in zip(ends[::2], ends[1::2]):
    paths[a].append(b)
    paths[b].append(a)
seen = [False] * (n + 1)


def visit(house):
    seen[house] = True
    for other in paths[house]:
        if not seen[other]:
            visit(other)


villages = 0
for house in range(1, n + 1):
    if not seen[house]:
        villages += 1
        visit(house)
print(villages)
