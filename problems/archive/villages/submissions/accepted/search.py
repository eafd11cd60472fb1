import sys

n, m, *ends = map(int, sys.stdin.read().split())
paths = [[] for _ in range(n + 1)]
for a, b in zip(ends[::2], ends[1::2]):
    paths[a].append(b)
    paths[b].append(a)
seen = [False] * (n + 1)
villages = 0
for house in range(1, n + 1):
    if seen[house]:
        continue
    villages += 1
    seen[house] = True
    stack = [house]
    while stack:
        for other in paths[stack.pop()]:
            if not seen[other]:
                seen[other] = True
                stack.append(other)
print(villages)
