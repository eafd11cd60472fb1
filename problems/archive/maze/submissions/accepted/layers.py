import sys

r, c = map(int, sys.stdin.readline().split())
maze = sys.stdin.read().split()
free = {(i, j): maze[i][j] for i in range(r) for j in range(c) if maze[i][j] != "#"}
layer = [cell for cell, kind in free.items() if kind == "S"]
(end,) = (cell for cell, kind in free.items() if kind == "E")
del free[layer[0]]
steps = 0
while layer and end in free:
    steps += 1
    reached = []
    for i, j in layer:
        for cell in (((i + 1) % r, j), ((i - 1) % r, j), (i, (j + 1) % c), (i, (j - 1) % c)):
            if cell in free:
                del free[cell]
                reached.append(cell)
    layer = reached
print(-1 if end in free else steps)
