# Follows every path that crosses no cell twice.
import sys

sys.setrecursionlimit(100000)
r, c = map(int, sys.stdin.readline().split())
maze = sys.stdin.read().split()
best = -1
seen = set()


def walk(i, j, steps):
    global best
    if maze[i][j] == "E":
        if best < 0 or steps < best:
            best = steps
        return
    seen.add((i, j))
    for cell in (((i + 1) % r, j), ((i - 1) % r, j), (i, (j + 1) % c), (i, (j - 1) % c)):
        if maze[cell[0]][cell[1]] != "#" and cell not in seen:
            walk(*cell, steps + 1)
    seen.remove((i, j))


for i in range(r):
    for j in range(c):
        if maze[i][j] == "S":
            walk(i, j, 0)
print(best)
